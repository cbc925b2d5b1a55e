"""What a change does to other streams: from changed streams to the entries that rest on them.

``references.py`` looks the other way, from an entry to what it names.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.catalogue import KINDS, Entry, kind_of
from ledger.errors import Problem
from ledger.lifecycle.person import Status, timeline
from ledger.lifecycle.references import check_references
from ledger.lifecycle.unit import STRUCTURE, Life, life_of

if TYPE_CHECKING:
    from ledger.lifecycle.held import Change
    from ledger.lifecycle.timelines import Timelines

_OPENERS = {
    "class": "class_opened",
    "target": "target_set",
    "operator": "operator_enrolled",
    "book": "book_restored",
}
_ONLY_ONCE = frozenset({"class_opened", "target_set", "figure_stated"})


def check_held(timelines: "Timelines", status: Status, until: date = date.max) -> None:
    """Raise unit_ended when a member would be in a unit after its end.

    The member is placed by ``status`` until the day ``until``.
    """
    if not status.is_member:
        return
    lost = timelines.tree.lost(status.unit)
    if lost is not None and lost.effective_on < until:
        problem = Problem("unit_ended", value=status.unit, on=lost.effective_on, clash=lost)
        problem.entry = status.placed
        raise problem


def _check_person(timelines: "Timelines", person: str) -> None:
    """Check a person's whole timeline, and that they are in a unit all along."""
    steps = timeline(timelines.live(f"person/{person}"), timelines.places)
    until = date.max
    for entry, status in reversed(steps):
        check_held(timelines, status, until)
        until = entry.effective_on


def _check_unit_stream(timelines: "Timelines", unit: str) -> None:
    """Check a unit's life, and that it hangs under living units without a circle."""
    life = timelines.life(unit)
    if life is None:
        return
    limits = [edge.since for edge in life.edges[1:]] + [life.ended_on]
    for (_, parent, entry), until in zip(life.edges, limits, strict=True):
        lost = timelines.tree.lost(parent) if parent else None
        if lost is not None and lost.effective_on < min(until, life.ended_on):
            problem = Problem("unit_ended", value=parent, on=lost.effective_on, clash=lost)
            problem.entry = entry
            raise problem


def _check_no_circle(timelines: "Timelines", unit: str, day: date) -> None:
    """Follow what lies above ``unit`` from ``day`` on, at every day on which it changes.

    From its end on its heir is followed: that is what its sub-units lie under then.
    """
    while True:
        holder = timelines.tree.heir_on(unit, day)
        chain = [holder, *timelines.tree.above(holder, day)]
        changes: list[date] = []
        for code in chain:
            life = timelines.life(code)
            if life is not None:
                changes += [edge.since for edge in life.edges]
                if life.ended:
                    changes.append(life.ended_on)
        later = [change for change in changes if change > day]
        if not later:
            return
        day = min(later)


def _check_others(prefix: str, code: str, entries: list[Entry]) -> None:
    """Check the stream of a class, target, figure or operator."""
    opened: Entry | None = None
    for entry in entries:
        if kind_of(entry) in _ONLY_ONCE and opened is not None:
            problem = Problem("already_there", what=prefix, value=code, clash=opened)
            problem.entry = entry
            raise problem
        if opened is None:
            if kind_of(entry) not in {_OPENERS.get(prefix), "figure_stated"}:
                raise _not_opened(prefix, code, entry, entries)
            opened = entry


def _not_opened(prefix: str, code: str, entry: Entry, entries: list[Entry]) -> Problem:
    later = [other for other in entries if kind_of(other) == _OPENERS[prefix]]
    if prefix == "target" and later:
        problem = Problem("target_not_yet", value=code, on=entry.effective_on, clash=later[0])
    else:
        problem = Problem(f"unknown_{prefix}", value=code, suggestion="")
    problem.entry = entry
    return problem


def _predecessors(timelines: "Timelines", unit: str) -> list[str]:
    """Return ``unit`` and every unit whose people it has taken over, directly or not."""
    found = [unit]
    for code in found:
        for entry in timelines.naming(f"unit/{code}"):
            taken: Any = entry
            heir = getattr(taken, "into", None) or getattr(taken, "members_to", None)
            if heir == code and taken.unit not in found:
                found.append(taken.unit)
    return found


def _stock_left(entries: Iterable[Any]) -> int:
    """Return how many unnamed members the last counts of a unit's stream leave in it."""
    last: dict[str, int] = {}
    for entry in entries:
        if kind_of(entry) == "unnamed_counted" and entry.as_of and entry.measure == "members":
            last[repr(entry.filters)] = entry.count
    return sum(last.values())


def _check_emptied(timelines: "Timelines", unit: str) -> None:
    """Raise unit_not_empty when unnamed members of ``unit`` are lost with the last heir."""
    ended = timelines.tree.lost(unit)
    if ended is None:
        return
    last: Any = ended
    for code in _predecessors(timelines, last.unit):
        count = _stock_left(timelines.live(f"unit/{code}"))
        if count:
            problem = Problem(
                "unit_not_empty",
                unit=last.unit,
                on=ended.effective_on,
                what="unnamed members",
                value=count,
            )
            problem.entry = ended
            raise problem


