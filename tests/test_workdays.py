"""Working days by the user's calendar."""

from datetime import date

import pytest

from ledger.errors import Problem
from projections.rules.workdays import Calendar, read_calendar

TET = """
year,2025   # complete
holiday,2025-01-27,2025-01-31
workday,2025-02-08
"""


def calendar(text: str = TET) -> Calendar:
    """Return the calendar of a text."""
    return read_calendar(text.splitlines(), "tet.csv")


def test_weekends_and_holidays_are_off_and_make_up_days_are_not() -> None:
    days = calendar()
    off = ("2025-01-26", "2025-01-27", "2025-01-31", "2025-02-01", "2025-02-02", "2025-02-09")
    assert not any(days.is_working(date.fromisoformat(day)) for day in off)
    assert all(days.is_working(date(2025, 2, day)) for day in (3, 7, 8))


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "2025-01-24"), (1, "2025-02-03"), (6, "2025-02-08")]
)
def test_a_deadline_begins_on_the_day_after(count: int, expected: str) -> None:
    assert str(calendar().after(date(2025, 1, 24), count)) == expected


def test_counts_are_those_of_the_days_themselves() -> None:
    counted = {day.day: day.counted for day in calendar().days()}
    assert len(counted) == 365
    assert counted[date(2025, 2, 8)] - counted[date(2025, 1, 24)] == 6


def test_years_that_are_missing_break_the_count() -> None:
    assert calendar().after(date(2025, 12, 31), 1) is None
    runs = {day.day.year: day.run for day in calendar("year,2023\nyear,2025\nyear,2026").days()}
    assert runs[2025] == runs[2026] != runs[2023]


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("year,25", "f:1", "wants_year"),
        ("year,0000", "f:1", "wants_year"),
        ("year,2025\nholiday,30/4/2025", "f:2", "wants_day"),
        ("year,2025\nholiday,2025-02-30", "f:2", "wants_day"),
        ("year,2025\nholiday,2025-05-02,2025-05-01", "f:2", "wants_order"),
        ("year,2025\nholiday,0001-01-01,9999-12-31", "f:2", "wants_a_year"),
        ("holiday,2025-05-01", "f:1", "wants_its_year"),
        ("year,2025\nholiday,2025-05-03\nworkday,2025-05-03", "f:2", "wants_one_kind"),
        ("ngày nghỉ", "f:1", "wants_line"),
        ("workday,2025-05-03,2025-05-04", "f:1", "wants_line"),
    ],
)
def test_a_wrong_line_is_told(text: str, place: str, why: str) -> None:
    with pytest.raises(Problem, match="bad_calendar") as caught:
        read_calendar(text.splitlines(), "f")
    assert caught.value.place == place
    assert caught.value.values["detail"].code == why
