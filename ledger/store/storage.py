"""Connections to the file of a book: durable, locked for one writer, errors in our words.

The library's own pool switches every file to write-ahead logging and begins transactions
without taking the lock; both lose data in ways that were measured, so both are replaced.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, cast

from eventsourcing.persistence import ConnectionUnavailableError, IntegrityError
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from ledger.errors import BookDamaged, BookLocked, BookMissing, Problem, Refused, RollbookError

WAIT_SECONDS = 10.0
"""How long somebody else's writing is waited for, unless said otherwise."""

_SETTINGS = (
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",
    # Beyond FULL: in rollback mode the folder is synced, too. In WAL mode it is FULL.
    "synchronous = EXTRA",
    "page_size = 8192",  # of a new book: twice SQLite's own, by which imports are faster
    "cache_size = -65536",  # KiB: an import of 100,000 entries stays in memory until it commits
)
MOST_BYTES = 1 << 24
"""The longest row or value of any table that is read or written: what Rollbook writes is below
100 KB, lists of streams that it asks for below some MB, and SQLite itself would take 1 GB."""
# Codes of SQLite (sqlite.org/rescode.html), without their extension.
_BUSY, _LOCKED = 5, 6
_READ_ONLY, _INPUT_OUTPUT, _FULL, _CANNOT_OPEN = 8, 10, 13, 14
_CONSTRAINT = 19


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Return whether this SQLite is free of the write-ahead-log reset bug.

    Two connections could corrupt a book with 3.7.0 to 3.51.2; the fix was carried to
    3.50.7 and 3.44.6 (sqlite.org/wal.html, "The WAL-reset bug").
    """
    return (
        version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    )


def _code(error: sqlite3.Error) -> int:
    """Return the primary result code of SQLite, 0 when the error is not SQLite's."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def told(error: sqlite3.Error, path: str) -> RollbookError:
    """Return what an error of SQLite on the book at ``path`` means to people."""
    code = _code(error)
    if code in {_BUSY, _LOCKED}:
        return BookLocked(Problem("book_locked", value=path))
    if code in {_READ_ONLY, _INPUT_OUTPUT, _FULL}:
        return Refused(Problem("book_full", value=path, detail=str(error)))
    if code == _CANNOT_OPEN:
        return BookMissing(Problem("book_unreadable", value=path, detail=str(error)))
    return BookDamaged(Problem("not_a_book", value=path, detail=str(error)))


@contextmanager
def telling(path: str) -> Iterator[None]:
    """Raise an error of SQLite in the block, on the book at ``path``, as what it means to people.

    Raises what ``told`` returns; BookDamaged where a file is so damaged that SQLite's own
    message of it is no text; the library's IntegrityError when a trigger refuses.
    """
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) == _CONSTRAINT:
            raise IntegrityError(error) from error
        raise told(error, path) from error
    except UnicodeDecodeError as error:
        detail = error.object.decode("utf-8", "backslashreplace")
        raise BookDamaged(Problem("not_a_book", value=path, detail=detail)) from error


def check_there(path: Path) -> None:
    """Raise unless there is a file at ``path``: BookMissing, BookDamaged (not_a_book)."""
    try:
        is_file = path.is_file()
        is_there = is_file or path.exists()
    except OSError as error:
        detail = error.strerror or str(error)
        raise BookMissing(Problem("book_unreadable", value=str(path), detail=detail)) from error
    if not is_there:
        raise BookMissing(Problem("book_missing", value=str(path)))
    if not is_file:
        raise BookDamaged(Problem("not_a_book", value=str(path), detail="-"))
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists() and not journal.is_file():  # SQLite would wait for a pipe
        raise BookDamaged(Problem("not_a_book", value=str(journal), detail="-"))


