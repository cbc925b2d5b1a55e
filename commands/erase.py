"""``rollbook erase PERSON``: destroy the key to a person's details, for good."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from commands.books import opened, today, zone_of
from commands.cells import printable
from commands.command import Argument, Command, Option
from commands.dates import shown
from commands.language import say, say_number, spoken
from commands.parameters import DAY, TEXT
from commands.people import person_with_id
from commands.recording import tell_dry_run, tell_entries, writing, writing_options
from commands.session import Session
from commands.signing import key_for
from ledger.book import Book
from ledger.keeping.copies import Copy, copies, forget
from ledger.keeping.erasure import erase as erase_person


@click.command(
    cls=Command,
    examples=(
        "rollbook erase P000003 --reason 'Theo đơn ngày 02/05/2024' --dry-run",
        "rollbook erase P000003 --reason 'Theo đơn ngày 02/05/2024' --delete-exports",
    ),
)
@click.argument("person", cls=Argument, type=TEXT, help="The person's id.")
@click.option("--reason", cls=Option, type=TEXT, required=True, help="Why they are erased.")
@click.option(
    "--on",
    cls=Option,
    type=DAY,
    help="Day of the erasure; by default the day it is recorded.",
)
@click.option(
    "--delete-exports",
    cls=Option,
    is_flag=True,
    help="Delete the exported files with personal details, too, that are as Rollbook wrote them.",
)
@writing_options
@click.pass_obj
def erase(
    session: Session, /, person: str, reason: str, *, delete_exports: bool, **parameters: Any
) -> None:
    """Erase a person: nobody can open their personal details any more, in any copy.

    Name, day of birth, address and all else that is sealed are gone for good: this cannot be
    taken back. Every entry stays, and every count, proof and checkpoint; lists show the person
    as erased. The key to the whole book is renewed, so that older copies of the book open
    nothing with the new keys file: make a new backup afterwards.

    Exported files are another thing: those that Rollbook knows of are named, and deleted with
    --delete-exports. docs/trust/keeping.md says what else may hold the name.
    """
    how = writing(session, parameters)
    with opened(session) as book:
        person_with_id(book, person)
        receipt = erase_person(
            book,
            person,
            reason,
            on=parameters["on"] or today(session, book),
            now=session.now,
            by=how.by,
            dry_run=how.dry_run,
            expect=how.expect,
            key=key_for(book, how),
        )
        if how.dry_run:
            tell_dry_run(receipt)
        else:
            tell_entries(receipt, session)
            told = say(
                "The personal details of {person} cannot be opened any more; they do not come back."
            )
            click.echo(told.format(person=person), err=True)
        _deal_with_copies(book, deletes=delete_exports, dry_run=how.dry_run)


def _deal_with_copies(book: Book, *, deletes: bool, dry_run: bool) -> None:
    """Delete or name the files that may still hold what was erased."""
    listed = copies(book.path)
    known = [copy for copy in listed if copy.is_there]
    exports = [copy for copy in known if copy.what == "export"]
    ours = [copy for copy in exports if deletes and copy.is_as_written]
    if dry_run:
        _name(
            book,
            ours,
            say_number(
                "{number} file would be deleted:", "{number} files would be deleted:", len(ours)
            ),
        )
    else:
        _delete(book, ours)
    left = [copy for copy in exports if copy not in ours]
    _name(
        book,
        left,
        say_number(
            "{number} file that was written with personal details may still hold them:",
            "{number} files that were written with personal details may still hold them:",
            len(left),
        ),
    )
    if left:
        click.echo(say("Delete what nobody needs; export again what somebody does."), err=True)
    keys = [copy for copy in known if copy.what == "keys"]
    _name(
        book,
        keys,
        say_number(
            "{number} copy of the keys opens older backups, those of the erased among them:",
            "{number} copies of the keys open older backups, those of the erased among them:",
            len(keys),
        ),
    )
    away = [copy for copy in listed if copy.what == "keys" and not copy.is_there]
    _name(
        book,
        away,
        say_number(
            "{number} copy of the keys is not where it was written; unless it was destroyed, it"
            " opens them, too:",
            "{number} copies of the keys are not where they were written; those that were not"
            " destroyed open them, too:",
            len(away),
        ),
    )
    if keys or away:
        click.echo(
            say("Make a new one (rollbook backup … --keys FILE), then destroy the old."), err=True
        )
    lost = [copy for copy in listed if copy.what == "export" and not copy.is_there]
    _name(
        book,
        lost,
        say_number(
            "{number} file with personal details is not where it was written; if it was moved,"
            " it still holds them:",
            "{number} files with personal details are not where they were written; those that"
            " were moved still hold them:",
            len(lost),
        ),
    )


def _delete(book: Book, found: Sequence[Copy]) -> None:
    gone = []
    for copy in found:
        try:
            Path(copy.path).unlink()
        except OSError as error:
            told = say("{path} could not be deleted: {detail}")
            detail = error.strerror or str(error)
            click.echo(told.format(path=printable(copy.path), detail=detail), err=True)
        else:
            gone.append(copy)
            click.echo(say("Deleted {path}").format(path=printable(copy.path)), err=True)
    if gone:
        forget(book.path, gone)


def _name(book: Book, found: Sequence[Copy], heading: str) -> None:
    """Name files under a heading, each with the day it was written on."""
    if not found:
        return
    click.echo(heading, err=True)
    for copy in found:
        day = datetime.fromisoformat(copy.at).astimezone(zone_of(book)).date()
        click.echo(f"  {printable(copy.path)} ({shown(day, spoken())})", err=True)
