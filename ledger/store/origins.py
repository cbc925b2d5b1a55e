"""Which entries came from which file: its hash stands beside their commit."""

import sqlite3

from ledger.store.rows import CommitRow


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
