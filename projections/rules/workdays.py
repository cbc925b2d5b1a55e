"""Working days by the user's calendar: a file, because holidays are decided year by year.

The file is CSV, one line a day or a year, ``#`` before remarks::

    year,2025
    holiday,2025-01-01
    holiday,2025-01-27,2025-01-31
    workday,2025-04-26

``year`` says that the file is complete for that year; ``holiday`` one day, or the first and
last of several, on which nobody works; ``workday`` a Saturday or Sunday on which people do.
All other Saturdays and Sundays are off. A year that the file does not name is not counted:
a deadline that touches it is not checked, never late.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ledger.errors import Problem

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SATURDAY = 5
_MOST_DAYS = 366
"""Nobody is off for longer than a year."""
_DAY = timedelta(days=1)
_PARTS = {"year": (2,), "holiday": (2, 3), "workday": (2,)}


class Workday(NamedTuple):
    """A day of a covered year with the number of working days up to its end, itself included.

    Two counts can be compared only inside one ``run`` of covered years.
    """

    day: date
    counted: int
    run: int


class Calendar(NamedTuple):
    """The years that a calendar covers, and the days that are not as their weekday says."""

    years: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Return whether people work on ``day``."""
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def days(self) -> Iterator[Workday]:
        """Yield every day of the covered years."""
        counted, before, run = 0, None, 0
        for year in sorted(self.years):
            run += before is not None and year != before + 1
            before = year
            day = date(year, 1, 1)
            while day.year == year:
                counted += self.is_working(day)
                yield Workday(day, counted, run)
                if day == date.max:
                    break
                day += _DAY

    def after(self, day: date, count: int) -> date | None:
        """Return the last day on which ``count`` working days from ``day`` on are kept.

        The day itself is not counted. None when the calendar does not cover it.
        """
        while count > 0:
            day += _DAY
            if day.year not in self.years:
                return None
            count -= self.is_working(day)
        return day


def _wrong(value: object, reason: str, place: str) -> Problem:
    return Problem("bad_calendar", value=value, detail=Problem(reason)).at(place)


def _day(text: str, place: str) -> date:
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise _wrong(text, "wants_day", place)


def _year(text: str, place: str) -> int:
    if not _YEAR.fullmatch(text) or int(text) < date.min.year:
        raise _wrong(text, "wants_year", place)
    return int(text)


def _check_days(found: dict[str, dict[date, str]], years: set[int]) -> None:
    """Raise bad_calendar for a day of a year that is not named, or of both kinds."""
    for kind, other in (("holiday", "workday"), ("workday", "holiday")):
        for day, place in found[kind].items():
            if day.year not in years:
                raise _wrong(day, "wants_its_year", place)
            if day in found[other]:
                raise _wrong(day, "wants_one_kind", place)


def read_calendar(lines: Iterable[str], name: str) -> Calendar:
    """Return the calendar that the lines of a file hold.

    Raises bad_calendar, whose place is the line, for the first that is wrong.
    """
    years: set[int] = set()
    found: dict[str, dict[date, str]] = {"holiday": {}, "workday": {}}
    for row, line in enumerate(lines, 1):
        place = f"{name}:{row}"
        parts = next(csv.reader([line.partition("#")[0].lstrip("\ufeff")]), [])
        what, *given = parts = [part.strip() for part in parts] or [""]
        if not any(parts):
            continue
        if what not in _PARTS or len(parts) not in _PARTS[what]:
            raise _wrong(line.strip(), "wants_line", place)
        if what == "year":
            years.add(_year(given[0], place))
            continue
        first, last = _day(given[0], place), _day(given[-1], place)
        if last < first:
            raise _wrong(line.strip(), "wants_order", place)
        if (last - first).days >= _MOST_DAYS:
            raise _wrong(line.strip(), "wants_a_year", place)
        for number in range((last - first).days + 1):
            found[what][first + number * _DAY] = place
    _check_days(found, years)
    return Calendar(frozenset(years), frozenset(found["holiday"]), frozenset(found["workday"]))
