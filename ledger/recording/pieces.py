"""Pieces of what is to be recorded: lines found possible by themselves, in columns.

A file goes through in pieces. What a line says by itself (its shape, its text, the streams it
has to do with, the bytes of its state) rests on nothing else, so that pieces can be made
ahead, and in another process.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

from ledger.catalogue import Entry
from ledger.errors import Problem
from ledger.lifecycle.arrivals import arrival
from ledger.recording.door import admit
from ledger.recording.numbering import Line
from ledger.store.prepared import Prepared

LINES_A_PIECE = 10_000
"""How many lines are in memory at once, and once more on their way to the log."""


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


class Places:
    """The places of lines in a file of lines, made up when they are asked for."""

    def __init__(self, name: str, rows: Sequence[int | None]) -> None:
        self._name = name
        self._rows = rows

    def __getitem__(self, at: int) -> str:
        """Return the place of one of the lines."""
        return f"{self._name}:{self._rows[at]}"


@runtime_checkable
class Pieces(Protocol):
    """A source of lines that makes its pieces itself; it can be gone through again."""

    def pieces(self) -> Iterator[Piece]:
        """Yield all lines, in their order."""

    def highest_person(self) -> int:
        """Return the highest number of an id such as the book hands out, 0 if there is none."""


Lines: TypeAlias = Iterable[Line | Problem] | Pieces
"""What is to be recorded; in the place of a line that could not be read, why.

What can be gone through only once, such as a generator, is gathered in memory first: ids that
are handed out pass over those on later lines.
"""


def pieces_of(lines: Lines, lines_a_piece: int) -> Generator[Piece, None, None]:
    """Yield lines in pieces, what each says by itself checked."""
    if isinstance(lines, Pieces):
        yield from lines.pieces()
        return
    rest = iter(lines)
    while found := list(islice(rest, lines_a_piece)):
        yield piece_of(found)


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
            entry = admit(line.entry)
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
