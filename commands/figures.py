"""``rollbook figures``: published figures, each computed again and given a verdict."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

from commands.bounds import Known, reading_options
from commands.breakdowns import filters_shown
from commands.cells import Exact, number_shown, printable
from commands.command import Argument, Command, Option
from commands.dates import shown
from commands.language import say, spoken, word
from commands.opening import write_entries
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import TEXT, OneOf
from commands.reading import asked
from commands.session import Session
from projections import figures as judging

COLUMNS = judging.COLUMNS
REASON_COLUMNS = judging.REASONS
TABLE_COLUMNS = (
    *("figure", "unit", "measure", "period", "stated", "computed", "verdict", "reason"),
)
"""What people see: comparator, rounding and what is missing are said in words."""
ENTRY_COLUMNS = ("figure", "part")
"""What tells which number of which figure an entry stands behind."""
CHECK = "check"
FOUND = 1
"""The exit status of a check that found something (DESIGN §7)."""
MISSING = {
    "external": "this is nothing that the book counts",
    "unit": "unit {detail} did not exist then",
    "day": "{detail} lies after the day asked",
    "filter": "this cannot be narrowed by {detail}",
    "period": "the period is not stated",
    "against": "what it is held against is not stated",
    "no_target": "the target is not stated",
    "target": "{detail} is no target of the book for this",
    "amount": "what 100 % of target {detail} is, is not known",
    "base": "there is no number for {detail} to hold it against",
    "whole": "there is nothing to take a share of",
    "records": "nothing of this is recorded for the unit then",
}
"""The reason of each figure that is not checkable, by what is missing."""
_PER_CENT = frozenset({"growth", "index", "completion", "excess", "share"})
Row = Mapping[str, Any]


def table_rows(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return rows that have their reasons as people read them, in words and numbers."""
    return [
        {
            "figure": row["figure"],
            "unit": row["unit"],
            "measure": _measure(row),
            "period": _days("..".join(str(day) for day in dict.fromkeys((row["from"], row["to"])))),
            "stated": _stated(row),
            "computed": _exact(row["computed"], row["derived"]),
            "verdict": word("verdict", row["verdict"]),
            "reason": "; ".join(_reasons(row)),
        }
        for row in rows
    ]


def _measure(row: Row) -> str:
    """Return what is counted: derived how, of which part, and by which day."""
    found = [word("measure", row["measure"])]
    if row["derived"]:
        found.append(word("derived", row["derived"]))
    if row["basis"] == "decision":
        found.append(word("basis", "decision"))
    if row["filters"]:
        found.append(filters_shown(row["filters"]))
    if row["against"]:
        found.append(_against(row["derived"], row["against"]))
    return ", ".join(found)


def _against(derived: str | None, against: str | Row) -> str:
    """Return what a figure is held against: a target, an earlier period, filters of the part."""
    if isinstance(against, str):
        return printable(against)
    if set(against) != {"from", "to"}:
        return filters_shown(against)
    days = _days(f"{against['from']}..{against['to']}")
    return say("against {days}").format(days=days) if derived in {"growth", "index"} else days


def _number(number: int | str | None, derived: str | None) -> str:
    if number is None:
        return ""
    return f"{number_shown(str(number))}{' %' if derived in _PER_CENT else ''}"


def _exact(number: int | str | None, derived: str | None) -> str:
    if number is None:
        return ""
    return Exact(str(number), "%" if derived in _PER_CENT else "")


def _stated(row: Row) -> str:
    if row["comparator"] == "range":
        first, last = (_number(end, row["derived"]) for end in row["stated"])
        return say("{first} to {last}").format(first=first, last=last)
    if row["comparator"] == "equal":
        return _exact(row["stated"], row["derived"])
    number = _number(row["stated"], row["derived"])
    return f"{word('comparator', row['comparator'])} {number}"


