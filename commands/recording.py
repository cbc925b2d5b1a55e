"""What commands that write share: their options, and what they say afterwards.

On standard output stand entries as JSON Lines: with ``--dry-run`` those that would be
recorded, ready to be imported; otherwise, when a program reads it, those that were, with
the number and the id that the book gave them, names left out. On standard error stands
what was recorded, under which number, and how to take it back.
"""

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from commands.cells import cell
from commands.command import Option
from commands.entries import entry_named, sealed_values, unrecorded, whole
from commands.json_lines import json_text
from commands.language import say
from commands.parameters import ENTRY, TEXT
from commands.session import Session, book_asked_for
from commands.signing import key_for
from ledger.book import Book, Line, Receipt
from ledger.catalogue import Entry, kind_of

if TYPE_CHECKING:
    from ledger.proof.keys import SigningKey

_LITTLE = timedelta(minutes=5)
"""So far apart the clocks of two machines are, or two commands that ran at once."""
_LONG_AGO = timedelta(days=366)
"""After so long without an entry, a clock may rather be wrong."""
_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


class Writing(NamedTuple):
    """How to write: what every command that writes is asked."""

    by: str
    dry_run: bool
    expect: int | None
    key: str | None = None
    """The file of the operator's key, where it was said."""


WRITING_OPTIONS: tuple[dict[str, Any], ...] = (
    {
        "param_decls": ["--by", "recorded_by"],
        "type": TEXT,
        "help": "Operator who records; by default the login name.",
    },
    {
        "param_decls": ["--key"],
        "type": TEXT,
        "metavar": "FILE",
        "help": "Key of the operator, where the book is signed; by default NAME.CODE.key.",
    },
    {
        "param_decls": ["--expect"],
        "type": ENTRY,
        "help": "Record only if the book still ends with this entry; else leave with status 4.",
    },
    {
        "param_decls": ["--dry-run"],
        "is_flag": True,
        "help": "Check everything, write nothing, and print the entries as JSON Lines.",
    },
)


def writing_parameters() -> list[click.Parameter]:
    """Return the options of everything that writes."""
    return [Option(**declared) for declared in WRITING_OPTIONS]


def writing_options(command: _Decorated) -> _Decorated:
    """Give a command the options of everything that writes."""
    for declared in reversed(WRITING_OPTIONS):
        rest = {name: value for name, value in declared.items() if name != "param_decls"}
        command = click.option(*declared["param_decls"], cls=Option, **rest)(command)
    return command


def writing(session: Session, parameters: Mapping[str, Any]) -> Writing:
    """Return how to write, from the options; the login name where no operator is given."""
    return Writing(
        parameters["recorded_by"] or session.operator,
        parameters["dry_run"],
        parameters["expect"],
        parameters["key"],
    )


def record_one(
    session: Session, book: Book, entry: Entry, how: Writing, key: "SigningKey | None" = None
) -> None:
    """Record one typed entry and say so; raise what ``Book.record`` raises.

    It is signed with ``key``, by default that of the operator.
    """
    line = Line(entry, place=None, sheet=None, row=None)
    receipt = book.record(
        [line],
        now=session.now,
        by=how.by,
        dry_run=how.dry_run,
        expect=how.expect,
        key=key or key_for(book, how),
    )
    if how.dry_run:
        tell_dry_run(receipt)
    else:
        tell_recorded(receipt, session)


def tell_dry_run(receipt: Receipt) -> None:
    """Print what would be recorded, as lines that can be imported."""
    print_entries(receipt.entries, as_typed=True)
    click.echo(say("Nothing was written (--dry-run)."), err=True)


def print_entries(entries: Sequence[Entry], *, as_typed: bool) -> None:
    """Print entries as JSON Lines; ``as_typed``: without what the book sets, with names."""
    for entry in entries:
        click.echo(json_text(unrecorded(entry) if as_typed else sealed_values(entry)))


def tell_clock(receipt: Receipt, now: datetime) -> None:
    """Say where the clock of this machine and the last entry before do not go together."""
    if receipt.after is None or not receipt.how_many:
        return
    if receipt.after - now > _LITTLE:
        told = say(
            "The clock of this machine is behind: it says {now}, and the entry before was recorded "
            "on {before}. What was recorded now stands under that moment; set the clock."
        )
    elif now - receipt.after > _LONG_AGO:
        told = say(
            "The entry before was recorded on {before}, and the clock of this machine says {now}. "
            "If that is wrong, set it before you record more: no later entry can stand under an "
            "earlier moment."
        )
    else:
        return
    before, at = (f"{cell('recorded_at', each)} UTC" for each in (receipt.after, now))
    click.echo(told.format(before=before, now=at), err=True)


def tell_recorded(receipt: Receipt, session: Session) -> None:
    """Say what one command recorded, and how to take it back."""
    tell_clock(receipt, session.now)
    for entry in receipt.entries:
        _tell_entry(entry)
        if kind_of(entry) == "voided":
            click.echo(say("It no longer counts; a voiding is not taken back."), err=True)
            continue
        if entry.corrects is not None:
            replaced = say("It stands in place of entry {no}, which no longer counts.")
            click.echo(replaced.format(no=entry.corrects), err=True)
        take_back = f"rollbook void {entry.no} --reason …{_book_option(session)}"
        click.echo(say("To take it back: {command}").format(command=take_back), err=True)
    if not sys.stdout.isatty():
        print_entries(receipt.entries, as_typed=False)


def tell_entries(receipt: Receipt, session: Session) -> None:
    """Say what one command recorded that is not taken back."""
    tell_clock(receipt, session.now)
    for entry in receipt.entries:
        _tell_entry(entry)
    if not sys.stdout.isatty():
        print_entries(receipt.entries, as_typed=False)


def _tell_entry(entry: Entry) -> None:
    told = say("Recorded {entry}: {what}").format(entry=entry_named(entry), what=whole(entry))
    click.echo(told, err=True)


def _book_option(session: Session) -> str:
    """Return ``--book`` as it must be typed again, if the book is not found without it."""
    found = book_asked_for(()) == session.book_path
    return "" if found else f" --book {shlex.quote(session.book_path)}"
