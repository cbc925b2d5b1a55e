"""Writes behind the one who goes on: SQLite works on one processor while Python does on another."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

_AHEAD = 6
"""How many pieces of work may wait: more would only take memory."""


class Behind:
    """Does work one piece after another in a thread of its own.

    What it works with belongs to that thread from ``hand_over`` to ``settle``. An error is
    raised where the next piece is handed over, or everything is waited for.
    """

    def __init__(self) -> None:
        self.at_once = False
        """Whether work is done where it is handed over: there is nothing to go on with."""
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()

    def hand_over(self, work: Callable[..., None], *arguments: Any) -> None:
        """Have ``work`` done after all that was handed over before; may wait for some of it."""
        if self.at_once:
            self.settle()
            work(*arguments)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1)
        while len(self._waiting) >= _AHEAD:
            self._waiting.popleft().result()
        self._waiting.append(self._pool.submit(work, *arguments))

    def settle(self) -> None:
        """Wait until everything is done."""
        while self._waiting:
            self._waiting.popleft().result()

    def close(self) -> None:
        """Let go of the thread, after what it is doing; what waits is not done any more."""
        if self._pool is not None:
            try:
                self._pool.shutdown(cancel_futures=True)
            finally:
                self._pool.shutdown()  # Ctrl-C ended the waiting: nobody else may touch it yet
