"""A book: made once, written all or nothing, by one writer at a time."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book, Line, Source
from ledger.catalogue import kind_of
from ledger.errors import BookLocked, Conflict, Problem, Refused
from tests.scenarios import codes
from tests.shelf import AN, NOW, UNIT, exported, forced, lines, new_book, record, refused

ROOT = Path(__file__).parent.parent
EMPTY = (0, sha256(b"").digest())


# Making and opening


def test_a_new_book_is_empty_and_has_keys(tmp_path: Path) -> None:
    with Book.create(tmp_path / "sổ #1?.db", name="Sổ") as book:
        assert book.head == EMPTY
        assert (book.timezone, book.title) == ("Asia/Ho_Chi_Minh", "Sổ")
        assert len(book.id) == 32
        assert book.can_open
    assert sorted(item.name for item in tmp_path.iterdir()) == ["sổ #1?.db", "sổ #1?.keys"]


def test_two_books_have_two_ids(tmp_path: Path) -> None:
    with new_book(tmp_path, name="a.db") as first, new_book(tmp_path, name="b.db") as second:
        assert first.id != second.id


def test_a_book_is_never_overwritten(tmp_path: Path) -> None:
    new_book(tmp_path, UNIT).close()
    with pytest.raises(Refused) as caught:
        Book.create(tmp_path / "book.db")
    assert codes(caught.value.problems) == ["book_exists"]
    with Book.open(tmp_path / "book.db") as book:
        assert book.head.no == 1


def test_a_book_needs_a_zone_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        Book.create(tmp_path / "book.db", timezone="Asia/Hanoi City")
    assert codes(caught.value.problems) == ["bad_time_zone"]
    with pytest.raises(Refused) as caught:
        Book.create(tmp_path / "nowhere" / "book.db")
    assert codes(caught.value.problems) == ["book_full"]
    assert not list(tmp_path.iterdir())


def test_nothing_outside_the_book_decides_how_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PERSISTENCE_MODULE", "MAPPER_TOPIC", "COMPRESSOR_TOPIC", "SQLITE_DBNAME"):
        monkeypatch.setenv(name, "antigravity:fly")
        monkeypatch.setenv(f"BOOK_{name}", "antigravity:fly")
    with new_book(tmp_path, UNIT) as book:
        assert book.head.no == 1


# Recording


def test_entries_are_numbered_and_say_who_recorded_them_when(tmp_path: Path) -> None:
    with new_book(tmp_path) as book:
        receipt = record(book, UNIT + AN)
        assert (receipt.commit_no, receipt.first, receipt.last) == (1, 1, 3)
        assert [(entry.no, entry.by, entry.recorded_at) for entry in receipt.entries] == [
            (no, "lan", NOW) for no in (1, 2, 3)
        ]
        # what the receipt says is what is read back
        assert list(book.entries(opened=True)) == receipt.entries
        assert [kind_of(entry) for entry in book.stream("person/P000001")] == [
            "nominated",
            "listed",
        ]
        assert record(book, "delisted 2020-04-01 P000001").commit_no == 2
        assert book.entry(4).no == 4
        assert [entry.no for entry in book.entries(first=2, last=3)] == [2, 3]
        with pytest.raises(Refused) as caught:
            book.entry(5)
        assert codes(caught.value.problems) == ["unknown_entry"]


def test_a_commit_remembers_the_file(tmp_path: Path) -> None:
    source = Source("tháng 5.xlsx", sha256(b"content").digest())
    with new_book(tmp_path) as book:
        row = lines(UNIT)[0]._replace(sheet="Đơn vị", row=7)
        book.record([row], now=NOW, by="lan", source=source)
        record(book, AN, source=None)
        with book.recorder.datastore.reading() as cursor:
            commits = [row[:7] for row in cursor.execute("SELECT * FROM commits")]
            places = cursor.execute("SELECT commit_no, sheet, row FROM stored_events").fetchall()
    at = int(NOW.timestamp()) * 1_000_000 + NOW.microsecond
    assert commits == [(1, 1, 1, at, "lan", *source), (2, 2, 3, at, "lan", None, None)]
    assert places == [(1, "Đơn vị", 7), (2, None, 1), (2, None, 2)]


def test_names_of_files_may_be_any_bytes_and_operators_must_be_seen(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, AN, source=Source("th\udce1ng", None))
        for nobody in ("", " ", "a\x1b", "\udce1"):
            assert refused(book, "", by=nobody) == [("bad_value", None)]


def test_all_lines_or_none_and_every_wrong_one_is_named(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        found = refused(
            book,
            """
            nominated 2020-03-02 P000001 unit=TP
            listed    2020-03-03 P000002
            admitted  2020-03-03 P000001 unit=TQ
            unit_founded 2020-01-01 C?
            unit_founded 2020-01-01 TP
            nominated 2099-01-01 P000003 unit=TP
            """,
        )
        assert found == [
            ("not_opened", "history.jsonl:2"),
            ("unknown_unit", "history.jsonl:3"),
            ("bad_code", "history.jsonl:4"),
            ("already_there", "history.jsonl:5"),
            ("in_future", "history.jsonl:6"),
        ]
        assert not list(book.stream("person/P000001"))


def test_lines_that_cannot_be_read_are_told_with_those_that_cannot_be(tmp_path: Path) -> None:
    unreadable = [Problem("bad_json", detail="?").at("history.jsonl:1")]
    with new_book(tmp_path) as book:
        for table, codes in (
            ("listed 2020-03-02 P1", ["bad_json", "not_opened"]),
            (UNIT, ["bad_json"]),
            ("", ["bad_json"]),
        ):
            with pytest.raises(Refused) as caught:
                book.record([*unreadable, *lines(table)], now=NOW, by="lan")
            assert [problem.code for problem in caught.value.problems] == codes
        assert book.head.no == 0


def test_a_code_that_is_not_found_is_guessed(tmp_path: Path) -> None:
    with new_book(tmp_path, "unit_founded 2015-01-01 TANPHU") as book:
        with pytest.raises(Refused) as caught:
            record(book, "nominated 2020-03-02 P000001 unit=tanphú")
        assert caught.value.problems[0].values["suggestion"] == "TANPHU"


def test_nothing_to_record_is_no_commit(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        receipt = book.record([], now=NOW, by="lan")
        assert (receipt.commit_no, receipt.first, receipt.last, receipt.entries) == (0, 2, 1, [])


def test_a_dry_run_says_everything_and_leaves_nothing(tmp_path: Path) -> None:
    with new_book(tmp_path) as book:
        # given what a dry run says
        said = record(book, UNIT + AN, dry_run=True)
        assert book.head == EMPTY
        with book.recorder.datastore.reading() as cursor:
            assert cursor.execute("SELECT count(*) FROM data_keys").fetchone() == (0,)
        # when it is done in earnest, then it is the same
        assert record(book, UNIT + AN) == said


def test_the_head_that_was_seen_can_be_asked_for(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        with pytest.raises(Conflict) as caught:
            record(book, AN, expect=0)
        assert codes(caught.value.problems) == ["head_moved"]
        assert caught.value.problems[0].values == {"value": 1, "expected": 0}
        record(book, AN, expect=1)


# One writer at a time


def test_a_locked_book_waits_then_says_so(tmp_path: Path) -> None:
    new_book(tmp_path, UNIT).close()
    path = tmp_path / "book.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        # given somebody else in the middle of writing
        other.execute("BEGIN IMMEDIATE")
        with Book.open(path, wait_seconds=0.05) as book:
            # then the book can be read, and not written
            assert book.head.no == 1
            with pytest.raises(BookLocked) as caught:
                record(book, AN)
            assert codes(caught.value.problems) == ["book_locked"]
            # and can be once they are done
            other.execute("ROLLBACK")
            record(book, AN)


def test_two_programs_writing_at_once_lose_nothing(tmp_path: Path) -> None:
    # given a book, and two programs that each record 40 units one by one
    new_book(tmp_path, UNIT).close()
    program = """
