"""A file of JSON Lines on its way into a book: read a line at a time, however long it is."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from ledger.exchange.blocks import Block, blocks_of
from ledger.recording.steps import Steps
from ledger.recording.writing import Writing

if TYPE_CHECKING:
    from ledger.exchange.ahead import Helper

_PERSON = re.compile(rb'"person"\s*:\s*"P([0-9]{6,9})"')
_BYTES_A_PIECE = 1024 * 1024
WORTH_A_PROCESS_BYTES = 8 * 1024 * 1024
"""From this length on a file is read by a second process: its start takes some tenths of a
second, in which this one reads some megabytes itself."""
WORTH_A_COPY_BYTES = 5 * 1024 * 1024
"""From this length on it is read by a copy of this process, which is there at once; below,
the two cost a third more processor time and gain nothing by the clock."""

Watch = Callable[[int, int], None]
"""Told now and then how many lines were read, and up to which byte."""


def can_read_ahead() -> bool:
    """Return whether there is a second processor to read on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


class LineFile:
    """The lines of ``stream``, which can be sought in; it may be gone through again and again.

    ``name`` is what its lines are placed by, ``name:row``. Nothing of it is kept in memory.
    """

    def __init__(self, stream: BinaryIO, name: str, watch: Watch | None = None) -> None:
        self._stream = stream
        self._name = name
        self._watch = watch
        self._helper: Helper | None = None

    @contextmanager
    def read_ahead(self) -> Iterator[None]:
        """Have the lines read by a copy of this process, where one can be made and is worth it.

        To be entered before the book is opened: the copy must not have it open, too.
        """
        size = self._stream.seek(0, os.SEEK_END)
        if size >= WORTH_A_COPY_BYTES and can_read_ahead():
            from ledger.exchange.ahead import copied  # noqa: PLC0415 - only for long files

            self._helper = copied()
        try:
            yield
        finally:
            if self._helper is not None:
                self._helper.close()

    def hash(self) -> bytes:
        """Return the SHA-256 of the content."""
        self._stream.seek(0)
        digest = sha256()
        while piece := self._stream.read(_BYTES_A_PIECE):
            digest.update(piece)
        return digest.digest()

    def steps(self, writing: Writing) -> Steps:
        """Return the steps of the lines, in pieces."""
        size = self._stream.seek(0, os.SEEK_END)
        self._stream.seek(0)
        blocks = self._watched(blocks_of(self._stream, self._name))
        is_long = size >= WORTH_A_PROCESS_BYTES and can_read_ahead()
        if self._helper is None and not is_long:
            return Steps((block.piece() for block in blocks), writing)
        from ledger.exchange.ahead import steps_ahead  # noqa: PLC0415 - only for long files

        return steps_ahead(blocks, writing, self._helper)

    def _watched(self, blocks: Iterator[Block]) -> Iterator[Block]:
        for block in blocks:
            if self._watch is not None:
                self._watch(block.last_row, self._stream.tell())
            yield block

    def highest_person(self) -> int:
        """Return the highest number of an id such as the book hands out, 0 if there is none.

        Asked only when an id must be handed out; the reading of lines goes on where it was.
        """
        place = self._stream.tell()
        self._stream.seek(0)
        highest = max(
            (int(found[1]) for line in self._stream for found in _PERSON.finditer(line)), default=0
        )
        self._stream.seek(place)
        return highest
