"""The flow through the stages of the pipeline: who reached each in a period, and what then.

Everybody is followed from the day they first reached a stage in the period up to the day
asked, wherever in the book they went: how many nominated in a year were admitted within two.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from projections.counting import Span
from projections.exact import months_after
from projections.measures import measure_of
from projections.opening import Behind
from projections.pipeline import lengths
from projections.reading import Reading
from projections.statements import STAGES, statement

OUTCOMES = ("waiting", "moved_on", "returned", "left")
"""How a stay at a stage ended by the day asked; each who reached it is in one of them."""
COLUMNS = (
    "stage",
    "reached",
    *OUTCOMES,
    "admitted",
    "admitted_within",
    "median_days",
    "longest_days",
)
_MONTHS = "(12 * (year(admitted_on) - year(since)) + month(admitted_on) - month(since))"
_WITHIN = (
    "admitted_on IS NOT NULL AND "
    f"({_MONTHS} < $months OR ({_MONTHS} = $months AND day(admitted_on) <= day(since)))"
)
"""Within months counted by the calendar: up to the same day of the last month, or its end."""


class Flow(NamedTuple):
    """A question about the flow: under which unit, over which days, and how admissions count."""

    unit: str | None
    span: Span
    months: int | None = None
    """Within how many months an admission is told apart; None if not at all."""
    basis: str = "ceremony"


def flow(reading: Reading, asked: Flow) -> list[dict[str, Any]]:
    """Return a row a stage with what became of those who reached it in a period: ``COLUMNS``.

    ``reached`` counts each person once a stage, by their first time in the period, under the
    unit on that day, and is the sum of ``OUTCOMES``: ``waiting`` there as of the day asked,
    ``moved_on`` to a further stage or to membership, ``returned`` to an earlier one when a
    decision was cancelled, ``left`` the pipeline. ``admitted``: in the end, by the day asked,
    whatever happened between; ``admitted_within`` the months given, else None. The days are
    those of the stay, up to the day asked for who is waiting. Raises unknown_unit.
    """
    unit = reading.unit(asked.unit, asked.span.as_of)
    reading.note_life(unit, asked.span.last_on, asked.span.since)
    span, months = asked.span, asked.months
    if months is not None and not _are_over(span, months):
        reading.note("months_not_over", months=months, on=span.as_of)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    days: dict[int, Counter[int]] = defaultdict(Counter)
    for stage, outcome, stayed, admitted, within, count in _grouped(reading, unit, asked):
        counts[stage]["reached"] += count
        counts[stage][outcome] += count
        counts[stage]["admitted"] += count if admitted else 0
        counts[stage]["admitted_within"] += count if within else 0
        days[stage][stayed] += count
    rows = []
    for number, name in enumerate(STAGES, 1):
        row: dict[str, Any] = {"stage": name}
        row |= {column: counts[number][column] for column in COLUMNS[1:-2]}
        if asked.months is None:
            row["admitted_within"] = None
        rows.append(row | lengths(days[number]))
    return rows


def flow_entries(reading: Reading, asked: Flow) -> list[Behind]:
    """Return the entries behind each number of ``flow``: that they reached it, and what ended it.

    Of who is waiting, the entry by which they reached the stage; of the admitted, that of
    their admission.
    """
    unit = reading.unit(asked.unit, asked.span.as_of)
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    columns = "stage, no, outcome, outcome_no, admitted_no, " + _within(asked)
    for stage, no, outcome, outcome_no, admitted_no, within in _asked(
        reading, unit, asked, columns
    ):
        found[stage, "reached"].append(no)
        found[stage, outcome].append(outcome_no)
        if admitted_no is not None:
            found[stage, "admitted"].append(admitted_no)
        if within:
            found[stage, "admitted_within"].append(admitted_no)
    return list(_in_order(found))


def _in_order(found: dict[tuple[int, str], list[int]]) -> Iterator[Behind]:
    for number, stage in enumerate(STAGES, 1):
        for name in COLUMNS[1:-2]:
            for no in sorted(found.get((number, name), ())):
                yield Behind({"stage": stage, "number": name}, no)


def _within(asked: Flow) -> str:
    return "FALSE" if asked.months is None else _WITHIN


def _grouped(reading: Reading, unit: str | None, asked: Flow) -> list[tuple[Any, ...]]:
    columns = f"stage, outcome, days, admitted_no IS NOT NULL, {_within(asked)}, count(*)"
    return _asked(reading, unit, asked, columns, " GROUP BY 1, 2, 3, 4, 5")


def _asked(
    reading: Reading, unit: str | None, asked: Flow, columns: str, grouped: str = ""
) -> list[tuple[Any, ...]]:
    reading.need("stays", "flows")
    span = asked.span
    parameters: dict[str, Any] = {
        "top": reading.under(unit),
        "since": span.since,
        "last_on": min(span.last_on, span.as_of),
        "as_of": span.as_of,
    }
    if asked.months is not None:
        parameters["months"] = asked.months
    return reading.sql(cohort_sql(columns, asked.basis) + grouped, **parameters)


def cohort_sql(columns: str, basis: str) -> str:
    """Return the statement that selects ``columns`` of those who reached a stage in a period."""
    condition = measure_of("admissions", basis).condition
    return (
        "WITH admissions AS "  # noqa: S608 - all parts are our own
        f"(SELECT person, effective_on, no FROM flows WHERE {condition}) "
        f"SELECT {columns} FROM ({statement('asked/stays')}) AS c"
    )


def _are_over(span: Span, months: int) -> bool:
    """Whether the months of who came last have passed by the day asked."""
    try:
        return months_after(span.last_on, months) <= span.as_of
    except ValueError:  # they end after the last day there is
        return False
