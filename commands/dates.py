"""Days, moments and periods, as people write and read them.

A day is written YYYY-MM-DD or dd/mm/yyyy and never guessed: ``7/10`` could be July or
October of any year. A moment needs its zone, or is a bare day: then its end is meant.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from ledger.days import day
from ledger.errors import Problem

__all__ = [
    "BETWEEN",
    "day",
    "day_asked",
    "days_shown",
    "end_of",
    "moment",
    "period",
    "shown",
    "years",
]

_ISO_WITHIN = re.compile(r"\b\d{4}-\d{2}-\d{2}\b", re.ASCII)
_YEARS = re.compile(r"(\d{4})(?:\.\.(\d{4}))?", re.ASCII)
BETWEEN = ".."
"""Stands between the two ends of a period: ``2020-01-01..2020-12-31``."""


def day_asked(text: str) -> date:
    """Return the day that a question names; raise bad_date.

    The last day there is stands for the one before it: what has no end ends there.
    """
    return min(day(text), date.max - timedelta(days=1))


def moment(text: str, zone: tzinfo) -> datetime:
    """Return the moment that ``text`` names; raise bad_moment if it names none.

    A bare day is its last microsecond in ``zone``, the book's: what was recorded on that
    day was known.
    """
    try:
        return end_of(day(text), zone)
    except Problem:
        pass
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Problem("bad_moment", value=text) from None
    try:
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except OverflowError:  # in the last hours of the year 9999, or the first of the year 1
        pass
    raise Problem("bad_moment", value=text)


def end_of(on: date, zone: tzinfo) -> datetime:
    """Return the last moment of a day in ``zone``."""
    if on == date.max:  # the last moment there is, wherever that is
        return datetime.max.replace(tzinfo=UTC)
    midnight = datetime.combine(on + timedelta(days=1), datetime.min.time(), zone)
    return midnight - timedelta(microseconds=1)


def period(text: str) -> tuple[date, date]:
    """Return the first and last day of ``FIRST..LAST``.

    Raises bad_date, or bad_period when it ends before it begins.
    """
    first, between, last = text.partition(BETWEEN)
    if not between:
        raise Problem("bad_date", value=text)
    begins, ends = day(first), day(last)
    if ends < begins:
        raise Problem("bad_period", value=text)
    return begins, ends


def years(text: str) -> range:
    """Return the years of ``2015..2023``, both ends in, or of one year; raise bad_years."""
    found = _YEARS.fullmatch(text.strip())
    if not found:
        raise Problem("bad_years", value=text)
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first or first < date.min.year:
        raise Problem("bad_years", value=text)
    return range(first, last + 1)


def days_shown(text: str, language: str) -> str:
    """Return text with its ISO days as they are read in ``language``: the day of a paper."""

    def read(found: re.Match[str]) -> str:
        try:
            return shown(day(found[0]), language)
        except Problem:
            return found[0]

    return _ISO_WITHIN.sub(read, text)


def shown(on: date, language: str) -> str:
    """Return a day as it is read in ``language``: dd/mm/yyyy in Vietnamese, else ISO."""
    if language == "vi":
        return f"{on.day:02}/{on.month:02}/{on.year:04}"
    return on.isoformat()
