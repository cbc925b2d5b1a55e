"""Copies a book into one file, through SQLite, and looks at every byte of the copy."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.audit.structure import check_structure, subject_of
from ledger.book import Book
from ledger.store.rows import Head


def back_up(book: Book, path: Path) -> Head:
    """Copy a book, as it is at one moment, to the file ``path``; return its head.

    Others may record meanwhile. The copy is in rollback mode, whatever the book is in, so that
    it is one file. Raises OSError, BookDamaged when the copy is not in order.
    """
    with book.recorder.datastore.reading() as cursor, _filled(path) as copy:
        cursor.connection.backup(copy)
        # To the end: only there SQLite writes the last of it, and says what failed.
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
    return checked(path)[1]


@contextmanager
def _filled(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to fill the file ``path`` by; raise OSError where that fails."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            yield connection
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error


def checked(path: Path) -> tuple[str, Head]:
    """Return id and head of the book at ``path``, every leaf made again; raise BookDamaged."""
    with Book.open(path) as book:
        result = check_structure(subject_of(book))
        return book.id, result.head
