"""Counts for many questions at once: the statements of ``counting``, read for each of them.

A list of targets asks for one number a target, over its own unit, days and filters. One
statement answers all questions of the same measure and filters, however many units and
periods they are about; what is counted is decided where ``counting`` decides it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from projections.counting import (
    Span,
    UnnamedFlow,
    can_count,
    lies_within,
    note_left_out,
)
from projections.filters import condition, read_filters
from projections.measures import Measure, measure_of
from projections.placing import covers
from projections.reading import Reading
from projections.statements import statement
from projections.subjects import behind_sql, is_detailed, subjects_sql

_ASKED = re.compile(r"\$(top|since|last_on|day)\b")
_KEYS = ("question",)
_MOST_NOTED = 20
"""How many counts without names are told one by one when they are left out."""
_NEEDS = {"people": "spells", "actions": "flows", "places": "lives"}
Counting = Callable[[Measure, Sequence[str], str], str]


class Question(NamedTuple):
    """One measure of one unit over a span, a stock at its end; no unit is the whole book."""

    measure: str
    unit: str | None
    span: Span
    filters: Mapping[str, Any]


class _Part(NamedTuple):
    """The questions of one measure and filters, by their places among all."""

    number: int
    name: str
    measure: Measure
    filters: Mapping[str, Any]
    places: Mapping[int, Question]

    @property
    def as_of(self) -> Any:
        """The day that all the questions are as of."""
        return next(iter(self.places.values())).span.as_of


def answers(
    reading: Reading, questions: Sequence[Question], basis: str = "ceremony"
) -> list[int | None]:
    """Return what ``counting.counted`` gives for each question, in their order.

    All are as of one day. None where the book cannot count it; what an unnamed count leaves
    out is noted.
    """
    found: list[int | None] = [None] * len(questions)
    for part in _parts(reading, questions, basis):
        found_here = dict.fromkeys(part.places, 0)
        for place, count in _named(reading, part, subjects_sql):
            found_here[place] += count
        for place, _, count in _unnamed(reading, part):
            found_here[place] += count
        for place, count in found_here.items():
            found[place] = count
    return found


def entries_behind(
    reading: Reading, questions: Sequence[Question], basis: str = "ceremony"
) -> list[list[tuple[int, int]]]:
    """Return the entries behind each of ``answers``: number and how many it counts."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for part in _parts(reading, questions, basis):
        for place, no in _named(reading, part, behind_sql):
            found[place].append((no, 1))
        for place, no, count in _unnamed(reading, part):
            found[place].append((no, count))
    return [sorted(found[place]) for place in range(len(questions))]


def _parts(reading: Reading, questions: Sequence[Question], basis: str) -> list[_Part]:
    """Return what can be counted in parts, with the table ``questions`` filled for them."""
    parts: dict[tuple[str, str, bool], _Part] = {}
    rows: list[tuple[int, int, str, Span]] = []
    for place, question in enumerate(questions):
        name, filters, span = question.measure, question.filters, question.span
        if not can_count(name, filters):
            continue
        measure = measure_of(name, basis, over_period=not span.is_day)
        key = name, json.dumps(filters, sort_keys=True), measure.is_stock
        part = parts.setdefault(key, _Part(len(parts), name, measure, filters, {}))
        assert isinstance(part.places, dict)
        part.places[place] = question
        # Of a period that has not begun nothing is done, whatever its days are.
        if measure.is_stock or span.since <= span.last_on:
            rows.append((part.number, place, question.unit or "", span))
    _show(reading, rows)
    return list(parts.values())


def _show(reading: Reading, rows: Sequence[tuple[int, int, str, Span]]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - as DuckDB takes many rows at once

    reading.subtrees.show(dict.fromkeys(unit for _, _, unit, _ in rows))
    columns = {
        "part": pa.array([row[0] for row in rows], pa.int32()),
        "question": pa.array([row[1] for row in rows], pa.int32()),
        "top": pa.array([row[2] for row in rows], pa.string()),
        "since": pa.array([row[3].since for row in rows], pa.date32()),
        "last_on": pa.array([row[3].last_on for row in rows], pa.date32()),
    }
    reading.database.register("asked_questions", pa.table(columns))
    reading.database.execute("CREATE OR REPLACE TABLE questions AS FROM asked_questions")
    reading.database.unregister("asked_questions")


def of_each(name: str) -> str:
    """Return a statement of ``asked`` read for each row of the table ``questions``.

    What it takes as parameters, the unit and the days, comes from that row.
    """
    days = {"day": "last_on"}  # a stock is counted at the end of the span
    text = _ASKED.sub(lambda found: f"q.{days.get(found[1], found[1])}", statement(name))
    return (
        "SELECT q.question, z.* FROM questions AS q "  # noqa: S608 - the statement is our own
        f"CROSS JOIN LATERAL ({text}) AS z WHERE q.part = $part"
    )


def _named(reading: Reading, part: _Part, counting: Counting) -> list[tuple[int, int]]:
    """Return the place of each question with what ``counting`` selects: a number, or entries."""
    asked = condition(part.filters)
    reading.need(_NEEDS[part.measure.subjects])
    if is_detailed(part.measure, _KEYS, asked.sql):
        reading.need("profiles", "units")
    subjects = f"asked/{part.measure.subjects}"
    query = counting(part.measure, _KEYS, asked.sql).replace(statement(subjects), of_each(subjects))
    parameters: dict[str, Any] = {"part": part.number, **asked.parameters}
    if "$as_of" in query:
        parameters["as_of"] = part.as_of
    return [(int(place), int(value)) for place, value in reading.sql(query, **parameters)]


def _unnamed(reading: Reading, part: _Part) -> Iterator[tuple[int, int, int]]:
    """Yield place of the question, entry and number of each count without names that adds."""
    kind = "unnamed_on" if part.measure.is_stock else "unnamed_in"
    reading.need("unnamed_stock" if part.measure.is_stock else "unnamed_flow", "lives")
    columns = (
        "no, count, filters" if part.measure.is_stock else "no, count, filters, since, last_on"
    )
    found = reading.sql(
        f"SELECT question, {columns} "  # noqa: S608 - all parts are our own
        f"FROM ({of_each(f'asked/{kind}')}) AS y ORDER BY no, question",
        part=part.number,
        measure=part.name,
    )
    left_out: set[int] = set()
    for place, no, count, filters, *days in found:
        own = read_filters(filters)
        if days:
            flow, span = UnnamedFlow(no, count, own, *days), part.places[place].span
            if not lies_within(flow, span):
                if len(left_out) < _MOST_NOTED:
                    note_left_out(reading, part.name, flow, span)
                if count:
                    left_out.add(no)
                continue
        if covers(part.filters, own):
            yield place, no, count
    if len(left_out) > _MOST_NOTED:
        more = len(left_out) - _MOST_NOTED
        reading.note("flows_left_out", count=more, measure=part.name)
