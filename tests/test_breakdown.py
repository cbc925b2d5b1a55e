"""Breakdowns: everybody in one row, two keys at once, filters, mean ages, and those unnamed."""

from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from projections.headcount import headcount, headcount_entries
from projections.reading import Reading
from tests.shelf import new_book

UNITS = """
    unit_founded 2015-01-01 TP sector=ward
    unit_founded 2015-01-01 C1 parent=TP sector=joint_stock type=grassroots_cell
    unit_founded 2015-01-01 C2 parent=TP sector=chợ
    term_opened 2015-01-01 TP term=2016-2018 starts=2016-01-01 ends=2018-12-31
"""
DAY = date(2018, 12, 31)


def member(person: str, unit: str, joined_on: str = "2000-01-01", **profile: Any) -> str:
    """Return a member who comes with a profile."""
    return with_profile(
        "carried_forward 2016-01-01", person, unit, profile, f"joined_on={joined_on}"
    )


def with_profile(kind: str, person: str, unit: str, profile: dict[str, Any], more: str) -> str:
    text = str({"name": "A", **profile}).replace("'", '"').replace(" ", "")
    text = text.replace("True", "true").replace("False", "false")
    return f"{kind} {person} unit={unit} profile={text} {more}\n"


PEOPLE = (
    member("P1", "C1", unions=["youth_union", "trade_union"], birth_year=1990, sex="female")
    + member("P2", "C1", unions=["trade_union", "youth_union"], birth_year=1960, sex="male")
    + member("P3", "C1", unions=["youth_union"], private_owner=True, sex="female")
    + member("P4", "C2", unions=[], private_owner=False, political_theory="advanced")
    + member("P5", "C2", unions=["none"], professional_education="university")
    + member("P6", "C2", joined_on="1954-07-20", ethnicity="tay", professional_education="master")
)


def rows(folder: Path, table: str, by: tuple[str, ...] = (), **asked: Any) -> dict[Any, Any]:
    """Return the members of each row: under its code, or the codes of two keys."""
    own = Path(mkdtemp(dir=folder))
    with new_book(own, UNITS + table) as book, Reading(book) as reading:
        found = headcount(reading, "TP", DAY, by=by, **asked)
    counted = {tuple(row[key] for key in by): row["members"] for row in found}
    return {key[0] if len(by) == 1 else key: count for key, count in counted.items()}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (
            "union",
            {"none": 2, "youth_union": 1, "trade_union+youth_union": 2, "unknown": 1},
        ),
        ("private_owner", {"true": 1, "false": 1, "unknown": 4}),
        ("political_theory", {"advanced": 1, "unknown": 5}),
        ("professional_education", {"university": 1, "master": 1, "unknown": 4}),
        ("sector", {"joint_stock": 3, "chợ": 3}),
        ("sector_group", {"non_state_enterprise": 3, "chợ": 3}),
        ("unit_type", {"cell": 3, "grassroots_cell": 3}),
        ("join_era", {"to_1954_07_20": 1, "from_1975_05_01": 5}),
    ],
)
def test_everybody_stands_in_one_row(by: str, expected: dict[str, int], tmp_path: Path) -> None:
    assert rows(tmp_path, PEOPLE, (by,)) == expected


def test_unions_stand_in_one_order_however_they_were_told(tmp_path: Path) -> None:
    unions = ["youth_union", "hội", "women_union", "trade_union", "none", "farmers_union"]
    people = member("P1", "C1", unions=unions) + member("P2", "C1", unions=unions[::-1])
    together = "farmers_union+hội+trade_union+women_union+youth_union"
    assert rows(tmp_path, people, ("union",)) == {together: 2}


@pytest.mark.parametrize(
    ("joined_on", "era"),
    [
        ("1945-08-18", "before_1945_08_19"),
        ("1945-08-19", "to_1954_07_20"),
        ("1954-07-20", "to_1954_07_20"),
        ("1954-07-21", "to_1975_04_30"),
        ("1975-04-30", "to_1975_04_30"),
        ("1975-05-01", "from_1975_05_01"),
    ],
)
def test_the_eras_of_form_3_to_the_day(joined_on: str, era: str, tmp_path: Path) -> None:
    assert rows(tmp_path, member("P1", "C1", joined_on), ("join_era",)) == {era: 1}


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"union": "youth_union"}, 3),
        ({"union": "trade_union+youth_union"}, 2),
        ({"union": ["none", "unknown"]}, 3),
        ({"union": "union"}, 0),
        ({"sector_group": "non_state_enterprise"}, 3),
        ({"sector_group": ["chợ", "commune_level"]}, 3),
        ({"private_owner": True, "sex": "female"}, 1),
        ({"private_owner": "unknown"}, 4),
        ({"join_era": "to_1954_07_20"}, 1),
        ({"professional_education": ["university", "master"]}, 2),
        ({"unit_type": "cell", "political_theory": "advanced"}, 1),
    ],
)
def test_filters_narrow_a_headcount(filters: Any, count: int, tmp_path: Path) -> None:
    assert rows(tmp_path, PEOPLE, filters=filters) == {(): count}


