"""The life of a unit as a pure function of its entries, and the tree of units in time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from ledger.catalogue import Entry, kind_of
from ledger.errors import Problem
from ledger.lifecycle.person import NO_CORRECTIONS, Places, in_order

ENDING = frozenset({"unit_merged", "unit_dissolved"})
STRUCTURE = ENDING | {"unit_founded", "unit_moved"}


class Edge(NamedTuple):
    """From a day on, a unit lies under a parent, as the entry named it; None at the top."""

    since: date
    parent: str | None
    entry: Entry


class Life(Struct, frozen=True):
    """From when to when a unit exists, and under what it was put."""

    founded: Entry
    ended: Entry | None
    """The entry that ended it: the unit exists up to the day before."""
    heir: str | None
    """The unit that took its people and sub-units when it ended."""
    edges: tuple[Edge, ...]
    """When it was put under which parent, in the order of the days."""

    @property
    def ended_on(self) -> date:
        """The first day on which the unit no longer exists; ``date.max`` if it goes on."""
        return self.ended.effective_on if self.ended else date.max


class _Growing:
    """The life of a unit as far as its entries have been read."""

    def __init__(self, opener: Entry | None) -> None:
        self.opener = opener
        self.founded: Entry | None = None
        self.ended: Entry | None = None
        self.heir: str | None = None
        self.edges: list[Edge] = []

    def take(self, entry: Any) -> None:
        """Add one entry; raise a Problem when it cannot follow those before it."""
        kind = kind_of(entry)
        if getattr(entry, "parent", None) == entry.unit:
            raise Problem("under_itself", unit=entry.unit)
        if kind == "unit_founded":
            if self.founded:
                raise Problem("already_there", what="unit", value=entry.unit, clash=self.founded)
            self.founded = entry
            self.edges.append(Edge(entry.effective_on, entry.parent, entry))
            return
        self._check_alive(kind, entry)
        if kind == "unit_moved":
            self.edges.append(Edge(entry.effective_on, entry.parent, entry))
        elif kind in ENDING:
            self.ended = entry
            self.heir = entry.into if kind == "unit_merged" else entry.members_to
            if self.heir == entry.unit:
                raise Problem("merged_into_itself", unit=entry.unit)
        elif kind == "unit_reclassified" and not (entry.type or entry.sector):
            raise Problem("nothing_changes", kind=kind, unit=entry.unit)

    def _check_alive(self, kind: str, entry: Any) -> None:
        about: dict[str, Any] = {"value": entry.unit, "on": entry.effective_on}
        if self.opener is None:
            raise Problem("unknown_unit", suggestion="", **about)
        if kind == "unnamed_counted" and entry.period:
            return  # a flow may still be counted after the unit has ended
        if self.founded is None:
            raise Problem("unit_not_yet", clash=self.opener, **about)
        if self.ended is not None:
            raise Problem("unit_ended", clash=self.ended, **about)


def life_of(entries: Iterable[Entry], places: Places = NO_CORRECTIONS) -> Life | None:
    """Return the life of one unit, None if it was never founded.

    ``entries`` are those of its stream that count. Raises a Problem, whose ``entry`` names
    the culprit, when they are no possible history of one unit.
    """
    ordered = in_order(entries, places)
    opener = next((entry for entry in ordered if kind_of(entry) == "unit_founded"), None)
    life = _Growing(opener)
    for entry in ordered:
        try:
            life.take(entry)
        except Problem as problem:
            problem.entry = entry
            raise
    if life.founded is None:
        return None
    return Life(life.founded, life.ended, life.heir, tuple(life.edges))


class Tree:
    """The units of a book in time; lives are looked up when they are asked for.

    ``life``: returns the life of a unit, None if there is no such unit.
    """

    def __init__(self, life: Callable[[str], Life | None]) -> None:
        self.life = life

    def heir_on(self, unit: str, day: date) -> str:
        """Return who holds the people of ``unit`` at the end of ``day``: mostly itself.

        Raises heirs_in_circle when they would come back to a unit that ended before.
        """
        first, seen = unit, {unit}
        life = self.life(unit)
        while life and life.heir and life.ended_on <= day:
            if life.heir in seen:
                about = {"on": life.ended_on, "value": unit, "clash": life.ended}
                raise Problem("heirs_in_circle", unit=first, **about)
            unit = life.heir
            seen.add(unit)
            life = self.life(unit)
        return unit

    def parent_on(self, unit: str, day: date) -> str | None:
        """Return the unit directly above at the end of ``day``, None at the top."""
        edge = self.edge_on(unit, day)
        return self.heir_on(edge.parent, day) if edge and edge.parent else None

    def edge_on(self, unit: str, day: date) -> Edge | None:
        """Return what puts ``unit`` where it lies at the end of ``day``."""
        life = self.life(unit)
        edges = [edge for edge in life.edges if edge.since <= day] if life else []
        return edges[-1] if edges else None

    def above(self, unit: str, day: date) -> Iterator[str]:
        """Yield the units above ``unit`` at the end of ``day``, from the next one up.

        Raises unit_cycle when the unit would lie under itself.
        """
        seen = {unit}
        below, parent = unit, self.parent_on(unit, day)
        while parent:
            if parent in seen:
                edge = self.edge_on(below, day)
                clash = edge.entry if edge else None
                raise Problem("unit_cycle", unit=unit, on=day, value=below, clash=clash)
            seen.add(parent)
            yield parent
            below, parent = parent, self.parent_on(parent, day)

    def lost(self, unit: str) -> Entry | None:
        """Return the entry that leaves people or sub-units of ``unit`` without a unit.

        None when they are held for good, by the unit or by whoever takes its place. Raises
        heirs_in_circle.
        """
        life = self.life(self.heir_on(unit, date.max))
        return life.ended if life else None
