"""Files that are imported, whatever their form: workbooks, CSV and JSON Lines."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import click

from commands.headings import column_meant, vocabulary
from commands.language import say, say_number
from commands.progress import Pace
from ledger.book import Source
from ledger.errors import Problem, Refused, WrongUsage
from ledger.exchange.csv_table import read_table
from ledger.exchange.encodings import without_old_fonts
from ledger.exchange.forms import is_workbook
from ledger.exchange.heads import ROWS_ABOVE
from ledger.exchange.raw import Raw, Unclear
from ledger.exchange.sheets import Grid
from ledger.exchange.tables import Asked, Reading, read_grids
from ledger.exchange.workbook import read_workbook

_OLD_FONTS = frozenset({"tcvn3", "vni"})


class SheetFile(NamedTuple):
    """A file of sheets as it was read."""

    name: str
    grids: Sequence[Grid]
    reading: Reading
    source: Source


def read_bytes(path: Path) -> bytes:
    """Return what a file holds; raise Refused (file_unreadable)."""
    try:
        return path.read_bytes()
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("file_unreadable", value=str(path), detail=detail)) from None


def grids_of(path: Path, data: bytes, encoding: str | None) -> list[Grid]:
    """Return the sheets of a file, and say what of it is not read. Raises Refused."""
    if not is_workbook(path, data):
        table = read_table(data, path.name, encoding, _known_headings)
        if table.guessed:
            told = say("{file} is read as {encoding}; --encoding names another")
            click.echo(told.format(file=path.name, encoding=table.encoding), err=True)
        return [table.grid._replace(name=None)]
    if encoding and encoding not in _OLD_FONTS:
        raise WrongUsage(Problem("encoding_of_workbook", value=encoding).at("--encoding"))
    book = read_workbook(data, path.name)
    for name in book.hidden:
        if not vocabulary().is_aside(name):
            told = say("The sheet {sheet} is hidden and is not read").format(sheet=name)
            click.echo(told, err=True)
    for name, number in book.hidden_rows.items():
        told = say_number(
            "{number} row is hidden, and is read", "{number} rows are hidden, and are read", number
        )
        click.echo(f"{name}: {told}", err=True)
    return _of_old_font(book.grids, encoding) if encoding in _OLD_FONTS else book.grids


def read_file(path: Path, grids: Sequence[Grid], data: bytes, asked: Asked) -> SheetFile:
    """Return the rows of a file's sheets, and what is wrong with them."""
    words = vocabulary()
    if len(grids) == 1 and grids[0].name is None and asked.kind is None:
        # CSV has no sheets: the name of the file may say its kind.
        asked = asked._replace(kind=words.kind_meant(path.stem))
    whole = sum(len(grid.rows) for grid in grids)
    pace = Pace(say("Read {number} of {whole} rows"), whole)
    reading = read_grids(grids, words, asked, pace.tell)
    pace.done()
    return SheetFile(path.name, grids, reading, Source(path.name, sha256(data).digest()))


def _known_headings(rows: Sequence[Sequence[Raw]]) -> int:
    """Return how many headings are known in the best of some rows."""
    best = 0
    for row in rows[:ROWS_ABOVE]:
        best = max(best, sum(bool(column_meant(None, str(raw).rstrip("*: "))) for raw in row))
    return best


def _of_old_font(grids: Sequence[Grid], encoding: str | None) -> list[Grid]:
    """Return sheets whose texts were written in an old font, in Unicode."""
    texts = (raw for grid in grids for row in grid.rows for raw in row if isinstance(raw, str))
    meant = without_old_fonts(texts, encoding or "")
    return [
        grid._replace(rows=[[_unicode(raw, meant) for raw in row] for row in grid.rows])
        for grid in grids
    ]


def _unicode(raw: Raw, meant: Callable[[str], str | None]) -> Raw:
    if not isinstance(raw, str):
        return raw
    found = meant(raw)
    return Unclear(raw) if found is None else found
