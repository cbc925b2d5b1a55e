"""The findings about SQLite and the files of a book (docs/trust/store.md), by the real thing."""

import errno
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.audit.structure import check_structure, subject_of
from ledger.book import Book
from ledger.errors import BookDamaged, BookLocked, Refused
from ledger.store.durable import put_in_place
from ledger.store.sealing import keys_path
from tests.scenarios import codes
from tests.shelf import AN, NOW, UNIT, new_book, record
from tests.terminal import done, words

ROOT = Path(__file__).parent.parent
WRITERS, RECORDS = 4, 10
_WRITING = """
import sys
from datetime import UTC, datetime
from ledger.book import Book
from tests.shelf import record
with Book.open(sys.argv[1], wait_seconds=60) as book:
    for number in range(int(sys.argv[3])):
        code = f"U{sys.argv[2]}x{number}"
        record(book, f"unit_founded 2015-01-01 {code}", now=datetime.now(UTC), by=sys.argv[2])
"""
_KILLED_BEFORE_THE_BOOK = """
import os, signal, sys
from ledger.book import Book
from ledger.store import settings
settings.put_in_place = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Book.create(sys.argv[1])
"""


def _python(program: str, *arguments: str) -> Sequence[str]:
    return [sys.executable, "-c", program, *arguments]


def test_writers_in_many_processes_lose_nothing(tmp_path: Path) -> None:
    # given several processes that record at once
    new_book(tmp_path).close()
    path = str(tmp_path / "book.db")
    running = [
        subprocess.Popen(_python(_WRITING, path, str(writer), str(RECORDS)), cwd=ROOT)
        for writer in range(WRITERS)
    ]
    # then none of them is refused: each waits for its turn from the beginning
    assert [each.wait() for each in running] == [0] * WRITERS
    with Book.open(path) as book:
        found = [entry.by for entry in book.entries()]
        assert len(found) == WRITERS * RECORDS
        assert {by: found.count(by) for by in found} == {str(w): RECORDS for w in range(WRITERS)}
        assert check_structure(subject_of(book)).head == book.head


def test_reading_in_the_same_process_drops_no_lock(tmp_path: Path) -> None:
    # given a process in the middle of writing
    with new_book(tmp_path, UNIT + AN) as book, book.recorder.datastore.writing():
        # when the same process asks a report, with all that reads for it, and closes again
        assert done(book.path, *words("headcount --as-of 2020-12-31")).status == 0
        assert done(book.path, *words("roster --names --stage listed")).status == 0
        # then nobody else gets in: a second SQLite library would have let go of the lock
        program = (
            "import sys\n"
            "from ledger.book import Book\n"
            "from ledger.errors import BookLocked\n"
            "try:\n"
            "    with Book.open(sys.argv[1], wait_seconds=0.2) as book:\n"
            "        with book.recorder.datastore.writing(): pass\n"
            "except BookLocked: sys.exit(11)\n"
        )
        other_process = subprocess.run(_python(program, str(book.path)), check=False, cwd=ROOT)
        assert other_process.returncode == BookLocked.status


def test_a_dump_keeps_every_number(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT + AN) as book:
        path, head = book.path, book.head
    again = tmp_path / "again.db"
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(again)) as other:
        header = one.execute("PRAGMA application_id").fetchone()[0]
        # the triggers let in only what comes next: a dump in order passes them
        other.executescript("\n".join(one.iterdump()))
        other.execute(f"PRAGMA application_id = {header}")
        numbers = "SELECT no, originator_id, originator_version FROM stored_events ORDER BY no"
        assert list(other.execute(numbers)) == list(one.execute(numbers))
    with Book.open(again) as book:
        assert check_structure(subject_of(book)).head == head


def test_sqlite_finds_nothing_where_a_bit_of_an_entry_is_flipped(tmp_path: Path) -> None:
    # given a book with one bit flipped inside what an entry says
    with new_book(tmp_path, UNIT + AN) as book:
        path, state = book.path, book.rows(2, 1)[0][3]
    content = bytearray(path.read_bytes())
    content[content.index(state) + len(state) // 2] ^= 1
    path.write_bytes(content)
    # when SQLite is asked, then all is well
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # and the stored bytes, hashed again, tell the entry
    with Book.open(path) as book, pytest.raises(BookDamaged) as caught:
        check_structure(subject_of(book))
    assert caught.value.problems[0].values["value"] == 3


@pytest.mark.skipif(os.name == "nt", reason="no process is killed like that on Windows")
def test_keys_are_there_before_their_book(tmp_path: Path) -> None:
    # given a process that is killed between writing the keys and giving the book its name
    path = tmp_path / "book.db"
    killed = subprocess.run(_python(_KILLED_BEFORE_THE_BOOK, str(path)), check=False, cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    # then there are keys without a book, and no book without keys; they are not overwritten
    assert not path.exists()
    kept = keys_path(path).read_bytes()
    with pytest.raises(Refused) as caught:
        Book.create(path, name="another")
    assert codes(caught.value.problems) == ["keys_without_book"]
    # and asked again, the same book is finished
    with Book.create(path) as book:
        assert book.can_open
        record(book, UNIT + AN)
    assert keys_path(path).read_bytes() == kept
    assert sorted(file.name for file in tmp_path.iterdir()) == ["book.db", "book.keys"]


def test_a_book_that_another_process_finished_keeps_its_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a process that is slow to give the book its name
    path = tmp_path / "book.db"

    def slowly(temporary: Path, place: Path) -> None:
        monkeypatch.undo()
        Book.create(path).close()  # when another takes it for killed, and finishes what it began
        put_in_place(temporary, place)

    monkeypatch.setattr("ledger.store.settings.put_in_place", slowly)
    # then both have the book, with its keys
    with Book.create(path) as book:
        record(book, UNIT + AN)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["book.db", "book.keys"]


@pytest.mark.parametrize("at", [1, 2], ids=["keys", "book"])
def test_what_failed_after_a_file_had_its_name_can_be_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    # given a disk that refuses to make the name of the keys, or of the book, durable
    path, calls = tmp_path / "book.db", itertools.count(1)

    def failing(_: Path) -> None:
        if next(calls) == at:
            raise OSError(errno.EIO, "it is broken")

    monkeypatch.setattr("ledger.store.durable.sync_folder", failing)
    with pytest.raises(Refused) as caught:
        Book.create(path)
    assert codes(caught.value.problems) == ["book_full"]
    # then there are both or none, and asked again one has a book
    assert path.exists() is keys_path(path).exists() is (at > 1)
    if not path.exists():
        Book.create(path).close()
    with Book.open(path) as book:
        assert book.can_open
    assert sorted(file.name for file in tmp_path.iterdir()) == ["book.db", "book.keys"]


def test_a_data_key_is_committed_with_what_it_seals(tmp_path: Path) -> None:
    # given a trial of recording somebody, taken back at the end
    with new_book(tmp_path, UNIT) as book:
        record(book, AN, dry_run=True)
        with book.recorder.datastore.reading() as cursor:
            # then neither entry nor key is there
            assert cursor.execute("SELECT count(*) FROM data_keys").fetchone() == (0,)
        # and once it is recorded, both are
        record(book, AN, now=NOW + timedelta(seconds=1))
        with book.recorder.datastore.reading() as cursor:
            assert cursor.execute("SELECT owner FROM data_keys").fetchall() == [("person/P000001",)]
