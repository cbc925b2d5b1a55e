"""The totals of a term, year by year and whole, against the targets in force."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import projections.problems  # noqa: F401 - makes its codes known
from ledger.errors import Problem
from ledger.similar import similar
from projections.breakdown import Breakdown
from projections.counting import Span
from projections.exact import calendar_years, exact_text, growth, index, years_of
from projections.filters import ROWS
from projections.measures import can_be_told, inapplicable, measure_of
from projections.opening import opened
from projections.reading import Reading
from projections.tally import (
    DETAILS,
    MEASURES,
    WHOLE,
    Asked,
    Tally,
    behind_tally,
    can_be_narrowed,
    tallied,
)
from projections.targets import progress, row_of
from projections.targets_set import in_force

BREAKDOWNS = tuple(
    key
    for key in ROWS
    if key == "unit" or any(can_be_told(measure_of(name), key) for name in MEASURES)
)
"""What the numbers of a term can be broken down by; ``unit`` is the unit that did it."""


class Term(NamedTuple):
    """A term as it was opened."""

    starts: date
    ends: date


def term(
    reading: Reading,
    term_name: str,
    unit: str | None,
    as_of: date,
    *,
    basis: str = "ceremony",
    by: Sequence[str] = (),
    filters: Mapping[str, Any] | None = None,
    mean_age: bool = False,
) -> dict[str, Any]:
    """Return the totals of a term of ``unit`` and all below it, as of a day.

    Keys: unit, term, from, to, years, totals, yearly_mean, targets. The years are calendar
    years, cut to the term and to ``as_of``; each holds every measure by name, the maps of
    ``DETAILS``, and ``growth`` and ``index`` against the year before, exact and as text, in
    per cent: index is growth + 100. Both are None against no year, a year that was cut, or
    zero. ``basis`` is the day an admission is counted by. The term is that of the unit
    or of the nearest unit above it; of one that has not begun by ``as_of``, ``to`` is None.

    ``by`` adds ``breakdown``: rows of ``year`` (``WHOLE`` for the whole), the keys, and every
    measure. ``filters`` narrows what is counted, but no target; a measure that it cannot
    narrow is None. ``mean_age`` adds the mean age in years of those admitted, exact and as
    text, to every year, row and to the totals. Raises unknown_unit, unknown_term.
    """
    unit, opening, asked = _asked(
        reading, term_name, unit, as_of, basis=basis, by=by, filters=filters or {}
    )
    by_year, whole = tallied(reading, asked, mean_age=mean_age)
    shown = _Shown([name for name in MEASURES if can_be_narrowed(name, asked.filters)], mean_age)
    span = asked.span
    targets = in_force(reading, {unit}, as_of, *opening) if unit else []
    report = {
        "unit": unit,
        "term": term_name,
        "from": span.since,
        "to": span.last_on if span.since <= span.last_on else None,
        "years": _years(by_year, span, shown),
        "totals": shown.whole(whole),
        "yearly_mean": _yearly_mean(whole, span, shown),
        "targets": [row_of(item) for item in progress(reading, targets, as_of, basis)],
    }
    if by:
        report["breakdown"] = list(_broken_down(by_year, whole, asked.broken, shown))
    return report


def term_entries(
    reading: Reading,
    term_name: str,
    unit: str | None,
    as_of: date,
    *,
    basis: str = "ceremony",
    by: Sequence[str] = (),
    filters: Mapping[str, Any] | None = None,
) -> tuple[tuple[date, date | None], list[dict[str, Any]]]:
    """Return the period of a term, and the entries behind its numbers: rows of ``opened``.

    ``number`` names the measure, ``year`` the year, or ``WHOLE``; then the keys of ``by``
    and ``cause`` or ``class_type`` where the measure is told apart by it. Raises what
    ``term`` raises.
    """
    _, _, asked = _asked(reading, term_name, unit, as_of, basis=basis, by=by, filters=filters or {})
    since, last_on = asked.span.since, asked.span.last_on
    period = since, last_on if since <= last_on else None
    return period, opened(reading, behind_tally(reading, asked))


def _asked(
    reading: Reading,
    term_name: str,
    unit: str | None,
    as_of: date,
    *,
    basis: str,
    by: Sequence[str],
    filters: Mapping[str, Any],
) -> tuple[str | None, Term, Asked]:
    """Return the unit, its term and what is to be counted; note what the report must say."""
    assert set(by) <= set(BREAKDOWNS), by
    unit = reading.unit(unit, as_of)
    opening = _opened(reading, term_name, unit, as_of)
    span = Span(opening.starts, min(opening.ends, as_of), as_of)
    if span.since > span.last_on:
        reading.note("term_not_begun", starts=opening.starts, as_of=as_of)
    elif unit is not None:
        reading.note_life(unit, span.last_on, span.since)
    for name in MEASURES:
        if wrong := inapplicable(measure_of(name), filters):
            reading.note("not_narrowed", measure=name, filter=wrong)
    return unit, opening, Asked(unit, span, basis, filters, Breakdown(reading, by))


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

    Without a unit, the one that all units who have it agree on. Raises unknown_term, or
    without a unit term_nowhere and term_of_several.
    """
    reading.need("live", "lives", "tree")
    terms = {row[0]: Term(*row[1:]) for row in reading.sql(_TERMS, term=name)}
    if unit is None:
        if len(set(terms.values())) == 1:
            return next(iter(terms.values()))
        if terms:
            raise Problem("term_of_several", value=name, units=sorted(terms))
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
    if unit is None:
        raise Problem("term_nowhere", value=name, suggestion=near)
    raise Problem("unknown_term", value=name, unit=unit, suggestion=near)


