"""What a terminal shows while something takes its time; programs never see any of it."""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from commands.language import say

_PATIENCE_SECONDS = 1.0
"""What takes longer than this says so (DESIGN §7)."""
_TELLING_SECONDS = 0.2
_SECONDS_A_MINUTE = 60
_Item = TypeVar("_Item")


def progress(text: str) -> None:
    """Show how far something is, on one line that the next one replaces; empty to clear it."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{text}", nl=False, err=True)


class Pace:
    """Tells how far a long work is: ``Wrote 20000 of 90000 entries, 41000/s, 00:02 left``.

    ``text`` is a sentence with ``{number}`` and, where ``whole`` is known, ``{whole}``. It is
    shown on a terminal only, after a second, five times a second, and if it ``shows`` at all.
    ``clock`` gives seconds.
    """

    def __init__(
        self,
        text: str,
        whole: int | None = None,
        *,
        shows: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._text = text
        self._whole = whole
        self._clock = clock
        self._begun = clock()
        self._next_seconds = _PATIENCE_SECONDS
        # Asking the clock costs more than counting: so many are done before it is asked again.
        self._next_number: float = 1 if shows and sys.stderr.isatty() else float("inf")

    def tell(self, number: int, whole: int | None = None) -> None:
        """Say that ``number`` are done in all; it is shown if it is time to.

        ``whole``: how many there will be, as far as it is known by now.
        """
        if number < self._next_number:
            return
        seconds = self._clock() - self._begun
        rate = number / seconds if seconds > 0 else 0.0
        self._next_number = number + max(1, int(rate * _TELLING_SECONDS / 4))
        if seconds >= self._next_seconds:
            self._next_seconds = seconds + _TELLING_SECONDS
            self._whole = whole or self._whole
            progress(self.line(number, rate))

    def line(self, number: int, rate: float) -> str:
        """Return the line that is shown; ``rate`` is per second."""
        told = self._text.format(number=number, whole=self._whole)
        pace = say("{rate}/s").format(rate=round(rate))
        if self._whole is None or rate <= 0:
            return f"{told}, {pace}"
        left = say("{time} left").format(time=_shown((self._whole - number) / rate))
        return f"{told}, {pace}, {left}"

    def done(self) -> None:
        """Clear the line."""
        self._next_number = float("inf")
        progress("")


def reading_pace() -> Callable[[int, int], None]:
    """Return what tells a terminal how many entries of a book were read for the first time."""
    pace = Pace(say("Read {number} of {whole} entries"))

    def tell(number: int, whole: int) -> None:
        pace.tell(number, whole)
        if number == whole:
            pace.done()

    return tell


def _shown(seconds: float) -> str:
    """Return a time as mm:ss, or h:mm:ss from an hour on, rounded up: at 0 it is over."""
    minutes, rest = divmod(int(max(seconds, 0) + 0.999), _SECONDS_A_MINUTE)
    hours, minutes = divmod(minutes, _SECONDS_A_MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def counted(items: Iterable[_Item], pace: Pace) -> Iterator[_Item]:
    """Yield items, telling ``pace`` how many went through; the line is clear at the end."""
    try:
        for number, item in enumerate(items, 1):
            pace.tell(number)
            yield item
    finally:
        pace.done()


class Counted(Iterable[_Item]):
    """Items that can be gone through again; each time ``pace`` is told how many did."""

    def __init__(self, items: Iterable[_Item], pace: Pace) -> None:
        self._items = items
        self._pace = pace

    def __iter__(self) -> Iterator[_Item]:
        """Return the items, counted."""
        return counted(self._items, self._pace)


class Patience:
    """Shows a text when something takes more than a second, until ``settle`` is called."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None
        self._shown = False

    def begin(self, text: str) -> None:
        """Begin to wait; on a terminal ``text`` is shown if it takes long."""
        if sys.stderr.isatty():
            self._timer = threading.Timer(_PATIENCE_SECONDS, self._show, [text])
            self._timer.daemon = True
            self._timer.start()

    def _show(self, text: str) -> None:
        self._shown = True
        progress(text)

    def settle(self) -> None:
        """Say that it is done: nothing is shown any more, and the line is clear."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self._timer = None
            if self._shown:
                progress("")


PATIENCE = Patience()
"""That of the process: one thing is waited for at a time, and printing ends the waiting."""


@contextmanager
def slowly(text: str) -> Iterator[None]:
    """Show ``text`` when what is done within takes more than a second; clear it after."""
    PATIENCE.begin(text)
    try:
        yield
    finally:
        PATIENCE.settle()
