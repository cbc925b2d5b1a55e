"""What lies beside a book may be anything: nothing is waited for, and nothing is unforeseen."""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.errors import BookDamaged
from tests.forgeries import book, forged
from tests.terminal import call, words

__all__ = ["book"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders there")

KINDS: dict[str, Callable[[Path], Any]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a link to itself": lambda path: path.symlink_to(path),
    "a device that never ends": lambda path: path.symlink_to("/dev/zero"),
}
RECORD = "record unit_renamed --unit TP --name C --on 2017-01-01"
COMMANDS = {
    "keys": (
        "roster --names",
        "audit checkpoint",
        "erase P000001 --reason x",
        "backup -o b --keys k",
    ),
    "seen": ("doctor", "backup -o b.db", "restore b.db"),
    "erased": ("erase P000001 --reason x", "backup -o b.db", "restore b.db"),
    "copies": ("doctor", "erase P000001 --reason x --delete-exports", "backup -o b.db"),
}


@pytest.fixture(autouse=True)
def _in_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Fail, and do not wait, where something would wait for ever."""

    def late(*_: object) -> None:
        raise AssertionError

    monkeypatch.setenv("ROLLBOOK_PASSPHRASE", "x")
    monkeypatch.chdir(tmp_path)
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", COMMANDS)
def test_another_thing_in_the_place_of_a_file_is_told(book: Path, kind: str, end: str) -> None:
    path = book.with_suffix(f".{end}")
    path.unlink(missing_ok=True)
    KINDS[kind](path)
    for command in (RECORD, *COMMANDS[end]):
        assert call(book, *words(command)).status in {0, 1, 3, 10, 12}, command


@pytest.mark.parametrize("kind", ["a pipe", "a folder"])
def test_another_thing_in_the_place_of_the_journal_is_told(book: Path, kind: str) -> None:
    KINDS[kind](book.with_name(f"{book.name}-journal"))
    for command in (RECORD, "doctor", "headcount", "audit verify"):
        said = call(book, *words(command))
        assert (said.status, said.code) == (12, "not_a_book"), command


@pytest.mark.parametrize("kind", ["a pipe", "a folder"])
@pytest.mark.parametrize("at", ["{}", "{}-journal"])
def test_a_backup_takes_the_place_of_another_thing(book: Path, kind: str, at: str) -> None:
    assert call(book, *words("backup -o b.db")).status == 0
    path = book.with_name(at.format(book.name))
    path.unlink(missing_ok=True)
    KINDS[kind](path)
    said = call(book, *words("restore b.db"))
    assert said.status == 0, said.err
    (aside,) = (one for one in book.parent.glob("*.replaced-*.db"))
    moved = aside.with_name(at.format(aside.name))
    assert moved.is_fifo() or moved.is_dir()  # nothing is thrown away
    assert call(book, *words("audit verify --depth full")).status == 0


@pytest.mark.parametrize("kind", ["a pipe", "a folder"])
@pytest.mark.parametrize("name", ["manifest.json", "segment", ""])
def test_another_thing_in_the_cache_is_passed_over(book: Path, kind: str, name: str) -> None:
    before = call(book, "headcount").out
    folder = book.with_suffix(".cache")
    path = next(folder.glob("*.parquet")) if name == "segment" else folder / name
    path.rename(book.with_name("gone"))
    KINDS[kind](path)
    assert call(book, "headcount").out == before
    assert call(book, *words("audit verify --depth full")).status == 0


@pytest.mark.parametrize("kind", ["a pipe", "a folder"])
@pytest.mark.parametrize("name", ["checkpoint", "commits.jsonl", "tile/entries/000.p/11"])
def test_another_thing_in_an_export_is_told(book: Path, name: str, kind: str) -> None:
    folder = book.with_name("export")
    assert call(book, "audit", "export", str(folder)).status == 0
    (folder / name).unlink()
    KINDS[kind](folder / name)
    assert call(book, "audit", "compare", str(folder)).code == "export_unreadable"
    if name == "checkpoint":
        assert call(book, "audit", "export", str(folder)).code == "export_unreadable"


@pytest.mark.parametrize("kind", KINDS)
def test_another_thing_than_a_book_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "book.db"
    KINDS[kind](path)
    for command in ("log", "doctor", "audit verify", "init"):
        assert call(path, *words(command)).status in {3, 10, 12}, command


@pytest.mark.parametrize(
    "value", ["9223372036854775807", "-9223372036854775808", "253402300799999999", "'x'", "x'00'"]
)
def test_a_moment_that_is_none_is_damage(book: Path, value: str) -> None:
    for of_last in (
        "stored_events SET recorded_at = {} WHERE no",
        "commits SET recorded_at = {} WHERE last_no",
    ):
        forged(book, f"UPDATE {of_last.format(value)} = 11")
    for command in ("log", "doctor", "headcount", RECORD, "audit verify"):
        assert call(book, *words(command)).status == 12, command


@pytest.mark.parametrize("no", [5, 11])
def test_an_operator_that_is_no_text_is_damage(book: Path, no: int) -> None:
    forged(book, "UPDATE stored_events SET operator = x'00ff' WHERE no = ?", values=(no,))
    for command in ("log", "headcount", f"show {no}", "audit verify"):
        assert call(book, *words(command)).status == 12, command


def test_a_root_that_is_no_hash_is_damage(book: Path) -> None:
    forged(book, "UPDATE commits SET root = 'x' WHERE last_no = 11")
    with closing(sqlite3.connect(book)) as connection:
        assert connection.execute("SELECT count(*) FROM commits").fetchone() == (5,)
    with Book.open(book) as opened, pytest.raises(BookDamaged):
        assert opened.head
