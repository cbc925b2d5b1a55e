"""``rollbook term``: a term year by year and whole, against its targets."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click

from commands.bounds import Known, reading_options
from commands.cells import number_shown
from commands.command import Argument, Command
from commands.language import say, word
from commands.output import Sheet, output_options, write
from commands.parameters import TEXT
from commands.reading import asked
from commands.session import Session
from projections import term as terms

TARGET_COLUMNS = ("target", "source", "measure", "form", "amount", "done", "completion")
YEAR_COLUMNS = ("year", "from", "to", *terms.MEASURES)
COMPARED = {
    "growth": "Growth against the year before, in per cent",
    "index": "Index against the year before, in per cent",
}
"""What each year is held against the one before by, with the title of its table."""
_CUT = "*"
_WORDS_OF_DETAILS = {"cause": "kind", "class_type": "type"}


def sheets(report: Mapping[str, Any]) -> list[Sheet]:
    """Return a report for people: measures down, years across; then growth, then targets."""
    years = {_head(row): row for row in report["years"]}
    found = [
        Sheet(("measure", *years, "total", "yearly_mean"), list(_totals(report, years)), "Totals")
    ]
    for name, title in COMPARED.items():
        rows: list[dict[str, Any]] = [
            {"measure": measure} | {head: _shown(row[name][measure]) for head, row in years.items()}
            for measure in terms.MEASURES
            if any(row[name][measure] is not None for row in years.values())
        ]
        if rows:
            found.append(Sheet(("measure", *years), rows, title))
    if report["targets"]:
        found.append(Sheet(TARGET_COLUMNS, report["targets"], "Targets"))
    return found


def _head(row: Mapping[str, Any]) -> str:
    """Return the head of a year's column, marked if the year was cut."""
    whole = date(row["year"], 1, 1), date(row["year"], 12, 31)
    return f"{row['year']}{'' if (row['from'], row['to']) == whole else _CUT}"


def _shown(text: str | None) -> str | None:
    return None if text is None else number_shown(text)


def _totals(
    report: Mapping[str, Any], years: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield a line for each measure, and below it one for each cause or type it is made of."""
    totals = report["totals"]
    for measure in terms.MEASURES:
        yield {
            "measure": word("measure", measure),
            **{head: row[measure] for head, row in years.items()},
            "total": totals[measure],
            "yearly_mean": report["yearly_mean"][measure],
        }
        key, detail = terms.DETAILS.get(measure, ("", ""))
        for code in totals.get(key, ()):
            yield {
                "measure": f"- {word(_WORDS_OF_DETAILS[detail], code)}",
                **{head: row[key].get(code, 0) for head, row in years.items()},
                "total": totals[key][code],
            }


def year_rows(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a report as rows for CSV: one a year, and a last one for the whole."""
    whole = {"year": "total", "from": report["from"], "to": report["to"], **report["totals"]}
    return [*report["years"], whole]


@click.command(
    cls=Command,
    examples=(
        "rollbook term 2020-2025 --unit TP",
        "rollbook term 2020-2025 --unit TP --as-of 18/9/2023 --basis decision",
        "rollbook term 2020-2025 --unit TP --known-at 2022-01-05 --format json",
    ),
)
@click.argument("term_name", cls=Argument, type=TEXT, metavar="TERM", help="Name of the term.")
@reading_options("unit", "as_of", "basis")
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
    basis: str,
) -> None:
    """Report a term: what was done in each year and in all, and how far each target is.

    The years are calendar years, cut to the term and to the day asked. Growth and index
    are against the year before, and left out against a year that was cut. CSV has one row
    a year; JSON and JSONL have everything as one object.
    """
    with asked(session, known) as question:
        report = terms.term(question.reading, term_name, unit, as_of or question.today, basis=basis)
        about = question.about(period=(report["from"], report["to"]), basis=basis)
        if any(_head(row).endswith(_CUT) for row in report["years"]) and form != "json":
            about.insert(0, say("* a year that was cut to the term or to the day asked"))
        if form == "csv":
            write(form, [Sheet(YEAR_COLUMNS, year_rows(report))], about=about)
        else:
            data = report if form in {"json", "jsonl"} else None
            write(form, sheets(report), data=data, about=about)
