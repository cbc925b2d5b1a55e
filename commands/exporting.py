"""``rollbook export``: all entries, as JSON Lines or for spreadsheets and other tools."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path

import click

from commands.about import about_book
from commands.books import opened
from commands.bounds import Known, reading_options
from commands.command import Command
from commands.copies import note_copy
from commands.destination import BINARY, Destination, destination_options
from commands.language import say, say_number
from commands.progress import Pace, counted
from commands.session import Session
from ledger.book import Book
from ledger.catalogue import KINDS, Entry
from ledger.exchange.jsonlines import entry_json

FORMATS = ("jsonl", "csv", "xlsx", "parquet")
_ENTRIES_A_PIECE = 1_000


@click.command(
    cls=Command,
    examples=(
        "rollbook export -o tanphu.jsonl",
        "rollbook export -o tanphu.xlsx",
        "rollbook export | rollbook import --book copy.db --keep-recorded",
    ),
)
@reading_options()
@destination_options(
    FORMATS, "jsonl", "How the entries are written: csv and xlsx are for spreadsheets."
)
@click.pass_obj
def export(session: Session, /, *, to: Destination, known: Known) -> None:
    """Write all entries, in the order in which they were recorded.

    Names and other personal details are written in clear: treat the file as you treat the
    member files. Without the keys file they cannot be, and each line lists what it lacks.

    `import --keep-recorded` makes the same book of JSON Lines, CSV and XLSX, which has a
    sheet for each kind. Parquet has the columns that reports are made from, and no names.
    """
    with opened(session) as book:
        last = known.last_entry(book)
        pace = Pace(say("Wrote {number} of {whole} entries"), last, shows=_shows(to))
        entries = Counted(book.entries(last=last, opened=True), pace)
        if to.path is None and to.form not in BINARY:
            _to_stdout(to, book, entries, last)
        else:
            _to_file(to, book, entries, last)
        pace.done()
        if entries.sealed:
            told = say_number(
                "{number} entry has personal details that could not be opened",
                "{number} entries have personal details that could not be opened",
                entries.sealed,
            )
            click.echo(told, err=True)
        if to.path is not None and to.form != "parquet" and book.can_open:
            note_copy(session, to.path)
        if to.path is not None:
            tell = import_module("commands.files").written
            what = say_number("Wrote {number} entry", "Wrote {number} entries", last)
            click.echo(tell(what, to.path, replaced=entries.replaced), err=True)


def _shows(to: Destination) -> bool:
    """Return whether progress may be shown: not among entries on a terminal."""
    return to.path is not None or not sys.stdout.isatty()


class Counted:
    """Entries on their way out: told to a terminal, with those counted that stayed sealed."""

    def __init__(self, entries: Iterable[Entry], pace: Pace) -> None:
        self._entries = entries
        self.pace = pace
        self.sealed = 0
        self.replaced = False
        """Whether the file they went to took the place of another."""

    def __iter__(self) -> Iterator[Entry]:
        """Yield each entry."""
        for entry in counted(self._entries, self.pace):
            self.sealed += bool(entry.sealed)
            yield entry


def pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield many lines at a time, with their line ends."""
    piece: list[bytes] = []
    for line in lines:
        piece += (line, b"\n")
        if len(piece) >= 2 * _ENTRIES_A_PIECE:
            yield b"".join(piece)
            piece.clear()
    yield b"".join(piece)


def _to_stdout(to: Destination, book: Book, entries: Counted, last: int) -> None:
    if to.form == "csv":
        output = import_module("commands.output")
        output.write_lines(_csv_lines(to, book, entries, last))
        return
    for piece in pieces(map(entry_json, entries)):
        click.echo(piece, nl=False)


def _csv_lines(to: Destination, book: Book, entries: Counted, last: int) -> Iterable[str]:
    found = book.kinds(last)
    sheets = import_module("commands.entry_sheets")
    lines: Iterable[str] = sheets.lines(entries, [k for k in KINDS if k in found], to.dialect)
    return lines


def _to_file(to: Destination, book: Book, entries: Counted, last: int) -> None:
    """Write a file, or a form that is no text on standard output. Raises Refused."""
    files = import_module("commands.files")
    place: AbstractContextManager[Path]
    if to.path is None:
        place = files.piped(to.form)
    else:
        entries.replaced = to.path.exists()
        place = files.whole_file(to.path, replaces=to.replaces)
    with place as path:
        if to.form == "jsonl":
            with path.open("wb") as stream:
                stream.writelines(pieces(map(entry_json, entries)))
        elif to.form == "csv":
            output = import_module("commands.output")
            output.text_to_file(path, to, _csv_lines(to, book, entries, last))
        else:
            _binary(path, to.form, book, entries, last)


def _binary(path: Path, form: str, book: Book, entries: Counted, last: int) -> None:
    report = import_module("commands.report_workbook")
    call = report.call_of(click.get_current_context())
    about = list(about_book(book, last))
    if form == "xlsx":
        sheets = import_module("commands.entry_sheets")
        sheets.write_workbook(path, entries, book.kinds(last), about, call)
        return
    said = {"command": call.command, "program": report.program(), **report.facts(about)}
    import_module("commands.entry_parquet").write_columns(path, book, last, said, entries.pace)
