"""The pace of a target: what is done, held against the part of its period that has passed."""

from datetime import date
from fractions import Fraction

from projections.measures import MEASURES, measure_of
from projections.targets import Progress
from projections.targets_set import Target

MET, NOT_MET, ABOVE = "met", "not_met", "above_range"
"""Whether a target is met: above the upper end of a range it is met, and more."""
AHEAD, ON_TIME, BEHIND = "ahead", "on_time", "behind"
_STEADY_PERCENT = 100
_LEAST_SHARE = {"about": Fraction(95, 100), "nearly": Fraction(90, 100)}
"""How much of the amount is enough where the words do not ask for all of it (DESIGN §4)."""


def elapsed(target: Target, as_of: date) -> Fraction:
    """Return how much of a target's period has passed by the end of a day, in per cent of its days.

    0 before the period, 100 from its last day on.
    """
    whole = (target.last_on - target.since).days + 1
    passed = (min(as_of, target.last_on) - target.since).days + 1
    return Fraction(100 * max(passed, 0), whole)


def pace(item: Progress, as_of: date) -> Fraction | None:
    """Return completion as a share of what has passed, in per cent: over 100 is ahead.

    None before the period begins, without a completion, and for a stock: what is there on a
    day does not grow from nothing.
    """
    passed = elapsed(item.target, as_of)
    name = item.target.measure
    if not passed or item.completion is None or name not in MEASURES or measure_of(name).is_stock:
        return None
    return 100 * item.completion / passed


def course(pace_percent: Fraction | None) -> str | None:
    """Return ahead, on_time or behind."""
    if pace_percent is None:
        return None
    if pace_percent == _STEADY_PERCENT:
        return ON_TIME
    return AHEAD if pace_percent > _STEADY_PERCENT else BEHIND


def met(item: Progress) -> str | None:
    """Return whether what is done is what the target asks for; None where that is unknown.

    Its own words decide: ``over`` asks for more than the amount, ``under`` for less,
    ``about`` for 95 % of it and ``nearly`` for 90 %; any other for the amount itself. A range
    asks for its lower end.
    """
    if item.done is None or item.wanted is None:
        return None
    done, comparator = Fraction(item.done), item.target.comparator
    if comparator == "over":
        enough = done > item.wanted
    elif comparator == "under":
        enough = done < item.wanted
    else:
        enough = done >= item.wanted * _LEAST_SHARE.get(comparator or "", 1)
    if enough and item.target.form == "range" and done > Fraction(item.target.amount[1]):
        return ABOVE
    return MET if enough else NOT_MET
