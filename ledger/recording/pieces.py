"""Pieces of what is to be recorded: lines found possible by themselves, in columns.

A file goes through in pieces. What a line says by itself (its shape, its text, the streams it
has to do with, the bytes of its state) rests on nothing else, so that pieces can be made
ahead, and in another process.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any, NamedTuple

from ledger.catalogue import Entry
from ledger.errors import Problem
from ledger.lifecycle.arrivals import arrival
from ledger.recording.door import admit
from ledger.recording.numbering import Line
from ledger.store.prepared import Prepared


class Failed(NamedTuple):
    """What is wrong with a line by itself."""

    problem: Problem
    claimed: int | None
    """The number it gives itself, if that could be read."""


class Piece(NamedTuple):
    """Some lines, one after another; each column has an item for every line."""

    entries: Sequence[Entry | None]
    """As they may be recorded; None where there is none."""
    failed: dict[int, Failed]
    """What is wrong with the others, by their place in the columns."""
    streams: Sequence[str | None]
    """The stream each belongs to; None for a voiding, which shares that of what it voids."""
    named: Sequence[tuple[str, ...]]
    """The streams each names and rests on."""
    states: Sequence[Prepared | None]
    """What was made of it already; None where that is still to be done."""
    sheets: Sequence[str | None]
    rows: Sequence[int | None]
    places: "Sequence[str | None] | Places"
    """Where people find it: ``file:row``."""

    def only(self, places: Sequence[int]) -> "Piece":
        """Return some of the lines, by their places in the columns, none of them failed."""
        columns: Any = (self.entries, *self[2:])
        entries, *others = ([column[at] for at in places] for column in columns)
        return Piece(entries, {}, *others)


class Places:
    """The places of lines in a file of lines, made up when they are asked for."""

    def __init__(self, name: str, rows: Sequence[int | None]) -> None:
        self._name = name
        self._rows = rows

    def __getitem__(self, at: int) -> str:
        """Return the place of one of the lines."""
        return f"{self._name}:{self._rows[at]}"


def piece_of(lines: Sequence[Line | Problem]) -> Piece:
    """Return lines as a piece, each checked by itself."""
    entries: list[Any] = [None] * len(lines)
    failed: dict[int, Failed] = {}
    streams: list[str | None] = [None] * len(lines)
    named: list[tuple[str, ...]] = [()] * len(lines)
    for at, line in enumerate(lines):
        if isinstance(line, Problem):
            failed[at] = Failed(line, None)
            continue
        try:
            # A copy: what came in may be recorded again, in another book.
            entry = copy(admit(line.entry))
        except Problem as problem:
            failed[at] = Failed(problem, line.entry.no)
            continue
        entries[at], streams[at], named[at] = arrival(entry)
    return Piece(
        entries,
        failed,
        streams,
        named,
        [None] * len(lines),
        [getattr(line, "sheet", None) for line in lines],
        [getattr(line, "row", None) for line in lines],
        [line.place for line in lines],
    )
