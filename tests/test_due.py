"""``due``: what is open at the end of a day, and when it falls due."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from projections.reading import Reading
from projections.rules.due import due, months_after, overdue
from projections.rules.workdays import Calendar
from tests.shelf import new_book, record
from tests.test_rules import CALENDAR, LATER, UNITS, born, considered

MEMBER = born("1990-01-01") + "admitted 2025-08-15 P1 unit=C1\n"


def listed(
    folder: Path,
    table: str,
    as_of: str,
    until: str = "2027-12-31",
    *,
    unit: str | None = None,
    calendar: Calendar | None = None,
) -> list[tuple[Any, ...]]:
    """Return what, day, days and entry of what falls due."""
    with new_book(folder, "", f"{len(list(folder.iterdir()))}.db") as book:
        record(book, UNITS + table, now=LATER)
        with Reading(book) as reading:
            days = date.fromisoformat(as_of), date.fromisoformat(until)
            rows = due(reading, unit, *days, calendar)
            assert rows == sorted(rows, key=lambda row: row["due_on"])
            assert overdue(reading, unit, days[0], calendar) == [r for r in rows if r["days"] < 0]
    return [(row["what"], str(row["due_on"]), row["days"], row["entry"]) for row in rows]


def test_a_probation_ends_after_twelve_months(tmp_path: Path) -> None:
    told = [("probation_ends", "2026-08-15", 1, 9)]
    assert listed(tmp_path, MEMBER, "2026-08-14", "2026-08-15") == told
    assert listed(tmp_path, MEMBER, "2026-08-14", "2026-08-14") == []
    late = listed(tmp_path, MEMBER, "2026-08-16")
    assert late == [("probation_ends", "2026-08-15", -1, 9)]
    recognised = MEMBER + "recognized_official 2026-08-15 P1"
    assert listed(tmp_path, recognised, "2026-08-16") == []


def test_on_the_first_and_the_last_day_there_are(tmp_path: Path) -> None:
    assert listed(tmp_path, MEMBER, "0001-01-01", "9999-12-31") == []
    assert listed(tmp_path, MEMBER, "9999-12-31", "9999-12-31") == []
    ends, *_ = listed(tmp_path, MEMBER, "9999-12-30", "9999-12-31")
    assert ends[:2] == ("probation_ends", "2026-08-15")


def test_working_days_only_with_a_calendar(tmp_path: Path) -> None:
    told = listed(tmp_path, MEMBER, "2026-08-16", calendar=CALENDAR)
    assert told[1:] == [("recognition_considered", "2026-09-25", 40, 9)]
    with new_book(tmp_path, "", "note.db") as book:
        record(book, UNITS + MEMBER, now=LATER)
        with Reading(book) as reading:
            due(reading, None, date(2026, 8, 16), date(2027, 1, 1))
            assert [note.code for note in reading.notes] == ["deadlines_not_computed"]


def test_what_an_applicant_waits_for(tmp_path: Path) -> None:
    start = born("1990-01-01") + "attended_class 2024-02-01 P1 class=K1\n"
    start += "dossier_opened 2025-07-10 P1\nvetting_requested 2025-07-11 P1\n"
    told = listed(tmp_path, start, "2025-08-01", "2029-12-31", calendar=CALENDAR)
    assert [row[:2] for row in told] == [
        ("vetting_answered", "2025-08-22"),
        ("dossier_expires", "2026-07-10"),
        ("certificate_expires", "2029-02-01"),
    ]
    resolved = start + "vetted 2025-07-20 P1\n" + considered("2025-08-01")
    told = listed(tmp_path, resolved, "2025-08-01", calendar=CALENDAR)
    assert [row[:2] for row in told] == [("admission_decided", "2025-10-03")]
    decided = resolved + "admission_decided 2025-09-01 P1 by_unit=TP\n"
    told = listed(tmp_path, decided, "2025-09-01", calendar=CALENDAR)
    assert [row[:2] for row in told] == [("ceremony_held", "2025-10-13")]
    off = start + "delisted 2025-07-20 P1"
    assert listed(tmp_path, off, "2025-08-01", calendar=CALENDAR) == []


def test_who_is_on_the_list_again_begins_anew(tmp_path: Path) -> None:
    before = born("1990-01-01") + "attended_class 2024-02-01 P1 class=K1\n"
    before += "dossier_opened 2025-07-02 P1\n" + considered("2025-07-03")
    before += "admission_decided 2025-07-04 P1 by_unit=TP\ndelisted 2025-07-05 P1\n"
    again = before + "vetting_requested 2025-07-06 P1\nlisted 2025-07-07 P1\n"
    told = listed(tmp_path, again, "2025-08-01", "2029-12-31", calendar=CALENDAR)
    assert [row[:2] for row in told] == [("certificate_expires", "2029-02-01")]


def test_a_paper_made_after_the_cell_considered_expires(tmp_path: Path) -> None:
    table = born("1990-01-01") + "dossier_opened 2025-07-02 P1\n"
    table += "resolved 2025-07-10 P1 body=cell matter=admission votes_for=1 votes_against=9"
    table += " eligible=10\n"
    assert listed(tmp_path, table, "2025-08-01") == []
    told = listed(tmp_path, table + "dossier_opened 2025-07-20 P1", "2025-08-01")
    assert [row[:2] for row in told] == [("dossier_expires", "2026-07-20")]


def test_a_restored_probation_runs_from_its_ceremony(tmp_path: Path) -> None:
    table = MEMBER + "temporary_transfer_began 2025-08-16 P1 host=C2\n"
    table += "deleted 2025-09-01 P1\nrestored 2025-10-01 P1 unit=C1\n"
    told = listed(tmp_path, table, "2025-11-01")
    assert told == [("probation_ends", "2026-08-15", 287, 9)]


def test_badges_reached_since_the_book_knows_the_member(tmp_path: Path) -> None:
    days = "joined_on=1985-09-10 decided_on=1985-09-03 official_on=1986-09-10\n"
    member = f"\ncarried_forward 2020-01-01 M9 unit=C1 {days}"
    told = listed(tmp_path, member, "2025-09-03", "2026-01-01")
    assert told == [("badge_40", "2025-09-03", 0, 8)]
    given = member + "badge_awarded 2025-09-03 M9 years=40"
    assert listed(tmp_path, given, "2025-09-04", "2026-01-01") == []


def test_temporary_transfers_and_local_exemptions(tmp_path: Path) -> None:
    table = MEMBER + "recognized_official 2026-08-15 P1\n"
    table += "temporary_transfer_began 2025-09-01 P1 host=C2\nexempted 2025-10-01 P1\n"
    assert [row[:2] for row in listed(tmp_path, table, "2026-08-20")] == [
        ("temporary_transfer_ends", "2026-08-31")
    ]
    local = "\nlocal_rules_adopted 2025-07-02 TP overlay=hanoi" + table
    assert [row[:2] for row in listed(tmp_path, local, "2026-08-20")][1:] == [
        ("exemption_ends", "2026-09-30")
    ]


def test_the_unit_is_where_people_are_on_the_day(tmp_path: Path) -> None:
    table = MEMBER + "transferred 2026-01-01 P1 to=C2"
    assert len(listed(tmp_path, table, "2026-08-01", unit="C2")) == 1
    assert len(listed(tmp_path, table, "2026-08-01", unit="TP")) == 1
    assert listed(tmp_path, table, "2026-08-01", unit="C1") == []


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-11-30", 1, "2025-12-30"),
        ("2025-12-31", 12, "2026-12-31"),
        ("2025-10-15", 2, "2025-12-15"),
    ],
)
def test_months_end_on_a_day_that_exists(day: str, months: int, expected: str) -> None:
    assert str(months_after(date.fromisoformat(day), months)) == expected
