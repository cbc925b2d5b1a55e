"""``rollbook term``: a term year by year and whole, against its targets."""

from datetime import date
from typing import Any

import click

from commands.about import about_unit
from commands.bounds import Known, reading_options
from commands.breakdowns import Asked, about_filters, breakdown_options
from commands.command import Argument, Command
from commands.language import say
from commands.opening import write_entries
from commands.output import FLAT, Sheet, output_options, write
from commands.parameters import TEXT
from commands.reading import Question, asked
from commands.session import Session
from commands.term_tables import YEAR_COLUMNS, broken_down, row_columns, sheets, was_cut, year_rows
from projections import term as terms
from projections.filters import FILTERS
from projections.measures import can_be_told, measure_of
from projections.tally import MEASURES


@click.command(
    cls=Command,
    examples=(
        "rollbook term 2020-2025 --unit TP",
        "rollbook term 2020-2025 --unit TP --as-of 18/9/2023 --basis decision",
        "rollbook term 2020-2025 --unit TP --by age --mean-age",
        "rollbook term 2020-2025 --unit TP --by education --by sex --filter readmission=false",
        "rollbook term 2020-2025 --unit TP --known-at 2022-01-05 --format json",
        "rollbook term 2020-2025 --unit TP --entries",
    ),
)
@click.argument("term_name", cls=Argument, type=TEXT, metavar="TERM", help="Name of the term.")
@reading_options("unit", "as_of", "units_as_of", "basis", "entries")
@breakdown_options(
    terms.BREAKDOWNS,
    narrows=[
        name
        for name in FILTERS
        if any(can_be_told(measure_of(measure), name) for measure in MEASURES)
    ],
)
@output_options
@click.pass_obj
def term(
    session: Session,
    /,
    *,
    form: str,
    term_name: str,
    unit: str | None,
    as_of: date | None,
    known: Known,
    units_as_of: date | None,
    basis: str,
    entries: bool,
    broken: Asked,
) -> None:
    """Report a term: what was done in each year and in all, and how far each target is.

    The years are calendar years, cut to the term and to the day asked. Growth and index
    are against the year before, and left out against a year that was cut. CSV has one row
    a year; JSON and JSONL have everything as one object. With --by, people see the
    numbers of each row, admissions first; JSON has them under `breakdown`, beside the
    rest, and CSV has them alone. --filter narrows what is counted, but no target.
    """
    with asked(session, known, units_as_of=units_as_of) as question:
        on = as_of or question.today
        how: dict[str, Any] = {"basis": basis, "by": broken.by, "filters": broken.filters}
        if entries:
            period, rows = terms.term_entries(question.reading, term_name, unit, on, **how)
            about = _about(question, (term_name, unit), period, basis, broken)
            write_entries(form, rows, about=about)
            return
        how["mean_age"] = broken.mean_age
        report = terms.term(question.reading, term_name, unit, on, **how)
        period = (report["from"], report["to"])
        about = _about(question, (term_name, unit), period, basis, broken)
        if was_cut(report) and form != "json":
            about.insert(0, say("* a year that was cut to the term or to the day asked"))
        if form in FLAT and broken.by:
            write(form, [Sheet(row_columns(broken), report["breakdown"])], about=about)
        elif form in FLAT:
            mean_age = ("mean_age",) if broken.mean_age else ()
            write(form, [Sheet((*YEAR_COLUMNS, *mean_age), year_rows(report))], about=about)
        elif form in {"json", "jsonl"}:
            write(form, sheets(report), data=report, about=about)
        else:
            write(form, broken_down(report, broken) or sheets(report), about=about)


def _about(
    question: Question,
    term_of: tuple[str, str | None],
    period: tuple[date, date | None],
    basis: str,
    broken: Asked,
) -> list[str]:
    name, unit = term_of
    first, last = period
    days = (first, last) if last is not None else None
    return [
        say("Term {term}").format(term=name),
        about_unit(unit),
        *about_filters(broken.filters),
        *question.about(period=days, basis=basis),
    ]
