"""A book made by somebody else runs nothing: no trigger, view or column of its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.book import Book
from ledger.errors import BookDamaged
from ledger.store import schema
from tests.shelf import UNIT, new_book

WEAKENED = """
DROP TRIGGER stored_events_never_update;
CREATE TRIGGER stored_events_never_update BEFORE UPDATE ON stored_events BEGIN SELECT 1; END
"""
DISGUISED = """
CREATE TRIGGER planted AFTER INSERT ON stored_events BEGIN DELETE FROM mentions; END;
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET type = 'Trigger' WHERE name = 'planted';
"""
PLANTED = (
    "CREATE TRIGGER planted AFTER INSERT ON stored_events BEGIN DELETE FROM mentions; END",
    "CREATE VIEW planted AS SELECT * FROM stored_events",
    "DROP TABLE displaced; CREATE VIEW displaced AS SELECT 1 AS no, 2 AS by_no",
    WEAKENED,
    DISGUISED,
)


@pytest.mark.parametrize("sql", PLANTED)
def test_a_book_that_would_run_anything_of_its_own_is_not_opened(tmp_path: Path, sql: str) -> None:
    path = tmp_path / "book.db"
    with new_book(tmp_path, UNIT, name=path.name):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
    with pytest.raises(BookDamaged) as caught:
        Book.open(path)
    assert caught.value.problems[0].values["detail"].code == "stored_schema_differs"


def test_a_name_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with new_book(tmp_path, UNIT, name=path.name):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET name = CAST(name AS BLOB) WHERE name = 'mentions'"
        )
        cursor = connection.cursor()
        assert "mentions" in schema.missing(cursor)
        assert "b'mentions'" in schema.strange(cursor)


def test_what_analyze_counted_is_no_stranger(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        path = book.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ANALYZE")
    with Book.open(path) as book:
        assert book.head.no == 1


def test_a_value_of_any_length_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        path = book.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER stored_events_never_update")
        ((sql,),) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'commits_never_update'"
        )
        connection.execute("UPDATE stored_events SET state = zeroblob(100000000)")
        connection.execute(sql.replace("commits", "stored_events"))
        connection.commit()
    with Book.open(path) as book, pytest.raises(BookDamaged):
        book.entry(1)
