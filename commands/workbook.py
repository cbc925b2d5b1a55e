"""Workbooks (XLSX): sheets of typed cells, written row by row in memory that stays small.

A day is a day, a number a number, and a text always a text: never a formula, a link or a
number, so that leading zeros and long identifiers stay. What a cell cannot hold as it is
becomes text: days before March 1900, which spreadsheets count wrongly, and numbers of more
than fifteen digits, which they would round.
"""

import re
import sys
import traceback
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Self

from xlsxwriter import Workbook as XlsxWriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from commands.cells import Exact, hundredths
from commands.dates import shown
from commands.files import workroom
from commands.language import spoken
from ledger.errors import Problem, Refused

ROWS_OF_A_SHEET = 1_048_576
COLUMNS_OF_A_SHEET = 16_384
CHARACTERS_OF_A_CELL = 32_767
CHARACTERS_OF_A_NAME = 31
_KEPT_AS_TEXT = 255
"""Up to here a text cell says that it is text, for whoever changes it; older programs show a
longer one as ####."""
_FIRST_DAY = date(1900, 3, 1)
_DIGITS = 15
_NARROWEST, _WIDEST, _WIDEST_HEAD = 8, 66, 18
"""Of columns, in characters; longer texts are wrapped."""
_LINE_POINTS, _HIGHEST_POINTS = 15, 405
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = {"history"}
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - the library wants it without a zone
"""Stands in every file, so that the same question to the same book gives the same bytes."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_CUT = "…"
_LOOKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "text_wrap": True, "bg_color": "#E7E6E6", "bottom": 1},
    "text": {"num_format": "@"},
    "long": {},
    "whole": {"num_format": "0"},
    "number": {},
    "rounded": {"num_format": '"≈ "0.00'},
    "number%": {"num_format": 'General" %"'},
    "rounded%": {"num_format": '"≈ "0.00" %"'},
    "day": {"num_format": "{day}", "align": "left"},
    "moment": {"num_format": "{day} hh:mm:ss", "align": "left"},
}
_LEFT = {"align": "left"}
_RIGHT = {"align": "right", "indent": 1}
"""Numbers: a little away from the text of the next column."""
_TEXTS = frozenset({"text", "long"})
_DAYS = {"vi": "dd/mm/yyyy", "en": "yyyy-mm-dd"}


class Style(NamedTuple):
    """How the cells of a sheet look."""

    wraps: bool = True
    """Whether long texts go on on more lines; else each row is one line high."""
    is_left: bool = False
    """Whether numbers stand to the left, like texts."""


TABLE = Style()
FACTS = Style(is_left=True)
RECORDS = Style(wraps=False)


class Workbook:
    """An XLSX file that is being written; a context manager that finishes it."""

    def __init__(self, path: Path) -> None:
        self._room = ExitStack()
        folder = self._room.enter_context(workroom(path))
        self._file = XlsxWriter(
            str(path),
            {"constant_memory": True, "tmpdir": str(folder), "use_zip64": True},
        )
        self._file.set_properties({"created": _CREATED})
        self._formats: dict[tuple[str, Style], Format] = {}
        self._names: set[str] = set()
        self.cut = 0
        """How many texts were longer than a cell holds, and were cut."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._room:
            try:
                if kind is None:
                    self._file.close()
                else:
                    self._abandon()
            except FileCreateError as error:
                raise _let_go(error) from error
            finally:
                self._file.fileclosed = True  # or the library tries again when it is collected

    def sheet(
        self, name: str, heads: Sequence[str], *, title: str = "", style: Style = TABLE
    ) -> "SheetWriter":
        """Begin a sheet with its heads, frozen; ``title`` is printed above each page."""
        if len(heads) > COLUMNS_OF_A_SHEET:
            problem = Problem("too_wide", value=len(heads), limit=COLUMNS_OF_A_SHEET)
            raise Refused(problem)
        return SheetWriter(self, name, heads, title or name, style)

    def named(self, name: str) -> Worksheet:
        """Add an empty sheet under the name nearest to ``name`` that is allowed and free."""
        worksheet = self._file.add_worksheet(self._free_name(name))
        worksheet.set_landscape()
        worksheet.set_paper(9)  # A4
        worksheet.fit_to_pages(1, 0)
        return worksheet

    def _free_name(self, name: str) -> str:
        plain = _FORBIDDEN.sub(" ", name).strip().strip("'") or "1"
        if plain.casefold() in _RESERVED:
            plain = f"{plain}_"
        number, found = 1, _shortened(plain, CHARACTERS_OF_A_NAME)
        while found.casefold() in self._names:
            number += 1
            ending = f" ({number})"
            found = _shortened(plain, CHARACTERS_OF_A_NAME - len(ending)) + ending
        self._names.add(found.casefold())
        return found

    def _abandon(self) -> None:
        """Close what the library has open; nothing of it is kept."""
        for worksheet in self._file.worksheets():
            worksheet.row_data_fh.close()

    def look(self, name: str, style: Style) -> Format:
        """Return how cells of a sort look on a sheet of this style."""
        key = (name, style)
        if key not in self._formats:
            look = {"valign": "top"} | _LOOKS[name]
            if "num_format" in look:
                look["num_format"] = look["num_format"].replace("{day}", _DAYS[spoken()])
            if name in _TEXTS:
                look["text_wrap"] = style.wraps
            elif name != "head":
                look |= _LEFT if style.is_left else _RIGHT if "align" not in look else {}
            self._formats[key] = self._file.add_format(look)
        return self._formats[key]

    def put(
        self, worksheet: Worksheet, row: int, column: int, value: Any, style: Style
    ) -> Iterable[str]:
        """Write one cell, and return the lines of text that it shows."""
        if value is None or value == "":
            return ()
        if isinstance(value, date) and _day(value) >= _FIRST_DAY:
            is_moment = isinstance(value, datetime)
            look = self.look("moment" if is_moment else "day", style)
            moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            worksheet.write_datetime(row, column, moment, look)
            return (str(moment),)
        if isinstance(value, bool):
            worksheet.write_boolean(row, column, value, self.look("number", style))
            return (str(value),)
        number, form = _number(value)
        if number is not None:
            worksheet.write_number(row, column, number, self.look(form, style))
            return (f"≈ {number} %",)
        text = shown(value, spoken()) if isinstance(value, date) else str(value)
        if len(text) > CHARACTERS_OF_A_CELL:
            text = text[: CHARACTERS_OF_A_CELL - 1] + _CUT
            self.cut += 1
        form = "text" if len(text) <= _KEPT_AS_TEXT else "long"
        worksheet.write_string(row, column, text, self.look(form, style))
        return text.split("\n")