class BookConnection(SQLiteConnection):
    """A connection whose writing transactions hold the lock from their beginning."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        super().__init__(connection, max_age=None)
        self._path = path

    @contextmanager
    def transaction(self, *, commit: bool, keep: bool = True) -> Iterator[SQLiteCursor]:
        """Begin a transaction, with the writer's lock if ``commit``; end it with the block.

        ``keep`` False takes everything back at the end, also without an error. Raises
        BookLocked, Refused (book_full, commit_unsure), BookDamaged, and the library's
        IntegrityError when a trigger refuses.
        """
        cursor = self.cursor()
        try:
            with telling(self._path):
                cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                with cursor:
                    yield cursor
                if commit and keep:
                    self._commit()
        finally:
            # Also after a commit that failed: the next transaction needs a clean connection.
            with suppress(sqlite3.Error):
                if self._sqlite_conn.in_transaction:
                    self.rollback()

    def _commit(self) -> None:
        try:
            self.commit()
        except sqlite3.OperationalError as error:
            if _code(error) != _INPUT_OUTPUT:
                raise
            # What failed may be the very last step, after the journal was gone.
            detail = str(error)
            raise Refused(Problem("commit_unsure", value=self._path, detail=detail)) from error


class BookPool(SQLiteConnectionPool):
    """The connections of one book."""

    def __init__(self, path: Path, wait_seconds: float) -> None:
        super().__init__(db_name=str(path), pool_timeout=wait_seconds)
        self._path = path
        self._wait_seconds = wait_seconds

    def _create_connection(self) -> SQLiteConnection:
        with telling(str(self._path)):
            return BookConnection(self._connected(), str(self._path))

    def _connected(self) -> sqlite3.Connection:
        address = self._path.absolute().as_uri()
        try:
            return self._settled(f"{address}?mode=rw")
        except sqlite3.OperationalError as error:
            if _code(error) not in {_READ_ONLY, _CANNOT_OPEN} or self._is_being_written():
                raise
            # Nothing can be written beside the book, such as on a disc: nobody else can
            # write to it either.
            return self._settled(f"{address}?mode=ro&immutable=1")

    def _is_being_written(self) -> bool:
        """Return whether a part of the book may lie beside it, not yet taken into the file."""
        beside = [self._path.with_name(self._path.name + end) for end in ("-wal", "-journal")]
        return any(path.exists() and path.stat().st_size for path in beside)

    def _settled(self, address: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            timeout=self._wait_seconds,
        )
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
            for setting in _SETTINGS:
                connection.execute(f"PRAGMA {setting}")
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
            if mode == "wal" and "immutable" not in address and not wal_is_safe():
                # Written by a newer SQLite; this one must not write to it that way.
                connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        except (sqlite3.Error, UnicodeDecodeError):
            connection.close()
            raise
        return connection


class BookDatastore(SQLiteDatastore):
    """The library's datastore over our connections; stream ids are text."""

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        # Not the library's own initialiser: it would make a pool of its own.
        self.pool = BookPool(path, wait_seconds)
        self.path = path
        self.single_row_tracking = True
        self.originator_id_type: Literal["uuid", "text"] = "text"

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """Lend a connection, for writing if ``commit``; raise BookLocked when none is free."""
        try:
            connection = self.pool.get_connection(is_writer=commit)
        except ConnectionUnavailableError:
            raise BookLocked(Problem("book_locked", value=str(self.path))) from None
        try:
            yield connection
        finally:
            self.pool.put_connection(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        """Read at one moment of the book; rows are plain tuples."""
        with self.transaction(commit=False) as cursor:
            yield _plain(cursor)

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator[sqlite3.Cursor]:
        """Write as the only writer, all or nothing; ``keep`` False takes it back at the end."""
        with self.get_connection(commit=True) as lent:
            connection = cast("BookConnection", lent)
            with connection.transaction(commit=True, keep=keep) as cursor:
                yield _plain(cursor)

    def outside(self, statement: str) -> None:
        """Execute what SQLite does outside of transactions only; raise as ``writing`` does."""
        with self.get_connection(commit=True) as lent, telling(str(self.path)):
            # To the end: only there SQLite writes the last of it, and says what failed.
            _plain(lent.cursor()).execute(statement).fetchall()


def _plain(cursor: SQLiteCursor) -> sqlite3.Cursor:
    return cursor.sqlite_cursor
