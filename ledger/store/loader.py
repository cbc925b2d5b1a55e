"""What the lifecycle reads of a book while an entry is checked, inside the transaction."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence

from ledger.catalogue import Entry
from ledger.similar import similar
from ledger.store.envelope import Commit
from ledger.store.ids import stream_ids
from ledger.store.mapper import BookMapper
from ledger.store.recorder import BookRecorder
from ledger.store.rows import StoredEntry

_MOST_CANDIDATES = 5_000
_MOST_SUGGESTIONS = 50


class BookLoader:
    """Reads entries through the connection that holds the writer's lock, sealed as they are.

    ``written`` is called before anything is read: it returns when all entries so far are in
    the log, at least those of the streams that it is given, and what the last number there is.
    """

    def __init__(
        self,
        cursor: sqlite3.Cursor,
        recorder: BookRecorder,
        mapper: BookMapper,
        written: Callable[[Sequence[str] | None], int],
        commit: Commit,
    ) -> None:
        self._cursor = cursor
        self._recorder = recorder
        self._mapper = mapper
        self._written = written
        self._commit = commit  # being written now: its own row comes last
        self._codes: dict[str, list[str]] = {}
        self._suggested: dict[tuple[str, str], str | None] = {}
        self.began_at = written(None)
        """The last number in the book when the transaction began, 0 if there was none."""

    def streams(self, stream_ids: Iterable[str]) -> dict[str, list[Entry]]:
        """Return the entries of each stream that there is, dead ones too, by number."""
        found: dict[str, list[Entry]] = {}
        stream_ids = list(stream_ids)
        if not self._written(stream_ids):
            return found
        for row in self._recorder.by_streams(self._cursor, stream_ids):
            found.setdefault(row.originator_id, []).append(self._entry(row))
        return found

    def naming(self, stream_id: str) -> list[Entry]:
        """Return the entries of other streams that name ``stream_id``, dead ones too."""
        if not self._written(None):
            return []
        return [self._entry(row) for row in self._recorder.naming(self._cursor, stream_id)]

    def mentioned(self, stream_ids: Iterable[str]) -> set[str]:
        """Return those of the streams that entries of others name."""
        if not self._written(None):
            return set()
        return self._recorder.mentioned(self._cursor, stream_ids)

    def entry(self, no: int) -> Entry | None:
        """Return the entry with a number, None if there is none."""
        if not 0 < no <= self._written(None):
            return None
        return self._entry(self._recorder.by_numbers(self._cursor, no, no)[0])

    def _entry(self, row: StoredEntry) -> Entry:
        return self._mapper.read(row.within(self._commit))

    def displaced(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return, of the given numbers, those that no longer count, and what displaced them."""
        return self._recorder.displaced(self._cursor, numbers) if self._written(None) else {}

    def similar(self, prefix: str, code: str) -> str | None:
        """Return the code among the streams ``prefix/…`` most like ``code``, None if none is.

        Looked for among the first few thousand, and for the first few dozen codes that are
        not found: a file with every line wrong must not take an hour to say so.
        """
        if prefix not in self._codes:
            self._written(None)
            ids = stream_ids(self._cursor, prefix, _MOST_CANDIDATES)
            self._codes[prefix] = [stream_id.partition("/")[2] for stream_id in ids]
        asked = (prefix, code)
        if asked not in self._suggested:
            if len(self._suggested) >= _MOST_SUGGESTIONS:
                return None
            self._suggested[asked] = similar(code, self._codes[prefix]) or None
        return self._suggested[asked]