class SheetWriter:
    """One table of a workbook: rows added one after another, on more sheets if need be."""

    def __init__(
        self, book: Workbook, name: str, heads: Sequence[str], title: str, style: Style
    ) -> None:
        self._book = book
        self._style = style
        self._name = name
        self._heads = heads
        self._title = title
        self.count = 0
        """How many rows there are, on all its sheets."""
        self._begin()

    def _begin(self) -> None:
        self._worksheet = self._book.named(self._name)
        self._row = 0
        self._widths = [min(len(text), _WIDEST_HEAD) + 2 for text in self._heads]
        for column, text in enumerate(self._heads):
            look = self._book.look("head", self._style)
            self._worksheet.write_string(0, column, text, look)
        self._fit(0, max((_lines([text], _WIDEST_HEAD) for text in self._heads), default=1))
        self._worksheet.freeze_panes(1, 0)
        self._worksheet.repeat_rows(0)
        self._worksheet.set_header(f"&L{self._title.replace('&', '&&')[:200]}&R&P/&N")

    def add(self, cells: Iterable[Any]) -> None:
        """Add a row; a value is None, a text, number, Exact, truth, day or moment."""
        self.add_at(enumerate(cells))

    def add_at(self, cells: Iterable[tuple[int, Any]]) -> None:
        """Add a row of some values, each with the place of its column from 0, in order."""
        if self._row + 1 == ROWS_OF_A_SHEET:
            self.finish()
            self._begin()
        self._row += 1
        self.count += 1
        highest = 1
        for column, value in cells:
            texts = self._book.put(self._worksheet, self._row, column, value, self._style)
            for text in texts:
                self._widths[column] = max(self._widths[column], len(text))
            if self._style.wraps:
                highest = max(highest, _lines(texts, _WIDEST))
        self._fit(self._row, highest)

    def _fit(self, row: int, lines: int) -> None:
        """Make a row as high as its text: not every program does when it opens the file."""
        if lines > 1:
            self._worksheet.set_row(row, min(lines * _LINE_POINTS, _HIGHEST_POINTS))

    def finish(self) -> None:
        """Set widths and filters, now that all rows are there."""
        for column, width in enumerate(self._widths):
            fitting = min(max(width + 1, _NARROWEST), _WIDEST)
            self._worksheet.set_column(column, column, fitting)
        if self._row and self._heads:
            self._worksheet.autofilter(0, 0, self._row, len(self._heads) - 1)


def _let_go(error: FileCreateError) -> OSError:
    """Return why the system took no more of a file, and drop what the library has open of it.

    Its archive tries once more to finish the file when it is collected, and complains itself.
    """
    reason: OSError = error.args[0]
    usual, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        traceback.clear_frames(reason.__traceback__)
    finally:
        sys.unraisablehook = usual
    return reason


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _lines(texts: Iterable[str], width: int) -> int:
    """Return how many lines some lines of text take when they are wrapped."""
    return sum(-(-max(len(text), 1) // width) for text in texts)


def _shortened(name: str, length: int) -> str:
    """Return a name of at most ``length`` characters, cut between two words if it can be."""
    if len(name) <= length:
        return name
    words = name[:length].rpartition(" ")[0].rstrip(" ,;:")
    return f"{words or name[: length - 1]}{_CUT}"


def _number(value: Any) -> tuple[int | float | None, str]:
    """Return the number to write, None if it must be text, and its format.

    A double holds fifteen decimal digits exactly enough to show them again; ``200/3`` is
    rounded half up to two digits, and shown as ``≈ 66.67``.
    """
    if isinstance(value, int):
        return (value if len(str(abs(value))) <= _DIGITS else None), "whole"
    if isinstance(value, float):
        return (value if value - value == 0 else None), "number"
    if not isinstance(value, Exact | Decimal):
        return None, ""
    unit = getattr(value, "unit", "")
    rounded = hundredths(str(value))
    text = rounded or str(value)
    digits = text.strip("-").replace(".", "").lstrip("0")
    if not _NUMBER.fullmatch(text) or len(digits) > _DIGITS:
        return None, ""
    form = "rounded" if rounded else "number"
    return (float(text) if "." in text else int(text)), form + unit
