"""``pipeline``: how many are at each stage on a day, since when, and by which entry."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from projections.opening import opened
from projections.pipeline import across, entries_at_stages, pipeline
from projections.reading import Reading
from projections.roster import roster
from projections.statements import STAGES
from tests.shelf import new_book

UNITS = """
    unit_founded 2015-01-01 TP
    unit_founded 2015-01-01 C1 parent=TP
    unit_founded 2015-01-01 C2 parent=TP
    class_opened 2015-01-01 L1
    class_opened 2015-01-01 L2 type=new_member
"""
WAY = """
    nominated 2016-01-01 P1 unit=C1
    listed 2016-02-01 P1
    enrolled_in_class 2016-03-01 P1 class=L1
    attended_class 2016-04-01 P1 class=L1
    dossier_opened 2016-05-01 P1
    vetting_requested 2016-06-01 P1
    resolved 2016-07-01 P1
    dossier_submitted 2016-08-01 P1 to=TP
    admission_decided 2016-09-01 P1 by_unit=TP
"""


def where(
    folder: Path, table: str, *days: str, unit: str | None = "TP", **options: Any
) -> list[tuple[str, str] | None]:
    """Return stage of the only person on the way and since when, on each of some days."""
    found: list[tuple[str, str] | None] = []
    with new_book(folder, UNITS + table) as book, Reading(book, **options) as reading:
        for day in map(date.fromisoformat, days):
            rows = pipeline(reading, unit, day, times=True)
            at = [row for row in rows if row["count"]]
            assert sum(row["count"] for row in rows) <= 1
            found.append((at[0]["stage"], str(at[0]["longest_since"])) if at else None)
            for row in rows:
                assert len(roster(reading, unit, day, stage=row["stage"])) == row["count"]
    return found


def test_all_nine_stages_are_there_and_nothing_else_is_told(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS) as book, Reading(book) as reading:
        rows = pipeline(reading, "TP", date(2016, 1, 1))
        assert rows == [{"stage": stage, "count": 0} for stage in STAGES]
        (first, *_) = pipeline(reading, "TP", date(2016, 1, 1), times=True)
    assert list(first.items())[2:] == [
        ("median_days", None),
        ("longest_days", None),
        ("longest_since", None),
    ]


def test_stages_of_dossiers_at_one_date(tmp_path: Path) -> None:
    # Of nine on the same way, the n-th has come n steps far.
    steps = [line.strip() for line in WAY.strip().splitlines()]
    table = "\n".join(
        step.replace("P1", f"P{person}") for person in range(1, 10) for step in steps[:person]
    )
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        for day, counts in (
            (date(2016, 12, 31), [1] * 9),
            (date(2016, 4, 30), [1, 1, 1, 6, 0, 0, 0, 0, 0]),
            (date(2015, 12, 31), [0] * 9),
        ):
            assert [row["count"] for row in pipeline(reading, "TP", day)] == counts


def test_every_step_is_reached_on_its_day(tmp_path: Path) -> None:
    found = where(tmp_path, WAY, *(f"2016-{month:02}-15" for month in range(1, 10)))
    assert found == [(stage, f"2016-{month:02}-01") for month, stage in enumerate(STAGES, 1)]


def test_steps_may_be_skipped_and_an_earlier_one_changes_nothing(tmp_path: Path) -> None:
    table = (
        "nominated 2016-01-01 P1 unit=C1\ndossier_opened 2016-02-01 P1\n"
        "listed 2016-03-01 P1\nattended_class 2016-04-01 P1 class=L1\ndossier_opened 2016-05-01 P1"
    )
    days = ("2016-01-31", "2016-02-01", "2016-06-01")
    assert where(tmp_path, table, *days) == [
        ("nominated", "2016-01-01"),
        ("dossier", "2016-02-01"),
        ("dossier", "2016-02-01"),
    ]


def test_a_class_for_new_members_and_a_resolution_that_failed_bring_nobody_further(
    tmp_path: Path,
) -> None:
    table = (
        "nominated 2016-01-01 P1 unit=C1\nattended_class 2016-02-01 P1 class=L2\n"
        "resolved 2016-03-01 P1 votes_for=5 votes_against=3 eligible=9\n"
        "resolved 2016-04-01 P1 matter=recognition"
    )
    assert where(tmp_path, table, "2016-05-01") == [("nominated", "2016-01-01")]


def test_a_cancelled_decision_begins_the_wait_for_another(tmp_path: Path) -> None:
    table = WAY + (
        "admission_cancelled 2016-10-01 P1\ndossier_submitted 2016-10-15 P1 to=TP\n"
        "admission_decided 2016-11-01 P1 by_unit=TP\n"
    )
    assert where(tmp_path, table, "2016-09-30", "2016-10-01", "2016-10-31", "2016-11-01") == [
        ("decided", "2016-09-01"),
        ("submitted", "2016-10-01"),
        ("submitted", "2016-10-01"),
        ("decided", "2016-11-01"),
    ]


def test_who_was_not_decided_stays_where_they_are_when_a_decision_is_cancelled(
    tmp_path: Path,
) -> None:
    table = (
        "nominated 2016-01-01 P1 unit=C1\ndossier_opened 2016-02-01 P1\n"
        "admission_cancelled 2016-03-01 P1\nvetting_requested 2016-04-01 P1\n"
        "admission_decided 2016-05-01 P1 by_unit=TP\nadmission_cancelled 2016-06-01 P1\n"
        "admission_cancelled 2016-07-01 P1\n"
        "delisted 2016-08-01 P1\nadmission_decided 2016-08-02 P1 by_unit=TP\n"
        "listed 2016-08-03 P1\nadmission_cancelled 2016-08-04 P1\n"
    )
    days = ("2016-03-01", "2016-04-01", "2016-05-01", "2016-06-01", "2016-07-01", "2016-08-04")
    assert where(tmp_path, table, *days) == [
        ("dossier", "2016-02-01"),
        ("vetting", "2016-04-01"),
        ("decided", "2016-05-01"),
        ("submitted", "2016-06-01"),
        ("submitted", "2016-06-01"),
        ("listed", "2016-08-03"),
    ]


@pytest.mark.parametrize("leaving", ["admitted 2016-10-01 P1 unit=C1", "died 2016-10-01 P1"])
def test_who_was_admitted_or_died_is_at_no_stage(tmp_path: Path, leaving: str) -> None:
    assert where(tmp_path, WAY + leaving, "2016-10-01", "2020-01-01") == [None, None]


def test_off_the_list_nobody_is_at_a_stage_whatever_is_recorded(tmp_path: Path) -> None:
    table = WAY + (
        "delisted 2016-10-01 P1\ndossier_opened 2016-11-01 P1\n"
        "listed 2017-01-01 P1\nvetting_requested 2017-02-01 P1"
    )
    days = ("2016-10-01", "2016-12-01", "2017-01-01", "2017-02-01")
    assert where(tmp_path, table, *days) == [
        None,
        None,
        ("listed", "2017-01-01"),
        ("vetting", "2017-02-01"),
    ]


def test_a_former_member_is_on_the_way_when_nominated_or_listed_again(tmp_path: Path) -> None:
    table = WAY + (
        "admitted 2016-10-01 P1 unit=C1\ndeleted 2017-01-01 P1\n"
        "enrolled_in_class 2017-02-01 P1 class=L1\nlisted 2017-03-01 P1 unit=C2"
    )
    with_class = table + "\nattended_class 2017-04-01 P1 class=L1"
    days = ("2017-02-15", "2017-03-15", "2017-04-15")
    assert where(tmp_path, with_class, *days) == [
        None,
        ("listed", "2017-03-01"),
        ("certified", "2017-04-01"),
    ]


def test_nominated_to_another_unit_the_way_goes_on_there(tmp_path: Path) -> None:
    table = (
        "nominated 2016-01-01 P1 unit=C1\ndossier_opened 2016-02-01 P1\n"
        "nominated 2016-03-01 P1 unit=C2"
    )
    assert where(tmp_path, table, "2016-02-15", "2016-03-15", unit="C1") == [
        ("dossier", "2016-02-01"),
        None,
    ]
    with new_book(tmp_path, UNITS + table, "two.db") as book, Reading(book) as reading:
        rows = pipeline(reading, "C2", date(2016, 3, 15), times=True)
    assert [(row["stage"], row["longest_days"]) for row in rows if row["count"]] == [
        ("dossier", 43)
    ]


def test_a_unit_that_takes_over_takes_those_on_the_way_too(tmp_path: Path) -> None:
    table = WAY + "unit_merged 2016-10-01 C1 into=C2"
    assert where(tmp_path, table, "2016-09-30", "2016-10-01", unit="C2") == [
        None,
        ("decided", "2016-09-01"),
    ]
    day = date(2016, 10, 1)
    with new_book(tmp_path, UNITS + table, "two.db") as book, Reading(book, units_as_of=day) as it:
        rows = pipeline(it, "C2", date(2016, 9, 30))
    assert sum(row["count"] for row in rows) == 1


def test_what_was_voided_or_recorded_later_has_not_happened(tmp_path: Path) -> None:
    assert where(tmp_path, WAY + "voided 2016-12-01 14\n", "2017-01-01") == [
        ("submitted", "2016-08-01")
    ]
    table = WAY + "dossier_submitted 2016-08-20 P1 to=TP corrects=13\n"
    with new_book(tmp_path, UNITS + table, "known.db") as book:
        for known, since in ((13, date(2016, 8, 1)), (15, date(2016, 8, 20))):
            with Reading(book, known_entry=known) as reading:
                rows = pipeline(reading, "TP", date(2016, 8, 25), times=True)
                assert [row["longest_since"] for row in rows if row["count"]] == [since]


def test_the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle(tmp_path: Path) -> None:
    days = ("2016-01-01", "2016-01-05", "2016-01-20", "2016-01-30")
    table = "\n".join(f"nominated {day} P{no} unit=C1" for no, day in enumerate(days))
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        told = [
            list(pipeline(reading, "TP", date(2016, 1, day), times=True)[0].values())[1:4]
            for day in (1, 5, 20, 31)
        ]
    assert told == [[1, "0", 0], [2, "2", 4], [3, "15", 19], [4, "18.5", 30]]


def test_by_unit_and_opened(tmp_path: Path) -> None:
    table = WAY + "nominated 2016-01-01 P2 unit=C2\nlisted 2016-01-01 P2"
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        day = date(2016, 12, 31)
        rows = pipeline(reading, "TP", day, by_unit=True)
        assert [row for row in rows if row["count"]] == [
            {"unit": "C1", "stage": "decided", "count": 1},
            {"unit": "C2", "stage": "listed", "count": 1},
        ]
        assert len(rows) == 2 * len(STAGES)
        assert [(row["unit"], row["listed"], row["decided"]) for row in across(rows)] == [
            ("C1", 0, 1),
            ("C2", 1, 0),
        ]
        behind = opened(reading, entries_at_stages(reading, "TP", day))
        assert [(row["stage"], row["kind"], row["person"]) for row in behind] == [
            ("listed", "listed", "P2"),
            ("decided", "admission_decided", "P1"),
        ]
        by_unit = opened(reading, entries_at_stages(reading, "TP", day, by_unit=True))
        assert [list(row.items())[:2] for row in by_unit] == [
            [("unit", "C1"), ("stage", "decided")],
            [("unit", "C2"), ("stage", "listed")],
        ]


def test_by_unit_restated_names_the_unit_that_goes_on(tmp_path: Path) -> None:
    table = WAY + "unit_merged 2017-02-01 C1 into=C2\n"
    with (
        new_book(tmp_path, UNITS + table) as book,
        Reading(book, units_as_of=date(2017, 3, 1)) as reading,
    ):
        day = date(2016, 12, 31)
        rows = pipeline(reading, "C2", day, by_unit=True)
        assert [row for row in rows if row["count"]] == [
            {"unit": "C2", "stage": "decided", "count": 1}
        ]
        behind = opened(reading, entries_at_stages(reading, "C2", day, by_unit=True))
        assert [(row["unit"], row["stage"]) for row in behind] == [("C2", "decided")]


def test_unnamed_dossiers_are_told_and_at_no_stage(tmp_path: Path) -> None:
    table = "unnamed_counted 2016-06-30 C1 measure=dossiers count=7 as_of=2016-06-30"
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        rows = pipeline(reading, "TP", date(2016, 12, 31))
        assert sum(row["count"] for row in rows) == 0
        assert [(note.code, note.values) for note in reading.notes] == [
            ("unnamed_at_no_stage", {"count": 7, "measure": "dossiers"})
        ]
