"""What a figure is computed from: the parts to count, and the exact number they make.

Every form of DESIGN §3 (``derived``) has one function here; what cannot be computed is said
as what is missing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from projections.counting import can_count
from projections.exact import growth, index, years_of
from projections.figures.counts import Part, narrowed
from projections.figures.narrower import both
from projections.figures.stated import Stated
from projections.filters import FALLS_SHORT, condition
from projections.targets import Progress, share_percent_of

What = Literal[
    "external",
    "unit",
    "day",
    "filter",
    "period",
    "against",
    "target",
    "amount",
    "base",
    "whole",
    "records",
]


class Missing(NamedTuple):
    """Why a figure cannot be checked; ``detail`` is the code or the day it is about."""

    what: What
    detail: str = ""


Numbers = Mapping[str, int]
"""The numbers of the parts by their names."""


class Plan(NamedTuple):
    """How a figure is computed: the first part is what it is about, others stand against it."""

    parts: dict[str, Part]
    formula: Callable[[Numbers], Fraction | Missing]
    also: tuple[int, ...] = ()
    """Entries that the number follows from beside those that are counted: that of a target."""
    told: tuple[tuple[str, Fraction], ...] = ()
    """Numbers that it is held against without counting them: of a target, or of years."""


class Life(NamedTuple):
    """The days of a unit: founded, and ended (the day after its last)."""

    founded_on: date
    ended_on: date

    def meets(self, since: date, last_on: date) -> bool:
        """Whether the unit existed at the end of any of the days; a single day's life is none."""
        first = max(self.founded_on, since)
        return first <= last_on and first < self.ended_on


class Knowledge(NamedTuple):
    """What plans are made from, beside the figures: all as of one day."""

    as_of: date
    lives: Mapping[str, Life]
    targets: Mapping[tuple[str, str], Progress]
    """Each target that a figure is held against, by code and basis, with what 100 % of it is."""
    units_as_of: date | None
    """The day of a restated reading."""
    reorganised_on: Sequence[date]
    """The days on which units began, ended or moved, in their order."""


def plan(stated: Stated, known: Knowledge, units_as_of: date | None = None) -> Plan | Missing:
    """Return how a figure is computed, or what is missing for it.

    A period is cut at the day that the report is as of. ``units_as_of``: what was before
    that day is read under the units that stood for its units then.
    """
    missing = _not_countable(stated, known, units_as_of or known.units_as_of)
    if missing is not None:
        return missing
    subject = Part(
        stated.measure,
        stated.unit,
        stated.since,
        min(stated.last_on, known.as_of),
        narrowed(stated.filters),
        stated.basis,
        units_as_of,
        over_period=stated.has_period,
    )
    return _FORMS[stated.derived](stated, subject, known)


def _not_countable(stated: Stated, known: Knowledge, restated: date | None) -> Missing | None:
    """Return why what a figure is about cannot be counted at all; None where it can."""
    if stated.measure == "external":
        return Missing("external")
    if unusable := _unusable(stated.measure, stated.filters):
        return Missing("filter", unusable)
    first = stated.last_on if stated.is_stock else stated.since
    if first > known.as_of:
        return Missing("day", first.isoformat())
    life = known.lives.get(stated.unit)
    spans = [(first, min(stated.last_on, known.as_of))] + (
        # Only days before that one are read under the units that stood on it.
        [(restated, restated)] if restated and first < restated else []
    )
    if life is None or not any(life.meets(*span) for span in spans):
        return Missing("unit", stated.unit)
    return None


def _unusable(measure: str, filters: Mapping[str, Any]) -> str:
    """Return the first filter that the measure cannot be narrowed by, empty if there is none.

    What a figure is held against is not checked at the door as strictly as its own filters.
    """
    for name, value in filters.items():
        try:
            if name == FALLS_SHORT and measure == "units":
                if share_percent_of(value) is None:
                    return name
            elif can_count(measure, {name: value}):
                condition({name: value})
            else:
                return name
        except (KeyError, TypeError, ValueError):
            return name
    return ""


# The forms


def _plain(stated: Stated, subject: Part, known: Knowledge) -> Plan | Missing:
    del stated, known
    return Plan({"count": subject}, lambda numbers: Fraction(numbers["count"]))


def _change(change: Callable[[int, int | None], Fraction | None]) -> Any:
    def against_earlier(stated: Stated, subject: Part, known: Knowledge) -> Plan | Missing:
        """Hold the number against the same one of the earlier period."""
        against = stated.against
        if not isinstance(against, dict) or set(against) != {"from", "to"}:
            return Missing("against")
        first, last = date.fromisoformat(against["from"]), date.fromisoformat(against["to"])
        if last > known.as_of:
            return Missing("day", last.isoformat())
        earlier = subject._replace(since=first, last_on=last)

        def formula(numbers: Numbers) -> Fraction | Missing:
            found = change(numbers["count"], numbers["earlier"])
            return Missing("base", f"{first}..{last}") if found is None else found

        return Plan({"count": subject, "earlier": earlier}, formula)

    return against_earlier


def _completion(less: int) -> Any:
    def of_target(stated: Stated, subject: Part, known: Knowledge) -> Plan | Missing:
        """Hold the number against what 100 % of a target is; a sub-quota narrows the number."""
        code = stated.against
        if not isinstance(code, str):
            return Missing("target")
        aim = known.targets.get((code, stated.basis))
        if aim is None or aim.target.measure != stated.measure:
            return Missing("target", code)
        wanted = aim.wanted
        if not wanted:
            return Missing("amount", code)
        narrower = both(aim.target.filters, stated.filters)
        if unusable := _unusable(stated.measure, narrower):
            return Missing("filter", unusable)
        return Plan(
            {"count": subject._replace(filters=narrowed(narrower))},
            lambda numbers: 100 * numbers["count"] / wanted - less,
            (aim.target.no,),
            (("target", wanted),),
        )

    return of_target


def _yearly_mean(stated: Stated, subject: Part, known: Knowledge) -> Plan | Missing:
    del known
    if not stated.has_period:
        return Missing("period")
    years = years_of(subject.since, subject.last_on)
    return Plan(
        {"count": subject}, lambda numbers: numbers["count"] / years, told=(("years", years),)
    )


def _share(stated: Stated, subject: Part, known: Knowledge) -> Plan | Missing:
    del known
    against = stated.against
    if not isinstance(against, dict) or not against or set(against) == {"from", "to"}:
        return Missing("against")
    if unusable := _unusable(stated.measure, against):
        return Missing("filter", unusable)
    part = subject._replace(filters=narrowed(both(stated.filters, against)))

    def formula(numbers: Numbers) -> Fraction | Missing:
        whole = numbers["whole"]
        return Fraction(100 * numbers["count"], whole) if whole else Missing("whole")

    return Plan({"count": part, "whole": subject}, formula)


_FORMS: dict[str | None, Callable[[Stated, Part, Knowledge], Plan | Missing]] = {
    None: _plain,
    "growth": _change(growth),
    "index": _change(index),
    "completion": _completion(0),
    "excess": _completion(100),
    "yearly_mean": _yearly_mean,
    "share": _share,
}
