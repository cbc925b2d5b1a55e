"""Finds in the file of a workbook what its reader does not tell of single cells.

XLSX (ECMA-376): ``t="e"`` marks a cell whose formula failed; one with a formula and no value
was written by a program that does not compute, and never saved by one that does. The style
leads to the number format, which may show a day without its year, or a number in per cent.
For ODS see ``ods_marks.py``, for XLS ``xls_marks.py``: there every formula has a value.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.sax.saxutils import unescape

from ledger.exchange.marks import BUILT_IN, Marks, format_mark
from ledger.exchange.ods_marks import mark_ods
from ledger.exchange.xls_marks import OLE, mark_xls

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_CELL_END = re.compile(rb"</(?:\w+:)?c>")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ATTRIBUTE = re.compile(rb'\b(r|s|t)="([^"]*)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?>([^<]*)<|<(?:\w+:)?f\s[^<>]*/>")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s+ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\s[^<>]*\bhidden="(?:1|true)"')
_VAST = 50_000_000
_MOST_BYTES, _MOST_TIMES = 1 << 26, 200
"""What unpacks to more than 64 MiB and 200 times its size is no spreadsheet: those come to 50."""
_DAMAGED = (
    *(ET.ParseError, KeyError, zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError),
    *(RuntimeError, EOFError, zlib.error, lzma.LZMAError, IndexError),
)
"""What the libraries say of a file that is damaged, locked, or packed in a way of its own."""


def marks_of(data: bytes) -> Marks:
    """Return the marks of the cells of a file; raise ValueError where it is damaged."""
    marks = Marks({}, {}, {}, {})
    if data.startswith(OLE):
        mark_xls(data, marks)
    if not zipfile.is_zipfile(BytesIO(data)):
        return marks
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_packing(archive)
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                _of_xlsx(archive, names, marks)
            elif "content.xml" in names:
                mark_ods(archive, marks)
    except _DAMAGED as error:
        raise ValueError(str(error)) from error
    return marks


def _check_packing(archive: zipfile.ZipFile) -> None:
    for each in archive.infolist():
        if each.file_size > max(_MOST_BYTES, _MOST_TIMES * each.compress_size):
            raise ValueError(each.file_size)


def _of_xlsx(archive: zipfile.ZipFile, names: set[str], marks: Marks) -> None:
    styles = _styles(archive) if "xl/styles.xml" in names else {}
    for sheet, path in _sheets(archive):
        if path not in names:
            continue
        content = archive.read(path)
        found = _DIMENSION.search(content[:4_096])
        if found:
            marks.sizes[sheet] = (_column(found[1].decode()) + 1) * int(found[2])
        if marks.sizes.get(sheet, 0) > _VAST:
            marks.sizes[sheet] = _span(content)
        marks.hidden[sheet] = len(_HIDDEN.findall(content))
        if styles or b't="e"' in content or _FORMULA.search(content):
            marks.cells[sheet] = dict(_marked(content, styles))


def _tree(archive: zipfile.ZipFile, path: str) -> "ET.Element":
    return ET.fromstring(archive.read(path))  # noqa: S314 - expat bounds what entities grow to


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and its file in the archive."""
    relations = _tree(archive, "xl/_rels/workbook.xml.rels")
    targets = {
        item.get("Id", ""): item.get("Target", "")
        for item in relations.iter(f"{_RELATIONS}Relationship")
    }
    for sheet in _tree(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_ID, ""), "")
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        yield sheet.get("name", ""), path


def _styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the mark of each style that shows a day without its year, or per cent."""
    tree = _tree(archive, "xl/styles.xml")
    formats = dict(BUILT_IN)
    for item in tree.iter(f"{_MAIN}numFmt"):
        formats[int(item.get("numFmtId", "0"))] = item.get("formatCode", "")
    found = {}
    for styles in tree.iter(f"{_MAIN}cellXfs"):
        for place, style in enumerate(styles.iter(f"{_MAIN}xf")):
            mark = format_mark(formats.get(int(style.get("numFmtId", "0")), ""))
            if mark:
                found[str(place)] = mark
    return found


def _marked(
    content: bytes, styles: dict[str, str]
) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    """Yield place, mark and text of the cells of a sheet that are to be told."""
    for text, within in _each_cell(content):
        attributes = _attributes(text)
        value = _VALUE.search(within)
        if "r" not in attributes:
            continue
        kind = attributes.get("t", "n")
        mark = "error" if kind == "e" else styles.get(attributes.get("s", ""), "")
        if value and mark and kind in {"e", "n"}:
            yield _place(attributes["r"]), (mark, value[1].decode())
        elif not value and kind != "str" and (formula := _FORMULA.search(within)):
            written = unescape((formula[1] or b"").decode())
            yield _place(attributes["r"]), ("uncomputed", written)


def _each_cell(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the attributes of each cell of a sheet, and what is in it; each byte is read once."""
    place = 0
    while found := _CELL.search(content, place):
        place, within = found.end(), b""
        if not found[1].endswith(b"/"):
            end = _CELL_END.search(content, place)
            if end is None:
                return
            place, within = end.end(), content[place : end.start()]
        yield found[1], within


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(text)}


def _place(reference: str) -> tuple[int, int]:
    """Return row and column, counted from 0, of ``B5``."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise ValueError(reference)
    return int(found[2]) - 1, _column(found[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _span(content: bytes) -> int:
    """Return how many cells lie between the first and the last that holds something."""
    cells = _each_cell(content)
    places = [_place(_attributes(text)["r"]) for text, within in cells if within]
    if not places:
        return 0
    return (max(row for row, _ in places) + 1) * (max(column for _, column in places) + 1)
