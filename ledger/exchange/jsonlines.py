"""JSON Lines, the exchange format: one entry a line, the catalogue's field names.

Nearly every line is decoded in one step into its typed record. Only a line that does not
fit takes the second way: it is read as plain values, rewritten where a looser reading is
allowed (``lenient.py``), and else told what is wrong with it (``diagnosis.py``).
"""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from operator import methodcaller
from typing import Any, Union

import msgspec

from ledger.catalogue import ENVELOPE, KINDS, Entry, fields_of, kind_of, own_fields
from ledger.errors import Problem
from ledger.exchange.diagnosis import wrong_in
from ledger.exchange.lenient import is_loose, may_be_loose, rewritten
from ledger.recording.numbering import Line
from ledger.similar import similar

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_COMMON = tuple(field.name for field in fields_of(Entry))
_ENCODER = msgspec.json.Encoder()


@cache
def _decoder(kind: str | None) -> "msgspec.json.Decoder[Entry]":
    one = KINDS.get(kind or "")
    return msgspec.json.Decoder(one or Union[tuple(KINDS.values())])  # noqa: UP007 - at run time


def read_lines(
    stream: Iterable[bytes], file_name: str, kind: str | None = None
) -> tuple[list[Line], list[Problem]]:
    """Return the entries of a few lines, of ``kind`` if given, and what is wrong with others."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for found in each_line(stream, file_name, kind=kind):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            lines.append(found)
    return lines, problems


def each_line(
    stream: Iterable[bytes], file_name: str, first_row: int = 1, kind: str | None = None
) -> Iterator[Line | Problem]:
    """Yield the entries of a file, and what is wrong with its other lines.

    ``stream`` yields its lines as bytes, such as a file opened for binary reading. Every
    line and every problem has its place, ``file_name:row``. A byte order mark, blank lines
    and Windows line ends are tolerated. With ``kind`` the decoder of that kind alone is made,
    which a single entry need not wait for.
    """
    decode = _decoder(kind).decode
    for row, raw in enumerate(stream, first_row):
        text = raw.removeprefix(_BYTE_ORDER_MARK) if row == 1 else raw
        text = text.strip(_BLANK)
        if not text:
            continue
        place = f"{file_name}:{row}"
        try:
            entry = decode(text)
            written = _ENCODER.encode(entry)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            yield from _read_slowly(text, place, row)
            continue
        if b"\\" in text or _drops(text, written) or is_loose(entry):
            yield from _read_slowly(text, place, row)
        else:
            yield Line(entry, place, None, row)


_COLONS = methodcaller("count", b":")


def _drops(text: bytes, written: bytes) -> bool:
    """Return whether a value of a line may be missing from what was read of it.

    The decoder keeps the last of two values of a key silently. What it kept has as many
    colons as the line unless something was dropped, or was written in another way.
    """
    return text.count(b":") != written.count(b":")


def read_at_once(block: bytes) -> tuple[list[Any], bytes] | None:
    """Return the entries of some lines, and them written as lines again.

    As ``each_line`` reads them, in a third of the time: an entry for every line. None where
    any of them must be looked at by itself.
    """
    if b"\\" in block:
        return None
    try:
        entries = _decoder(None).decode_lines(block)
        written = _ENCODER.encode_lines(entries)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    texts = block.removesuffix(b"\n").split(b"\n")
    if (
        len(texts) != len(entries)
        or [*map(_COLONS, texts)] != [*map(_COLONS, written.split(b"\n"))][:-1]
    ):
        return None
    if may_be_loose({*map(type, entries)}) and any(map(is_loose, entries)):
        return None
    return entries, written


def _read_slowly(text: bytes, place: str, row: int) -> Iterator[Line | Problem]:
    """Yield the entry of a line by plain values, or what is wrong with it."""
    try:
        values = _values(text)
        kind = _kind(values)
    except Problem as problem:
        yield problem.at(place)
        return
    values = rewritten(kind, values)
    try:
        yield Line(msgspec.convert(values, KINDS[kind]), place, None, row)
    except (msgspec.ValidationError, RecursionError) as error:
        for wrong in wrong_in(kind, values) or [_bad_json("wants_json", value=str(error))]:
            yield wrong.at(place)


def _bad_json(reason: str, **values: Any) -> Problem:
    return Problem("bad_json", detail=Problem(reason, **values))


def _values(text: bytes) -> dict[str, Any]:
    """Return the object on a line; raise bad_json."""
    try:
        values = json.loads(
            text.decode(),
            object_pairs_hook=_each_once,
            parse_float=Decimal,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError:
        raise _bad_json("wants_utf8") from None
    except (ValueError, RecursionError, ArithmeticError) as error:  # of Decimal the last
        raise _bad_json("wants_json", value=str(error)) from error
    if not isinstance(values, dict):
        raise _bad_json("wants_object")
    return values


def _kind(values: dict[str, Any]) -> str:
    kind = values.get("kind")
    if kind is None:
        raise Problem("missing_field", kind="entry", field="kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Problem("unknown_kind", value=kind, suggestion=similar(str(kind), KINDS))
    return kind


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _bad_json("wants_keys_once", value=name)
            seen.add(name)
    return found


def _no_constant(name: str) -> Any:
    raise _bad_json("wants_json", value=name)


@cache
def _order(kind: str) -> tuple[str, ...]:
    own = [field.name for field in own_fields(kind)]
    first = ("no", "kind", "effective_on", *ENVELOPE[1:])
    return (*first, *own, *(name for name in _COMMON if name not in first))


def entry_values(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain values by the catalogue's names, in the order of export.

    Dates are ISO text, moments RFC 3339 in UTC, decimals text; what is not given is left out.
    """
    values: dict[str, Any] = msgspec.to_builtins(entry)
    return {name: values[name] for name in _order(kind_of(entry)) if name in values}


def entry_json(entry: Entry) -> bytes:
    """Return an entry as one line of JSON, UTF-8, without the line end."""
    return _ENCODER.encode(entry_values(entry))
