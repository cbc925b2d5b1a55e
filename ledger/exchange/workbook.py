"""Reads the sheets of an XLSX, XLS or ODS file with python-calamine.

The library is fast, and keeps silent about four things that matter here: it reads a cell
whose formula failed, or was never computed, as an empty one, and does not say that a day is
shown without its year or a number in per cent. ``cell_marks.py`` finds those in the file itself.
"""

from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

from ledger.errors import Problem, Refused
from ledger.exchange.cell_marks import marks_of
from ledger.exchange.marks import SHOWS, Marks
from ledger.exchange.raw import Broken, PartOfDay, Percent, Raw, Uncomputed
from ledger.exchange.sheets import Grid

_MOST_CELLS = 50_000_000
"""One stray cell in the last corner of a sheet would ask for seventeen thousand millions."""


class Workbook(NamedTuple):
    """What a file holds."""

    grids: list[Grid]
    hidden: list[str]
    """Names of sheets that people do not see; they are not read."""
    hidden_rows: dict[str, int]
    """How many rows people do not see, by the sheets that are read; those are read, too."""


def read_workbook(data: bytes, name: str) -> Workbook:
    """Return the sheets of a file; raise Refused (sheet_unreadable, sheet_locked, sheet_vast)."""
    import python_calamine as calamine  # noqa: PLC0415 - only where a workbook is read

    try:
        marks = marks_of(data)
        with calamine.load_workbook(BytesIO(data)) as book:
            grids: list[Grid] = []
            hidden: list[str] = []
            for meta in book.sheets_metadata:
                if meta.visible != calamine.SheetVisibleEnum.Visible:
                    hidden.append(meta.name)
                elif meta.typ == calamine.SheetTypeEnum.WorkSheet:
                    _check_size(marks, meta.name, name)
                    grids.append(_grid(book.get_sheet_by_name(meta.name), marks))
            names = [each.name or "" for each in grids]
            hidden_rows = {each: marks.hidden[each] for each in names if marks.hidden.get(each)}
            return Workbook(grids, hidden, hidden_rows)
    except calamine.PasswordError:
        raise Refused(Problem("sheet_locked", value=name).at(name)) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(name, error) from error
    except BaseException as error:
        # What Rust calls a panic comes as no Exception, and by a name that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: BaseException) -> Refused:
    detail = str(error).partition("\n")[0]
    return Refused(Problem("sheet_unreadable", value=name, detail=detail).at(name))


def _check_size(marks: Marks, sheet: str, name: str) -> None:
    cells = marks.sizes.get(sheet, 0)
    if cells > _MOST_CELLS:
        raise Refused(Problem("sheet_vast", value=sheet, count=cells).at(f"{name}:{sheet}"))


def _grid(sheet: Any, marks: Marks) -> Grid:
    """Return one sheet, its marked cells named for what they are."""
    rows: list[list[Raw]] = sheet.to_python(skip_empty_area=False)
    added = 0
    for (row, column), (mark, text) in marks.cells.get(sheet.name, {}).items():
        added += max(0, row + 1 - len(rows))
        width = len(rows[row]) if row < len(rows) else 0
        added += max(0, column + 1 - width)
        if added > _MOST_CELLS:
            raise Refused(Problem("sheet_vast", value=sheet.name, count=added).at(sheet.name))
        while len(rows) <= row:
            rows.append([])
        cells = rows[row]
        cells += [None] * (column + 1 - width)
        cells[column] = _told(cells[column], mark, text)
    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    merged += marks.merged.get(sheet.name, [])
    return Grid(sheet.name, rows, merged)


def _told(raw: Raw, mark: str, text: str) -> Raw:
    """Return a cell as what its mark says of it."""
    if mark == "error":
        return Broken(text)
    if mark == "uncomputed":
        return Uncomputed(text)
    if mark == "percent":
        return Percent(raw) if isinstance(raw, float) else raw
    return PartOfDay(raw, mark.removeprefix(SHOWS)) if isinstance(raw, date) else raw
