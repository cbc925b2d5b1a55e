"""``rollbook headcount``: how many members, whole or by one characteristic."""

from datetime import date

import click

from commands.bounds import Known, reading_options
from commands.command import Command, Option
from commands.language import word
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import YEARS, OneOf
from commands.reading import asked
from commands.session import Session
from ledger.errors import Problem, WrongUsage
from projections import headcount as counts
from projections.filters import BREAKDOWNS

COLUMNS = ("unit", "as_of", "members", "probationary", "official", "unnamed")


@click.command(
    cls=Command,
    examples=(
        "rollbook headcount --unit TP --as-of 2015-12-31",
        "rollbook headcount --by sex --format json",
        "rollbook headcount --unit TP --years 2015..2023",
    ),
)
@reading_options("unit", "as_of")
@click.option(
    "--by",
    "key",
    cls=Option,
    type=OneOf(BREAKDOWNS, context="column"),
    help="Count by this characteristic: one row for each of its values.",
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
    key: str | None,
    years: range | None,
) -> None:
    """Count the members of a unit, and of all units under it, as of the end of a day.

    `members` holds the probationary and the official ones, and those who are counted in
    this book without a name; these stand in a row of their own where they cannot be told
    apart.
    """
    if as_of is not None and years is not None:
        raise WrongUsage(Problem("options_exclude", value="--as-of", other="--years"))
    with asked(session, known) as question:
        if years is None:
            day = as_of or question.today
            rows = counts.headcount(question.reading, unit, day, by=key)
            about = question.about(as_of=day)
        else:
            rows = counts.headcount_years(
                question.reading, unit, years, by=key, today=question.today
            )
            about = question.about()
        columns = COLUMNS if key in (None, "unit") else (*COLUMNS[:2], str(key), *COLUMNS[2:])
        if key not in (None, "unit") and form in FOR_PEOPLE:
            nameless = word("column", "unnamed")
            rows = [row | {str(key): row[str(key)] or nameless} for row in rows]
        write(form, [Sheet(columns, rows)], about=about)
