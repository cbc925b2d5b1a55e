"""States of one shape, decoded all at once.

Most states of a kind differ in nothing but the values: the same fields in the same order,
each value as long as the next one's. Such states, one after the other, are a table of bytes:
all but the values is compared with the first of them, and each column is cut out as a whole.
No state is trusted to have the shape of another; what differs is left over.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
from pyarrow.compute import SliceOptions, call_function

from projections.columns import Column, Part

LEAST_STATES = 400
"""So many states are worth a shape."""
_WORTH_GOING_ON = 8
"""A shape that fits fewer than one in so many is the last that is tried."""
_DATE_BYTES = 10
_FIRST_DAY = -719_162
"""1 January of the year 1, in days since 1970; Arrow would read a year 0, too."""

# First bytes of msgpack values (github.com/msgpack/msgpack, "Formats").
_NOTHING, _FALSE, _TRUE = 0xC0, 0xC2, 0xC3
_SMALL = 0x80
"""What is less is a number by itself; from here on come short maps, arrays and texts."""
_SHORT_TEXT = 0xA0
_NUMBER_BYTES = {0xCC: 1, 0xCD: 2}
_BLOB_LENGTH_BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4}
_TEXT_LENGTH_BYTES = {0xD9: 1, 0xDA: 2}


class _Irregular(Exception):
    """A state that is not read by its shape."""


class _Value(NamedTuple):
    """Where the bytes of a value are in a state; of text and numbers without their head."""

    column: Column
    begin: int
    end: int
    limits: tuple[int, int] | None
    """What a single byte must lie between, to be a value of its form."""


class _Shape:
    """Which bytes of a state, and of all that are like it, are values.

    Raises _Irregular, or IndexError, for a state that is not as the log's are, or that has
    what is too rare to be looked at here.
    """

    def __init__(self, state: bytes, parts: Mapping[str, Part]) -> None:
        self.values: list[_Value] = []
        self._state = state
        self._free: list[tuple[int, int]] = []
        """The bytes that may differ, in order."""
        if self._map(0, parts) != len(state):
            raise _Irregular

    def fixed(self) -> Iterator[tuple[int, bytes]]:
        """Yield the stretches that all states of this shape share, each with its place."""
        done = 0
        for begin, end in [*self._free, (len(self._state), 0)]:
            if begin > done:
                yield done, self._state[done:begin]
            done = end

    def _map(self, at: int, parts: Mapping[str, Part]) -> int:
        """Go through the map at ``at``; return where it ends."""
        if self._state[at] & 0xF0 != _SMALL:
            raise _Irregular
        seen: set[str] = set()
        count, at = self._state[at] & 0x0F, at + 1
        for _ in range(count):
            begin, at = self._text(at)
            name = self._state[begin:at].decode()
            if name in seen:
                raise _Irregular
            seen.add(name)
            part = parts.get(name)
            if part is None:
                at = self._end(at)
            elif self._state[at] == _NOTHING:
                at += 1
            elif part.column:
                at = self._value(at, part.column)
            else:
                at = self._map(at, part.parts)
        return at

    def _value(self, at: int, column: Column) -> int:
        """Note where the value at ``at`` is; return where it ends."""
        first, begin, end, limits = self._state[at], at, at + 1, None
        if column.form in {"text", "date"}:
            begin, end = self._text(at)
            if column.form == "date" and end - begin != _DATE_BYTES:
                raise _Irregular
        elif column.form == "json":
            already = len(self._free)
            end = self._end(at)
            del self._free[already:]
        elif column.form == "integer" and first in _NUMBER_BYTES:
            begin, end = at + 1, at + 1 + _NUMBER_BYTES[first]
        else:
            limits = (_FALSE, _TRUE) if column.form == "truth" else (0, _SMALL - 1)
            if not limits[0] <= first <= limits[1]:
                raise _Irregular
        self.values.append(_Value(column, begin, end, limits))
        self._free.append((begin, end))
        return end

    def _text(self, at: int) -> tuple[int, int]:
        """Return where the bytes of the text at ``at`` begin and end."""
        first = self._state[at]
        if first & 0xE0 == _SHORT_TEXT:
            return at + 1, at + 1 + (first & 0x1F)
        return self._long(at, _TEXT_LENGTH_BYTES)

    def _long(self, at: int, length_bytes: Mapping[int, int]) -> tuple[int, int]:
        begin = at + 1 + length_bytes.get(self._state[at], 0)
        if begin == at + 1:
            raise _Irregular
        return begin, begin + int.from_bytes(self._state[at + 1 : begin], "big")

    def _end(self, at: int) -> int:
        """Return where a value that has no column ends; what is sealed in it may differ."""
        first = self._state[at]
        if first < _SMALL or first in {_NOTHING, _FALSE, _TRUE}:
            return at + 1
        if first in _BLOB_LENGTH_BYTES:
            begin, end = self._long(at, _BLOB_LENGTH_BYTES)
            self._free.append((begin, end))
            return end
        if first & 0xE0 == _SMALL:  # a map, or an array
            items = (first & 0x0F) * (2 if first & 0xF0 == _SMALL else 1)
            at += 1
            for _ in range(items):
                at = self._end(at)
            return at
        return self._text(at)[1]


class Alike(NamedTuple):
    """States of one kind and length, one after the other, and their numbers."""

    states: pa.FixedSizeBinaryArray
    nos: pa.Int64Array

    def only(self, which: pa.BooleanArray) -> "Alike":
        """Return some of them."""
        return Alike(self.states.filter(which), self.nos.filter(which))

    def states_bytes(self) -> bytes:
        """Return the bytes of all states."""
        width = self.states.type.byte_width
        buffer = self.states.buffers()[1]
        begin = self.states.offset * width
        data: bytes = buffer.slice(begin, len(self.states) * width).to_pybytes()
        return data


class Decoded(NamedTuple):
    """What was decoded of some entries: their numbers, and their columns by name."""

    nos: pa.Int64Array
    columns: dict[str, pa.Array]


def decoded(
    rows: Alike, parts: Mapping[str, Part], json_text: Callable[[Any], str | None]
) -> tuple[list[Decoded], Alike]:
    """Return the columns of states of one kind, shape by shape, and the rows left over.

    What is left over may be as good as the rest, only not so many of a shape, or damaged.
    ``json_text`` makes text of a map, a list or an amount.
    """
    found: list[Decoded] = []
    while len(rows.nos) >= LEAST_STATES:
        try:
            shape = _Shape(rows.states[0].as_py(), parts)
            like = _like(rows.states, shape)
            count = like.true_count
            if count * _WORTH_GOING_ON < len(rows.nos):
                break
            fitting = rows.only(like) if count < len(rows.nos) else rows
            found.append(Decoded(fitting.nos, _cut(fitting.states, shape, json_text)))
        except (_Irregular, IndexError, ValueError, msgspec.DecodeError):
            break
        rows = rows.only(call_function("invert", [like]))
    return found, rows


def _like(states: pa.FixedSizeBinaryArray, shape: _Shape) -> pa.BooleanArray:
    """Return which of the states have the shape."""
    checks = []
    for at, stretch in shape.fixed():
        here = _slice(states, at, at + len(stretch))
        checks.append(call_function("equal", [here, pa.scalar(stretch, here.type)]))
    for value in shape.values:
        if value.limits:
            byte = _byte(states, value.begin)
            for comparison, limit in zip(
                ("greater_equal", "less_equal"), value.limits, strict=True
            ):
                checks.append(call_function(comparison, [byte, pa.scalar(limit, pa.uint8())]))
    like = checks[0]
    for check in checks[1:]:
        like = call_function("and", [like, check])
    return like


def _slice(states: pa.FixedSizeBinaryArray, begin: int, end: int) -> pa.FixedSizeBinaryArray:
    return call_function("binary_slice", [states], SliceOptions(begin, end))


def _byte(states: pa.FixedSizeBinaryArray, at: int) -> pa.UInt8Array:
    """Return one byte of each state as a number."""
    return _slice(states, at, at + 1).view(pa.uint8())


def _cut(
    states: pa.FixedSizeBinaryArray, shape: _Shape, json_text: Callable[[Any], str | None]
) -> dict[str, pa.Array]:
    """Return the columns of states that all have the shape.

    Raises ValueError, DecodeError or _Irregular when a value is not one of its form after all.
    """
    columns: dict[str, pa.Array] = {}
    for column, begin, end, _ in shape.values:
        if column.form == "truth":
            true = pa.scalar(_TRUE, pa.uint8())
            columns[column.name] = call_function("equal", [_byte(states, begin), true])
        elif column.form == "integer":
            columns[column.name] = _number(states, begin, end)
        elif column.form == "json":
            columns[column.name] = _texts(_slice(states, begin, end), json_text)
        else:
            text = _slice(states, begin, end).cast(pa.string())
            columns[column.name] = days(text) if column.form == "date" else text
    return columns


def _number(states: pa.FixedSizeBinaryArray, begin: int, end: int) -> pa.Int64Array:
    """Return a number of some bytes, the first of which weighs most."""
    number = _byte(states, begin).cast(pa.int64())
    for at in range(begin + 1, end):
        high = call_function("multiply", [number, pa.scalar(256, pa.int64())])
        number = call_function("add", [high, _byte(states, at).cast(pa.int64())])
    return number


def days(texts: pa.StringArray) -> pa.Date32Array:
    """Return dates of their ISO texts, at least one; raise ValueError where one is no date."""
    found = texts.cast(pa.date32())
    if call_function("min", [found.view(pa.int32())]).as_py() < _FIRST_DAY:
        message = "a day before the year 1"
        raise ValueError(message)
    return found


def _texts(
    values: pa.FixedSizeBinaryArray, json_text: Callable[[Any], str | None]
) -> pa.StringArray:
    """Return maps, lists and amounts as text; each that occurs is decoded once."""
    encoded = values.dictionary_encode()
    decode = msgspec.msgpack.decode
    texts = [json_text(decode(value)) for value in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)
