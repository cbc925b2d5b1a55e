"""Writes minimal XLS files (BIFF8 in a compound file), for which there is no library."""

import struct
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.workbooks import Formula, Shown

_SECTOR_BYTES = 512
_LEAST_BYTES = 4096
"""Streams shorter than this would be kept in sectors of their own."""
_FREE, _END_OF_CHAIN, _TABLE_SECTOR = 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFD
_CODES = {"#N/A": 0x2A, "#REF!": 0x17, "#DIV/0!": 0x07}
_FIRST_DAY = date(1899, 12, 30)


def xls(path: Path, name: str, rows: Iterable[Sequence[Any]]) -> Path:
    """Write one sheet; ``Shown`` has a number format, ``Formula`` a failed result."""
    cells = [
        (row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    ]
    given = [value.form for _, _, value in cells if isinstance(value, Shown)]
    forms = ["General", "dd/mm/yyyy", *given]
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    for number, form in enumerate(forms):
        head += _record(0x41E, struct.pack("<HH", 164 + number, len(form)) + _text(form))
    for number in range(len(forms)):
        head += _record(0xE0, struct.pack("<HH", 0, 164 + number) + bytes(16))
    place = len(head) + 4 + 7 + 1 + 2 * len(name) + 4
    head += _record(0x85, struct.pack("<IHB", place, 0, len(name)) + _text(name))
    head += _record(0x0A, b"")
    assert len(head) == place
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, column, value in cells:
        body += _cell(row, column, value, forms)
    path.write_bytes(_compound(head + body + _record(0x0A, b"")))
    return path


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str) -> bytes:
    return b"\x01" + text.encode("utf-16-le")


def _cell(row: int, column: int, value: Any, forms: Sequence[str]) -> bytes:
    style = 0
    if isinstance(value, Shown):
        style, value = forms.index(value.form), value.value
    elif isinstance(value, date):
        style = 1
    if isinstance(value, date):
        value = (value - _FIRST_DAY).days
    place = struct.pack("<HHH", row, column, style)
    if isinstance(value, Formula):
        result = struct.pack("<BBBBBBH", 2, 0, _CODES[value.result], 0, 0, 0, 0xFFFF)
        return _record(0x06, place + result + bytes(8))
    if isinstance(value, str):
        return _record(0x204, place + struct.pack("<H", len(value)) + _text(value))
    return _record(0x203, place + struct.pack("<d", value))


def _compound(stream: bytes) -> bytes:
    """Return a compound file that holds the stream ``Workbook`` alone."""
    size = max(len(stream), _LEAST_BYTES)
    sectors = -(-size // _SECTOR_BYTES)
    chain = [*range(3, 2 + sectors), _END_OF_CHAIN]
    table = [_TABLE_SECTOR, _END_OF_CHAIN, *chain]
    table += [_FREE] * (_SECTOR_BYTES // 4 - len(table))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIII", 0, 1, 1, 0, _LEAST_BYTES)
    header += struct.pack("<IIII", _END_OF_CHAIN, 0, _END_OF_CHAIN, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    directory = _entry("Root Entry", 5, 1, _END_OF_CHAIN, 0)
    directory += _entry("Workbook", 2, _FREE, 2, size) + bytes(256)
    return b"".join(
        [
            header,
            struct.pack("<128I", *table),
            directory,
            stream.ljust(sectors * _SECTOR_BYTES, b"\0"),
        ]
    )


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    entry += struct.pack("<III", _FREE, _FREE, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)
