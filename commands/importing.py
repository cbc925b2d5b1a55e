"""``rollbook import``: record the entries of a file, all or none."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from commands.books import opened
from commands.command import Argument, Command, Option
from commands.language import say
from commands.parameters import PATH
from commands.progress import Pace, progress
from commands.receipts import make_segments, tell_receipt, told_before
from commands.recording import Writing, writing, writing_options
from commands.session import Session
from commands.sheet_options import refuse_sheet_options, sheet_options
from commands.signing import key_for
from ledger.book import Book, Receipt, Source
from ledger.errors import Conflict, Problem, Refused
from ledger.exchange.forms import is_sheets
from ledger.exchange.linefile import LineFile, Watch
from ledger.recording.steps import Lines

if TYPE_CHECKING:
    from ledger.proof.keys import SigningKey

STANDARD_INPUT = "-"
_SPOOLED_BYTES = 64 * 1024 * 1024
_COPIED_BYTES = 1024 * 1024
_BEGIN_BYTES, _PARQUET = 4_096, b"PAR1"
_TRIES = 100
"""Each is over at once where somebody else recorded meanwhile."""


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


def _telling(stream: BinaryIO) -> Watch:
    """Return what tells a terminal how far the reading of a file is."""
    pace = Pace(say("Checked {number} lines"))
    size = stream.seek(0, os.SEEK_END)

    def tell(count: int, byte: int) -> None:
        # The lines to come are as long as those before, as far as anybody knows.
        pace.tell(count, count * size // byte)

    return tell


def _refuse_what_is_no_text(stream: BinaryIO, name: str) -> None:
    """Raise Refused for a file that no line can be read of: it would be said of each of them."""
    stream.seek(0)
    begin = stream.read(_BEGIN_BYTES)
    if b"\0" in begin or begin.startswith(_PARQUET):
        raise Refused(Problem("no_lines", value=name).at(name))


def _recorded(
    book: Book, lines: Lines, source: Source, how: Writing, now: Any, *, keep_recorded: bool
) -> Receipt | None:
    """Record the lines of a file, unless it was recorded before, which is said then.

    Between looking and recording somebody else may record, also this very file: then it is
    looked again. Raises what ``Book.record`` raises.
    """
    key: SigningKey | None = None
    for left in range(_TRIES, 0, -1):
        head = book.head.no
        if told_before(book, source):
            return None
        key = key or key_for(book, how)
        try:
            return book.record(
                lines,
                now=now,
                by=how.by,
                source=source,
                keep_recorded=keep_recorded,
                dry_run=how.dry_run,
                expect=head if how.expect is None else how.expect,
                keep_entries=how.dry_run,
                key=key,
            )
        except Conflict:
            if how.expect is not None or left == 1:
                raise
    raise AssertionError(_TRIES)


@click.command(
    "import",
    cls=Command,
    examples=(
        "rollbook import thang9.xlsx --preview",
        "rollbook import thang9.xlsx --marked thang9-loi.xlsx",
        "rollbook import theodoi.csv --encoding tcvn3 --mapping phuong.toml",
        "rollbook import thang9.jsonl --dry-run",
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
@sheet_options
@click.option(
    "--keep-recorded",
    cls=Option,
    is_flag=True,
    help="Keep number, moment and operator of each line, as a whole export has them.",
)
@writing_options
@click.pass_obj
def import_(session: Session, /, file: str, *, keep_recorded: bool, **parameters: Any) -> None:
    """Record the entries of a spreadsheet, of CSV or of JSON Lines: one entry a row or line.

    All of the file is recorded, or nothing: then everything that is wrong is listed, each
    with its place, the reason and the remedy. Rows are checked against the book and each
    other. A file that was recorded before is not recorded again, and of a sheet that has
    grown only the rows that the book has not yet. Where lines carry their number, a
    `voided` or `corrects` in the file means those numbers.

    A sheet is of one kind, which its name says, or has a column `kind`. Its heading row has
    the names of fields, or their words as `rollbook template` writes them. Nothing is
    guessed: a cell that could mean two things is refused. docs/spreadsheets.md tells more.
    """
    path = Path(file)
    if file != STANDARD_INPUT and is_sheets(path):
        from commands.importing_sheets import import_sheets  # noqa: PLC0415 - JSON Lines need none

        import_sheets(session, path, keep_recorded=keep_recorded, parameters=parameters)
        return
    how = writing(session, parameters)
    name = None if file == STANDARD_INPUT else path.name
    with _opened(file) as stream:
        _refuse_what_is_no_text(stream, name or STANDARD_INPUT)
        refuse_sheet_options(parameters)
        lines = LineFile(stream, name or STANDARD_INPUT, _telling(stream))
        with lines.read_ahead(), opened(session) as book:
            source = Source(name, lines.hash())
            receipt = _recorded(book, lines, source, how, session.now, keep_recorded=keep_recorded)
            progress("")
            if receipt is None:
                return
            if not how.dry_run:
                make_segments(book, receipt)
    tell_receipt(receipt, None if keep_recorded else session.now, dry_run=how.dry_run)
