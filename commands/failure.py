"""What is said when something was not done: one problem after another, on standard error.

The first line of a problem is ``place: code: text``; the code is stable and never
translated. Below it stand the offending value, where the text does not show it, and the
remedy. No traceback is ever shown; with ``ROLLBOOK_TRACE=1`` one is, of the unforeseen.
"""

import os
import traceback
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import click

import commands.problems  # noqa: F401 - makes the codes of the command line known
from commands.cells import printable
from commands.dates import shown
from commands.entries import entry_named
from commands.language import say, spoken, word
from commands.parameters import written
from ledger.catalogue import Entry
from ledger.errors import Problem, Refused, RollbookError, WrongUsage
from ledger.problems import PROBLEMS

UNFORESEEN = 70
"""EX_SOFTWARE of sysexits.h: the program itself is at fault; not among DESIGN's statuses."""
TRACE_VARIABLE = "ROLLBOOK_TRACE"
_TRANSLATED = {
    "kind": "kind",
    "what": "what",
    "measure": "measure",
    "filter": "column",
    "role": "role",
}
"""Values of problems and notes that are identifiers, with the context of their words."""


def tell(error: Exception) -> int:
    """Say on standard error why nothing was done; return the exit status."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    known = as_known(error)
    if known is None:
        if os.environ.get(TRACE_VARIABLE):
            click.echo("".join(traceback.format_exception(error)), err=True)
        detail = f"{type(error).__name__}: {error}"
        tell_problem(Problem("unforeseen", detail=detail))
        return UNFORESEEN
    for problem in known.problems:
        tell_problem(problem)
    return known.status


def as_known(error: Exception) -> RollbookError | None:
    """Return an error as one with problems; None if nobody foresaw it."""
    if isinstance(error, RollbookError):
        return error
    if isinstance(error, Problem):
        return Refused(error)
    if isinstance(error, click.ClickException):
        return WrongUsage(_misuse(error))
    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        detail = error.strerror or str(error)
        name = error.filename if error.filename is not None else say("standard output")
        code = "file_unwritable" if error.filename is None else "file_unreadable"
        return Refused(Problem(code, value=name, detail=detail))
    return None


def _misuse(error: click.ClickException) -> Problem:
    """Return the problem that an error of the command line library is about."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "rollbook"
    place = written(getattr(error, "param", None))
    if isinstance(error, click.NoSuchCommand):
        near = (error.possibilities or [""])[0]
        value = error.command_name
        return Problem("no_such_command", value=value, suggestion=near, command=command)
    if isinstance(error, click.NoSuchOption):
        near = (error.possibilities or [""])[0]
        value = error.option_name
        return Problem("no_such_option", value=value, suggestion=near, command=command)
    if isinstance(error, click.MissingParameter):
        return Problem("missing_option", value=place or "", command=command).at(place)
    if isinstance(error, click.BadParameter):
        return Problem("wrong_usage", detail=error.message, command=command).at(place)
    return Problem("wrong_usage", detail=error.format_message(), command=command)


def tell_problem(problem: Problem) -> None:
    """Write one problem on standard error, in the language spoken; colour on a terminal."""
    words = PROBLEMS[problem.code]
    values = spoken_values(problem.values)
    text = filled(words.text, values)
    place = printable(problem.place or "rollbook")
    code = click.style(problem.code, fg="red", bold=True)
    lines = [f"{click.style(place, bold=True)}: {code}: {text}"]
    offending = values.get("value", "")
    if offending and offending not in text:
        lines.append(f"  {say('value')}: {offending}")
    lines.append(f"  {say('remedy')}: {remedy_text(problem)}")
    click.echo("\n".join(lines), err=True, color=False if os.environ.get("NO_COLOR") else None)


def problem_text(problem: Problem) -> str:
    """Return what a problem says, without its code and remedy, in the language spoken."""
    return filled(PROBLEMS[problem.code].text, spoken_values(problem.values))


def remedy_text(problem: Problem) -> str:
    """Return what to do about a problem, in the language spoken."""
    raw = spoken_values(problem.values) | {"kind": printable(problem.values.get("kind", ""))}
    return filled(PROBLEMS[problem.code].remedy, raw)


def filled(message: str, values: Mapping[str, str]) -> str:
    """Return a message in the language spoken with its values, a mark where one is missing.

    To say what is wrong must never go wrong itself.
    """
    return say(message).format_map(defaultdict(lambda: "?", values))


def spoken_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a problem as its sentence shows them."""
    spoken_by_name = {name: _spoken_value(name, value) for name, value in values.items()}
    if "suggestion" in values and values["suggestion"] == values.get("value"):
        spoken_by_name["suggestion"] = ""  # what is no longer there resembles itself most
    return spoken_by_name


def _spoken_value(name: str, value: Any) -> str:
    if isinstance(value, Problem):
        return problem_text(value)
    if isinstance(value, Entry):
        return entry_named(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return shown(value, spoken())
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_spoken_value("", item) for item in value)
    return _spoken_text(name, "" if value is None else str(value))


def _of_the_system(detail: str) -> str:
    """Return the usual sentences of the system, which are English, in the language spoken."""
    usual = {
        "No such file or directory": say("No such file or directory"),
        "Permission denied": say("Permission denied"),
        "Is a directory": say("Is a directory"),
        "Not a directory": say("Not a directory"),
        "No space left on device": say("No space left on device"),
        "Read-only file system": say("Read-only file system"),
        "attempt to write a readonly database": say("it may only be read"),
        "database or disk is full": say("No space left on device"),
        "Cannot detect file format": say("it is none of the forms that can be read"),
        "database disk image is malformed": say("it is damaged, or only a part of it is there"),
        "the file is too long": say("the file is too long"),
        "file is not a database": say("it is none of the forms that can be read"),
        "unexpected end of data": say("a quotation mark is not closed"),
    }
    return usual.get(detail, detail)


def _spoken_text(name: str, text: str) -> str:
    if name == "suggestion":
        return say("; did you mean {value}?").format(value=printable(text)) if text else ""
    if name == "choices":
        return text  # of our own making, and of no use when it is cut short
    if name == "detail":
        return printable(_of_the_system(text))
    return printable(word(_TRANSLATED[name], text) if name in _TRANSLATED else text)
