"""The file of a book: durable, distrusted, and never taken for a book when it is none."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.errors import BookDamaged, BookLocked, BookMissing, Refused
from ledger.store.storage import wal_is_safe
from tests.scenarios import codes
from tests.shelf import AN, NOW, UNIT, forced, imported, new_book, record

ROOT = Path(__file__).parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a book with three entries, closed."""
    new_book(tmp_path, UNIT + AN).close()
    return tmp_path / "book.db"


def test_every_connection_is_durable_and_distrustful(path: Path) -> None:
    with Book.open(path) as book, book.recorder.datastore.reading() as cursor:

        def pragma(name: str) -> Any:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

        assert pragma("synchronous") == 3
        assert pragma("journal_mode") == ("wal" if wal_is_safe() else "delete")
        assert pragma("trusted_schema") == 0
        assert pragma("cell_size_check") == 1
        assert pragma("secure_delete") == 1
        assert pragma("application_id") == 0x526F6C6C


def test_what_is_done_outside_of_transactions_fails_in_our_words(path: Path) -> None:
    book = Book.open(path, wait_seconds=0.01)
    with book, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BookLocked):
            book.recorder.datastore.outside("PRAGMA user_version = 1")


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_is_used_only_where_it_cannot_corrupt(version: tuple[int, ...], *, safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_a_book_in_wal_mode_is_taken_over(path: Path) -> None:
    # given a book that a newer SQLite left in write-ahead-log mode
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    # when it is opened and written to
    with Book.open(path) as book:
        record(book, "delisted 2020-03-04 P000001")
        # then it is read as ever
        assert [entry.no for entry in book.entries()] == [1, 2, 3, 4]
        with book.recorder.datastore.reading() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    assert mode == ("wal" if wal_is_safe() else "delete")


@pytest.mark.parametrize("content", [b"", b"no book", b"SQLite format 3\0" + bytes(4_096)])
def test_what_is_no_book_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.db"
    path.write_bytes(content)
    with pytest.raises(BookDamaged) as caught:
        Book.open(path)
    assert codes(caught.value.problems) == ["not_a_book"]
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM book",
        "UPDATE book SET value = 'one' WHERE key = 'format'",
        "UPDATE book SET value = x'00' WHERE key = 'id'",
        "UPDATE book SET value = 'Nowhere/Land' WHERE key = 'timezone'",
        "DROP TABLE book",
    ],
)
def test_a_book_without_its_settings_is_none(path: Path, change: str) -> None:
    if change.startswith("DROP"):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(change)
    else:
        forced(path, (change, ()))
    with pytest.raises(BookDamaged) as caught:
        Book.open(path)
    assert codes(caught.value.problems) == ["not_a_book"]


def test_a_book_of_a_newer_format_is_left_alone(path: Path) -> None:
    forced(path, ("UPDATE book SET value = 2 WHERE key = 'format'", ()))
    with pytest.raises(Refused) as caught:
        Book.open(path)
    assert codes(caught.value.problems) == ["book_newer"]


def test_a_missing_book_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BookMissing) as caught:
        Book.open(tmp_path / "nowhere" / "book.db")
    assert codes(caught.value.problems) == ["book_missing"]
    assert not list(tmp_path.iterdir())
    with pytest.raises(BookDamaged):
        Book.open(tmp_path)


def test_a_full_disc_leaves_the_book_as_it_was(path: Path) -> None:
    with Book.open(path) as book:
        # given a book that cannot grow by more than a page
        with book.recorder.datastore.reading() as cursor:
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages + 1}")
        before = book.head
        # when more is recorded than has room
        many = [
            b'{"kind":"profile_changed","effective_on":"2021-01-01","person":"P000001","note":"%s",'
            b'"occupation":"x"}' % (b"y" * 5_000)
        ] * 10
        with pytest.raises(Refused) as caught:
            imported(book, many)
        # then nothing was recorded, and the book works on
        assert codes(caught.value.problems) == ["book_full"]
        assert book.head == before
        record(book, "delisted 2020-03-04 P000001", now=NOW + timedelta(hours=1))
        assert book.head.no == 4


@pytest.mark.skipif(os.name == "nt", reason="rights of folders are other things on Windows")
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_book_is_read_where_nothing_can_be_written(mode: str) -> None:
    # given a book in a folder without the right to write, and a reader without privileges
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with new_book(folder, UNIT + AN) as book:
            path = book.path
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA journal_mode = {mode}")
        path.chmod(0o444)
        folder.chmod(0o555)
        program = (
            "import os, sys, zoneinfo\n"
            "from ledger.book import Book\n"
            "zoneinfo.ZoneInfo('Asia/Ho_Chi_Minh')\n"
            "os.getuid() or os.setuid(65534)\n"
            "assert not os.access(sys.argv[1], os.W_OK)\n"
            "assert len(list(Book.open(sys.argv[1]).entries())) == 3"
        )
        # when the book is read, then it can be
        try:
            subprocess.run([sys.executable, "-c", program, str(path)], check=True, cwd=ROOT)
        finally:
            folder.chmod(0o755)
