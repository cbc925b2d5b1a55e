"""Reads the log as anybody may have left it: of any type, of any size, with anything missing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ledger.audit.findings import Finding, found
from ledger.proof.tree import leaf_hash
from ledger.store.envelope import KEPT_BYTES, MAX_LEAF_BYTES, Commit, leaf_content
from ledger.store.storage import BookDatastore

MOST_BYTES = 4 * MAX_LEAF_BYTES
"""The longest row that is looked at; no row that Rollbook writes comes near it."""
_WAIT_SECONDS = 60.0
_COLUMNS = {
    "originator_id": "text",
    "originator_version": "integer",
    "topic": "text",
    "state": "blob",
    "recorded_at": "integer",
    "operator": "text",
    "commit_no": "integer",
    "sheet": "text or null",
    "row": "integer or null",
    "leaf": "blob",
}
"""The columns of the log after ``no``, with what they hold."""
ROWS = f"SELECT no, {', '.join(_COLUMNS)} FROM stored_events"  # noqa: S608 - holds no value
_COMMIT = """
SELECT first_no, last_no, operator, file_name, file_hash FROM commits WHERE commit_no = ?
"""


class Subject(NamedTuple):
    """What is looked at: a book up to an entry. It goes to other processes as it is."""

    path: str
    book_id: bytes
    head_no: int


@contextmanager
def reading(path: str) -> Iterator[sqlite3.Cursor]:
    """Read a book at one moment, no value longer than MOST_BYTES; raises BookDamaged."""
    datastore = BookDatastore(Path(path), _WAIT_SECONDS)
    try:
        with datastore.reading() as cursor:
            cursor.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
            yield cursor
    finally:
        datastore.close()


def is_empty(value: object) -> bool:
    """Return whether a value says nothing without being NULL: its hash is that of NULL."""
    return value is not None and not value


def diagnosed(cursor: sqlite3.Cursor, book_id: bytes, no: int) -> Finding | None:
    """Return what is wrong with an entry by itself, None if nothing is.

    Each step makes the next one possible: it is there, every value has its type, it stands in
    its commit; then the hash tells.
    """
    row = _typed_row(cursor, no)
    if isinstance(row, Finding):
        return row
    commit = _commit_of(cursor, no, row[7])
    if isinstance(commit, Finding):
        return commit
    *rest, leaf = row
    try:
        content = leaf_content(book_id, (*rest[:4], *rest[5:7], commit, *rest[8:]), rest[4])
    except ValueError:  # a text that is no UTF-8
        return found(no, "stored_form_differs")
    if len(content) > MAX_LEAF_BYTES + 1:
        return found(no, "stored_too_long", limit=MAX_LEAF_BYTES)
    return None if leaf_hash(content[1:])[:KEPT_BYTES] == leaf else found(no, "stored_hash_differs")


def _typed_row(cursor: sqlite3.Cursor, no: int) -> tuple[Any, ...] | Finding:
    types = ", ".join(f"typeof({name})" for name in _COLUMNS)
    lengths = " + ".join(f"coalesce(length({name}), 0)" for name in _COLUMNS)
    looked_at = f"SELECT {types}, {lengths} FROM stored_events"  # noqa: S608 - holds no value
    try:
        *kinds, length = cursor.execute(f"{looked_at} WHERE no = ?", (no,)).fetchone() or (None,)
        if length is None:
            return found(no, "stored_row_missing")
        for name, kind in zip(_COLUMNS, kinds, strict=True):
            if kind not in _COLUMNS[name].split(" or "):
                return found(no, "stored_type_differs", value=name, type=kind)
        if length > 2 * MAX_LEAF_BYTES:
            return found(no, "stored_too_long", limit=MAX_LEAF_BYTES)
        whole: tuple[Any, ...] = cursor.execute(f"{ROWS} WHERE no = ?", (no,)).fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return found(no, "stored_unreadable", value=str(error))
    is_counted = min(whole[2], whole[7], whole[9] or 0) >= 0
    fits = is_counted and not is_empty(whole[8])
    return whole if fits else found(no, "stored_form_differs")


def _commit_of(cursor: sqlite3.Cursor, no: int, commit_no: int) -> Commit | Finding:
    """Return what the commit says that an entry names, if it holds the entry."""
    try:
        row = cursor.execute(_COMMIT, (commit_no,)).fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        return found(no, "stored_commit_differs", value=commit_no)
    if row is None:
        return found(no, "stored_commit_differs", value=commit_no)
    first, last, operator, file_name, file_hash = row
    numbers = isinstance(first, int) and isinstance(last, int) and first <= no <= last
    texts = isinstance(operator, str) and isinstance(file_name, str | None)
    hashes = file_hash is None or isinstance(file_hash, bytes)
    if not (numbers and texts and hashes) or is_empty(file_name) or is_empty(file_hash):
        return found(no, "stored_commit_differs", value=commit_no)
    return Commit(commit_no, operator, file_name, file_hash)
