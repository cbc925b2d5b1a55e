"""``headcount``: how many, by what, and where the unnamed are."""

from datetime import date
from pathlib import Path
from typing import Any

from ledger.book import Book
from projections.bands import AGE_BANDS
from projections.headcount import headcount, headcount_years
from projections.reading import Reading
from tests.shelf import new_book, record

UNITS = """
    unit_founded 2015-01-01 TP
    unit_founded 2015-01-01 C1 parent=TP sector=ward
    unit_founded 2015-01-01 C2 parent=TP
"""
PEOPLE = """
    carried_forward 2016-01-01 P1 unit=C1 profile={"name":"A","sex":"female","birth_year":1990}
    carried_forward 2016-01-01 P2 unit=C1 profile={"name":"B","sex":"male","birth_year":1950}
    admitted 2016-01-01 P3 unit=C2
"""
NOMINATED = 'nominated 2015-06-01 P3 unit=C2 profile={"name":"C"}\n'
STOCK = """
    unnamed_counted 2015-12-31 TP measure=members count=260 as_of=2015-12-31
    unnamed_counted 2015-12-31 C1 measure=members count=9 as_of=2015-12-31 filters={"sex":"female"}
"""
DAY = date(2020, 1, 1)


def by_key(book: Book, by: str, unit: str | None = None, day: date = DAY) -> dict[Any, Any]:
    """Return members and unnamed of each row, in the order of the rows."""
    with Reading(book) as reading:
        rows = headcount(reading, unit, day, by=by)
    return {row[by]: (row["members"], row["unnamed"]) for row in rows}


def test_members_are_named_and_unnamed(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + NOMINATED + PEOPLE + STOCK) as book, Reading(book) as reading:
        assert headcount(reading, "TP", DAY) == [
            {
                "unit": "TP",
                "as_of": DAY,
                "members": 272,
                "probationary": 1,
                "official": 2,
                "unnamed": 269,
            }
        ]
        assert headcount(reading, None, DAY) == headcount(reading, "TP", DAY)


def test_breakdowns_and_where_the_unnamed_are(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + NOMINATED + PEOPLE + STOCK) as book:
        assert by_key(book, "unit") == {"C1": (11, 9), "C2": (1, 0), "TP": (260, 260)}
        sexes = {"male": (1, 0), "female": (10, 9), "unknown": (1, 0), None: (260, 260)}
        assert by_key(book, "sex") == sexes
        assert list(by_key(book, "sex")) == ["male", "female", "unknown", None]
        standings = {"probationary": (1, 0), "official": (2, 0), None: (269, 269)}
        assert by_key(book, "standing") == standings
        assert by_key(book, "sector") == {"unknown": (1, 0), "ward": (2, 0), None: (269, 269)}
        ages = {"18-30": (1, 0), "over_60": (1, 0), "unknown": (1, 0), None: (269, 269)}
        assert by_key(book, "age") == ages


def test_age_is_the_year_less_the_year_of_birth(tmp_path: Path) -> None:
    people = "\n".join(
        f'carried_forward 2016-01-01 Q{year} unit=C1 profile={{"name":"A","birth_year":{year}}}'
        for year in (2003, 2002, 1990, 1989, 1985, 1984, 1960, 1959)
    )
    with new_book(tmp_path, UNITS + people) as book:
        found = by_key(book, "age")
    assert {band: count for band, (count, _) in found.items()} == {
        "under_18": 1,
        "18-30": 2,
        "31-35": 2,
        "36-40": 1,
        "56-60": 1,
        "over_60": 1,
    }
    assert list(found) == [band for band in AGE_BANDS if band in found]


def test_a_profile_is_that_at_the_end_of_the_day(tmp_path: Path) -> None:
    changed = 'profile_changed 2018-01-01 P1 profile={"occupation":"worker"}\n'
    changed += 'profile_changed 2018-01-01 P1 profile={"occupation":"farmer"}'
    with new_book(tmp_path, UNITS + NOMINATED + PEOPLE + changed) as book:
        assert by_key(book, "occupation", "C1", date(2017, 12, 31)) == {"unknown": (2, 0)}
        after = by_key(book, "occupation", "C1", date(2018, 1, 1))
        assert after == {"farmer": (1, 0), "unknown": (1, 0)}


