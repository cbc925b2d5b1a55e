"""The verdict on a figure: what was stated, held against what is computed.

It goes by the stated reading. Only where that fails are the other readings tried: one that
holds makes the figure ambiguous (DESIGN §4).
"""

from fractions import Fraction
from typing import Literal, NamedTuple

from projections.figures.comparing import Rounding, holds, rounding
from projections.figures.counts import Behind, Counts, Part
from projections.figures.formulas import Knowledge, Missing, Plan, plan
from projections.figures.readings import Other, other_readings
from projections.figures.stated import Stated

Verdict = Literal["holds", "holds_after_rounding", "contradicted", "not_checkable", "ambiguous"]
VERDICTS: tuple[Verdict, ...] = (
    "holds",
    "holds_after_rounding",
    "contradicted",
    "not_checkable",
    "ambiguous",
)


class Held(NamedTuple):
    """Another reading, under which the figure holds."""

    reading: str
    computed: Fraction
    rounding: Rounding | None


class Judged(NamedTuple):
    """A figure with its verdict and what it rests on."""

    stated: Stated
    verdict: Verdict
    computed: Fraction | None
    """The number by the stated reading; None where it is not checkable."""
    missing: Missing | None
    rounding: Rounding | None
    readings: tuple[Held, ...]
    parts: dict[str, Part]
    """What was counted by the stated reading, by name; empty where it is not checkable."""
    numbers: dict[str, int]
    """The number of each of ``parts``."""
    behind: dict[str, Behind]
    """The entries behind each of ``parts``, where they were asked for."""
    also: tuple[int, ...]
    """Entries that it follows from beside those that are counted: that of a target."""
    told: tuple[tuple[str, Fraction], ...]
    """Numbers that it is held against without counting them: of a target, or of years."""


_NOTHING = Plan({}, lambda _: Missing("records"))


class _Outcome(NamedTuple):
    """What comes out of one reading of a figure."""

    computed: Fraction | None
    missing: Missing | None
    holds: bool
    rounding: Rounding | None


def judged(
    figures: list[Stated], known: Knowledge, counts: Counts, *, opened: bool
) -> list[Judged]:
    """Return the verdict on each figure, in their order; ``opened``: with the entries behind it.

    What several figures need is counted once, and everything of one kind together: first by
    the stated readings, then by the others of those that failed.
    """
    plans = [plan(stated, known) for stated in figures]
    counts.count(_parts(plans), opened=opened)
    outcomes = [_outcome(stated, made, counts) for stated, made in zip(figures, plans, strict=True)]
    others = [
        [] if _is_settled(outcome) else list(other_readings(stated, known))
        for stated, outcome in zip(figures, outcomes, strict=True)
    ]
    other_plans = [[plan(o.stated, known, o.units_as_of) for o in each] for each in others]
    # What the other readings leave out is no remark on this report.
    remarks = list(counts.reading.notes)
    counts.count(_parts([made for each in other_plans for made in each]))
    counts.reading.notes[:] = remarks
    found = []
    for place, stated in enumerate(figures):
        made, outcome = plans[place], outcomes[place]
        held = tuple(_held(others[place], other_plans[place], counts))
        shown = made if isinstance(made, Plan) and outcome.missing is None else _NOTHING
        found.append(
            Judged(
                stated=stated,
                verdict=_verdict(outcome, held),
                computed=outcome.computed,
                missing=outcome.missing,
                rounding=outcome.rounding,
                readings=held,
                parts=shown.parts,
                numbers={name: counts[part] for name, part in shown.parts.items()},
                behind={name: counts.behind(part) for name, part in shown.parts.items() if opened},
                also=shown.also,
                told=shown.told,
            )
        )
    return found


def _parts(plans: list[Plan | Missing]) -> list[Part]:
    return [part for made in plans if isinstance(made, Plan) for part in made.parts.values()]


def _outcome(stated: Stated, made: Plan | Missing, counts: Counts) -> _Outcome:
    """Return what a reading gives; a figure of which nothing is recorded is not checkable.

    But for one that says just that: zero where zero is counted.
    """
    if isinstance(made, Missing):
        return _Outcome(None, made, holds=False, rounding=None)
    computed = made.formula({name: counts[part] for name, part in made.parts.items()})
    if isinstance(computed, Missing):
        return _Outcome(None, computed, holds=False, rounding=None)
    numbers = stated.numbers
    is_held = holds(stated.comparator, numbers, computed)
    is_just_that = is_held and set(numbers) == {computed}
    if not is_just_that and not counts.is_recorded(made.parts["count"]):
        return _Outcome(None, Missing("records"), holds=False, rounding=None)
    may_round = stated.derived is not None and stated.comparator == "equal" and not is_held
    return _Outcome(
        computed,
        None,
        holds=is_held,
        rounding=rounding(stated.value[0], computed) if may_round else None,
    )


def _held(others: list[Other], plans: list[Plan | Missing], counts: Counts) -> list[Held]:
    found = []
    for other, made in zip(others, plans, strict=True):
        # What the book says nothing of speaks for no other reading, not even of zero.
        if isinstance(made, Missing) or not counts.is_recorded(made.parts["count"]):
            continue
        outcome = _outcome(other.stated, made, counts)
        if outcome.computed is not None and (outcome.holds or outcome.rounding):
            found.append(Held(other.reading, outcome.computed, outcome.rounding))
    return found


def _is_settled(outcome: _Outcome) -> bool:
    """Return whether no other reading can change the verdict."""
    return outcome.holds or outcome.rounding is not None or outcome.missing is not None


def _verdict(outcome: _Outcome, held: tuple[Held, ...]) -> Verdict:
    if outcome.holds:
        return "holds"
    if outcome.rounding is not None:
        return "holds_after_rounding"
    if outcome.missing is not None:
        return "not_checkable"
    return "ambiguous" if held else "contradicted"
