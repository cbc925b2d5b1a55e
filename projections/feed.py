"""The feed: entries of the book, decoded in bulk into Arrow columns.

``scanning`` hands over the states of a kind and a length together, and ``shapes`` cuts the
columns out of them: no Python object for any of them. What has no shape that many others
share is decoded by msgspec, all states of a kind in one call.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import pyarrow as pa
from pyarrow.compute import call_function

from ledger.catalogue import KINDS
from ledger.errors import BookDamaged, Problem
from ledger.recording.collection import no_collection
from projections.columns import Column, Form, Part, all_columns, parts_of, record_of
from projections.memory import keep_pages
from projections.scanning import Scan, scan
from projections.shapes import Alike, days, decoded

keep_pages()
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

_STATE = "SELECT CAST(state AS BLOB) FROM stored_events WHERE no = ?"
Columns = dict[str, pa.Array]
"""Columns of some entries by name, only those that hold anything."""
_ARRAY_32 = b"\xdd"


def json_text(value: Any) -> str | None:
    """Return a map, list or amount as text that is the same for equal values.

    Keys are sorted; a list inside a map means any of its items, so it is sorted, too, and
    one item stands for itself; a bare text is kept as it is, an empty map is None. Raises
    ValueError for what msgpack has and JSON has not: bytes, keys of several types.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        if not value:
            return None
        value = {key: _settled(item) for key, item in value.items()}
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    except TypeError as error:
        raise ValueError(*error.args) from error


def _settled(item: Any) -> Any:
    if isinstance(item, list):
        return item[0] if len(item) == 1 else sorted(item, key=str)
    return item


def _array(column: Column, values: Sequence[Any]) -> pa.Array:
    if column.form == "date":
        return days(pa.array(values, pa.string()))
    if column.form == "json":
        return pa.array([json_text(value) for value in values], pa.string())
    return pa.array(values, _TYPES[column.form])


def _columns(
    parts: Mapping[str, Part], fields: Iterable[Sequence[Any]]
) -> Iterator[tuple[str, pa.Array]]:
    """Yield name and values of each column that is not empty all the way down."""
    for part, values in zip(parts.values(), fields, strict=True):
        if values.count(None) == len(values):
            continue
        if part.column:
            yield part.column.name, _array(part.column, values)
        else:
            nothing = (None,) * len(part.parts)
            inner = [nothing if item is None else msgspec.structs.astuple(item) for item in values]
            yield from _columns(part.parts, list(zip(*inner, strict=True)))


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


def _decoded(kind: str, states: bytes, count: int) -> dict[str, pa.Array]:
    """Return the columns of all states of one kind."""
    if KINDS[kind].version > 1:
        states = _upcast(kind, states, count)
    records = msgspec.msgpack.decode(
        _ARRAY_32 + count.to_bytes(4, "big") + states,
        type=list[record_of(kind)],  # type: ignore[misc]  # the struct is made at run time
    )
    fields = list(zip(*map(msgspec.structs.astuple, records), strict=True))
    return dict(_columns(parts_of(kind), fields))


def _first_unreadable(cursor: sqlite3.Cursor, kind: str, nos: list[int]) -> int:
    """Return the first of ``nos`` that cannot be decoded by itself; all are of one kind."""
    for no in sorted(nos):
        (state,) = cursor.execute(_STATE, (no,)).fetchone()
        try:
            _decoded(kind, state, 1)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return no
    return min(nos)


def _read_apart(
    cursor: sqlite3.Cursor, kind: str, states: bytes, nos: pa.Array
) -> dict[str, pa.Array]:
    """Return the columns of states of one kind, whatever their shapes; raise BookDamaged."""
    try:
        return _decoded(kind, states, len(nos))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        no = _first_unreadable(cursor, kind, nos.to_pylist())
        reason = Problem("stored_value_differs", value=str(error))
        raise BookDamaged(Problem("damaged", value=no, detail=reason)) from error


def columns_of(cursor: sqlite3.Cursor, scans: Sequence[Scan]) -> pa.Table:
    """Return scanned entries as one Arrow table.

    They come by kind, in no order that means anything. The columns are those of ``SCHEMA``
    that hold anything, in its order. Raises BookDamaged when a state cannot be read;
    ``cursor`` is needed to find out which.
    """
    with no_collection():
        return _together([piece for each in scans for piece in _by_kind(cursor, each)])


def read(cursor: sqlite3.Cursor, first: int, last: int) -> pa.Table:
    """Return the entries from ``first`` to ``last`` as ``columns_of`` does; raise BookDamaged."""
    return columns_of(cursor, scan(cursor, first, last))


def _filled(name: str, pieces: Sequence[Columns], nothing: pa.Array) -> Iterator[pa.Array]:
    """Yield a column of all pieces; ``nothing`` is of its type and as long as all of them.

    Most pieces have no value in most columns. All share one array of nulls, which is cheaper
    to make, and to write, than one for each.
    """
    for holds, run in groupby(pieces, lambda piece: name in piece):
        if holds:
            yield from (piece[name] for piece in run)
        else:
            yield nothing[: sum(len(piece["no"]) for piece in run)]


def _together(pieces: Sequence[Columns]) -> pa.Table:
    """Return pieces as one table, with the columns that any of them holds."""
    held = set().union(*pieces)
    count = sum(len(piece["no"]) for piece in pieces)
    nothing = {form: pa.nulls(count, form) for form in _TYPES.values()}
    columns = {
        field.name: pa.chunked_array(_filled(field.name, pieces, nothing[field.type]), field.type)
        for field in SCHEMA
        if field.name in held
    }
    return pa.table(columns)


def _by_kind(cursor: sqlite3.Cursor, scanned: Scan) -> Iterator[Columns]:
    """Yield the columns of the entries, a kind and shape at a time."""
    for kind, groups in groupby(scanned.groups, key=itemgetter(0)):
        rests: list[Alike] = []
        for _, rows in groups:
            found, rest = decoded(rows, parts_of(kind), json_text)
            rests += [rest] if len(rest.nos) else []
            for nos, columns in found:
                yield _with_row(kind, nos, scanned, columns)
        if rests:
            nos = pa.concat_arrays([rest.nos for rest in rests])
            states = b"".join(rest.states_bytes() for rest in rests)
            yield _with_row(kind, nos, scanned, _read_apart(cursor, kind, states, nos))


def _with_row(kind: str, nos: pa.Array, scanned: Scan, columns: Columns) -> Columns:
    """Return the columns of entries of one kind, with those that the row of the log has."""
    kinds = pa.repeat(pa.scalar(kind, pa.string()), len(nos))
    places = call_function("subtract", [nos, pa.scalar(scanned.first, pa.int64())])
    return {"no": nos, "kind": kinds} | scanned.when.columns(places) | columns
