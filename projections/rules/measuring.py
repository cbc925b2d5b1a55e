"""The tables that rules are measured on, and how what was measured is held to a threshold.

Each rule's statement (``sql/rules``) gives rows with some of the columns of ``measured``;
one statement a kind of test then compares them with the version in force on their day.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from projections.reading import Reading
from projections.rules.declared import Rule, Version
from projections.rules.workdays import Calendar
from projections.statements import statement

TABLES: dict[str, tuple[str, ...]] = {
    "considerations": (),
    "births": (),
    "readmissions": (),
    "seniority": (),
    "subtrees": ("lives", "tree"),
    "moves": ("lives",),
    "moved_acts": ("moves", "lives", "subtrees"),
}
"""The tables of this package, made once a question, and what each reads beside ``acts``."""

USES: dict[str, tuple[str, ...]] = {
    "certificate": ("considerations",),
    "dossier": ("considerations",),
    "referrers": ("considerations",),
    "considered": ("considerations", "births"),
    "youth_referred": ("births",),
    "education": ("considerations", "profiles"),
    "referrer_status": ("spells", "persons"),
    "referrer_stay": ("spells", "persons"),
    "moved_applicant": ("lives", "subtrees"),
    **dict.fromkeys(("moved_sent", "moved_decided", "moved_again"), ("moved_acts",)),
    "votes": ("lives", "units"),
    "recognised": ("spells",),
    "extended": ("spells",),
    "recognition_considered": ("spells",),
    "new_member_class": ("classes",),
    "readmitted": ("readmissions",),
    "readmissions_counted": ("readmissions",),
    "readmission_consent": ("readmissions",),
    "readmission_bar": ("readmissions",),
    "discipline_form": ("spells", "steps"),
    "decision_time": ("spells",),
    "recognition_decided": ("spells",),
    "card": ("spells",),
    "badge_official": ("spells",),
    "badge_years": ("spells", "seniority", "readmissions"),
    "founding_members": ("live", "lives", "subtrees", "spells", "unnamed_stock"),
    "temporary_cells": ("spells", "units", "lives", "live"),
    "sizes": ("live", "lives", "units", "tree", "subtrees", "spells", "unnamed_stock"),
    "organiser": ("live", "lives"),
}
"""What a rule's statement reads beside ``acts``."""

JUDGED: dict[str, frozenset[str]] = {
    "votes": frozenset({"resolved"}),
    "vote_count": frozenset({"resolved"}),
    "failed_votes": frozenset({"resolved"}),
    "recognition_considered": frozenset({"resolved"}),
    "referrer_status": frozenset({"referred"}),
    "referrer_stay": frozenset({"referred"}),
    "youth_referred": frozenset({"referred"}),
    "vetting": frozenset({"vetted"}),
    "decision_time": frozenset({"admission_decided", "admitted"}),
    "moved_applicant": frozenset({"admission_decided"}),
    "moved_sent": frozenset({"dossier_submitted"}),
    **dict.fromkeys(("moved_decided", "moved_again"), frozenset({"admission_decided"})),
    "card_returned": frozenset({"card_issued"}),
    "dossier_sent": frozenset({"dossier_submitted"}),
    "base_resolved": frozenset({"dossier_submitted"}),
    "transfer_papers": frozenset({"transferred", "transferred_in"}),
    "temporary": frozenset({"temporary_transfer_ended"}),
    "exemption": frozenset({"exemption_ended"}),
    "ended": frozenset({"exemption_ended", "reinstated", "temporary_transfer_ended"}),
    "discipline_form": frozenset({"disciplined", "expelled"}),
    "card": frozenset({"card_issued"}),
    "badge_grade": frozenset({"badge_awarded"}),
    "badge_years": frozenset({"badge_awarded"}),
    "badge_official": frozenset({"badge_awarded"}),
    "badge_wait": frozenset({"badge_awarded"}),
    "birth_changed": frozenset({"profile_changed"}),
}
"""The kinds that a statement judges: without any in the book there is nothing to measure."""

