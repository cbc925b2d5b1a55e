"""Reads all sheets of a file as the lines of one recording."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ledger.errors import Problem
from ledger.exchange.heads import Head, Heading, Vocabulary, find_head
from ledger.exchange.mapping import Mapping, SheetMapping
from ledger.exchange.ordering import in_order
from ledger.exchange.raw import is_blank
from ledger.exchange.sheets import Grid, Row, Spot, Wrong, read_rows
from ledger.recording.collection import no_collection
from ledger.recording.numbering import Line
from ledger.similar import similar

Told = Callable[[int], None]


class Asked(NamedTuple):
    """What is asked of a file, by its name."""

    file: str
    kind: str | None = None
    """The kind of the sheets that do not say it themselves."""
    sheets: tuple[str, ...] = ()
    """The names of the sheets to read; all of them without any."""
    mapping: Mapping = ()


class Reading(NamedTuple):
    """What was read of a file."""

    rows: list[Row]
    """In the order in which they are to be recorded."""
    wrong: list[Wrong]
    """In the order of the sheets."""
    heads: dict[str | None, Head]
    """The head of each sheet that was read."""

    def lines(self, file: str) -> list[Line]:
        """Return the rows that say an entry, each with its place."""
        return [
            Line(row.entry, row.spot.place(file), row.spot.sheet, row.spot.row)
            for row in self.rows
            if row.entry is not None
        ]


def read_grids(
    grids: Sequence[Grid], words: Vocabulary, asked: Asked, tell: Told = lambda _: None
) -> Reading:
    """Return the rows of the sheets asked for, and everything that is wrong with them.

    ``tell`` learns again and again how many rows were read.
    """
    with no_collection():
        return _read_grids(grids, words, asked, tell)


def _read_grids(grids: Sequence[Grid], words: Vocabulary, asked: Asked, tell: Told) -> Reading:
    reading = Reading([], [], {})
    reading.wrong.extend(_not_there(grids, asked.sheets))
    for grid in grids:
        if asked.sheets and grid.name not in asked.sheets:
            continue
        if any(not is_blank(raw) for row in grid.rows for raw in row):
            _read(grid, words, asked, reading, tell)
    names = [grid.name for grid in grids]
    if any(each.problem.code == "unknown_sheet" for each in reading.wrong):
        meant = [each for each in asked.mapping if not any(map(each.fits, names))]
        reading.wrong.extend(_not_there(grids, [each.name for each in meant if each.name]))
    if not reading.heads and not reading.wrong:
        reading.wrong.append(Wrong(Spot(None), Problem("sheet_empty", value=asked.file)))
    reading.rows[:] = in_order(reading.rows)
    return reading


def _not_there(grids: Sequence[Grid], asked: Iterable[str]) -> Iterator[Wrong]:
    names = [grid.name for grid in grids if grid.name is not None]
    for name in asked:
        if any(grid.name is None for grid in grids):
            yield Wrong(Spot(None), Problem("sheet_of_csv", value=name))
        elif name not in names:
            near, choices = similar(name, names), ", ".join(names)
            problem = Problem("no_such_sheet", value=name, suggestion=near, choices=choices)
            yield Wrong(Spot(None), problem)


def _read(grid: Grid, words: Vocabulary, asked: Asked, reading: Reading, tell: Told) -> None:
    mapped = next((each for each in asked.mapping if each.fits(grid.name)), SheetMapping())
    kind = mapped.kind or words.kind_meant(grid.name or "") or asked.kind
    own = words._replace(column_meant=mapped.over(words.column_meant))
    row = None if mapped.head_row is None else mapped.head_row - 1
    head, wrong = find_head(grid.rows, grid.merged, kind, own, row=row)
    if head is None:
        if not words.is_aside(grid.name or ""):
            reading.wrong.append(Wrong(Spot(grid.name), _headless(grid, kind, words)))
        return
    head = head._replace(fixed=mapped.fixed, values=mapped.values)
    wrong += [
        Heading(head.row, head.columns[name], Problem("fixed_twice", value=name))
        for name in mapped.fixed
        if name in head.columns
    ]
    reading.heads[grid.name] = head
    reading.wrong.extend(
        Wrong(Spot(grid.name, each.row + 1, each.column + 1), each.problem) for each in wrong
    )
    for found in read_rows(grid, head, own):
        if isinstance(found, Row):
            reading.rows.append(found)
            tell(len(reading.rows))
        else:
            reading.wrong.append(found)


def _headless(grid: Grid, kind: str | None, words: Vocabulary) -> Problem:
    if kind is not None:
        return Problem("no_head", value=grid.name or "")
    if grid.name is None:
        return Problem("no_kind")
    near = words.kind_nearest(grid.name)
    return Problem("unknown_sheet", value=grid.name, suggestion=near)
