"""``rollbook export``: all entries as JSON Lines, personal details opened."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from commands.books import opened
from commands.bounds import Known, reading_options
from commands.command import Command, Option
from commands.language import say, say_number
from commands.parameters import PATH
from commands.progress import progress
from commands.session import Session
from ledger.catalogue import Entry
from ledger.errors import Problem, Refused
from ledger.exchange.jsonlines import entry_json

_ENTRIES_A_PIECE = 1_000
_ENTRIES_A_TELLING = 10_000


@click.command(
    cls=Command,
    examples=(
        "rollbook export -o tanphu.jsonl",
        "rollbook export | rollbook import --book copy.db --keep-recorded",
    ),
)
@click.option(
    "-o",
    "--output",
    cls=Option,
    type=PATH,
    help="The file to write; standard output without it. A file that exists is refused.",
)
@reading_options()
@click.pass_obj
def export(session: Session, /, output: str | None, known: Known) -> None:
    """Write all entries as JSON Lines, in the order in which they were recorded.

    Names and other personal details are written in clear: treat the file as you treat the
    member files. Without the keys file they cannot be, and each line lists what it lacks.
    """
    with opened(session) as book:
        last = known.last_entry(book)
        counted = Counted(book.entries(last=last, opened=True), last)
        if output is None:
            for piece in pieces(counted):
                click.echo(piece, nl=False)
        else:
            _to_file(Path(output), pieces(counted))
        progress("")
        if counted.sealed:
            told = say_number(
                "{number} entry has personal details that could not be opened",
                "{number} entries have personal details that could not be opened",
                counted.sealed,
            )
            click.echo(told, err=True)
        if output is not None:
            told = say_number("Wrote {number} entry", "Wrote {number} entries", counted.count)
            click.echo(f"{told}: {output}", err=True)


class Counted:
    """Entries on their way out: counted, with those that stayed sealed."""

    def __init__(self, entries: Iterable[Entry], whole: int) -> None:
        self._entries = entries
        self._whole = whole
        self.count = 0
        self.sealed = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield each entry as its line; tell how many were written now and then."""
        tells = sys.stderr.isatty() and not sys.stdout.isatty()
        for entry in self._entries:
            self.count += 1
            self.sealed += bool(entry.sealed)
            if tells and self.count % _ENTRIES_A_TELLING == 0:
                text = say("Wrote {number} of {whole} entries …")
                progress(text.format(number=self.count, whole=self._whole))
            yield entry_json(entry)


def pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield many lines at a time, with their line ends."""
    piece: list[bytes] = []
    for line in lines:
        piece += (line, b"\n")
        if len(piece) >= 2 * _ENTRIES_A_PIECE:
            yield b"".join(piece)
            piece.clear()
    yield b"".join(piece)


def _to_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write a new file, whole or not at all; raise Refused."""
    try:
        # It holds names: for its owner only, like the keys.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.writelines(parts)
        except BaseException:
            path.unlink()
            raise
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("file_unwritable", value=str(path), detail=detail)) from None
