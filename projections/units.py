"""Which units there were on a day: the tree, and how many by type, level and sector."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, get_args

from ledger.catalogue.base import UnitType
from projections.bands import UNKNOWN
from projections.counting import behind_on, unnamed_on
from projections.filters import sector_group
from projections.measures import MEASURES
from projections.opening import Behind
from projections.placing import placed_under, sort_key
from projections.reading import Reading
from projections.statements import statement

COLUMNS = (
    *("unit", "name", "type", "level", "sector", "enterprise"),
    *("above", "depth", "founded_on", "ended_on"),
)
TYPES: tuple[str, ...] = get_args(UnitType)
LEVEL_OF_TYPE: dict[str, str] = {
    "central": "central",
    "centrally_run": "centrally_run",
    "upper_of_grassroots": "upper_of_grassroots",
    "grassroots": "grassroots",
    "grassroots_committee": "grassroots",
    "grassroots_cell": "grassroots",
    "sub_committee": "sub_committee",
    "cell": "cell",
    "residential_cell": "cell",
    "temporary_cell": "cell",
    "party_group": "party_group",
}
"""The level of each type of unit, from the top down (DOMAIN §3.1, Charter art. 21).

``grassroots`` are the grassroots organisations (TCCSĐ): committees and cells of the
grassroots. A residential cell is none, wherever it lies (294-QĐ/TW, 20.2.2).
"""
LEVELS = tuple(dict.fromkeys(LEVEL_OF_TYPE.values()))


class Unit(NamedTuple):
    """A unit as it was at the end of a day, or of its last day if it had ended by then."""

    no: int
    """The entry that founded it."""
    code: str
    name: str
    type: str
    sector: str | None
    enterprise: str | None
    above: str | None
    founded_on: date
    ended_on: date | None
    """The first day on which it was no longer there; None if it was there on the day."""
    is_under: bool
    """Whether it lay under the unit asked; one that has ended lies nowhere."""
    members: int
    """The named members that it held itself."""


_KEYS: dict[str, tuple[Callable[[Unit], str], Callable[[Mapping[str, Any]], str | None]]] = {
    "type": (lambda unit: unit.type, lambda own: placed_under("unit_type", own)),
    "level": (
        lambda unit: LEVEL_OF_TYPE[unit.type],
        lambda own: LEVEL_OF_TYPE.get(placed_under("unit_type", own) or ""),
    ),
    "sector": (
        lambda unit: unit.sector or UNKNOWN,
        lambda own: placed_under("sector", own),
    ),
    "sector_group": (
        lambda unit: sector_group(unit.sector) if unit.sector else UNKNOWN,
        lambda own: placed_under("sector_group", own),
    ),
}
"""How a unit, and how units counted without names by their filters, get the value of a key."""
BREAKDOWNS = tuple(_KEYS)
NUMBERS = ("units", "members", "unnamed_units")
"""What is counted in each row of a breakdown."""


def tree(
    reading: Reading, unit: str | None, as_of: date, *, ended: bool = False
) -> list[dict[str, Any]]:
    """Return ``unit`` and all units under it at the end of a day: each above those under it.

    Rows ``COLUMNS``; ``depth`` is 0 for the uppermost that is listed. With ``ended`` those
    that had ended by then are there too, where they last were. In a restated reading a
    unit is listed where what stands for it lies on its day, and ``successor`` says what
    stands for it. Raises unknown_unit.
    """
    unit = _noted(reading, unit, as_of)
    rows = [
        {**_row(item), "depth": depth}
        for item, depth in _in_order(_listed(reading, unit, as_of, ended=ended))
    ]
    columns: Sequence[str] = COLUMNS
    if reading.units_as_of:
        columns = (*COLUMNS, "successor")
        successors = reading.successors()
        rows = [{**row, "successor": successors.get(row["unit"])} for row in rows]
    return [{column: row[column] for column in columns} for row in rows]


def counts(
    reading: Reading, unit: str | None, as_of: date, *, by: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return how many organisations there were at the end of a day, by ``by`` of ``BREAKDOWNS``.

    One row a combination: unit, as_of, the keys, ``units``; and beside it ``members``, who
    are in these units themselves, and ``unnamed_units``, those of ``units`` that are counted
    without names. What counts without names do not tell is the key None. Raises
    unknown_unit.
    """
    unit = _noted(reading, unit, as_of)
    found: dict[tuple[str | None, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    if not by:
        found[()] = [0, 0, 0]
    listed = {item.code: item for item in _listed(reading, unit, as_of)}
    for item in listed.values():
        row = found[_keys_of(item, by)]
        row[0] += 1
        row[1] += item.members
    for stock in unnamed_on(reading, "members", unit, as_of):
        found[_keys_of(listed[stock.unit], by)][1] += stock.how_many
    for stock in unnamed_on(reading, "units", unit, as_of):
        row = found[tuple(_KEYS[key][1](stock.filters) for key in by)]
        row[0] += stock.how_many
        row[2] += stock.how_many
    return [
        {
            "unit": unit,
            "as_of": as_of,
            **dict(zip(by, row, strict=True)),
            **dict(zip(NUMBERS, found[row], strict=True)),
        }
        for row in sorted(found, key=_order(by))
    ]


def counts_of_years(
    reading: Reading,
    unit: str | None,
    years: Iterable[int],
    *,
    by: Sequence[str] = (),
    today: date,
) -> list[dict[str, Any]]:
    """Return the rows of ``counts`` at the end of each year, the running one as of today.

    Years that have not begun are left out, with a note. Raises unknown_unit.
    """
    return [
        row
        for as_of in year_ends(reading, years, today)
        for row in counts(reading, unit, as_of, by=by)
    ]


def year_ends(reading: Reading, years: Iterable[int], today: date) -> Iterator[date]:
    """Yield the last day of each year that has begun; note that others are left out."""
    for year in years:
        if year > today.year:
            reading.note("years_left_out", year=today.year)
            return
        yield min(date(year, 12, 31), today)


def behind(
    reading: Reading,
    unit: str | None,
    as_of: date,
    *,
    by: Sequence[str] = (),
    ended: bool = False,
    counted: bool = False,
) -> list[Behind]:
    """Return the entries behind the number of units: what founded each, or counted them.

    With ``counted`` also those behind the other numbers of ``counts``. Raises unknown_unit.
    """
    unit = _noted(reading, unit, as_of)
    listed = _listed(reading, unit, as_of, ended=ended)
    items = [(_keys_of(item, by), "units", item.no, 1) for item in listed]
    for stock in () if ended else unnamed_on(reading, "units", unit, as_of):
        row = tuple(_KEYS[key][1](stock.filters) for key in by)
        numbers = NUMBERS[::2] if counted else NUMBERS[:1]
        items += [(row, number, stock.no, stock.how_many) for number in numbers]
    if counted:
        rows = {item.code: _keys_of(item, by) for item in listed}
        members = _members(reading, unit, as_of)
        items += [(rows[code], "members", no, count) for code, no, count in members]
    order = _order(by)
    items.sort(key=lambda item: (order(item[0]), NUMBERS.index(item[1]), item[2]))
    return [
        Behind({"number": number, "as_of": as_of, **dict(zip(by, row, strict=True))}, no, count)
        for row, number, no, count in items
    ]


def _members(reading: Reading, unit: str | None, as_of: date) -> Iterator[tuple[str, int, int]]:
    """Yield the unit that holds each member, and the entry behind them with its count."""
    codes = dict(reading.sql("SELECT unit, code FROM lives"))
    for holder, no in behind_on(reading, MEASURES["members"], unit, as_of, keys=["unit"]):
        yield codes[holder], no, 1
    for stock in unnamed_on(reading, "members", unit, as_of):
        yield stock.unit, stock.no, stock.how_many


def _noted(reading: Reading, unit: str | None, as_of: date) -> str | None:
    unit = reading.unit(unit, as_of)
    reading.note_life(unit, as_of)
    return unit


def _listed(reading: Reading, unit: str | None, as_of: date, *, ended: bool = False) -> list[Unit]:
    """Return the units under ``unit`` on a day; with ``ended`` also those that had ended."""
    reading.need("lives", "tree", "units", "spells")
    found = [
        Unit(*row)
        for row in reading.sql(statement("asked/units"), top=reading.under(unit), day=as_of)
    ]
    if not ended:
        return [item for item in found if item.is_under]
    if unit is None:
        return found
    if reading.units_as_of and as_of < reading.units_as_of:
        codes = _restated(reading, unit)
        return [item for item in found if item.code in codes]
    by_code = {item.code: item for item in found}
    return [item for item in found if item.is_under or _was_inside(item, by_code, unit)]


def _was_inside(item: Unit, by_code: Mapping[str, Unit], top: str) -> bool:
    """Return whether a unit that ended last lay, over others that ended, under ``top``."""
    if item.ended_on is None:
        return False
    while item.code != top and not item.is_under and item.above is not None:
        item = by_code[item.above]
    return item.code == top or item.is_under


def _restated(reading: Reading, unit: str) -> set[str]:
    """Return every unit whose successor lies under ``unit`` on the day of the restatement."""
    there = reading.sql(
        "SELECT l.code FROM under AS b JOIN lives AS l ON l.unit = b.unit "
        "WHERE b.top = $top AND b.since <= $day AND b.until > $day",
        top=reading.under(unit),
        day=reading.units_as_of,
    )
    codes = {code for (code,) in there}
    return {code for code, stand in reading.successors().items() if stand in codes}


def _row(item: Unit) -> dict[str, Any]:
    return {**item._asdict(), "unit": item.code, "level": LEVEL_OF_TYPE[item.type]}


def _natural(item: Unit) -> list[tuple[int, str]]:
    """Return what units are sorted by: their code, with the numbers in it as numbers."""
    parts = re.split(r"(\d+)", item.code)
    return [(int(part) if part.isdecimal() else 0, part) for part in parts]


def _in_order(items: Iterable[Unit]) -> Iterator[tuple[Unit, int]]:
    """Yield each unit with its depth, right above those under it."""
    below: dict[str | None, list[Unit]] = defaultdict(list)
    found = sorted(items, key=_natural, reverse=True)
    codes = {item.code for item in found}
    for item in found:
        below[item.above if item.above in codes else None].append(item)
    waiting = [(item, 0) for item in below[None]]
    while waiting:
        item, depth = waiting.pop()
        yield item, depth
        waiting += [(child, depth + 1) for child in below[item.code]]


def _keys_of(item: Unit, by: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(_KEYS[key][0](item) for key in by)


def _order(by: Sequence[str]) -> Callable[[tuple[str | None, ...]], tuple[Any, ...]]:
    """Return how rows are sorted: types and levels from the top down, others as they are listed."""
    closed = {"type": TYPES, "level": LEVELS}

    def key(row: tuple[str | None, ...]) -> tuple[Any, ...]:
        return tuple(
            (code is None, closed[name].index(code) if code in closed[name] else len(TYPES))
            if name in closed
            else sort_key(name)(code)
            for name, code in zip(by, row, strict=True)
        )

    return key
