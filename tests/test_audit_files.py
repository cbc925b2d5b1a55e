"""Files that no statement of SQL makes: what is wrong with one is told, and where it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store.schema import APPLICATION_ID
from tests.forgeries import copied, forged
from tests.terminal import call
from tests.test_audit_damages import book, first_bad, verified, whole

__all__ = ["book", "whole"]


def declare(path: Path, was: str, now: str) -> None:
    """Have the log declared otherwise than it was made, as a bit of the file can."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'stored_events'",
            (was, now),
        )


def test_a_zero_that_is_hashed_as_nothing_is_found(book: Path) -> None:
    declare(book, "sheet TEXT", "sheet BLOB")
    forged(book, "UPDATE stored_events SET sheet = 0 WHERE no = 8")
    declare(book, "sheet BLOB", "sheet TEXT")
    said = verified(book)
    assert first_bad(said) == 8


def test_numbers_that_are_none_are_found(book: Path) -> None:
    declare(book, "no INTEGER PRIMARY", "no INTEGES PRIMARY")
    assert first_bad(verified(book)) == 1


def renumber(path: Path, no: int, other: int) -> None:
    """Have a row of a small book say another number, where no statement of SQL could do it."""
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'stored_events'"
        ).fetchone()
    content, begin = bytearray(path.read_bytes()), (page - 1) * size
    # https://www.sqlite.org/fileformat2.html: places of rows follow eight bytes of the page.
    at = begin + int.from_bytes(content[begin + 6 + 2 * no : begin + 8 + 2 * no], "big")
    while content[at] >= 0x80:  # how long the row is, in one byte or more
        at += 1
    assert content[at + 1] == no
    content[at + 1] = other
    path.write_bytes(content)


@pytest.mark.parametrize(("no", "other"), [(6, 2), (9, 7), (10, 8), (10, 2), (11, 2)])
def test_rows_that_are_not_in_order_are_found(book: Path, no: int, other: int) -> None:
    renumber(book, no, other)
    # a search for a number then finds another row, or none, and that may be of another commit
    assert first_bad(verified(book)) in {no, other, no - 1}


NO_BREAK = "\u00a0"
"""A blank that is none to SQLite: it is part of a name."""


@pytest.mark.parametrize(
    ("was", "now"),
    [("no INTEGER PRIMARY", f"no INTEGER{NO_BREAK}PRIMARY"), (" NOT NULL,", "\f NOT NULL,")],
)
def test_only_what_is_blank_to_sqlite_is_evened_out(book: Path, was: str, now: str) -> None:
    declare(book, was, now)
    assert verified(book).status == (12 if NO_BREAK in now else 0)


def test_a_file_that_keeps_texts_otherwise_is_told_as_such(tmp_path: Path, whole: Path) -> None:
    copied(whole, tmp_path)
    path = tmp_path / "wide.db"
    path.with_suffix(".keys").write_bytes(whole.with_suffix(".keys").read_bytes())
    with closing(sqlite3.connect(whole)) as source, closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA encoding = 'UTF-16le'")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.executescript("\n".join(source.iterdump()))
    asked = (
        *("audit verify", "audit verify --depth full", "doctor", "headcount", "roster", "log"),
        "record unit_renamed --unit TP --name B --on 2024-01-01",
    )
    for words in asked:
        said = call(path, *words.split())
        assert said.status == 12, words
        assert "UTF-16le" in said.err + said.out, words
