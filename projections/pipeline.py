"""The way to membership: who stands at each stage, since when, and how they went on.

The stage of a person is the furthest of their present round, as ``paths/steps.py`` gives it
and a roster by stage lists it. They reached it on the day of the entry that made it so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from projections.breakdown import Breakdown
from projections.counting import unnamed_on
from projections.exact import exact_text
from projections.opening import Behind
from projections.reading import Reading
from projections.rules.due import overdue
from projections.rules.workdays import Calendar
from projections.statements import STAGES, statement

UNNAMED = ("sympathisers", "dossiers")
"""What is counted without names of the people on the way; they are at no stage."""
Lengths = Mapping[int, int]
"""How many stayed for so many days."""


def _present(keys: str) -> str:
    """Return the statement of who is at a stage on a day, and which entry brought them there."""
    return (
        f"SELECT {keys} FROM ({statement('asked/people')}) AS x "  # noqa: S608 - all parts are ours
        "JOIN stays AS s ON s.person = x.person AND s.stage = x.stage"
        " AND s.since <= x.on_day AND s.until > x.on_day "
        "JOIN lives AS l ON l.unit = x.unit WHERE x.stage IS NOT NULL "
    )


def pipeline(
    reading: Reading,
    unit: str | None,
    as_of: date,
    *,
    by_unit: bool = False,
    times: bool = False,
) -> list[dict[str, Any]]:
    """Return how many are at each stage at the end of a day, under ``unit``: all nine stages.

    Rows ``stage, count``; with ``by_unit`` nine rows for each unit that holds anybody, the
    ``unit`` first: in a restated reading the one that stands for it. ``times`` adds
    ``median_days`` and ``longest_days`` since each of them reached the stage, the median exact
    and as text, and ``longest_since``, the day the one who waits longest did; None where there
    is nobody. Raises unknown_unit.
    """
    unit = reading.unit(unit, as_of)
    reading.note_life(unit, as_of)
    reading.need("spells", "stays", "lives")
    found = reading.sql(
        _present("l.code, x.stage, s.since, count(*)") + "GROUP BY l.code, x.stage, s.since",
        top=reading.under(unit),
        day=as_of,
    )
    holders = Breakdown(reading, ("unit",))
    since: dict[str | None, dict[int, dict[date, int]]] = defaultdict(dict)
    if not by_unit:
        since[None] = {}
    for code, stage, reached_on, count in found:
        holder = holders.stands_for(code, as_of) if by_unit else None
        days = since[holder].setdefault(stage, defaultdict(int))
        days[reached_on] += count
    _note_unnamed(reading, unit, as_of)
    rows: list[dict[str, Any]] = []
    for holder in sorted(since, key=str):
        for number, name in enumerate(STAGES, 1):
            reached = since[holder].get(number, {})
            row: dict[str, Any] = {"unit": holder} if by_unit else {}
            row |= {"stage": name, "count": sum(reached.values())}
            if times:
                row |= lengths({(as_of - on).days: count for on, count in reached.items()})
                row["longest_since"] = min(reached, default=None)
            rows.append(row)
    return rows


def entries_at_stages(
    reading: Reading, unit: str | None, as_of: date, *, by_unit: bool = False
) -> list[Behind]:
    """Return the entry by which each person at a stage reached it, by stage.

    With ``by_unit`` by the unit that holds them first, as ``pipeline`` names it.
    """
    unit = reading.unit(unit, as_of)
    reading.need("spells", "stays", "lives")
    found = reading.sql(_present("l.code, x.stage, s.no"), top=reading.under(unit), day=as_of)
    holders = Breakdown(reading, ("unit",))
    in_order = sorted(
        (holders.stands_for(code, as_of) if by_unit else "", stage, no) for code, stage, no in found
    )
    return [
        Behind(({"unit": holder} if by_unit else {}) | {"stage": STAGES[stage - 1]}, no)
        for holder, stage, no in in_order
    ]


def overdue_at_stages(
    reading: Reading, unit: str | None, as_of: date, calendar: Calendar | None = None
) -> list[dict[str, Any]]:
    """Return the steps of people at a stage that are overdue under the rules, oldest first.

    Rows ``stage`` and those of ``rules.due``: ``due_on, days, person, unit, what, rule,
    entry``. Deadlines in working days are among them only with a calendar; a note says how
    many were left out. Raises unknown_unit.
    """
    unit = reading.unit(unit, as_of)
    rows = overdue(reading, unit, as_of, calendar)
    reading.need("spells", "persons")
    stages = dict(
        reading.sql(
            f"SELECT p.code, x.stage FROM ({statement('asked/people')}) AS x "  # noqa: S608 - ours
            "JOIN persons AS p ON p.person = x.person WHERE x.stage IS NOT NULL",
            top=reading.under(unit),
            day=as_of,
        )
    )
    return [
        {"stage": STAGES[stages[row["person"]] - 1], **row}
        for row in rows
        if row["person"] in stages
    ]


def _note_unnamed(reading: Reading, unit: str | None, as_of: date) -> None:
    for measure in UNNAMED:
        count = sum(item.how_many for item in unnamed_on(reading, measure, unit, as_of))
        if count:
            reading.note("unnamed_at_no_stage", count=count, measure=measure)


def lengths(days: Lengths) -> dict[str, Any]:
    """Return ``median_days``, exact and as text, and ``longest_days``; None of nobody."""
    return {"median_days": exact_text(_median(days)), "longest_days": max(days, default=None)}


def _median(days: Lengths) -> Fraction | None:
    """Return the middle of all stays, or the mean of the two in the middle."""
    whole = sum(days.values())
    if not whole:
        return None
    return Fraction(_at(days, (whole - 1) // 2) + _at(days, whole // 2), 2)


def _at(days: Lengths, place: int) -> int:
    """Return the length of the stay at a place, from the shortest on, counted from 0."""
    for length in sorted(days):
        place -= days[length]
        if place < 0:
            return length
    raise IndexError(place)


def across(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows by unit and stage as one row a unit, its stages across."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["unit"], {"unit": row["unit"]})[row["stage"]] = row["count"]
    return list(found.values())