def _check_resting_on_unit(timelines: "Timelines", unit: str) -> None:
    """Check again everything that names ``unit`` or a unit it has taken over.

    People are looked at only when the last heir has ended, too: else nobody loses a unit.
    """
    people: dict[str, None] = {}
    units: dict[str, None] = {}
    for code in _predecessors(timelines, unit):
        for entry in timelines.naming(f"unit/{code}"):
            _blame(timelines, entry)
            named: Any = entry
            if KINDS[kind_of(entry)].stream == "person":
                people[named.person] = None
            elif kind_of(entry) in STRUCTURE:
                units[named.unit] = None
    if timelines.tree.lost(unit) is not None:
        for person in people:
            _check_person(timelines, person)
    for code in units:
        _check_unit_stream(timelines, code)


def _blame(timelines: "Timelines", entry: Entry) -> None:
    """Check what a recorded entry names; a Problem says which entry it is about."""
    try:
        check_references(timelines, entry)
    except Problem as problem:
        problem.entry = entry
        raise


def _shape(life: Life | None) -> tuple[Any, ...] | None:
    return (life.founded.effective_on, life.ended_on, life.heir) if life else None


def check(
    timelines: "Timelines", change: "Change", touched: set[str], before: dict[str, list[Entry]]
) -> None:
    """Check every stream that ``change`` touched and all that rests on them.

    ``before``: the entries of those streams without the change. Raises a Problem; its
    ``entry`` is the recorded entry that would become impossible, if it is not the new one.
    """
    for stream_id in touched:
        try:
            _check_stream(timelines, stream_id)
        except Problem as problem:
            raise _not_emptied(problem, change) from None
    if change.added:
        check_references(timelines, change.entry)
    for entry in (change.entry, change.removed):
        if entry is not None and kind_of(entry) in STRUCTURE:
            _check_structure(timelines, entry)
    for stream_id in touched:
        _check_resting_on(timelines, change, stream_id, before[stream_id])


def _check_resting_on(
    timelines: "Timelines", change: "Change", stream_id: str, before: list[Entry]
) -> None:
    """Check again the entries that rest on a stream that was touched."""
    prefix, _, code = stream_id.partition("/")
    if prefix == "unit":
        _check_emptied(timelines, code)
        # Before a unit is there, nothing can name it.
        if before and _shape(timelines.life(code)) != _shape(life_of(before, timelines.places)):
            _check_ending(timelines, change, code)
    elif before:
        for entry in timelines.naming(stream_id):
            _blame(timelines, entry)


def _not_emptied(problem: Problem, change: "Change") -> Problem:
    """Return what to say of ``problem``, found in a stream that ``change`` touched.

    When neither the end of a unit nor the entry that put somebody there is new, it is the
    end that becomes impossible: somebody would still be there.
    """
    held: Any = problem.entry
    if problem.code != "unit_ended" or held in (None, change.entry) or not hasattr(held, "person"):
        return problem
    ended: Entry = problem.values["clash"]
    found = Problem(
        "unit_not_empty",
        unit=problem.values["value"],
        on=ended.effective_on,
        what="members",
        value=held.person,
    )
    found.entry = ended
    return found


def _check_stream(timelines: "Timelines", stream_id: str) -> None:
    """Check one stream by itself."""
    prefix, _, code = stream_id.partition("/")
    if prefix == "person":
        _check_person(timelines, code)
    elif prefix == "unit":
        timelines.life(code)
    else:
        _check_others(prefix, code, timelines.live(stream_id))


def _check_structure(timelines: "Timelines", entry: Any) -> None:
    """Check the tree above the units that a founding, move or ending has to do with."""
    for name in ("unit", "parent", "into", "members_to"):
        code = getattr(entry, name, None)
        if code and timelines.life(code):
            _check_unit_stream(timelines, code)
            _check_no_circle(timelines, code, entry.effective_on)


def _check_ending(timelines: "Timelines", change: "Change", unit: str) -> None:
    """Check what rests on a unit whose life is another now."""
    entry: Any = change.entry
    dissolving = kind_of(entry) == "unit_dissolved" and not entry.members_to
    try:
        _check_resting_on_unit(timelines, unit)
    except Problem as problem:
        clash: Any = problem.values.get("clash")
        if dissolving and problem.code == "unit_ended" and clash is entry and problem.entry:
            held: Any = problem.entry
            if held.effective_on < entry.effective_on:
                raise Problem(
                    "unit_not_empty",
                    unit=unit,
                    on=entry.effective_on,
                    what="members" if hasattr(held, "person") else "sub-units",
                    value=held.person if hasattr(held, "person") else held.unit,
                ) from problem
        raise