def _reasons(row: Row) -> list[str]:
    """Return the sentences that give the reason of a verdict."""
    found: list[str] = []
    if row["missing"]:
        found.append(_missing(row["missing"], row["detail"]))
    if row["rounding"]:
        how = (
            say("rounded half up, digits after the point: {digits}")
            if row["rounding"] == "half_up"
            else say("cut off, digits after the point: {digits}")
        )
        found.append(how.format(digits=row["digits"]))
    found += [_reading(held, row["derived"]) for held in row["readings"]]
    if row["derived"] and row["parts"]:
        found.append(
            ", ".join(
                f"{word('part', name)}: {number_shown(str(number))}"
                for name, number in row["parts"].items()
            )
        )
    return found


def _missing(what: str, detail: str | None) -> str:
    if what == "filter" and detail:
        detail = word("column", detail)
    if what == "target" and detail is None:
        what = "no_target"
    return say(MISSING[what]).format(detail=_days(detail))


def _days(detail: str | None) -> str:
    """Return a detail as people read it: a day or a period as days, a code as it is."""
    try:
        days = [shown(date.fromisoformat(text), spoken()) for text in (detail or "").split("..")]
    except ValueError:
        return printable(detail or "")
    return (
        days[0] if len(days) == 1 else say("{first} to {last}").format(first=days[0], last=days[1])
    )


def _reading(held: Row, derived: str | None) -> str:
    return say("it holds read so: {reading} ({computed})").format(
        reading=word("reading", held["reading"]), computed=_number(held["computed"], derived)
    )


@click.command(
    cls=Command,
    examples=(
        "rollbook figures --unit PY",
        "rollbook figures --verdict contradicted --verdict ambiguous",
        "rollbook figures --figure 000-25 --entries",
        "rollbook figures check --unit PY --format json",
    ),
)
@click.argument(
    "action",
    cls=Argument,
    required=False,
    type=OneOf((CHECK,)),
    metavar="[check]",
    help="with check: the same, but exit status 1 when a figure is contradicted.",
)
@reading_options("unit", "as_of", "units_as_of", "entries")
@click.option(
    "--figure",
    "codes",
    cls=Option,
    type=TEXT,
    multiple=True,
    metavar="FIGURE",
    help="Only the figure with this code; may be given several times.",
)
@click.option(
    "--verdict",
    "verdicts",
    cls=Option,
    type=OneOf(judging.VERDICTS, context="verdict"),
    multiple=True,
    help="Only the figures with this verdict; may be given several times.",
)
@click.option(
    "--reasons",
    cls=Option,
    is_flag=True,
    help="Give programs the reason of each verdict, too.",
)
@output_options
@click.pass_context
def figures(
    context: click.Context,
    /,
    *,
    form: str,
    action: str | None,
    unit: str | None,
    as_of: date | None,
    units_as_of: date | None,
    known: Known,
    entries: bool,
    codes: tuple[str, ...],
    verdicts: tuple[str, ...],
    reasons: bool,
) -> None:
    """Compute published figures again, and say of each whether it holds.

    A figure goes by what it states: the days, the unit, ceremony or decision. It is
    ambiguous where that fails but another documented reading holds, and not checkable where
    something that it needs is not in the book.
    """
    session: Session = context.obj
    with asked(session, known, units_as_of=units_as_of) as question:
        reading, day = question.reading, as_of or question.today
        opened = entries or form not in FOR_PEOPLE
        found = judging.figures(reading, day, unit, codes, opened=opened)
        is_contradicted = any(item.verdict == "contradicted" for item in found)
        if verdicts:
            found = [item for item in found if item.verdict in verdicts]
        about = question.about(as_of=day)
        if entries:
            write_entries(form, judging.opened_figures(reading, found), about=about)
        elif form in FOR_PEOPLE:
            rows = table_rows(judging.rows(found, reasons=True))
            write(form, [Sheet(TABLE_COLUMNS, rows)], about=about)
        else:
            columns = (*COLUMNS, *REASON_COLUMNS) if reasons else COLUMNS
            rows = judging.rows(found, reasons=reasons)
            write(form, [Sheet(columns, rows)], about=about)
    if action == CHECK and is_contradicted:
        context.exit(FOUND)
