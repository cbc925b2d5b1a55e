"""What was done in a period, year by year and whole, by cause or type and in each row asked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from projections.bands import UNKNOWN
from projections.breakdown import Breakdown, Row
from projections.counting import Span, UnnamedFlow, behind_in, named_in, unnamed_around, within
from projections.exact import calendar_years
from projections.filters import FILTERS
from projections.measures import Measure, inapplicable, measure_of
from projections.opening import Behind
from projections.placing import covers, placed_under
from projections.reading import Reading

MEASURES = (
    "admissions",
    "recognitions",
    "departures",
    "classes",
    "class_participants",
    "certificates",
    "units_founded",
)
"""The measures of a term report."""

DETAILS = {
    "departures": ("departures_by_cause", "cause"),
    "classes": ("classes_by_type", "class_type"),
    "class_participants": ("class_participants_by_type", "class_type"),
}
"""Measures that are also told apart: the key of the map in a report, and by what."""

_PARTS = ("cause", "class_type")
AGED = "admissions"
"""The measure whose people have a mean age."""
WHOLE = "total"
"""Stands for the whole where the others are years."""


class Asked(NamedTuple):
    """Whose actions are counted, when, and how they are told apart."""

    unit: str | None
    span: Span
    basis: str
    filters: Mapping[str, Any]
    broken: Breakdown


class Tally:
    """What was done in one year, or in the whole."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[tuple[Row, str | None], int]] = {
            name: defaultdict(int) for name in MEASURES
        }
        """How many of each measure in each row by cause or type; None where it has neither."""
        self.ages: dict[Row, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        """How many were admitted at each age in years, as far as it is known."""

    def rows(self) -> set[Row]:
        """Return the rows in which anything was done."""
        return {row for counts in self.counts.values() for (row, _), n in counts.items() if n}

    def number(self, name: str, row: Row | None = None) -> int:
        """Return how often a measure was done, in one row or in all."""
        return sum(n for (own, _), n in self.counts[name].items() if row in (None, own))

    def by_detail(self, name: str) -> dict[str, int]:
        """Return how often a measure was done by cause or type, in the order of the codes."""
        found: dict[str, int] = defaultdict(int)
        for (_, code), number in self.counts[name].items():
            found[str(code)] += number
        return dict(sorted(found.items()))

    def mean_age(self, row: Row | None = None) -> Fraction | None:
        """Return the mean age in years of those admitted, as far as it is known."""
        counted: dict[int, int] = defaultdict(int)
        for own, found in self.ages.items():
            for age_years, number in found.items() if row in (None, own) else ():
                counted[age_years] += number
        people = sum(counted.values())
        ages_years = sum(age * number for age, number in counted.items())
        return Fraction(ages_years, people) if people else None


def can_be_narrowed(name: str, filters: Mapping[str, Any]) -> bool:
    """Return whether a measure can be counted for what the filters leave."""
    return inapplicable(measure_of(name), filters) is None


def tallied(
    reading: Reading, asked: Asked, *, mean_age: bool = False
) -> tuple[dict[int, Tally], Tally]:
    """Return what was done in each calendar year of the span, and in the whole of it.

    Measures that ``filters`` cannot narrow are left out; ``mean_age`` counts the ages, too.
    An unnamed flow is in every year, and in the whole, that holds its whole period; the
    report is told of one that is in no year.
    """
    by_year: dict[int, Tally] = {
        year: Tally() for year, _, _ in calendar_years(asked.span.since, asked.span.last_on)
    }
    whole = Tally()
    for name, measure, detail in _measures(asked):
        ages = mean_age and name == AGED
        keys = (*_keys(asked.broken, measure, detail), "birth_year" if ages else "NULL")
        for year, code, *told, birth_year, count in named_in(
            reading, measure, asked.unit, asked.span, filters=asked.filters, keys=keys
        ):
            row = asked.broken.row(measure, told)
            for tally in (by_year[year], whole):
                tally.counts[name][row, code] += count
                if birth_year is not None:
                    tally.ages[row][year - birth_year] += count
        for row, code, flow, year in _unnamed(reading, asked, name, detail):
            whole.counts[name][row, code] += flow.how_many
            if year is not None:
                by_year[year].counts[name][row, code] += flow.how_many
    return by_year, whole


def _measures(asked: Asked) -> Iterator[tuple[str, Measure, str]]:
    for name in MEASURES if asked.span.since <= asked.span.last_on else ():
        if can_be_narrowed(name, asked.filters):
            yield name, measure_of(name, asked.basis), DETAILS.get(name, ("", ""))[1]


def _keys(broken: Breakdown, measure: Measure, detail: str) -> tuple[str, ...]:
    return "year(on_day)", FILTERS[detail].value if detail else "NULL", *broken.values(measure)


def _unnamed(
    reading: Reading, asked: Asked, name: str, detail: str
) -> Iterator[tuple[Row, str | None, UnnamedFlow, int | None]]:
    """Yield the unnamed flows of the whole: their row, their cause or type, and their year."""
    flows = unnamed_around(reading, name, asked.unit, asked.span)
    wanted = [flow for flow in flows if covers(asked.filters, flow.filters)]
    places = _places(reading) if wanted and "unit" in asked.broken.keys else {}
    for flow in within(reading, name, wanted, asked.span):
        row = asked.broken.placed(places.get(flow.no, ""), flow.last_on, flow.filters)
        code = (placed_under(detail, flow.filters) or UNKNOWN) if detail else None
        year = flow.since.year if flow.since.year == flow.last_on.year else None
        if year is None and flow.how_many:
            reading.note(
                "flow_in_no_year",
                entry=flow.no,
                count=flow.how_many,
                measure=name,
                since=flow.since,
                to=flow.last_on,
            )
        yield row, code, flow, year


def _places(reading: Reading) -> dict[int, str]:
    """Return the unit of each flow without names, on the last day of its period."""
    return dict(
        reading.sql("SELECT n.no, l.code FROM unnamed_flow n JOIN lives l ON l.unit = n.unit")
    )


def behind_tally(reading: Reading, asked: Asked) -> list[Behind]:
    """Return the entries behind every number of ``tallied``, those of the whole last.

    ``number`` names the measure, ``year`` the year or ``WHOLE``; then cause and class type,
    where the measure is told apart by them, and the keys of the row.
    """
    broken = asked.broken
    found: list[tuple[Any, dict[str, Any], list[tuple[int, int]]]] = []
    for place, (name, measure, detail) in enumerate(_measures(asked)):
        keys = _keys(broken, measure, detail)
        groups: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
        for *told, no in behind_in(
            reading, measure, asked.unit, asked.span, filters=asked.filters, keys=keys
        ):
            groups[tuple(told)].append((no, 1))
        numbers: dict[tuple[Any, str | None, Row], list[tuple[int, int]]] = defaultdict(list)
        for (year, code, *told), items in groups.items():
            for when in (year, WHOLE):
                numbers[when, code, broken.row(measure, told)] += items
        for row, code, flow, year in _unnamed(reading, asked, name, detail):
            for when in {year, WHOLE} - {None}:
                numbers[when, code, row].append((flow.no, flow.how_many))
        for (when, code, row), items in numbers.items():
            parts = {part: code if part == detail else None for part in _PARTS}
            about = {"number": name, "year": when, **parts, **broken.named(row)}
            order = when == WHOLE, str(when), place, broken.order(row), str(code)
            found.append((order, about, items))
    found.sort(key=lambda item: item[0])
    return [Behind(about, no, count) for _, about, items in found for no, count in items]
