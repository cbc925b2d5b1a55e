"""Targets: which were in force, what was done towards them, and how far that is.

``done`` counts over the target's own period, cut at the day asked. Completion is
100 · done / amount in per cent, exact (DOMAIN §4.7). However many targets are asked about,
they are counted together.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from projections.counting import Span
from projections.exact import exact_text, plain_number, years_of
from projections.filters import read_filters
from projections.measures import MEASURES, measure_of
from projections.questions import Question, answers
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


class Progress(NamedTuple):
    """A target with what was done towards it."""

    target: Target
    done: int | None
    """None for what the book cannot count."""
    wanted: Fraction | None
    """What 100 % is; None where it is not known."""

    @property
    def completion(self) -> Fraction | None:
        """Completion in per cent; None where a part of it is unknown, or nothing is wanted."""
        if self.done is None or not self.wanted:
            return None
        return 100 * self.done / self.wanted


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


def question_of(target: Target, as_of: date) -> Question:
    """Return the question whose answer is what was done towards a target by a day."""
    span = Span(target.since, min(target.last_on, as_of), as_of)
    return Question(target.measure, target.unit, span, target.filters)


def progress(
    reading: Reading, targets: Sequence[Target], as_of: date, basis: str
) -> list[Progress]:
    """Return what was done towards each of ``targets`` by the end of a day, in their order."""
    questions = [question_of(target, as_of) for target in targets]
    bases = {
        place: question
        for place, target in enumerate(targets)
        if (question := _base_question(target, as_of)) is not None
    }
    counts = answers(reading, [*questions, *bases.values()], basis)
    of_bases = dict(zip(bases, counts[len(targets) :], strict=True))
    found = []
    for place, (target, done) in enumerate(zip(targets, counts, strict=False)):
        if done is None:
            reading.note("not_counted", measure=target.measure, target=target.target)
        found.append(Progress(target, done, _wanted(target, of_bases.get(place))))
    return found


def row_of(item: Progress) -> dict[str, Any]:
    """Return a row ``target, source, measure, form, amount, done, completion``.

    ``amount`` is one number, or two for a range; ``completion`` is exact, as text, and None
    where the denominator is unknown or 0.
    """
    target = item.target
    amounts = [plain_number(text) for text in target.amount]
    return {
        "target": target.target,
        "source": target.source,
        "measure": target.measure,
        "form": target.form,
        "amount": amounts if target.form == "range" else amounts[0],
        "done": item.done,
        "completion": exact_text(item.completion),
    }


def _wanted(target: Target, base: int | None) -> Fraction | None:
    """Return what 100 % is: the amount, a range's lower bound, and so on (DESIGN §4).

    ``base`` is the count that a rate is a rate of, where it is counted.
    """
    amount = Fraction(target.amount[0])
    if target.form == "yearly_mean":
        return amount * years_of(target.since, target.last_on)
    if target.form == "rate":
        number = target.base if isinstance(target.base, str) else base
        return None if number is None else amount * Fraction(number) / 100
    return amount


def _base_question(target: Target, as_of: date) -> Question | None:
    """Return what has to be counted for a rate; None if nothing, or if it lies in the future."""
    base = target.base
    if target.form != "rate" or not isinstance(base, Mapping):
        return None
    measure = base.get("measure", "members")
    is_day = "as_of" in base
    of_day = measure in MEASURES and measure_of(measure, over_period=not is_day).is_stock
    days = _base_days(base, is_stock=of_day)
    if days is None or days[1] > as_of:
        return None
    return Question(measure, base.get("unit", target.unit), Span(*days, as_of, is_day), {})


def _base_days(base: Mapping[str, Any], *, is_stock: bool) -> tuple[date, date] | None:
    """Return first and last day of a base: one day for a stock, None if they are not given."""
    if is_stock:
        day = base.get("as_of") or base.get("period", {}).get("to")
        return (date.fromisoformat(day), date.fromisoformat(day)) if day else None
    period = base.get("period")
    if period is None:
        return None
    return date.fromisoformat(period["from"]), date.fromisoformat(period["to"])
