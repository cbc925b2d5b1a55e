"""As of when, as known when, of which unit: the options that commands which read share."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, NamedTuple

import click

from commands import dates
from commands.books import zone_of
from commands.command import Option
from commands.language import spoken
from commands.parameters import DAY_ASKED, ENTRY, TEXT, UNIT, OneOf
from ledger.book import Book
from ledger.errors import Problem, WrongUsage

_Command = Callable[..., None]

BASES = ("ceremony", "decision")
OPTIONS: dict[str, dict[str, Any]] = {
    "as_of": {
        "param_decls": ["--as-of"],
        "type": DAY_ASKED,
        "help": "Read as of the end of this day; by default today.",
    },
    "since": {
        "param_decls": ["--from", "since"],
        "type": DAY_ASKED,
        "help": "First day of the period.",
    },
    "last_on": {
        "param_decls": ["--to", "last_on"],
        "type": DAY_ASKED,
        "help": "Last day of the period.",
    },
    "known_at": {
        "param_decls": ["--known-at"],
        "type": TEXT,
        "metavar": "MOMENT",
        "help": "Read what was known at this moment; a bare day means its end.",
    },
    "known_entry": {
        "param_decls": ["--known-entry"],
        "type": ENTRY,
        "help": "Read what was known when this entry had been recorded.",
    },
    "unit": {
        "param_decls": ["--unit"],
        "type": UNIT,
        "help": "The unit, with all that is under it; by default the whole book.",
    },
    "units_as_of": {
        "param_decls": ["--units-as-of"],
        "type": DAY_ASKED,
        "help": "Read what was before this day under the units that succeeded by then.",
    },
    "entries": {
        "param_decls": ["--entries"],
        "is_flag": True,
        "help": "List the entries behind each number in the place of the report.",
    },
    "names": {
        "param_decls": ["--names"],
        "is_flag": True,
        "help": "Show names and other personal details.",
    },
    "basis": {
        "param_decls": ["--basis"],
        "type": OneOf(BASES, context="basis"),
        "default": "ceremony",
        "show_default": True,
        "help": "Day on which an admission is counted.",
    },
}
_ALWAYS = ("known_at", "known_entry")


class Known(NamedTuple):
    """As of which knowledge a report is asked: at most one of the two is given."""

    known_at: str | None
    known_entry: int | None

    def bounds(self, book: Book) -> dict[str, Any]:
        """Return the bounds as ``Reading`` takes them; raise WrongUsage for a bad moment."""
        if self.known_at is not None and self.known_entry is not None:
            raise WrongUsage(Problem("options_exclude", value="--known-at", other="--known-entry"))
        if self.known_at is None:
            return {"known_entry": self.known_entry}
        try:
            return {"known_at": dates.moment(self.known_at, zone_of(book))}
        except Problem as problem:
            raise WrongUsage(problem.at("--known-at")) from None

    def last_entry(self, book: Book) -> int:
        """Return the number of the last entry that was known; raise unknown_entry."""
        bounds = self.bounds(book)
        head = book.head.no
        moment = bounds.get("known_at")
        if moment is not None:
            return _last_recorded(book, moment, head)
        known: int | None = bounds["known_entry"]
        if known is not None and not 0 <= known <= head:
            raise Problem("unknown_entry", value=known).at("--known-entry")
        return head if known is None else known


def reading_options(*names: str) -> Callable[[_Command], _Command]:
    """Return a decorator that gives a command some of ``OPTIONS``, and ``known``.

    The command receives ``known``, a ``Known``, in place of the two options on knowledge.
    """

    def decorate(command: _Command) -> _Command:
        @wraps(command)
        def packed(
            *args: Any, known_at: str | None, known_entry: int | None, **kwargs: Any
        ) -> None:
            command(*args, known=Known(known_at, known_entry), **kwargs)

        decorated: _Command = packed
        for name in reversed((*names, *_ALWAYS)):
            declared = OPTIONS[name]
            rest = {key: value for key, value in declared.items() if key != "param_decls"}
            decorated = click.option(*declared["param_decls"], cls=Option, **rest)(decorated)
        return decorated

    return decorate


def in_order(since: date | None, last_on: date | None) -> None:
    """Check that a period does not end before it begins; raise WrongUsage (bad_period)."""
    if since is not None and last_on is not None and last_on < since:
        period = dates.BETWEEN.join(dates.shown(day, spoken()) for day in (since, last_on))
        raise WrongUsage(Problem("bad_period", value=period).at("--to"))


def _last_recorded(book: Book, moment: Any, head: int) -> int:
    """Return the last entry recorded up to a moment; moments never decrease along numbers."""
    low, high = 0, head
    while low < high:
        middle = (low + high + 1) // 2
        recorded_at = book.entry(middle).recorded_at
        if recorded_at is not None and recorded_at <= moment:
            low = middle
        else:
            high = middle - 1
    return low
