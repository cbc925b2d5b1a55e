"""The other readings of a figure: the closed list of what its words may also have meant.

One thing is read differently at a time, so that no figure is excused by two at once.
docs/reports/figures.md explains each to those who read the report.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from projections.figures.formulas import Knowledge
from projections.figures.stated import Stated

READINGS = (
    "ceremony",
    "decision",
    "start_of_day",
    "day_published",
    "growth",
    "index",
    "completion",
    "excess",
    "target_period",
    "restated",
)
"""Every reading by its identifier, in the order in which they are tried."""

_MISTAKEN_FOR = {
    "growth": "index",
    "index": "growth",
    "completion": "excess",
    "excess": "completion",
}


class Other(NamedTuple):
    """One other reading: the figure as it would have been stated."""

    reading: str
    stated: Stated
    units_as_of: date | None = None


def other_readings(stated: Stated, known: Knowledge) -> Iterator[Other]:
    """Yield the other readings of a figure, in the order of ``READINGS``."""
    if stated.measure == "admissions":
        basis = "ceremony" if stated.basis == "decision" else "decision"
        yield Other(basis, stated._replace(basis=basis))
    if stated.is_stock:
        yield from _other_days(stated)
    mistaken = _MISTAKEN_FOR.get(stated.derived or "")
    if mistaken is not None:
        yield Other(mistaken, stated._replace(derived=mistaken))
    if stated.derived in {"completion", "excess"}:
        yield from _of_the_target(stated, known)
    if known.units_as_of is None:
        yield from _restated(stated, known)


def _restated(stated: Stated, known: Knowledge) -> Iterator[Other]:
    """Yield the past under the units of the day of publication, if they were others before.

    Between two changes of units all days give the same, so the day of the last one stands
    for them.
    """
    first = stated.since
    if stated.derived in {"growth", "index"} and isinstance(stated.against, dict):
        first = min(first, date.fromisoformat(stated.against.get("from", first.isoformat())))
    changes = known.reorganised_on
    last = bisect_right(changes, stated.published_on) - 1
    if last >= 0 and changes[last] > first:
        yield Other("restated", stated, changes[last])


def _other_days(stated: Stated) -> Iterator[Other]:
    """Yield a stock at the start of the day, and on the day of publication.

    Not where the number is held against an earlier one: only one of the two would move.
    """
    if stated.derived in {"growth", "index", "yearly_mean"}:
        return
    day = stated.since - timedelta(days=1)
    yield Other("start_of_day", stated._replace(since=day, last_on=day))
    day = stated.published_on
    if day != stated.last_on:
        yield Other("day_published", stated._replace(since=day, last_on=day))


def _of_the_target(stated: Stated, known: Knowledge) -> Iterator[Other]:
    """Yield what was done over the target's own period, up to the last day of the figure."""
    aim = known.targets.get((str(stated.against), stated.basis))
    if aim is not None:
        since, last_on = aim.target.since, min(aim.target.last_on, stated.last_on)
        if (since, last_on) != (stated.since, stated.last_on) and since <= last_on:
            over = stated._replace(since=since, last_on=last_on, has_period=True)
            yield Other("target_period", over)
