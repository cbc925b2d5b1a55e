"""One piece of work in a process of its own: ``python -m measuring.work NAME ARGUMENTS``.

Prints the seconds that the work took, without the start of the process, and its answer.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from ledger.book import Book
from measuring import limits, plain, questions
from measuring.keeping import forget
from projections.reading import Reading
from projections.segments import refresh

Worked = tuple[float, Any]
"""Seconds, and what came out."""


@contextmanager
def _reading(book: Path, **known: Any) -> Iterator[Reading]:
    with Book.open(book) as opened, Reading(opened, **known) as reading:
        yield reading


def _timed(work: Callable[[], Any]) -> Worked:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


def _segments(book: Path) -> None:
    with Book.open(book) as opened:
        refresh(opened)


def _cold_replay(book: Path) -> Worked:
    """From the book to its entries in segments on the disk."""
    forget(book)
    for module in ("projections.feed", "pyarrow.parquet"):
        import_module(module)  # what the other ways need is loaded before the time begins, too
    return _timed(lambda: _segments(book))


def _derived(book: Path) -> Worked:
    """From the segments to the derived tables, none of which may come from the cache."""
    _segments(book)
    with _reading(book, anew=True) as reading:
        return _timed(lambda: reading.need("spells", "tree", "flows"))


def _ask(book: Path, question: str) -> Worked:
    def answered() -> Any:
        with _reading(book) as reading:
            return questions.ours(reading, cast("questions.Question", question))

    return _timed(answered)


def _ask_cold(book: Path, question: str) -> Worked:
    forget(book)
    return _ask(book, question)


def _fold(path: Path, question: str) -> Worked:
    return _timed(lambda: questions.folded(path, cast("questions.Question", question)))


def _query(path: Path, question: str) -> Worked:
    return _timed(lambda: questions.queried(path, cast("questions.Question", question)))


def _recorder(book: Path, other: str) -> Worked:
    return limits.recorder_seconds(book, Path(other)), None


WORKS: dict[str, Callable[..., Worked]] = {
    "save": lambda path, source: _timed(lambda: plain.save(path, Path(source))),
    "save_one": lambda path: _timed(lambda: plain.save_one(path)),
    "replay": lambda path: _timed(lambda: sum(1 for _ in plain.entries(path))),
    "cold_replay": _cold_replay,
    "derived": _derived,
    "ask": _ask,
    "ask_cold": _ask_cold,
    "fold": _fold,
    "query": _query,
    "bare_read": lambda book: _timed(lambda: limits.bare_read(book)),
    "bare_decode": lambda book: _timed(lambda: limits.bare_decode(book)),
    "bare_loop": lambda book: _timed(lambda: limits.bare_loop(book)),
    "bare_hash": lambda book: _timed(lambda: limits.bare_hash(book)),
    "recorder": _recorder,
}
"""Every piece of work by name; the first argument is the path of a book or database."""


if __name__ == "__main__":
    name, path, *arguments = sys.argv[1:]
    seconds, answer = WORKS[name](Path(path), *arguments)
    json.dump({"seconds": seconds, "answer": answer}, sys.stdout)
