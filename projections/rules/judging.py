"""Each entry that a rule judges, held to the version in force on its day.

What is found of the whole book is kept beside it, but for what depends on the day that is
asked about: how many a unit has at its end, and deadlines by the user's calendar.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from projections.reading import FOREVER, Reading
from projections.rules.births import ages, changed_births, put
from projections.rules.comparing import compare
from projections.rules.declared import Rule, rules, versions
from projections.rules.measuring import (
    JUDGED,
    judged_within,
    make,
    measure,
    prepare,
    show_calendar,
)
from projections.rules.workdays import Calendar
from projections.statements import statement

_FINDING = "version, no, on_day, whom, place, found, threshold, paper, status, reason"
_ORDER = "on_day, no, version"
_BY_CALENDAR = "workdays_max"


class Bounds(NamedTuple):
    """What is judged: in which unit, of what had happened by a day, done on which days."""

    unit: str | None
    as_of: date
    since: date
    last_on: date
    calendar: Calendar | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out of what had happened."""
        return self.unit is None and self.since == date.min and self.last_on == self.as_of


def has_overlays(reading: Reading) -> bool:
    """Return whether any unit ever adopted local rules."""
    reading.need("live")
    return bool(reading.sql("SELECT no FROM live WHERE kind = 'local_rules_adopted' LIMIT 1"))


def find(reading: Reading, wanted: Sequence[Rule], bounds: Bounds) -> None:
    """Make ``findings``: what breaks these rules or could not be decided, within the bounds.

    A row has version, entry, day, person and place (both numbers), what was found, the limit,
    the paper of consent, the status and the reason.
    """
    kept = _kept(reading, wanted, bounds)
    rest = [rule for rule in wanted if not kept or not _is_settled(rule, bounds.calendar)]
    prepare(reading, bounds.as_of, bounds.unit if any(map(_reads_acts, rest)) else None)
    if kept and not reading.has_kept(kept):
        _judge(reading, [rule for rule in wanted if rule not in rest], bounds, kept)
        reading.keep(kept, _ORDER)
        prepare(reading, bounds.as_of)
    _judge(reading, rest, bounds, "judged_now" if kept else "findings")
    if not kept:
        return
    chosen = {rule.key for rule in wanted} - {rule.key for rule in rest}
    numbers = [nth for nth, version in enumerate(versions()) if version.rule.key in chosen]
    under, values = _under(reading, bounds.unit)
    reading.database.execute(
        f"CREATE OR REPLACE TABLE findings AS SELECT {_FINDING} "  # noqa: S608 - ours
        f"FROM {kept} AS x {under} WHERE x.on_day BETWEEN $since AND $last_on "
        f"AND list_contains($numbers, x.version) UNION ALL SELECT {_FINDING} FROM judged_now",
        {**values, "since": bounds.since, "last_on": bounds.last_on, "numbers": numbers},
    )


def remade(reading: Reading) -> str | None:
    """Make what is kept of the whole book again; return the name of the table, None without."""
    reading.need("person_acts")
    last_day = reading.sql("SELECT max(on_day) FROM person_acts")[0][0] or date.min
    adopted = has_overlays(reading)
    wanted = [rule for rule in rules() if rule.check and (adopted or not rule.overlay)]
    bounds = Bounds(None, last_day, date.min, last_day, None)
    name = _kept(reading, wanted, bounds)
    if name:
        find(reading, wanted, bounds)
    return name


def _kept(reading: Reading, wanted: Sequence[Rule], bounds: Bounds) -> str | None:
    """Return the name of the table that holds what was found of the whole book.

    None where it is neither there nor worth making, or would say something else.
    """
    # Without the keys no day of birth can be opened, and less is found.
    if not reading.is_whole or not reading.book.can_open:
        return None
    reading.need("person_acts")
    last_day = reading.sql("SELECT max(on_day) FROM person_acts")[0][0]
    if last_day is None or last_day > bounds.as_of:
        return None
    name = f"judged_{_digest()}"
    if reading.has_kept(name):
        return name
    everything = {rule.key for rule in rules() if rule.check and not rule.overlay}
    asked_whole = bounds.is_whole and everything <= {rule.key for rule in wanted}
    return name if asked_whole and bounds.calendar is None else None


@cache
def _digest() -> str:
    """Return a hash of all that findings are made by, but for the entries."""
    package = files(__package__)
    folders = (package, package / "rulebook", package.joinpath("..", "sql", "rules"))
    texts = [
        path.read_bytes()
        for folder in folders
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith((".py", ".toml", ".sql"))
    ]
    return hashlib.sha256(b"\n".join(texts)).hexdigest()[:16]


