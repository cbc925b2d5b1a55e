"""The independent count of a movement: a plain fold, day by day, written from the meanings.

On each day units change first, then people, each by their entries in the tree of that day.
"""

from datetime import date, timedelta
from typing import Any

from tests.reference import Entry, Reference, day
from tests.reference_people import MEMBER, Person

LINES = (
    "opening",
    *("carried_forward", "admitted", "readmitted", "restored", "transferred_in"),
    *("died", "expelled", "deleted", "left_on_request", "transferred_out"),
    *("reorganised_in", "reorganised_out", "unnamed_change", "closing"),
)
ONE_DAY = timedelta(days=1)


class Restated(Reference):
    """A book of which the past is read under the units of one day."""

    def __init__(
        self, entries: list[Entry], known: int | None = None, units_as_of: date | None = None
    ) -> None:
        super().__init__(entries, known)
        self.units_as_of = units_as_of

    def successor(self, unit: str) -> str:
        """Return what stands for a unit on the day of the restatement."""
        assert self.units_as_of is not None
        found = self.holder(unit, self.units_as_of)
        if found not in self.ended or day(self.ended[found]["effective_on"]) > self.units_as_of:
            return found
        above = self.parent(found, day(self.ended[found]["effective_on"]) - ONE_DAY)
        return self.successor(above) if above else found

    def counts(self, unit: str | None, top: str | None, on: date) -> bool:
        """Return whether what a unit held at the end of a day counts under ``top``."""
        if self.units_as_of is None or on >= self.units_as_of or unit is None or top is None:
            return self.is_under(unit, top, on)
        if not self.exists(unit, on):
            return False
        return self.is_under(self.successor(unit), top, self.units_as_of)

    def unnamed(self, top: str | None, on: date) -> int:
        found = self.unnamed_on("members", None, on)
        return sum(count for unit, _, count in found if self.counts(unit, top, on))

    def members(self, top: str | None, on: date) -> int:
        """Return named and unnamed members at the end of a day."""
        named = sum(
            person.standing in MEMBER and self.counts(unit, top, on)
            for _, unit, person in self.people_on(None, on)
        )
        return named + self.unnamed(top, on)

    def movement(self, top: str | None, first: date, last: date) -> dict[str, int]:
        found = dict.fromkeys(LINES, 0)
        found["opening"] = self.members(top, first - ONE_DAY)
        found["closing"] = self.members(top, last)
        found["unnamed_change"] = self.unnamed(top, last) - self.unnamed(top, first - ONE_DAY)
        for entries in self.people.values():
            self._follow(entries, top, (first, last), found)
        return found

    def _follow(
        self,
        entries: list[Entry],
        top: str | None,
        period: tuple[date, date],
        found: dict[str, int],
    ) -> None:
        """Go through the days of a period with one person, and count what crosses the edge."""
        first, last = period
        person = Person(self.classes)
        for entry in entries:
            if day(entry["effective_on"]) < first:
                person.take(entry)
        # Between two days on which anything takes effect, nothing changes.
        days = sorted({day(e["effective_on"]) for e in self.live} | self._ends())
        for on in days:
            if not first <= on <= last:
                continue
            before = self._is_in(person, top, on - ONE_DAY)
            after = self._is_in(person, top, on)
            if before != after:
                found["reorganised_in" if after else "reorganised_out"] += 1
            for entry in entries:
                if day(entry["effective_on"]) == on:
                    self._act(person, entry, top, found)

    def _ends(self) -> set[date]:
        return {self.units_as_of} if self.units_as_of else set()

    def _is_in(self, person: Person, top: str | None, on: date) -> bool:
        if person.standing not in MEMBER or person.place is None:
            return False
        return self.counts(self.holder(person.place, on), top, on)

    def _act(self, person: Person, entry: Entry, top: str | None, found: dict[str, int]) -> None:
        on = day(entry["effective_on"])
        before = self._is_in(person, top, on)
        was_member = person.membership in MEMBER
        person.take(entry)
        after = self._is_in(person, top, on)
        if before == after:
            return
        line = entry["kind"]
        if line == "transferred":
            line = "transferred_in" if after else "transferred_out"
        elif line == "admitted" and (was_member or entry.get("readmission")):
            line = "readmitted"
        found[line] += 1


def top_changes(reference: Reference, top: str, first: date, last: date) -> list[str]:
    """Return the units directly below ``top`` on any day from before ``first`` to ``last``."""
    days = {first - ONE_DAY, last} | {day(e["effective_on"]) for e in reference.live}
    return sorted(
        unit
        for unit in reference.founded
        if any(
            reference.exists(unit, on) and reference.parent(unit, on) == top
            for on in days
            if first - ONE_DAY <= on <= last
        )
    )


def plain(row: dict[str, Any]) -> dict[str, int]:
    """Return the lines of a row without what it is about."""
    return {line: row[line] for line in LINES}
