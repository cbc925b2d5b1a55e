"""The reorganisation of 1 July 2025: series over it, as it was and restated, by hand.

Two provinces merge, their districts end, communes are re-parented and merged (DOMAIN §3.4).
What is expected was counted on paper from the table below.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ledger.book import Book
from projections.headcount import headcount, headcount_years
from projections.lineage import lineage
from projections.movement import LINES, by_unit, movement, movements, whole, yearly
from projections.reading import Reading
from projections.roster import roster
from projections.term import term
from projections.units import counts, tree
from tests.shelf import record

TABLE = """
    unit_founded 2019-01-01 TA type=centrally_run
    unit_founded 2019-01-01 TB type=centrally_run
    unit_founded 2019-01-01 HA1 type=upper_of_grassroots parent=TA
    unit_founded 2019-01-01 HA2 type=upper_of_grassroots parent=TA
    unit_founded 2019-01-01 HB1 type=upper_of_grassroots parent=TB
    unit_founded 2019-01-01 XA1 type=grassroots_committee parent=HA1
    unit_founded 2019-01-01 XA2 type=grassroots_committee parent=HA1
    unit_founded 2019-01-01 XA3 type=grassroots_committee parent=HA2
    unit_founded 2019-01-01 XB1 type=grassroots_committee parent=HB1
    unit_founded 2019-01-01 XB2 type=grassroots_committee parent=HB1
    unit_founded 2019-01-01 CQ type=grassroots_cell parent=HA1
    unit_founded 2019-01-01 A1 parent=XA1
    unit_founded 2019-01-01 A2 parent=XA2
    unit_founded 2019-01-01 A3 parent=XA3
    unit_founded 2019-01-01 B1 parent=XB1
    unit_founded 2019-01-01 B2 parent=XB2
    term_opened 2020-01-01 TA term=2020-2025 starts=2020-01-01 ends=2025-12-31
    target_set 2020-01-01 CT unit=TA measure=admissions form=absolute amount="10" \
 period={"from":"2020-01-01","to":"2025-12-31"} source=own_congress
    class_opened 2021-02-01 L1 organiser=HB1 starts=2021-02-01

    # on 1 July 2025
    unit_moved 2025-07-01 XA1 parent=TA
    unit_moved 2025-07-01 XA3 parent=TA
    unit_moved 2025-07-01 XB1 parent=TA
    unit_moved 2025-07-01 CQ parent=XA1
    unit_reclassified 2025-07-01 XA1 type=upper_of_grassroots
    unit_reclassified 2025-07-01 XA3 type=upper_of_grassroots
    unit_reclassified 2025-07-01 XB1 type=upper_of_grassroots
    unit_renamed 2025-07-01 XA1 name=Mới
    unit_merged 2025-07-01 XA2 into=XA1
    unit_merged 2025-07-01 XB2 into=XB1
    unit_merged 2025-07-01 HA2 into=XA3
    unit_dissolved 2025-07-01 HA1
    unit_dissolved 2025-07-01 HB1 members_to=TB
    unit_merged 2025-07-01 TB into=TA
""".replace("\\\n", "")
CARRIED = {"A1": 3, "A2": 2, "A3": 4, "CQ": 1, "B1": 3, "B2": 2, "HB1": 1}
"""How many members each unit began with, on 2019-01-02."""
ADMITTED = (
    *(("2020-05-19", "A1"), ("2020-05-19", "B1"), ("2021-05-19", "A2")),
    *(("2022-05-19", "A3"), ("2022-05-19", "B2"), ("2022-05-20", "B2"), ("2023-05-19", "B1")),
    *(("2024-05-19", "A1"), ("2025-03-03", "A2"), ("2025-09-02", "A1"), ("2026-02-03", "B1")),
)
ACTIONS = """
    died 2021-10-01 A3-1
    transferred 2022-10-01 A1-1 to=B1
    died 2023-10-01 B2-1
    transferred 2024-10-01 A2-1 to=A3
    died 2025-10-01 B1-1
    attended_class 2021-03-01 B1-2 class=L1
