"""The tally of a term broken down: years and rows, readmissions, what no filter can narrow."""

from datetime import date
from pathlib import Path
from typing import Any

from projections.reading import Reading
from projections.tally import MEASURES
from projections.term import term, term_entries
from tests.shelf import new_book
from tests.test_breakdown import DAY, UNITS, with_profile

YEAR = '{"from":"2016-01-01","to":"2016-12-31"}'
TWO_YEARS = '{"from":"2016-07-01","to":"2017-06-30"}'


def applicant(person: str, unit: str, admitted_on: str, **profile: Any) -> str:
    """Return a nomination and an admission."""
    nominated = with_profile("nominated 2015-06-01", person, unit, profile, "")
    return f"{nominated}admitted {admitted_on} {person} unit={unit}\n"


ADMITTED = (
    applicant("A1", "C1", "2016-05-01", birth_year=1990, sex="female", unions=["youth_union"])
    + applicant("A2", "C1", "2016-06-01", birth_year=1970, sex="male")
    + applicant("A3", "C2", "2017-05-01", birth_year=1995, sex="female")
    + "left_on_request 2017-06-01 A2\nadmitted 2018-01-01 A2 unit=C2\n"
    + "class_opened 2016-02-01 L1 organiser=TP\nattended_class 2016-02-01 A1 class=L1\n"
)


def of_term(folder: Path, table: str, **asked: Any) -> Any:
    with new_book(folder, UNITS + table) as book, Reading(book) as reading:
        return term(reading, "2016-2018", "TP", DAY, **asked)


def admissions(folder: Path, table: str, *by: str, **asked: Any) -> dict[Any, int]:
    found = of_term(folder, table, by=by, **asked)["breakdown"]
    return {
        (row["year"], *(row[key] for key in by)): row["admissions"]
        for row in found
        if row["admissions"]
    }


def test_new_members_by_what_they_are(tmp_path: Path) -> None:
    found = of_term(tmp_path, ADMITTED, by=("sex",), mean_age=True)["breakdown"]
    assert [(row["year"], row["sex"], row["admissions"], row["mean_age"]) for row in found] == [
        (2016, "male", 1, "46"),
        (2016, "female", 1, "26"),
        (2016, None, 0, None),
        (2017, "male", 0, None),
        (2017, "female", 1, "22"),
        (2018, "male", 1, "48"),
        ("total", "male", 2, "47"),
        ("total", "female", 2, "24"),
        ("total", None, 0, None),
    ]
    assert [row["classes"] for row in found if row["sex"] is None] == [1, 1]
    assert list(found[0]) == ["year", "sex", *MEASURES, "mean_age"]


def test_readmissions_are_told_apart(tmp_path: Path) -> None:
    assert admissions(tmp_path, ADMITTED, "readmission") == {
        (2016, "false"): 2,
        (2017, "false"): 1,
        (2018, "true"): 1,
        ("total", "false"): 3,
        ("total", "true"): 1,
    }


def test_a_decision_about_a_former_member_is_one_to_readmit(tmp_path: Path) -> None:
    decided = ADMITTED.replace(
        "admitted 2018", "admission_decided 2017-12-01 A2 by_unit=TP\nadmitted 2018"
    )
    found = admissions(tmp_path, decided, "readmission", basis="decision")
    assert found == {(2017, "true"): 1, ("total", "true"): 1}


def test_filters_narrow_a_term_and_leave_out_what_they_cannot_narrow(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + ADMITTED) as book, Reading(book) as reading:
        found = term(reading, "2016-2018", "TP", DAY, filters={"sex": "female"})
        notes = [(note.code, note.values["measure"]) for note in reading.notes]
    assert found["totals"]["admissions"] == 2
    assert found["totals"]["classes"] is None
    assert found["years"][1]["growth"]["units_founded"] is None
    assert notes == [("not_narrowed", "classes"), ("not_narrowed", "units_founded")]


def test_unnamed_flows_stand_where_their_filters_put_them(tmp_path: Path) -> None:
    flows = (
        f"unnamed_counted 2016-12-31 C1 measure=admissions count=5 period={YEAR} "
        'filters={"sex":"female"}\n'
        f"unnamed_counted 2017-06-30 C1 measure=admissions count=7 period={TWO_YEARS}\n"
    )
    assert admissions(tmp_path, flows, "sex", "unit") == {
        (2016, "female", "C1"): 5,
        ("total", "female", "C1"): 5,
        ("total", None, "C1"): 7,
    }


def test_a_row_of_a_unit_is_its_successor_where_restated(tmp_path: Path) -> None:
    merged = UNITS + ADMITTED + "unit_merged 2018-06-01 C2 into=C1\n"
    with new_book(tmp_path, merged) as book:
        found = {}
        for day in (None, date(2018, 12, 31), date(2017, 1, 1)):
            with Reading(book, units_as_of=day) as reading:
                rows_of_term = term(reading, "2016-2018", "TP", DAY, by=("unit",))["breakdown"]
                found[day] = {
                    row["unit"]: row["admissions"]
                    for row in rows_of_term
                    if row["year"] == "total" and row["admissions"]
                }
    assert list(found.values()) == [{"C1": 2, "C2": 2}, {"C1": 4}, {"C1": 2, "C2": 2}]


def test_the_entries_behind_a_term_add_up_to_it(tmp_path: Path) -> None:
    flow = f"unnamed_counted 2017-06-30 C1 measure=admissions count=7 period={TWO_YEARS}\n"
    with new_book(tmp_path, UNITS + ADMITTED + flow) as book, Reading(book) as reading:
        found = term(reading, "2016-2018", "TP", DAY, by=("sex",))
        (since, last_on), entries = term_entries(reading, "2016-2018", "TP", DAY, by=("sex",))
    assert (since, last_on) == (found["from"], found["to"])
    for row in found["breakdown"]:
        for measure in ("admissions", "departures", "classes", "class_participants"):
            counts = [
                entry["count"]
                for entry in entries
                if (entry["number"], entry["year"], entry["sex"])
                == (measure, row["year"], row["sex"])
            ]
            assert sum(counts) == row[measure]
