"""The rows of a workbook or of CSV as entries, with everything that is wrong said of its cell.

A sheet is of one kind, which its name says, or has a column that says the kind of each row.
Above its head may stand titles; which row is the head is told by the headings that are
known. Empty rows, the row of help of a template, a column of running numbers, and the
columns that ``--marked`` adds are passed over.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec

from ledger.catalogue import KINDS, Entry
from ledger.errors import Problem
from ledger.exchange.columns import KIND, by_name, columns_of, values_of
from ledger.exchange.diagnosis import wrong_in
from ledger.exchange.flat import means_codes, value_at
from ledger.exchange.heads import Head, Vocabulary
from ledger.exchange.jsonlines import entry_values
from ledger.exchange.lenient import rewritten
from ledger.exchange.raw import Raw, clean, is_blank
from ledger.exchange.typed import value_of
from ledger.similar import similar


class Grid(NamedTuple):
    """The cells of one sheet, row by row from its first; rows may differ in length."""

    name: str | None
    """The name of the sheet; None of a file that has only one."""
    rows: Sequence[Sequence[Raw]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    """Cells that are one: first row, first column, last row, last column, counted from 0."""


ROWS_OF_HELP = 5
"""So many rows under the head may be the row of help."""


_CLOSING = re.compile(
    r"((tổng( (cộng|số))?|cộng|total)\b[\s:]*([\d.,]+( \w+){0,2})?"
    r"|người lập( biểu)?|thủ trưởng|t[/.]m\b.*|[^,]*, ngày .* tháng .* năm .*)[\s:.]*$",
    re.IGNORECASE,
)
"""What stands in the last rows of a list that is signed."""
_LONGEST_CLOSING = 100
"""In characters; longer texts are none, and would take the pattern for ever."""
_LACKS = frozenset({"missing_field", "kind_missing", "unknown_kind"})
"""What is wrong with such rows at least: they are no entries, and somebody named Cộng is one."""


class Spot(NamedTuple):
    """A cell, a row or a sheet; rows and columns counted from 1, None for all of them."""

    sheet: str | None
    row: int | None = None
    column: int | None = None

    def place(self, file: str) -> str:
        """Return the spot as people find it: ``thang9.xlsx:Kết nạp:5:C``."""
        letter = None if self.column is None else letters(self.column)
        parts = (file, self.sheet, self.row, letter)
        return ":".join(str(part) for part in parts if part is not None)


class Row(NamedTuple):
    """One row that says an entry, or fails to."""

    spot: Spot
    kind: str
    columns: Mapping[str, int]
    """Where its columns stand, counted from 0, by their names."""
    given: Mapping[str, Any] | None
    """What was read of its cells, as JSON Lines has it; None where the entry says it."""
    entry: Entry | None
    """None where something is wrong with it."""

    def spot_of(self, name: str) -> Spot:
        """Return the cell of a column, or the row where the sheet has no such column."""
        place = self.columns.get(name)
        return self.spot if place is None else self.spot._replace(column=place + 1)

    def values(self) -> Mapping[str, Any]:
        """Return what the row says, by the names of its columns."""
        if self.given is not None or self.entry is None:
            return self.given or {}
        values = entry_values(self.entry)
        found = {name: value_at(values, column.path) for name, column in by_name(self.kind).items()}
        return {name: value for name, value in found.items() if value is not None}


class Wrong(NamedTuple):
    """One thing that is wrong, and where."""

    spot: Spot
    problem: Problem


def letters(column: int) -> str:
    """Return the letters of a column counted from 1: 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def read_rows(grid: Grid, head: Head, words: Vocabulary) -> Iterator[Row | Wrong]:
    """Yield the rows under the head of a sheet, and what is wrong with their cells."""
    reader = _RowReader(grid, head, words)
    yield from reader.lacking()
    yield from reader.mapped()
    yield from _merged(grid, head)
    for index in range(head.row + 1, len(grid.rows)):
        cells = grid.rows[index]
        if all(map(is_blank, cells)) or (index <= head.row + ROWS_OF_HELP and head.is_help(cells)):
            continue
        found = list(reader.read(index, cells))
        wrong = {each.problem.code for each in found if isinstance(each, Wrong)}
        if not wrong.isdisjoint(_LACKS) and (text := _closing(cells)):
            yield Wrong(Spot(grid.name, index + 1), Problem("row_of_total", value=text))
        else:
            yield from found


def _closing(cells: Sequence[Raw]) -> str:
    """Return the text by which a row is a total, or where people sign, "" if there is none."""
    texts = [clean(raw) for raw in cells if isinstance(raw, str) and len(raw) <= _LONGEST_CLOSING]
    return next(filter(_CLOSING.match, texts), "")


def _merged(grid: Grid, head: Head) -> Iterator[Wrong]:
    """Yield the cells under the head that are merged and hold something."""
    for first_row, first, last_row, last in grid.merged:
        cells = grid.rows[first_row] if first_row < len(grid.rows) else ()
        if first_row > head.row and first < len(cells) and not is_blank(cells[first]):
            ends = (f"{letters(first + 1)}{first_row + 1}", f"{letters(last + 1)}{last_row + 1}")
            spot = Spot(grid.name, first_row + 1, first + 1)
            yield Wrong(spot, Problem("cells_merged", value=":".join(ends)))