_MEASURED = (
    "no BIGINT, on_day DATE, since DATE, a BIGINT, b BIGINT, other BOOLEAN, ok BOOLEAN, "
    "told VARCHAR, missing VARCHAR, unsure VARCHAR, unit INTEGER, also BIGINT"
)
FOUND = (
    "version INTEGER, no BIGINT, on_day DATE, unit INTEGER, status VARCHAR, found VARCHAR, "
    "threshold VARCHAR, reason VARCHAR, lifts BOOLEAN, also BIGINT"
)
_VERSIONS = (
    "nth INTEGER, rule VARCHAR, since DATE, until DATE, value BIGINT, "
    "extra BIGINT, num BIGINT, den BIGINT, other_num BIGINT, other_den BIGINT, strict BOOLEAN, "
    "threshold VARCHAR, consent BOOLEAN, known BOOLEAN, mark VARCHAR"
)
_LIMIT = "CAST(m.since + INTERVAL (v.value) MONTH AS DATE)"
_BEYOND = "CAST(m.since + INTERVAL (v.value + coalesce(m.b, v.extra)) MONTH AS DATE)"
_EARLIER = "CAST(m.since + INTERVAL (v.value - coalesce(m.b, v.extra)) MONTH AS DATE)"
_LAST_DAY = f"CAST({_LIMIT} - INTERVAL 1 DAY AS DATE)"
_BARE = "v.extra IS NULL"
_SHARE_DEN = "CASE WHEN m.other THEN v.other_den ELSE v.den END"
_SHARE_NUM = "CASE WHEN m.other THEN v.other_num ELSE v.num END"

_TOO_FEW = (
    f"({_SHARE_DEN}) * m.a < ({_SHARE_NUM}) * m.b "
    "OR (v.strict AND NOT m.other AND v.den * m.a = v.num * m.b)"
)
_SHARE_ASKED = (
    "CASE WHEN m.other THEN concat('>= ', CAST(v.other_num AS VARCHAR), '/', "
    "CAST(v.other_den AS VARCHAR)) ELSE v.threshold END"
)

TESTS: dict[str, tuple[str, str, str, str]] = {
    "months_min": (
        f"m.since IS NULL OR m.on_day < {_LIMIT}",
        "CAST(m.on_day AS VARCHAR)",
        f"CAST({_LIMIT} AS VARCHAR)",
        f"{_BARE} OR m.on_day >= {_EARLIER}",
    ),
    "months_max": (
        f"m.since IS NULL OR m.on_day > {_LIMIT}",
        "CASE WHEN m.since IS NOT NULL THEN CAST(m.on_day AS VARCHAR) END",
        f"CAST({_LIMIT} AS VARCHAR)",
        f"{_BARE} OR m.on_day <= {_BEYOND}",
    ),
    "months_under": (
        f"m.on_day >= {_LIMIT}",
        "CAST(m.on_day AS VARCHAR)",
        f"CAST({_LAST_DAY} AS VARCHAR)",
        f"{_BARE} OR m.on_day <= {_BEYOND}",
    ),
    "months_exact": (
        f"m.on_day <> {_LIMIT}",
        "CAST(m.on_day AS VARCHAR)",
        f"CAST({_LIMIT} AS VARCHAR)",
        "FALSE",
    ),
    "workdays_max": (
        "t.counted - f.counted > v.value",
        "CAST(t.counted - f.counted AS VARCHAR)",
        "v.threshold",
        f"{_BARE} OR t.counted - f.counted <= v.value + v.extra",
    ),
    "count_min": ("m.a < v.value", "CAST(m.a AS VARCHAR)", "v.threshold", _BARE),
    "count_max": ("m.a > v.value", "CAST(m.a AS VARCHAR)", "v.threshold", _BARE),
    "share": (
        _TOO_FEW,
        "concat(CAST(m.a AS VARCHAR), '/', CAST(m.b AS VARCHAR))",
        _SHARE_ASKED,
        "FALSE",
    ),
    "flag": ("NOT m.ok", "m.told", "v.threshold", _BARE),
}
"""How each test decides: what fails, what was found, what the limit was, what a consent lifts.

Months are added as the calendar has them: a day that the last month lacks is its last day,
so one month from 31 January is 28 or 29 February.
"""


def prepare(reading: Reading, as_of: date, versions: Iterable[tuple[int, Version]]) -> None:
    """Make the tables that every check needs: what was measured, found, and the versions."""
    database = reading.database
    database.execute(f"CREATE OR REPLACE TABLE found ({FOUND})")
    database.execute(f"CREATE OR REPLACE TABLE versions ({_VERSIONS})")
    rows = [_version_row(nth, version) for nth, version in versions]
    if rows:
        marks = ", ".join([f"({', '.join('?' * len(rows[0]))})"] * len(rows))
        database.execute(
            f"INSERT INTO versions VALUES {marks}",  # noqa: S608 - holds no value
            [value for row in rows for value in row],
        )
    for name in TABLES:
        database.execute(f"DROP TABLE IF EXISTS {name}")
    reading.need("live", "persons", "classes", "lives", "tree", "heirs", "person_acts")
    # A view: each check reads few of the columns, which is cheaper than to copy them all.
    known = f"FROM person_acts WHERE on_day <= DATE '{as_of}'"
    database.execute(f"CREATE OR REPLACE VIEW acts AS {known}")


