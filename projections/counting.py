"""Counts one measure for one unit, on a day or over a period, named and unnamed together.

"As of D" is the end of day D, and a period holds both its ends: the statements under
``sql/asked`` decide it for every report.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from projections.filters import Condition, condition, read_filters
from projections.measures import Measure, inapplicable, measure_of
from projections.placing import covers
from projections.reading import Reading
from projections.statements import statement
from projections.subjects import behind_sql, is_detailed, subjects_sql

_NEEDS = {
    "people": ("spells",),
    "actions": ("flows",),
    "places": (),
}


class Span(NamedTuple):
    """The days of a question: a period, cut at the day that the report is as of."""

    since: date
    last_on: date
    as_of: date
    is_day: bool = False
    """Whether its last day is meant: what can be counted both ways is then a stock."""


class Unnamed(NamedTuple):
    """People or things counted without names, where they are, and what is known of them."""

    no: int
    unit: str
    how_many: int
    filters: dict[str, Any]


class UnnamedFlow(NamedTuple):
    """Actions counted without names, over the days from ``since`` to ``last_on``."""

    no: int
    how_many: int
    filters: dict[str, Any]
    since: date
    last_on: date


def named_on(
    reading: Reading,
    measure: Measure,
    unit: str | None,
    on: date,
    *,
    filters: Mapping[str, Any] | None = None,
    keys: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Return how many there were at the end of a day: a row a combination of ``keys``."""
    asked = _prepared(reading, measure, filters, keys)
    query = subjects_sql(measure, keys, asked.sql)
    return reading.sql(query, top=reading.under(unit), day=on, **asked.parameters)


