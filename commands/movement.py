"""``rollbook movement``: form 1, how membership grew and shrank, by cause."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

from commands.about import about_unit
from commands.bounds import Known, in_order, reading_options
from commands.command import Command, Option
from commands.language import say, word
from commands.opening import write_entries
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import YEARS, OneOf
from commands.reading import Question, asked
from commands.session import Session
from ledger.errors import Problem, WrongUsage
from projections import movement as movements
from projections.movement import DECREASES, DETAILS, INCREASES, LINES, Part
from projections.opening import opened

COLUMNS = ("unit", "from", "to", *LINES)
UNIT_COLUMNS = (
    *("unit", "opening", "increases", "decreases"),
    *("reorganised_in", "reorganised_out", "unnamed_change", "closing"),
)
"""What people see of many units at once: the causes added up."""
FORM_1 = (
    "opening",
    "increases",
    *("admitted", "readmitted", "transferred_in", "transferred_in_book"),
    *("restored", "carried_forward"),
    "decreases",
    *("died", "expelled", "deleted", "deleted_probationary", "left_on_request"),
    *("transferred_out", "transferred_out_book"),
    "reorganised_in",
    "reorganised_out",
    "unnamed_change",
    "closing",
)
"""The lines as form 1 has them: A, B by cause, C by cause, what is apart, D (DOMAIN §4.3)."""
FORM_1_COLUMNS = ("line", "number")
"""What stands at the head of form 1 when it has one period; else each its year."""
_MARKS = {"opening": "A.", "increases": "B.", "decreases": "C.", "closing": "D."}


def with_sums(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its increases and its decreases added up."""
    return {
        **row,
        "increases": sum(row[line] for line in INCREASES),
        "decreases": sum(row[line] for line in DECREASES),
    }


def form_1(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """Return movements as form 1: the lines down, one column each of the ``rows`` across.

    Without rows there are no lines either: no movement was asked for that has begun.
    """
    head_of_lines, number = FORM_1_COLUMNS
    heads = [str(row.get("year", number)) for row in rows]
    added = [with_sums(row) for row in rows]
    return Sheet(
        (head_of_lines, *heads),
        [
            {head_of_lines: _label(line)}
            | {head: row[line] for head, row in zip(heads, added, strict=True)}
            for line in FORM_1
        ]
        if rows
        else [],
    )


def _label(line: str) -> str:
    """Return a line's words: sums with their letter, causes and what is part of them set in."""
    if line in _MARKS:
        return f"{_MARKS[line]} {word('movement', line)}"
    if line in DETAILS:
        return f"- - {word('movement', line)}"
    inside = line in INCREASES or line in DECREASES
    return f"{'- ' if inside else ''}{word('movement', line)}"


@click.command(
    cls=Command,
    examples=(
        "rollbook movement --unit PY --from 2020-01-01 --to 2020-12-31",
        "rollbook movement --unit PY --years 2020..2025",
        "rollbook movement --unit PY --from 2025-01-01 --to 2025-12-31 --by unit",
        "rollbook movement --years 2020..2026 --units-as-of 2025-07-01 --format json",
    ),
)
@reading_options("unit", "since", "last_on", "as_of", "units_as_of", "entries")
@click.option(
    "--years",
    cls=Option,
    type=YEARS,
    help="One movement for each of these calendar years.",
)
@click.option(
    "--by",
    "key",
    cls=Option,
    type=OneOf(("unit",), context="column"),
    help="One row for the unit alone and for each unit directly below, with all under it.",
)
@click.option(
    "--details",
    cls=Option,
    is_flag=True,
    help="Give programs the lines 'of which', too.",
)
@click.option(
    "--line",
    "chosen",
    cls=Option,
    multiple=True,
    type=OneOf((*LINES, *DETAILS), context="movement"),
    help="With --entries: only those behind this line; may be given again.",
)
@output_options
@click.pass_obj
def movement(
    session: Session,
    /,
    *,
    form: str,
    unit: str | None,
    since: date | None,
    last_on: date | None,
    as_of: date | None,
    units_as_of: date | None,
    known: Known,
    years: range | None,
    key: str | None,
    details: bool,
    entries: bool,
    chosen: tuple[str, ...],
) -> None:
    """Report how membership grew and shrank in a period, by cause: form 1.

    Opening + increases - decreases = closing, with what was reorganised and the change of
    those without names apart. Moves inside the unit cancel. Without --from and --to the
    year so far is meant.
    """
    in_order(since, last_on)
    if years is not None:
        for option, given in (("--from", since), ("--to", last_on), ("--by", key)):
            if given is not None:
                raise WrongUsage(Problem("options_exclude", value=option, other="--years"))
    if chosen and not entries:
        problem = Problem("option_needs", value="--line", other="--entries")
        raise WrongUsage(problem.at("--line"))
    with asked(session, known, units_as_of=units_as_of) as question:
        reading = question.reading
        day = as_of or question.today
        if years is not None:
            parts = movements.yearly(reading, unit, years, day)
        else:
            until = last_on or day
            begins = since or date(min(until, day).year, 1, 1)
            in_order(begins, until)
            parts = [movements.whole(reading, unit, begins, until, as_of=day)]
        period = (parts[0].since, parts[-1].last_on) if parts else None
        if key:
            parts = movements.by_unit(reading, parts[0])
        if entries:
            lines = chosen or ((*LINES, *DETAILS) if details else LINES)
            rows = opened(reading, movements.behind(reading, parts, lines))
            if form in FOR_PEOPLE:
                rows = [row | {"number": word("movement", row["number"])} for row in rows]
            write_entries(form, rows, about=question.about(period=period))
            return
        _write(form, parts, question, period, unit=unit, details=details, is_one=not (key or years))


def _write(
    form: str,
    parts: Sequence[Part],
    question: Question,
    period: tuple[date, date] | None,
    *,
    unit: str | None,
    details: bool,
    is_one: bool,
) -> None:
    """Write the rows of ``parts`` for the unit asked; ``is_one``: as one object for programs."""
    rows = movements.detailed(question.reading, parts)
    about = question.about(period=period)
    by_unit = "alone" in parts[0].about if parts else False
    if by_unit:
        about.insert(0, say("The units do not add up where people or units moved between them"))
    if form in FOR_PEOPLE and by_unit:
        alone = say("{unit} alone")
        named = [
            row | {"unit": alone.format(unit=row["unit"])} if row["alone"] else row for row in rows
        ]
        write(form, [Sheet(UNIT_COLUMNS, [with_sums(row) for row in named])], about=about)
        return
    if form in FOR_PEOPLE:
        write(form, [form_1(rows)], about=_headed(rows, unit, about))
        return
    columns = [*(parts[0].about if parts else ()), *LINES, *(DETAILS if details else ())]
    shown = [{column: row[column] for column in columns} for row in rows]
    data = shown[0] if is_one and form in {"json", "jsonl"} else None
    write(form, [Sheet(columns, shown)], data=data, about=about)


def _headed(rows: Sequence[Mapping[str, Any]], asked: str | None, about: list[str]) -> list[str]:
    """Return the report's lines, before them which unit it is of: without rows, that asked."""
    units = {row["unit"] for row in rows} or {asked}
    return [about_unit(units.pop() if len(units) == 1 else None), *about]
