"""The independent count: what every reading must give, as a plain fold over the entries.

Written from the design's settled meanings and not from the statements it is held against;
slow and simple on purpose. Entries are dictionaries as in JSON Lines, with their numbers.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from tests.reference_people import MEMBER, Person

Entry = dict[str, Any]
DEPARTURES = {"died", "expelled", "deleted", "left_on_request", "transferred_out"}
MEASURES = (
    "admissions",
    "recognitions",
    "departures",
    "classes",
    "class_participants",
    "certificates",
    "units_founded",
)
TOLD_APART = {"departures", "classes", "class_participants"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def in_order(live: list[Entry], seen: list[Entry]) -> list[Entry]:
    """Return entries by their day; on one day by number, a correction where the wrong one was."""
    places: dict[int, int] = {}
    for entry in sorted(seen, key=lambda entry: entry["no"]):
        wrong: int = entry["corrects"] if "corrects" in entry else entry["no"]
        places[entry["no"]] = places.get(wrong, wrong)
    return sorted(live, key=lambda entry: (entry["effective_on"], places[entry["no"]]))


def canonical(filters: Any) -> str:
    return json.dumps(filters or {}, sort_keys=True)


class Asked(NamedTuple):
    """A question about a period."""

    top: str | None
    first: date
    last: date
    as_of: date
    basis: str = "ceremony"


def everything(*_: object) -> bool:
    return True


class Reference:
    """A book as known at an entry, with everything that no longer counts left out."""

    def __init__(self, entries: list[Entry], known: int | None = None) -> None:
        seen = [entry for entry in entries if known is None or entry["no"] <= known]
        dead = {entry["entry"] for entry in seen if entry["kind"] == "voided"}
        dead |= {entry["corrects"] for entry in seen if "corrects" in entry}
        self.live = in_order([entry for entry in seen if entry["no"] not in dead], seen)
        self.founded = {e["unit"]: e for e in self.live if e["kind"] == "unit_founded"}
        self.ended = {
            e["unit"]: e for e in self.live if e["kind"] in {"unit_merged", "unit_dissolved"}
        }
        self.classes = {e["class"]: e for e in self.live if e["kind"] == "class_opened"}
        self.people: dict[str, list[Entry]] = {}
        for entry in self.live:
            if "person" in entry and not entry["kind"].startswith("overseer"):
                self.people.setdefault(entry["person"], []).append(entry)

    # Units

    def exists(self, unit: str, on: date) -> bool:
        if unit not in self.founded or day(self.founded[unit]["effective_on"]) > on:
            return False
        return unit not in self.ended or on < day(self.ended[unit]["effective_on"])

    def holder(self, unit: str, on: date) -> str:
        while unit in self.ended and day(self.ended[unit]["effective_on"]) <= on:
            heir = self.ended[unit].get("into") or self.ended[unit].get("members_to")
            if heir is None:
                break
            unit = heir
        return unit

    def parent(self, unit: str, on: date) -> str | None:
        above = None
        for entry in self.live:
            edge = entry["kind"] in {"unit_founded", "unit_moved"} and entry["unit"] == unit
            if edge and day(entry["effective_on"]) <= on:
                above = entry.get("parent")
        return self.holder(above, on) if above else None

    def is_under(self, unit: str | None, top: str | None, on: date) -> bool:
        if unit is None or not self.exists(unit, on):
            return False
        if top is None:
            return True
        above: str | None = unit
        while above is not None and above != top:
            above = self.parent(above, on)
        return above == top

    def root(self, on: date) -> str | None:
        tops = [u for u in self.founded if self.exists(u, on) and self.parent(u, on) is None]
        return tops[0] if len(tops) == 1 else None

    def sector(self, unit: str, on: date) -> str | None:
        found = None
        for entry in self.live:
            changes = entry["kind"] in {"unit_founded", "unit_reclassified"}
            if changes and entry["unit"] == unit and day(entry["effective_on"]) <= on:
                found = entry.get("sector") or found
        return found

    # People on a day

    def people_on(self, top: str | None, on: date) -> Iterator[tuple[str, str, Person]]:
        for code, entries in self.people.items():
            person = Person.after(
                [e for e in entries if day(e["effective_on"]) <= on], self.classes
            )
            unit = self.holder(person.place, on) if person.place else None
            if unit is not None and self.is_under(unit, top, on):
                yield code, unit, person

    def roster(self, unit: str | None, as_of: date) -> list[dict[str, Any]]:
        top = unit or self.root(as_of)
        return sorted(
            (
                {
                    "person": code,
                    "unit": place,
                    "standing": person.standing,
                    "since": person.since,
                    "joined_on": person.joined_on,
                    "official_on": person.official_on,
                }
                for code, place, person in self.people_on(top, as_of)
                if person.standing in MEMBER
            ),
            key=lambda row: (row["unit"], row["person"]),
        )

    def unnamed_on(
        self, measure: str, top: str | None, on: date
    ) -> Iterator[tuple[str, dict[str, Any], int]]:
        last: dict[tuple[str, str], Entry] = {}
        for entry in self.live:
            stock = entry["kind"] == "unnamed_counted" and "as_of" in entry
            if stock and entry["measure"] == measure and day(entry["as_of"]) <= on:
                last[entry["unit"], canonical(entry.get("filters"))] = entry
        for entry in last.values():
            place = self.holder(entry["unit"], on)
            if self.is_under(place, top, on):
                yield place, entry.get("filters") or {}, entry["count"]

    # Actions in a period

    def actions(self, measure: str, basis: str, as_of: date) -> Iterator[tuple[Entry, str, str]]:
        """Yield entry, unit as it was named, and cause or type, of each action counted."""
        if measure == "classes":
            for entry in self.classes.values():
                yield entry, entry["organiser"], entry["type"]
        elif measure == "units_founded":
            for entry in self.founded.values():
                yield entry, entry["unit"], ""
        else:
            for entries in self.people.values():
                yield from self.actions_of(entries, measure, basis, as_of)

    def actions_of(
        self, entries: list[Entry], measure: str, basis: str, as_of: date
    ) -> Iterator[tuple[Entry, str, str]]:
        person = Person(self.classes)
        taken_part: set[str] = set()
        for number, entry in enumerate(entries):
            was_member = person.standing in MEMBER
            person.take(entry)
            kind, place = entry["kind"], person.place or ""
            type_of_class = self.classes[entry["class"]]["type"] if "class" in entry else ""
            if kind in {"enrolled_in_class", "attended_class"}:
                if measure == "class_participants" and entry["class"] not in taken_part:
                    yield entry, place, type_of_class
                taken_part.add(entry["class"])
            if measure == "certificates" and kind == "attended_class":
                yield entry, place, type_of_class
            if measure == "dossiers" and kind == "dossier_opened":
                yield entry, place, ""
            if measure == "recognitions" and kind == "recognized_official":
                yield entry, place, ""
            if measure == "departures" and kind in DEPARTURES and was_member:
                yield entry, place, kind
            if measure == "admissions" and basis == "ceremony" and kind == "admitted":
                yield entry, place, ""
            decided = measure == "admissions" and kind == "admission_decided"
            if decided and basis == "decision" and not cancelled(entries[number + 1 :], as_of):
                yield entry, place, ""

    def flow(
        self,
        measure: str,
        asked: Asked,
        *,
        wanted: Callable[[Entry, str], bool] = everything,
        wanted_unnamed: Callable[[dict[str, Any]], bool] = everything,
    ) -> dict[str, int]:
        """Return how many by cause or type; ``""`` where a measure has neither."""
        found: dict[str, int] = {}
        top, first, last = asked.top, asked.first, asked.last
        for entry, place, detail in self.actions(measure, asked.basis, asked.as_of):
            on = day(entry["effective_on"])
            unit = self.holder(place, on)
            if first <= on <= last and self.is_under(unit, top, on) and wanted(entry, unit):
                found[detail] = found.get(detail, 0) + 1
        for entry in self.live:
            if entry["kind"] != "unnamed_counted" or "period" not in entry:
                continue
            begins, ends = day(entry["period"]["from"]), day(entry["period"]["to"])
            if entry["measure"] != measure or not first <= begins <= ends <= last:
                continue
            filters = entry.get("filters") or {}
            is_here = self.is_under(self.holder(entry["unit"], ends), top, ends)
            if is_here and wanted_unnamed(filters):
                detail = filters.get("cause") or filters.get("class_type") or "unknown"
                detail = detail if measure in TOLD_APART and isinstance(detail, str) else ""
                detail = detail or ("unknown" if measure in TOLD_APART else "")
                found[detail] = found.get(detail, 0) + entry["count"]
        return found


def cancelled(later: list[Entry], as_of: date) -> bool:
    """Whether the first of the later decisions and cancellations takes this decision back."""
    for entry in later:
        if entry["kind"] == "admission_decided":
            return False
        if entry["kind"] == "admission_cancelled":
            return day(entry["effective_on"]) <= as_of
    return False
