"""What became of units: founded, renamed, reclassified, moved, split, merged and dissolved.

A unit passes on to another when it merges, when it is dissolved with its members going
there, and when it splits. From a unit its predecessors and successors are followed over
any number of these, forward in time only: what a unit did before it took over from another
is no part of that one's lineage.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from projections.reading import Reading

COLUMNS = ("unit", "on", "event", "other", "name", "type", "sector", "cause", "no")
RELATIONS = ("predecessor", "itself", "successor")
_PASSING = frozenset({"unit_merged", "unit_dissolved", "unit_split"})
_EVENTS = """
SELECT unit, effective_on, kind, coalesce("into", members_to, parent), name, type, sector, cause, no
  FROM live
 WHERE kind IN (
    'unit_founded', 'unit_renamed', 'unit_reclassified', 'unit_moved',
    'unit_merged', 'unit_split', 'unit_dissolved'
 ) AND effective_on <= $as_of
 ORDER BY effective_on, place
"""


class Event(NamedTuple):
    """One thing that happened to a unit."""

    unit: str
    on: date
    event: str
    """The kind of the entry."""
    other: str | None
    """The unit that it went to, or that it was put under; of a split, one of them."""
    name: str | None
    type: str | None
    sector: str | None
    cause: str | None
    no: int

    @property
    def passes(self) -> bool:
        """Whether people or tasks go from the unit to the other by it."""
        return self.event in _PASSING and self.other is not None


def lineage(reading: Reading, unit: str | None, as_of: date) -> list[dict[str, Any]]:
    """Return what happened to units up to a day, in the order of the days.

    Rows ``COLUMNS``, a split one row for each unit that came out of it. With ``unit`` only
    what belongs to its lineage, and ``relation`` says whose it is: of its predecessors until
    they passed on, its own, and of its successors from then on, with their founding.
    Raises unknown_unit.
    """
    reading.need("live")
    events = [
        Event(code, on, kind, other, *rest)
        for code, on, kind, others, *rest in reading.sql(_EVENTS, as_of=as_of)
        for other in _units(kind, others)
    ]
    if unit is None:
        return [event._asdict() for event in events]
    reading.life(unit)
    until = _reached(unit, _steps(events, backward=True), date.max, backward=True)
    since = _reached(unit, _steps(events, backward=False), date.min, backward=False)
    rows = []
    for event in events:
        relation = None
        if event.unit == unit:
            relation = "itself"
        elif event.unit in since and (
            event.on >= since[event.unit] or event.event == "unit_founded"
        ):
            relation = "successor"
        elif event.unit in until and event.on <= until[event.unit]:
            relation = "predecessor"
        if relation:
            rows.append({"relation": relation, **event._asdict()})
    return rows


def _units(kind: str, text: str | None) -> Sequence[str | None]:
    """Return the units that an entry names: those of a split are kept as JSON."""
    return list(json.loads(text)) if kind == "unit_split" and text else [text]


Steps = Mapping[str, Sequence[tuple[str, date]]]


def _steps(events: Iterable[Event], *, backward: bool) -> Steps:
    """Return for each unit those that it passed on to, and when; backward: that it came from."""
    found: dict[str, list[tuple[str, date]]] = {}
    for event in events:
        if event.passes and event.other is not None:
            here, there = (event.other, event.unit) if backward else (event.unit, event.other)
            found.setdefault(here, []).append((there, event.on))
    return found


def _reached(unit: str, steps: Steps, start: date, *, backward: bool) -> dict[str, date]:
    """Return every unit that is reached from ``unit``, with the earliest day (backward: latest).

    Each step is on the day of the one before it or later (backward: or earlier). A unit that
    split off may come back; the days bound the walk, so that it ends.
    """
    reached = {unit: start}
    waiting = [unit]
    while waiting:
        here = waiting.pop()
        for there, on in steps.get(here, ()):
            follows = on <= reached[here] if backward else on >= reached[here]
            known = reached.get(there)
            is_wider = known is None or (on > known if backward else on < known)
            if follows and is_wider and there != unit:
                reached[there] = on
                waiting.append(there)
    del reached[unit]
    return reached
