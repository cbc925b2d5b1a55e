"""The way of a piece into a book: it is made, checked against the book, placed and written.

Who checks is between the other steps; so he asks for the pieces one after another, and gives
back what he found of each.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol, TypeAlias, runtime_checkable

from ledger.errors import Problem
from ledger.recording.numbering import Line
from ledger.recording.pieces import Piece, piece_of
from ledger.recording.placing import Accepted, Placing
from ledger.recording.writing import Writing

LINES_A_PIECE = 10_000
"""How many lines are in memory at once, and once more on their way to the log."""


class Steps:
    """The steps before and after the checking, done when they are asked for."""

    def __init__(self, made: Iterable[Piece], writing: Writing) -> None:
        self._made = made
        self._writing = writing
        self._placing: Placing | None = None

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces, in their order; each is to be placed before the next, or left out."""
        yield from self._made

    def place(self, piece: Piece, accepted: Accepted) -> None:
        """Have placed and written what was found possible of a piece. Raises Refused."""
        if not accepted.versions:
            return
        if self._placing is None:
            self._placing = self._writing.placing()
        self._placing.learn(self._writing.known(self._placing.wanted(piece)))
        self._writing.write(self._placing.placed(piece, accepted))

    def catch_up(self) -> None:
        """Return when all that was placed is handed over to be written."""

    def close(self) -> None:
        """Let go of whoever helps."""


@runtime_checkable
class Pieces(Protocol):
    """A source of lines that has steps of its own; it can be gone through again."""

    def steps(self, writing: Writing) -> Steps:
        """Return the steps of all lines, in their order."""

    def highest_person(self) -> int:
        """Return the highest number of an id such as the book hands out, 0 if there is none."""


Lines: TypeAlias = Iterable[Line | Problem] | Pieces
"""What is to be recorded; in the place of a line that could not be read, why.

What can be gone through only once, such as a generator, is gathered in memory first: ids that
are handed out pass over those on later lines.
"""


def steps_of(lines: Lines, writing: Writing, lines_a_piece: int) -> Steps:
    """Return the steps of lines."""
    if isinstance(lines, Pieces):
        return lines.steps(writing)
    return Steps(_pieces_of(lines, lines_a_piece), writing)


def _pieces_of(lines: Iterable[Line | Problem], lines_a_piece: int) -> Iterator[Piece]:
    """Yield lines in pieces, what each says by itself checked."""
    rest = iter(lines)
    while found := list(islice(rest, lines_a_piece)):
        yield piece_of(found)
