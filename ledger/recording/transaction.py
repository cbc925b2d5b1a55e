"""Records the lines of one command: checked one after another, written all or not at all.

A file may be of any length: it goes through in pieces, each written behind the checking of
the next, inside one transaction. A line that is wrong keeps nothing from being checked; at
the end all is taken back.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from ledger.catalogue import Entry, kind_of
from ledger.catalogue.record import SubjectErased
from ledger.errors import Conflict, Problem, Refused
from ledger.lifecycle.arrivals import stream_of
from ledger.lifecycle.timelines import PEOPLE_AT_HAND, Timelines
from ledger.recent import Recent
from ledger.recording.door import OPENING_KINDS
from ledger.recording.entitling import Entitling, Signing
from ledger.recording.numbering import Claims, Numbering, highest_person
from ledger.recording.pieces import Piece
from ledger.recording.placing import Accepted
from ledger.recording.steps import LINES_A_PIECE, Lines, Pieces, steps_of
from ledger.recording.text import storable
from ledger.recording.writing import Shelf, Writing
from ledger.store.codec import microseconds, moment
from ledger.store.envelope import Commit
from ledger.store.epochs import Within, erase_openable
from ledger.store.ids import highest_person_number
from ledger.store.loader import BookLoader
from ledger.store.rows import CommitRow

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
    erased: int = 0
    """How many people the lines say to be erased."""
    after: datetime | None = None
    """When the last entry before was recorded; None of the first ones."""

    @property
    def how_many(self) -> int:
        """How many entries were recorded."""
        return self.last - self.first + 1


class Recording:
    """One recording inside the transaction of ``cursor``.

    ``keep_entries``: whether the receipt is to hold what was recorded.
    """

    def __init__(
        self,
        shelf: Shelf,
        cursor: sqlite3.Cursor,
        claims: Claims,
        signing: Signing,
        *,
        keep_entries: bool,
    ) -> None:
        self._shelf = shelf
        self._cursor = cursor
        self._claims = claims
        self._signing = signing
        self._keep_entries = keep_entries
        self._problems: list[Problem] = []
        self._entries: list[Any] = []
        self._begun = shelf.recorder.last(cursor)
        self._versions: Recent[int] = Recent(PEOPLE_AT_HAND)
        self._days: dict[datetime, date] = {}
        self._erased: set[str] = set()
        """People erased by these lines."""
        self._on_their_way: set[str] = set()
        """The streams of the piece before: its entries may not be handed over yet."""

    def run(
        self,
        lines: Lines,
        source: Source | None,
        expect: int | None,
        within: Within | None = None,
    ) -> Receipt:
        """Check and write all of ``lines``; ``within`` is called last.

        Raises Refused with a problem for each wrong line, Conflict (head_moved) when the
        book's head is not ``expect``, Refused (keys_missing, key_needed).
        """
        head = self._begun.head
        if expect is not None and expect != head.no:
            raise Conflict(Problem("head_moved", value=head.no, expected=expect))
        if isinstance(lines, Iterator):
            lines = list(lines)
        file_name, file_hash = source or Source(None, None)
        commit = Commit(self._begun.commit_no + 1, self._claims.by, storable(file_name), file_hash)
        self._writing = writing = Writing(self._shelf, self._cursor, self._begun, commit)
        self._steps = steps_of(lines, writing, LINES_A_PIECE)
        loader = BookLoader(
            self._cursor, self._shelf.recorder, self._shelf.mapper, self._written, commit
        )
        self._timelines, self._loader = Timelines(loader), loader
        self._entitling = Entitling(
            self._shelf.book_id, loader, self._cursor, self._begun, self._claims.by
        )
        numbering = Numbering(
            self._claims,
            last_no=head.no,
            last_moment=moment(self._begun.recorded_at),
            highest_person=lambda: self._highest_person(lines),
        )
        # Closed in any case: whoever helps is not to be left behind.
        with closing(writing), closing(self._steps):
            try:
                for piece in self._steps.pieces():
                    self._take(piece, numbering)
            except Problem as problem:  # found too large with its place in the book
                raise Refused(*self._problems, problem) from None
            writing.finish()
        if self._problems:
            raise Refused(*self._problems)
        if writing.last_no == head.no:
            return Receipt(0, head.no + 1, head.no, [])
        self._shelf.recorder.insert_commit(
            self._cursor,
            CommitRow(
                commit.commit_no,
                head.no + 1,
                writing.last_no,
                writing.recorded_at,
                self._claims.by,
                commit.file_name,
                commit.file_hash,
                writing.root,
                self._entitling.signature(writing.last_no, writing.root, self._signing),
            ),
        )
        if within is not None:
            within(self._cursor)
        if self._erased:
            path, keep = self._shelf.recorder.datastore.path, self._signing.is_needed
            erase_openable(self._cursor, path, self._shelf.book_id, self._erased, keep=keep)
        span, erased = (head.no + 1, writing.last_no), len(self._erased)
        after = moment(self._begun.recorded_at) if head.no else None
        return Receipt(commit.commit_no, *span, self._entries, erased, after)

    def _written(self, stream_ids: Sequence[str] | None) -> int:
        """Return the last number in the log, once the entries of some streams are in it, or all."""
        if stream_ids is None or not self._on_their_way.isdisjoint(stream_ids):
            self._steps.catch_up()
            self._on_their_way.clear()
        self._writing.settle()
        return self._writing.last_no

    def _highest_person(self, lines: Lines) -> int:
        self._written(None)
        highest = highest_person_number(self._cursor)
        if isinstance(lines, Pieces):
            return max(highest, lines.highest_person())
        return max(highest, highest_person(lines))

    def _take(self, piece: Piece, numbering: Numbering) -> None:
        """Check the lines of a piece against the book, and have written what is possible."""
        timelines, entitling = self._timelines, self._entitling
        piece, changed = _all_named(piece, numbering, self._loader)
        timelines.load(piece.streams, piece.named)
        first_no = numbering.next_no
        streams: list[str] = []
        refused: list[int] = []
        keeps, today = self._claims.keep_recorded, self._today(numbering.moment)
        columns: Any = zip(piece.entries, piece.streams, piece.named, strict=True)
        for at, (entry, stream, named) in enumerate(columns):
            if entry is None:
                failed = piece.failed[at]
                numbering.refused(failed.claimed)
                self._problems.append(failed.problem.at(failed.problem.place or piece.places[at]))
                refused.append(at)
                continue
            claimed = entry.no
            try:
                numbering.number(entry)
                if keeps:
                    today = self._today(entry.recorded_at)
                if entitling.is_signed:
                    entitling.check(entry, stream, timelines)
                stream_id = timelines.add(entry, stream, named, today)
            except Problem as problem:
                numbering.refused(claimed)
                self._problems.append(problem.at(problem.place or piece.places[at]))
                refused.append(at)
                changed.pop(at, None)
                continue
            numbering.taken(claimed)
            if type(entry) is SubjectErased:
                self._erased.add(stream_id)
            if entitling.takes_in:
                entitling.add(entry, stream_id, typed=piece.rows[at] is None)
            if entry.corrects is not None or stream is None or at in changed:
                changed[at] = stream_id, entry
            streams.append(stream_id)
        if self._keep_entries and not self._problems:
            self._entries += piece.entries
        recorded = _recorded(piece, refused) if keeps else [numbering.now]
        versions = self._new_versions(streams)
        self._steps.place(piece, Accepted(first_no, versions, recorded, refused, changed))
        self._on_their_way = set(streams)
        timelines.settle()

    def _today(self, recorded_at: Any) -> date:
        """Return the day of recording in the zone of the book."""
        today = self._days.get(recorded_at)
        if today is None:
            today = recorded_at.astimezone(self._shelf.zone).date()
            self._days[recorded_at] = today
        return today

    def _new_versions(self, stream_ids: Sequence[str]) -> list[int]:
        """Return the version of each entry in its stream."""
        versions = self._versions
        versions.turn()
        if self._begun.head.no or versions.lost:
            unknown = {stream_id for stream_id in stream_ids if versions[stream_id] is None}
            if unknown:
                for stream_id, version in self._writing.versions(list(unknown)).items():
                    versions[stream_id] = version
        found: list[int] = []
        for stream_id in stream_ids:
            version = versions[stream_id] = (versions[stream_id] or 0) + 1
            found.append(version)
        return found


def _all_named(
    piece: Piece, numbering: Numbering, loader: BookLoader
) -> tuple[Piece, dict[int, tuple[str, Entry]]]:
    """Return a piece in which whoever is new has an id, and their streams and entries."""
    new = [at for at, stream in enumerate(piece.streams) if stream == _UNNAMED]
    if not new:
        return piece, {}
    entries, streams = list(piece.entries), list(piece.streams)
    changed: dict[int, tuple[str, Entry]] = {}
    for at in new:
        entry = numbering.named(_of_corrected(entries[at], loader))
        stream = stream_of(entry)
        entries[at], streams[at] = entry, stream
        changed[at] = stream, entry
    return piece._replace(entries=entries, streams=streams), changed


def _of_corrected(entry: Any, loader: BookLoader) -> Entry:
    """Return an entry that leaves the id to the book, as of the person it is corrected for."""
    found: Entry = entry
    corrected: Any = loader.entry(entry.corrects) if entry.corrects and entry.no is None else None
    if corrected is not None and kind_of(corrected) in OPENING_KINDS:
        found = replace(entry, person=corrected.person)
    return found


def _recorded(piece: Piece, refused: Iterable[int]) -> list[tuple[int, str]]:
    """Return when, in microseconds, and by whom the entries not refused were recorded."""
    wrong = {*refused}
    entries: Any = [entry for at, entry in enumerate(piece.entries) if at not in wrong]
    return [(microseconds(entry.recorded_at), entry.by) for entry in entries]
