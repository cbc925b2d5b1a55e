"""``rollbook roster``: who is a member, where and in what standing."""

from datetime import date
from typing import Any

import click

from commands.bounds import Known, reading_options
from commands.command import Command, Option
from commands.language import say
from commands.names import sort_key
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import OneOf
from commands.reading import asked
from commands.session import Session
from ledger.book import Book
from ledger.keeping.erasure import erasures
from projections import roster as rosters
from projections.statements import STAGES

COLUMNS = ("person", "unit", "standing", "since", "joined_on", "official_on")
NAMED_COLUMNS = ("person", "name", *COLUMNS[1:], "birth_date", "home", "citizen_id", "erased")


@click.command(
    cls=Command,
    examples=(
        "rollbook roster --unit TP --as-of 31/12/2015",
        "rollbook roster --names --stage dossier",
        "rollbook roster --known-at 2023-09-18 --format json",
    ),
)
@reading_options("unit", "as_of", "units_as_of", "names")
@click.option(
    "--stage",
    cls=Option,
    type=OneOf(STAGES, context="stage"),
    help="List the people at this stage of the way to membership, instead of members.",
)
@output_options
@click.pass_obj
def roster(
    session: Session,
    /,
    *,
    form: str,
    unit: str | None,
    as_of: date | None,
    units_as_of: date | None,
    known: Known,
    stage: str | None,
    names: bool,
) -> None:
    """List the members of a unit, and of all units under it, as of the end of a day.

    `since` is the day the present standing began. With names, people are sorted as
    Vietnamese lists sort them: by the given name first.
    """
    with asked(session, known, units_as_of=units_as_of) as question:
        day = as_of or question.today
        rows = rosters.roster(question.reading, unit, day, names=names, stage=stage)
        if names:
            _mark_erased(question.book, rows, "name" if form in FOR_PEOPLE else "erased")
            rows.sort(key=lambda row: (sort_key(row.get("name") or ""), row["person"]))
        columns = [name for name in (NAMED_COLUMNS if names else COLUMNS) if _is_used(name, rows)]
        write(form, [Sheet(columns, rows)], about=question.about(as_of=day, names=names))


def _mark_erased(book: Book, rows: list[dict[str, Any]], column: str) -> None:
    """Say of erased people that they are: in the place of the name, or by a truth of its own."""
    nameless = [row["person"] for row in rows if row.get("name") is None]
    gone = erasures(book, nameless) if nameless else {}
    for row in rows:
        if row["person"] in gone:
            row[column] = say("(erased)") if column == "name" else True


def _is_used(column: str, rows: list[dict[str, object]]) -> bool:
    return column in COLUMNS or any(row.get(column) is not None for row in rows)
