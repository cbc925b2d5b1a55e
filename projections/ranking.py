"""Targets ranked by completion, over the units below one."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from projections.exact import exact_text
from projections.opening import Behind, opened
from projections.pace import course, elapsed, met, pace
from projections.reading import Reading
from projections.targets import (
    Progress,
    entries_towards,
    falls_short,
    is_succeeded,
    progress,
    question_of,
    row_of,
)
from projections.targets_set import in_force


class Selection(NamedTuple):
    """Which targets of a unit, and of those below it, are meant."""

    since: date | None = None
    """Their period begins on this day or later; without either end it holds the day asked."""
    last_on: date | None = None
    measure: str | None = None
    is_own: bool = False
    """Whether only those of the unit itself are."""
    under: Fraction | None = None
    """Only those done to less than so many per cent; an unknown completion is none of them."""


class Ranked(NamedTuple):
    """A target with its progress and its rank among those asked for; None without completion."""

    rank: int | None
    progress: Progress


ALL = Selection()


def ranked(
    reading: Reading,
    unit: str | None,
    as_of: date,
    selection: Selection = ALL,
    *,
    basis: str = "ceremony",
) -> list[Ranked]:
    """Return the targets of ``unit`` and of all units below it, the best completion first.

    Equal completions share a rank, and the next one counts them all: 1, 1, 3; inside a rank
    by target. Those without a completion come last. The units are those under it at the end
    of the day asked, or of ``selection.last_on`` if that is earlier, and those that had ended
    by then under it: their targets are frozen. Raises unknown_unit.
    """
    unit = reading.unit(unit, as_of)
    on = min(as_of, selection.last_on or as_of)
    reading.note_life(unit, on)
    units = _units(reading, unit, on)
    if selection.is_own and unit is not None:
        units = {code: ended_on for code, ended_on in units.items() if code == unit}
    targets = [
        target
        for target in in_force(reading, units, as_of, selection.since, selection.last_on)
        if selection.measure in (None, target.measure)
    ]
    kept = [target for target in targets if not is_succeeded(reading, units[target.unit])]
    if len(kept) < len(targets):
        reading.note("targets_succeeded", count=len(targets) - len(kept), on=reading.units_as_of)
    frozen = sum(units[target.unit] <= on for target in kept)
    if frozen:
        reading.note("targets_frozen", count=frozen, on=on)
    found = _in_order(progress(reading, kept, as_of, basis))
    unknown = sum(item.progress.wanted is None for item in found)
    if unknown:
        reading.note("base_unknown", count=unknown)
    return [item for item in found if falls_short(item.progress, selection.under)]


_UNITS = """
SELECT DISTINCT l.code, l.ended_on
  FROM under AS b
  JOIN lives AS l ON l.unit = b.unit
 WHERE b.top = $top
   AND ((b.since <= $day AND b.until > $day)
        OR (l.ended_on <= $day AND b.until = l.ended_on))
"""


def _units(reading: Reading, unit: str | None, on: date) -> dict[str, date]:
    """Return the units under one on a day, and those that ended under it by then: when."""
    top = reading.under(unit)
    reading.need("lives")
    return dict(reading.sql(_UNITS, top=top, day=on))


def _in_order(items: Sequence[Progress]) -> list[Ranked]:
    def key(item: Progress) -> tuple[bool, Fraction, str]:
        completion = item.completion
        return completion is None, -(completion or Fraction(0)), item.target.target

    found: list[Ranked] = []
    for place, item in enumerate(sorted(items, key=key), 1):
        rank: int | None = place
        if item.completion is None:
            rank = None
        elif found and found[-1].progress.completion == item.completion:
            rank = found[-1].rank
        found.append(Ranked(rank, item))
    return found


def rows(items: Sequence[Ranked], *, paced_on: date | None = None) -> list[dict[str, Any]]:
    """Return rows ``rank, unit, target, source, measure, form, amount, done, completion``.

    With ``paced_on``, the day asked, also ``elapsed`` and ``pace`` in per cent, exact and as
    text, ``course`` (ahead, on_time, behind) and ``met`` (met, not_met, above_range).
    """
    found = []
    for item in items:
        row = row_of(item.progress)
        row = {"rank": item.rank, "unit": item.progress.target.unit, **row}
        if paced_on is not None:
            speed = pace(item.progress, paced_on)
            row["elapsed"] = exact_text(elapsed(item.progress.target, paced_on))
            row["pace"] = exact_text(speed)
            row["course"] = course(speed)
            row["met"] = met(item.progress)
        found.append(row)
    return found


def entry_rows(
    reading: Reading, items: Sequence[Ranked], as_of: date, *, basis: str = "ceremony"
) -> list[dict[str, Any]]:
    """Return the entries behind what is done towards each target, as ``opened`` gives them."""
    targets = [item.progress.target for item in items]
    behind = entries_towards(reading, [question_of(target, as_of) for target in targets], basis)
    return opened(
        reading,
        [
            Behind({"target": target.target}, no, how_many)
            for target, entries in zip(targets, behind, strict=True)
            for no, how_many in entries
        ],
    )