def _is_settled(rule: Rule, calendar: Calendar | None) -> bool:
    """Return whether what is found depends on the entries only."""
    return _reads_acts(rule) and (calendar is None or rule.test != _BY_CALENDAR)


def _reads_acts(rule: Rule) -> bool:
    """Return whether a rule judges what people did, and not what stands at the end of a day."""
    asked = statement(f"rules/{rule.check}")
    return "$as_of" not in asked and "$last_on" not in asked


def _judge(reading: Reading, wanted: Sequence[Rule], bounds: Bounds, table: str) -> None:
    """Make a table of what was found; rules that share a statement are measured once."""
    if any(rule.test == _BY_CALENDAR for rule in wanted):
        show_calendar(reading, bounds.calendar)
    days = bounds.since, min(bounds.last_on, FOREVER)
    values = {"as_of": bounds.as_of, "last_on": bounds.last_on}
    present = set(reading.sql("SELECT DISTINCT kind, body, matter FROM acts"))
    kinds = {kind for kind, _, _ in present}
    by_check: dict[tuple[str, tuple[tuple[str, str], ...]], list[Rule]] = {}
    for rule in wanted:
        if _is_judged(rule, kinds, present):
            by_check.setdefault((str(rule.check), tuple(rule.params.items())), []).append(rule)
    for (name, params), sharing in by_check.items():
        if sharing[0].test in {"age_min", "age_max", "birth"}:
            for rule in sharing:
                for needed in ("considerations", "births"):
                    make(reading, needed, values)
                judge = changed_births if rule.test == "birth" else ages
                put(reading, judge(reading, rule, judged_within(name, days)))
            continue
        measure(reading, name, {**values, **dict(params)}, days)
        for rule in sharing:
            compare(reading, rule, calendar=bounds.calendar is not None)
    _tabulate(reading, bounds.unit, table)


def _is_judged(rule: Rule, kinds: set[str], present: set[tuple[Any, ...]]) -> bool:
    """Return whether the book has anything that a rule judges."""
    if rule.check == "votes":
        return ("resolved", rule.params["body"], rule.params["matter"]) in present
    judged = JUDGED.get(str(rule.check))
    return judged is None or bool(judged & kinds)


def _under(reading: Reading, unit: str | None) -> tuple[str, dict[str, str]]:
    """Return a join of ``x`` with the units under the one asked, and its values."""
    if unit is None:
        return "", {}
    joined = (
        "JOIN under AS b ON b.top = $top AND b.unit = x.place "
        "AND b.since <= x.on_day AND b.until > x.on_day "
    )
    return joined, {"top": reading.under(unit)}


def _tabulate(reading: Reading, unit: str | None, table: str) -> None:
    """Make a table of what was found, with person, place and consent, of the unit asked."""
    reading.need("flows", "lives", "live")
    if has_overlays(reading):
        make(reading, "subtrees")
        overlaid = statement("rules/overlaid")
    else:
        overlaid = "SELECT NULL AS unit, NULL AS overlay, NULL AS since, NULL AS until WHERE FALSE"
    under, values = _under(reading, unit)
    local = [nth for nth, version in enumerate(versions()) if version.rule.overlay]
    reading.database.execute(
        f"CREATE OR REPLACE TABLE {table} AS "  # noqa: S608 - ours
        f"WITH overlaid AS ({overlaid}), "
        "x AS (SELECT y.*, f.person AS whom, coalesce(y.unit, f.unit) AS place "
        "FROM found AS y LEFT JOIN flows AS f ON f.no = y.no), "
        "papers AS (SELECT no, concat_ws(', ', consent_number, consent_issuer, "
        "CAST(consent_date AS VARCHAR)) AS paper FROM live WHERE consent_number IS NOT NULL) "
        "SELECT x.version, x.no, x.on_day, x.whom, x.place, x.found, x.threshold, "
        "coalesce(c.paper, d.paper) AS paper, "
        "CASE WHEN x.status = 'breach' AND x.lifts AND (coalesce(c.paper, d.paper) IS NOT NULL OR "
        "x.reason = 'posthumous') THEN 'lifted' ELSE x.status END AS status, x.reason "
        f"FROM x {under}LEFT JOIN papers AS c ON c.no = x.no "
        "LEFT JOIN papers AS d ON d.no = x.also "
        "WHERE NOT list_contains($local, x.version) OR EXISTS (SELECT 1 FROM overlaid AS o "
        "WHERE o.unit = x.place AND o.since <= x.on_day AND o.until > x.on_day)",
        {"local": local, **values},
    )
