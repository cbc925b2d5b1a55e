"""Checks entries one after another against the book and against each other.

A book cut after any number is a possible history: each entry is checked against all that
is recorded before it, at whatever day it takes effect. Streams are loaded when they are
first needed. What is added stays in memory until it is in the log (``settle``); of the
people dealt with of late only where they stand is kept, so that a file of any length is
checked in bounded memory.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any

from ledger.catalogue import Entry, kind_of
from ledger.errors import Problem
from ledger.lifecycle import consequences
from ledger.lifecycle.arrivals import PERSON, stream_of
from ledger.lifecycle.held import ENTRIES_AT_HAND, FOR_GOOD, UNKNOWN, Change, Held, Known, known_of
from ledger.lifecycle.loading import Loader
from ledger.lifecycle.person import advance, in_order, place_in_time, timeline
from ledger.lifecycle.references import check_references
from ledger.lifecycle.unit import Life, Tree, life_of
from ledger.recent import Recent

PEOPLE_AT_HAND = 100_000
"""Of how many people, at least, it is remembered where they stand."""


class Timelines:
    """The live entries of the streams in use, with what follows from them.

    ``add`` is the only way in; it raises a Problem and leaves everything as it was when the
    entry, or what it does to others, is impossible.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._live: dict[str, list[Entry]] = {}
        """Of all streams but those of people, which are held in step with _people."""
        self._held = Held(ENTRIES_AT_HAND)
        self._unsettled: list[str] = []
        """People of whom it is not known yet where they stand."""
        self._people: Recent[Known] = Recent(PEOPLE_AT_HAND)
        self._lives: dict[str, Life | None] = {}
        self._mentioned: set[str] = set()
        """People whom entries of others name."""
        self._naming: defaultdict[str, list[Entry]] = defaultdict(list)
        self._loaded_naming: set[str] = set()
        self._new: dict[int, Entry] = {}
        self._new_before: dict[int, Entry] = {}
        self._new_streams: list[str] = []
        """What was added and may not be in the log yet, by number, and the streams of it."""
        self._dead: dict[int, int] = {}
        self.places: dict[int, int] = {}
        """For each correction seen, the number whose place it takes."""
        self.tree = Tree(self.life)

    # What is known

    def load(self, streams: Iterable[str | None], named: Iterable[tuple[str, ...]]) -> None:
        """Read at once all streams that entries belong to or name."""
        wanted = {stream for stream in streams if stream} | {*chain.from_iterable(named)}
        people, live, held = self._people, self._live, self._held
        missing = [
            name for name in wanted if name not in people and name not in live and name not in held
        ]
        if not self._loader.began_at and not people.lost:
            for stream in missing:
                if stream.startswith(PERSON):
                    people[stream] = UNKNOWN  # whoever was seen before is still at hand
                    self._held.put(stream, [])
                else:
                    live[stream] = []
        elif missing:
            self._read(sorted(missing))

    def settle(self) -> None:
        """Forget what can be read again: all that was added is in the log now."""
        for stream_id in self._unsettled:
            self.known(stream_id)
        self._unsettled.clear()
        self._held.turn()
        self._new_before, self._new = self._new, {}
        self._new_streams.clear()
        self._naming.clear()
        self._loaded_naming.clear()
        self._people.turn()

    def _read(self, stream_ids: Sequence[str]) -> None:
        found = self._loader.streams(stream_ids)
        people = [stream for stream in stream_ids if stream.startswith(PERSON)]
        self._unsettled += people
        self._mentioned |= self._loader.mentioned(people) if self._loader.began_at else set()
        asked = set(stream_ids)
        for stream_id, entry in zip(self._new_streams, self._new.values(), strict=True):
            if stream_id in asked:
                found.setdefault(stream_id, []).append(entry)
        self._look_up_dead(entry.no or 0 for entry in chain.from_iterable(found.values()))
        for stream_id in stream_ids:
            live = [
                entry
                for entry in found.get(stream_id, ())
                if entry.no not in self._dead and kind_of(entry) != "voided"
            ]
            for entry in live:
                self._settle(entry)
            self._keep(stream_id, in_order(live, self.places))

    def _keep(self, stream_id: str, live: list[Entry]) -> None:
        if stream_id.startswith(PERSON):
            self._held.put(stream_id, live)
        else:
            self._live[stream_id] = live

    def _look_up_dead(self, numbers: Iterable[int]) -> None:
        """Find which of some entries no longer count; of those recorded now that is known."""
        recorded = [no for no in numbers if 0 < no <= self._loader.began_at]
        if recorded:
            self._dead |= self._loader.displaced(recorded)

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
        streams = self._held if stream_id.startswith(PERSON) else self._live
        found = streams.get(stream_id)
        if found is None:
            self._read([stream_id])
            return self.live(stream_id)
        return found

    def naming(self, stream_id: str) -> list[Entry]:
        """Return the entries of other streams that count and name this one."""
        if stream_id.startswith(PERSON) and stream_id not in self._mentioned:
            return []
        if stream_id not in self._loaded_naming:
            stored = self._loader.naming(stream_id)
            self._look_up_dead(entry.no or 0 for entry in stored)
            self._naming[stream_id][:0] = stored
            self._loaded_naming.add(stream_id)
        return [
            entry
            for entry in self._naming[stream_id]
            if entry.no not in self._dead and kind_of(entry) != "voided"
        ]

    def entry(self, no: int) -> Entry:
        """Return the entry with a number; raise unknown_entry if there is none."""
        found = self._new.get(no) or self._new_before.get(no) or self._loader.entry(no)
        if found is None:
            raise Problem("unknown_entry", value=no)
        return found

    def known(self, stream_id: str) -> Known:
        """Return where the person of a stream stands after all their entries."""
        found = self._people[stream_id]
        if found is None:
            steps = timeline(self.live(stream_id), self.places)
            found = self._people[stream_id] = known_of(steps, self.place)
        return found

    def is_there(self, stream_id: str) -> bool:
        """Return whether a stream has any entry that counts."""
        if stream_id.startswith(PERSON):
            return self.known(stream_id).end is not None
        return bool(self.live(stream_id))

    def life(self, unit: str) -> Life | None:
        """Return the life of a unit, None if it was never founded."""
        if unit not in self._lives:
            self._lives[unit] = life_of(self.live(f"unit/{unit}"), self.places)
        return self._lives[unit]

    def similar(self, prefix: str, code: str) -> str | None:
        """Return a code of the book that resembles ``code``."""
        return self._loader.similar(prefix, code)

    # What is added

    def add(self, entry: Any, stream_id: str | None, named: tuple[str, ...], today: date) -> str:
        """Take an entry into the timelines; return its stream id.

        ``stream_id``: None for a voiding, which shares that of what it voids; ``named``: the
        streams it names; ``today``: the day of recording in the book's time zone. Raises a
        Problem.
        """
        if entry.effective_on > today:
            raise Problem("in_future", value=entry.effective_on, today=today)
        if stream_id is not None and stream_id.startswith(PERSON):
            if entry.corrects is not None or not self._append(stream_id, entry, named):
                self._weigh(entry)
        else:
            if kind_of(entry) == "unnamed_counted" and entry.period and entry.period.to > today:
                raise Problem("in_future", value=entry.period.to, today=today)
            stream_id = self._weigh(entry)
        self._remember(entry, stream_id, named)
        return stream_id

    def _weigh(self, entry: Entry) -> str:
        """Take an entry that does more than follow the others of its person."""
        change = self._change(entry)
        stream_id = stream_of(entry, change.removed)
        if change.added and stream_id.startswith(PERSON):
            self.known(stream_id).check_not_erased(entry)
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
        return stream_id

    def _change(self, entry: Any) -> Change:
        voiding = kind_of(entry) == "voided"
        target = entry.entry if voiding else entry.corrects
        if target is None:
            return Change(entry, None, added=True)
        removed = self.entry(target)
        if kind_of(removed) in FOR_GOOD:
            raise Problem(FOR_GOOD[kind_of(removed)], value=target)
        if target not in self._dead:
            self._look_up_dead([target])
        if target in self._dead:
            raise Problem("already_displaced", value=target, clash=self.entry(self._dead[target]))
        self._settle(entry)
        return Change(entry, removed, added=not voiding)

    def _append(self, stream_id: str, entry: Any, named: tuple[str, ...]) -> bool:
        """Add an entry at the end of a person's timeline; say whether that was all to do."""
        known = self._people[stream_id] or self.known(stream_id)
        if known.erased is not None:
            known.check_not_erased(entry)
        before, end = known.status, known.end
        place = (entry.effective_on, entry.no)
        if end is not None and end > place:
            return False
        after = advance(before, entry)
        if before.standing == "official" != after.standing and self.naming(stream_id):
            return False  # those the person mentors are to be looked at too
        if named:
            check_references(self, entry)
        if after is not before:
            consequences.check_held(self, after)
        self._held.append(stream_id, entry)
        self._people[stream_id] = known.after(entry, after, place)
        return True

    def _apply(self, change: Change, stream_id: str) -> None:
        removed = change.removed
        if removed is not None and removed.no is not None:
            live = self.live(stream_of(removed))
            # By number: what was read from the log has its personal fields sealed.
            del live[next(at for at, entry in enumerate(live) if entry.no == removed.no)]
            self._dead[removed.no] = change.entry.no or 0
        if change.added:
            insort(self.live(stream_id), change.entry, key=self.place)
        self._forget({stream_id} | ({stream_of(removed)} if removed else set()))

    def _undo(self, change: Change, before: dict[str, list[Entry]]) -> None:
        for stream_id, live in before.items():
            self._keep(stream_id, live)
        if change.removed is not None and change.removed.no is not None:
            self._dead.pop(change.removed.no, None)
        self._forget(before)

    def _forget(self, streams: Iterable[str]) -> None:
        for stream_id in streams:
            prefix, _, code = stream_id.partition("/")
            if prefix == "person":
                self._people.forget(stream_id)
                self._unsettled.append(stream_id)
            elif prefix == "unit":
                self._lives.pop(code, None)

    def _remember(self, entry: Any, stream_id: str, named: tuple[str, ...]) -> None:
        self._new[entry.no] = entry
        self._new_streams.append(stream_id)
        for name in named:
            if name != stream_id:
                self._naming[name].append(entry)
                if name.startswith(PERSON):
                    self._mentioned.add(name)
