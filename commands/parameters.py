"""The types of options and arguments: text at the door, checked before anything else."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from errno import ENOENT
from typing import Any

import click
from click.shell_completion import CompletionItem

import commands.problems  # noqa: F401 - makes the codes raised here known
from commands import dates
from commands.language import has_word, say, spoken, word
from commands.session import session_of
from commands.words import meant
from ledger.codes import code_list
from ledger.errors import Problem, WrongUsage

_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_UNSEEN = frozenset({"Cc", "Cs"})
"""Control characters, and halves of characters: what no keyboard gives on purpose."""
_LONGEST_CHOICES = 48
Read = Callable[[str], Any]


def text(value: str) -> str:
    """Return text as it is kept: composed (NFC), no space around; raise bad_text."""
    if any(unicodedata.category(c) in _UNSEEN and c not in "\t\n" for c in value):
        raise Problem("bad_text", value=ascii(value))
    return unicodedata.normalize("NFC", value).strip()


def integer(value: str) -> int:
    """Return a whole number; raise bad_number."""
    if not _INTEGER.fullmatch(value):
        raise Problem("bad_number", value=value)
    return int(value)


def decimal(value: str) -> str:
    """Return an exact number as its text, the way JSON Lines has it; raise bad_number."""
    if not _DECIMAL.fullmatch(value):
        raise Problem("bad_number", value=value)
    return value


def amount(value: str) -> str | list[str]:
    """Return one number, or the two ends of ``90..100``; raise bad_number."""
    if dates.BETWEEN in value:
        return [decimal(end) for end in value.split(dates.BETWEEN, 1)]
    return decimal(value)


def written(parameter: click.Parameter | None) -> str | None:
    """Return how a parameter is written on the command line: the place of an error.

    An argument has no name there, so it is called as in the help.
    """
    if parameter is None:
        return None
    long = (option for option in parameter.opts if option.startswith("--"))
    return next(long, say(parameter.human_readable_name.strip("[]")))


class Checked(click.ParamType[Any]):
    """A type that reads text with one function, and names what its value is in the help."""

    def __init__(
        self, name: str, read: Read = text, *, completes: str = "", listed: str = ""
    ) -> None:
        self.name = name
        self.read = read
        self.completes = completes
        """What of the book the shell completes it with: ``unit``, ``class`` …; or nothing."""
        self.listed = listed
        """The list of codes that the shell completes it with; others are taken, too."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the word that stands for the value in the help."""
        del param, ctx
        return say(self.name)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value; raise WrongUsage, whose problem stands at the option."""
        del ctx
        if not isinstance(value, str):
            return value
        try:
            return self.read(text(value))
        except Problem as problem:
            raise WrongUsage(problem.at(written(param))) from None

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the codes of the book that begin with what is typed."""
        del param
        if self.listed:
            found = [code for code in code_list(self.listed).codes if code.startswith(incomplete)]
            return [CompletionItem(code, help=word(self.listed, code)) for code in found]
        if not self.completes:
            return []
        from commands.completion import codes  # noqa: PLC0415 - only when the shell asks

        path = session_of(ctx).book_path
        return [CompletionItem(code) for code in codes(path, self.completes, incomplete)]


class OneOf(click.Choice[str]):
    """A choice among identifiers, whose ``context`` is where their words are found."""

    def __init__(self, choices: Iterable[str], context: str = "") -> None:
        super().__init__(tuple(choices))
        self.context = context

    @property
    def is_long(self) -> bool:
        """Whether there are too many choices to stand beside the option itself."""
        return len("|".join(self.choices)) > _LONGEST_CHOICES

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Return the choices, or one word for them when they are many."""
        return say("VALUE") if self.is_long else super().get_metavar(param, ctx)

    def _with_word(self, choice: str) -> str:
        """Return an identifier, with its word where that is not English itself."""
        if spoken() == "en" or not has_word(self.context, choice):
            return choice
        return f"{choice} ({word(self.context, choice)})"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the identifier; raise WrongUsage with the one that was probably meant."""
        del ctx
        if value in self.choices:
            return str(value)
        near = meant(str(value), self.context, self.choices)
        problem = Problem(
            "bad_choice",
            value=value,
            suggestion=self._with_word(near) if near else "",
            choices=", ".join(map(self._with_word, self.choices)),
        )
        raise WrongUsage(problem.at(written(param)))


class File(click.Path):
    """The path of a file, which no empty text is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; raise WrongUsage (file_unreadable)."""
        if value == "":
            detail = os.strerror(ENOENT)
            raise WrongUsage(Problem("file_unreadable", value="", detail=detail).at(written(param)))
        return super().convert(value, param, ctx)


class Workbook(File):
    """A file that is written as XLSX, which its name must say: programs go by that."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; raise WrongUsage (not_xlsx)."""
        path = str(super().convert(value, param, ctx))
        if not path.lower().endswith(".xlsx"):
            raise WrongUsage(Problem("not_xlsx", value=path).at(written(param)))
        return path


TEXT = Checked("TEXT")
DAY = Checked("DAY", dates.day)
DAY_ASKED = Checked("DAY", dates.day_asked)
INTEGER = Checked("NUMBER", integer)
DECIMAL = Checked("NUMBER", decimal)
AMOUNT = Checked("NUMBER[..NUMBER]", amount)
YEARS = Checked("YEAR..YEAR", dates.years)
UNIT = Checked("UNIT", completes="unit")
PERSON = Checked("PERSON")
ENTRY = Checked("NO", integer)
PATH = File(dir_okay=False, path_type=str)
WORKBOOK = Workbook(dir_okay=False, path_type=str)
