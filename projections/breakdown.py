"""A breakdown: the keys that counts are told apart by, and the row in which each count stands.

Somebody stands in one row of every breakdown, so that its rows add up to the whole: at the
one degree that their profile gives on the day, which is the highest they had by then, and
with all their unions together. What cannot be told apart has the key None: people without
names whose filters do not place them, and whatever does not have the characteristic at all.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from projections.filters import FILTERS
from projections.measures import Measure, can_be_told
from projections.placing import placed_under, row_of, sort_key
from projections.reading import Reading

Row = tuple[str | None, ...]
"""The code of each key, in their order."""


class Breakdown:
    """The keys of one question, no key being the whole; ``unit`` is the unit that holds."""

    def __init__(self, reading: Reading, keys: Sequence[str]) -> None:
        self.reading = reading
        self.keys = tuple(dict.fromkeys(keys))

    def values(self, measure: Measure) -> list[str]:
        """Return SQL for the value of each key, which ``row`` reads; NULL if there is none."""
        return [self._value(measure, key) for key in self.keys]

    def _value(self, measure: Measure, key: str) -> str:
        if key != "unit":
            return FILTERS[key].value if can_be_told(measure, key) else "NULL"
        restated = self.reading.units_as_of
        # A negative number marks a day that is read under the units of a later one.
        return f"CASE WHEN on_day < DATE '{restated}' THEN -unit ELSE unit END" if restated else key

    def row(self, measure: Measure, found: Sequence[Any]) -> Row:
        """Return the row of a named subject, from what ``values`` gave."""
        return tuple(
            self._holder(value)
            if key == "unit"
            else row_of(key, value)
            if can_be_told(measure, key)
            else None
            for key, value in zip(self.keys, found, strict=True)
        )

    def placed(self, unit: str, on: date, filters: Mapping[str, Any]) -> Row:
        """Return the row of people without names: by their unit and their filters only."""
        return tuple(
            self.stands_for(unit, on) if key == "unit" else placed_under(key, filters)
            for key in self.keys
        )

    def stands_for(self, unit: str, on: date) -> str:
        """Return the unit that a unit is read under on a day: another only where restated."""
        restated = self.reading.units_as_of
        return self._successors.get(unit, unit) if restated and on < restated else unit

    def _holder(self, unit: int | None) -> str | None:
        if unit is None:
            return None
        code = self._units[abs(unit)]
        return self._successors.get(code, code) if unit < 0 else code

    @cached_property
    def _units(self) -> dict[int, str]:
        self.reading.need("lives")
        return dict(self.reading.sql("SELECT unit, code FROM lives"))

    @cached_property
    def _successors(self) -> dict[str, str]:
        return self.reading.successors()

    def named(self, row: Row) -> dict[str, str | None]:
        """Return a row by its keys."""
        return dict(zip(self.keys, row, strict=True))

    def order(self, row: Row) -> tuple[Any, ...]:
        """Return what rows are sorted by: the codes of each key as they are listed."""
        return tuple(key(code) for key, code in zip(self._orders, row, strict=True))

    @cached_property
    def _orders(self) -> list[Any]:
        return [sort_key(key) for key in self.keys]
