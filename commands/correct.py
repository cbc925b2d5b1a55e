"""``rollbook correct NO``: put a right entry in the place of a wrong one."""

from typing import Any

import click

from commands.books import opened
from commands.command import Group
from commands.entries import about, entry_named, entry_of, unrecorded
from commands.fields import Path, given, overlaid
from commands.language import say
from commands.parameters import integer
from commands.record import KindCommand, at_options, tell_unlisted
from commands.recording import record_one, writing
from commands.session import session_of
from ledger.catalogue import Entry, kind_of
from ledger.errors import Problem, Refused, WrongUsage
from ledger.keeping.erasure import erasures


class CorrectEntry(KindCommand):
    """The command that corrects one entry: its options are the fields of the entry's kind."""

    def __init__(self, wrong: Entry, *, erased: bool = False) -> None:
        self.wrong = wrong
        self.erased = erased
        kind = kind_of(wrong)
        super().__init__(
            kind,
            name=str(wrong.no),
            needs_all=False,
            examples=(f"rollbook correct {wrong.no} --on {wrong.effective_on}",),
        )
        self.params = [option for option in self.params if option.name != "corrects"]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write which entry it is, as it stands, before the help of its kind."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(f"{entry_named(self.wrong)}: {about(self.wrong)}")
        super().format_help_text(ctx, formatter)

    def invoke(self, ctx: click.Context) -> None:
        """Record the entry as it was, with what was given put in, in place of the wrong one."""
        session = session_of(ctx)
        typed = given(ctx, self.kind)
        before = unrecorded(self.wrong)
        after = overlaid(before, _with_year(typed))
        if not self.erased:  # what is erased stays named as sealed
            _refuse_lost(self.wrong, after)
        if after == before:
            raise WrongUsage(Problem("nothing_to_correct", value=self.wrong.no))
        after["corrects"] = self.wrong.no
        with opened(session) as book, at_options(self.kind, typed):
            record_one(session, book, entry_of(after), writing(session, ctx.params))
        tell_unlisted(self.kind, typed)


def _with_year(typed: dict[Path, Any]) -> dict[Path, Any]:
    """Return what was typed; a new day of birth takes the old year of birth away."""
    if ("profile", "birth_date") in typed:
        return {("profile", "birth_year"): "", **typed}
    return typed


def _refuse_lost(wrong: Entry, after: dict[str, Any]) -> None:
    """Refuse a correction that would lose personal details which could not be opened."""
    for path in wrong.sealed:
        inner: Any = after
        for part in path.split("."):
            inner = inner.get(part) if isinstance(inner, dict) else None
        if inner is None:
            raise Refused(Problem("sealed_field", value=wrong.no, field=path))
    after.pop("sealed", None)


class CorrectGroup(Group):
    """Entries of the book, by their number, each as a command of its kind."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return nothing: a book has too many entries to list."""
        del ctx
        return []

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command that corrects entry number ``cmd_name``."""
        try:
            no = integer(cmd_name)
        except Problem as problem:
            raise WrongUsage(problem.at(say("NO"))) from None
        with opened(session_of(ctx)) as book:
            wrong = book.entry(no, opened=True)
            person = getattr(wrong, "person", None)
            gone = bool(wrong.sealed and person and erasures(book, [person]))
            return CorrectEntry(wrong, erased=gone)


@click.group(
    cls=CorrectGroup,
    subcommand_metavar="NO [FIELDS]",
    examples=(
        "rollbook correct 12 --on 2020-03-03",
        "rollbook correct 12 --unit TP.CB2 --note ''",
        "rollbook correct 12 --help",
    ),
)
def correct() -> None:
    """Put a right entry in the place of a wrong one.

    NO is the number of the wrong entry. The fields that are given replace its own; the
    others stay as they are; an empty text takes a field away. `rollbook correct NO --help`
    lists the fields of that entry's kind. The wrong entry stays in the book and is shown as
    corrected.

    If the kind itself was wrong, record the right one with `--corrects NO`.
    """
