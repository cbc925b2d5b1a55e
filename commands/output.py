"""What a reading command prints: rows in the form that was asked for.

JSON, JSONL and CSV are for programs: identifiers of the catalogue, ISO days, the same in
every language, and nothing else on standard output. A table and markdown are for people:
translated, with the report's own lines under it, through the pager when it is long.
"""

import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import click
import msgspec

from commands.command import Option
from commands.parameters import OneOf
from commands.progress import PATIENCE

FORMATS = ("table", "csv", "json", "jsonl", "markdown")
FOR_PEOPLE = frozenset({"table", "markdown"})
_LINES_A_PIECE = 500
_NESTED = (bool, dict, list, tuple)
"""What CSV writes as JSON."""
Row = Mapping[str, Any]
_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


class Sheet(NamedTuple):
    """Rows under the same columns; ``title`` is a message id, for people only."""

    columns: Sequence[str]
    rows: Iterable[Row]
    title: str = ""


def used(columns: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Return the columns that hold anything, for tables whose last columns seldom do."""
    return [name for name in columns if any(row.get(name) is not None for row in rows)]


def output_options(command: _Decorated) -> _Decorated:
    """Give a command ``--format``, which it receives as ``form``."""
    return click.option(
        "--format",
        "form",
        cls=Option,
        type=OneOf(FORMATS),
        default="table",
        show_default=True,
        help="How the result is written: table and markdown for people, the others for programs.",
    )(command)


def write(
    form: str,
    sheets: Sequence[Sheet],
    *,
    data: Any = None,
    about: Iterable[str] = (),
) -> None:
    """Write a result on standard output in the form ``form``.

    ``sheets``: what people see; CSV and JSONL have the rows of the first. ``data``: what
    JSON has instead of the first sheet's rows, when it is no list of rows. ``about``: the
    report's own lines, already in the language spoken: under the tables for people, on
    standard error for programs.
    """
    lines = list(about)
    PATIENCE.settle()
    if form in FOR_PEOPLE:
        from commands.tables import table  # noqa: PLC0415 - programs need no table, nor its import

        parts = [table(sheet.columns, list(sheet.rows), form, sheet.title) for sheet in sheets]
        under = [f"- {line}" for line in lines] if form == "markdown" else lines
        parts.append("\n".join(under))
        to_people("\n\n".join(part for part in parts if part))
        return
    first = sheets[0]
    if form == "csv":
        write_lines(_csv_lines(first))
    elif data is not None:
        write_lines([json_text(data)])
    elif form == "jsonl":
        write_lines(map(json_text, first.rows))
    else:
        write_lines(_array_lines(first.rows))
    for line in lines:
        click.echo(line, err=True)


def to_people(text: str) -> None:
    """Write text through the person's pager if it is longer than their terminal is high."""
    terminal = sys.stdout.isatty()
    if terminal and text.count("\n") + 2 > os.get_terminal_size(sys.stdout.fileno()).lines:
        click.echo_via_pager(text)
    else:
        write_lines(text.splitlines())


_ENCODER = msgspec.json.Encoder(enc_hook=str)


def json_text(value: Any) -> str:
    """Return a value as JSON on one line, in UTF-8, days and moments as ISO text."""
    # Some ten times as fast as the standard library, for reports of a hundred thousand rows.
    return msgspec.json.format(_ENCODER.encode(value), indent=0).decode()


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def write_lines(lines: Iterable[str]) -> None:
    """Write lines on standard output, many at a time: each writing is flushed."""
    rest = iter(lines)
    while piece := list(islice(rest, _LINES_A_PIECE)):
        click.echo("\n".join(piece))


def _array_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a JSON array, one row a line."""
    yield "["
    waiting: str | None = None
    for row in rows:
        if waiting is not None:
            yield f"{waiting},"
        waiting = json_text(row)
    if waiting is not None:
        yield waiting
    yield "]"


class _Line:
    """A file that keeps the last line written to it."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def _csv_lines(sheet: Sheet) -> Iterator[str]:
    """Yield the lines of RFC 4180, column names first; nested values as JSON."""
    line = _Line()
    writer = csv.writer(line, lineterminator="")
    for row in (dict(zip(sheet.columns, sheet.columns, strict=True)), *sheet.rows):
        writer.writerow([_cell(row.get(column)) for column in sheet.columns])
        yield line.text


def _cell(value: Any) -> str:
    # Long lists of entries are texts and nulls, so those are asked for first.
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json_text(value) if isinstance(value, _NESTED) else _plain(value)
