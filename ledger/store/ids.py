"""Which ids a book has handed out or seen, by their form."""

import sqlite3


def stream_ids(cursor: sqlite3.Cursor, prefix: str, limit: int) -> list[str]:
    """Return up to ``limit`` ids of streams ``prefix/…``, sorted."""
    cursor.execute(
        "SELECT originator_id FROM stored_events "
        "WHERE originator_id BETWEEN ? AND ? AND originator_version = 1 LIMIT ?",
        (f"{prefix}/", f"{prefix}0", limit),  # 0 comes right after / in the alphabet
    )
    return [stream_id for (stream_id,) in cursor]


def highest_person_number(cursor: sqlite3.Cursor) -> int:
    """Return the highest number handed out as a person id, 0 if none: 12 for P000012.

    Ids of seven digits are looked for only once those of six are used up.
    """
    highest = 0
    for digits in range(6, 10):
        cursor.execute(
            "SELECT originator_id FROM stored_events WHERE originator_id BETWEEN ? AND ? "
            "AND originator_id GLOB ? ORDER BY originator_id DESC LIMIT 1",
            (
                f"person/P{'0' * digits}",
                f"person/P{'9' * digits}",
                f"person/P{'[0-9]' * digits}",
            ),
        )
        found = cursor.fetchone()
        highest = max(highest, int(found[0].removeprefix("person/P"))) if found else highest
        if highest < 10**digits - 1:
            break
    return highest
