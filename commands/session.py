"""What every command of one call shares: which book, whose clock, which operator."""

import getpass
import os
from collections.abc import Sequence
from datetime import UTC, datetime

import click

BOOK_VARIABLE = "ROLLBOOK"
DEFAULT_BOOK = "rollbook.db"


class Session:
    """One call of the program.

    ``now`` is read from the clock once, here and nowhere else; a test gives its own.
    """

    def __init__(self, book_path: str, *, now: datetime | None = None) -> None:
        self.book_path = book_path
        self.now = now or datetime.now(UTC)
        self.arguments: Sequence[str] = ()
        """What was typed after the program's name."""

    @property
    def operator(self) -> str:
        """Who records when ``--by`` does not say: the person's login name."""
        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):
            return "unknown"


def book_asked_for(arguments: Sequence[str]) -> str:
    """Return the book that a call means: ``--book`` anywhere, else $ROLLBOOK, else the default.

    Looked for before the arguments are parsed, because ``correct NO`` takes its options
    from the book itself.
    """
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == "--book":
            following = arguments[place + 1 : place + 2]
            if equals or following:
                return value if equals else following[0]
    return os.environ.get(BOOK_VARIABLE) or DEFAULT_BOOK


def session_of(ctx: click.Context) -> Session:
    """Return the session that a context runs in."""
    return ctx.find_object(Session) or Session(book_asked_for(()))
