"""The independent count of units: what each was on a day, how many, and where they went."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.reference import day
from tests.reference_movement import Restated
from tests.reference_people import MEMBER

_LEVELS = {
    "grassroots_committee": "grassroots",
    "grassroots_cell": "grassroots",
    "residential_cell": "cell",
    "temporary_cell": "cell",
}


class UnitsReference(Restated):
    """A book, and what its units were."""

    def last(self, unit: str, field: str, on: date) -> Any:
        """Return what was last said of a unit in a field by the end of a day."""
        changes = {"unit_founded", "unit_renamed", "unit_reclassified"}
        found = None
        for entry in self.live:
            is_change = entry["kind"] in changes and entry["unit"] == unit
            if is_change and day(entry["effective_on"]) <= on:
                found = entry.get(field) or found
        return found

    def listed(self, top: str | None, on: date) -> list[str]:
        top = top or self.root(on)
        return [unit for unit in self.founded if self.counts(unit, top, on)]

    def row(self, unit: str, on: date) -> dict[str, Any]:
        kind = self.last(unit, "type", on)
        return {
            "unit": unit,
            "name": self.last(unit, "name", on),
            "type": kind,
            "level": _LEVELS.get(kind, kind),
            "sector": self.last(unit, "sector", on),
            "enterprise": self.last(unit, "enterprise", on),
            "above": self.parent(unit, on),
            "founded_on": day(self.founded[unit]["effective_on"]),
        }

    def tree(self, top: str | None, on: date) -> dict[str, dict[str, Any]]:
        return {unit: self.row(unit, on) for unit in self.listed(top, on)}

    def unit_counts(self, top: str | None, on: date, by: Sequence[str]) -> dict[Any, list[int]]:
        """Return units and members for each combination of ``by`` (type, level, sector)."""
        top = top or self.root(on)
        found: dict[Any, list[int]] = {}

        def put(unit: str, place: int, count: int) -> None:
            row = self.row(unit, on) | {"sector": self.last(unit, "sector", on) or "unknown"}
            found.setdefault(tuple(row[key] for key in by), [0, 0])[place] += count

        for unit in self.listed(top, on):
            put(unit, 0, 1)
        for _, unit, person in self.people_on(None, on):
            if person.standing in MEMBER and self.counts(unit, top, on):
                put(unit, 1, 1)
        for unit, _, count in self.unnamed_on("members", None, on):
            if self.counts(unit, top, on):
                put(unit, 1, count)
        for unit, filters, count in self.unnamed_on("units", None, on):
            if self.counts(unit, top, on):
                kind = filters.get("unit_type")
                told = {"type": kind, "level": _LEVELS.get(str(kind), kind)}
                keys = tuple(told.get(key, filters.get(key)) for key in by)
                found.setdefault(keys, [0, 0])[0] += count
        return found

    def before_and_after(self, unit: str, on: date) -> tuple[set[str], set[str]]:
        """Return predecessors and successors, by trying every step forward in time."""
        steps = []
        for entry in self.live:
            here, when = entry.get("unit", ""), day(entry["effective_on"])
            if when <= on and entry["kind"] in {"unit_merged", "unit_dissolved", "unit_split"}:
                goes = entry.get("into") or entry.get("members_to") or []
                steps += [
                    (here, there, when) for there in ([goes] if isinstance(goes, str) else goes)
                ]
        after: set[tuple[str, date]] = {(unit, date.min)}
        before: set[tuple[str, date]] = {(unit, date.max)}
        for _ in range(len(steps) + 1):
            for here, there, when in steps:
                if any(code == here and since <= when for code, since in after):
                    after.add((there, when))
                if any(code == there and until >= when for code, until in before):
                    before.add((here, when))
        return {code for code, _ in before} - {unit}, {code for code, _ in after} - {unit}
