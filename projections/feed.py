"""The feed: entries of the book, decoded in bulk into Arrow columns.

SQLite hands over all states as one blob, Arrow puts those of a kind and a length together,
and ``shapes`` cuts the columns out of them: no Python object for any of them. What has no
shape that others share is decoded by msgspec, all states of a kind in one call.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
from pyarrow.compute import SplitPatternOptions, call_function

from ledger.catalogue import KINDS
from ledger.errors import BookDamaged, Problem
from ledger.recording.collection import no_collection
from projections import recorded
from projections.columns import Column, Form, Part, all_columns, parts_of, record_of
from projections.shapes import Alike, decoded

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

# group_concat joins blobs byte by byte; the cast keeps them from being read as text. All
# three are in the order of the scan, which is that of the numbers.
_SCAN = """
SELECT count(*), CAST(group_concat(state, '') AS BLOB), group_concat(length(state)),
       group_concat(topic),
       count(CASE WHEN commit_no = ? AND recorded_at = ? AND operator = ? THEN 1 END)
  FROM stored_events WHERE no BETWEEN ? AND ?
"""
_STATE = "SELECT CAST(state AS BLOB) FROM stored_events WHERE no = ?"
_FORMS = "SELECT no, topic, typeof(state) FROM stored_events WHERE no >= ? ORDER BY no"
_MOST_BYTES = 1 << 28
"""Of all the states of a scan: usually a tenth of it, and no forged one makes it more."""
_LENGTH_BITS = 32
_ARRAY_32 = b"\xdd"
_EPOCH = date(1970, 1, 1).toordinal()


class Scan(NamedTuple):
    """Rows of the log as SQLite hands them over: one state after the other."""

    first: int
    states: bytes
    lengths: str
    """That of each state, with commas between."""
    kinds: str
    """That of each state, likewise."""
    when: recorded.Recorded


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
    if column.form == "json":
        return pa.array([json_text(value) for value in values], pa.string())
    return pa.array(values, _TYPES[column.form])


def _columns(
    parts: Mapping[str, Part], fields: Iterable[Sequence[Any]], days: _Days
) -> Iterator[tuple[str, pa.Array]]:
    """Yield name and values of each column that is not empty all the way down."""
    for part, values in zip(parts.values(), fields, strict=True):
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
        except (msgspec.DecodeError, ValueError, RecursionError):
            return no
    return min(nos)


def _read_apart(
    cursor: sqlite3.Cursor, kind: str, states: bytes, nos: pa.Array, days: _Days
) -> dict[str, pa.Array]:
    """Return the columns of states of one kind, whatever their shapes; raise BookDamaged."""
    try:
        return _decoded(kind, states, len(nos), days)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        no = _first_unreadable(cursor, kind, nos.to_pylist())
        reason = Problem("stored_value_differs", value=str(error))
        raise BookDamaged(Problem("damaged", value=no, detail=reason)) from error


def scan(cursor: sqlite3.Cursor, first: int, last: int) -> list[Scan]:
    """Return the rows from ``first`` to ``last`` as they are; SQLite does it without Python.

    More than one piece when the bytes are more than _MOST_BYTES. Raises BookDamaged when a
    row is missing, or not in the order of the commits.
    """
    known = recorded.first_of(cursor, first)
    try:
        with _taking(cursor.connection, _MOST_BYTES):
            count, states, lengths, kinds, alike = cursor.execute(
                _SCAN, (*known, first, last)
            ).fetchone()
    except sqlite3.DataError:
        if first == last:
            raise
        middle = (first + last) // 2
        return [*scan(cursor, first, middle), *scan(cursor, middle + 1, last)]
    if count == alike == last - first + 1:
        when = recorded.of_all(*known)
    else:
        when = recorded.of_each(cursor, first, last)
    return [Scan(first, states, lengths, kinds, when)]


@contextmanager
def _taking(connection: sqlite3.Connection, length_bytes: int) -> Iterator[None]:
    """Let values be so long for a while."""
    before = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, length_bytes)
    try:
        yield
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def columns_of(cursor: sqlite3.Cursor, scans: Sequence[Scan]) -> pa.Table:
    """Return scanned entries as one Arrow table.

    They come by kind, in no order that means anything. The columns are those of ``SCHEMA``
    that hold anything, in its order. Raises BookDamaged when a state cannot be read;
    ``cursor`` is needed to find out which.
    """
    with no_collection():
        tables = [table for each in scans for table in _tables(cursor, each)]
        together = pa.concat_tables(tables, promote_options="default")
    held = set(together.column_names)
    return together.select([name for name in SCHEMA.names if name in held])


def read(cursor: sqlite3.Cursor, first: int, last: int) -> pa.Table:
    """Return the entries from ``first`` to ``last`` as ``columns_of`` does; raise BookDamaged."""
    return columns_of(cursor, scan(cursor, first, last))


def _tables(cursor: sqlite3.Cursor, scanned: Scan) -> Iterator[pa.Table]:
    """Yield the entries, in tables of one kind each."""
    days = _Days()
    for kind, groups in groupby(_grouped(cursor, scanned), key=itemgetter(0)):
        rests: list[Alike] = []
        for _, rows in groups:
            found, rest = decoded(rows, parts_of(kind), json_text)
            rests += [rest] if len(rest.nos) else []
            for nos, columns in found:
                yield _table(kind, nos, scanned, columns)
        if rests:
            nos = pa.concat_arrays([rest.nos for rest in rests])
            states = b"".join(rest.states_bytes() for rest in rests)
            yield _table(kind, nos, scanned, _read_apart(cursor, kind, states, nos, days))


def _grouped(cursor: sqlite3.Cursor, scanned: Scan) -> Iterator[tuple[str, Alike]]:
    """Yield the states of each kind and length with their numbers, in order.

    Raises BookDamaged for a kind that the catalogue does not have, or a state that is text.
    """
    first, states, lengths, kinds, _ = scanned
    of_kind = _split(kinds).dictionary_encode()
    names = of_kind.dictionary.to_pylist()
    sizes = _split(lengths).cast(pa.int32())
    ends = call_function("cumulative_sum", [sizes])
    is_whole = len(of_kind) == len(sizes) and ends[-1].as_py() == len(states)
    if not is_whole or not KINDS.keys() >= set(names):
        raise BookDamaged(_stranger(cursor, first))
    # Kind and length as one number, kinds in order of their names.
    ranks = sorted(range(len(names)), key=names.__getitem__)
    bases = pa.array([ranks.index(place) << _LENGTH_BITS for place in range(len(names))])
    group = call_function("add", [bases.take(of_kind.indices), sizes.cast(pa.int64())])
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    buffers = [None, offsets.buffers()[1], pa.py_buffer(states)]
    order = call_function("array_sort_indices", [group])  # stable: numbers stay in order
    sorted_ = pa.BinaryArray.from_buffers(pa.binary(), len(sizes), buffers).take(order)
    nos = call_function("add", [order.cast(pa.int64()), pa.scalar(first, pa.int64())])
    counts = {item["values"]: item["counts"] for item in group.value_counts().to_pylist()}
    data, begin, done = sorted_.buffers()[2], 0, 0
    for number in sorted(counts):
        count, length = counts[number], number & ((1 << _LENGTH_BITS) - 1)
        piece = [None, data.slice(begin, count * length)]
        alike = pa.FixedSizeBinaryArray.from_buffers(pa.binary(length), count, piece)
        yield names[ranks[number >> _LENGTH_BITS]], Alike(alike, nos.slice(done, count))
        begin, done = begin + count * length, done + count


def _split(text: str) -> pa.StringArray:
    """Return what stands between commas."""
    options = SplitPatternOptions(",")
    return call_function("split_pattern", [pa.array([text], pa.large_string())], options).values


def _stranger(cursor: sqlite3.Cursor, first: int) -> Problem:
    """Return what is wrong with an entry, from ``first`` on, that is no entry of the catalogue."""
    for no, kind, form in cursor.execute(_FORMS, (first,)):
        if kind not in KINDS:
            return Problem("damaged", value=no, detail=Problem("stored_kind_unknown", value=kind))
        if form != "blob":
            return Problem("damaged", value=no, detail=Problem("stored_form_differs"))
    return Problem("damaged", value=first, detail=Problem("stored_form_differs"))


def _table(kind: str, nos: pa.Array, scanned: Scan, columns: dict[str, pa.Array]) -> pa.Table:
    """Return the table of entries of one kind."""
    kinds = pa.repeat(pa.scalar(kind, pa.string()), len(nos))
    places = call_function("subtract", [nos, pa.scalar(scanned.first, pa.int64())])
    return pa.table({"no": nos, "kind": kinds} | scanned.when.columns(places) | columns)