class _Shown:
    """How a tally is put into a row: measures that were not counted are None."""

    def __init__(self, counted: Sequence[str], mean_age: bool) -> None:  # noqa: FBT001 - one flag
        self.counted = frozenset(counted)
        self.mean_age = mean_age

    def row(self, tally: Tally, row: Any = None) -> dict[str, Any]:
        """Return every measure by name, and the mean age if it is asked."""
        found: dict[str, Any] = {
            name: tally.number(name, row) if name in self.counted else None for name in MEASURES
        }
        if self.mean_age:
            found["mean_age"] = exact_text(tally.mean_age(row))
        return found

    def whole(self, tally: Tally) -> dict[str, Any]:
        """Return every measure, and the maps of those that are told apart."""
        maps = {
            key: tally.by_detail(name) if name in self.counted else None
            for name, (key, _) in DETAILS.items()
        }
        return {**self.row(tally), **maps}


def _years(by_year: Mapping[int, Tally], span: Span, shown: _Shown) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    earlier: dict[str, Any] = {}
    for year, first, last in calendar_years(span.since, span.last_on):
        row = {"year": year, "from": first, "to": last, **shown.whole(by_year[year])}
        row["growth"] = _against(growth, row, earlier)
        row["index"] = _against(index, row, earlier)
        rows.append(row)
        is_whole = (first, last) == (date(year, 1, 1), date(year, 12, 31))
        earlier = row if is_whole else {}
    return rows


def _against(
    change: Callable[[int, int | None], Fraction | None],
    row: Mapping[str, Any],
    earlier: Mapping[str, Any],
) -> dict[str, str | None]:
    return {
        name: None if row[name] is None else exact_text(change(row[name], earlier.get(name)))
        for name in MEASURES
    }


def _yearly_mean(whole: Tally, span: Span, shown: _Shown) -> dict[str, str | None]:
    """Return the total of each measure for each year of the days counted, exact."""
    if span.since > span.last_on:
        return dict.fromkeys(MEASURES)
    years = years_of(span.since, span.last_on)
    return {
        name: exact_text(Fraction(whole.number(name)) / years) if name in shown.counted else None
        for name in MEASURES
    }


def _broken_down(
    by_year: Mapping[int, Tally], whole: Tally, broken: Breakdown, shown: _Shown
) -> Iterator[dict[str, Any]]:
    """Yield a row a combination of keys in which anything was done, year by year, then whole."""
    for year, tally in (*by_year.items(), (WHOLE, whole)):
        for row in sorted(tally.rows(), key=broken.order):
            yield {"year": year, **broken.named(row), **shown.row(tally, row)}
