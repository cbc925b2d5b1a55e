"""Rows of the log as SQLite hands them over, many at once, and in groups that look alike.

SQLite joins all states into one blob, and Arrow puts those of a kind and a length together:
no Python object for any of them.
"""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

import pyarrow as pa
from pyarrow.compute import SplitPatternOptions, call_function

from ledger.catalogue import KINDS
from ledger.errors import BookDamaged, Problem
from projections import recorded
from projections.shapes import Alike

# group_concat joins blobs byte by byte; the cast keeps them from being read as text. All
# three are in the order of the scan, which is that of the numbers.
_SCAN = """
SELECT count(*), CAST(group_concat(state, '') AS BLOB), group_concat(length(state)),
       group_concat(topic),
       count(CASE WHEN commit_no = ? AND recorded_at = ? AND operator = ? THEN 1 END)
  FROM stored_events WHERE no BETWEEN ? AND ?
"""
_FORMS = "SELECT no, topic, typeof(state) FROM stored_events WHERE no >= ? ORDER BY no"
_MOST_BYTES = 1 << 28
"""Of all the states of a scan: usually a tenth of it, and no forged one makes it more."""
_PAGES_KEPT = 256
"""By SQLite while it scans. More would be fresh memory, which costs a fifteenth of a replay."""
_LENGTH_BITS = 32
CHUNK_ENTRIES = 125_000
"""How many entries are decoded at once: about 25 MB of columns. Fewer cost more steps, more
ask the system for fresh memory again and again."""


class Scan(NamedTuple):
    """Rows of the log."""

    first: int
    groups: list[tuple[str, Alike]]
    """The states of each kind and length, in order."""
    when: recorded.Recorded


def scan(cursor: sqlite3.Cursor, first: int, last: int) -> list[Scan]:
    """Return the rows from ``first`` to ``last``; SQLite and Arrow do it without Python.

    More than one piece when the bytes are more than _MOST_BYTES. Raises BookDamaged when a
    row is missing, not in the order of the commits, of a kind that the catalogue does not
    have, or when its state is text.
    """
    known = recorded.first_of(cursor, first)
    try:
        with _in_bulk(cursor.connection):
            count, states, lengths, kinds, alike = cursor.execute(
                _SCAN, (*known, first, last)
            ).fetchone()
    except sqlite3.DataError:
        if first == last:
            raise
        middle = (first + last) // 2
        return [*scan(cursor, first, middle), *scan(cursor, middle + 1, last)]
    try:
        if count == alike == last - first + 1:
            when = recorded.of_all(*known)
        else:
            when = recorded.of_each(cursor, first, last)
    except (TypeError, ValueError, OverflowError) as error:  # of values of other types
        detail = Problem("stored_unreadable", value=str(error))
        raise BookDamaged(Problem("book_damaged", detail=detail)) from error
    groups = grouped(first, states, lengths, kinds)
    if groups is None:
        raise BookDamaged(_stranger(cursor, first))
    return [Scan(first, groups, when)]


def scanned(cursor: sqlite3.Cursor, first: int, last: int) -> Iterator[tuple[int, int, list[Scan]]]:
    """Yield first and last number of a span and its rows, as ``scan`` returns them, in order.

    The next ones are read while these are dealt with. Spans are made one by one: a forged
    book may claim any number of entries, and has a gap in one of the first.
    """

    def rows(begin: int, end: int) -> tuple[int, int, list[Scan]]:
        return begin, end, scan(cursor, begin, end)

    ahead: Future[tuple[int, int, list[Scan]]] | None = None
    with ThreadPoolExecutor(1) as reader:
        for span in _spans(first, last):
            behind, ahead = ahead, reader.submit(rows, *span)
            if behind:
                yield behind.result()
        if ahead:
            yield ahead.result()


def _spans(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield first and last number of what is decoded at once, shorter ones at both ends.

    While the first is read nothing can be decoded, and while the last is written nothing is.
    """
    begin, most = first, CHUNK_ENTRIES // 2
    while begin <= last:
        left = last - begin + 1
        count = min(left, most, max(CHUNK_ENTRIES // 2, left // 2))
        yield begin, begin + count - 1
        begin, most = begin + count, CHUNK_ENTRIES


@contextmanager
def _in_bulk(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a value be as long as a scan's, and few pages be kept: each is needed once."""
    before = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    (kept,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute(f"PRAGMA cache_size = {_PAGES_KEPT}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {kept}")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def grouped(first: int, states: bytes, lengths: str, kinds: str) -> list[tuple[str, Alike]] | None:
    """Return the states of each kind and length with their numbers, in order.

    ``states`` stand one after the other from number ``first`` on, the length and the kind of
    each with commas between. None where these do not fit, or the catalogue lacks a kind.
    """
    of_kind = _split(kinds).dictionary_encode()
    names = of_kind.dictionary.to_pylist()
    sizes = _split(lengths).cast(pa.int32())
    ends = call_function("cumulative_sum", [sizes])
    is_whole = len(of_kind) == len(sizes) and ends[-1].as_py() == len(states)
    if not is_whole or not KINDS.keys() >= set(names):
        return None
    # Kind and length as one number, kinds in order of their names; then the places of these
    # numbers among each other, which are so small that they are counted, not compared.
    ranks = sorted(range(len(names)), key=names.__getitem__)
    bases = pa.array([ranks.index(place) << _LENGTH_BITS for place in range(len(names))])
    number = call_function("add", [bases.take(of_kind.indices), sizes.cast(pa.int64())])
    numbers = number.dictionary_encode()
    group = call_function("rank", [numbers.dictionary]).take(numbers.indices)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    buffers = [None, offsets.buffers()[1], pa.py_buffer(states)]
    order = call_function("array_sort_indices", [group])  # stable: numbers stay in order
    sorted_ = pa.BinaryArray.from_buffers(pa.binary(), len(sizes), buffers).take(order)
    nos = call_function("add", [order.cast(pa.int64()), pa.scalar(first, pa.int64())])
    counts = {item["values"]: item["counts"] for item in number.value_counts().to_pylist()}
    data, begin, done = sorted_.buffers()[2], 0, 0
    groups = []
    for found in sorted(counts):
        count, length = counts[found], found & ((1 << _LENGTH_BITS) - 1)
        piece = [None, data.slice(begin, count * length)]
        alike = pa.FixedSizeBinaryArray.from_buffers(pa.binary(length), count, piece)
        kind = names[ranks[found >> _LENGTH_BITS]]
        groups.append((kind, Alike(alike, nos.slice(done, count))))
        begin, done = begin + count * length, done + count
    return groups


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
