"""The published figures of a book, as they were stated."""

import json
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.errors import Problem
from ledger.similar import similar
from projections.exact import plain_number
from projections.filters import read_filters
from projections.measures import MEASURES, measure_of
from projections.reading import Reading


class Stated(NamedTuple):
    """One figure as it was published; ``no`` is the entry that says so.

    A reading other than the stated one is a copy of this with another basis, day or form.
    """

    no: int
    figure: str
    unit: str
    measure: str
    comparator: str
    value: tuple[str, ...]
    """The number as it was printed, or the two ends of a range, as decimal text."""
    source: str
    published_on: date
    since: date
    last_on: date
    """Of a stock, ``since`` and ``last_on`` are the one day that it is about."""
    has_period: bool
    derived: str | None
    against: str | dict[str, Any] | None
    basis: str
    filters: dict[str, Any]

    @property
    def is_stock(self) -> bool:
        """Whether a number as of a day is stated; of ``external`` nobody knows."""
        if self.measure not in MEASURES:
            return False
        return measure_of(self.measure, over_period=self.has_period).is_stock

    @property
    def numbers(self) -> tuple[Fraction, ...]:
        """The number or numbers, exact."""
        return tuple(Fraction(Decimal(text)) for text in self.value)

    @property
    def shown(self) -> Any:
        """The number as JSON has it: an integer where it is one, else text; two in a list."""
        found = [plain_number(text) for text in self.value]
        return found if self.comparator == "range" else found[0]


_STATED = """
SELECT e.no, e.figure, e.unit, e.measure, e.comparator, e.value, e.source, e.effective_on,
       coalesce(e.period_from, e.as_of, e.effective_on),
       coalesce(e.period_to, e.as_of, e.effective_on),
       e.period_from IS NOT NULL, e.derived, e.against, coalesce(e.basis, 'ceremony'), e.filters
  FROM live AS e
 WHERE e.kind = 'figure_stated' AND e.effective_on <= $as_of
 ORDER BY e.effective_on, e.place
"""


def stated_figures(
    reading: Reading,
    as_of: date,
    unit: str | None = None,
    figures: Collection[str] = (),
) -> list[Stated]:
    """Return the figures published by the end of a day, in the order of publication.

    ``unit``: only those about it or about what lay under it when they were published;
    ``figures``: only those with these codes. Raises unknown_unit, unknown_figure.
    """
    reading.need("live", "lives")
    found = [_stated(row) for row in reading.sql(_STATED, as_of=as_of)]
    known = {item.figure for item in found}
    for code in figures:
        if code not in known:
            raise Problem("unknown_figure", value=code, suggestion=similar(code, sorted(known)))
    if figures:
        found = [item for item in found if item.figure in figures]
    if unit is not None:
        reading.life(unit)
        about = _about(reading, unit, found)
        found = [item for item in found if item.no in about]
    return found


def _stated(row: tuple[Any, ...]) -> Stated:
    value, against = row[5], row[12]
    values = json.loads(value) if value.startswith("[") else [value]
    is_object = against is not None and against.startswith("{")
    return Stated._make(
        [
            *row[:5],
            tuple(map(str, values)),
            *row[6:12],
            json.loads(against) if is_object else against,
            row[13],
            read_filters(row[14]),
        ]
    )


def _about(reading: Reading, unit: str, found: list[Stated]) -> set[int]:
    """Return the entries of the figures about a unit or what lay under it on that day.

    A figure published after its unit ended, or before it began, goes by the nearest day.
    """
    top = reading.under(unit)
    spans: dict[str, list[tuple[date, date]]] = {}
    for code, since, until in reading.sql(
        "SELECT l.code, b.since, b.until FROM under AS b JOIN lives AS l ON l.unit = b.unit "
        "WHERE b.top = $top",
        top=top,
    ):
        spans.setdefault(code, []).append((since, until))
    lives = {
        code: (first, until)
        for code, first, until in reading.sql("SELECT code, founded_on, ended_on FROM lives")
    }
    about: set[int] = set()
    for item in found:
        if item.unit not in spans:
            continue
        founded_on, ended_on = lives[item.unit]
        day = max(founded_on, min(item.published_on, ended_on - timedelta(days=1)))
        if any(since <= day < until for since, until in spans[item.unit]):
            about.add(item.no)
    return about
