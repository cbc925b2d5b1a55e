"""``--calendar``: the user's file of holidays, for deadlines in working days."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from commands.command import Option
from commands.parameters import PATH
from ledger.errors import Problem, WrongUsage
from projections.rules.workdays import Calendar, read_calendar

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def calendar_option(command: _Decorated) -> _Decorated:
    """Give a command ``--calendar``, which it receives as ``calendar_path``."""
    return click.option(
        "--calendar",
        "calendar_path",
        cls=Option,
        type=PATH,
        metavar="FILE",
        help="Holidays and make-up days, by year; without it no working days are counted.",
    )(command)


def calendar_of(path: str | None) -> Calendar | None:
    """Return the calendar of a file, None without one.

    Raises WrongUsage with the line that is wrong, or file_unreadable.
    """
    if path is None:
        return None
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        detail = error.strerror if isinstance(error, OSError) else str(error)
        problem = Problem("file_unreadable", value=path, detail=detail or "")
        raise WrongUsage(problem.at("--calendar")) from None
    try:
        return read_calendar(lines, path)
    except Problem as problem:
        raise WrongUsage(problem) from None
