"""Where a result goes and in which form: ``--format``, ``-o``, ``--excel``, ``--separator``.

The extension of the file chooses the form. A form that is given and contradicts a known
extension is refused: a file that is not what its name says misleads whoever opens it.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click
from click.core import ParameterSource

from commands.command import Option
from commands.parameters import PATH, OneOf
from commands.separated import SEPARATORS, Dialect
from ledger.errors import Problem, WrongUsage

EXTENSIONS = {
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".jsonl": "jsonl",
    ".md": "markdown",
    ".parquet": "parquet",
}
"""The form that each extension of a file chooses."""
BINARY = frozenset({"xlsx", "parquet"})
"""Forms that are no text, and so are never written on a terminal."""
_Command = Callable[..., Any]


class Destination(NamedTuple):
    """Where a result goes: standard output, or a file that is not there yet."""

    form: str
    path: Path | None = None
    dialect: Dialect = Dialect()
    replaces: bool = False
    """Whether a file that is there may be replaced."""


def destination_options(forms: Sequence[str], usual: str, help_: str) -> Callable[..., _Command]:
    """Return a decorator that gives a command ``to``, a Destination, from its options.

    ``forms``: those it can write; ``usual``: that without options; ``help_``: of --format.
    """

    def decorate(command: _Command) -> _Command:
        @wraps(command)
        def packed(
            *args: Any,
            form: str,
            output: str | None,
            excel: bool,
            separator: str,
            replace: bool,
            **kwargs: Any,
        ) -> Any:
            path = None if output is None else Path(output)
            found = _form(form if _is_given("form") else None, path, forms) or usual
            about_csv = {"--excel": excel, "--separator": _is_given("separator")}
            _check(found, path, about_csv, replace=replace)
            dialect = Dialect(SEPARATORS[separator], excel)
            return command(*args, to=Destination(found, path, dialect, replace), **kwargs)

        decorated: _Command = packed
        for option in reversed(_options(forms, usual, help_)):
            decorated = option(decorated)
        return decorated

    return decorate


def _options(forms: Sequence[str], usual: str, help_: str) -> list[Callable[..., _Command]]:
    return [
        click.option(
            "--format",
            "form",
            cls=Option,
            type=OneOf(forms),
            default=usual,
            show_default=True,
            help=help_,
        ),
        click.option(
            "-o",
            "--output",
            cls=Option,
            type=PATH,
            metavar="FILE",
            help="Write this file, whole or not at all; its extension chooses the form.",
        ),
        click.option(
            "--replace",
            cls=Option,
            is_flag=True,
            help="Put the file in the place of one that is there.",
        ),
        click.option(
            "--excel",
            cls=Option,
            is_flag=True,
            help="CSV that Excel opens unharmed: with a byte order mark, and no cell a formula.",
        ),
        click.option(
            "--separator",
            cls=Option,
            type=OneOf(SEPARATORS),
            default=",",
            show_default=True,
            help="What stands between the cells of CSV; for Excel in Vietnamese a semicolon.",
        ),
    ]


def _is_given(name: str) -> bool:
    """Return whether an option was typed, and is not only its default."""
    source = click.get_current_context().get_parameter_source(name)
    return source not in {None, ParameterSource.DEFAULT}


def _form(given: str | None, path: Path | None, forms: Sequence[str]) -> str | None:
    """Return the form that is meant, None without any; raise WrongUsage."""
    if path is None:
        return given
    extension = path.suffix.lower()
    by_name = EXTENSIONS.get(extension)
    if by_name in forms and given in {None, by_name}:
        return by_name
    if by_name is None and given is not None:
        return given
    choices = ", ".join(ending for ending, form in EXTENSIONS.items() if form in forms)
    if by_name in forms:
        problem = Problem("form_differs", value=str(path), form=given, choices=choices)
    else:
        problem = Problem("unknown_extension", value=str(path), choices=choices)
    raise WrongUsage(problem.at("--output"))


def _check(form: str, path: Path | None, about_csv: Mapping[str, bool], *, replace: bool) -> None:
    """Check that options are given that go together; raise WrongUsage."""
    for option, given in about_csv.items():
        if given and form != "csv":
            raise WrongUsage(Problem("only_for_csv", value=option, form=form).at(option))
    if path is None and replace:
        raise WrongUsage(Problem("missing_option", command="--replace", value="--output"))
    if path is not None:
        from commands.files import check_free  # noqa: PLC0415 - only who writes a file needs it

        check_free(path, replaces=replace)
    elif form in BINARY and sys.stdout.isatty():
        raise WrongUsage(Problem("not_for_terminal", value=form).at("--format"))
