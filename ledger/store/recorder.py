"""Reads and writes the tables of a book: the library's recorder, with the book's own columns."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, starmap
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, Notification, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor

from ledger.errors import Problem
from ledger.proof.tree import EMPTY_ROOT
from ledger.store import schema
from ledger.store.codec import moment
from ledger.store.rows import CommitRow, Head, Last, Row, StoredEntry, damaged
from ledger.store.sealing import WrappedKey
from ledger.store.storage import BookDatastore

_SELECT = """
SELECT e.no, e.originator_id, e.originator_version, e.topic, e.state, e.recorded_at,
       e.operator, e.commit_no, e.sheet, e.row, e.leaf, c.operator, c.file_name, c.file_hash
  FROM stored_events e LEFT JOIN commits c ON c.commit_no = e.commit_no
"""
Rows = tuple[str, int, Sequence[Any]]
"""A table, how many columns it has, and its new rows: their values, one after another."""
_KINDS = "SELECT topic, count(*) FROM stored_events WHERE no <= ? GROUP BY topic"
_IN_STREAMS = "WHERE e.originator_id IN (SELECT value FROM json_each(?)) ORDER BY e.no"
_TRIGGERS = """
SELECT name, sql FROM sqlite_master
 WHERE type = 'trigger' AND name IN (SELECT value FROM json_each(?))