"""
YEARS = range(2019, 2027)
TODAY = date(2026, 12, 31)
NEW = date(2025, 7, 1)


def told() -> str:
    """Return the whole history as a scenario."""
    lines = [TABLE]
    for unit, count in CARRIED.items():
        lines += [f"carried_forward 2019-01-02 {unit}-{n} unit={unit}" for n in range(1, count + 1)]
    for number, (on, unit) in enumerate(ADMITTED, 1):
        lines.append(f"nominated 2019-06-01 M{number} unit={unit}")
        lines.append(f"admitted {on} M{number} unit={unit}")
    return "\n".join([*lines, ACTIONS])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with Book.create(tmp_path_factory.mktemp("2025") / "book.db") as made:
        record(made, told(), now=datetime(2027, 1, 1, tzinfo=UTC))
        yield made


def series(reading: Reading, unit: str | None) -> list[int]:
    """Return the members at the end of each year from 2019 to 2026."""
    return [row["members"] for row in headcount_years(reading, unit, YEARS, today=TODAY)]


AS_IT_WAS = {
    "TA": [10, 11, 11, 11, 11, 12, 23, 24],
    "TB": [6, 7, 7, 10, 10, 10, 0, 0],
    "HA1": [6, 7, 8, 7, 7, 7, 0, 0],
    "XA1": [3, 4, 4, 3, 3, 4, 9, 9],
    "XA2": [2, 2, 3, 3, 3, 2, 0, 0],
    "XA3": [4, 4, 3, 4, 4, 5, 5, 5],
    "XB1": [3, 4, 4, 5, 6, 6, 8, 9],
}
RESTATED = {
    "TA": [16, 18, 18, 21, 21, 22, 23, 24],
    "TB": [0, 0, 0, 0, 0, 0, 0, 0],
    "HA1": [0, 0, 0, 0, 0, 0, 0, 0],
    "XA1": [6, 7, 8, 7, 7, 7, 9, 9],
    "XA2": [0, 0, 0, 0, 0, 0, 0, 0],
    "XA3": [4, 4, 3, 4, 4, 5, 5, 5],
    "XB1": [5, 6, 6, 9, 9, 9, 8, 9],
}


@pytest.mark.parametrize(
    ("units_as_of", "expected"), [(None, AS_IT_WAS), (NEW, RESTATED)], ids=["was", "restated"]
)
def test_stocks(units_as_of: date | None, expected: dict[str, list[int]], book: Book) -> None:
    with Reading(book, units_as_of=units_as_of) as reading:
        assert {unit: series(reading, unit) for unit in expected} == expected
        # The whole book is the same, whoever holds it.
        assert series(reading, None) == [16, 18, 18, 21, 21, 22, 23, 24]


def test_successors_add_up_to_the_whole_in_every_year(book: Book) -> None:
    with Reading(book, units_as_of=NEW) as reading:
        parts = [series(reading, unit) for unit in ("XA1", "XA3", "XB1")]
        # The one who worked in the district office of HB1 is held by the province itself.
        assert [sum(column) + 1 for column in zip(*parts, strict=True)] == series(reading, "TA")


def test_units_directly_below_restated(book: Book) -> None:
    with Reading(book, units_as_of=NEW) as reading:
        year = whole(reading, "TA", date(2022, 1, 1), date(2022, 12, 31))
        rows = movements(reading, by_unit(reading, year))
        assert [(row["unit"], row["alone"], row["opening"], row["closing"]) for row in rows] == [
            ("TA", True, 1, 1),
            ("XA1", False, 8, 7),
            ("XA3", False, 3, 4),
            ("XB1", False, 6, 9),
        ]


def changes(row: dict[str, Any]) -> dict[str, int]:
    ends = {"opening", "closing"}
    return {line: row[line] for line in LINES if row[line] and line not in ends}


@pytest.mark.parametrize(
    ("units_as_of", "expected"),
    [
        (
            None,
            {
                2020: {"admitted": 1},
                2021: {"admitted": 1, "died": 1},
                2022: {"admitted": 1, "transferred_out": 1},
                2023: {},
                2024: {"admitted": 1},
                2025: {"admitted": 2, "died": 1, "reorganised_in": 10},
                2026: {"admitted": 1},
            },
        ),
        (
            NEW,
            {
                2020: {"admitted": 2},
                2021: {"admitted": 1, "died": 1},
                2022: {"admitted": 3},
                2023: {"admitted": 1, "died": 1},
                2024: {"admitted": 1},
                2025: {"admitted": 2, "died": 1},
                2026: {"admitted": 1},
            },
        ),
    ],
    ids=["was", "restated"],
)
def test_movement_of_the_province(
    units_as_of: date | None, expected: dict[int, dict[str, int]], book: Book
) -> None:
    with Reading(book, units_as_of=units_as_of) as reading:
        rows = movements(reading, yearly(reading, "TA", range(2020, 2027), TODAY))
        assert {row["year"]: changes(row) for row in rows} == expected


def test_movement_of_what_ended_and_of_what_took_over(book: Book) -> None:
    year = (date(2025, 1, 1), date(2025, 12, 31))
    with Reading(book) as reading:
        assert changes(movement(reading, "HA1", *year)) == {"admitted": 1, "reorganised_out": 8}
        assert changes(movement(reading, "TB", *year)) == {"reorganised_out": 10}
        assert changes(movement(reading, "XA1", *year)) == {"admitted": 1, "reorganised_in": 4}
        assert changes(movement(reading, None, *year)) == {"admitted": 2, "died": 1}
    with Reading(book, units_as_of=NEW) as reading:
        assert changes(movement(reading, "XA1", *year)) == {"admitted": 2}


def test_no_restated_series_is_reorganised_up_to_its_day(book: Book) -> None:
    with Reading(book, units_as_of=NEW) as reading:
        for unit in ("TA", "TB", "HA1", "HA2", "HB1", "XA1", "XA2", "XA3", "XB1", "XB2", "CQ"):
            row = movement(reading, unit, date(2019, 1, 2), NEW)
            assert (row["reorganised_in"], row["reorganised_out"]) == (0, 0)


@pytest.mark.parametrize(
    ("units_as_of", "admissions", "certificates", "completion"),
    [(None, [1, 1, 1, 0, 1, 2], 0, "60"), (NEW, [2, 1, 3, 1, 1, 2], 1, "100")],
    ids=["was", "restated"],
)
def test_a_term_over_it(
    units_as_of: date | None,
    admissions: list[int],
    certificates: int,
    completion: str,
    book: Book,
) -> None:
    with Reading(book, units_as_of=units_as_of) as reading:
        report = term(reading, "2020-2025", "TA", date(2025, 12, 31))
        assert [row["admissions"] for row in report["years"]] == admissions
        assert report["totals"]["certificates"] == certificates
        assert report["targets"][0]["completion"] == completion


def test_organisations_before_and_after(book: Book) -> None:
    with Reading(book) as reading:
        for on, upper, grassroots in ((date(2024, 12, 31), 2, 4), (NEW, 3, 1)):
            rows = counts(reading, "TA", on, by=["level"])
            levels = {row["level"]: row["units"] for row in rows}
            assert (levels["upper_of_grassroots"], levels["grassroots"]) == (upper, grassroots)
        codes = [row["unit"] for row in tree(reading, "TA", NEW)]
        assert codes == ["TA", "XA1", "A1", "A2", "CQ", "XA3", "A3", "XB1", "B1", "B2"]


def test_where_each_unit_went(book: Book) -> None:
    with Reading(book, units_as_of=NEW) as reading:
        rows = tree(reading, None, date(2024, 12, 31))
        went = {row["unit"]: row["successor"] for row in rows if row["successor"] != row["unit"]}
        # HA1 was dissolved without an heir: what it did counts where it last lay.
        assert went == {
            "TB": "TA",
            "HA1": "TA",
            "HA2": "XA3",
            "HB1": "TA",
            "XA2": "XA1",
            "XB2": "XB1",
        }
        under = {row["unit"] for row in tree(reading, "XA1", date(2024, 12, 31))}
        assert under == {"XA1", "XA2", "A1", "A2", "CQ"}
        assert headcount(reading, "XA1", date(2024, 12, 31))[0]["members"] == 7


def test_a_roster_restated_names_who_holds_the_members_now(book: Book) -> None:
    on = date(2024, 12, 31)
    with Reading(book, units_as_of=NEW) as reading:
        held = Counter(row["unit"] for row in roster(reading, "TA", on))
        rows = headcount(reading, "TA", on, by="unit")
        assert held == {row["unit"]: row["members"] for row in rows}
        assert held["TA"] == 1  # who worked in the office of HB1
        held = Counter(row["unit"] for row in roster(reading, "XA1", on))
        assert held == {"A1": 4, "A2": 2, "CQ": 1}


def test_lineage_over_it(book: Book) -> None:
    with Reading(book) as reading:
        rows = lineage(reading, "TA", TODAY)
        assert {row["unit"] for row in rows if row["relation"] == "predecessor"} == {"TB", "HB1"}
        # On one day the district went to its province, and that to the other one.
        rows = lineage(reading, "HB1", TODAY)
        assert {row["unit"] for row in rows if row["relation"] == "successor"} == {"TB", "TA"}
