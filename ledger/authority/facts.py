"""Where things lie, as far as the log goes: what the scope of an operator is held against.

Unlike the lifecycle it asks in the order of numbers, not of days: who was entitled when an
entry was recorded does not change with what is recorded later (docs/trust/operators.md).
"""

from collections.abc import Callable, Iterable
from typing import Any

from ledger.catalogue import Entry, kind_of
from ledger.catalogue.record import Voided
from ledger.lifecycle.effects import effect_of

_TOP = ""
"""Stands for what lies under nothing."""
_ABOVE = {
    "unit_founded": "parent",
    "unit_moved": "parent",
    "unit_merged": "into",
    "unit_dissolved": "members_to",
    "class_opened": "organiser",
    "target_set": "unit",
    "figure_stated": "unit",
}
"""The field by which an entry puts a unit under another, a class or target under a unit."""


def displaced_by(entry: Any) -> int | None:
    """Return the number of the entry that ``entry`` voids or corrects, None if it does not."""
    displaced: int | None = entry.entry if type(entry) is Voided else entry.corrects
    return displaced


class Facts:
    """Under what each stream lies: a person, a unit, a class, a target, a figure.

    ``load`` returns the entries of a stream that are in the log before all that is added;
    ``dead`` those numbers of some that no longer count.
    """

    def __init__(
        self,
        load: Callable[[str], Iterable[Entry]] = lambda _: (),
        dead: Callable[[Iterable[int]], Iterable[int]] = lambda _: (),
    ) -> None:
        self._load = load
        self._look_up_dead = dead
        self._given: dict[str, list[tuple[int, str]]] = {}
        self._dead: set[int] = set()

    def add(self, stream_id: str, entry: Entry) -> None:
        """Take in the next entry of the log."""
        displaced = displaced_by(entry)
        if displaced is not None:
            self._dead.add(displaced)
        given = _given(entry)
        if given is not None:
            self._of(stream_id).append(given)

    def counts(self, no: int) -> bool:
        """Return whether nothing so far displaces the entry with a number."""
        return no not in self._dead

    def above(self, stream_id: str) -> str | None:
        """Return the unit that a stream lies under; None at the top, and of what is not there."""
        return self._last(stream_id) or None

    def has(self, unit: str) -> bool:
        """Return whether a unit was founded."""
        return self._last(f"unit/{unit}") is not None

    def within(self, unit: str | None, scope: str) -> bool:
        """Return whether a unit is ``scope`` or lies under it, directly or not.

        None, the whole book, is within no unit.
        """
        seen: set[str] = set()
        at = unit
        while at is not None and at not in seen:
            if at == scope:
                return True
            seen.add(at)
            at = self.above(f"unit/{at}")
        return False

    def _last(self, stream_id: str) -> str | None:
        for no, given in reversed(self._of(stream_id)):
            if no not in self._dead:
                return given
        return None

    def _of(self, stream_id: str) -> list[tuple[int, str]]:
        found = self._given.get(stream_id)
        if found is None:
            found = self._given[stream_id] = []
            found += filter(None, map(_given, self._load(stream_id)))
            self._dead.update(self._look_up_dead([no for no, _ in found]))
        return found


def _given(entry: Any) -> tuple[int, str] | None:
    """Return the number of an entry and the unit that it puts its stream under, _TOP for none.

    None if it leaves the stream where it is.
    """
    kind = kind_of(entry)
    field = _ABOVE.get(kind) or effect_of(kind).place
    unit = None if field is None else getattr(entry, field)
    if not unit and kind == "unit_founded":
        unit = _TOP
    return None if unit is None else (entry.no, unit)