def test_the_margins_of_two_keys_are_the_rows_of_one(tmp_path: Path) -> None:
    both = rows(tmp_path, PEOPLE, ("union", "sex"))
    assert both["trade_union+youth_union", "female"] == 1
    with new_book(tmp_path, UNITS + PEOPLE, "again.db") as book, Reading(book) as reading:
        for side, key in enumerate(("union", "sex")):
            sums: dict[Any, int] = {}
            for codes, count in both.items():
                sums[codes[side]] = sums.get(codes[side], 0) + count
            edge = headcount(reading, "TP", DAY, by=key)
            assert sums == {row[key]: row["members"] for row in edge}


def test_codes_stand_as_they_are_listed_the_unlisted_after_them(tmp_path: Path) -> None:
    people = "".join(
        member(f"Q{n}", "C1", **({"professional_education": code} if code else {}))
        for n, code in enumerate(("master", "nghề", "elementary", "", "university", "bằng"))
    )
    stock = "unnamed_counted 2016-01-01 C1 measure=members count=3 as_of=2016-01-01\n"
    found = rows(tmp_path, people + stock, ("professional_education",))
    assert list(found) == ["elementary", "university", "master", "bằng", "nghề", "unknown", None]


def test_mean_age_is_of_those_whose_year_of_birth_is_known(tmp_path: Path) -> None:
    people = PEOPLE + member("P7", "C1", birth_year=1990) + member("P8", "C1", birth_year=1990)
    with new_book(tmp_path, UNITS + people) as book, Reading(book) as reading:
        whole = headcount(reading, "TP", DAY, mean_age=True)
        by_unit = headcount(reading, "TP", DAY, by="unit", mean_age=True)
    assert [row["mean_age"] for row in whole] == ["35.5"]  # (28 + 58 + 28 + 28) / 4
    assert {row["unit"]: row["mean_age"] for row in by_unit} == {"C1": "35.5", "C2": None}


def test_organisations_are_never_added_to_members(tmp_path: Path) -> None:
    # A published form 5 added the number of organisations of each sector to its members.
    empty = "unit_founded 2015-01-01 C3 parent=TP sector=joint_stock\n"
    assert rows(tmp_path, PEOPLE + empty, ("sector",)) == {"joint_stock": 3, "chợ": 3}
    assert sum(rows(tmp_path, "", ("sector",)).values()) == 0


def test_political_theory_and_professional_education_are_apart(tmp_path: Path) -> None:
    # A published form 3 printed the one block under the heads of the other: both lists have
    # codes of the same name, elementary and intermediate.
    people = member("P1", "C1", political_theory="intermediate", professional_education="college")
    people += member("P2", "C1", political_theory="elementary", professional_education="none")
    people += member("P3", "C1", professional_education="elementary", education="primary")
    theory = {"elementary": 1, "intermediate": 1, "unknown": 1}
    assert rows(tmp_path, people, ("political_theory",)) == theory
    assert rows(tmp_path, people, ("professional_education",)) == {
        "none": 1,
        "elementary": 1,
        "college": 1,
    }


UNNAMED = "".join(
    f"unnamed_counted 2016-01-01 TP measure=members count={count} as_of=2016-01-01 "
    f"filters={filters}\n"
    for count, filters in (
        (1, '{"union":"youth_union"}'),
        (2, '{"union":"youth_union+trade_union"}'),
        (4, '{"sector":"partnership"}'),
        (8, '{"sector_group":"non_state_enterprise"}'),
        (16, '{"private_owner":true}'),
        (32, '{"union":["none","youth_union"]}'),
    )
)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"union": "youth_union"}, 3),
        ({"union": ["youth_union", "none"]}, 35),
        ({"union": "trade_union"}, 2),
        ({"sector_group": "non_state_enterprise"}, 12),
        ({"sector": "partnership"}, 4),
        ({"private_owner": True}, 16),
    ],
)
def test_unnamed_people_are_known_by_their_filters(
    filters: Any, count: int, tmp_path: Path
) -> None:
    assert rows(tmp_path, UNNAMED, filters=filters) == {(): count}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("union", {"youth_union": 1, "trade_union+youth_union": 2, None: 60}),
        ("sector_group", {"non_state_enterprise": 12, None: 51}),
        ("private_owner", {"true": 16, None: 47}),
        ("unit", {"TP": 63}),
    ],
)
def test_unnamed_people_stand_where_their_filters_put_them(
    by: str, expected: dict[str | None, int], tmp_path: Path
) -> None:
    assert rows(tmp_path, UNNAMED, (by,)) == expected


def test_the_entries_behind_a_headcount_add_up_to_it(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + PEOPLE + UNNAMED) as book, Reading(book) as reading:
        for by in ((), ("union",), ("unit", "sex")):
            found = headcount_entries(reading, "TP", [DAY], by=by)
            for row in headcount(reading, "TP", DAY, by=by):
                codes = {key: row[key] for key in by}
                own = [entry for entry in found if codes.items() <= entry.items()]
                assert sum(entry["count"] for entry in own) == row["members"]
                for part in ("probationary", "official", "unnamed"):
                    counts = [entry["count"] for entry in own if entry["standing"] == part]
                    assert sum(counts) == row[part]
            assert sum(entry["count"] for entry in found) == len(PEOPLE.splitlines()) + 63
