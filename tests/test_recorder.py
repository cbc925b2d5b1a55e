"""The log of a book: it only grows, and changes in it are noticed when it is read."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError

from ledger.book import Book
from ledger.errors import BookDamaged
from tests.scenarios import codes
from tests.shelf import AN, UNIT, forced, new_book, record, refused

ROOT = Path(__file__).parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a book with three entries, closed."""
    new_book(tmp_path, UNIT + AN).close()
    return tmp_path / "book.db"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET operator = 'x' WHERE no = 2",
        "UPDATE stored_events SET no = 9 WHERE no = 3",
        "UPDATE OR REPLACE stored_events SET no = 1 WHERE no = 3",
        "DELETE FROM stored_events WHERE no = 3",
        "INSERT OR REPLACE INTO stored_events VALUES (3, 'x/Y', 1, 'k', x'', 0, 'x', 1, 0, 0, x'')",
        "REPLACE INTO stored_events VALUES (4, 'unit/TP', 1, 'k', x'', 0, 'x', 1, 0, 0, x'')",
        "INSERT INTO stored_events VALUES (5, 'unit/TP', 2, 'k', x'', 0, 'x', 1, 0, 0, x'')",
        "INSERT INTO stored_events VALUES (NULL, 'x/Y', 1, 'k', x'', 0, 'x', 1, 0, 0, x'')",
        "INSERT INTO stored_events VALUES (4, 'x/Y', 2, 'k', x'', 0, 'x', 1, 0, 0, x'')",
        "INSERT INTO stored_events VALUES (4, 'unit/TP', 3, 'k', x'', 0, 'x', 1, 0, 0, x'')",
        "UPDATE commits SET operator = 'x'",
        "DELETE FROM commits",
        "INSERT OR REPLACE INTO commits SELECT * FROM commits",
        "INSERT INTO commits VALUES (3, 4, 4, 0, 'x', NULL, NULL, x'00', NULL)",
        "INSERT INTO commits VALUES (2, 5, 5, 0, 'x', NULL, NULL, x'00', NULL)",
        "INSERT INTO commits VALUES (2, 4, 3, 0, 'x', NULL, NULL, x'00', NULL)",
        "UPDATE book SET value = 2 WHERE key = 'format'",
        "DELETE FROM book WHERE key = 'format'",
        "INSERT OR REPLACE INTO book VALUES ('format', 2)",
    ],
)
def test_the_log_refuses_to_be_changed(path: Path, statement: str) -> None:
    # given a book, opened with another tool
    with closing(sqlite3.connect(path)) as connection:
        before = list(connection.iterdump())
        # when a row is to be changed, removed, replaced or slipped in
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        connection.rollback()
        # then the store itself refuses
        assert list(connection.iterdump()) == before


def _triggers(book: Book) -> dict[str, str]:
    with book.recorder.datastore.reading() as cursor:
        found = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(found.fetchall())


def _tasks(how_many: int) -> str:
    return "task_assigned 2024-02-01 P000001 task=đọc\n" * how_many


def test_the_log_refuses_as_before_once_many_entries_came(path: Path) -> None:
    with Book.open(path) as book:
        before = _triggers(book)
        record(book, _tasks(1_500))
        assert _triggers(book) == before
        assert [code for code, _ in refused(book, _tasks(1_500) + "died 2024-02-01 P9")]
        assert _triggers(book) == before
    test_the_log_refuses_to_be_changed(path, "REPLACE INTO tree VALUES (0, 1, x'')")


def test_triggers_that_were_lost_stay_lost_when_many_entries_come(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER tree_only_next")
    with Book.open(path) as book:
        before = _triggers(book)
        record(book, _tasks(1_500))
        assert _triggers(book) == before


def _let_in(book: Book, numbers: Iterable[int]) -> None:
    row = "INSERT INTO stored_events VALUES (?, 'x/Y', ?, 'k', x'', 0, 'x', 2, 0, 0, x'')"
    with book.recorder.datastore.writing(keep=False) as cursor:
        triggers = book.recorder.let_many_in(cursor)
        cursor.executemany(row, [(number, number) for number in numbers])
        book.recorder.let_only_next_in(cursor, triggers, 3)


def test_many_entries_leave_no_number_out(path: Path) -> None:
    with Book.open(path) as book:
        before = _triggers(book)
        _let_in(book, [4, 5])
        with pytest.raises(IntegrityError, match="not the next entry"):
            _let_in(book, [4, 6])
        assert _triggers(book) == before
        assert book.head.no == 3


@pytest.mark.parametrize(
    "change",
    [
        "originator_version = 7",
        "originator_id = 'person/P000009'",
        "topic = 'delisted'",
        "recorded_at = recorded_at - 1",
        "operator = 'somebody'",
        "commit_no = 2",
        "sheet = 'Sheet1'",
        "row = 4",
        "row = NULL",
        "leaf = zeroblob(32)",
        "state = NULL",
        "state = 'text'",
        "originator_id = x'00'",
        "recorded_at = 'yesterday'",
        "operator = 5",
        "recorded_at = 9223372036854775807",
    ],
)
def test_every_change_of_a_row_is_found_when_it_is_read(path: Path, change: str) -> None:
    table_as_it_was = "NOT NULL"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ?, '') WHERE name = 'stored_events'",
            (table_as_it_was,),
        )
        connection.commit()
    forced(path, (f"UPDATE stored_events SET {change} WHERE no = 3", ()))  # noqa: S608 - ours
    with Book.open(path) as book, pytest.raises(BookDamaged) as caught:
        list(book.entries())
    assert codes(caught.value.problems) == ["damaged"]
    assert caught.value.problems[0].values["value"] == 3


