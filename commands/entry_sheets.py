"""Entries as sheets: CSV with a column for the kind, or a workbook with one sheet a kind.

The columns are those of ``ledger/exchange/columns.py``, and what is written is read back by
``import`` as the very same entries. CSV is the same in every language. In a workbook heads,
names of sheets and codes are in the language spoken; ``import`` knows both languages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from commands import workbook as limits
from commands.headings import heading, meaning, sheet_title
from commands.language import say, spoken, word
from commands.progress import PATIENCE
from commands.report_workbook import Call, say_how
from commands.separated import Dialect, text_lines
from commands.workbook import CHARACTERS_OF_A_CELL, RECORDS, Workbook
from ledger.catalogue import COMMON, KINDS, Entry, kind_of
from ledger.errors import Problem, Refused
from ledger.exchange.columns import KIND, Column, by_name, columns_of
from ledger.exchange.flat import EXACT, Cell, as_float, as_text, cells_of, means_codes


def all_columns(kinds: Iterable[str]) -> list[str]:
    """Return the columns that entries of several kinds have together, each once.

    Those that every entry has stand at both ends, as on the sheet of one kind.
    """
    names = {column.name: column for kind in kinds for column in columns_of(kind)}
    own = [name for name, column in names.items() if column.path[0] not in COMMON]
    first = [column.name for column in columns_of("voided") if column.path[0] in COMMON]
    place = first.index("document.number")
    return [first[0], KIND, *first[1:place], *own, *first[place:]]


def lines(entries: Iterable[Entry], kinds: Sequence[str], dialect: Dialect) -> Iterator[str]:
    """Yield entries as lines of CSV; ``kinds``: those that can occur.

    A text that a spreadsheet would take for a formula has an apostrophe, which ``import``
    takes off again.
    """
    names = all_columns(kinds)
    places = {name: place for place, name in enumerate(names)}
    return text_lines(names, (_texts(entry, places) for entry in entries), dialect)


def _texts(entry: Entry, places: Mapping[str, int]) -> list[str]:
    row = [""] * len(places)
    row[places[KIND]] = kind_of(entry)
    for name, cell in cells_of(entry, meaning).items():
        row[places[name]] = as_text(cell)
    return row


def write_workbook(
    path: Path,
    entries: Iterable[Entry],
    counts: Mapping[str, int],
    about: Sequence[str],
    call: Call,
) -> None:
    """Write a workbook: a sheet for each kind of ``counts``, and one that says how it was made.

    Raises Refused (too_long_for_cell), OSError.
    """
    try:
        with Workbook(path) as book:
            sheets = {
                kind: _KindSheet(book, kind, counts[kind]) for kind in KINDS if kind in counts
            }
            for entry in entries:
                sheets[kind_of(entry)].add(entry)
            for sheet in sheets.values():
                sheet.finish()
            say_how(book, about, call)
            PATIENCE.begin(say("Packing the workbook …"))
    finally:
        PATIENCE.settle()


class _KindSheet:
    """The sheet of one kind. More entries than it holds go on on others, which say the kind."""

    def __init__(self, book: Workbook, kind: str, count: int) -> None:
        self._columns = by_name(kind)
        names = [*self._columns]
        self._said: list[tuple[int, str]] = []
        if count >= limits.ROWS_OF_A_SHEET:
            names.append(KIND)
            self._said = [(len(self._columns), word(KIND, kind))]
        self._places = {name: place for place, name in enumerate(names)}
        heads = [heading(name, spoken()) for name in names]
        self._sheet = book.sheet(sheet_title(kind, spoken()), heads, style=RECORDS)
        self.finish = self._sheet.finish

    def add(self, entry: Entry) -> None:
        """Add the row of an entry; raise Refused."""
        row: list[tuple[int, Any]] = []
        for name, cell in cells_of(entry, meaning).items():
            value = _typed(self._columns[name], cell)
            _check(value, name, entry.no)
            row.append((self._places[name], value))
        self._sheet.add_at(row + self._said)


def _typed(column: Column, value: Cell) -> Any:
    """Return a cell as a workbook holds it: words for codes, numbers only where exact."""
    if isinstance(value, str):
        return _spoken(column, value)
    if not isinstance(value, Decimal):
        return value
    number = as_float(value)
    return as_text(value) if number is None else number


@cache
def _word(context: str, code: str, language: str) -> str:
    del language  # part of the key
    found = word(context, code)
    return found if meaning(context, found) == code else code


def _spoken(column: Column, text: str) -> str:
    if text.startswith(EXACT) or column.field.many:
        return text
    if column.type == "choice" or means_codes(column):
        return _word(column.context, text, spoken())
    return text


def _check(value: Any, name: str, no: Any) -> None:
    if isinstance(value, str) and len(value) > CHARACTERS_OF_A_CELL:
        raise Refused(
            Problem("too_long_for_cell", value=no, field=name, limit=CHARACTERS_OF_A_CELL)
        )
