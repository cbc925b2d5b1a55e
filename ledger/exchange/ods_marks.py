"""Finds in an ODS file what its reader does not tell of single cells (OpenDocument 1.3, part 3).

The content names repeated rows and cells once, with how many there are; a merged cell says
over how many rows and columns it goes. Beside each value stands the text that is shown.
"""

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from ledger.exchange.marks import SHOWS, Cells, Marks

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_EXTENDED = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_DAY = re.compile(r"(\d{1,4})-(\d\d)-(\d\d)", re.ASCII)
_WORD = re.compile(r"[^\W\d_]{3}")
_FAILED = re.compile(r"#[A-Z]+[A-Z0-9/]*[!?]?|Err:\d+")
_VALUES = [f"{_OFFICE}{name}" for name in ("value", "date-value", "time-value", "boolean-value")]
_MOST_REPEATED = 10_000
"""Rows and cells repeated more often than this are the empty rest of the sheet."""
_MOST_MARKS = 2_000_000
"""A few cells, each repeated, could ask for hundreds of millions."""


def mark_ods(archive: zipfile.ZipFile, marks: Marks) -> None:
    """Add the marks of the cells of an ODS file. Raises ET.ParseError, ValueError."""
    with archive.open("content.xml") as stream:
        found: Cells = {}
        merged: list[tuple[int, int, int, int]] = []
        row, name = 0, ""
        for event, item in ET.iterparse(stream, ("start", "end")):  # noqa: S314 - expat bounds it
            if item.tag == f"{_TABLE}table" and event == "start":
                found, merged, row = {}, [], 0
                name = item.get(f"{_TABLE}name", "")
                marks.cells[name], marks.merged[name] = found, merged
                marks.hidden[name] = 0
            elif item.tag == f"{_TABLE}table-row" and event == "end":
                repeated = _number(item, "number-rows-repeated")
                if item.get(f"{_TABLE}visibility", "visible") != "visible":
                    marks.hidden[name] += min(repeated, _MOST_REPEATED)
                for each in range(row, row + min(repeated, _MOST_REPEATED)):
                    _row(item, each, found, merged)
                row += repeated
                item.clear()


def _row(item: ET.Element, row: int, found: Cells, merged: list[tuple[int, int, int, int]]) -> None:
    column = 0
    for cell in item:
        repeated = _number(cell, "number-columns-repeated")
        mark = _mark(cell)
        if mark is not None:
            for place in range(column, column + min(repeated, _MOST_REPEATED)):
                found[row, place] = mark
            if len(found) > _MOST_MARKS:
                raise ValueError(len(found))
        rows, columns = (
            _number(cell, "number-rows-spanned"),
            _number(cell, "number-columns-spanned"),
        )
        if rows > 1 or columns > 1:
            merged.append((row, column, row + rows - 1, column + columns - 1))
            if len(merged) > _MOST_MARKS:
                raise ValueError(len(merged))
        column += repeated


def _number(item: ET.Element, name: str) -> int:
    number = int(item.get(f"{_TABLE}{name}", "1"))
    if number < 1:
        raise ValueError(number)
    return number


def _mark(cell: ET.Element) -> tuple[str, str] | None:
    """Return mark and shown text of a cell, None of one that is what it looks like."""
    shown = " ".join(_shown(cell))
    kind = cell.get(f"{_OFFICE}value-type")
    formula = cell.get(f"{_TABLE}formula")
    if cell.get(f"{_EXTENDED}value-type") == "error" or (
        formula is not None and _FAILED.fullmatch(shown) is not None
    ):
        return "error", shown
    if formula is not None and kind != "string" and not shown and not any(map(cell.get, _VALUES)):
        return "uncomputed", formula.partition(":")[2].removeprefix("=")
    if kind == "percentage":
        return "percent", shown
    if kind == "date" and shown:
        parts = _parts(cell.get(f"{_OFFICE}date-value", ""), shown)
        return (f"{SHOWS}{parts}", shown) if parts else None
    return None


def _parts(value: str, shown: str) -> str:
    """Return which parts of a day are shown, where not all are: ``dm`` of ``7/10``."""
    found = _DAY.match(value)
    if not found:
        return ""
    year, month, day = map(int, found.groups())
    numbers = [int(number) for number in re.findall(r"\d{1,4}", shown)]
    parts = ""
    for part, ways in (("d", {day}), ("m", {month}), ("y", {year, year % 100})):
        number = next((number for number in numbers if number in ways), None)
        if number is not None:
            numbers.remove(number)
            parts += part
        elif part == "m" and _WORD.search(shown):
            parts += part  # a month has a name, too
    return parts if parts != "dmy" else ""


def _shown(cell: ET.Element) -> Iterator[str]:
    for paragraph in cell.iter(f"{_TEXT}p"):
        yield "".join(paragraph.itertext())