"""
_SINCE = "SELECT count(*), max(no) FROM stored_events WHERE no > ?"
_HOLE_IN_TREE = "SELECT 1 FROM tree GROUP BY height HAVING count(*) <= max(no) LIMIT 1"
_ROWS_AT_ONCE = (2_000, 200, 20, 1)
"""Rows of one statement: at most 22,000 values, where SQLite takes 32,766."""


@cache
def _insertion(table: str, columns: int, rows: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {', '.join([row] * rows)}"  # noqa: S608 - holds no value


def _insert(cursor: sqlite3.Cursor, table: str, columns: int, values: Sequence[Any]) -> None:
    """Insert rows of so many columns, one after another in ``values``.

    Many rows are one statement: SQLite works through it while other threads go on, where
    one statement a row would have to wait for them at every row.
    """
    done = 0
    for rows in _ROWS_AT_ONCE:
        while len(values) - done >= rows * columns:
            cursor.execute(_insertion(table, columns, rows), values[done : done + rows * columns])
            done += rows * columns


class BookRecorder(SQLiteApplicationRecorder):
    """The recorder of a book. Methods that take a cursor work inside its transaction."""

    datastore: BookDatastore

    def construct_create_table_statements(self) -> list[str]:
        """Return the statements that make an empty book."""
        return list(schema.STATEMENTS)

    # Writing

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int]:
        del kwargs
        rows: Sequence[Any] = stored_events
        columns = len(schema.COLUMNS)
        values = [*chain.from_iterable(row[:columns] for row in rows)]
        _insert(c.sqlite_cursor, "stored_events", columns, values)
        return [row.no for row in rows]

    def insert_commit(self, cursor: sqlite3.Cursor, commit: CommitRow) -> None:
        """Insert the row of a commit."""
        cursor.execute("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", commit)

    def insert_rows(self, cursor: sqlite3.Cursor, tables: Iterable[Rows]) -> None:
        """Insert rows into several tables, one table after another."""
        for table, columns, values in tables:
            _insert(cursor, table, columns, values)

    def let_many_in(self, cursor: sqlite3.Cursor) -> list[str]:
        """Take away what asks of each row whether it is the next; return it, to be put back.

        For one transaction, of which ``let_only_next_in`` is the end.
        """
        names = json.dumps(schema.OF_EACH_ROW)
        found = cursor.execute(_TRIGGERS, (names,)).fetchall()
        for name, _ in found:
            cursor.execute(f"DROP TRIGGER {name}")
        return [statement for _, statement in found]

    def let_only_next_in(self, cursor: sqlite3.Cursor, triggers: Iterable[str], head: int) -> None:
        """Put back what was taken away, once the rows leave no number out.

        Those of entries after ``head`` and those of the tree are counted. Raises IntegrityError.
        """
        ((count, last),) = cursor.execute(_SINCE, (head,)).fetchall()
        if count != last - head or cursor.execute(_HOLE_IN_TREE).fetchone():
            message = "not the next entry"
            raise IntegrityError(message)
        for statement in triggers:
            cursor.execute(statement)

    # Reading: the library's ways

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the stored entries of a stream by their versions, rows of the whole log."""
        with self.datastore.reading() as cursor:
            cursor.execute(
                _SELECT + "WHERE e.originator_id = ? AND e.originator_version > ? "
                "AND e.originator_version <= coalesce(?, e.originator_version) "
                "ORDER BY e.originator_version " + ("DESC LIMIT ?" if desc else "LIMIT ?"),
                (str(originator_id), gt or 0, lte, -1 if limit is None else limit),
            )
            found: list[Any] = list(starmap(StoredEntry, cursor))
        return found

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return entries as notifications whose ids are the numbers of the book."""
        first = 1 if start is None else start if inclusive_of_start else start + 1
        with self.datastore.reading() as cursor:
            cursor.execute(
                "SELECT no, originator_id, originator_version, topic, state FROM stored_events "
                "WHERE no BETWEEN ? AND coalesce(?, no) "
                "AND (topic IN (SELECT value FROM json_each(?)) OR ?) ORDER BY no LIMIT ?",
                (first, stop, json.dumps(list(topics)), not topics, limit),
            )
            return [
                Notification(
                    id=no,
                    originator_id=stream_id,
                    originator_version=version,
                    topic=kind,
                    state=state,
                )
                for no, stream_id, version, kind, state in cursor
            ]

    # Reading: the book's ways

    def nodes(self, cursor: sqlite3.Cursor, height: int, first: int, last: int) -> list[bytes]:
        """Return the stored hashes of one height of the tree, places ``first`` up to ``last``.

        That of ``last`` itself is not among them. Raises BookDamaged when one is missing.
        """
        cursor.execute(
            "SELECT hash FROM tree WHERE height = ? AND no >= ? AND no < ? ORDER BY no",
            (height, first, last),
        )
        nodes = [node for (node,) in cursor]
        if len(nodes) != last - first:
            raise damaged((first << height) + 1, "stored_tree_differs")
        return nodes

    def head(self, cursor: sqlite3.Cursor) -> Head:
        """Return the head of the book; raise BookDamaged if it is not that of its commits."""
        return self.last(cursor).head

    def last(self, cursor: sqlite3.Cursor) -> Last:
        """Return the end of the book; raise BookDamaged if log and commits end differently."""
        cursor.execute("SELECT no, recorded_at FROM stored_events ORDER BY no DESC LIMIT 1")
        no, recorded_at = cursor.fetchone() or (0, 0)
        cursor.execute(
            "SELECT commit_no, last_no, root, signature IS NOT NULL FROM commits "
            "ORDER BY commit_no DESC LIMIT 1"
        )
        commit_no, last_no, root, is_signed = cursor.fetchone() or (0, 0, EMPTY_ROOT, 0)
        try:
            moment(recorded_at)
        except Problem as problem:
            raise damaged(no, problem.code) from None
        numbers = (no, last_no, commit_no)
        if not all(isinstance(number, int) for number in numbers) or not isinstance(root, bytes):
            raise damaged(no, "stored_form_differs")
        if no != last_no:
            raise damaged(min(no, last_no) + 1, "stored_ends_differ")
        return Last(Head(no, root), recorded_at, commit_no, bool(is_signed))

    def by_numbers(self, cursor: sqlite3.Cursor, first: int, last: int) -> list[StoredEntry]:
        """Return the rows from number ``first`` to ``last``, in order.

        Raises BookDamaged when one is missing; ``last`` must not be more than the head.
        """
        cursor.execute(_SELECT + "WHERE e.no BETWEEN ? AND ? ORDER BY e.no", (first, last))
        rows = list(starmap(StoredEntry, cursor))
        if len(rows) <= last - first:
            numbers = {row.no for row in rows}
            lost = next(no for no in range(first, last + 1) if no not in numbers)
            raise damaged(lost, "stored_row_missing")
        return rows

    def kinds(self, cursor: sqlite3.Cursor, last: int) -> dict[str, int]:
        """Return how many entries of each kind there are up to number ``last``."""
        cursor.execute(_KINDS, (last,))
        return dict(cursor.fetchall())

    def by_streams(self, cursor: sqlite3.Cursor, stream_ids: Iterable[str]) -> list[StoredEntry]:
        """Return the rows of several streams, in order of their numbers.

        Raises BookDamaged when one is missing from the middle of a stream.
        """
        cursor.execute(
            _SELECT + _IN_STREAMS,
            (json.dumps(list(stream_ids)),),
        )
        rows = list(starmap(StoredEntry, cursor))
        versions: dict[str, int] = {}
        for row in rows:
            versions[row.originator_id] = version = versions.get(row.originator_id, 0) + 1
            if row.originator_version != version:
                raise damaged(row.no, "stored_row_missing")
        return rows

    def naming(self, cursor: sqlite3.Cursor, stream_id: str) -> list[StoredEntry]:
        """Return the rows of other streams that name ``stream_id``, in order."""
        cursor.execute(
            _SELECT + "JOIN mentions m ON m.no = e.no WHERE m.mentioned = ? "
            "AND e.originator_id <> m.mentioned ORDER BY e.no",
            (stream_id,),
        )
        return list(starmap(StoredEntry, cursor))

    def mentioned(self, cursor: sqlite3.Cursor, stream_ids: Iterable[str]) -> set[str]:
        """Return those of the streams that entries of others name."""
        cursor.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS ("
            "SELECT 1 FROM mentions WHERE mentioned = value)",
            (json.dumps(list(stream_ids)),),
        )
        return {stream_id for (stream_id,) in cursor}

    def rows(self, cursor: sqlite3.Cursor, after: int, limit: int) -> list[Row]:
        """Return up to ``limit`` raw rows after number ``after``, for the feed."""
        cursor.execute(
            "SELECT no, originator_id, topic, state, recorded_at, operator, commit_no "
            "FROM stored_events WHERE no > ? ORDER BY no LIMIT ?",
            (after, limit),
        )
        return cursor.fetchall()

    def displaced(
        self, cursor: sqlite3.Cursor, numbers: Iterable[int] | None = None
    ) -> dict[int, int]:
        """Return entries that no longer count, and by which entry; of ``numbers`` or all."""
        if numbers is None:
            cursor.execute("SELECT no, by_no FROM displaced")
        else:
            cursor.execute(
                "SELECT no, by_no FROM displaced WHERE no IN (SELECT value FROM json_each(?))",
                (json.dumps(list(numbers)),),
            )
        return dict(cursor.fetchall())

    def versions(self, cursor: sqlite3.Cursor, stream_ids: Iterable[str]) -> dict[str, int]:
        """Return the last version in each of the streams that there are."""
        cursor.execute(
            "SELECT originator_id, max(originator_version) FROM stored_events "
            "WHERE originator_id IN (SELECT value FROM json_each(?)) GROUP BY originator_id",
            (json.dumps(list(stream_ids)),),
        )
        return dict(cursor.fetchall())

    def keys(self, cursor: sqlite3.Cursor, owners: Iterable[str]) -> Iterator[WrappedKey]:
        """Return the wrapped data keys that there are of ``owners``."""
        cursor.execute(
            "SELECT owner, epoch, wrapped, commitment FROM data_keys "
            "WHERE owner IN (SELECT value FROM json_each(?))",
            (json.dumps(list(owners)),),
        )
        return map(WrappedKey._make, cursor.fetchall())
