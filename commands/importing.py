"""``rollbook import``: record the entries of a file of JSON Lines, all or none."""

import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import click

from commands.books import opened
from commands.command import Argument, Command, Option
from commands.language import say, say_number
from commands.parameters import PATH
from commands.progress import progress, slowly
from commands.recording import print_entries, writing, writing_options
from commands.session import Session
from ledger.book import Line, Receipt, Source
from ledger.errors import Problem, Refused
from ledger.exchange.jsonlines import read_lines

STANDARD_INPUT = "-"
_LINES_A_TELLING = 10_000
_ENTRIES_WORTH_SEGMENTS = 100_000


class Watched:
    """The lines of a file on their way in: hashed, and counted on a terminal."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.hash = sha256()
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the lines; tell how many were read now and then."""
        tells = sys.stderr.isatty()
        for line in self._stream:
            self.hash.update(line)
            self.count += 1
            if tells and self.count % _LINES_A_TELLING == 0:
                progress(say("Read {number} lines …").format(number=self.count))
            yield line


def _read(name: str) -> tuple[list[Line], list[Problem], Source]:
    """Return the lines of a file, what of it is no entry, and where they came from."""
    if name == STANDARD_INPUT:
        return _checked(sys.stdin.buffer, STANDARD_INPUT, None)
    try:
        with Path(name).open("rb") as stream:
            return _checked(stream, Path(name).name, Path(name).name)
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("file_unreadable", value=name, detail=detail)) from None


def _checked(
    stream: BinaryIO, place: str, file_name: str | None
) -> tuple[list[Line], list[Problem], Source]:
    watched = Watched(stream)
    lines, problems = read_lines(watched, place)
    return lines, problems, Source(file_name, watched.hash.digest())


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
    lines, unreadable, source = _read(file)
    how = writing(session, parameters)
    waiting = say("Checking {number} entries …").format(number=len(lines))
    with opened(session) as book, slowly(waiting):
        receipt = book.record(
            lines,
            now=session.now,
            by=how.by,
            source=source,
            keep_recorded=keep_recorded,
            dry_run=how.dry_run,
            expect=how.expect,
            unreadable=unreadable,
        )
        if not how.dry_run and len(receipt.entries) >= _ENTRIES_WORTH_SEGMENTS:
            # What the next reading needs, made while the entries are at hand.
            import_module("projections.segments").refresh(book)
    _tell(receipt, dry_run=how.dry_run)


def _tell(receipt: Receipt, *, dry_run: bool) -> None:
    """Say what was recorded, under which numbers, and how to take it back."""
    number = len(receipt.entries)
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
