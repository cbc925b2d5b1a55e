"""The tables of a book, and the triggers that let its log only grow (docs/format.md)."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache

FORMAT = 1
"""The format that this program writes, and the newest that it reads."""

APPLICATION_ID = 0x526F_6C6C
"""In the header of the file, so that tools can tell a book from other databases: "Roll"."""

COLUMNS = (
    "no",
    "originator_id",
    "originator_version",
    "topic",
    "state",
    "recorded_at",
    "operator",
    "commit_no",
    "sheet",
    "row",
    "leaf",
)
"""The columns of the log, in the order of the table."""

_TABLES = (
    """
    CREATE TABLE stored_events (
        no INTEGER PRIMARY KEY,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        recorded_at INTEGER NOT NULL,
        operator TEXT NOT NULL,
        commit_no INTEGER NOT NULL,
        sheet TEXT,
        row INTEGER,
        leaf BLOB NOT NULL,
        UNIQUE (originator_id, originator_version)
    )""",
    """
    CREATE TABLE commits (
        commit_no INTEGER PRIMARY KEY,
        first_no INTEGER NOT NULL,
        last_no INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        operator TEXT NOT NULL,
        file_name TEXT,
        file_hash BLOB,
        root BLOB NOT NULL,
        signature BLOB
    )""",
    """
    CREATE TABLE tree (
        height INTEGER NOT NULL,
        no INTEGER NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (height, no)
    ) WITHOUT ROWID""",
    "CREATE TABLE book (key TEXT PRIMARY KEY NOT NULL, value NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE mentions (
        mentioned TEXT NOT NULL,
        no INTEGER NOT NULL,
        PRIMARY KEY (mentioned, no)
    ) WITHOUT ROWID""",
    "CREATE TABLE displaced (no INTEGER PRIMARY KEY, by_no INTEGER NOT NULL)",
    """
    CREATE TABLE data_keys (
        owner TEXT PRIMARY KEY NOT NULL,
        epoch INTEGER NOT NULL,
        wrapped BLOB NOT NULL,
        commitment BLOB NOT NULL
    ) WITHOUT ROWID""",
)


def _never(table: str) -> list[str]:
    """Return triggers that refuse to change or remove a row of ``table``."""
    return [
        f"""
        CREATE TRIGGER {table}_never_{action.lower()} BEFORE {action} ON {table}
        BEGIN SELECT RAISE(ABORT, 'a book only grows'); END"""
        for action in ("UPDATE", "DELETE")
    ]


# INSERT OR REPLACE removes the row in its way without asking the DELETE trigger. It finds
# none in its way when only the next number, and the next version of a stream, can come in.
_ONLY_NEXT = (
    """
    CREATE TRIGGER stored_events_only_next BEFORE INSERT ON stored_events
    WHEN NEW.no IS NOT (SELECT coalesce(max(no), 0) + 1 FROM stored_events)
        OR NEW.originator_version IS NOT (
            SELECT coalesce(max(originator_version), 0) + 1 FROM stored_events
            WHERE originator_id = NEW.originator_id)
    BEGIN SELECT RAISE(ABORT, 'not the next entry'); END""",
    """
    CREATE TRIGGER commits_only_next BEFORE INSERT ON commits
    WHEN NEW.commit_no IS NOT (SELECT coalesce(max(commit_no), 0) + 1 FROM commits)
        OR NEW.last_no < NEW.first_no
        OR NEW.first_no IS NOT coalesce(
            (SELECT last_no + 1 FROM commits WHERE commit_no = NEW.commit_no - 1), 1)
    BEGIN SELECT RAISE(ABORT, 'not the next commit'); END""",
    """
    CREATE TRIGGER book_only_new BEFORE INSERT ON book
    WHEN EXISTS (SELECT 1 FROM book WHERE key = NEW.key)
    BEGIN SELECT RAISE(ABORT, 'a book only grows'); END""",
    """
    CREATE TRIGGER tree_only_next BEFORE INSERT ON tree
    WHEN NEW.no IS NOT (
        SELECT coalesce(max(no) + 1, 0) FROM tree WHERE height = NEW.height)
    BEGIN SELECT RAISE(ABORT, 'not the next of the tree'); END""",
)

OF_EACH_ROW = ("stored_events_only_next", "tree_only_next")
"""The triggers that look at every row of what is recorded, not once a commit."""

STATEMENTS: tuple[str, ...] = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    *_TABLES,
    *_never("stored_events"),
    *_never("commits"),
    *_never("book"),
    *_never("tree"),
    *_ONLY_NEXT,
)
"""What makes an empty file a book without settings."""

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_STATISTICS = re.compile(r"CREATE TABLE sqlite_stat[1-4]\([a-z,]+\)")
"""Where ANALYZE keeps what it counted."""


_STORES = re.compile(r"CREATE (TABLE|INDEX|UNIQUE INDEX) ", re.IGNORECASE)
"""How statements begin of what SQLite runs nothing for. Triggers and views it runs unasked,
whatever a forged file calls them: one that has its own must not be used."""


def strange(cursor: sqlite3.Cursor, *, only_run: bool = False) -> Iterator[str]:
    """Yield the names of what is in a file and not in a book, or in another form.

    ``only_run``: only of what would be run by using it.
    """
    usual = _usual()
    for name, kind, table, sql in _objects(cursor):
        if only_run and (sql is None or _STORES.match(sql)):
            continue
        if usual.get(name) != (kind, table, sql):
            is_counted = kind == "table" and sql and _STATISTICS.fullmatch(sql)
            if not is_counted:
                yield name


def missing(cursor: sqlite3.Cursor) -> Iterator[str]:
    """Yield the names of the tables, indices and triggers of a book that a file does not have."""
    there = {name for name, *_ in _objects(cursor)}
    yield from (name for name in _usual() if name not in there)


_BLANKS = re.compile(r"[ \t\n\f\r]+")
"""What SQLite takes for blanks; any other is part of a name."""


def _objects(cursor: sqlite3.Cursor) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield name, type, table and statement of each object in a file.

    Blanks are evened out, as tools that write statements again may leave others. What is no
    text in a damaged file comes as Python writes it.
    """
    for kind, name, table, sql in cursor.execute(_OBJECTS).fetchall():
        text = None if sql is None else _BLANKS.sub(" ", str(sql)).strip(" ")
        yield str(name), str(kind), str(table), text


@cache
def _usual() -> dict[str, tuple[str, str, str | None]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        cursor = connection.cursor()
        for statement in STATEMENTS:
            cursor.execute(statement)
        return {name: (kind, table, sql) for name, kind, table, sql in _objects(cursor)}
