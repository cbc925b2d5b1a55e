"""The entries of people dealt with of late, kept at hand so that the log need not be asked."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from ledger.catalogue import Entry, kind_of
from ledger.catalogue.record import SubjectErased
from ledger.errors import Problem
from ledger.lifecycle.person import NOBODY, Status
from ledger.store.codec import has_personal

ENTRIES_AT_HAND = 50_000
"""How many entries of people, at least, are in memory."""


class Change(NamedTuple):
    """What one new entry does to the entries that count."""

    entry: Entry
    removed: Entry | None
    """The entry it voids or corrects."""
    added: bool
    """False for a voiding, which only removes."""


class Known(Struct, frozen=True):
    """Where a person stands after all their entries that count."""

    status: Status
    end: tuple[date, int] | None
    """The place of the last of them; None when there is none."""
    erased: Entry | None = None
    """The entry by which their personal details were erased."""

    def after(self, entry: Entry, status: Status, place: tuple[date, int]) -> "Known":
        """Return where they stand after one entry more."""
        return Known(status, place, entry if type(entry) is SubjectErased else self.erased)

    def check_not_erased(self, entry: Entry) -> None:
        """Raise a Problem where an entry would give somebody erased details, or erase them again.

        That goes by the order of recording: what is gone does not come back, on whatever day.
        """
        if self.erased is None:
            return
        kind, about = kind_of(entry), {"value": getattr(entry, "person", ""), "clash": self.erased}
        if kind == "subject_erased":
            raise Problem("already_erased", **about)
        if has_personal(kind, entry):
            raise Problem("erased", **about)


UNKNOWN = Known(NOBODY, None)
FOR_GOOD = {"voided": "void_of_void", "subject_erased": "void_of_erasure"}
"""Kinds that are neither voided nor corrected, with the code that says so."""


def known_of(
    steps: Sequence[tuple[Entry, Status]], place: Callable[[Entry], tuple[date, int]]
) -> Known:
    """Return where a person stands after all the steps of their timeline."""
    if not steps:
        return UNKNOWN
    last, status = steps[-1]
    erased = next((entry for entry, _ in steps if type(entry) is SubjectErased), None)
    return Known(status, place(last), erased)


class Held:
    """Whole streams that were used of late: two generations, each of so many entries."""

    def __init__(self, entries: int) -> None:
        self._most = entries
        self._count = 0
        self._young: dict[str, list[Entry]] = {}
        self._old: dict[str, list[Entry]] = {}

    def __contains__(self, stream_id: str) -> bool:
        return stream_id in self._young or stream_id in self._old

    def get(self, stream_id: str) -> list[Entry] | None:
        """Return the entries of a stream, None if they are not at hand."""
        found = self._young.get(stream_id)
        if found is None and stream_id in self._old:
            found = self._old.pop(stream_id)
            self.put(stream_id, found)
        return found

    def put(self, stream_id: str, entries: list[Entry]) -> None:
        """Take down all entries of a stream."""
        self._young[stream_id] = entries
        self._count += len(entries)

    def append(self, stream_id: str, entry: Entry) -> None:
        """Add the last entry of a stream, if the others are at hand."""
        entries = self._young.get(stream_id) or self.get(stream_id)
        if entries is not None:
            entries.append(entry)
            self._count += 1

    def turn(self) -> None:
        """Let go of the elder generation if the younger is full."""
        if self._count >= self._most:
            self._old, self._young, self._count = self._young, {}, 0
