"""Copies a book into one file, through SQLite, and looks at every byte of the copy."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ledger.audit.structure import check_structure, subject_of
from ledger.book import Book
from ledger.store.rows import Head


def back_up(book: Book, path: Path) -> Head:
    """Copy a book, as it is at one moment, to the file ``path``; return its head.

    Others may record meanwhile. The copy is in rollback mode, whatever the book is in, so that
    it is one file. Raises BookDamaged when the copy is not in order.
    """
    with closing(sqlite3.connect(path)) as copy:
        with book.recorder.datastore.reading() as cursor:
            cursor.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    return checked(path)[1]


def checked(path: Path) -> tuple[str, Head]:
    """Return id and head of the book at ``path``, every leaf made again; raise BookDamaged."""
    with Book.open(path) as book:
        result = check_structure(subject_of(book))
        return book.id, result.head
