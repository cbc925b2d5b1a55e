"""``rollbook due``: what falls due, for the clerk."""

import re
from datetime import date, timedelta

import click

from commands.bounds import Known, reading_options
from commands.calendar import calendar_of, calendar_option
from commands.command import Command, Option
from commands.output import Sheet, output_options, write
from commands.parameters import Checked
from commands.reading import asked
from commands.session import Session
from ledger.errors import Problem
from projections.roster import named
from projections.rules import due as dues

COLUMNS = dues.COLUMNS
_WITHIN = re.compile(r"(\d{1,4})([dmy])", re.ASCII)


def _within(text: str) -> str:
    """Return a length of time as it was written: ``60d``, ``2m``, ``1y``; raise bad_within."""
    if not _WITHIN.fullmatch(text):
        raise Problem("bad_within", value=text)
    return text


def _until(as_of: date, within: str) -> date:
    """Return the last day of a length of time that begins on ``as_of``."""
    found = _WITHIN.fullmatch(within)
    assert found
    number, unit = int(found[1]), found[2]
    try:
        if unit == "d":
            return as_of + timedelta(days=number)
        return dues.months_after(as_of, number * (12 if unit == "y" else 1))
    except (OverflowError, ValueError):
        return date.max


@click.command(
    cls=Command,
    examples=(
        "rollbook due",
        "rollbook due --within 2m --unit TP --names",
        "rollbook due --within 30d --format csv",
    ),
)
@reading_options("unit", "as_of", "names")
@click.option(
    "--within",
    cls=Option,
    type=Checked("60d|2m|1y", _within),
    default="60d",
    show_default=True,
    help="How far ahead: so many days, months or years.",
)
@calendar_option
@output_options
@click.pass_obj
def due(
    session: Session,
    /,
    *,
    form: str,
    unit: str | None,
    as_of: date | None,
    known: Known,
    within: str,
    calendar_path: str | None,
    names: bool,
) -> None:
    """List what is overdue and what falls due, by its day.

    Probations that end, certificates and dossiers that expire, steps that have a deadline,
    temporary transfers, badges reached. `days` counts from the day asked; what is overdue
    has a minus before it. Deadlines in working days are there only with a calendar.
    """
    calendar = calendar_of(calendar_path)
    with asked(session, known) as question:
        day = as_of or question.today
        rows = dues.due(question.reading, unit, day, _until(day, within), calendar)
        columns = list(COLUMNS)
        if names:
            rows = named(question.reading, rows, day)
            columns.insert(columns.index("unit"), "name")
        write(form, [Sheet(columns, rows)], about=question.about(as_of=day, names=names))