def _flipped(content: bytes) -> Iterator[bytes]:
    for place in range(len(content)):
        yield content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_a_flipped_bit_of_any_byte_of_a_state_is_found(path: Path) -> None:
    with Book.open(path) as book:
        state = book.rows(2, 1)[0][3]
        rows: Any = book.recorder.select_events("person/P000001")
        row, mapper = rows[1], book.mapper
        for changed in _flipped(state):
            with pytest.raises(BookDamaged):
                mapper.to_domain_event(row._replace(state=changed))
        unchanged: Any = mapper.to_domain_event(row)
        assert unchanged == book.entry(3)


@pytest.mark.parametrize(
    "change", ["file_hash = zeroblob(32)", "file_name = 'another'", "operator = 'somebody'"]
)
def test_what_a_commit_says_is_part_of_its_leaves(path: Path, change: str) -> None:
    forced(path, (f"UPDATE commits SET {change}", ()))  # noqa: S608 - ours
    with Book.open(path) as book, pytest.raises(BookDamaged):
        book.entry(1)


@pytest.mark.parametrize(
    ("damage", "first", "reason"),
    [
        ("DELETE FROM stored_events WHERE no = 2", 2, "stored_row_missing"),
        ("DELETE FROM stored_events WHERE no = 3", 3, "stored_ends_differ"),
        ("DELETE FROM stored_events", 1, "stored_ends_differ"),
        ("DELETE FROM commits", 1, "stored_ends_differ"),
    ],
)
def test_a_row_that_was_taken_out_is_missed(
    path: Path, damage: str, first: int, reason: str
) -> None:
    forced(path, (damage, ()))
    with Book.open(path) as book:
        with pytest.raises(BookDamaged) as caught:
            list(book.entries())
        (problem,) = caught.value.problems
        assert (problem.values["value"], problem.values["detail"].code) == (first, reason)
        with pytest.raises(BookDamaged):
            record(book, "voided 2020-04-01 2")


def test_the_library_reads_entries_of_the_catalogue(path: Path) -> None:
    with Book.open(path) as book:
        # by stream, as its event store does
        found: list[Any] = list(book.events.get("person/P000001"))
        assert found == book.stream("person/P000001")
        newest: list[Any] = list(book.events.get("person/P000001", desc=True, limit=1))
        assert newest == [book.entry(3)]
        assert list(book.events.get("person/P000001", gt=1, lte=1)) == []
        # by number, as its notification log does
        log = book.notification_log.select(start=2, limit=5)
        assert [(item.id, item.topic) for item in log] == [(2, "nominated"), (3, "listed")]
        assert book.recorder.max_notification_id() == 3
        some = book.recorder.select_notifications(1, 5, 2, ["nominated"], inclusive_of_start=False)
        assert [item.id for item in some] == [2]


def test_stored_entries_can_be_inserted_by_the_library(path: Path, tmp_path: Path) -> None:
    # given a row of one book, and another book with everything before it
    with Book.open(path) as book, Book.create(tmp_path / "copy.db") as copy:
        rows = [row for stream in ("unit/TP",) for row in book.recorder.select_events(stream)]
        # when the row is inserted past the book's own way in
        assert copy.recorder.insert_events(rows) == [1]
        # then it is refused a second time, and found not to belong
        with pytest.raises(IntegrityError):
            copy.recorder.insert_events(rows)
        with pytest.raises(BookDamaged):
            copy.entry(1)


def test_opening_reads_no_entry(path: Path) -> None:
    forced(path, ("UPDATE stored_events SET state = zeroblob(9)", ()))
    with Book.open(path) as book:
        assert book.head.no == 3
