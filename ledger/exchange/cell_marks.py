"""Finds in the file of a workbook what its reader does not tell of single cells.

XLSX (ECMA-376): ``t="e"`` marks a cell whose formula failed; its style leads to the number
format, which may show a day without its year, or a number in per cent. For ODS see
``ods_marks.py``, for XLS ``xls_marks.py``.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from ledger.exchange.marks import BUILT_IN, Marks, format_mark
from ledger.exchange.ods_marks import mark_ods
from ledger.exchange.xls_marks import OLE, mark_xls

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb'\b(r|s|t)="([^"]*)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\s+ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_VAST = 50_000_000


def marks_of(data: bytes) -> Marks:
    """Return the marks of the cells of a file; raise ValueError where it is damaged."""
    marks = Marks({}, {}, {})
    if data.startswith(OLE):
        mark_xls(data, marks)
    if not zipfile.is_zipfile(BytesIO(data)):
        return marks
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        try:
            if "xl/workbook.xml" in names:
                _of_xlsx(archive, names, marks)
            elif "content.xml" in names:
                mark_ods(archive, marks)
        except (ET.ParseError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
            raise ValueError(str(error)) from error
    return marks


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
        if styles or b't="e"' in content:
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
    for found in _CELL.finditer(content):
        attributes = _attributes(found[1])
        value = _VALUE.search(found[2] or b"")
        mark = "error" if attributes.get("t") == "e" else styles.get(attributes.get("s", ""), "")
        is_told = mark == "error" or attributes.get("t", "n") == "n"
        if mark and value and is_told and "r" in attributes:
            yield _place(attributes["r"]), (mark, value[1].decode())


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(text)}


def _place(reference: str) -> tuple[int, int]:
    """Return row and column, counted from 0, of ``B5``."""
    column = reference.rstrip("0123456789")
    return int(reference[len(column) :]) - 1, _column(column)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _span(content: bytes) -> int:
    """Return how many cells lie between the first and the last that holds something."""
    places = [_place(_attributes(found[1])["r"]) for found in _CELL.finditer(content) if found[2]]
    if not places:
        return 0
    return (max(row for row, _ in places) + 1) * (max(column for _, column in places) + 1)
