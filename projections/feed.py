"""The feed: entries of the book, decoded in bulk into Arrow columns.

SQLite hands over all states of a kind as one piece, msgspec decodes that piece in one
call, and the fields become columns: about a microsecond and a half an entry, where one
Python object after another would cost twenty. Rows come by kind, then by number.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
import pyarrow as pa

from ledger.catalogue import KINDS
from ledger.errors import BookDamaged, Problem
from ledger.recording.collection import no_collection
from projections.columns import ALWAYS, Column, Form, Part, all_columns, parts_of, record_of

_TYPES: dict[Form, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "truth": pa.bool_(),
    "date": pa.date32(),
    "moment": pa.timestamp("us"),
    "json": pa.string(),
}
SCHEMA = pa.schema([(column.name, _TYPES[column.form]) for column in all_columns()])
"""The columns that the table of all entries has, whatever kinds a book holds."""

# group_concat joins blobs byte by byte; the cast keeps them from being read as text. The
# order within a group is that of the scan, the same for both columns.
_GROUPED = """
SELECT topic, CAST(group_concat(state, '') AS BLOB), group_concat(no)
  FROM stored_events WHERE no BETWEEN ? AND ? GROUP BY topic ORDER BY topic
"""
_COMMITS = """
SELECT commit_no, min(no), max(no), count(*), min(recorded_at), max(recorded_at), min(operator),
       max(operator)
  FROM stored_events WHERE no BETWEEN ? AND ? GROUP BY commit_no ORDER BY commit_no
"""
_STATE = "SELECT CAST(state AS BLOB) FROM stored_events WHERE no = ?"
_CLAIMED = "SELECT recorded_at, operator FROM stored_events WHERE no BETWEEN ? AND ? ORDER BY no"
PIECE_ENTRIES = 50_000
"""How many entries are taken at once: more would no longer fit the caches of a processor."""
_ARRAY_32 = b"\xdd"
_EPOCH = date(1970, 1, 1).toordinal()


class _Days(dict[str | None, int | None]):
    """Days since 1970 by their ISO text; every day is worked out once."""

    def __missing__(self, text: str | None) -> int | None:
        day = None if text is None else date.fromisoformat(text).toordinal() - _EPOCH
        self[text] = day
        return day


def json_text(value: Any) -> str | None:
    """Return a map, list or amount as text that is the same for equal values.

    Keys are sorted; a list inside a map means any of its items, so it is sorted, too, and
    one item stands for itself; a bare text is kept as it is, an empty map is None.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        if not value:
            return None
        value = {key: _settled(item) for key, item in value.items()}
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _settled(item: Any) -> Any:
    if isinstance(item, list):
        return item[0] if len(item) == 1 else sorted(item, key=str)
    return item


def _array(column: Column, values: Sequence[Any], days: _Days) -> pa.Array:
    if column.form == "date":
        ordinals = pa.array(list(map(days.__getitem__, values)), pa.int32())
        return ordinals.view(pa.date32())
    if column.form == "moment":
        return pa.array(values, pa.int64()).view(pa.timestamp("us"))
    if column.form == "json":
        return pa.array([json_text(value) for value in values], pa.string())
    return pa.array(values, _TYPES[column.form])


def _columns(
    parts: Iterable[Part], fields: Iterable[Sequence[Any]], days: _Days
) -> Iterator[tuple[str, pa.Array]]:
    """Yield name and values of each column that is not empty all the way down."""
    for part, values in zip(parts, fields, strict=True):
        if values.count(None) == len(values):
            continue
        if part.column:
            yield part.column.name, _array(part.column, values, days)
        else:
            nothing = (None,) * len(part.parts)
            inner = [nothing if item is None else msgspec.structs.astuple(item) for item in values]
            yield from _columns(part.parts, list(zip(*inner, strict=True)), days)


def _upcast(kind: str, states: bytes, count: int) -> bytes:
    """Return states of a kind that has several versions, all as of today's."""
    decoded = msgspec.msgpack.decode(_ARRAY_32 + count.to_bytes(4, "big") + states)
    entry_type = KINDS[kind]
    upcast = (
        state
        if state.get("v", 1) == entry_type.version
        else entry_type.upcast(state, state.get("v", 1))
        for state in decoded
    )
    return b"".join(map(msgspec.msgpack.encode, upcast))


def _recorded(cursor: sqlite3.Cursor, first: int, last: int) -> dict[str, list[Any]]:
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
    return {"recorded_at": moments, "by": operators, "commit_no": commits}


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


def _decoded(kind: str, states: bytes, count: int, days: _Days) -> dict[str, pa.Array]:
    """Return the columns of all states of one kind."""
    if KINDS[kind].version > 1:
        states = _upcast(kind, states, count)
    records = msgspec.msgpack.decode(
        _ARRAY_32 + count.to_bytes(4, "big") + states,
        type=list[record_of(kind)],  # type: ignore[misc]  # the struct is made at run time
    )
    fields = list(zip(*map(msgspec.structs.astuple, records), strict=True))
    return dict(_columns(parts_of(kind), fields, days))


def _first_unreadable(cursor: sqlite3.Cursor, kind: str, nos: list[int]) -> int:
    """Return the first of ``nos`` that cannot be decoded by itself; all are of one kind."""
    for no in sorted(nos):
        (state,) = cursor.execute(_STATE, (no,)).fetchone()
        try:
            _decoded(kind, state, 1, _Days())
        except (msgspec.DecodeError, ValueError):
            return no
    return min(nos)


def read(cursor: sqlite3.Cursor, first: int, last: int) -> pa.Table:
    """Return the entries from ``first`` to ``last`` as one Arrow table.

    They come in pieces, in each by kind and number. The columns are those of ``SCHEMA``
    that hold anything, in its order. Raises BookDamaged when a state cannot be read.
    """
    days = _Days()
    tables: list[pa.Table] = []
    with no_collection():
        for begin in range(first, last + 1, PIECE_ENTRIES):
            tables += _piece(cursor, begin, min(begin + PIECE_ENTRIES - 1, last), days)
    together = pa.concat_tables(tables, promote_options="default")
    held = set(together.column_names)
    return together.select([name for name in SCHEMA.names if name in held])


def _piece(cursor: sqlite3.Cursor, first: int, last: int, days: _Days) -> Iterator[pa.Table]:
    """Yield the entries of one piece, a table for each kind."""
    recorded = _recorded(cursor, first, last)
    shared = {name for name, values in recorded.items() if values.count(values[0]) == len(values)}
    for kind, states, numbers in cursor.execute(_GROUPED, (first, last)).fetchall():
        nos = list(map(int, numbers.split(",")))
        if kind not in KINDS:
            unknown = Problem("stored_kind_unknown", value=kind)
            raise BookDamaged(Problem("damaged", value=min(nos), detail=unknown))
        columns: dict[str, list[Any]] = {"no": nos, "kind": [kind] * len(nos)}
        for name, values in recorded.items():
            columns[name] = (
                values[:1] * len(nos) if name in shared else [values[no - first] for no in nos]
            )
        table = {column.name: _array(column, columns[column.name], days) for column in ALWAYS}
        try:
            table |= _decoded(kind, states, len(nos), days)
        except (msgspec.DecodeError, ValueError) as error:
            no = _first_unreadable(cursor, kind, nos)
            reason = Problem("stored_value_differs", value=str(error))
            raise BookDamaged(Problem("damaged", value=no, detail=reason)) from error
        yield pa.table(table)
