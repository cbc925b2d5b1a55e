"""Records the lines of one command: checked one after another, written all or not at all.

A file may be of any length: it goes through in pieces, each written behind the checking of
the next, inside one transaction. A line that is wrong keeps nothing from being checked; at
the end all is taken back.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import compress, islice
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from eventsourcing.persistence import EventStore

from ledger.catalogue import Entry, kind_of
from ledger.errors import Conflict, Problem, Refused
from ledger.lifecycle.arrivals import Arrival, arrival
from ledger.lifecycle.timelines import PEOPLE_AT_HAND, Timelines
from ledger.recent import Recent
from ledger.recording.door import admit
from ledger.recording.numbering import Claims, Line, Numbering, highest_person
from ledger.recording.text import storable
from ledger.store.behind import Behind
from ledger.store.codec import has_personal, microseconds, moment
from ledger.store.envelope import Commit
from ledger.store.loader import BookLoader
from ledger.store.mapper import BookMapper, Placed
from ledger.store.recorder import BookRecorder
from ledger.store.rows import CommitRow
from ledger.store.sealing import Sealer, WrappedKey, read_keys


class Source(NamedTuple):
    """The file that lines came from."""

    file_name: str | None
    file_hash: bytes | None
    """SHA-256 of its content."""


LINES_A_PIECE = 10_000
"""How many lines are in memory at once, and once more on their way to the log."""

Lines = Iterable[Line | Problem]
"""What is to be recorded; in the place of a line that could not be read, why.

What can be gone through only once, such as a generator, is gathered in memory first: ids that
are handed out pass over those on later lines.
"""


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
        commit = Commit(self._begun.commit_no + 1, storable(source.file_name), source.file_hash)
        self._loader.commit = commit
        numbering = Numbering(
            self._claims,
            last_no=head.no,
            last_moment=moment(self._begun.recorded_at),
            highest_person=lambda: self._highest_person(lines),
        )
        rest = iter(lines)
        try:
            while piece := list(islice(rest, LINES_A_PIECE)):
                self._behind.at_once = len(piece) < LINES_A_PIECE
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
            ),
        )
        return Receipt(commit.commit_no, head.no + 1, last_no, self._entries)

    def _written(self) -> int:
        """Return the last number in the log, once all that was handed over is in it."""
        self._behind.settle()
        return self._last.no or 0 if self._last else self._begun.head.no

    def _highest_person(self, lines: Lines) -> int:
        self._behind.settle()
        in_lines = getattr(lines, "highest_person", lambda: highest_person(lines))
        return max(self._shelf.recorder.highest_person_number(self._cursor), in_lines())

    def _take(self, piece: list[Line | Problem], numbering: Numbering, commit: Commit) -> None:
        """Check the lines of a piece, and have written what is possible."""
        admitted = [_admitted(line, numbering) for line in piece]
        timelines = self._timelines
        timelines.load(found for _, found in admitted if not isinstance(found, Problem))
        taken: list[tuple[Line, Arrival, str]] = []
        for line, found in admitted:
            claimed = line.entry.no if isinstance(line, Line) else None
            try:
                if isinstance(found, Problem):
                    raise found
                entry, stream, named = found
                arriving = Arrival(numbering.numbered(entry), stream, named)
                stream_id = timelines.add(arriving, self._today(arriving.entry))
            except Problem as problem:
                numbering.refused(claimed)
                self._problems.append(problem.at(problem.place or line.place))
                continue
            numbering.taken(claimed)
            taken.append((line, arriving, stream_id))  # type: ignore[arg-type]  # no Problem here
        if taken:
            self._write(taken, commit)
        timelines.settle()

    def _today(self, entry: Any) -> date:
        """Return the day of recording in the zone of the book."""
        today = self._days.get(entry.recorded_at)
        if today is None:
            today = entry.recorded_at.astimezone(self._shelf.zone).date()
            self._days[entry.recorded_at] = today
        return today

    def _write(self, taken: list[tuple[Line, Arrival, str]], commit: Commit) -> None:
        """Hand over what was taken, and all that belongs to it, to be written."""
        recorder, behind = self._shelf.recorder, self._behind
        cursor = self._cursor.connection.cursor()
        to_seal = [has_personal(kind_of(entry), entry) for _, (entry, _, _), _ in taken]
        owners = [stream_id for _, _, stream_id in compress(taken, to_seal)]
        if owners:
            behind.hand_over(recorder.insert_keys, cursor, self._keys(owners))
        self._recall_versions(stream_id for _, _, stream_id in taken)
        placed: list[Placed] = []
        mentions: set[tuple[str, int]] = set()
        displaced: list[tuple[int, int]] = []
        versions = self._versions
        for (line, (entry, _, named), stream_id), seals in zip(taken, to_seal, strict=True):
            version = versions[stream_id] = (versions.get(stream_id) or 0) + 1
            sealer = self._sealer if seals else None
            placed.append(Placed(entry, stream_id, version, commit, line.sheet, line.row, sealer))
            no = entry.no or 0
            for name in named:
                mentions.add((name, no))
            if (dead := displaced_by(entry)) is not None:
                displaced.append((dead, no))
        self._shelf.events.put(placed, cursor=cursor, behind=behind)
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


def _admitted(
    line: Line | Problem, numbering: Numbering
) -> tuple[Line | Problem, Arrival | Problem]:
    """Return a line with its entry as it may be recorded, or with what is wrong with it."""
    if isinstance(line, Problem):
        return line, line
    try:
        return line, arrival(numbering.named(admit(line.entry, line.written)))
    except Problem as problem:
        return line, problem


def displaced_by(entry: Any) -> int | None:
    """Return the number of the entry that ``entry`` voids or corrects, None if it does not."""
    displaced: int | None = entry.entry if kind_of(entry) == "voided" else entry.corrects
    return displaced