class _RowReader:
    """Reads the rows of one sheet."""

    def __init__(self, grid: Grid, head: Head, words: Vocabulary) -> None:
        self._grid = grid
        self._head = head
        self._meaning = words.meaning
        self._words = words
        self._cells = [(name, place) for name, place in head.columns.items() if name != KIND]
        self._kind_place = head.columns.get(KIND)
        self._misread = frozenset[str]()
        """Columns of which the mapping says something, the same for all rows, that is wrong."""
        self._remembered: dict[tuple[str, str, str], Any] = {}
        """What short texts were found to say, by kind and column: the same ones come again."""

    def lacking(self) -> Iterator[Wrong]:
        """Yield the columns that the kind of the sheet needs and that it has not."""
        kind = self._head.kind
        if kind is not None:
            spot = Spot(self._grid.name, self._head.row + 1)
            for name in self._lacks(kind):
                yield Wrong(spot, Problem("column_missing", kind=kind, field=name))

    def _lacks(self, kind: str) -> list[str]:
        """Return the columns of which it is said at the head that the sheet lacks them."""
        if self._head.kind != kind:
            return []
        known = self._head
        return [n for n in _needed(kind) if not known.has(n) or n in self._misread]

    def mapped(self) -> Iterator[Wrong]:
        """Yield what the mapping says of a sheet of one kind and no cell of it could hold."""
        head, kind = self._head, self._head.kind
        if kind is None:
            return
        columns, spot = by_name(kind), Spot(self._grid.name, head.row + 1)
        said = [*head.fixed.items()]
        said += [(name, value) for name, words in head.values.items() for value in words.values()]
        for name, value in said:
            if name not in columns:
                continue  # told where it is read
            try:
                value_of(kind, columns[name], value, self._meaning)
            except Problem as problem:
                if name in head.fixed:
                    self._misread |= {name}
                yield Wrong(spot, Problem("mapping_wrong", value=value, field=name, detail=problem))

    def read(self, index: int, cells: Sequence[Raw]) -> Iterator[Row | Wrong]:
        """Yield the row, and before it what is wrong with its cells."""
        spot = Spot(self._grid.name, index + 1)
        try:
            kind = self._kind(cells)
        except Problem as problem:
            place = self._kind_place
            yield Wrong(spot if place is None else spot._replace(column=place + 1), problem)
            return
        row = Row(spot, kind, self._head.columns, None, None)
        given: dict[str, Any] = {}
        wrong: list[Wrong] = []
        for name, raw in self._given(cells):
            try:
                given[name] = self._value(kind, name, raw)
            except Problem as problem:
                wrong.append(Wrong(row.spot_of(name), problem))
        wrong.extend(
            Wrong(spot._replace(column=place + 1), Problem("no_heading"))
            for place in self._head.unheaded(cells)
        )
        yield from wrong
        yield from _completed(row._replace(given=given), wrong, self._lacks(kind))

    def _given(self, cells: Sequence[Raw]) -> Iterator[tuple[str, Raw]]:
        """Yield the columns of a row that hold something, those of a mapping first."""
        fixed = self._head.fixed.items()
        yield from ((name, value) for name, value in fixed if name not in self._misread)
        for name, place in self._cells:
            if place < len(cells) and not is_blank(cells[place]):
                yield name, cells[place]

    def _kind(self, cells: Sequence[Raw]) -> str:
        place = self._kind_place
        raw = cells[place] if place is not None and place < len(cells) else None
        if is_blank(raw):
            if self._head.kind is None:
                raise Problem("kind_missing")
            return self._head.kind
        text = clean(raw) if isinstance(raw, str) else str(raw)
        kind = self._words.kind_meant(text)
        if kind is None:
            raise Problem("unknown_kind", value=text, suggestion=similar(text, KINDS))
        return kind

    def _value(self, kind: str, name: str, raw: Raw) -> Any:
        key = (kind, name, raw if isinstance(raw, str) else "")
        if key in self._remembered:
            return self._remembered[key]
        column = by_name(kind).get(name)
        if column is None:
            raise Problem("unknown_field", kind=kind, value=name, suggestion="")
        value = value_of(kind, column, self._head.translated(name, raw), self._meaning)
        if key[2] and (column.type != "text" or means_codes(column)):
            self._remembered[key] = value
        return value


@cache
def _needed(kind: str) -> tuple[str, ...]:
    return tuple(column.name for column in columns_of(kind) if column.required)


def _completed(row: Row, wrong: Sequence[Wrong], lacks: Sequence[str]) -> Iterator[Row | Wrong]:
    """Yield the row with its entry, or without it and what else is wrong with its values."""
    given = row.given or {}
    values = rewritten(row.kind, values_of(row.kind, given))
    found = [each for each in _unfit(row) if str(each.problem.values.get("field")) not in lacks]
    if not (wrong or found or lacks):
        try:
            entry: Entry = msgspec.convert(values, KINDS[row.kind])
        except (msgspec.ValidationError, RecursionError):
            pass
        else:
            yield row._replace(given=None, entry=entry)
            return
    for problem in wrong_in(row.kind, values):
        name = _column_at(row, str(problem.values.get("field", "")))
        if problem.code != "missing_field" or name not in _needed(row.kind):
            found.append(Wrong(row.spot_of(name), problem))
    known = {each.spot for each in wrong}
    yield from (each for each in found if each.spot not in known)
    if not (wrong or found or lacks):
        raise AssertionError(row.spot)
    yield row


def _unfit(row: Row) -> Iterator[Wrong]:
    """Yield what the row lacks, and cells of which only one can say what they say."""
    given = row.given or {}
    for name in _needed(row.kind):
        if name not in given and name not in given.get("sealed", ()):
            problem = Problem("missing_field", kind=row.kind, field=name)
            yield Wrong(row.spot_of(name), problem)
    if "base" in given and any(name.startswith("base.") for name in given):
        yield Wrong(row.spot_of("base"), Problem("base_twice", value=given["base"]))


def _column_at(row: Row, field: str) -> str:
    """Return the column that a field stands in: itself, or the first of its parts."""
    if field in by_name(row.kind):
        return field
    return next((name for name in row.columns if name.startswith(f"{field}.")), field)
