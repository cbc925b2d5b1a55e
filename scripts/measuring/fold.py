"""The three questions answered by a fold in Python over entries, one after another.

It knows what the generated histories have: nothing crosses the edge of a committee because
a unit merged, and a correction is corrected once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

_GIVES = {
    "nominated": "applicant",
    "carried_forward": "official",
    "admitted": "probationary",
    "recognized_official": "official",
    "transferred": None,
    "transferred_in": None,
    "died": "",
    "expelled": "",
    "deleted": "",
    "left_on_request": "",
    "transferred_out": "",
}
"""The standing that a kind gives; None is the one there was before, empty is none."""
_CLASSES = frozenset({"enrolled_in_class", "attended_class"})
_MEMBERS = frozenset({"probationary", "official"})
INCREASES = ("carried_forward", "admitted", "transferred_in")
DECREASES = tuple(kind for kind, given in _GIVES.items() if given == "")
LINES = (*INCREASES, *DECREASES)
MEASURES = (
    "admissions",
    "recognitions",
    "departures",
    "classes",
    "class_participants",
    "certificates",
    "units_founded",
)


class _Act(NamedTuple):
    day: str
    place: int
    no: int
    kind: str
    unit: str | None
    course: str | None


class _Step(NamedTuple):
    day: str
    kind: str
    course: str | None
    unit_before: str
    standing_before: str
    unit: str
    standing: str


class Histories:
    """What a fold keeps of all entries."""

    def __init__(self, entries: Iterable[dict[str, Any]]) -> None:
        self.people: dict[str, list[_Act]] = defaultdict(list)
        self.parents: dict[str, str | None] = {}
        self.founded: dict[str, str] = {}
        self.classes: list[tuple[str, str]] = []
        self.unnamed: list[dict[str, Any]] = []
        self.dead: set[int] = set()
        for no, entry in enumerate(entries, 1):
            self._take(no, entry)

    def _take(self, no: int, entry: dict[str, Any]) -> None:
        kind = entry["kind"]
        if kind == "voided":
            self.dead.add(entry["entry"])
        elif kind in _GIVES or kind in _CLASSES:
            place = entry.get("corrects", no)
            unit = entry.get("to") or entry.get("unit")
            about = (no, kind, unit, entry.get("class"))
            self.people[entry["person"]].append(_Act(entry["effective_on"], place, *about))
        elif kind == "unit_founded":
            self.parents[entry["unit"]] = entry.get("parent")
            self.founded[entry["unit"]] = entry["effective_on"]
        elif kind == "class_opened":
            self.classes.append((entry["organiser"], entry["effective_on"]))
        elif kind == "unnamed_counted":
            self.unnamed.append(entry)
        if "corrects" in entry:
            self.dead.add(entry["corrects"])

    def under(self, top: str) -> set[str]:
        """Return a unit and all units below it."""
        found = {top}
        for unit in self.parents:  # a unit is founded after the one above it
            if self.parents[unit] in found:
                found.add(unit)
        return found

    def steps(self) -> Iterator[list[_Step]]:
        """Yield what each person did, in the order of the days, each with what it changed."""
        for acts in self.people.values():
            yield list(self._walk(acts))

    def _walk(self, acts: list[_Act]) -> Iterator[_Step]:
        unit, standing, membership = "", "", ""
        for act in sorted(act for act in acts if act.no not in self.dead):
            before = unit, standing
            given = _GIVES.get(act.kind, standing)
            standing = (membership or standing) if given is None else given
            if act.kind in _GIVES:
                unit = act.unit or unit
            if standing in _MEMBERS:
                membership = standing
            yield _Step(act.day, act.kind, act.course, *before, unit, standing)

    def unnamed_on(self, under: set[str], day: str) -> int:
        """Return how many members are only counted, on a day."""
        last: dict[tuple[str, str], tuple[str, int]] = {}
        for entry in self.unnamed:
            if entry["measure"] == "members" and entry["unit"] in under and entry["as_of"] <= day:
                key = entry["unit"], str(entry.get("filters"))
                last[key] = max(last.get(key, ("", 0)), (entry["as_of"], entry["count"]))
        return sum(count for _, count in last.values())


def headcount(histories: Histories, unit: str, day: str) -> dict[str, int]:
    """Return the members of a unit and all below it at the end of a day, by standing."""
    under = histories.under(unit)
    counted: Counter[str] = Counter()
    for steps in histories.steps():
        last = next((step for step in reversed(steps) if step.day <= day), None)
        if last and last.standing in _MEMBERS and last.unit in under:
            counted[last.standing] += 1
    found = {standing: counted[standing] for standing in ("probationary", "official")}
    found["unnamed"] = histories.unnamed_on(under, day)
    return {"members": sum(found.values()), **found}


def movement(
    histories: Histories, unit: str, opening: str, since: str, until: str
) -> dict[str, int]:
    """Return opening, the lines of ``LINES`` and closing; ``opening`` is the day before."""
    under = histories.under(unit)
    found: Counter[str] = Counter()
    for steps in histories.steps():
        for step in steps:
            was = step.standing_before in _MEMBERS and step.unit_before in under
            inside = step.standing in _MEMBERS and step.unit in under
            if step.day < since:
                found["opening"] += inside - was
            elif inside != was and step.day <= until:
                way = "in" if inside else "out"
                found[f"transferred_{way}" if step.kind == "transferred" else step.kind] += 1
                found["closing"] += inside - was
    before, after = histories.unnamed_on(under, opening), histories.unnamed_on(under, until)
    lines = {line: found[line] for line in LINES}
    begin = found["opening"] + before
    change = after - before
    closing = begin + found["closing"] + change
    return {"opening": begin, **lines, "unnamed_change": change, "closing": closing}


def _flows(steps: list[_Step]) -> Iterator[tuple[str, str, str]]:
    """Yield what a person adds to a term: the measure, the unit and the day."""
    courses = set()
    for step in steps:
        if step.kind == "admitted":
            yield "admissions", step.unit, step.day
        elif step.kind == "recognized_official":
            yield "recognitions", step.unit, step.day
        elif step.kind in DECREASES and step.standing_before in _MEMBERS:
            yield "departures", step.unit_before, step.day
        elif step.kind in _CLASSES:
            if step.kind == "attended_class":
                yield "certificates", step.unit, step.day
            if step.course not in courses:
                courses.add(step.course)
                yield "class_participants", step.unit, step.day


def term(histories: Histories, unit: str, since: str, until: str) -> dict[str, dict[str, int]]:
    """Return the measures of a term for each year of it, by the year's four digits."""
    under = histories.under(unit)
    years = range(int(since[:4]), int(until[:4]) + 1)
    found = {str(year): dict.fromkeys(MEASURES, 0) for year in years}

    def count(measure: str, where: str, day: str, how_many: int = 1) -> None:
        if where in under and since <= day <= until:
            found[day[:4]][measure] += how_many

    for steps in histories.steps():
        for measure, where, day in _flows(steps):
            count(measure, where, day)
    for organiser, day in histories.classes:
        count("classes", organiser, day)
    for code, day in histories.founded.items():
        count("units_founded", code, day)
    for entry in histories.unnamed:
        if "period" in entry and entry["period"]["from"] >= since:
            count(entry["measure"], entry["unit"], entry["period"]["to"], entry["count"])
    return found
