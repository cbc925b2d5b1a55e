"""A report as a workbook: one sheet a table, and a last one that says how it was made."""

import shlex
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import click

from commands.about import Line
from commands.cells import cell, exact, head
from commands.language import say, word
from commands.output import Sheet
from commands.session import session_of
from commands.workbook import FACTS, Workbook

REPORTS = (
    *("log", "show", "history", "roster", "headcount", "movement", "term", "targets", "pipeline"),
    *("figures", "codes", "units", "rules_list", "rules_show", "rules_check", "due", "query"),
    "export",
)
"""The commands whose results can be a workbook: each has a name there, for its sheets."""
_AS_THEY_ARE = (date, int, float, Decimal)


class Call(NamedTuple):
    """The call that made a report."""

    report: str
    """The command without the program's name: ``headcount``, ``rules check``."""
    command: str
    """The whole line, as it can be typed again."""


def call_of(ctx: click.Context) -> Call:
    """Return the call that a command runs in."""
    _, _, name = ctx.command_path.partition(" ")
    return Call(name, shlex.join(["rollbook", *session_of(ctx).arguments]))


def typed(column: str, value: Any) -> Any:
    """Return a value for a cell: days and numbers as they are, all else in words."""
    if isinstance(value, _AS_THEY_ARE) and not isinstance(value, bool):
        return value
    number = exact(column, value)
    return cell(column, value) if number is None else number


def write_report(path: Path, tables: Sequence[Sheet], about: Iterable[str], call: Call) -> int:
    """Write a workbook at ``path`` and return how many rows its tables have in all.

    Names and heads are in the language spoken. Raises Refused (too_wide), OSError.
    """
    report = report_name(call)
    count = 0
    with Workbook(path) as book:
        for table in tables:
            title = say(table.title) if table.title else report
            heads = [head(column) for column in table.columns] or [say("Nothing to show.")]
            sheet = book.sheet(title, heads, title=f"{report}: {title}" if table.title else title)
            for row in table.rows:
                sheet.add(typed(column, row.get(column)) for column in table.columns)
            sheet.finish()
            count += sheet.count
        say_how(book, list(about), call)
    return count


def report_name(call: Call) -> str:
    """Return what a call reports, as the name of a sheet."""
    name = word("report", call.report.replace(" ", "_"))
    return f"{name[:1].upper()}{name[1:]}"


def say_how(book: Workbook, about: Sequence[str], call: Call) -> None:
    """Add the sheet that says how the report was made: what, value; one fact a row."""
    sheet = book.sheet(say("How this was made"), (say("What"), say("Value")), style=FACTS)
    sheet.add((say("Report"), report_name(call)))
    sheet.add((say("Command"), call.command))
    for name, value in facts(about).items():
        sheet.add((head(name), typed(name, value)))
    for line in about:
        if not isinstance(line, Line):
            sheet.add((say("Note"), line))
    if book.cut:
        text = say("Texts longer than a cell holds, which were cut: {number}")
        sheet.add((say("Note"), text.format(number=book.cut)))
    sheet.add((say("Program"), program()))
    sheet.finish()


def facts(about: Iterable[str]) -> dict[str, Any]:
    """Return what the lines of a report say, by name."""
    found: dict[str, Any] = {}
    for line in about:
        if isinstance(line, Line):
            found |= {name: value for name, value in line.facts.items() if value is not None}
    return found


def program() -> str:
    """Return the name and version of this program, as far as it is installed."""
    try:
        return f"rollbook {metadata.version('rollbook')}"
    except metadata.PackageNotFoundError:
        return "rollbook"
