"""Goes over the spans of a book on all processors, each in a process of its own."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from ledger.audit.rows import Subject, reading
from ledger.audit.spans import SPAN, Span, derived

_AHEAD = 2
"""How many spans may wait for each process: more would only take memory."""


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _leave_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks


def one_span(subject: Subject, first: int) -> Span:
    """Return what was made again of the span that begins with an entry."""
    with reading(subject.path) as cursor:
        return derived(cursor, subject, first, min(first + SPAN - 1, subject.head_no))


def each_span(subject: Subject) -> Iterator[Span]:
    """Yield every span of a book in its order."""
    firsts = range(1, subject.head_no + 1, SPAN)
    many = min(processors(), len(firsts))
    if many < 2:  # noqa: PLR2004 - one process is this one
        yield from map(partial(one_span, subject), firsts)
        return
    # Fresh processes: copied ones would have the locks of threads and databases.
    pool = ProcessPoolExecutor(
        many, multiprocessing.get_context("spawn"), initializer=_leave_interrupts
    )
    try:
        waiting = [pool.submit(one_span, subject, first) for first in firsts[: _AHEAD * many]]
        for first in firsts[_AHEAD * many :]:
            yield waiting.pop(0).result()
            waiting.append(pool.submit(one_span, subject, first))
        for future in waiting:
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
