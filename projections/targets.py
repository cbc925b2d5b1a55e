"""Targets: which were in force, what was done towards them, and how far that is.

``done`` counts over the target's own period, cut at the day asked. Completion is
100 · done / amount in per cent, exact (DOMAIN §4.7).
"""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from projections.counting import Span, counted
from projections.exact import exact_text, plain_number, years_of
from projections.filters import read_filters
from projections.measures import MEASURES
from projections.reading import Reading


class Target(NamedTuple):
    """One target as it was set."""

    target: str
    unit: str
    measure: str
    form: str
    amount: tuple[str, ...]
    """The number, or the two ends of a range, as text."""
    base: str | dict[str, Any] | None
    filters: dict[str, Any]
    source: str
    since: date
    last_on: date


# Withdrawn or superseded by the day asked, a target is in force no more; what superseded
# it may itself have been withdrawn since.
_IN_FORCE = """
SELECT s.target, s.unit, s.measure, s.form, s.amount, s.base, s.filters, s.source,
       s.period_from, s.period_to
  FROM live AS s
 WHERE s.kind = 'target_set' AND s.unit = $unit AND s.effective_on <= $as_of
   AND s.period_from >= $since AND s.period_to <= $last_on
   AND NOT EXISTS (
       SELECT 1 FROM live AS w
        WHERE w.kind = 'target_withdrawn' AND w.target = s.target AND w.effective_on <= $as_of)
   AND NOT EXISTS (
       SELECT 1 FROM live AS r
        WHERE r.kind = 'target_set' AND r.supersedes = s.target AND r.effective_on <= $as_of)
 ORDER BY s.target
"""


def in_force(reading: Reading, unit: str, since: date, last_on: date, as_of: date) -> list[Target]:
    """Return the targets of ``unit`` itself whose period lies within the days given, by code."""
    reading.need("live")
    found = reading.sql(_IN_FORCE, unit=unit, since=since, last_on=last_on, as_of=as_of)
    return [
        Target(
            target=row[0],
            unit=row[1],
            measure=row[2],
            form=row[3],
            amount=_amounts(row[4]),
            base=_base(row[5]),
            filters=read_filters(row[6]),
            source=row[7],
            since=row[8],
            last_on=row[9],
        )
        for row in found
    ]


def _amounts(text: str) -> tuple[str, ...]:
    return tuple(map(str, json.loads(text))) if text.startswith("[") else (text,)


def _base(text: str | None) -> str | dict[str, Any] | None:
    if text is None or not text.startswith("{"):
        return text
    return dict(json.loads(text))


def progress(reading: Reading, target: Target, as_of: date, basis: str) -> dict[str, Any]:
    """Return a row ``target, source, measure, form, amount, done, completion``.

    ``amount`` is one number, or two for a range; ``completion`` is exact, as text, and None
    where the denominator is unknown or 0; ``done`` is None for what the book cannot count.
    """
    span = Span(target.since, min(target.last_on, as_of), as_of)
    done = counted(reading, target.measure, target.unit, span, filters=target.filters, basis=basis)
    if done is None:
        reading.note("not_counted", measure=target.measure, target=target.target)
    wanted = _wanted(reading, target, as_of, basis)
    completion = Fraction(100 * done) / wanted if done is not None and wanted else None
    amounts = [plain_number(text) for text in target.amount]
    return {
        "target": target.target,
        "source": target.source,
        "measure": target.measure,
        "form": target.form,
        "amount": amounts if target.form == "range" else amounts[0],
        "done": done,
        "completion": exact_text(completion),
    }


def _wanted(reading: Reading, target: Target, as_of: date, basis: str) -> Fraction | None:
    """Return what 100 % is: the amount, a range's lower bound, and so on (DESIGN §4)."""
    amount = Fraction(target.amount[0])
    if target.form == "yearly_mean":
        return amount * years_of(target.since, target.last_on)
    if target.form == "rate":
        base = _base_count(reading, target, as_of, basis)
        return None if base is None else amount * base / 100
    return amount


def _base_count(reading: Reading, target: Target, as_of: date, basis: str) -> Fraction | None:
    """Return what a rate is a rate of; None when that is not said, or lies in the future."""
    if target.base is None:
        return None
    if isinstance(target.base, str):
        return Fraction(target.base)
    measure = target.base.get("measure", "members")
    unit = target.base.get("unit", target.unit)
    days = _base_days(target.base, is_stock=measure in MEASURES and MEASURES[measure].is_stock)
    if days is None or days[1] > as_of:
        return None
    found = counted(reading, measure, unit, Span(*days, as_of), basis=basis)
    return None if found is None else Fraction(found)


def _base_days(base: Mapping[str, Any], *, is_stock: bool) -> tuple[date, date] | None:
    """Return first and last day of a base: one day for a stock, None if they are not given."""
    if is_stock:
        day = base.get("as_of") or base.get("period", {}).get("to")
        return (date.fromisoformat(day), date.fromisoformat(day)) if day else None
    period = base.get("period")
    if period is None:
        return None
    return date.fromisoformat(period["from"]), date.fromisoformat(period["to"])
