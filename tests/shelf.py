"""Real books in a temporary folder, for tests that read and damage them."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.book import Book, Line, Receipt
from ledger.catalogue import KINDS, Entry
from ledger.errors import Refused
from ledger.exchange.jsonlines import entry_json, read_lines
from tests.scenarios import entries

NOW = datetime(2024, 5, 6, 7, 8, 9, 123_456, tzinfo=UTC)
UNIT = "unit_founded 2015-01-01 TP"
AN = """
    nominated 2020-03-02 P000001 unit=TP profile={"name":"Nguyễn\\u0020An","birth_year":1996}
    listed 2020-03-03 P000001
"""


def typed(values: dict[str, Any]) -> Entry:
    """Return the entry of plain values."""
    return msgspec.convert(values, KINDS[values["kind"]])


def lines(table: str, file_name: str = "history.jsonl") -> list[Line]:
    """Return the lines of a scenario, each with its place in a file."""
    return [
        Line(typed(values), f"{file_name}:{row}", None, row)
        for row, values in enumerate(entries(table), 1)
    ]


def new_book(folder: Path, table: str = "", name: str = "book.db") -> Book:
    """Return a new book with the entries of a scenario in it."""
    book = Book.create(folder / name)
    if table:
        record(book, table)
    return book


def record(book: Book, table: str, **options: Any) -> Receipt:
    """Record the entries of a scenario, by lan at NOW unless said otherwise."""
    return _recorded(book, lines(table), options)


def refused(book: Book, table: str, **options: Any) -> list[tuple[str, str | None]]:
    """Return code and place of everything that is wrong with a scenario; nothing is written."""
    before = book.head
    with pytest.raises(Refused) as caught:
        record(book, table, **options)
    assert book.head == before
    return [(problem.code, problem.place) for problem in caught.value.problems]


def exported(book: Book) -> list[bytes]:
    """Return a book as JSON Lines, personal fields opened where they can be."""
    return [entry_json(entry) + b"\n" for entry in book.entries(opened=True)]


def imported(book: Book, content: list[bytes], **options: Any) -> Receipt:
    """Record JSON Lines that are all well formed."""
    found, problems = read_lines(content, "export.jsonl")
    assert not problems
    return _recorded(book, found, options)


def _recorded(book: Book, found: list[Line], options: dict[str, Any]) -> Receipt:
    usual: dict[str, Any] = {"now": NOW, "by": "lan"}
    return book.record(found, **(usual | options))


def forced(path: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """Change a closed book as somebody with full access would: without its triggers."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement, values in statements:
            connection.execute(statement, values)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
