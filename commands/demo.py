"""``rollbook demo``: a sample book from published figures, and the term report of one ward."""

import os
import shlex
from datetime import date
from pathlib import Path

import click
from click.core import ParameterSource

from commands.command import Command
from commands.language import say
from commands.sample import AUTHOR, NAME, entries
from commands.session import BOOK_VARIABLE, Session
from commands.term import term
from ledger.book import Book, Line

DEFAULT_PATH = "rollbook-demo.db"
REPORT = {"term_name": "2020-2025", "unit": "TANPHU", "as_of": date(2023, 9, 18)}
"""The report that is printed: the ward's term, as of the day its figures were published."""
TO_TRY: dict[str, str] = {
    "term 2020-2025 --unit TANPHU --as-of 2021-12-31 --known-at 2022-01-05": (
        "the same term as it was known then: one admission of 2021 was still missing"
    ),
    "term 2020-2025 --unit PHOYEN --as-of 2023-08-31": "the city above it: 231, 242 and 140",
    "term 2020-2025 --unit QUANGTRI --as-of 2023-09-30 --basis decision": (
        "admissions by the day of the decision: 14 in nine months"
    ),
    "headcount --unit TANPHU --years 2015..2023": "how many members at the end of each year",
    "roster --unit TANPHU.4 --as-of 2023-09-18 --names": (
        "who they are (everybody is invented), in a cell that another was merged into"
    ),
    "history --person P000003": "what happened to one person, with a mistake and its mending",
    "history --unit TANPHU": "what happened to the ward, with its targets and figures",
}
"""Commands to try, each with what it shows (a message id)."""


def _path(ctx: click.Context, session: Session) -> str:
    """Return where the book is to be: where the call says, else a file of its own name."""
    said = any(
        context.get_parameter_source("book") is ParameterSource.COMMANDLINE
        for context in (ctx, ctx.parent)
        if context is not None
    )
    return session.book_path if said or os.environ.get(BOOK_VARIABLE) else DEFAULT_PATH


@click.command(
    cls=Command,
    examples=(
        "rollbook demo",
        "rollbook demo --book sample.db",
    ),
)
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Make a sample book and print the term report of one ward.

    The figures are those that newspapers printed of Tân Phú, Phổ Yên, Quảng Trị and Hội
    Hợp; the persons, and what newspapers did not print, are invented and marked so.

    The book is `rollbook-demo.db` in this folder unless --book or $ROLLBOOK names another.
    A file that exists is never overwritten.
    """
    session = ctx.find_object(Session)
    if session is None:
        raise TypeError(ctx)
    session.book_path = _path(ctx, session)
    with Book.create(session.book_path, name=NAME) as book:
        lines = [Line(entry, place=None, sheet=None, row=None) for entry in entries()]
        receipt = book.record(lines, now=session.now, by=AUTHOR, keep_recorded=True)
    made = say("Made the sample book {path}: {count} entries. Every person in it is invented.")
    click.echo(made.format(path=session.book_path, count=receipt.last), err=True)
    click.echo(err=True)
    ctx.invoke(term, **REPORT)
    _say_what_to_try(session.book_path)


def _say_what_to_try(path: str) -> None:
    click.echo(f"\n{say('Now try:')}", err=True)
    quoted = shlex.quote(Path(path).as_posix())
    for command, shows in TO_TRY.items():
        click.echo(f"\n  # {say(shows)}\n  rollbook {command} --book {quoted}", err=True)
