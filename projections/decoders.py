"""Decodes a long book on all processors: each process reads rows and writes files of its own.

Python works on one processor at a time, so the others need processes of their own. Nothing
large passes between them: a process is told a range of numbers and a path, and tells back
which columns it wrote. A book only grows, so what each reads for itself up to the same head
is the same book.
"""

import multiprocessing
import os
import signal
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
from pyarrow import parquet

from ledger.store.storage import BookDatastore
from projections import feed

GROUP_ROWS = 50_000
"""How many rows of a file one processor reads at least."""
_WAIT_SECONDS = 1.0
"""Who waits for the book longer than this is overtaken by the process that asked."""


class Made(NamedTuple):
    """A file of columns that another process has written."""

    path: Path
    columns: tuple[str, ...]


def write_columns(columns: pa.Table, path: Path) -> None:
    """Write columns as Parquet."""
    # DuckDB gives each group of rows to one processor.
    parquet.write_table(columns, path, compression="zstd", row_group_size=GROUP_ROWS)


def _make(book: Path, first: int, last: int, path: Path) -> Made:
    """Write the entries from ``first`` to ``last`` to ``path``; done in a process of its own."""
    datastore = BookDatastore(book, _WAIT_SECONDS)
    try:
        with datastore.reading() as cursor:
            columns = feed.read(cursor, first, last)
        write_columns(columns, path)
    finally:
        datastore.close()
    return Made(path, tuple(columns.column_names))


def _leave_interrupts() -> None:
    """Have Ctrl-C end the process that asked, and that one alone say so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Decoders:
    """Processes that decode pieces of ``size`` entries into ``folder``, until closed.

    ``made`` gives their files; None where the asking process is to do the piece itself:
    because its turn has come, there is one processor, or something went wrong.
    """

    def __init__(self, book: Path, folder: Path, size: int) -> None:
        self._book = book
        self._folder = folder
        self._size = size
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: dict[int, Future[Made]] = {}

    def begin(self, firsts: Sequence[int], head: int) -> None:
        """Hand out the pieces that begin at ``firsts``; from the end, the caller takes the first.

        One piece is not worth a process: it takes some tenths of a second to begin.
        """
        others = min((os.cpu_count() or 1) - 1, len(firsts) - 1)
        if others < 1:
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(others, context, _leave_interrupts)
            for first in reversed(firsts[1:]):
                last = min(first + self._size - 1, head)
                path = self._folder / f"entries-{first}-{last}.parquet.{os.getpid()}.new"
                self._waiting[first] = self._pool.submit(_make, self._book, first, last, path)
        except OSError:
            self._waiting.clear()

    def made(self, first: int) -> Made | None:
        """Return the file of the piece that begins at ``first``; None if it is not to be had."""
        future = self._waiting.pop(first, None)
        if future is None or future.cancel():
            return None
        try:
            return future.result()
        except Exception:  # noqa: BLE001 - whatever it was, the caller does it again, and tells
            return None

    def close(self) -> None:
        """Let the processes go, after what they are doing; what waits is not done any more."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
