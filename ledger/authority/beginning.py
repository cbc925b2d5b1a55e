"""Whether signing has begun: it cannot be ended by taking signatures out of the file."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from ledger.authority.commits import Authority
from ledger.authority.facts import Facts
from ledger.authority.operators import PREFIX
from ledger.catalogue import kind_of
from ledger.errors import BookDamaged, Problem
from ledger.store.ids import stream_ids
from ledger.store.rows import Last

_MOST_OPERATORS = 100_000
_COMMIT_OF = """
SELECT c.operator, c.first_no = c.last_no AND e.row IS NULL
FROM stored_events AS e JOIN commits AS c USING (commit_no) WHERE e.no = ?
"""
_UNSIGNED = """
SELECT last_no, operator FROM commits WHERE last_no >= ? AND signature IS NULL
ORDER BY commit_no LIMIT 1
"""


def operator_streams(cursor: sqlite3.Cursor) -> list[str]:
    """Return the ids of the streams of operators."""
    return stream_ids(cursor, PREFIX.removesuffix("/"), _MOST_OPERATORS)


def must_sign(
    cursor: sqlite3.Cursor, book_id: bytes, last: Last, about_operators: Iterable[Any]
) -> bool:
    """Return whether whatever is recorded from now on must be signed by its operator.

    ``last`` is the end of the book, and ``about_operators`` what the log says of them. Raises
    BookDamaged where somebody began to sign and the last commit has no signature.
    """
    if last.is_signed:
        return True
    for entry in about_operators:
        if kind_of(entry) == "operator_enrolled" and _begins(cursor, book_id, entry):
            no, operator = cursor.execute(_UNSIGNED, (entry.no,)).fetchone()
            detail = Problem("signature_missing", value=operator)
            raise BookDamaged(Problem("damaged", value=no, detail=detail))
    return False


def _begins(cursor: sqlite3.Cursor, book_id: bytes, entry: Any) -> bool:
    operator, typed_alone = cursor.execute(_COMMIT_OF, (entry.no,)).fetchone()
    authority = Authority(book_id, Facts(), begun=False)
    authority.open(operator)
    authority.add(entry, f"{PREFIX}{entry.operator}", typed=bool(typed_alone))
    return authority.close() is not None
