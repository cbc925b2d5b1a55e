"""The independent count of the pipeline: each person's stays at stages, as a plain fold.

Written from docs/reports/pipeline.md: a person reaches a stage by the entry that makes it the
furthest of their round, and stays until the entry that takes them on, back or out of it.
"""

from datetime import date
from statistics import median
from typing import Any, NamedTuple

from tests.reference import Asked, Entry, cancelled, day
from tests.reference_movement import Restated
from tests.reference_people import MEMBER, STAGES, Person

OUTCOMES = ("waiting", "moved_on", "returned", "left")


class Stay(NamedTuple):
    """One person at one stage."""

    stage: str
    place: str
    since: date
    no: int
    until: date
    outcome: str
    """What ended it; empty if nothing did."""
    next_no: int


def stays(entries: list[Entry], classes: dict[str, Entry]) -> list[Stay]:
    """Return the stays of one person, in their order; several on one day are all there."""
    found: list[Stay] = []
    person = Person(classes)
    for entry in entries:
        before = person.stage
        person.take(entry)
        if person.stage == before:
            continue
        on, no = day(entry["effective_on"]), entry["no"]
        if before is not None:
            found[-1] = found[-1]._replace(until=on, outcome=outcome(before, person), next_no=no)
        if person.stage is not None:
            place = person.place or ""
            found.append(Stay(person.stage, place, on, no, date.max, "", 0))
    return found


def outcome(before: str, person: Person) -> str:
    """Return what became of somebody who is at stage ``before`` no more."""
    if person.stage is None:
        return "moved_on" if person.standing in MEMBER else "left"
    further = STAGES.index(person.stage) > STAGES.index(before)
    return "moved_on" if further else "returned"


def months_later(on: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month."""
    year, month = on.year, on.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for number in range(on.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError(on)


def lengths(days: list[int]) -> dict[str, Any]:
    middle = None
    if days:
        doubled = int(2 * median(days))  # a half at most, so that the double is whole
        middle = f"{doubled // 2}.5" if doubled % 2 else f"{doubled // 2}"
    return {"median_days": middle, "longest_days": max(days, default=None)}


class PipelineReference:
    """The pipeline of a book, perhaps restated."""

    def __init__(self, book: Restated) -> None:
        self.book = book
        self.stays = {code: stays(entries, book.classes) for code, entries in book.people.items()}

    def stock(self, unit: str | None, as_of: date) -> list[dict[str, Any]]:
        """Return who is at each stage and how long, all nine stages."""
        top = unit or self.book.root(as_of)
        reached: dict[str, list[date]] = {stage: [] for stage in STAGES}
        for code, place, person in self.book.people_on(None, as_of):
            if person.stage is not None and self.book.counts(place, top, as_of):
                (stay,) = [s for s in self.stays[code] if s.since <= as_of < s.until]
                assert stay.stage == person.stage
                reached[person.stage].append(stay.since)
        return [
            {
                "stage": stage,
                "count": len(reached[stage]),
                **lengths([(as_of - since).days for since in reached[stage]]),
                "longest_since": min(reached[stage], default=None),
            }
            for stage in STAGES
        ]

    def flow(self, unit: str | None, asked: Asked, months: int) -> list[dict[str, Any]]:
        """Return what became of those who reached each stage in a period."""
        first, last, as_of, basis = asked.first, asked.last, asked.as_of, asked.basis
        top = unit or self.book.root(as_of)
        rows = []
        for stage in STAGES:
            row: dict[str, Any] = {"stage": stage, "reached": 0, **dict.fromkeys(OUTCOMES, 0)}
            row |= {"admitted": 0, "admitted_within": 0}
            days: list[int] = []
            for code in self.stays:
                stay = self.first_stay(code, stage, top, first, min(last, as_of))
                if stay is None:
                    continue
                row["reached"] += 1
                row[stay.outcome if stay.until <= as_of else "waiting"] += 1
                days.append((min(stay.until, as_of) - stay.since).days)
                admissions = [on for on in self.admissions(code, as_of, basis) if on >= stay.since]
                if admissions:
                    row["admitted"] += 1
                    limit = months_later(stay.since, months)
                    row["admitted_within"] += min(admissions) <= limit
            rows.append(row | lengths(days))
        return rows

    def first_stay(
        self, code: str, stage: str, top: str | None, first: date, last: date
    ) -> Stay | None:
        for stay in self.stays[code]:
            if stay.stage == stage and first <= stay.since <= last:
                place = self.book.holder(stay.place, stay.since)
                if self.book.counts(place, top, stay.since):
                    return stay
        return None

    def admissions(self, code: str, as_of: date, basis: str) -> list[date]:
        """Return the days on which somebody was admitted by a day, by ceremony or decision."""
        entries = self.book.people[code]
        found = []
        for number, entry in enumerate(entries):
            on = day(entry["effective_on"])
            decided = entry["kind"] == "admission_decided" and basis == "decision"
            decided = decided and not cancelled(entries[number + 1 :], as_of)
            if on <= as_of and (decided or (entry["kind"], basis) == ("admitted", "ceremony")):
                found.append(on)
        return found
