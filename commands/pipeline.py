"""``rollbook pipeline``: how many are at each stage of the way to membership, and since when."""

import re
from collections.abc import Iterator
from datetime import date

import click

from commands.about import about_unit
from commands.bounds import Known, in_order, reading_options
from commands.calendar import calendar_of, calendar_option
from commands.command import Command, Option
from commands.language import say_number, word
from commands.opening import write_entries
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import Checked, OneOf
from commands.reading import Question, asked
from commands.session import Session
from ledger.errors import Problem, WrongUsage
from projections import cohorts
from projections import pipeline as stages
from projections.counting import Span
from projections.opening import opened
from projections.rules import due as dues
from projections.statements import STAGES

COLUMNS = ("stage", "count")
TIME_COLUMNS = ("median_days", "longest_days", "longest_since")
UNIT_COLUMNS = ("unit", *STAGES)
FLOW_COLUMNS = cohorts.COLUMNS
OVERDUE_COLUMNS = ("stage", *dues.COLUMNS)
_MONTHS = re.compile(r"(\d{1,3})([my]?)", re.ASCII)
_MONTHS_A_YEAR = 12


def months(text: str) -> int:
    """Return a number of months written as ``24m``, ``24`` or ``2y``; raise bad_months."""
    found = _MONTHS.fullmatch(text.strip())
    number = int(found[1]) if found else 0
    if not found or not number:
        raise Problem("bad_months", value=text)
    return number * _MONTHS_A_YEAR if found[2] == "y" else number


@click.command(
    cls=Command,
    examples=(
        "rollbook pipeline --unit TP --as-of 2023-09-18 --times",
        "rollbook pipeline --unit TP --from 2021-01-01 --to 2021-12-31 --within 24m",
        "rollbook pipeline --by unit --format json",
    ),
)
@reading_options("unit", "as_of", "since", "last_on", "units_as_of", "basis", "entries")
@click.option(
    "--within",
    cls=Option,
    type=Checked("MONTHS", months),
    help="With a period: how many were admitted within so many months, such as 24m.",
)
@click.option(
    "--times",
    cls=Option,
    is_flag=True,
    help="Show how long those at each stage have been there.",
)
@click.option(
    "--by",
    "key",
    cls=Option,
    type=OneOf(("unit",), context="column"),
    help="Count by the unit that holds the people.",
)
@click.option(
    "--overdue",
    "is_overdue",
    cls=Option,
    is_flag=True,
    help="List whose next step is overdue under the rules in force that day.",
)
@calendar_option
@output_options
@click.pass_obj
def pipeline(
    session: Session,
    /,
    *,
    form: str,
    unit: str | None,
    as_of: date | None,
    since: date | None,
    last_on: date | None,
    units_as_of: date | None,
    known: Known,
    basis: str,
    entries: bool,
    within: int | None,
    times: bool,
    key: str | None,
    is_overdue: bool,
    calendar_path: str | None,
) -> None:
    """Count the people at each stage of the way to membership, as of the end of a day.

    Everybody is counted once, at the furthest stage of their present round; whoever was
    admitted or has left is at none. With --from and --to, who reached each stage in that
    period and what became of them up to the day asked.
    """
    in_order(since, last_on)
    given = {
        "--from": since,
        "--to": last_on,
        "--within": within,
        "--times": times,
        "--by": key,
        "--entries": entries,
        "--overdue": is_overdue,
        "--calendar": calendar_path,
    }
    _check({name for name, value in given.items() if value})
    calendar = calendar_of(calendar_path)
    with asked(session, known, units_as_of=units_as_of) as question:
        day = as_of or question.today
        if since is not None:
            span = Span(since, min(last_on or day, day), day)
            _flow(form, question, cohorts.Flow(unit, span, within, basis), entries=entries)
            return
        if is_overdue:
            rows = stages.overdue_at_stages(question.reading, unit, day, calendar)
            about = [about_unit(unit), *question.about(as_of=day)]
            write(form, [Sheet(OVERDUE_COLUMNS, rows)], about=about)
            return
        by_unit = key is not None
        if entries:
            behind = stages.entries_at_stages(question.reading, unit, day, by_unit=by_unit)
            about = [about_unit(unit), *question.about(as_of=day)]
            write_entries(form, opened(question.reading, behind), about=about)
            return
        rows = stages.pipeline(question.reading, unit, day, by_unit=by_unit, times=times)
        columns: tuple[str, ...] = (*COLUMNS, *(TIME_COLUMNS if times else ()))
        if by_unit:
            columns = ("unit", *columns)
        if by_unit and not times and form in FOR_PEOPLE:
            columns, rows = UNIT_COLUMNS, stages.across(rows)
        write(form, [Sheet(columns, rows)], about=[about_unit(unit), *question.about(as_of=day)])


_NEEDS = {"--to": "--from", "--within": "--from", "--calendar": "--overdue"}
_EXCLUDES = {"--from": ("--times", "--by"), "--overdue": ("--from", "--times", "--by", "--entries")}


def _check(given: set[str]) -> None:
    """Check that options are given that go together; raise WrongUsage."""
    for name, needed in _NEEDS.items():
        if name in given and needed not in given:
            raise WrongUsage(Problem("option_needs", value=name, other=needed).at(name))
    for name, others in _EXCLUDES.items():
        for other in others:
            if name in given and other in given:
                raise WrongUsage(Problem("options_exclude", value=name, other=other))


def _flow(form: str, question: Question, flow: cohorts.Flow, *, entries: bool) -> None:
    """Write what became of those who reached each stage in a period, or the entries behind."""
    if entries:
        rows = opened(question.reading, cohorts.flow_entries(question.reading, flow))
        if form in FOR_PEOPLE:
            rows = [row | {"number": word("column", row["number"])} for row in rows]
    else:
        rows = cohorts.flow(question.reading, flow)
    about = [
        about_unit(flow.unit),
        *_about_months(flow),
        *question.about(
            as_of=flow.span.as_of, period=(flow.span.since, flow.span.last_on), basis=flow.basis
        ),
    ]
    if entries:
        write_entries(form, rows, about=about)
        return
    columns: tuple[str, ...] = FLOW_COLUMNS
    if form in FOR_PEOPLE and flow.months is None:
        columns = tuple(name for name in columns if name != "admitted_within")
    write(form, [Sheet(columns, rows)], about=about)


def _about_months(flow: cohorts.Flow) -> Iterator[str]:
    if flow.months is not None:
        yield say_number(
            "Within: {number} month, by the calendar, after the stage was reached",
            "Within: {number} months, by the calendar, after the stage was reached",
            flow.months,
        ).format(number=flow.months)
