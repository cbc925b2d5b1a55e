"""What a fuzzer needs to know of a parser."""

import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from trust.samples import Sample, sample


class Parser(NamedTuple):
    """Something that reads bytes from outside.

    ``read`` returns, or raises Problem or RollbookError; where there is a writer it writes what
    it read and reads that again; where there is another reader it asks that one, too. A wrong
    answer is an AssertionError.
    """

    read: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[str, ...] = ()
    """What stands in such files and would take chance long to find."""
    most_bytes: int = 4_096


@cache
def folder() -> Path:
    """Return a folder of this process."""
    return Path(tempfile.mkdtemp())


def put(name: str, data: bytes) -> Path:
    """Write a file of that name into the folder and return its path."""
    path = folder() / name
    path.write_bytes(data)
    return path


@cache
def small_book() -> Sample:
    """Return a book of a few commits, all signed, which nobody changes."""
    return sample(folder(), 30, signed=True, entries_a_commit=10)
