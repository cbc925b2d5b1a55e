"""A copy of imported sheets with what is wrong marked: the cell in red, the words beside it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from itertools import chain, count
from pathlib import Path
from typing import Any
from unicodedata import normalize

from commands.failure import problem_text, remedy_text
from commands.files import whole_file
from commands.headings import ERRORS, sheet_title
from commands.language import say, spoken
from ledger.errors import Problem
from ledger.exchange.heads import Head
from ledger.exchange.raw import Broken, PartOfDay, Percent, Raw, Unclear, Uncomputed
from ledger.exchange.sheets import Grid, Wrong, letters

_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_FIRST_YEAR = 1900
_RED = "#FFC7CE"
_NOTE_SIZE = {"x_scale": 2.2, "y_scale": 1.4}
_WIDTH_CHARACTERS = 60
_WIDTH_OF_A_CELL = 16
_FORMS = {"d": "d", "m": "mmm", "y": "yyyy"}


def write_marked(
    path: Path,
    grids: Sequence[Grid],
    heads: Mapping[str | None, Head],
    wrong: Sequence[Wrong],
) -> None:
    """Write the copy as a new XLSX; raise Refused (file_exists, file_unwritable)."""
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    made = BytesIO()
    with whole_file(path) as temporary:
        with xlsxwriter.Workbook(made, options) as book:
            for grid in grids:
                head = heads.get(grid.name)
                kind = head.kind if head else None
                title = grid.name or (sheet_title(kind, spoken()) if kind else say("Sheet"))
                sheet = book.add_worksheet(_title(title, {each.name for each in book.worksheets()}))
                copy = _Copy(book, sheet, head.row if head else 0)
                copy.write(grid, [each for each in wrong if each.spot.sheet == grid.name])
        temporary.write_bytes(made.getvalue())


def _title(name: str, taken: set[str]) -> str:
    """Return a name that Excel takes, and that no other sheet has, near to ``name``."""
    plain = _NOT_IN_TITLES.sub(" ", normalize("NFC", name)).strip("' ")[:_LONGEST_TITLE]
    lower = {each.casefold() for each in taken}
    tries = (f"{plain[: _LONGEST_TITLE - 4]} ({number})" for number in count(2))
    return next(each for each in chain([plain], tries) if each.casefold() not in lower)


class _Copy:
    """One sheet on its way into the copy."""

    def __init__(self, book: Any, sheet: Any, head: int) -> None:
        self._book = book
        self._sheet = sheet
        self._head = head
        self._formats: dict[tuple[str, bool], Any] = {}

    def write(self, grid: Grid, wrong: Sequence[Wrong]) -> None:
        """Write the cells, the marked ones in red with a note, and a last column of errors."""
        marked: dict[tuple[int, int], list[Problem]] = defaultdict(list)
        by_row: dict[int, list[str]] = defaultdict(list)
        for each in wrong:
            spot, text = each.spot, problem_text(each.problem)
            row = (spot.row or 1) - 1
            if spot.column is not None:
                marked[row, spot.column - 1].append(each.problem)
                text = f"{letters(spot.column)}{row + 1}: {text}"
            by_row[row].append(f"{text} → {remedy_text(each.problem)}")
        last = max((len(row) for row in grid.rows), default=0)
        last = self._merge(grid.merged, len(grid.rows), last)
        self._sheet.set_column(0, max(last - 1, 0), _WIDTH_OF_A_CELL)
        self._sheet.freeze_panes(self._head + 1, 0)
        for place, cells in enumerate(grid.rows):
            for column, raw in enumerate(cells):
                self._cell(place, column, raw, red=(place, column) in marked)
        for (place, column), problems in marked.items():
            if place >= len(grid.rows) or column >= len(grid.rows[place]):
                self._cell(place, column, None, red=True)
            note = "\n".join(f"{problem_text(p)}\n→ {remedy_text(p)}" for p in problems)
            self._sheet.write_comment(place, column, note, _NOTE_SIZE)
        self._errors(by_row, last)

    def _merge(self, merged: Sequence[tuple[int, int, int, int]], rows: int, width: int) -> int:
        """Merge the cells that are, so that what is wrong with them stays to be seen.

        No further than one behind the last that holds something: they could go on for millions.
        Returns how many columns are in use.
        """
        from xlsxwriter.exceptions import OverlappingRange  # noqa: PLC0415 - as above

        most = width
        for first_row, first, last_row, last in merged:
            ends = min(last_row, rows), min(last, width)
            if (first_row, first) != ends and first_row <= ends[0] and first <= ends[1]:
                with suppress(OverlappingRange):
                    self._sheet.merge_range(first_row, first, *ends, "")
                most = max(most, ends[1] + 1)
        return most

    def _errors(self, by_row: dict[int, list[str]], last: int) -> None:
        if not by_row:
            return
        red = self._format("@", red=True)
        self._sheet.set_column(last, last, _WIDTH_CHARACTERS)
        self._sheet.write_string(self._head, last, say(ERRORS), red)
        for row, texts in by_row.items():
            if row == self._head:
                self._sheet.write_comment(row, last, "\n".join(texts), _NOTE_SIZE)
            else:
                self._sheet.write_string(row, last, "\n".join(texts), red)

    def _format(self, number_format: str, *, red: bool) -> Any:
        key = (number_format, red)
        if key not in self._formats:
            look: dict[str, Any] = {"num_format": number_format}
            if red:
                look |= {"bg_color": _RED, "text_wrap": True, "valign": "top"}
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def _cell(self, row: int, column: int, raw: Raw, *, red: bool) -> None:
        """Write one cell as it was, as far as it can be."""
        if isinstance(raw, Broken | Unclear):
            raw = raw.text
        elif isinstance(raw, Uncomputed):
            raw = f"={raw.formula}"
        if isinstance(raw, PartOfDay):
            form = "-".join(_FORMS[part] for part in raw.parts)
            self._day(row, column, raw.day, form, red=red)
        elif isinstance(raw, Percent):
            self._sheet.write_number(row, column, raw.number, self._format("0.##%", red=red))
        elif isinstance(raw, bool):
            self._sheet.write_boolean(row, column, raw, self._format("General", red=red))
        elif isinstance(raw, int | float):
            self._sheet.write_number(row, column, raw, self._format("General", red=red))
        elif isinstance(raw, date):
            form = "dd/mm/yyyy hh:mm:ss" if isinstance(raw, datetime) else "dd/mm/yyyy"
            self._day(row, column, raw, form, red=red)
        elif raw is None or raw == "":
            if red:
                self._sheet.write_blank(row, column, None, self._format("@", red=True))
        else:
            self._sheet.write_string(row, column, str(raw), self._format("@", red=red))

    def _day(self, row: int, column: int, day: Any, form: str, *, red: bool) -> None:
        if isinstance(day, date) and day.year > _FIRST_YEAR:
            self._sheet.write_datetime(row, column, day, self._format(form, red=red))
        else:
            self._sheet.write_string(row, column, str(day), self._format("@", red=red))
