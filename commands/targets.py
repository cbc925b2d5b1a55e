"""``rollbook targets``: how far each target is, the best first."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import click

from commands.bounds import Known, in_order, reading_options
from commands.command import Command, Option
from commands.dates import shown
from commands.language import say, spoken
from commands.opening import write_entries
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import Checked, OneOf, decimal
from commands.reading import asked
from commands.session import Session
from projections import ranking
from projections.measures import MEASURES

COLUMNS = (
    "rank",
    "unit",
    "target",
    "source",
    "measure",
    "form",
    "amount",
    "done",
    "completion",
)
PACED_COLUMNS = (*COLUMNS, "elapsed", "pace", "course", "met")
PERIOD_COLUMNS = ("from", "to")
"""The target's own period, for people only: programs get the rows of the contract."""
_NOT_FOR_PEOPLE = "form"
"""What the table of paces has no room for."""


def share(text: str) -> Fraction:
    """Return a share in per cent, with or without its sign; raise bad_number.

    The comma before decimals is a point, as reports print it in Vietnamese. With both, or
    several, nobody knows which of them stands between thousands: that is refused.
    """
    number = text.removesuffix("%").strip()
    if number.count(",") == 1 and "." not in number:
        number = number.replace(",", ".")
    return Fraction(decimal(number))


@click.command(
    cls=Command,
    examples=(
        "rollbook targets --unit PY --as-of 2023-09-18",
        "rollbook targets --unit PY --from 2020-01-01 --to 2025-12-31 --under 50",
        "rollbook targets --unit PY --measure admissions --pace --format json",
    ),
)
@reading_options("unit", "since", "last_on", "as_of", "units_as_of", "basis", "entries")
@click.option(
    "--under",
    cls=Option,
    type=Checked("PER CENT", share),
    help="Only the targets done to less than so many per cent.",
)
@click.option(
    "--measure",
    cls=Option,
    type=OneOf((*MEASURES, "external"), context="measure"),
    help="Only the targets for this measure.",
)
@click.option(
    "--own",
    "is_own",
    cls=Option,
    is_flag=True,
    help="Only the targets of the unit itself, not those of the units below it.",
)
@click.option(
    "--pace",
    "is_paced",
    cls=Option,
    is_flag=True,
    help="Hold what is done against the part of the period that has passed.",
)
@output_options
@click.pass_obj
def targets(
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
    basis: str,
    entries: bool,
    under: Fraction | None,
    measure: str | None,
    is_own: bool,
    is_paced: bool,
) -> None:
    """Report how far the targets of a unit are, and those of all units below it, the best first.

    Without a period, the targets whose own period holds the day asked; with one, those whose
    period lies inside it. What is done is always counted over the target's own period, up to
    the day asked. Withdrawn and superseded targets are left out.
    """
    in_order(since, last_on)
    selection = ranking.Selection(since, last_on, measure, is_own, under)
    with asked(session, known, units_as_of=units_as_of) as question:
        day = as_of or question.today
        found = ranking.ranked(question.reading, unit, day, selection, basis=basis)
        about = [*_about_selection(since, last_on), *question.about(as_of=day, basis=basis)]
        if entries:
            opened = ranking.entry_rows(question.reading, found, day, basis=basis)
            write_entries(form, opened, about=about)
            return
        rows = ranking.rows(found, paced_on=day if is_paced else None)
        columns: tuple[str, ...] = PACED_COLUMNS if is_paced else COLUMNS
        if form in FOR_PEOPLE:
            columns = _for_people(columns, is_paced=is_paced)
            rows = [row | _period(item) for row, item in zip(rows, found, strict=True)]
        write(form, [Sheet(columns, rows)], about=about)


def _for_people(columns: Sequence[str], *, is_paced: bool) -> tuple[str, ...]:
    """Return the columns of a table for people: the period stands before the amount."""
    place = columns.index("amount")
    found = (*columns[:place], *PERIOD_COLUMNS, *columns[place:])
    return tuple(name for name in found if not (is_paced and name == _NOT_FOR_PEOPLE))


def _period(item: ranking.Ranked) -> dict[str, date]:
    """Return the target's own period, over which what is done is counted."""
    target = item.progress.target
    return {"from": target.since, "to": target.last_on}


def _about_selection(since: date | None, last_on: date | None) -> Iterator[str]:
    """Yield which targets were chosen by their own period."""
    if since is None and last_on is None:
        yield say("Targets whose own period holds the day asked")
    if since is not None:
        yield say("Targets whose own period begins on {day} or later").format(
            day=shown(since, spoken())
        )
    if last_on is not None:
        yield say("Targets whose own period ends by {day}").format(day=shown(last_on, spoken()))
