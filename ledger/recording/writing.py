"""Writes what was placed into the tables of a book, behind the checking of what comes next."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ledger.recording.placing import Known, Placing, Stored, Wanted
from ledger.store.behind import Behind
from ledger.store.envelope import Commit
from ledger.store.epochs import epoch_key_of
from ledger.store.growth import Growth
from ledger.store.mapper import BookMapper
from ledger.store.recorder import BookRecorder
from ledger.store.rows import Last
from ledger.store.sealing import EpochKey

_ENTRIES_BEHIND = 1_000
"""From so many entries on, writing is done behind the checking of those to come."""


class Shelf(NamedTuple):
    """The parts of one book that recording works with."""

    book_id: bytes
    zone: ZoneInfo
    keys_path: Path
    recorder: BookRecorder
    mapper: BookMapper


class Writing:
    """The end of a book that grows inside the transaction of ``cursor``, by one commit."""

    def __init__(self, shelf: Shelf, cursor: sqlite3.Cursor, begun: Last, commit: Commit) -> None:
        self._shelf = shelf
        self._cursor = cursor
        self._commit = commit
        self._begun = begun
        self._behind = Behind()
        self._epoch_key: EpochKey | None = None
        self._taken_away: list[str] | None = None
        """Triggers that are to be put back; None before many entries came at once."""
        self.last_no = begun.head.no
        """The last number that was handed over to be written."""
        self.recorded_at = begun.recorded_at
        """When that was recorded, in microseconds."""
        self.root = begun.head.root
        """The root of the tree up to there."""

    def placing(self) -> Placing:
        """Return what places entries behind all that was handed over, and is in the log then."""
        self.settle()
        growth = Growth(self.last_no, self._nodes)
        return Placing(self._shelf.mapper, self._commit, growth, is_whole=not self.last_no)

    def _nodes(self, height: int, first: int, last: int) -> list[bytes]:
        """Return hashes of the tree as it stands; those of entries are made anew, and checked."""
        recorder, mapper = self._shelf.recorder, self._shelf.mapper
        if height:
            return recorder.nodes(self._cursor, height, first, last)
        rows = recorder.by_numbers(self._cursor, first + 1, last)
        return [mapper.leaf_hash(row.within(self._commit)) for row in rows]

    def known(self, wanted: Wanted) -> Known:
        """Return what the book says of what is wanted; raise Refused (keys_missing)."""
        if not wanted.seals:
            return Known()
        if self._epoch_key is None:
            self.settle()
            keys, book_id = self._shelf.keys_path, self._shelf.book_id
            # What signs for the book is not needed to seal, and goes nowhere.
            self._epoch_key = epoch_key_of(self._cursor, keys, book_id)._replace(identity=b"")
        if not wanted.owners:
            return Known(self._epoch_key)
        self.settle()
        return Known(self._epoch_key, list(self._shelf.recorder.keys(self._cursor, wanted.owners)))

    def versions(self, stream_ids: Sequence[str]) -> dict[str, int]:
        """Return the last versions of streams in the log."""
        self.settle()
        return self._shelf.recorder.versions(self._cursor, stream_ids)

    def write(self, stored: Stored) -> None:
        """Hand over what is to be written behind all that was handed over before."""
        self._behind.at_once = stored.last_no - stored.first_no < _ENTRIES_BEHIND
        if self._taken_away is None and not self._behind.at_once:
            # Half of what SQLite does for a row would be to ask whether it is the next.
            self._taken_away = self._shelf.recorder.let_many_in(self._cursor)
        cursor = self._cursor.connection.cursor()
        self._behind.hand_over(self._shelf.recorder.insert_rows, cursor, stored.tables())
        self.last_no, self.recorded_at, self.root = stored.last_no, stored.recorded_at, stored.root

    def settle(self) -> None:
        """Wait until all that was handed over is in the log."""
        self._behind.settle()

    def finish(self) -> None:
        """Wait until all is in the log, and let only the next entry in again.

        Raises IntegrityError when a number was left out.
        """
        self.settle()
        if self._taken_away is not None:
            self._shelf.recorder.let_only_next_in(
                self._cursor, self._taken_away, self._begun.head.no
            )

    def close(self) -> None:
        """Let go of the thread that writes, after what it is doing."""
        self._behind.close()
