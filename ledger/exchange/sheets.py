"""The rows of a workbook or of CSV as entries, with everything that is wrong said of its cell.

A sheet is of one kind, which its name says, or has a column that says the kind of each row.
Above its head may stand titles; which row is the head is told by the headings that are
known. Empty rows, the row of help of a template, a column of running numbers, and the
columns that ``--marked`` adds are passed over.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from ledger.catalogue import KINDS, Entry
from ledger.errors import Problem
from ledger.exchange.columns import KIND, Column, by_name, columns_of, values_of
from ledger.exchange.diagnosis import closest, wrong_in
from ledger.exchange.heads import Head, Vocabulary
from ledger.exchange.lenient import rewritten
from ledger.exchange.raw import Raw, clean, is_blank
from ledger.exchange.typed import value_of


class Grid(NamedTuple):
    """The cells of one sheet, row by row from its first; rows may differ in length."""

    name: str | None
    """The name of the sheet; None of a file that has only one."""
    rows: Sequence[Sequence[Raw]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    """Cells that are one: first row, first column, last row, last column, counted from 0."""


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
    spots: Mapping[str, Spot]
    """Where the cells of its columns stand, by the names of these."""
    given: Mapping[str, Any]
    """What was read of them, as JSON Lines has it."""
    entry: Entry | None
    """None where something is wrong with it."""


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
    yield from _merged(grid, head)
    for index in range(head.row + 1, len(grid.rows)):
        cells = grid.rows[index]
        if not all(map(is_blank, cells)) and not head.is_help(cells):
            yield from reader.read(index, cells)


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
        self._remembered: dict[tuple[str, str, str], Any] = {}
        """What short texts were found to say, by kind and column: the same ones come again."""

    def lacking(self) -> Iterator[Wrong]:
        """Yield the columns that the kind of the sheet needs and that it has not."""
        kind = self._head.kind
        if kind is not None:
            spot = Spot(self._grid.name, self._head.row + 1)
            for column in columns_of(kind):
                if column.required and not self._head.has(column.name):
                    yield Wrong(spot, Problem("column_missing", kind=kind, field=column.name))

    def read(self, index: int, cells: Sequence[Raw]) -> Iterator[Row | Wrong]:
        """Yield the row, and before it what is wrong with its cells."""
        spot = Spot(self._grid.name, index + 1)
        try:
            kind = self._kind(cells)
        except Problem as problem:
            place = self._head.columns.get(KIND)
            yield Wrong(spot if place is None else spot._replace(column=place + 1), problem)
            return
        wrong: list[Wrong] = []
        given: dict[str, Any] = {}
        spots: dict[str, Spot] = {}
        for name, text in self._head.fixed.items():
            try:
                given[name] = self._value(kind, name, text)
            except Problem as problem:
                wrong.append(Wrong(spot, problem))
        for name, place in self._head.columns.items():
            if name == KIND:
                continue
            spots[name] = spot._replace(column=place + 1)
            raw = cells[place] if place < len(cells) else None
            if is_blank(raw):
                continue
            try:
                value = self._value(kind, name, raw)
            except Problem as problem:
                wrong.append(Wrong(spots[name], problem))
            else:
                given[name] = value
        wrong.extend(
            Wrong(spot._replace(column=place + 1), Problem("no_heading"))
            for place in self._head.unheaded(cells)
        )
        row = Row(spot, kind, spots, given, None)
        yield from wrong
        yield from _completed(row, known=[each.spot for each in wrong], lacks=self._lacks(kind))

    def _kind(self, cells: Sequence[Raw]) -> str:
        place = self._head.columns.get(KIND)
        if place is None:
            if self._head.kind is None:
                raise AssertionError(KIND)
            return self._head.kind
        raw = cells[place] if place < len(cells) else None
        if is_blank(raw):
            if self._head.kind is not None:
                return self._head.kind
            raise Problem("missing_field", kind="entry", field=KIND)
        text = clean(raw) if isinstance(raw, str) else str(raw)
        kind = self._words.kind_meant(text)
        if kind is None:
            raise Problem("unknown_kind", value=text, suggestion=closest(text, KINDS))
        return kind

    def _value(self, kind: str, name: str, raw: Raw) -> Any:
        column = by_name(kind).get(name)
        if column is None:
            raise Problem("unknown_field", kind=kind, value=name, suggestion="")
        raw = self._head.translated(name, raw)
        if not isinstance(raw, str):
            return value_of(kind, column, raw, self._meaning)
        key = (kind, name, raw)
        if key not in self._remembered:
            value = value_of(kind, column, raw, self._meaning)
            if column.field.personal or column.field.many:
                return value
            self._remembered[key] = value
        return self._remembered[key]

    def _lacks(self, kind: str) -> frozenset[str]:
        """Return the columns of which it was said already that the sheet lacks them."""
        if self._head.kind != kind:
            return frozenset()
        return frozenset(column.name for column in _needed(kind) if not self._head.has(column.name))


def _needed(kind: str) -> list[Column]:
    return [column for column in columns_of(kind) if column.required]


def _completed(row: Row, *, known: Sequence[Spot], lacks: frozenset[str]) -> Iterator[Row | Wrong]:
    """Yield the row with its entry, or without it and what else is wrong with its values."""
    kind, given = row.kind, row.given
    said = set(known)
    for wrong in _wrong_in_row(row):
        name = str(wrong.problem.values.get("field", ""))
        if wrong.spot not in said and name not in lacks:
            said.add(wrong.spot if wrong.spot.column else Spot(None))
            yield wrong
    entry: Entry | None = None
    if not said and not lacks:
        entry = msgspec.convert(rewritten(kind, values_of(kind, given)), KINDS[kind])
    yield row._replace(entry=entry)


def _wrong_in_row(row: Row) -> Iterator[Wrong]:
    """Yield what the row lacks, and what its cells say that does not fit together."""
    kind, given, spots = row.kind, row.given, row.spots
    for column in _needed(kind):
        if column.name not in given and column.name not in given.get("sealed", ()):
            spot = spots.get(column.name, row.spot)
            yield Wrong(spot, Problem("missing_field", kind=kind, field=column.name))
    if "base" in given and any(name.startswith("base.") for name in given):
        yield Wrong(spots["base"], Problem("base_twice", value=given["base"]))
        return
    values = rewritten(kind, values_of(kind, given))
    try:
        msgspec.convert(values, KINDS[kind])
    except (msgspec.ValidationError, RecursionError):
        for problem in wrong_in(kind, values):
            name = _column_at(kind, str(problem.values.get("field", "")), spots)
            is_said = name in by_name(kind) and by_name(kind)[name].required
            if problem.code != "missing_field" or not is_said:
                yield Wrong(spots.get(name, row.spot), problem)


def _column_at(kind: str, field: str, spots: Mapping[str, Spot]) -> str:
    """Return the column that a field stands in: itself, or the first of its parts."""
    if field in by_name(kind):
        return field
    return next((name for name in spots if name.startswith(f"{field}.")), field)
