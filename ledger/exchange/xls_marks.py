"""Finds in an XLS file what its reader does not tell of single cells.

An XLS file is a small file system (MS-CFB) in which the stream ``Workbook`` is a row of
records (MS-XLS): each has a type, a length, and its data. What begins with row, column and
style is a cell; the style leads to the number format.
"""

import struct
from collections.abc import Iterator

from ledger.exchange.marks import BUILT_IN, ERRORS, Marks, format_mark

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How such a file begins."""
_ENTRY_BYTES = 128
_LAST_SECTOR, _END_OF_CHAIN = 0xFFFF_FFF0, 0xFFFF_FFFE
"""Numbers from here on end a chain of sectors."""
_SECTORS_IN_HEADER = 109
_SHIFTS, _SMALL_SHIFT = {9, 12}, 6
"""Sectors of 512 or 4,096 bytes, small ones of 64 (MS-CFB 2.2)."""
_BOUND_SHEET, _FORMAT, _STYLE, _END = 0x85, 0x41E, 0xE0, 0x0A
_FORMULA, _NUMBER, _RK, _RKS, _ERROR = 0x06, 0x203, 0x27E, 0xBD, 0x205
_BLANKS = 0xBE
_PLACED = frozenset({*(_FORMULA, _NUMBER, _RK, _RKS, _ERROR, _BLANKS), 0xD6, 0xFD, 0x201, 0x204})
"""Records that begin with a row and a column; the last four are texts and a blank."""
_BYTES_A_CELL = {_RKS: 6, _BLANKS: 2}
"""Of records with several cells beside each other."""
_COLUMNS = 256
"""More no sheet of this format has (MS-XLS, 2.5.10)."""
_WIDE = 1
"""Of the flags of a text: two bytes a character."""


def mark_xls(data: bytes, marks: Marks) -> None:
    """Add the marks of the cells of an XLS file; raise ValueError where it is damaged."""
    try:
        stream = _workbook(data)
        formats, styles, sheets = _globals(stream)
        found = [format_mark(formats.get(style, "")) for style in styles]
        starts = sorted({start for _, start in sheets})
        # Each ends where the next begins, whatever its records say.
        ends = dict(zip(starts, [*starts[1:], len(stream)], strict=True))
        for name, start in {start: (name, start) for name, start in sheets}.values():
            marks.cells[name] = dict(_cells(stream[start : ends[start]], found))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def _workbook(data: bytes) -> bytes:
    """Return the stream of the workbook; empty where there is none, as in older formats."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in _SHIFTS or small_shift != _SMALL_SHIFT:
        raise ValueError(shift, small_shift)
    directory, _, least, small_table = struct.unpack_from("<IIII", data, 48)
    listed = list(struct.unpack_from(f"<{_SECTORS_IN_HEADER}I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    per_sector = (1 << shift) // 4
    while more < _LAST_SECTOR:
        found = struct.unpack_from(f"<{per_sector}I", data, (more + 1) << shift)
        listed += found[:-1]
        more = found[-1]
        if len(listed) > len(data):
            raise ValueError(more)
    table: list[int] = []
    for sector in listed:
        if sector < _LAST_SECTOR:
            table += struct.unpack_from(f"<{per_sector}I", data, (sector + 1) << shift)
    body = data[1 << shift :]
    entries = _chain(body, table, directory, shift)
    begin, has_small = struct.unpack_from("<I", entries, 116)[0], small_table < _LAST_SECTOR
    root = _chain(body, table, begin, shift) if begin < _LAST_SECTOR else b""
    small = _chain(body, table, small_table, shift) if has_small else b""
    for place in range(0, len(entries), _ENTRY_BYTES):
        entry = entries[place : place + _ENTRY_BYTES]
        name = entry[:64].decode("utf-16-le").partition("\0")[0]
        if name in {"Workbook", "Book"}:
            start, size = struct.unpack_from("<II", entry, 116)
            if size >= least:
                return _chain(body, table, start, shift)[:size]
            links = list(struct.unpack(f"<{len(small) // 4}I", small))
            return _chain(root, links, start, small_shift)[:size]
    return b""


def _chain(body: bytes, table: list[int], start: int, shift: int) -> bytes:
    """Return the sectors of a chain, one after another; raise ValueError if it never ends.

    The reader of the sheets would follow it until there is no memory left, and end the program.
    """
    parts: list[bytes] = []
    sector, most = start, len(body) >> shift
    while sector != _END_OF_CHAIN:
        if sector > most or len(parts) > most:
            raise ValueError(sector)
        parts.append(body[sector << shift : (sector + 1) << shift])
        sector = table[sector]
    return b"".join(parts)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and data of each record, up to the end of its part."""
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        if kind == _END:
            return
        place += 4 + size


def _globals(stream: bytes) -> tuple[dict[int, str], list[int], list[tuple[str, int]]]:
    """Return number formats, the format of each style, and name and place of each sheet."""
    formats, styles = dict(BUILT_IN), []
    sheets: list[tuple[str, int]] = []
    for kind, data in _records(stream):
        if kind == _BOUND_SHEET:
            sheets.append((_text(data[7:], data[6]), struct.unpack_from("<I", data)[0]))
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", data)
            formats[number] = _text(data[4:], length)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", data, 2)[0])
    return formats, styles, sheets


def _text(data: bytes, length: int) -> str:
    if data[0] & _WIDE:
        return data[1 : 1 + 2 * length].decode("utf-16-le")
    return data[1 : 1 + length].decode("latin-1")


def _cells(stream: bytes, styles: list[str]) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    """Yield place, mark and text of the cells of a sheet that are to be told."""
    for kind, data in _records(stream):
        if kind in _PLACED and _last_column(kind, data) >= _COLUMNS:
            raise ValueError(kind)  # the reader would make room for sixty thousand a row
        if kind in {_FORMULA, _NUMBER, _RK, _ERROR}:
            row, column, style = struct.unpack_from("<HHH", data)
            error = _error(kind, data)
            if error:
                yield (row, column), ("error", error)
            elif kind != _ERROR and styles[style]:
                yield (row, column), (styles[style], "")
        elif kind == _RKS:
            row, first = struct.unpack_from("<HH", data)
            for place in range((len(data) - 6) // 6):
                style = struct.unpack_from("<H", data, 4 + 6 * place)[0]
                if styles[style]:
                    yield (row, first + place), (styles[style], "")


def _last_column(kind: int, data: bytes) -> int:
    """Return the column, counted from 0, of the last cell of a record."""
    first: int = struct.unpack_from("<HH", data)[1]
    size = _BYTES_A_CELL.get(kind)
    return first if size is None else first + max((len(data) - 6) // size - 1, 0)


def _error(kind: int, data: bytes) -> str:
    """Return what a cell shows whose formula failed, else nothing."""
    if kind == _ERROR and data[7]:
        return ERRORS.get(data[6], "#?")
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:  # noqa: PLR2004 - an error
        return ERRORS.get(data[8], "#?")
    return ""
