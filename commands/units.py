"""``rollbook units``: the tree of organisations, how many there are, and what became of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from commands.bounds import Known, reading_options
from commands.command import Command, Option
from commands.language import word
from commands.opening import write_entries
from commands.output import FOR_PEOPLE, Sheet, output_options, used, write
from commands.parameters import YEARS, OneOf
from commands.reading import Question, asked
from commands.session import Session
from ledger.errors import Problem, WrongUsage
from projections import lineage as events
from projections import units as counts
from projections.opening import Behind, opened

COLUMNS = (*counts.COLUMNS, "successor")
COUNT_COLUMNS = ("unit", "as_of", *counts.BREAKDOWNS, "units", "members", "unnamed_units")
EVENT_COLUMNS = ("relation", *events.COLUMNS)
_INDENT = "· "
_NOT_FOR_PEOPLE = {"above", "depth"}
"""What the indent of a tree says already."""


@click.command(
    cls=Command,
    examples=(
        "rollbook units --unit PY --as-of 2019-12-31",
        "rollbook units --by level --by sector --format json",
        "rollbook units --by type --years 2020..2026",
        "rollbook units --lineage --unit PY.01",
        "rollbook units --as-of 2024-12-31 --units-as-of 2025-07-01",
    ),
)
@reading_options("unit", "as_of", "units_as_of", "entries")
@click.option(
    "--by",
    "keys",
    cls=Option,
    multiple=True,
    type=OneOf(counts.BREAKDOWNS, context="column"),
    help="Count organisations by this; given twice, every combination.",
)
@click.option(
    "--years",
    cls=Option,
    type=YEARS,
    help="Count at the end of each of these years; the running year is read today.",
)
@click.option(
    "--ended",
    cls=Option,
    is_flag=True,
    help="List those that had ended by then, too, where they last were.",
)
@click.option(
    "--lineage",
    cls=Option,
    is_flag=True,
    help="List what happened to units, and to those before and after them.",
)
@output_options
@click.pass_obj
def units(
    session: Session,
    /,
    *,
    form: str,
    unit: str | None,
    as_of: date | None,
    units_as_of: date | None,
    known: Known,
    keys: tuple[str, ...],
    years: range | None,
    ended: bool,
    lineage: bool,
    entries: bool,
) -> None:
    """List the units of the book as a tree as of the end of a day, or count them.

    With --by or --years organisations are counted, and beside them the members who are in
    them. With --lineage everything is listed that founded, changed, moved or ended a unit,
    its predecessors and its successors.
    """
    by = tuple(dict.fromkeys(keys))
    _check(as_of, years, by, units_as_of, ended=ended, lineage=lineage)
    with asked(session, known, units_as_of=units_as_of) as question:
        day = as_of or question.today
        if lineage:
            _write_lineage(form, question, unit, day, entries=entries)
        elif entries:
            days = [day] if years is None else counts.year_ends(question.reading, years, day)
            behind: list[Behind] = []
            counted = bool(by) or years is not None
            for on in list(days):
                behind += counts.behind(
                    question.reading, unit, on, by=by, ended=ended, counted=counted
                )
            rows = opened(question.reading, behind)
            write_entries(form, rows, about=question.about(as_of=None if years else day))
        elif years is not None:
            rows = counts.counts_of_years(question.reading, unit, years, by=by, today=day)
            _write_counts(form, rows, by, question.about())
        elif by:
            rows = counts.counts(question.reading, unit, day, by=by)
            _write_counts(form, rows, by, question.about(as_of=day))
        else:
            rows = counts.tree(question.reading, unit, day, ended=ended)
            _write_tree(form, rows, question.about(as_of=day))


def _check(
    as_of: date | None,
    years: range | None,
    by: Sequence[str],
    units_as_of: date | None,
    *,
    ended: bool,
    lineage: bool,
) -> None:
    """Raise WrongUsage for options that cannot be given together."""
    for first, second, both in (
        ("--as-of", "--years", as_of is not None and years is not None),
        ("--ended", "--by", ended and by),
        ("--ended", "--years", ended and years is not None),
        ("--lineage", "--by", lineage and by),
        ("--lineage", "--years", lineage and years is not None),
        ("--lineage", "--ended", lineage and ended),
        ("--lineage", "--units-as-of", lineage and units_as_of is not None),
    ):
        if both:
            raise WrongUsage(Problem("options_exclude", value=first, other=second))


def _write_lineage(
    form: str, question: Question, unit: str | None, day: date, *, entries: bool
) -> None:
    rows = events.lineage(question.reading, unit, day)
    about = question.about(as_of=day)
    if entries:
        numbers = dict.fromkeys(row["no"] for row in rows)
        behind = (Behind({"number": "events"}, no) for no in numbers)
        write_entries(form, opened(question.reading, behind), about=about)
        return
    columns: Sequence[str] = EVENT_COLUMNS if unit else events.COLUMNS
    if form in FOR_PEOPLE:
        columns = used(columns, rows) if rows else columns
        rows = [
            row
            | {
                "relation": word("relation", row.get("relation", "")),
                "event": word("kind", row["event"]),
                "type": _type(row),
            }
            for row in rows
        ]
    write(form, [Sheet(columns, rows)], about=about)


def _type(row: dict[str, Any]) -> str | None:
    return word("unit_type", row["type"]) if row["type"] else None


def _write_counts(
    form: str, rows: list[dict[str, Any]], by: Sequence[str], about: list[str]
) -> None:
    columns = ["unit", "as_of", *by, "units", "members", "unnamed_units"]
    if form in FOR_PEOPLE:
        if not any(row["unnamed_units"] for row in rows):
            columns.remove("unnamed_units")
        nameless = word("column", "unnamed_units")
        rows = [row | {key: _said(key, row[key]) or nameless for key in by} for row in rows]
    write(form, [Sheet(columns, rows)], about=about)


def _said(key: str, code: str | None) -> str | None:
    """Return the word of a key's value; None for what counts without names do not tell."""
    contexts = {"type": "unit_type", "sector_group": "sector"}
    return None if code is None else word(contexts.get(key, key), code)


def _write_tree(form: str, rows: list[dict[str, Any]], about: list[str]) -> None:
    columns = [name for name in COLUMNS if name != "successor" or any(name in row for row in rows)]
    if form in FOR_PEOPLE:
        indent = "" if form == "xlsx" else _INDENT  # its cells are sorted, filtered and looked up
        left_out = _NOT_FOR_PEOPLE if indent else {"depth"}
        columns = used([name for name in columns if name not in left_out], rows) or columns
        rows = [
            row
            | {
                "unit": f"{indent * row['depth']}{row['unit']}",
                "type": word("unit_type", row["type"]),
            }
            for row in rows
        ]
    write(form, [Sheet(columns, rows)], about=about)
