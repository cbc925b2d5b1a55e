"""Checks entries one after another against the book and against each other.

A book cut after any number is a possible history: each entry is checked against all that
is recorded before it, at whatever day it takes effect. Streams are loaded when they are
first needed; what is added stays in memory until the transaction is done.
"""

from bisect import insort
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple, Protocol

from ledger.catalogue import KINDS, Entry, kind_of
from ledger.errors import Problem
from ledger.lifecycle import consequences
from ledger.lifecycle.person import NOBODY, Status, advance, in_order, place_in_time, timeline
from ledger.lifecycle.references import check_references, named_streams
from ledger.lifecycle.unit import Life, Tree, life_of


class Loader(Protocol):
    """Reads what the book already holds."""

    def streams(self, stream_ids: Iterable[str]) -> dict[str, list[Entry]]:
        """Return the entries of each stream, dead ones too, numbers set."""

    def naming(self, stream_id: str) -> list[Entry]:
        """Return the entries of other streams that name the one given, dead ones too."""

    def entry(self, no: int) -> Entry | None:
        """Return the entry with a number, None if there is none."""

    def displaced(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return, of the given numbers, those that no longer count, and what displaced them."""

    def similar(self, prefix: str, code: str) -> str | None:
        """Return a code like ``code`` among the streams ``prefix/…``, None if there is none."""


class Change(NamedTuple):
    """What one new entry does to the entries that count."""

    entry: Entry
    removed: Entry | None
    """The entry it voids or corrects."""
    added: bool
    """False for a voiding, which only removes."""


def _days(entry: Any) -> Iterator[date]:
    """Yield the days that must have come before an entry can be recorded."""
    yield entry.effective_on
    if kind_of(entry) == "unnamed_counted" and entry.period:
        yield entry.period.to


def stream_of(entry: Any, target: Entry | None = None) -> str:
    """Return the id of the stream an entry belongs to: ``person/P000001``.

    ``target``: for a voiding, the entry it voids, whose stream it shares.
    """
    kind = kind_of(entry)
    if kind == "voided":
        if target is None:
            raise Problem("unknown_entry", value=entry.entry)
        return stream_of(target)
    field = KINDS[kind].stream
    return f"{KINDS[kind].prefix or field}/{getattr(entry, field)}"


class Timelines:
    """The live entries of the streams in use, with what follows from them.

    ``add`` is the only way in; it raises a Problem and leaves everything as it was when the
    entry, or what it does to others, is impossible.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._live: dict[str, list[Entry]] = {}
        self._last: dict[str, Status] = {}
        self._lives: dict[str, Life | None] = {}
        self._naming: dict[str, list[Entry]] = {}
        self._loaded_naming: set[str] = set()
        self._new: dict[int, Entry] = {}
        self._dead: dict[int, int] = {}
        self.places: dict[int, int] = {}
        """For each correction seen, the number whose place it takes."""
        self.tree = Tree(self.life)

    # What is known

    def load(self, entries: Iterable[Entry]) -> None:
        """Read at once all streams that ``entries`` belong to or name."""
        wanted: dict[str, None] = {}
        for entry in entries:
            if kind_of(entry) == "voided":
                continue
            wanted[stream_of(entry)] = None
            wanted.update(dict.fromkeys(named_streams(entry)))
        self._read([stream for stream in wanted if stream not in self._live])

    def _read(self, stream_ids: list[str]) -> None:
        found = self._loader.streams(stream_ids)
        dead = self._loader.displaced(
            entry.no for entries in found.values() for entry in entries if entry.no
        )
        self._dead |= dead
        for stream_id in stream_ids:
            live = [
                entry
                for entry in found.get(stream_id, ())
                if entry.no not in self._dead and kind_of(entry) != "voided"
            ]
            for entry in live:
                self._settle(entry)
            self._live[stream_id] = in_order(live, self.places)

    def _settle(self, entry: Entry) -> None:
        """Find the number whose place a correction takes: that of the first wrong entry."""
        if entry.corrects is not None and entry.no is not None:
            wrong = self.entry(entry.corrects)
            self._settle(wrong)
            self.places[entry.no] = self.places.get(entry.corrects, entry.corrects)

    def place(self, entry: Entry) -> tuple[date, int]:
        """Return what an entry is ordered by among those of its stream."""
        return place_in_time(entry, self.places)

    def live(self, stream_id: str) -> list[Entry]:
        """Return the entries of a stream that count, in the order they take effect."""
        if stream_id not in self._live:
            self._read([stream_id])
        return self._live[stream_id]

    def naming(self, stream_id: str) -> list[Entry]:
        """Return the entries of other streams that count and name this one."""
        if stream_id not in self._loaded_naming:
            stored = self._loader.naming(stream_id)
            self._dead |= self._loader.displaced(entry.no for entry in stored if entry.no)
            self._naming[stream_id] = [*stored, *self._naming.get(stream_id, ())]
            self._loaded_naming.add(stream_id)
        return [
            entry
            for entry in self._naming[stream_id]
            if entry.no not in self._dead and kind_of(entry) != "voided"
        ]

    def entry(self, no: int) -> Entry:
        """Return the entry with a number; raise unknown_entry if there is none."""
        found = self._new.get(no) or self._loader.entry(no)
        if found is None:
            raise Problem("unknown_entry", value=no)
        return found

    def status(self, person: str) -> Status:
        """Return where a person stands after all their entries."""
        if person not in self._last:
            steps = timeline(self.live(f"person/{person}"), self.places)
            self._last[person] = steps[-1][1] if steps else NOBODY
        return self._last[person]

    def life(self, unit: str) -> Life | None:
        """Return the life of a unit, None if it was never founded."""
        if unit not in self._lives:
            self._lives[unit] = life_of(self.live(f"unit/{unit}"), self.places)
        return self._lives[unit]

    def similar(self, prefix: str, code: str) -> str | None:
        """Return a code of the book that resembles ``code``."""
        return self._loader.similar(prefix, code)

    # What is added

    def add(self, entry: Entry, today: date) -> str:
        """Take ``entry`` (its number set) into the timelines; return its stream id.

        ``today``: the day of recording in the book's time zone. Raises a Problem.
        """
        for day in _days(entry):
            if day > today:
                raise Problem("in_future", value=day, today=today)
        change = self._change(entry)
        stream_id = stream_of(entry, change.removed)
        if change.removed is None and self._append(stream_id, entry):
            self._remember(stream_id, entry)
            return stream_id
        touched = {stream_id} | ({stream_of(change.removed)} if change.removed else set())
        before = {stream: list(self.live(stream)) for stream in touched}
        self._apply(change, stream_id)
        try:
            consequences.check(self, change, touched, before)
        except Problem as problem:
            self._undo(change, before)
            culprit = problem.entry
            if culprit is None or culprit is entry:
                raise
            raise Problem("clashes_with", clash=culprit, reason=problem) from problem
        self._remember(stream_id, entry)
        return stream_id

    def _change(self, entry: Any) -> Change:
        voiding = kind_of(entry) == "voided"
        target = entry.entry if voiding else entry.corrects
        if target is None:
            return Change(entry, None, added=True)
        removed = self.entry(target)
        if kind_of(removed) == "voided":
            raise Problem("void_of_void", value=target)
        if target not in self._dead:
            self._dead |= self._loader.displaced([target])
        if target in self._dead:
            raise Problem("already_displaced", value=target, clash=self.entry(self._dead[target]))
        self._settle(entry)
        return Change(entry, removed, added=not voiding)

    def _append(self, stream_id: str, entry: Any) -> bool:
        """Add an entry at the end of a person's timeline; say whether that was all to do."""
        prefix, _, person = stream_id.partition("/")
        if prefix != "person":
            return False
        live = self.live(stream_id)
        if live and self.place(live[-1]) > self.place(entry):
            return False
        before = self.status(person)
        after = advance(before, entry)
        if before.standing == "official" != after.standing and self.naming(stream_id):
            return False  # those the person mentors are to be looked at too
        check_references(self, entry)
        if after is not before:
            consequences.check_held(self, after, entry.effective_on)
        live.append(entry)
        self._last[person] = after
        return True

    def _apply(self, change: Change, stream_id: str) -> None:
        removed = change.removed
        if removed is not None and removed.no is not None:
            self.live(stream_of(removed)).remove(removed)
            self._dead[removed.no] = change.entry.no or 0
        if change.added:
            insort(self.live(stream_id), change.entry, key=self.place)
        self._forget({stream_id} | ({stream_of(removed)} if removed else set()))

    def _undo(self, change: Change, before: dict[str, list[Entry]]) -> None:
        self._live |= before
        if change.removed is not None and change.removed.no is not None:
            self._dead.pop(change.removed.no, None)
        self._forget(before)

    def _forget(self, streams: Iterable[str]) -> None:
        for stream_id in streams:
            prefix, _, code = stream_id.partition("/")
            if prefix == "person":
                self._last.pop(code, None)
            elif prefix == "unit":
                self._lives.pop(code, None)

    def _remember(self, stream_id: str, entry: Entry) -> None:
        self._new[entry.no or 0] = entry
        for named in named_streams(entry):
            if named != stream_id:
                self._naming.setdefault(named, []).append(entry)