def test_unnamed_stock_holds_until_the_next_count_of_the_same(tmp_path: Path) -> None:
    counts = STOCK + (
        "unnamed_counted 2018-01-01 TP measure=members count=200 as_of=2018-01-01\n"
        "unnamed_counted 2018-01-01 C1 measure=sympathisers count=5 as_of=2018-01-01"
    )
    with new_book(tmp_path, UNITS + counts) as book, Reading(book) as reading:
        held = {
            day: headcount(reading, "TP", date.fromisoformat(day))[0]["unnamed"]
            for day in ("2015-12-30", "2015-12-31", "2017-12-31", "2018-01-01")
        }
    assert list(held.values()) == [0, 269, 269, 209]


def test_an_heir_holds_people_and_stock_beside_its_own(tmp_path: Path) -> None:
    table = (
        UNITS
        + NOMINATED
        + PEOPLE
        + STOCK
        + (
            "unit_merged 2018-01-01 C1 into=C2\n"
            "unnamed_counted 2019-01-01 C2 measure=members count=4 as_of=2019-01-01\n"
            "unit_dissolved 2019-06-01 C2 members_to=TP"
        )
    )
    with new_book(tmp_path, table) as book:
        assert by_key(book, "unit", None, date(2018, 1, 1))["C2"] == (12, 9)
        assert by_key(book, "unit", None, date(2019, 1, 1))["C2"] == (16, 13)
        assert by_key(book, "unit", None, date(2019, 6, 1)) == {"TP": (276, 273)}


def test_several_trees_are_the_whole_book(tmp_path: Path) -> None:
    table = UNITS + "unit_founded 2015-01-01 PY\ncarried_forward 2016-01-01 Q1 unit=PY\n"
    with new_book(tmp_path, table + STOCK) as book, Reading(book) as reading:
        (row,) = headcount(reading, None, DAY)
        assert (row["unit"], row["members"]) == (None, 270)
        (row,) = headcount(reading, "PY", DAY)
        assert (row["unit"], row["members"]) == ("PY", 1)


def test_a_unit_that_moves_is_counted_where_it_is_on_the_day(tmp_path: Path) -> None:
    table = (
        UNITS
        + NOMINATED
        + PEOPLE
        + "unit_founded 2015-01-01 PY\nunit_moved 2018-01-01 C1 parent=PY"
    )
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        for unit, day, members in (
            ("TP", "2017-12-31", 3),
            ("PY", "2017-12-31", 0),
            ("TP", "2018-01-01", 1),
            ("PY", "2018-01-01", 2),
        ):
            assert headcount(reading, unit, date.fromisoformat(day))[0]["members"] == members


def test_a_series_over_years(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + NOMINATED + PEOPLE + STOCK) as book, Reading(book) as reading:
        rows = headcount_years(reading, "TP", range(2014, 2019), today=date(2017, 6, 30))
        assert [(str(row["as_of"]), row["members"]) for row in rows] == [
            ("2014-12-31", 0),
            ("2015-12-31", 269),
            ("2016-12-31", 272),
            ("2017-06-30", 272),
        ]
        assert {note.code for note in reading.notes} == {"unit_not_there", "years_left_out"}
        by_sex = headcount_years(reading, "C1", [2015, 2016], by="sex", today=date(2017, 6, 30))
        assert [(row["as_of"].year, row["sex"], row["members"]) for row in by_sex] == [
            (2015, "female", 9),
            (2016, "male", 1),
            (2016, "female", 10),
        ]


def test_temporary_moves_exemption_and_suspension_count_at_home(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + NOMINATED + PEOPLE) as book:
        record(
            book,
            "temporary_transfer_began 2017-01-01 P1 host=C2\n"
            "exempted 2017-01-01 P2\nsuspended 2017-01-01 P3",
        )
        assert by_key(book, "unit") == {"C1": (2, 0), "C2": (1, 0)}
