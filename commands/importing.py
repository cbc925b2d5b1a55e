"""``rollbook import``: record the entries of a file of JSON Lines, all or none."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

import click

from commands.books import opened
from commands.command import Argument, Command, Option
from commands.language import say, say_number
from commands.parameters import PATH
from commands.progress import progress
from commands.recording import print_entries, writing, writing_options
from commands.session import Session
from ledger.book import Receipt, Source
from ledger.errors import Problem, Refused
from ledger.exchange.linefile import LineFile

STANDARD_INPUT = "-"
_SPOOLED_BYTES = 64 * 1024 * 1024
_COPIED_BYTES = 1024 * 1024
_ENTRIES_WORTH_SEGMENTS = 100_000


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open the file to be read from its beginning as often as need be; raise Refused."""
    if name != STANDARD_INPUT:
        try:
            with Path(name).open("rb") as stream:
                yield stream
        except OSError as error:
            detail = error.strerror or str(error)
            raise Refused(Problem("file_unreadable", value=name, detail=detail)) from None
        return
    # It may hold names: what does not fit into memory goes to a file that nobody else sees.
    with SpooledTemporaryFile(max_size=_SPOOLED_BYTES) as spool:
        copyfileobj(sys.stdin.buffer, spool, _COPIED_BYTES)
        yield cast("BinaryIO", spool)


def _tell_lines(count: int, _: int) -> None:
    progress(say("Checked {number} lines …").format(number=count))


@click.command(
    "import",
    cls=Command,
    examples=(
        "rollbook import thang9.jsonl --dry-run",
        "rollbook import thang9.jsonl",
        "rollbook export --book old.db | rollbook import --book new.db --keep-recorded",
    ),
)
@click.argument(
    "file",
    cls=Argument,
    type=PATH,
    default=STANDARD_INPUT,
    help="The file; standard input without it, or with -.",
)
@click.option(
    "--keep-recorded",
    cls=Option,
    is_flag=True,
    help="Keep number, moment and operator of each line, as a whole export has them.",
)
@writing_options
@click.pass_obj
def import_(session: Session, /, file: str, *, keep_recorded: bool, **parameters: Any) -> None:
    """Record the entries of a file of JSON Lines: one entry a line, as `export` writes them.

    All of the file is recorded, or nothing: then every line that is wrong is listed, with
    the reason. Lines are checked against the book and the lines before them. Where lines
    carry their number, a `voided` or `corrects` in the file means those numbers.
    """
    how = writing(session, parameters)
    name = None if file == STANDARD_INPUT else Path(file).name
    with opened(session) as book, _opened(file) as stream:
        lines = LineFile(stream, name or STANDARD_INPUT, _tell_lines)
        receipt = book.record(
            lines,
            now=session.now,
            by=how.by,
            source=Source(name, lines.hash()),
            keep_recorded=keep_recorded,
            dry_run=how.dry_run,
            expect=how.expect,
            keep_entries=how.dry_run,
        )
        progress("")
        if not how.dry_run and receipt.how_many >= _ENTRIES_WORTH_SEGMENTS:
            # What the next reading needs, made while the entries are at hand.
            import_module("projections.segments").refresh(book)
    _tell(receipt, dry_run=how.dry_run)


def _tell(receipt: Receipt, *, dry_run: bool) -> None:
    """Say what was recorded, under which numbers, and how to take it back."""
    number = receipt.how_many
    if dry_run:
        print_entries(receipt.entries, as_typed=True)
        click.echo(say("Nothing was written (--dry-run)."), err=True)
        return
    told = say_number("Recorded {number} entry", "Recorded {number} entries", number)
    if number:
        span = say("under the numbers {first} to {last}")
        told = f"{told}, {span.format(first=receipt.first, last=receipt.last)}"
    click.echo(f"{told}.", err=True)
    if number:
        take_back = "rollbook void NO --reason …"
        click.echo(say("To take one of them back: {command}").format(command=take_back), err=True)
