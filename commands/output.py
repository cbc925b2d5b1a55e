"""What a reading command prints: rows in the form that was asked for.

JSON, JSONL, CSV and Parquet are for programs: identifiers of the catalogue, ISO days, the
same in every language, and nothing else on standard output. A table, markdown and XLSX are
for people: translated, with the report's own lines under it (in XLSX on a sheet of their
own); a table goes through the pager when it is long.
"""

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import click

from commands.copies import note_copy
from commands.destination import BINARY, Destination, destination_options
from commands.json_lines import array_lines, json_lines, json_text
from commands.language import say, say_number
from commands.progress import PATIENCE, slowly
from commands.session import session_of

FORMATS = ("table", "csv", "json", "jsonl", "markdown", "xlsx", "parquet")
FOR_PEOPLE = frozenset({"table", "markdown", "xlsx"})
FLAT = frozenset({"csv", "parquet"})
"""Forms for programs that have nothing but one table's rows under its columns."""
_LINES_A_PIECE = 500
_DESTINATION = "rollbook.destination"
Row = Mapping[str, Any]
_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


class Sheet(NamedTuple):
    """Rows under the same columns; ``title`` is a message id, for people only."""

    columns: Sequence[str]
    rows: Iterable[Row]
    title: str = ""


def used(columns: Sequence[str], rows: Collection[Row]) -> list[str]:
    """Return the columns that hold anything, for tables whose last columns seldom do."""
    return [name for name in columns if any(row.get(name) is not None for row in rows)]


def output_options(command: _Decorated) -> _Decorated:
    """Give a command ``--format``, which it receives as ``form``, and where ``write`` writes.

    A command that needs only the form passes it on; ``write`` knows the file.
    """

    @wraps(command)
    def told(*args: Any, to: Destination, **kwargs: Any) -> Any:
        click.get_current_context().meta[_DESTINATION] = to
        return command(*args, form=to.form, **kwargs)

    options = destination_options(
        FORMATS,
        "table",
        "How the result is written: table, markdown and xlsx for people, the others for programs.",
    )
    return cast("_Decorated", options(told))


def write(
    form: str,
    sheets: Sequence[Sheet],
    *,
    data: Any = None,
    about: Iterable[str] = (),
) -> None:
    """Write a result in the form ``form``, on standard output or to the file asked for.

    ``sheets``: what people see; CSV, JSONL and Parquet have the rows of the first. ``data``:
    what JSON has instead of the first sheet's rows, when it is no list of rows. ``about``:
    the report's own lines, already in the language spoken: under the tables for people, on
    standard error for programs. Raises Refused when the file cannot be written.
    """
    to = click.get_current_context().meta.get(_DESTINATION) or Destination(form)
    lines = list(about)
    PATIENCE.settle()
    told = ""
    if to.path is not None:
        with slowly(say("Writing {path} …").format(path=to.path)):
            told = _to_file(to, to.path, sheets, data, lines)
        if click.get_current_context().params.get("names"):
            note_copy(session_of(click.get_current_context()), to.path)
    elif form in BINARY:
        from commands.files import piped  # noqa: PLC0415 - few calls need it

        with piped(form) as path:
            _binary(path, form, sheets, lines)
    elif form in FOR_PEOPLE:
        to_people("\n\n".join(_for_people(form, sheets, lines, fitted=True)))
    else:
        write_lines(_for_programs(to, sheets, data))
    for line in (*(() if form in FOR_PEOPLE else lines), *filter(None, [told])):
        click.echo(line, err=True)


def _for_people(
    form: str, sheets: Sequence[Sheet], about: Sequence[str], *, fitted: bool
) -> Iterator[str]:
    """Yield the parts of a text for people, one a table, and the report's own lines last."""
    from commands.tables import table  # noqa: PLC0415 - programs need no table, nor its import

    for sheet in sheets:
        yield table(sheet.columns, list(sheet.rows), form, sheet.title, fitted=fitted)
    if about:
        yield "\n".join([f"- {line}" for line in about] if form == "markdown" else about)


def _for_programs(to: Destination, sheets: Sequence[Sheet], data: Any) -> Iterable[str]:
    """Return the lines of a text for programs."""
    first = sheets[0]
    if to.form == "csv":
        from commands.separated import csv_lines  # noqa: PLC0415 - only CSV needs it

        return csv_lines(first.columns, first.rows, to.dialect)
    if data is not None:
        return [json_text(data)]
    return json_lines(first.rows) if to.form == "jsonl" else array_lines(first.rows)


def _binary(path: Path, form: str, sheets: Sequence[Sheet], about: Sequence[str]) -> None:
    """Write a form that is no text to ``path``."""
    from commands import report_workbook as report  # noqa: PLC0415 - few calls need it

    call = report.call_of(click.get_current_context())
    if form == "xlsx":
        report.write_report(path, sheets, about, call)
        return
    from commands.parquet import write_rows  # noqa: PLC0415 - few calls need it

    first = sheets[0]
    said = {"command": call.command, "program": report.program(), **report.facts(about)}
    write_rows(path, first.columns, list(first.rows), said)


def _to_file(
    to: Destination, path: Path, sheets: Sequence[Sheet], data: Any, about: Sequence[str]
) -> str:
    """Write the file asked for, and return the sentence that says so."""
    from commands.files import whole_file, written  # noqa: PLC0415 - few calls need it

    sheets = [sheet._replace(rows=_counted(sheet.rows)) for sheet in sheets]
    replaced = path.exists()
    with whole_file(path, replaces=to.replaces) as temporary:
        if to.form in BINARY:
            _binary(temporary, to.form, sheets, about)
        else:
            text_to_file(temporary, to, _text(to, sheets, data, about))
    shown = sheets if to.form in FOR_PEOPLE else sheets[:1]
    is_object = data is not None and to.form in {"json", "jsonl"}
    count = 1 if is_object else sum(len(_counted(sheet.rows)) for sheet in shown)
    what = say_number("Wrote {number} row", "Wrote {number} rows", count)
    return written(what, path, replaced=replaced)


def _counted(rows: Iterable[Row]) -> Collection[Row]:
    """Return rows that can be counted and read again: those that cannot are taken at once."""
    return rows if isinstance(rows, Collection) else list(rows)


def _text(
    to: Destination, sheets: Sequence[Sheet], data: Any, about: Sequence[str]
) -> Iterable[str]:
    if to.form in FOR_PEOPLE:
        return ["\n\n".join(_for_people(to.form, sheets, about, fitted=False))]
    return _for_programs(to, sheets, data)


def text_to_file(path: Path, to: Destination, lines: Iterable[str]) -> None:
    """Write lines in UTF-8, with the line ends that the reader of the form expects."""
    end = "\r\n" if to.dialect.excel else "\n"
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(f"{line}{end}" for line in lines)


def to_people(text: str) -> None:
    """Write text through the person's pager if it is longer than their terminal is high."""
    terminal = sys.stdout.isatty()
    if terminal and text.count("\n") + 2 > os.get_terminal_size(sys.stdout.fileno()).lines:
        click.echo_via_pager(text)
    else:
        write_lines(text.splitlines())


def write_lines(lines: Iterable[str]) -> None:
    """Write lines on standard output, many at a time: each writing is flushed."""
    rest = iter(lines)
    while piece := list(islice(rest, _LINES_A_PIECE)):
        click.echo("\n".join(piece), color=True)  # there is no colour to take out
