"""How many members there were, by unit or by what they are, on a day or at each year's end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from projections.breakdown import Breakdown, Row
from projections.counting import Unnamed, behind_on, named_on, unnamed_on
from projections.exact import exact_text
from projections.filters import ROWS
from projections.measures import MEASURES, can_be_told
from projections.opening import Behind, opened
from projections.placing import covers
from projections.reading import Reading

_MEMBERS = MEASURES["members"]
_PARTS = ("probationary", "official", "unnamed")
"""What a number of members is made up of."""
BREAKDOWNS = tuple(key for key in ROWS if key == "unit" or can_be_told(_MEMBERS, key))
"""What a headcount can be broken down by; ``unit`` is the unit that holds the people."""


class _Count:
    """The people of one row."""

    def __init__(self) -> None:
        self.of = dict.fromkeys(_PARTS, 0)
        self.ages_years = 0
        self.aged = 0
        """How many have a known year of birth, and ``ages_years`` all their ages together."""

    def shown(self, *, mean_age: bool) -> dict[str, Any]:
        row: dict[str, Any] = {"members": sum(self.of.values()), **self.of}
        if mean_age:
            mean = Fraction(self.ages_years, self.aged) if self.aged else None
            row["mean_age"] = exact_text(mean)
        return row


def headcount(
    reading: Reading,
    unit: str | None,
    as_of: date,
    *,
    by: str | Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
    mean_age: bool = False,
) -> list[dict[str, Any]]:
    """Return how many members ``unit`` and all below it had at the end of a day.

    One row ``unit, as_of, members, probationary, official, unnamed``, or with ``by``, of one
    key or several, one row a value or combination, under its keys (``unit``: the unit that
    holds them). ``members`` is probationary + official + unnamed; the unnamed whose filters
    do not place them are in rows of their own, with the key None. ``filters`` narrows whom
    is counted. ``mean_age`` adds the mean of the ages in years that are known, exact and as
    text, None of nobody; the age is the year less that of birth. Raises unknown_unit.
    """
    unit = reading.unit(unit, as_of)
    reading.note_life(unit, as_of)
    broken = Breakdown(reading, _keys(by))
    rows = _counts(reading, broken, unit, as_of, filters or {}, mean_age=mean_age)
    about = {"unit": unit, "as_of": as_of}
    return [
        {**about, **broken.named(row), **rows[row].shown(mean_age=mean_age)}
        for row in sorted(rows, key=broken.order)
    ]


def headcount_years(
    reading: Reading,
    unit: str | None,
    years: Iterable[int],
    *,
    today: date,
    **asked: Any,
) -> list[dict[str, Any]]:
    """Return the rows of ``headcount`` at the end of each year, the running one as of today.

    ``asked`` is what ``headcount`` takes. Years that have not begun are left out, with a
    note. Raises what ``headcount`` raises.
    """
    days = year_ends(reading, years, today)
    return [row for on in days for row in headcount(reading, unit, on, **asked)]


def year_ends(reading: Reading, years: Iterable[int], today: date) -> list[date]:
    """Return the last day of each year that has begun, of the running one today."""
    days: list[date] = []
    for year in years:
        if year > today.year:
            reading.note("years_left_out", year=today.year)
            break
        days.append(min(date(year, 12, 31), today))
    return days


def headcount_entries(
    reading: Reading,
    unit: str | None,
    days: Iterable[date],
    *,
    by: str | Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Return the entries behind ``headcount`` on each of ``days``: rows of ``opened``.

    Each entry is behind the number of members of its row, and behind that of its
    ``standing``: probationary, official or unnamed. Where ``standing`` is a key, it is that
    of the row: None for the unnamed.
    A member is counted by the entry that began their present stretch of time.
    Raises unknown_unit.
    """
    broken = Breakdown(reading, _keys(by))
    behind: list[Behind] = []
    for as_of in days:
        top = reading.unit(unit, as_of)
        reading.note_life(top, as_of)
        found: list[tuple[Row, str, int, int]] = []
        keys = [*broken.values(_MEMBERS), "standing"]
        for *told, standing, no in behind_on(
            reading, _MEMBERS, top, as_of, filters=filters, keys=keys
        ):
            found.append((broken.row(_MEMBERS, told), standing, no, 1))
        for row, item in _unnamed(reading, broken, top, as_of, filters or {}):
            found.append((row, "unnamed", item.no, item.how_many))
        found.sort(key=lambda each: broken.order(each[0]))
        for row, standing, no, count in found:
            figure = {"number": "members", "as_of": as_of, **broken.named(row)}
            beside = {} if "standing" in broken.keys else {"standing": standing}
            behind.append(Behind(figure, no, count, beside))
    return opened(reading, behind)


def _keys(by: str | Sequence[str] | None) -> tuple[str, ...]:
    keys = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    assert set(keys) <= set(BREAKDOWNS), keys
    return keys


def _counts(
    reading: Reading,
    broken: Breakdown,
    unit: str | None,
    as_of: date,
    filters: Mapping[str, Any],
    *,
    mean_age: bool,
) -> dict[Row, _Count]:
    """Return the people of each row; the whole, which is a row without keys, is always there."""
    counts: dict[Row, _Count] = defaultdict(_Count)
    if not broken.keys:
        counts[()] = _Count()
    keys = [*broken.values(_MEMBERS), "standing", "birth_year" if mean_age else "NULL"]
    for *told, standing, birth_year, count in named_on(
        reading, _MEMBERS, unit, as_of, filters=filters, keys=keys
    ):
        row = counts[broken.row(_MEMBERS, told)]
        row.of[standing] += count
        if birth_year is not None:
            row.ages_years += (as_of.year - birth_year) * count
            row.aged += count
    for placed, item in _unnamed(reading, broken, unit, as_of, filters):
        counts[placed].of["unnamed"] += item.how_many
    return counts


def _unnamed(
    reading: Reading,
    broken: Breakdown,
    unit: str | None,
    as_of: date,
    filters: Mapping[str, Any],
) -> Iterator[tuple[Row, Unnamed]]:
    """Yield the people without names whom ``filters`` keep, with the row in which they stand.

    A count of nobody makes no row.
    """
    for item in unnamed_on(reading, "members", unit, as_of):
        if item.how_many and covers(filters, item.filters):
            yield broken.placed(item.unit, as_of, item.filters), item
