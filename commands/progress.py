"""What a terminal shows while something takes its time; programs never see any of it."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

_PATIENCE_SECONDS = 1.0
"""What takes longer than this says so (DESIGN §7)."""


def progress(text: str) -> None:
    """Show how far something is, on one line that the next one replaces; empty to clear it."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{text}", nl=False, err=True)


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
