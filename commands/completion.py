"""Codes of the book for the shell to complete.

Switched on as the shell does it for every program, for bash in ``~/.bashrc``::

    eval "$(_ROLLBOOK_COMPLETE=bash_source rollbook)"

and with ``zsh_source`` or ``fish_source`` for these. The shell then completes commands,
options, their values, and the codes of units, classes and targets in the book.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

_MOST = 200
"""More than anybody reads; a book of a country has thousands of units."""


def codes(book_path: str, prefix: str, begin: str) -> list[str]:
    """Return codes of streams ``prefix/…`` that begin with ``begin``; none if unreadable.

    Reads the log's own table through its index on streams, without opening the book:
    the shell waits for the answer while somebody types.
    """
    first = f"{prefix}/{begin}"
    try:
        address = f"{Path(book_path).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=1)) as database:
            rows = database.execute(
                "SELECT DISTINCT originator_id FROM stored_events"
                " WHERE originator_id >= ? AND originator_id < ? ORDER BY 1 LIMIT ?",
                (first, f"{first}\U0010ffff", _MOST),
            ).fetchall()
    except (sqlite3.Error, OSError, ValueError):
        return []
    return [str(row[0]).partition("/")[2] for row in rows]
