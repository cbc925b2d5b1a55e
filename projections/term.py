"""The totals of a term, year by year and whole, against the targets in force."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.errors import Problem
from projections.counting import Span, named_in, unnamed_around, within
from projections.exact import calendar_years, exact_text, growth, index, years_of
from projections.filters import FILTERS, UNKNOWN, placed_under
from projections.measures import measure_of
from projections.reading import Reading, similar
from projections.targets import in_force, progress

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
"""Measures that are also told apart: the key of the map in a row, and by what."""

Counts = dict[str, dict[str | None, int]]
"""For each measure how many, by cause or type; by None where it is not told apart."""


class Term(NamedTuple):
    """A term as it was opened."""

    starts: date
    ends: date


def term(
    reading: Reading, term_name: str, unit: str | None, as_of: date, *, basis: str = "ceremony"
) -> dict[str, Any]:
    """Return the totals of a term of ``unit`` and all below it, as of a day.

    Keys: unit, term, from, to, years, totals, yearly_mean, targets. The years are calendar
    years, cut to the term and to ``as_of``; each holds every measure by name, the maps of
    ``DETAILS``, and ``growth`` and ``index`` against the year before, exact and as text, in
    per cent: index is growth + 100. Both are None against no year, a year that was cut, or
    zero. ``basis`` is the day an admission is counted by. The term is that of the unit
    or of the nearest unit above it. Raises unknown_unit, unknown_term.
    """
    unit = reading.unit(unit, as_of)
    opened = _opened(reading, term_name, unit, as_of)
    last_on = min(opened.ends, as_of)
    if unit is not None:
        reading.note_life(unit, last_on, opened.starts)
    span = Span(opened.starts, last_on, as_of)
    by_year, totals = _counts(reading, unit, span, basis)
    return {
        "unit": unit,
        "term": term_name,
        "from": opened.starts,
        "to": last_on,
        "years": _years(by_year, span),
        "totals": _row(totals),
        "yearly_mean": _yearly_mean(totals, span),
        "targets": [
            progress(reading, target, as_of, basis)
            for target in (in_force(reading, unit, *opened, as_of) if unit else ())
        ],
    }


_TERMS = """
SELECT e.unit, e.starts, e.ends FROM live AS e
 WHERE e.kind = 'term_opened' AND e.term = $term ORDER BY e.effective_on, e.place
"""
_ABOVE = """
SELECT a.code FROM tree AS t JOIN lives AS l ON l.unit = t.unit JOIN lives AS a ON a.unit = t.above
 WHERE l.code = $unit AND t.since <= $day AND t.until > $day
"""


def _opened(reading: Reading, name: str, unit: str | None, as_of: date) -> Term:
    """Return the term called ``name`` of a unit, else of the nearest unit above it.

    Without a unit, the one that all units who have it agree on. Raises unknown_term.
    """
    reading.need("live", "lives", "tree")
    terms = {row[0]: Term(*row[1:]) for row in reading.sql(_TERMS, term=name)}
    if unit is None:
        if len(set(terms.values())) == 1:
            return next(iter(terms.values()))
    else:
        founded_on, ended_on = reading.life(unit)
        on = max(founded_on, min(as_of, ended_on - timedelta(days=1)))
        above: str | None = unit
        while above is not None:
            if above in terms:
                return terms[above]
            found = reading.sql(_ABOVE, unit=above, day=on)
            above = found[0][0] if found else None
    known = reading.sql("SELECT DISTINCT term FROM live WHERE kind = 'term_opened'")
    near = similar(name, [row[0] for row in known if row[0] != name])
    raise Problem("unknown_term", value=name, unit=unit or "?", suggestion=near)


def _counts(
    reading: Reading, unit: str | None, span: Span, basis: str
) -> tuple[dict[int, Counts], Counts]:
    """Return the counts of each calendar year, and of the whole."""
    by_year: dict[int, Counts] = defaultdict(_nothing)
    totals = _nothing()
    for name in MEASURES if span.since <= span.last_on else ():
        detail = DETAILS.get(name, ("", ""))[1]
        keys = ("year(on_day)", FILTERS[detail].value if detail else "NULL")
        for year, code, count in named_in(reading, measure_of(name, basis), unit, span, keys=keys):
            by_year[year][name][code] += count
            totals[name][code] += count
        spans = [(totals, span)] + [
            (by_year[year], Span(first, last, span.as_of))
            for year, first, last in calendar_years(span.since, span.last_on)
        ]
        flows = unnamed_around(reading, name, unit, span)
        for counts, part in spans:
            for item in within(reading, name, flows, part):
                own = (placed_under(detail, item.filters) or UNKNOWN) if detail else None
                counts[name][own] += item.how_many
    return by_year, totals


def _nothing() -> Counts:
    return {name: defaultdict(int) for name in MEASURES}


def _row(counts: Counts) -> dict[str, Any]:
    row: dict[str, Any] = {name: sum(counts[name].values()) for name in MEASURES}
    for name, (key, _) in DETAILS.items():
        row[key] = {str(code): counts[name][code] for code in sorted(counts[name], key=str)}
    return row


def _years(by_year: dict[int, Counts], span: Span) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    earlier: dict[str, Any] | None = None
    for year, first, last in calendar_years(span.since, span.last_on):
        row = {"year": year, "from": first, "to": last, **_row(by_year[year])}
        row["growth"] = _against(growth, row, earlier)
        row["index"] = _against(index, row, earlier)
        rows.append(row)
        is_whole = (first, last) == (date(year, 1, 1), date(year, 12, 31))
        earlier = row if is_whole else None
    return rows


def _against(
    change: Any, row: dict[str, Any], earlier: dict[str, Any] | None
) -> dict[str, str | None]:
    return {
        name: exact_text(change(row[name], earlier[name] if earlier else None)) for name in MEASURES
    }


def _yearly_mean(totals: Counts, span: Span) -> dict[str, str | None]:
    """Return the total of each measure for each year of the days counted, exact."""
    if span.since > span.last_on:
        return dict.fromkeys(MEASURES)
    years = years_of(span.since, span.last_on)
    return {name: exact_text(Fraction(sum(totals[name].values())) / years) for name in MEASURES}
