"""``rollbook headcount``: how many members, whole or by one or two characteristics."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import click

from commands import dates
from commands.about import about_unit
from commands.bounds import Known, reading_options
from commands.breakdowns import (
    Asked,
    about_filters,
    breakdown_options,
    cross_table,
    told_apart,
)
from commands.command import Command, Option
from commands.language import spoken
from commands.opening import write_entries
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import YEARS
from commands.reading import Question, asked
from commands.session import Session
from ledger.errors import Problem, WrongUsage
from projections import headcount as counts
from projections.filters import FILTERS
from projections.measures import MEASURES, can_be_told

COLUMNS = ("unit", "as_of", "members", "probationary", "official", "unnamed")
ENTRY_COLUMNS = ("number", "count", "not_told_apart", "mean_age")
"""Columns of the entries, and of tables for people."""
_ABOUT = 2
"""How many of the columns tell the unit and the day."""


@click.command(
    cls=Command,
    examples=(
        "rollbook headcount --unit TP --as-of 2015-12-31",
        "rollbook headcount --by sex --format json",
        "rollbook headcount --unit TP --by age --by occupation",
        "rollbook headcount --filter sex=female --by political_theory --mean-age",
        "rollbook headcount --unit TP --years 2015..2023",
        "rollbook headcount --unit TP --by sex --entries",
    ),
)
@reading_options("unit", "as_of", "units_as_of", "entries")
@breakdown_options(
    counts.BREAKDOWNS,
    narrows=[name for name in FILTERS if can_be_told(MEASURES["members"], name)],
)
@click.option(
    "--years",
    cls=Option,
    type=YEARS,
    help="One row for the end of each of these years; the running year is read today.",
)
@output_options
@click.pass_obj
def headcount(
    session: Session,
    /,
    *,
    form: str,
    unit: str | None,
    as_of: date | None,
    known: Known,
    units_as_of: date | None,
    entries: bool,
    broken: Asked,
    years: range | None,
) -> None:
    """Count the members of a unit, and of all units under it, as of the end of a day.

    `members` holds the probationary and the official ones, and those who are counted in
    this book without a name; these stand in a row of their own where they cannot be told
    apart. Everybody stands in one row: at the one degree of their profile on that day,
    with all their unions together.
    """
    if as_of is not None and years is not None:
        raise WrongUsage(Problem("options_exclude", value="--as-of", other="--years"))
    with asked(session, known, units_as_of=units_as_of) as question:
        reading = question.reading
        day = None if years is not None else as_of or question.today
        days = [day] if day else counts.year_ends(reading, years or (), question.today)
        how: dict[str, Any] = {"by": broken.by, "filters": broken.filters}
        if entries:
            rows = counts.headcount_entries(reading, unit, days, **how)
            write_entries(form, rows, about=_about(question, unit, day, broken))
            return
        how["mean_age"] = broken.mean_age
        rows = [row for on in days for row in counts.headcount(reading, unit, on, **how)]
        write(form, _sheets(form, rows, broken), about=_about(question, unit, day, broken))


def _about(question: Question, unit: str | None, day: date | None, broken: Asked) -> list[str]:
    return [about_unit(unit), *about_filters(broken.filters), *question.about(as_of=day)]


def _sheets(form: str, rows: Sequence[Mapping[str, Any]], broken: Asked) -> list[Sheet]:
    keys = [key for key in broken.by if key != "unit"]
    mean_age = ("mean_age",) if broken.mean_age else ()
    columns = (*COLUMNS[:_ABOUT], *keys, *COLUMNS[_ABOUT:], *mean_age)
    if form not in FOR_PEOPLE:
        return [Sheet(columns, rows)]
    if len(broken.by) <= 1 or mean_age:
        return [Sheet(columns, told_apart(rows, keys))]
    return [
        cross_table(list(found), broken.by, "members", dates.shown(on, spoken()))
        for on, found in groupby(rows, key=lambda row: row["as_of"])
    ] or [Sheet(columns, rows)]
