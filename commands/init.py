"""``rollbook init``: start a book."""

from contextlib import closing

import click

from commands.command import Command, Option
from commands.language import say
from commands.parameters import TEXT
from commands.session import Session
from ledger.book import Book
from ledger.store.settings import TIMEZONE


@click.command(
    cls=Command,
    examples=(
        "rollbook init",
        "rollbook init --book tanphu.db --name 'Đảng bộ phường Tân Phú'",
    ),
)
@click.option(
    "--timezone",
    cls=Option,
    type=TEXT,
    metavar="ZONE",
    default=TIMEZONE,
    show_default=True,
    help="Time zone in which the days of the book begin and end.",
)
@click.option("--name", cls=Option, type=TEXT, help="Name of the book, printed on reports.")
@click.pass_obj
def init(session: Session, /, timezone: str, name: str | None) -> None:
    """Start an empty book.

    Two files are made: the book, and beside it a file of keys, which opens names and other
    personal details. Back up both, and keep the backups of the keys apart: whoever has the
    book alone can count, but not read a name.
    """
    with closing(Book.create(session.book_path, timezone=timezone, name=name)) as book:
        click.echo(say("Started the book {path}.").format(path=book.path), err=True)
    click.echo(say("Next: {command}").format(command="rollbook record --help"), err=True)
