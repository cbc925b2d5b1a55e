"""A small book for tests of the audit, and ways to change it from outside."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import done, json_lines

HISTORY = """
unit_founded 2015-01-01 TP
unit_founded 2015-01-02 CB1 parent=TP
unit_founded 2015-01-02 CB2 parent=TP
nominated 2020-03-02 P000001 unit=CB1 profile={"name":"Nguyễn_An","birth_year":1996}
listed 2020-03-03 P000001
nominated 2020-03-02 P000002 unit=CB1 profile={"name":"Trần_Bình","birth_year":1990}
listed 2020-03-03 P000002
mentor_assigned 2020-03-03 P000001 mentor=P000003
"""
CARRIED = """
carried_forward 2019-01-01 P000003 unit=CB1 joined_on=2001-01-01 official_on=2002-01-01 \
profile={"name":"Lê_Cường","birth_year":1980}
"""


def whole_book(folder: Path) -> Path:
    """Return a new book of 11 entries in five commits, closed."""
    folder.mkdir(parents=True, exist_ok=True)
    book = folder / "book.db"
    done(book, "init", "--name", "Tân Phú")
    first, rest = HISTORY.strip().splitlines()[:3], HISTORY.strip().splitlines()[3:]
    done(book, "import", "--by", "lan", "-", given=json_lines("\n".join(first)))
    done(book, "import", "--by", "lan", "-", given=json_lines(CARRIED))
    done(book, "import", "--by", "huệ", "-", given=json_lines("\n".join(rest)))
    done(book, "void", "8", "--reason", "nhầm", "--by", "lan")
    done(book, "record", "unit_renamed", "--unit", "TP", "--name", "B", "--on", "2016-01-01")
    return book


def copied(book: Path, folder: Path) -> Path:
    """Return a copy of a book, with its keys."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in (book, book.with_suffix(".keys")):
        shutil.copy(path, folder / path.name)
    return folder / book.name


def forged(book: Path, *statements: str, values: tuple[Any, ...] = (), keep: bool = True) -> None:
    """Change a closed book as somebody with full access would: its triggers away and back.

    ``keep`` False leaves the triggers away. ``values`` are those of the first statement.
    """
    with closing(sqlite3.connect(book)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for at, statement in enumerate(statements):
            connection.execute(statement, () if at else values)
        for _, sql in triggers if keep else ():
            connection.execute(sql)
        connection.commit()


FOUNDED = '{"kind":"unit_founded","effective_on":"2015-01-01","type":"cell","name":"A","unit":"%s"}'


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return whole_book(tmp_path)


def grown(book: Path, *units: str) -> None:
    done(book, "import", "-", given="\n".join(FOUNDED % unit for unit in units))


def kept(book: Path, name: str) -> tuple[str, str]:
    """Keep a checkpoint outside; return its path, and the key of the book."""
    path = book.parent / name
    said = done(book, "audit", "checkpoint", "-o", str(path))
    return str(path), said.err.splitlines()[-1].removeprefix("Key of the book: ")
