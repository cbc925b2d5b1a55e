"""Records the lines of one command: checked one after another, written all or not at all.

A file may be of any length: it goes through in pieces, each written behind the checking of
the next, inside one transaction. A line that is wrong keeps nothing from being checked; at
the end all is taken back.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from eventsourcing.persistence import EventStore

from ledger.catalogue import Entry, kind_of
from ledger.catalogue.record import Voided
from ledger.errors import Conflict, Problem, Refused
from ledger.lifecycle.arrivals import Arrival, arrival
from ledger.lifecycle.timelines import PEOPLE_AT_HAND, Timelines
from ledger.recent import Recent
from ledger.recording.numbering import Claims, Numbering, highest_person
from ledger.recording.pieces import LINES_A_PIECE, Lines, Piece, Pieces, pieces_of
from ledger.recording.text import storable
from ledger.store.behind import Behind
from ledger.store.codec import has_personal, microseconds, moment
from ledger.store.envelope import Commit
from ledger.store.growth import Growth
from ledger.store.ids import highest_person_number
from ledger.store.loader import BookLoader
from ledger.store.mapper import BookMapper, Placed
from ledger.store.prepared import Prepared
from ledger.store.recorder import BookRecorder
from ledger.store.rows import CommitRow
from ledger.store.sealing import Sealer, WrappedKey, read_keys

_LINES_BEHIND = 2_000
"""From so many lines on, writing is done behind the checking of those to come."""
_UNNAMED = "person/"
"""The stream of somebody who has no id yet."""


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
    """Empty when they were not to be kept."""

    @property
    def how_many(self) -> int:
        """How many entries were recorded."""
        return self.last - self.first + 1


class Shelf(NamedTuple):
    """The parts of one book that recording works with."""

    book_id: bytes
    zone: ZoneInfo
    keys_path: Path
    recorder: BookRecorder
    mapper: BookMapper
    events: EventStore[str]


_Taken: TypeAlias = tuple[int, Entry, str]
"""A line found possible: its place in the piece, its entry with its number, its stream."""


class Recording:
    """One recording inside the transaction of ``cursor``.

    ``keep_entries``: whether the receipt is to hold what was recorded.
    """

    def __init__(
        self, shelf: Shelf, cursor: sqlite3.Cursor, claims: Claims, *, keep_entries: bool = True
    ) -> None:
        self._shelf = shelf
        self._cursor = cursor
        self._claims = claims
        self._keep_entries = keep_entries
        self._problems: list[Problem] = []
        self._entries: list[Entry] = []
        self._last: Entry | None = None
        self._behind = Behind()
        self._begun = shelf.recorder.last(cursor)
        self._growth = Growth(self._begun.head.no, self._nodes)
        self._versions: Recent[int] = Recent(PEOPLE_AT_HAND)
        self._sealer: Sealer | None = None
        self._loader = BookLoader(cursor, shelf.recorder, shelf.mapper, self._written)
        self._timelines = Timelines(self._loader)
        self._days: dict[datetime, date] = {}

    def run(self, lines: Lines, source: Source | None, expect: int | None) -> Receipt:
        """Check and write all of ``lines``.

        Raises Refused with a problem for each wrong line, Conflict (head_moved) when the
        book's head is not ``expect``, Refused (keys_missing).
        """
        head = self._begun.head
        if expect is not None and expect != head.no:
            raise Conflict(Problem("head_moved", value=head.no, expected=expect))
        if isinstance(lines, Iterator):
            lines = list(lines)
        source = source or Source(None, None)
        commit = Commit(
            self._begun.commit_no + 1, self._claims.by, storable(source.file_name), source.file_hash
        )
        self._loader.commit = commit
        numbering = Numbering(
            self._claims,
            last_no=head.no,
            last_moment=moment(self._begun.recorded_at),
            highest_person=lambda: self._highest_person(lines),
        )
        try:
            # Closed in any case: whoever reads ahead is not to be left behind.
            with closing(pieces_of(lines, LINES_A_PIECE)) as pieces:
                for piece in pieces:
                    self._behind.at_once = len(piece.entries) < _LINES_BEHIND
                    self._take(piece, numbering, commit)
            self._behind.settle()
        finally:
            self._behind.close()
        if self._problems:
            raise Refused(*self._problems)
        if self._last is None:
            return Receipt(0, head.no + 1, head.no, [])
        last_no = self._last.no or 0
        self._shelf.recorder.insert_commit(
            self._cursor,
            CommitRow(
                commit.commit_no,
                head.no + 1,
                last_no,
                microseconds(self._last.recorded_at or self._claims.now),
                self._claims.by,
                commit.file_name,
                commit.file_hash,
                self._growth.root(),
            ),
        )
        return Receipt(commit.commit_no, head.no + 1, last_no, self._entries)

    def _nodes(self, height: int, first: int, last: int) -> list[bytes]:
        """Return hashes of the tree as it stands; those of entries are made anew, and checked."""
        recorder = self._shelf.recorder
        if height:
            return recorder.nodes(self._cursor, height, first, last)
        rows = recorder.by_numbers(self._cursor, first + 1, last)
        return [self._shelf.mapper.leaf_hash(row) for row in rows]

    def _written(self) -> int:
        """Return the last number in the log, once all that was handed over is in it."""
        self._behind.settle()
        return self._last.no or 0 if self._last else self._begun.head.no

    def _highest_person(self, lines: Lines) -> int:
        self._behind.settle()
        highest = highest_person_number(self._cursor)
        if isinstance(lines, Pieces):
            return max(highest, lines.highest_person())
        return max(highest, highest_person(lines))

    def _take(self, piece: Piece, numbering: Numbering, commit: Commit) -> None:
        """Check the lines of a piece against the book, and have written what is possible."""
        piece = _all_named(piece, numbering)
        timelines, entries = self._timelines, piece.entries
        timelines.load(piece.streams, piece.named)
        taken: list[_Taken] = []
        for at, (entry, stream, named) in enumerate(
            zip(entries, piece.streams, piece.named, strict=True)
        ):
            if entry is None:
                failed = piece.failed[at]
                numbering.refused(failed.claimed)
                self._problems.append(failed.problem.at(failed.problem.place or piece.places[at]))
                continue
            try:
                numbered = numbering.numbered(entry)
                stream_id = timelines.add(
                    Arrival(numbered, stream, named), self._today(numbered.recorded_at)
                )
            except Problem as problem:
                numbering.refused(entry.no)
                self._problems.append(problem.at(problem.place or piece.places[at]))
                continue
            numbering.taken(entry.no)
            taken.append((at, numbered, stream_id))
        if taken:
            self._write(piece, taken, commit)
        timelines.settle()

    def _today(self, recorded_at: Any) -> date:
        """Return the day of recording in the zone of the book."""
        today = self._days.get(recorded_at)
        if today is None:
            today = recorded_at.astimezone(self._shelf.zone).date()
            self._days[recorded_at] = today
        return today

    def _write(self, piece: Piece, taken: list[_Taken], commit: Commit) -> None:
        """Hand over what was taken, and all that belongs to it, to be written."""
        recorder, behind = self._shelf.recorder, self._behind
        cursor = self._cursor.connection.cursor()
        owners = [stream_id for at, entry, stream_id in taken if _seals(piece.states[at], entry)]
        if owners:
            behind.hand_over(recorder.insert_keys, cursor, self._keys(owners))
        self._recall_versions(stream_id for _, _, stream_id in taken)
        placed: list[Placed] = []
        mentions: set[tuple[str, int]] = set()
        displaced: list[tuple[int, int]] = []
        versions = self._versions
        for at, entry, stream_id in taken:
            version = versions[stream_id] = (versions.get(stream_id) or 0) + 1
            state, sheet, row = piece.states[at], piece.sheets[at], piece.rows[at]
            no = entry.no or 0
            if (dead := displaced_by(entry)) is not None:
                displaced.append((dead, no))
                state = None  # it may name another number now than its line did
            sealer = self._sealer if _seals(state, entry) else None
            placed.append(Placed(entry, stream_id, version, commit, sheet, row, sealer, state))
            for name in piece.named[at]:
                mentions.add((name, no))
        try:
            self._shelf.events.put(placed, cursor=cursor, behind=behind, growth=self._growth)
        except Problem as problem:  # one that is too large with its place in the book
            at = next(at for at, entry, _ in taken if entry.no == problem.values["no"])
            raise Refused(*self._problems, problem.at(piece.places[at])) from None
        behind.hand_over(recorder.insert_derived, cursor, mentions, displaced)
        self._last = placed[-1].entry
        if self._keep_entries:
            self._entries += [entry for entry, *_ in placed]

    def _keys(self, owners: list[str]) -> list[WrappedKey]:
        """Have the keys of all owners at hand; return those that are new, to be stored."""
        if self._sealer is None:
            self._sealer = Sealer(read_keys(self._shelf.keys_path, self._shelf.book_id))
        sealer = self._sealer
        sealer.turn()
        unknown = sealer.unknown(owners)
        if unknown and (self._begun.head.no or sealer.lost):
            self._written()
            sealer.unwrap(self._shelf.recorder.keys(self._cursor, unknown))
        return [sealer.create_key(owner) for owner in sealer.unknown(unknown)]

    def _recall_versions(self, stream_ids: Iterable[str]) -> None:
        """Have the last version of every stream at hand that has any."""
        versions = self._versions
        versions.turn()
        if self._begun.head.no or versions.lost:
            unknown = {stream_id for stream_id in stream_ids if stream_id not in versions}
            if unknown:
                self._written()
                for stream_id, version in self._shelf.recorder.versions(
                    self._cursor, unknown
                ).items():
                    versions[stream_id] = version


def _all_named(piece: Piece, numbering: Numbering) -> Piece:
    """Return a piece in which whoever is new has an id."""
    new = [at for at, stream in enumerate(piece.streams) if stream == _UNNAMED]
    if not new:
        return piece
    entries, streams, states = list(piece.entries), list(piece.streams), list(piece.states)
    for at in new:
        entry = numbering.named(entries[at])
        entries[at], streams[at], states[at] = entry, arrival(entry).stream_id, None
    return piece._replace(entries=entries, streams=streams, states=states)


def _seals(state: Prepared | None, entry: Entry) -> bool:
    """Return whether anything of an entry is to be sealed."""
    return has_personal(kind_of(entry), entry) if state is None else bool(state.fields)


def displaced_by(entry: Any) -> int | None:
    """Return the number of the entry that ``entry`` voids or corrects, None if it does not."""
    displaced: int | None = entry.entry if type(entry) is Voided else entry.corrects
    return displaced
