"""Targets: what was done towards each, how far that is, and which units fall short.

``done`` counts over the target's own period, cut at the day asked. Completion is
100 · done / amount in per cent, exact (DOMAIN §4.7). However many targets are asked about,
they are counted together.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from projections.counting import Span, behind_on, can_count
from projections.exact import exact_text, plain_number, years_of
from projections.filters import FALLS_SHORT
from projections.measures import MEASURES, measure_of
from projections.questions import Question, answers, entries_behind
from projections.reading import Reading
from projections.targets_set import Target, in_force


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
    counts = done_towards(reading, [*questions, *bases.values()], basis)
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


# Units by what their targets are done to


class Laggard(NamedTuple):
    """A unit with targets done to less than a share."""

    unit: str
    no: int
    """The entry that founded it: what stands behind counting it."""
    targets: tuple[str, ...]


def units_done_to_less(
    reading: Reading,
    unit: str | None,
    day: date,
    share_percent: Fraction,
    *,
    filters: Mapping[str, Any] | None = None,
    basis: str = "ceremony",
) -> list[Laggard]:
    """Return the units under ``unit`` on a day that are behind with a target, by founding entry.

    That is what the filter ``completion_under`` means: at least one target in force on the
    day, whose period holds it, is done to less than ``share_percent`` by then. The unit itself
    counts, too, and a target that is itself about falling short does not. ``filters``: what
    else the units are narrowed by. Raises unknown_unit.
    """
    unit = reading.unit(unit, day)
    behind = behind_on(reading, MEASURES["units"], unit, day, filters=filters, keys=("unit",))
    reading.need("lives")
    lives = {
        key: (code, ended_on)
        for key, code, ended_on in reading.sql("SELECT unit, code, ended_on FROM lives")
    }
    units = {lives[key][0]: no for key, no in behind if not is_succeeded(reading, lives[key][1])}
    short: dict[str, list[str]] = defaultdict(list)
    # What a target for falling short is done to follows from the others, and never from itself.
    targets = [t for t in in_force(reading, units, day) if FALLS_SHORT not in t.filters]
    for item in progress(reading, targets, day, basis):
        if falls_short(item, share_percent):
            short[item.target.unit].append(item.target.target)
    return [Laggard(code, no, tuple(short[code])) for code, no in units.items() if code in short]


def done_towards(reading: Reading, questions: Sequence[Question], basis: str) -> list[int | None]:
    """Return ``questions.answers``, those about units that fall short among them."""
    found = answers(reading, questions, basis)
    for place, question in enumerate(questions):
        if FALLS_SHORT in question.filters:
            short = _short(reading, question, basis)
            found[place] = None if short is None else len(short)
    return found


def entries_towards(
    reading: Reading, questions: Sequence[Question], basis: str
) -> list[list[tuple[int, int]]]:
    """Return the entries behind each of ``done_towards``: number and how many it counts."""
    found = entries_behind(reading, questions, basis)
    for place, question in enumerate(questions):
        if FALLS_SHORT in question.filters:
            found[place] = [(unit.no, 1) for unit in _short(reading, question, basis) or ()]
    return found


def _short(reading: Reading, question: Question, basis: str) -> list[Laggard] | None:
    """Return the units that a question with ``FALLS_SHORT`` counts; None if nobody can."""
    filters = dict(question.filters)
    share = share_percent_of(filters.pop(FALLS_SHORT))
    if question.measure != "units" or share is None or not can_count("units", filters):
        return None
    unit, day = question.unit, question.span.last_on
    return units_done_to_less(reading, unit, day, share, filters=filters, basis=basis)


def share_percent_of(value: Any) -> Fraction | None:
    """Return the share that the filter ``FALLS_SHORT`` names; None for what is no number."""
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None


def is_succeeded(reading: Reading, ended_on: date) -> bool:
    """Return whether a restated reading counts under a successor all that a unit did."""
    return reading.units_as_of is not None and ended_on <= reading.units_as_of


def falls_short(item: Progress, share_percent: Fraction | None) -> bool:
    """Return whether a target is done to less than a share; none is if that is not known.

    Without a share every one is.
    """
    if share_percent is None:
        return True
    return item.completion is not None and item.completion < share_percent
