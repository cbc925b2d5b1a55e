"""Every kind of damage, done from outside by somebody with full access: found, and named.

A row of the table: what is done to a whole book of 11 entries, the first entry that is not as
it was, and why. Undone, the book is whole again.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.everything import everything
from ledger.audit.structure import subject_of
from ledger.book import Book
from tests.forgeries import copied, forged, whole_book
from tests.terminal import Said, call

STRUCTURE = {
    "a byte more": ("UPDATE stored_events SET state = state || x'00' WHERE no = 6", 6),
    "another state": (
        (
            "UPDATE stored_events SET state = (SELECT state FROM stored_events WHERE no = 3)"
            " WHERE no = 2"
        ),
        2,
    ),
    "another leaf": ("UPDATE stored_events SET leaf = zeroblob(8) WHERE no = 11", 11),
    "a shorter leaf": ("UPDATE stored_events SET leaf = substr(leaf, 1, 7) WHERE no = 4", 4),
    "another kind": ("UPDATE stored_events SET topic = 'delisted' WHERE no = 6", 6),
    "another stream": ("UPDATE stored_events SET originator_id = 'unit/X' WHERE no = 3", 3),
    "another version": ("UPDATE stored_events SET originator_version = 9 WHERE no = 7", 7),
    "back-dated": ("UPDATE stored_events SET recorded_at = recorded_at - 1 WHERE no = 5", 5),
    "another operator": ("UPDATE stored_events SET operator = 'x' WHERE no = 10", 10),
    "another commit": ("UPDATE stored_events SET commit_no = 1 WHERE no = 4", 4),
    "no such commit": ("UPDATE stored_events SET commit_no = 99 WHERE no = 9", 9),
    "another row": ("UPDATE stored_events SET row = 7 WHERE no = 2", 2),
    "a sheet": ("UPDATE stored_events SET sheet = 'x' WHERE no = 2", 2),
    "an empty sheet": ("UPDATE stored_events SET sheet = '' WHERE no = 8", 8),
    "a row gone": ("DELETE FROM stored_events WHERE no = 5", 5),
    "the last of a commit gone": ("DELETE FROM stored_events WHERE no = 9", 9),
    "the first gone": ("DELETE FROM stored_events WHERE no = 1", 1),
    "the last gone": ("DELETE FROM stored_events WHERE no = 11", 11),
    "all gone": ("DELETE FROM stored_events", 1),
    "one at the end": (
        (
            "INSERT INTO stored_events SELECT 12, originator_id, 9, topic, state, recorded_at,"
            " operator, commit_no, sheet, row, leaf FROM stored_events WHERE no = 11"
        ),
        12,
    ),
    "one far away": (
        (
            "INSERT INTO stored_events SELECT 1 << 60, originator_id, 9, topic, state, recorded_at,"
            " operator, commit_no, sheet, row, leaf FROM stored_events WHERE no = 11"
        ),
        12,
    ),
    "one before": (
        (
            "INSERT INTO stored_events SELECT -3, originator_id, 9, topic, state, recorded_at,"
            " operator, commit_no, sheet, row, leaf FROM stored_events WHERE no = 11"
        ),
        -3,
    ),
    "text for state": ("UPDATE stored_events SET state = 'abc' WHERE no = 7", 7),
    "number for state": ("UPDATE stored_events SET state = 12 WHERE no = 7", 7),
    "text for moment": ("UPDATE stored_events SET recorded_at = 'now' WHERE no = 7", 7),
    "half a moment": ("UPDATE stored_events SET recorded_at = 0.5 WHERE no = 7", 7),
    "bytes for kind": ("UPDATE stored_events SET topic = x'ff' WHERE no = 7", 7),
    "no text": ("UPDATE stored_events SET operator = CAST(x'ff' AS TEXT) WHERE no = 7", 7),
    "bytes for stream": ("UPDATE stored_events SET originator_id = x'00' WHERE no = 7", 7),
    "negative row": ("UPDATE stored_events SET row = -1 WHERE no = 2", 2),
    "huge state": ("UPDATE stored_events SET state = zeroblob(50000000) WHERE no = 7", 7),
    "long state": ("UPDATE stored_events SET state = zeroblob(70000) WHERE no = 7", 7),
    "huge operator": ("UPDATE stored_events SET operator = hex(zeroblob(9000000)) WHERE no=7", 7),
    "text for leaf": ("UPDATE stored_events SET leaf = 'abcdefgh' WHERE no = 7", 7),
    "another root": ("UPDATE commits SET root = zeroblob(32) WHERE commit_no = 3", 5),
    "a root of text": ("UPDATE commits SET root = 'x' WHERE commit_no = 1", 1),
    "another committer": ("UPDATE commits SET operator = 'x' WHERE commit_no = 2", 4),
    "no committer": ("UPDATE commits SET operator = x'00' WHERE commit_no = 2", 4),
    "another file": ("UPDATE commits SET file_name = 'x' WHERE commit_no = 3", 5),
    "an empty file": ("UPDATE commits SET file_name = '' WHERE commit_no = 4", 10),
    "an empty hash": ("UPDATE commits SET file_hash = x'' WHERE commit_no = 4", 10),
    "another hash": ("UPDATE commits SET file_hash = zeroblob(32) WHERE commit_no = 3", 5),
    "a commit gone": ("DELETE FROM commits WHERE commit_no = 2", 4),
    "last commit gone": ("DELETE FROM commits WHERE commit_no = 5", 11),
    "no commits": ("DELETE FROM commits", 1),
    "one more commit": (
        (
            "INSERT INTO commits SELECT 6, 12, 12, recorded_at, operator, file_name, file_hash,"
            " root, signature FROM commits WHERE commit_no = 5"
        ),
        12,
    ),
    "an empty commit": (
        (
            "INSERT INTO commits SELECT 6, 12, 11, recorded_at, operator, file_name, file_hash,"
            " root, signature FROM commits WHERE commit_no = 5"
        ),
        None,
    ),
    "commits moved": ("UPDATE commits SET last_no = 5 WHERE commit_no = 2", 5),
    "no number as an end": ("UPDATE commits SET last_no = x'0b' WHERE commit_no = 5", 11),
    "text in commits": ("UPDATE commits SET first_no = 'x' WHERE commit_no = 3", 5),
    "time of a commit": ("UPDATE commits SET recorded_at = 1 WHERE commit_no = 3", 5),
    "half a signature": ("UPDATE commits SET signature = x'00' WHERE commit_no = 4", 10),
    "a node too many": ("INSERT INTO tree VALUES (8, 0, zeroblob(32))", None),
    "a strange node": ("INSERT INTO tree VALUES (7, 'x', 'y')", None),
    "a number of another type": ("UPDATE book SET value = 1.0 WHERE key = 'format'", None),
    "a setting": ("INSERT INTO book VALUES ('trusted', 1)", None),
}
"""By what is looked at in every verification."""

DEEPER = {
    "a mention gone": ("DELETE FROM mentions WHERE no = 9", 9),
    "a mention more": ("INSERT INTO mentions VALUES ('unit/CB2', 7)", 7),
    "a mention moved": ("UPDATE mentions SET mentioned = 'unit/CB2' WHERE no = 5", 5),
    "a mention of nothing": ("INSERT INTO mentions VALUES ('unit/CB2', 'x')", None),
    "nothing displaced": ("DELETE FROM displaced", 8),
    "more displaced": ("INSERT INTO displaced VALUES (3, 10)", 3),
    "otherwise displaced": ("UPDATE displaced SET by_no = 9", 8),
    "displaced by text": ("UPDATE displaced SET by_no = 'x'", 8),
    "a key gone": ("DELETE FROM data_keys WHERE owner = 'person/P000001'", 5),
    "keys swapped": (
        (
            "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE owner ="
            " 'person/P000002') WHERE owner = 'person/P000001'"
        ),
        5,
    ),
    "another commitment": ("UPDATE data_keys SET commitment = zeroblob(32)", 4),
    "a key of text": ("UPDATE data_keys SET wrapped = 'x' WHERE owner = 'person/P000002'", 7),
    "a strange owner": (
        "INSERT INTO data_keys VALUES ('person/X', 'one', zeroblob(60), zeroblob(32))",
        None,
    ),
}
"""Only by what the entries say."""

OBJECTS = (
    "DROP TRIGGER stored_events_never_update",
    "DROP TRIGGER commits_only_next",
    "CREATE TRIGGER mine AFTER INSERT ON stored_events BEGIN DELETE FROM mentions; END",
    "CREATE VIEW mine AS SELECT * FROM book",
    "CREATE TABLE mine (x)",
    "ALTER TABLE mentions ADD COLUMN more",
    "PRAGMA application_id = 1",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_book(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def book(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return copied(whole, tmp_path / "copy")


def first_bad(said: Said) -> int | None:
    """Return the entry named first, which is the one that the error names, too."""
    assert said.status == 12, said
    first: dict[str, Any] = said.json[0]
    no: int | None = first["no"]
    assert (f"entry {no} is not" if no is not None else "the book is not") in said.err
    assert "Traceback" not in said.err
    return no


def verified(book: Path, depth: str = "structure") -> Said:
    return call(book, "audit", "verify", "--depth", depth, "--format", "json")


@pytest.mark.parametrize("kind", STRUCTURE)
def test_damage_to_the_structure_is_found(book: Path, whole: Path, kind: str) -> None:
    statement, no = STRUCTURE[kind]
    forged(book, statement)
    assert first_bad(verified(book)) == no
    # and when it is undone
    book.write_bytes(whole.read_bytes())
    said = verified(book)
    assert (said.status, said.json) == (0, [])


@pytest.mark.parametrize("kind", DEEPER)
def test_damage_beside_the_log_is_found(book: Path, whole: Path, kind: str) -> None:
    statement, no = DEEPER[kind]
    forged(book, statement)
    assert verified(book).status == 0
    assert first_bad(verified(book, "full")) == no
    book.write_bytes(whole.read_bytes())
    assert verified(book, "full").status == 0


@pytest.mark.parametrize("statement", OBJECTS)
def test_a_book_that_could_be_written_to_is_found(book: Path, statement: str) -> None:
    with closing(sqlite3.connect(book)) as connection:
        connection.execute(statement)
        connection.commit()
    said = verified(book)
    if statement.startswith(("CREATE TRIGGER", "CREATE VIEW")):  # it would run: not even opened
        assert (said.status, said.code) == (12, "book_damaged")
    else:
        assert first_bad(said) is None


def test_swapped_rows_are_found(book: Path) -> None:
    columns = "topic, state, operator, leaf"  # no value
    forged(
        book,
        f"UPDATE stored_events SET ({columns}) = (SELECT {columns} "  # noqa: S608 - as above
        "FROM stored_events o WHERE o.no = 14 - stored_events.no) WHERE no IN (6, 8)",
    )
    # both were listed, by the same: only the persons changed places
    assert first_bad(verified(book)) == 6


def test_names_may_be_analysed(book: Path) -> None:
    with closing(sqlite3.connect(book)) as connection:
        connection.execute("ANALYZE")
    assert verified(book).status == 0


def test_people_are_told_and_so_are_what_cannot_be_proven(book: Path) -> None:
    said = call(book, "audit", "verify", "--depth", "full", lang="vi")
    assert said.status == 0
    assert "còn nguyên vẹn" in said.out
    assert "không chứng minh được ai đã ghi" in said.out
    forged(book, "DELETE FROM mentions WHERE no = 9")
    said = call(book, "audit", "verify", "--depth", "full", lang="vi")
    assert (said.status, said.code) == (12, "damaged")
    assert "9" in said.out


def test_a_mention_in_a_book_without_entries_is_found(tmp_path: Path) -> None:
    with Book.create(tmp_path / "empty.db") as book:
        with closing(sqlite3.connect(book.path)) as connection, connection:
            connection.execute("INSERT INTO mentions VALUES ('unit/TP', 7)")
        findings = everything(book, subject_of(book), None).findings
    assert [one.problem.code for one in findings] == ["stored_mention_differs"]
