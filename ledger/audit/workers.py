"""Goes over the spans of a book on all processors, each in a process of its own."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

_AHEAD = 2
"""How many spans may wait for each process: more would only take memory."""
_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    threading.Thread(target=_end_with_asker, daemon=True).start()


def _end_with_asker() -> None:
    """End this process when the one that asks has ended: killed, it leaves nobody waiting."""
    asker = multiprocessing.parent_process()
    if asker is not None:
        asker.join()
        os._exit(1)


def in_parallel(work: Callable[[_Asked], _Answer], asked: Sequence[_Asked]) -> Iterator[_Answer]:
    """Yield the answers to what is asked, in its order. ``work`` is a function of a module."""
    many = min(processors(), len(asked))
    if many < 2:  # noqa: PLR2004 - one process is this one
        yield from map(work, asked)
        return
    # Fresh processes: copied ones would have the locks of threads and databases.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(many, context, initializer=_begin)
    try:
        waiting = [pool.submit(work, one) for one in asked[: _AHEAD * many]]
        for one in asked[_AHEAD * many :]:
            yield waiting.pop(0).result()
            waiting.append(pool.submit(work, one))
        for future in waiting:
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
