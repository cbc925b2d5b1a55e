"""Which entries came from which file: its hash stands beside their commit."""

import sqlite3
from typing import NamedTuple

from ledger.store.rows import CommitRow


class Origin(NamedTuple):
    """Where an entry was before it was in the book: texts, whatever somebody wrote there."""

    file_name: str
    file_hash: str
    """SHA-256 of the file, in hexadecimal digits."""
    sheet: str | None
    row: str | None


def origin_of(cursor: sqlite3.Cursor, no: int) -> Origin | None:
    """Return where the entry with a number came from, None if it came from no file."""
    cursor.execute(
        "SELECT CAST(c.file_name AS TEXT), lower(hex(c.file_hash)), CAST(e.sheet AS TEXT), "
        "CAST(e.row AS TEXT) FROM stored_events e JOIN commits c USING (commit_no) "
        "WHERE e.no = ? AND c.file_name IS NOT NULL",
        (no,),
    )
    row = cursor.fetchone()
    return None if row is None else Origin._make(row)


def commits_of(cursor: sqlite3.Cursor, file_hash: bytes) -> list[CommitRow]:
    """Return the commits of the file with a SHA-256, in order."""
    cursor.execute("SELECT * FROM commits WHERE file_hash = ? ORDER BY commit_no", (file_hash,))
    return [CommitRow._make(row) for row in cursor]


def places_of(cursor: sqlite3.Cursor, file_hash: bytes) -> dict[tuple[str | None, int | None], int]:
    """Return the entries that came from the file with a SHA-256, by sheet and row."""
    found = {}
    for commit in commits_of(cursor, file_hash):
        cursor.execute(
            "SELECT sheet, row, no FROM stored_events WHERE no BETWEEN ? AND ?",
            (commit.first_no, commit.last_no),
        )
        found.update({(sheet, row): no for sheet, row, no in cursor})
    return found
