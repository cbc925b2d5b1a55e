"""What falls due: for the clerk's list, and what is overdue.

For another report: ``overdue(reading, unit, as_of, calendar=None)`` returns the rows of
``due`` whose day lies before ``as_of``: ``due_on, days, person, unit, what, rule, entry``,
oldest first. Without a calendar no deadline in working days is among them, and the reading
has a note that says how many were not computed.

A row is a step that is still open at the end of ``as_of``. How long it may take is what the
rulebook's version in force on ``as_of`` says; a version without a threshold gives no row.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from projections.exact import months_after as months_after  # noqa: PLC0414 - also for commands
from projections.reading import Reading
from projections.rules.declared import Rule, Version, rules, versions_of
from projections.rules.measuring import make, prepare
from projections.rules.workdays import Calendar
from projections.statements import statement

COLUMNS = ("due_on", "days", "person", "unit", "what", "rule", "entry")
WHATS = (
    "probation_ends",
    "recognition_considered",
    "recognition_decided",
    "certificate_expires",
    "dossier_expires",
    "vetting_answered",
    "admission_decided",
    "ceremony_held",
    "temporary_transfer_ends",
    "exemption_ends",
    *(f"badge_{years}" for years in (30, *range(40, 95, 5))),
)
"""What can fall due."""


def due(
    reading: Reading,
    unit: str | None,
    as_of: date,
    until: date,
    calendar: Calendar | None = None,
) -> list[dict[str, Any]]:
    """Return what was open at the end of ``as_of`` and falls due by ``until``, by its day.

    Rows ``due_on, days, person, unit, what, rule, entry``: ``days`` from ``as_of`` on,
    negative where it is overdue; ``entry`` began the time that runs. The unit, and all under
    it, is where people are at the end of ``as_of``. Raises unknown_unit.
    """
    unit = reading.unit(unit, as_of) if unit else None
    reading.note_life(unit, as_of)
    prepare(reading, as_of)
    for name in ("seniority", "readmissions"):
        make(reading, name, {"as_of": as_of})
    reading.need("spells", "lives", "persons", "kinds")
    places = _places(reading, unit, as_of)
    local = _overlaid(reading, as_of)
    found = _pending(reading, as_of, calendar, local, places)
    badges = reading.sql(statement("rules/badges_reached"), as_of=as_of, until=until)
    for person, place, no, years, due_on in badges:
        found.append((due_on, person, place, f"badge_{years}", "BADGE-YEARS", no))
    codes = dict(reading.sql("SELECT unit, code FROM lives"))
    kept = [row for row in found if row[0] <= until and row[2] in places]
    people = _codes_of(reading, {row[1] for row in kept})
    rows = [
        dict(
            zip(
                COLUMNS,
                (due_on, (due_on - as_of).days, people[person], codes[place], what, rule, no),
                strict=True,
            )
        )
        for due_on, person, place, what, rule, no in kept
    ]
    return sorted(rows, key=lambda row: (row["due_on"], row["person"], row["what"], row["rule"]))


def overdue(
    reading: Reading, unit: str | None, as_of: date, calendar: Calendar | None = None
) -> list[dict[str, Any]]:
    """Return the rows of ``due`` whose day lies before ``as_of``, oldest first."""
    if as_of == date.min:
        return []
    return due(reading, unit, as_of, as_of - timedelta(days=1), calendar)


def _places(reading: Reading, unit: str | None, as_of: date) -> set[int]:
    """Return the units that are meant: those under ``unit`` on the day."""
    found = reading.sql(
        "SELECT DISTINCT unit FROM under WHERE top = $top AND since <= $day AND until > $day",
        top=reading.under(unit),
        day=as_of,
    )
    return {row[0] for row in found}


def _codes_of(reading: Reading, people: set[int]) -> dict[int, str]:
    return dict(
        reading.sql(
            "SELECT person, code FROM persons WHERE list_contains($people, person)",
            people=sorted(people),
        )
        if people
        else ()
    )


def _overlaid(reading: Reading, as_of: date) -> dict[str, set[int]]:
    """Return the units in which local rules are in force on a day, by the overlay."""
    if not reading.sql("SELECT no FROM live WHERE kind = 'local_rules_adopted' LIMIT 1"):
        return {}
    make(reading, "subtrees")
    found: dict[str, set[int]] = {}
    for unit, overlay in reading.sql(
        f"SELECT unit, overlay FROM ({statement('rules/overlaid')}) AS o "  # noqa: S608 - ours
        "WHERE since <= $day AND until > $day",
        day=as_of,
    ):
        found.setdefault(overlay, set()).add(unit)
    return found


def _in_force(rule: Rule, on: date) -> Version:
    return [version for version in versions_of(rule) if version.since <= on][-1]


def _pending(
    reading: Reading,
    as_of: date,
    calendar: Calendar | None,
    local: dict[str, set[int]],
    places: set[int],
) -> list[tuple[date, int, int, str, str, int]]:
    """Return ``due_on, person, unit, what, rule, entry`` of all open steps."""
    by_id: dict[str, list[Version]] = {}
    for rule in rules():
        by_id.setdefault(rule.id, []).append(_in_force(rule, as_of))
    ends = _Ends(calendar)
    found = []
    query = statement("rules/pending")
    for what, rule_id, person, unit, no, since in reading.sql(query, as_of=as_of):
        if unit not in places:
            continue
        for version in by_id[rule_id]:
            overlay = version.rule.overlay
            if overlay and unit not in local.get(overlay, ()):
                continue
            due_on = ends.of(version, since)
            if due_on is not None:
                found.append((due_on, person, unit, what, rule_id, no))
    for rule_id, count in sorted(ends.not_computed.items()):
        reading.note("deadlines_not_computed", rule=rule_id, count=count)
    return found


class _Ends:
    """The last days of deadlines, each computed once; counts those that cannot be."""

    def __init__(self, calendar: Calendar | None) -> None:
        self._calendar = calendar
        self._known: dict[tuple[date, int], date | None] = {}
        self.not_computed: Counter[str] = Counter()

    def of(self, version: Version, since: date) -> date | None:
        """Return the last day of what began on ``since``; None without one that is known."""
        value = version.given.value if version.given else None
        if value is None:
            return None
        if version.rule.unit != "working_days":
            due_on = months_after(since, value)
            return due_on - timedelta(days=1) if version.rule.test == "months_under" else due_on
        key = since, value
        if key not in self._known:
            self._known[key] = self._calendar.after(*key) if self._calendar else None
        if self._known[key] is None:
            self.not_computed[version.rule.id] += 1
        return self._known[key]
