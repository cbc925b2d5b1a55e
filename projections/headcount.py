"""How many members there were, by unit or by what they are, on a day or at each year's end."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from projections.counting import named_on, unnamed_on
from projections.filters import BREAKDOWNS, FILTERS, placed_under, sort_key
from projections.measures import MEASURES
from projections.reading import Reading

STANDINGS = ("probationary", "official")


def headcount(
    reading: Reading, unit: str | None, as_of: date, *, by: str | None = None
) -> list[dict[str, Any]]:
    """Return how many members ``unit`` and all below it had at the end of a day.

    One row ``unit, as_of, members, probationary, official, unnamed``, or with ``by`` one row
    a value, that value under ``by`` (``unit``: the unit that holds them). ``members`` is
    probationary + official + unnamed; the unnamed whose filters do not place them are a row
    of their own, with the key None. Raises unknown_unit.
    """
    assert by is None or by in BREAKDOWNS, by
    unit = reading.unit(unit, as_of)
    reading.note_life(unit, as_of)
    if by is None:
        counts = _by_key(reading, unit, as_of, None)
        return [_row({"unit": unit, "as_of": as_of}, counts[None])]
    rows = _by_key(reading, unit, as_of, by)
    return [
        _row({"unit": unit, "as_of": as_of, by: key}, rows[key])
        for key in sorted(rows, key=sort_key(by))
    ]


def headcount_years(
    reading: Reading,
    unit: str | None,
    years: Iterable[int],
    *,
    by: str | None = None,
    today: date,
) -> list[dict[str, Any]]:
    """Return the rows of ``headcount`` at the end of each year, the running one as of today.

    Years that have not begun are left out, with a note. Raises what ``headcount`` raises.
    """
    rows: list[dict[str, Any]] = []
    for year in years:
        if year > today.year:
            reading.note("years_left_out", year=today.year)
            break
        rows += headcount(reading, unit, min(date(year, 12, 31), today), by=by)
    return rows


def _by_key(
    reading: Reading, unit: str | None, as_of: date, by: str | None
) -> dict[str | None, dict[str, int]]:
    """Return the counts of each key: probationary, official and unnamed."""
    counts: dict[str | None, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys((*STANDINGS, "unnamed"), 0)
    )
    members = MEASURES["members"]
    if by in {None, "standing"}:
        keys: tuple[str, ...] = ("standing",)
    elif by == "unit":
        keys = ("unit", "standing")
    else:
        keys = (FILTERS[str(by)].value, "standing")
    codes = dict(reading.sql("SELECT unit, code FROM lives")) if by == "unit" else {}
    for *key, standing, count in named_on(reading, members, unit, as_of, keys=keys):
        own = standing if by == "standing" else key[0] if key else None
        counts[codes.get(own, own)][standing] += count
    for item in unnamed_on(reading, "members", unit, as_of):
        own = item.unit if by == "unit" else placed_under(by, item.filters) if by else None
        counts[own]["unnamed"] += item.how_many
    return counts


def _row(about: dict[str, Any], counts: dict[str, int]) -> dict[str, Any]:
    return {**about, "members": sum(counts.values()), **counts}
