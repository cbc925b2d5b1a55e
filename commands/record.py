"""``rollbook record KIND``: one command for each kind of entry, made from the catalogue."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import click

from commands.books import opened, today
from commands.cells import printable
from commands.command import Command, Group
from commands.entries import entry_of
from commands.examples import example
from commands.fields import Path, given, option_at, options_of, overlaid
from commands.language import say
from commands.recording import record_one, writing, writing_parameters
from commands.session import session_of
from commands.words import meant
from ledger.catalogue import KINDS, help_of
from ledger.codes import code_list
from ledger.errors import Problem, RollbookError, WrongUsage
from ledger.recording.door import OPENING_KINDS

ROOMS = {
    "units": "Party organisations",
    "pipeline": "On the way to membership",
    "membership": "Members",
    "statistics": "Targets, counts and figures",
    "record": "The book itself",
}
"""Headings of the kinds, by the catalogue's module that declares them (message ids)."""


class KindCommand(Command):
    """A command whose options are the fields of one kind."""

    def __init__(self, kind: str, *, needs_all: bool = True, **kwargs: Any) -> None:
        self.kind = kind
        fields = options_of(kind, needs_all=needs_all)
        kwargs.setdefault("help", help_of(kind))
        super().__init__(params=[*fields, *writing_parameters()], **kwargs)


class RecordCommand(KindCommand):
    """The command that records entries of one kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind, name=kind, examples=[example(kind)])

    def invoke(self, ctx: click.Context) -> None:
        """Record the entry that the options describe."""
        session = session_of(ctx)
        typed = given(ctx, self.kind)
        require_all(ctx, self.kind, typed)
        with opened(session) as book, at_options(self.kind, typed):
            if ("effective_on",) not in typed:
                day = typed.get(("as_of",)) or today(session, book).isoformat()
                typed[("effective_on",)] = day
            values = overlaid({"kind": self.kind}, typed)
            if self.kind in OPENING_KINDS:
                values.setdefault("person", "")
            how = writing(session, ctx.params)
            record_one(session, book, entry_of(values), how)
        tell_unlisted(self.kind, typed)


def tell_unlisted(kind: str, typed: Mapping[Path, Any]) -> None:
    """Say which codes are not listed, as they may be slips: they are kept all the same."""
    for option in options_of(kind):
        name, value = getattr(option.type, "listed", ""), typed.get(option.path)
        if not name or not value:
            continue  # a list takes time to read
        listed = code_list(name).codes
        for code in value if isinstance(value, list) else [value]:
            if code and code not in listed:
                near = meant(code, name, listed)
                hint = say("; did you mean {value}?").format(value=near) if near else ""
                text = say("{option}: {code} is not among the listed codes, and kept as it is")
                told = text.format(option=option.opts[0], code=printable(code))
                click.echo(f"{told}{hint}", err=True)


def require_all(ctx: click.Context, kind: str, typed: Mapping[Path, Any]) -> None:
    """Raise WrongUsage that lists every option that recording needs and that is missing."""
    missing = [
        option.opts[0]
        for option in options_of(kind)
        if option.needed and typed.get(option.path, "") == ""
    ]
    if kind == "unnamed_counted" and not typed.keys() & {("effective_on",), ("as_of",)}:
        missing.append("--on")
    if missing:
        command = ctx.command_path
        raise WrongUsage(
            *(Problem("missing_option", value=name, command=command).at(name) for name in missing)
        )


@contextmanager
def at_options(kind: str, typed: Mapping[Path, Any]) -> Iterator[None]:
    """Say of what is wrong which option it stands in: by its field, or by its value."""
    try:
        yield
    except RollbookError as error:
        for problem in error.problems:
            _place(problem, kind, typed)
        raise
    except Problem as problem:
        _place(problem, kind, typed)
        raise


def _place(problem: Problem, kind: str, typed: Mapping[Path, Any]) -> None:
    if problem.place is None and "field" in problem.values:
        problem.at(option_at(kind, str(problem.values["field"])))
    if problem.place is None and problem.values.get("value") is not None:
        wrong = str(problem.values["value"])
        for path, value in typed.items():
            if wrong == str(value) or (isinstance(value, list) and wrong in value):
                problem.at(option_at(kind, ".".join(path)))
                return


@cache
def _command(kind: str) -> RecordCommand:
    return RecordCommand(kind)


class RecordGroup(Group):
    """Every kind of the catalogue as a command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the kinds, in the order of the catalogue."""
        del ctx
        return list(KINDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of one kind; dashes may stand for underscores."""
        del ctx
        kind = cmd_name.replace("-", "_")
        return _command(kind) if kind in KINDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the kind; raise unknown_kind with the one likely meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand:
            near = meant(args[0], "kind", KINDS)
            problem = Problem("unknown_kind", value=args[0], suggestion=near)
            raise WrongUsage(problem) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the kinds under their headings, with their lines of help."""
        del ctx
        widest = max(map(len, KINDS))
        for module, heading in ROOMS.items():
            rows = [
                (kind.ljust(widest), say(help_of(kind)).rstrip("."))
                for kind, entry_type in KINDS.items()
                if entry_type.__module__.endswith(f".{module}")
            ]
            with formatter.section(say(heading)):
                formatter.write_dl(rows)


@click.group(
    cls=RecordGroup,
    examples=(example("nominated"), example("admitted"), "rollbook record admitted --help"),
)
def record() -> None:
    """Record what happened: one command for each kind of entry.

    `rollbook record KIND --help` lists the fields of a kind. What cannot have happened is
    refused with a reason; what breaks a rule that has lawful exceptions is recorded.
    """
