"""When, by whom and in which commit entries were recorded: columns that no state holds."""

import sqlite3
from typing import NamedTuple

import pyarrow as pa

from ledger.errors import BookDamaged, Problem

_COMMITS = """
SELECT commit_no, min(no), max(no), count(*), min(recorded_at), max(recorded_at), min(operator),
       max(operator)
  FROM stored_events WHERE no BETWEEN ? AND ? GROUP BY commit_no ORDER BY commit_no
"""
_CLAIMED = "SELECT recorded_at, operator FROM stored_events WHERE no BETWEEN ? AND ? ORDER BY no"
_FIRST = "SELECT commit_no, recorded_at, operator FROM stored_events WHERE no = ?"
_MOMENT = pa.timestamp("us")


class Recorded(NamedTuple):
    """Of each entry of a piece when, by whom and in which commit, or one value for all."""

    recorded_at: pa.Scalar | pa.Array
    by: pa.Scalar | pa.Array
    commit_no: pa.Scalar | pa.Array

    def columns(self, places: pa.Array) -> dict[str, pa.Array]:
        """Return the columns of the entries at some places of the piece."""
        return {
            name: pa.repeat(value, len(places))
            if isinstance(value, pa.Scalar)
            else value.take(places)
            for name, value in self._asdict().items()
        }


def first_of(cursor: sqlite3.Cursor, no: int) -> tuple[int, int, str]:
    """Return commit, moment and operator of an entry, to look for others in the rest.

    Those of no entry when there is none.
    """
    commit_no, recorded_at, operator = cursor.execute(_FIRST, (no,)).fetchone() or (0, 0, "")
    return commit_no, recorded_at, operator


def of_all(commit_no: int, recorded_at: int, operator: str) -> Recorded:
    """Return what is the same for all entries of a piece."""
    return Recorded(
        pa.scalar(recorded_at, _MOMENT),
        pa.scalar(operator, pa.string()),
        pa.scalar(commit_no, pa.int64()),
    )


def of_each(cursor: sqlite3.Cursor, first: int, last: int) -> Recorded:
    """Return when, by whom and in which commit each entry was recorded, in order of number.

    The entries of a commit share all three, so one row tells them; only in a copy of
    another book (``--keep-recorded``) may each entry bring its own. Raises BookDamaged when
    a number between the two has no row, or a commit is not of numbers that follow each other.
    """
    moments: list[int] = []
    operators: list[str] = []
    commits: list[int] = []
    next_no = first
    for row in cursor.execute(_COMMITS, (first, last)).fetchall():
        commit_no, begin, end, count, earliest, latest, operator, last_operator = row
        if begin != next_no or end - begin + 1 != count:
            break
        next_no = end + 1
        commits += [commit_no] * count
        if earliest != latest or operator != last_operator:
            claimed = cursor.execute(_CLAIMED, (begin, end)).fetchall()
            moments += [claim[0] for claim in claimed]
            operators += [claim[1] for claim in claimed]
        else:
            moments += [earliest] * count
            operators += [operator] * count
    if next_no != last + 1:
        raise BookDamaged(_break(cursor, first, last, next_no))
    return Recorded(
        pa.array(moments, pa.int64()).view(_MOMENT),
        pa.array(operators, pa.string()),
        pa.array(commits, pa.int64()),
    )


def _break(cursor: sqlite3.Cursor, first: int, last: int, broken: int) -> Problem:
    """Return what is wrong with rows whose numbers or commits do not follow one another.

    ``broken`` is the number that the next commit should begin with.
    """
    query = "SELECT no FROM stored_events WHERE no BETWEEN ? AND ?"
    there = {no for (no,) in cursor.execute(query, (first, last))}
    missing = next((no for no in range(first, last + 1) if no not in there), None)
    if missing is None:
        detail = Problem("stored_value_differs", value="commit_no")
        return Problem("damaged", value=broken, detail=detail)
    return Problem("damaged", value=missing, detail=Problem("stored_row_missing"))
