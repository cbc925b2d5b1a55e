"""The targets of a book as they were set, and which of them were in force."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from projections.filters import read_filters
from projections.reading import Reading


class Target(NamedTuple):
    """One target as it was set."""

    no: int
    target: str
    unit: str
    measure: str
    form: str
    amount: tuple[str, ...]
    """The number, or the two ends of a range, as text."""
    comparator: str | None
    base: str | dict[str, Any] | None
    filters: dict[str, Any]
    source: str
    since: date
    last_on: date


# Withdrawn or superseded by the day asked, a target is in force no more; what superseded
# it may itself have been withdrawn since.
_IN_FORCE = """
SELECT s.no, s.target, s.unit, s.measure, s.form, s.amount, s.comparator, s.base, s.filters,
       s.source, s.period_from, s.period_to
  FROM live AS s
 WHERE s.kind = 'target_set' AND s.effective_on <= $as_of
   AND (CAST($since AS DATE) IS NULL OR s.period_from >= $since)
   AND (CAST($last_on AS DATE) IS NULL OR s.period_to <= $last_on)
   AND (CAST($day AS DATE) IS NULL OR (s.period_from <= $day AND s.period_to >= $day))
   AND NOT EXISTS (
       SELECT 1 FROM live AS w
        WHERE w.kind = 'target_withdrawn' AND w.target = s.target AND w.effective_on <= $as_of)
   AND NOT EXISTS (
       SELECT 1 FROM live AS r
        WHERE r.kind = 'target_set' AND r.supersedes = s.target AND r.effective_on <= $as_of)
 ORDER BY s.target
"""


def in_force(
    reading: Reading,
    units: Collection[str],
    as_of: date,
    since: date | None = None,
    last_on: date | None = None,
) -> list[Target]:
    """Return the targets of ``units`` themselves that are in force on a day, by code.

    Their period lies within ``since`` and ``last_on``; where neither is given, it holds the
    day itself.
    """
    reading.need("live")
    day = as_of if since is None and last_on is None else None
    found = reading.sql(_IN_FORCE, since=since, last_on=last_on, day=day, as_of=as_of)
    targets = map(_target, found)
    return [target for target in targets if target.unit in units]


_NAMED = """
SELECT s.no, s.target, s.unit, s.measure, s.form, s.amount, s.comparator, s.base, s.filters,
       s.source, s.period_from, s.period_to
  FROM live AS s
 WHERE s.kind = 'target_set' AND s.effective_on <= $as_of
   AND s.target IN (SELECT unnest($codes))
 ORDER BY s.target
"""


def named(reading: Reading, codes: Collection[str], as_of: date) -> list[Target]:
    """Return those of the targets with these codes that were set by a day, in force or not."""
    reading.need("live")
    return [_target(row) for row in reading.sql(_NAMED, codes=sorted(codes), as_of=as_of)]


def _target(row: Sequence[Any]) -> Target:
    return Target(
        no=row[0],
        target=row[1],
        unit=row[2],
        measure=row[3],
        form=row[4],
        amount=_amounts(row[5]),
        comparator=row[6],
        base=_base(row[7]),
        filters=read_filters(row[8]),
        source=row[9],
        since=row[10],
        last_on=row[11],
    )


def _amounts(text: str) -> tuple[str, ...]:
    return tuple(map(str, json.loads(text))) if text.startswith("[") else (text,)


def _base(text: str | None) -> str | dict[str, Any] | None:
    if text is None or not text.startswith("{"):
        return text
    return dict(json.loads(text))
