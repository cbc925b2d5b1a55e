"""Erasure: the key is gone for good, everything that counts stays, and a crash loses nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book, Receipt
from ledger.errors import BookDamaged, Refused
from ledger.keeping.erasure import erase, erasures
from ledger.store.epochs import erased_path, is_unfinished, key_id, read_erased
from ledger.store.sealing import WrappedKey, keys_path, read_keys
from tests.scenarios import codes
from tests.shelf import AN, NOW, UNIT, exported, imported, lines, new_book, record, refused

ROOT = Path(__file__).parent.parent
BINH = 'nominated 2020-03-02 P000002 unit=TP profile={"name":"Trần\\u0020Bình"}'
TWO = UNIT + AN + BINH
RENAMED = 'profile_changed 2021-01-01 P000001 profile={"name":"Nguyễn\\u0020Anh"}'


def _erase(book: Book, person: str = "P000001", **options: Any) -> Receipt:
    usual: dict[str, Any] = {"on": date(2024, 5, 1), "now": NOW, "by": "lan"}
    return erase(book, person, "theo yêu cầu", **(usual | options))


def _name(book: Book, no: int) -> str | None:
    entry: Any = book.entry(no, opened=True)
    name: str | None = entry.profile.name
    return name


def _keys(path: Path) -> list[WrappedKey]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT owner, epoch, wrapped, commitment FROM data_keys")
        return list(map(WrappedKey._make, rows))


def test_an_erased_person_is_gone_and_everybody_else_is_there(tmp_path: Path) -> None:
    # given two people, one of them with two names
    with new_book(tmp_path, TWO + "\n" + RENAMED) as book:
        before, keys = book.entries(), _keys(book.path)
        told, old = list(before), read_keys(keys_path(book.path), bytes.fromhex(book.id))
        assert _name(book, 2) == "Nguyễn An"
        # when one is erased
        receipt = _erase(book)
        # then the same process, and any other, opens only the other's details
        assert receipt.last == book.head.no == 6
        assert [_name(book, 2), _name(book, 5), _name(book, 4)] == [None, None, "Trần Bình"]
        assert erasures(book, ["P000001", "P000002"]) == {"P000001": 6}
        assert list(book.entries())[:5] == told
    with Book.open(tmp_path / "book.db") as book:
        assert [_name(book, 2), _name(book, 4)] == [None, "Trần Bình"]
        record(book, RENAMED.replace("P000001", "P000002"))
        assert _name(book, 7) == "Nguyễn Anh"
        # and the epoch key is another, the commitments are the same, and what went is listed
        new = read_keys(keys_path(book.path), bytes.fromhex(book.id))
        assert (new.epoch, new.following, new.identity) == (old.epoch + 1, b"", old.identity)
        assert new.key != old.key
        gone, left = keys
        assert [(key.owner, key.epoch, key.commitment) for key in _keys(book.path)] == [
            (left.owner, 2, left.commitment)
        ]
        listed = read_erased(erased_path(book.path), bytes.fromhex(book.id))
        assert listed == [key_id(gone)]
        assert b"P000001" not in erased_path(book.path).read_bytes()


def _contents(folder: Path) -> dict[Path, bytes]:
    """Return what is in the files of a folder, but for whatever SQLite notes while it is open."""
    paths = (path for path in folder.iterdir() if not path.name.endswith("-shm"))
    return {path: path.read_bytes() for path in paths}


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    with new_book(tmp_path, TWO) as book:
        files = _contents(tmp_path)
        receipt = _erase(book, dry_run=True)
        assert receipt.how_many == 1
        assert _name(book, 2) == "Nguyễn An"
        assert _contents(tmp_path) == files


def test_what_cannot_be_erased_is_refused(tmp_path: Path) -> None:
    with new_book(tmp_path, TWO) as book:

        def told(person: str) -> list[str]:
            with pytest.raises(Refused) as caught:
                _erase(book, person)
            assert not is_unfinished(book.path)
            return codes(caught.value.problems)

        assert told("P000009") == ["not_opened"]
        _erase(book)
        files = _contents(tmp_path)
        assert told("P000001") == ["already_erased"]
        epoch = read_keys(keys_path(book.path), bytes.fromhex(book.id)).epoch
        assert (epoch, book.head.no, _name(book, 4)) == (2, 5, "Trần Bình")
        assert set(_contents(tmp_path)) == set(files)
        keys_path(book.path).unlink()
        assert told("P000002") == ["keys_missing"]


def test_nobody_erased_gets_new_details(tmp_path: Path) -> None:
    with new_book(tmp_path, TWO) as book:
        _erase(book)
        # given an erased person, when a detail is recorded, on whatever day, then it is refused
        assert refused(book, RENAMED) == [("erased", "history.jsonl:1")]
        assert refused(book, RENAMED.replace("2021", "2020")) == [("erased", "history.jsonl:1")]
        again = 'nominated 2020-03-02 P000001 unit=TP profile={"name":"An"} corrects=2'
        assert refused(book, again) == [("erased", "history.jsonl:1")]
        # and in another process, too
        with Book.open(book.path) as other:
            assert refused(other, RENAMED) == [("erased", "history.jsonl:1")]
        # while what is not personal goes on being recorded
        record(book, 'profile_changed 2021-01-01 P000001 profile={"occupation":"farmer"}')
        assert [key.owner for key in _keys(book.path)] == ["person/P000002"]


def test_an_erasure_is_neither_voided_nor_corrected(tmp_path: Path) -> None:
    with new_book(tmp_path, TWO) as book:
        _erase(book)
        assert refused(book, "voided 2024-05-01 5") == [("void_of_erasure", "history.jsonl:1")]
        instead = "delisted 2024-05-01 P000001 corrects=5"
        assert refused(book, instead) == [("void_of_erasure", "history.jsonl:1")]


def test_recording_the_entry_erases(tmp_path: Path) -> None:
    with new_book(tmp_path, TWO) as book:
        [line] = lines("subject_erased 2024-05-01 P000001")
        book.record([line._replace(row=None)], now=NOW, by="lan")
        assert [key.owner for key in _keys(book.path)] == ["person/P000002"]
        assert not is_unfinished(book.path)


def test_a_file_that_says_so_erases(tmp_path: Path) -> None:
    with new_book(tmp_path, TWO) as book:
        before = _keys(book.path)
        # given a file that erases somebody of the book, and somebody whom it brings itself
        other = BINH.replace("P000002", "P000003") + "\nsubject_erased 2024-05-01 P000003"
        other += "\nsubject_erased 2024-05-01 P000001"
        found = lines(other)
        # when it is only tried, then nothing is destroyed
        book.record(found, now=NOW, by="lan", dry_run=True)
        assert _keys(book.path) == before
        # when it is recorded, then their keys are gone, and the epoch key was renewed
        assert book.record(found, now=NOW, by="lan").erased == 2
        assert [(key.owner, key.epoch) for key in _keys(book.path)] == [("person/P000002", 2)]
        assert not is_unfinished(book.path)
        assert refused(book, RENAMED) == [("erased", "history.jsonl:1")]


def test_an_export_with_an_erasure_is_imported_as_it_is(tmp_path: Path) -> None:
    with new_book(tmp_path, TWO) as book, Book.create(tmp_path / "copy.db") as copy:
        _erase(book)
        content = exported(book)
        imported(copy, content, keep_recorded=True)
        assert exported(copy) == content
        assert erasures(copy, ["P000001"]) == {"P000001": 5}
        assert refused(copy, RENAMED) == [("erased", "history.jsonl:1")]


_CRASHING = """
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from ledger.book import Book
from ledger.keeping.erasure import erase
left = int(sys.argv[2])
def counted(name):
    real = getattr(os, name)
    def call(*given, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    setattr(os, name, call)
for name in ("fsync", "replace", "open", "write", "unlink", "close"):
    counted(name)
def traced(statement):
    global left
    if statement.startswith(("COMMIT", "DELETE", "INSERT INTO commits")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
with Book.open(sys.argv[1]) as book:
    with book.recorder.datastore.get_connection(commit=True) as lent:
        lent._sqlite_conn.set_trace_callback(traced)
    erase(book, "P000001", "x", on=date(2024, 5, 1), now=datetime(2024, 5, 6, tzinfo=UTC), by="lan")
"""


@pytest.mark.skipif(os.name == "nt", reason="no process is killed like that on Windows")
def test_a_process_killed_anywhere_leaves_a_book_that_can_be_read(tmp_path: Path) -> None:
    states = set()
    for step in range(200):
        folder = tmp_path / str(step)
        folder.mkdir()
        new_book(folder, TWO).close()
        # given a process that is killed at its n-th step
        killed = subprocess.run(
            [sys.executable, "-c", _CRASHING, str(folder / "book.db"), str(step)],
            check=False,
            cwd=ROOT,
        )
        unfinished = is_unfinished(folder / "book.db")
        # when the book is opened again
        with Book.open(folder / "book.db") as book:
            # then it is as before, or the person is erased: never between
            erased = bool(erasures(book, ["P000001"]))
            assert [_name(book, 2), _name(book, 4)] == [
                None if erased else "Nguyễn An",
                "Trần Bình",
            ]
            assert not is_unfinished(book.path)
            book_id = bytes.fromhex(book.id)
            assert read_keys(keys_path(book.path), book_id).epoch == (2 if erased else 1)
            assert len(_keys(book.path)) == (1 if erased else 2)
            if unfinished:
                assert len(read_erased(erased_path(book.path), book_id)) == erased
                assert not list(folder.glob(".*.new"))
            # and goes on working
            record(book, BINH.replace("P000002", "P000003"))
            if not erased:
                _erase(book)
        states.add((killed.returncode == -signal.SIGKILL, unfinished, erased))
        if not killed.returncode:
            break
    assert not killed.returncode
    # it was killed before, between (both before and after the commit), and not at all
    assert states >= {
        (True, False, False),
        (True, True, False),
        (True, True, True),
        (False, False, True),
    }


def test_the_keys_of_another_day_are_told(tmp_path: Path) -> None:
    # given a keys file from before an erasure
    with new_book(tmp_path, TWO) as book:
        old = keys_path(book.path).read_bytes()
        _erase(book)
    keys_path(tmp_path / "book.db").write_bytes(old)
    with Book.open(tmp_path / "book.db") as book:
        # when details are to be opened with it, then it is said what it is
        with pytest.raises(BookDamaged) as caught:
            book.entry(4, opened=True)
        (problem,) = caught.value.problems
        assert (problem.code, problem.values["detail"].code) == ("keys_mismatch", "keys_of_epoch")