def behind_on(
    reading: Reading,
    measure: Measure,
    unit: str | None,
    on: date,
    *,
    filters: Mapping[str, Any] | None = None,
    keys: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Return the entries behind ``named_on``: rows ``*keys, no``, by number."""
    asked = _prepared(reading, measure, filters, keys)
    query = behind_sql(measure, keys, asked.sql)
    return reading.sql(query, top=reading.under(unit), day=on, **asked.parameters)


def named_in(
    reading: Reading,
    measure: Measure,
    unit: str | None,
    span: Span,
    *,
    filters: Mapping[str, Any] | None = None,
    keys: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Return how often it was done in a period: a row a combination of ``keys``."""
    asked = _prepared(reading, measure, filters, keys)
    return _over(reading, subjects_sql(measure, keys, asked.sql), unit, span, asked)


def behind_in(
    reading: Reading,
    measure: Measure,
    unit: str | None,
    span: Span,
    *,
    filters: Mapping[str, Any] | None = None,
    keys: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Return the entries behind ``named_in``: rows ``*keys, no``, by number."""
    asked = _prepared(reading, measure, filters, keys)
    return _over(reading, behind_sql(measure, keys, asked.sql), unit, span, asked)


def _prepared(
    reading: Reading,
    measure: Measure,
    filters: Mapping[str, Any] | None,
    keys: Sequence[str],
) -> Condition:
    """Return what ``filters`` ask, with the tables there that the question needs."""
    asked = condition(filters or {})
    reading.need(*_NEEDS[measure.subjects])
    if is_detailed(measure, keys, asked.sql):
        reading.need("profiles", "units")
    return asked


def _over(
    reading: Reading, query: str, unit: str | None, span: Span, asked: Condition
) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {"since": span.since, "last_on": span.last_on, **asked.parameters}
    if "$as_of" in query:
        parameters["as_of"] = span.as_of
    return reading.sql(query, top=reading.under(unit), **parameters)


def unnamed_on(reading: Reading, measure: str, unit: str | None, on: date) -> Iterator[Unnamed]:
    """Yield the counts without names that hold at the end of a day."""
    reading.need("unnamed_stock", "lives")
    found = reading.sql(
        statement("asked/unnamed_on"), top=reading.under(unit), day=on, measure=measure
    )
    for holder, filters, count, no in found:
        yield Unnamed(no, holder, count, read_filters(filters))


def unnamed_around(
    reading: Reading, measure: str, unit: str | None, span: Span
) -> list[UnnamedFlow]:
    """Return the counts without names whose period touches ``span``."""
    reading.need("unnamed_flow")
    found = reading.sql(
        statement("asked/unnamed_in"),
        top=reading.under(unit),
        measure=measure,
        since=span.since,
        last_on=span.last_on,
    )
    return [
        UnnamedFlow(no, count, read_filters(filters), since, last_on)
        for filters, count, no, since, last_on in found
    ]


def within(
    reading: Reading, measure: str, flows: list[UnnamedFlow], span: Span
) -> Iterator[UnnamedFlow]:
    """Yield those of ``flows`` whose whole period lies in ``span``; note those that overlap."""
    for flow in flows:
        if lies_within(flow, span):
            yield flow
        elif flow.since <= span.last_on and flow.last_on >= span.since:
            note_left_out(reading, measure, flow, span)


def lies_within(flow: UnnamedFlow, span: Span) -> bool:
    """Return whether the whole period of a count without names lies in a span."""
    return span.since <= flow.since and flow.last_on <= span.last_on


def note_left_out(reading: Reading, measure: str, flow: UnnamedFlow, span: Span) -> None:
    """Note that a count without names is left out, because it only overlaps a span.

    A count of nobody is nothing that anybody could miss.
    """
    if not flow.how_many:
        return
    reading.note(
        "flow_left_out",
        entry=flow.no,
        count=flow.how_many,
        measure=measure,
        since=flow.since,
        to=flow.last_on,
        first=span.since,
        last=span.last_on,
    )


def counted(
    reading: Reading,
    name: str,
    unit: str | None,
    span: Span,
    *,
    filters: Mapping[str, Any] | None = None,
    basis: str = "ceremony",
) -> int | None:
    """Return a measure over ``span``, a stock at its end; None when it cannot be counted.

    Nobody can count ``external``, or a measure narrowed by a filter that is not its own.
    """
    filters = dict(filters or {})
    if not can_count(name, filters):
        return None
    measure = measure_of(name, basis, over_period=not span.is_day)
    if measure.is_stock:
        named = named_on(reading, measure, unit, span.last_on, filters=filters)
    elif span.since > span.last_on:
        return 0
    else:
        named = named_in(reading, measure, unit, span, filters=filters)
    unnamed = _unnamed(reading, name, unit, span, filters, is_stock=measure.is_stock)
    return int(named[0][0]) + sum(item.how_many for item in unnamed)


def behind(
    reading: Reading,
    name: str,
    unit: str | None,
    span: Span,
    *,
    filters: Mapping[str, Any] | None = None,
    basis: str = "ceremony",
) -> list[tuple[int, int]]:
    """Return the entries behind what ``counted`` gives, by number: ``no`` and how many it counts.

    Empty where nothing can be counted.
    """
    filters = dict(filters or {})
    if not can_count(name, filters):
        return []
    measure = measure_of(name, basis, over_period=not span.is_day)
    if not measure.is_stock and span.since > span.last_on:
        return []
    if measure.is_stock:
        named = behind_on(reading, measure, unit, span.last_on, filters=filters)
    else:
        named = behind_in(reading, measure, unit, span, filters=filters)
    unnamed = _unnamed(reading, name, unit, span, filters, is_stock=measure.is_stock)
    found = [(no, 1) for (no,) in named] + [(item.no, item.how_many) for item in unnamed]
    return sorted(found)


def can_count(name: str, filters: Mapping[str, Any]) -> bool:
    """Return whether the book can count a measure narrowed by ``filters``."""
    return name != "external" and not inapplicable(measure_of(name), dict(filters))


def _unnamed(
    reading: Reading,
    name: str,
    unit: str | None,
    span: Span,
    filters: Mapping[str, Any],
    *,
    is_stock: bool,
) -> list[Unnamed | UnnamedFlow]:
    """Return the counts without names that fulfil ``filters``, at the end of or within a span."""
    found: Iterator[Unnamed | UnnamedFlow]
    if is_stock:
        found = unnamed_on(reading, name, unit, span.last_on)
    else:
        found = within(reading, name, unnamed_around(reading, name, unit, span), span)
    return [item for item in found if covers(filters, item.filters)]
