"""Writes a book anew as somebody with full access would: leaves, tree and roots made to fit."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from ledger.proof.tree import StoredNode
from ledger.store.envelope import KEPT_BYTES, leaf_of
from ledger.store.growth import Growth
from ledger.store.rows import CommitRow, StoredEntry

_COLUMNS = 11
_INSERT = {
    "stored_events": "INSERT INTO stored_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "commits": "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "tree": "INSERT INTO tree VALUES (?, ?, ?)",
}
_BESIDE = (
    "DELETE FROM mentions WHERE no > ?1",
    "DELETE FROM displaced WHERE by_no > ?1",
    "DELETE FROM data_keys WHERE owner NOT IN (SELECT originator_id FROM stored_events)",
)
"""What an older copy does not have, beside the log; ``?1`` is its last number."""


class Written(NamedTuple):
    """Log, commits and tree of a book, as they are to be."""

    book_id: bytes
    rows: list[StoredEntry]
    commits: list[CommitRow]
    tree: list[StoredNode]


def read(path: Path) -> Written:
    """Return what a closed book holds."""
    with closing(sqlite3.connect(path)) as connection:
        (book_id,) = connection.execute("SELECT value FROM book WHERE key = 'id'").fetchone()
        rows = connection.execute("SELECT * FROM stored_events ORDER BY no")
        commits = connection.execute("SELECT * FROM commits ORDER BY commit_no")
        tree = connection.execute("SELECT height, no, hash FROM tree").fetchall()
        return Written(
            book_id, [StoredEntry(*row) for row in rows], [CommitRow(*row) for row in commits], tree
        )


def fitting(book: Written) -> Written:
    """Return a book with numbers, versions, leaves, commits and roots that fit its rows.

    Rows are in the order that they are to have. It is all that can be made anew without keys:
    signatures stay as they are, and so do seals.
    """
    old = {commit.commit_no: commit for commit in book.commits}
    rows, commits, tree = list[StoredEntry](), list[CommitRow](), list[StoredNode]()
    versions, growth = dict[str, int](), Growth(0, lambda *_: [])
    for commit_no, (was, members) in enumerate(groupby(book.rows, attrgetter("commit_no")), 1):
        begin, commit = len(rows), old[was]
        hashes = []
        for row in members:
            version = versions[row.originator_id] = versions.get(row.originator_id, 0) + 1
            placed = row._replace(
                no=len(rows) + 1,
                originator_version=version,
                recorded_at=commit.recorded_at,
                operator=commit.operator,
                commit_no=commit_no,
                committed_by=commit.operator,
                file_name=commit.file_name,
                file_hash=commit.file_hash,
            )
            hashes.append(leaf_of(book.book_id, placed.envelope, placed.state))
            rows.append(placed._replace(leaf=hashes[-1][:KEPT_BYTES]))
        tree += growth.add(hashes)
        commits.append(
            commit._replace(
                commit_no=commit_no, first_no=begin + 1, last_no=len(rows), root=growth.root()
            )
        )
    return Written(book.book_id, rows, commits, tree)


def write(path: Path, book: Written, *, as_older: bool = False) -> None:
    """Put log, commits and tree in the place of those of a closed book, past its triggers.

    ``as_older``: what stands beside the log loses what is later, too.
    """
    contents: dict[str, Sequence[tuple[Any, ...]]] = {
        "stored_events": [row[:_COLUMNS] for row in book.rows],
        "commits": book.commits,
        "tree": book.tree,
    }
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for table, rows in contents.items():
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - ours, three lines above
            connection.executemany(_INSERT[table], rows)
        for statement in _BESIDE if as_older else ():
            connection.execute(statement, (len(book.rows),) if "?1" in statement else ())
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