def make(reading: Reading, name: str, values: Mapping[str, Any] | None = None) -> None:
    """Make one of ``TABLES``, and what it is made from, unless it is there."""
    if name not in TABLES:
        reading.need(name)
        return
    for needed in TABLES[name]:
        make(reading, needed, values)
    sql = f"CREATE TABLE IF NOT EXISTS {name} AS {statement(f'rules/{name}')}"
    reading.database.execute(sql, _used(sql, values or {}))


def _used(query: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return those of ``values`` that a statement asks for: no others may be given."""
    return {name: value for name, value in values.items() if f"${name}" in query} or None


def _version_row(nth: int, version: Version) -> tuple[Any, ...]:
    given, share = version.given, version.share
    other = None
    if given and given.other:
        numerator, denominator = given.other.split("/")
        other = int(numerator), int(denominator)
    return (
        nth,
        version.rule.key,
        version.since,
        version.until,
        given.value if given else None,
        given.extra if given else None,
        share.numerator if share else None,
        share.denominator if share else None,
        other[0] if other else None,
        other[1] if other else None,
        bool(given and given.strict),
        version.threshold,
        version.rule.consent,
        given is not None,
        version.mark,
    )


def show_calendar(reading: Reading, calendar: Calendar | None) -> None:
    """Make the table of working days; empty without a calendar."""
    import pyarrow as pa  # noqa: PLC0415 - only where working days are asked for

    days = list(calendar.days()) if calendar else []
    rows = pa.table(
        {
            "day": pa.array([day.day for day in days], pa.date32()),
            "counted": pa.array([day.counted for day in days], pa.int64()),
            "run": pa.array([day.run for day in days], pa.int64()),
        }
    )
    reading.database.register("calendar_days", rows)
    reading.database.execute("CREATE OR REPLACE TABLE workdays AS FROM calendar_days")
    reading.database.unregister("calendar_days")


def judged_within(check: str, days: tuple[date, date]) -> str:
    """Return the statement of a check, of what is judged from the first of ``days`` to the last."""
    first, last = days
    return (
        f"SELECT * FROM ({statement(f'rules/{check}')}) AS j "  # noqa: S608 - our own, and days
        f"WHERE j.on_day BETWEEN DATE '{first}' AND DATE '{last}'"
    )


def measure(
    reading: Reading, check: str, values: Mapping[str, Any], days: tuple[date, date]
) -> None:
    """Fill ``measured`` with what the statement of a check gives of the first to the last day."""
    for name in USES.get(check, ()):
        make(reading, name, values)
    query = judged_within(check, days)
    reading.database.execute(f"CREATE OR REPLACE TABLE measured ({_MEASURED})")
    reading.database.execute(f"INSERT INTO measured BY NAME {query}", _used(query, values))


def compare(reading: Reading, rule: Rule, *, calendar: bool) -> None:
    """Put into ``found`` what of ``measured`` fails a rule, or could not be decided."""
    assert rule.test is not None
    fails, found, threshold, lifts = TESTS[rule.test]
    joins, unsure = "", "m.unsure"
    if rule.test == "workdays_max":
        # Working days are never more than days: within so many days nothing can be late.
        joins = (
            "LEFT JOIN workdays AS f ON f.day = m.since "
            "LEFT JOIN workdays AS t ON t.day = m.on_day AND t.run = f.run "
        )
        fails = (
            "DATE_DIFF('day', m.since, m.on_day) > v.value "
            f"AND (f.day IS NULL OR t.day IS NULL OR {fails})"
        )
        reason = "year_not_covered" if calendar else "no_calendar"
        unsure = f"CASE WHEN f.day IS NULL OR t.day IS NULL THEN '{reason}' END"
    undecided = "CASE WHEN NOT v.known THEN 'unknown_threshold' ELSE m.missing END"
    never = (
        f"CASE WHEN m.since IS NULL AND '{rule.test}' = 'months_max' THEN 'none_before' "
        f"WHEN m.other AND '{rule.test}' = 'months_min' THEN 'posthumous' END"
    )
    reading.database.execute(
        "INSERT INTO found SELECT v.nth, m.no, m.on_day, m.unit, "  # noqa: S608 - ours
        f"CASE WHEN v.known AND m.missing IS NULL AND {unsure} IS NULL THEN 'breach' "
        f"ELSE 'not_checked' END, CASE WHEN v.known THEN {found} END, "
        f"CASE WHEN v.known THEN {threshold} END, "
        f"coalesce({undecided}, {unsure}, {never}, "
        "CASE WHEN v.mark <> 'primary' THEN 'unconfirmed' END), "
        f"coalesce((v.consent OR m.other) AND ({lifts}), FALSE), m.also "
        f"FROM measured AS m JOIN versions AS v ON v.rule = $rule "
        f"AND v.since <= m.on_day AND v.until > m.on_day {joins}"
        f"WHERE NOT v.known OR m.missing IS NOT NULL OR ({fails})",
        {"rule": rule.key},
    )
