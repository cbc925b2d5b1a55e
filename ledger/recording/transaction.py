"""Records the lines of one command: checked one after another, written all or not at all."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from eventsourcing.persistence import EventStore

from ledger.catalogue import Entry, kind_of
from ledger.errors import Conflict, Problem, Refused
from ledger.lifecycle.references import named_streams
from ledger.lifecycle.timelines import Timelines
from ledger.recording.door import admit
from ledger.recording.numbering import Claims, Line, Numbering
from ledger.recording.text import storable
from ledger.store.codec import has_personal, microseconds, moment
from ledger.store.envelope import Commit
from ledger.store.loader import BookLoader
from ledger.store.mapper import BookMapper, Placed
from ledger.store.recorder import BookRecorder
from ledger.store.rows import CommitRow, Head
from ledger.store.sealing import Sealer, read_keys


class Source(NamedTuple):
    """The file that lines came from."""

    file_name: str | None
    file_hash: bytes | None
    """SHA-256 of its content."""


class Receipt(NamedTuple):
    """What was recorded: the entries with all that the book has set."""

    commit_no: int
    """0 when there was nothing to record."""
    first: int
    last: int
    """Less than ``first`` when there was nothing to record."""
    entries: list[Entry]


class Shelf(NamedTuple):
    """The parts of one book that recording works with."""

    book_id: bytes
    zone: ZoneInfo
    keys_path: Path
    recorder: BookRecorder
    mapper: BookMapper
    events: EventStore[str]


class Recording:
    """One recording: ``lines`` as they came, and what of them is possible."""

    def __init__(self, shelf: Shelf, lines: Sequence[Line], claims: Claims) -> None:
        self._shelf = shelf
        self._lines = lines
        self._claims = claims
        self._problems: dict[int, Problem] = {}
        """What is wrong, by the line's place in ``lines``."""
        self._entries: dict[int, Entry] = {}
        """The lines not found wrong yet."""
        self._stream_ids: list[str] = []
        for index, line in enumerate(lines):
            try:
                self._entries[index] = admit(line.entry)
            except Problem as problem:
                self._refuse(index, problem)

    def _refuse(self, index: int, problem: Problem) -> None:
        self._problems[index] = problem.at(problem.place or self._lines[index].place)
        self._entries.pop(index, None)

    def run(
        self,
        cursor: sqlite3.Cursor,
        source: Source | None,
        expect: int | None,
        unreadable: Sequence[Problem],
    ) -> Receipt:
        """Check and write everything inside the transaction of ``cursor``.

        Raises Refused with ``unreadable`` and a problem for each wrong line, Conflict
        (head_moved) when the book's head is not ``expect``, Refused (keys_missing).
        """
        last = self._shelf.recorder.last(cursor)
        head = last.head
        if expect is not None and expect != head.no:
            raise Conflict(Problem("head_moved", value=head.no, expected=expect))
        if not self._lines and not unreadable:
            return Receipt(0, head.no + 1, head.no, [])
        self._number(cursor, head, moment(last.recorded_at))
        self._check(cursor, head)
        if self._problems or unreadable:
            impossible = (self._problems[index] for index in sorted(self._problems))
            raise Refused(*unreadable, *impossible)
        source = source or Source(None, None)
        commit = Commit(last.commit_no + 1, storable(source.file_name), source.file_hash)
        self._write(cursor, commit)
        entries = list(self._entries.values())
        return Receipt(commit.commit_no, head.no + 1, head.no + len(entries), entries)

    def _number(self, cursor: sqlite3.Cursor, head: Head, last_moment: datetime) -> None:
        last_person = self._shelf.recorder.highest_person_number(cursor)
        numbering = Numbering(
            self._lines,
            self._claims,
            last_no=head.no,
            last_moment=last_moment,
            last_person=last_person,
        )
        for index, entry in list(self._entries.items()):
            try:
                self._entries[index] = numbering.numbered(index, entry)
            except Problem as problem:
                self._refuse(index, problem)

    def _check(self, cursor: sqlite3.Cursor, head: Head) -> None:
        shelf = self._shelf
        loader = BookLoader(cursor, shelf.recorder, shelf.mapper, head.no)
        timelines = Timelines(loader)
        timelines.load(self._entries.values())
        days: dict[Any, date] = {}
        for index, entry in list(self._entries.items()):
            recorded_at: Any = entry.recorded_at
            today = days.get(recorded_at)
            if today is None:
                today = days[recorded_at] = recorded_at.astimezone(shelf.zone).date()
            try:
                self._stream_ids.append(timelines.add(entry, today))
            except Problem as problem:
                self._refuse(index, problem)

    def _write(self, cursor: sqlite3.Cursor, commit: Commit) -> None:
        recorder = self._shelf.recorder
        entries = list(self._entries.values())
        sealer = self._sealer(cursor, entries)
        self._shelf.events.put(list(self._placed(cursor, commit, sealer)), cursor=cursor)
        first, last = entries[0], entries[-1]
        recorder.insert_commit(
            cursor,
            CommitRow(
                commit.commit_no,
                first.no or 0,
                last.no or 0,
                microseconds(last.recorded_at or self._claims.now),
                self._claims.by,
                commit.file_name,
                commit.file_hash,
            ),
        )
        mentions = {(named, entry.no or 0) for entry in entries for named in named_streams(entry)}
        displaced = [
            (dead, entry.no or 0) for entry in entries if (dead := displaced_by(entry)) is not None
        ]
        recorder.insert_derived(cursor, mentions, displaced)

    def _sealer(self, cursor: sqlite3.Cursor, entries: list[Entry]) -> Sealer | None:
        """Return what seals the entries, with the keys of all owners, new ones stored."""
        owners = [
            stream_id
            for stream_id, entry in zip(self._stream_ids, entries, strict=True)
            if has_personal(kind_of(entry), entry)
        ]
        if not owners:
            return None
        sealer = Sealer(read_keys(self._shelf.keys_path, self._shelf.book_id))
        recorder = self._shelf.recorder
        sealer.unwrap(recorder.keys(cursor, sealer.unknown(owners)))
        recorder.insert_keys(cursor, [sealer.create_key(owner) for owner in sealer.unknown(owners)])
        return sealer

    def _placed(
        self, cursor: sqlite3.Cursor, commit: Commit, sealer: Sealer | None
    ) -> Iterator[Placed]:
        versions = self._shelf.recorder.versions(cursor, set(self._stream_ids))
        for line, stream_id, entry in zip(
            self._lines, self._stream_ids, self._entries.values(), strict=True
        ):
            version = versions[stream_id] = versions.get(stream_id, 0) + 1
            yield Placed(entry, stream_id, version, commit, line.sheet, line.row, sealer)


def displaced_by(entry: Any) -> int | None:
    """Return the number of the entry that ``entry`` voids or corrects, None if it does not."""
    displaced: int | None = entry.entry if kind_of(entry) == "voided" else entry.corrects
    return displaced