import json, sys
from datetime import UTC, datetime
from ledger.book import Book
from tests.shelf import AN, NOW, UNIT, exported, forced, lines, new_book, record, refused
with Book.open(sys.argv[1]) as book:
    for number in range(40):
        record(book, f"unit_founded 2016-01-01 {sys.argv[2]}{number}", now=datetime.now(UTC))
"""
    command = [sys.executable, "-c", program, str(tmp_path / "book.db")]
    programs = [subprocess.Popen([*command, prefix], cwd=ROOT) for prefix in ("A", "B")]
    # when both are done
    assert [one.wait(60) for one in programs] == [0, 0]
    # then every unit is there once, under numbers without gaps, in order of time
    with Book.open(tmp_path / "book.db") as book:
        found: list[Any] = list(book.entries())
    assert [entry.no for entry in found] == list(range(1, 82))
    assert len({entry.unit for entry in found}) == 81
    moments = [entry.recorded_at for entry in found]
    assert moments == sorted(moments)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_a_writer_that_is_killed_leaves_the_book_as_it_was(tmp_path: Path) -> None:
    new_book(tmp_path, UNIT).close()
    before = (tmp_path / "book.db").stat().st_size
    # given a program killed after much of what it writes is in the file, before it commits
    program = """
import os, sys
from ledger.book import Book
from ledger.store.recorder import BookRecorder
from tests.shelf import AN, NOW, UNIT, exported, forced, lines, new_book, record, refused
def killed(*_):
    os.kill(os.getpid(), 9)
BookRecorder.insert_commit = killed
book = Book.open(sys.argv[1])
with book.recorder.datastore.reading() as cursor:
    cursor.execute("PRAGMA cache_size = 1")
record(book, "".join(f"unit_founded 2016-01-01 C{number}\\n" for number in range(500)))
"""
    command = [sys.executable, "-c", program, str(tmp_path / "book.db")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    assert sum(item.stat().st_size for item in tmp_path.iterdir()) > before + 50_000
    # when the book is opened again, then nothing is there, and it works on
    with Book.open(tmp_path / "book.db") as book:
        assert book.head.no == 1
        assert record(book, AN).last == 3


def test_a_clash_in_the_store_is_a_conflict(tmp_path: Path) -> None:
    # given a row that somebody else put where the next entry's would go
    new_book(tmp_path, UNIT).close()
    forced(tmp_path / "book.db", ("INSERT INTO mentions VALUES ('unit/TP', 2)", ()))
    with Book.open(tmp_path / "book.db") as book:
        with pytest.raises(Conflict):
            record(book, AN)
        assert book.head.no == 1


def test_lines_need_no_place(tmp_path: Path) -> None:
    with new_book(tmp_path) as book:
        book.record([Line(line.entry) for line in lines(UNIT)], now=NOW, by="lan")
        assert json.loads(exported(book)[0])["unit"] == "TP"
