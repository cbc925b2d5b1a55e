"""A file of JSON Lines on its way into a book: read a line at a time, however long it is."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import BinaryIO

from ledger.errors import Problem
from ledger.exchange.jsonlines import each_line
from ledger.recording.numbering import Line

_PERSON = re.compile(rb'"person"\s*:\s*"P([0-9]{6,9})"')
_LINES_A_TELLING = 10_000
_BYTES_A_PIECE = 1024 * 1024

Watch = Callable[[int, int], None]
"""Told now and then how many lines were read, and up to which byte."""


class LineFile:
    """The lines of ``stream``, which can be sought in; it may be gone through again and again.

    ``name`` is what its lines are placed by, ``name:row``. Nothing of it is kept in memory.
    """

    def __init__(self, stream: BinaryIO, name: str, watch: Watch | None = None) -> None:
        self._stream = stream
        self._name = name
        self._watch = watch

    def hash(self) -> bytes:
        """Return the SHA-256 of the content."""
        self._stream.seek(0)
        digest = sha256()
        while piece := self._stream.read(_BYTES_A_PIECE):
            digest.update(piece)
        return digest.digest()

    def __iter__(self) -> Iterator[Line | Problem]:
        """Yield each entry, and what is wrong where a line is none."""
        return each_line(self._watched(), self._name)

    def _watched(self) -> Iterator[bytes]:
        self._stream.seek(0)
        for count, line in enumerate(self._stream, 1):
            if self._watch is not None and count % _LINES_A_TELLING == 0:
                self._watch(count, self._stream.tell())
            yield line

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
