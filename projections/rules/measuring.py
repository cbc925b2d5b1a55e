"""The tables that rules are measured on.

Each rule's statement (``sql/rules``) gives rows with some of the columns of ``measured``;
``comparing.py`` then holds them to the version in force on their day.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import count
from typing import Any

from projections.reading import Reading
from projections.rules.declared import Version, versions
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
    "moved_applicant": ("moves", "lives", "subtrees"),
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
    "discipline_form": ("spells", "flows"),
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
_VERSIONS = {
    "nth": "int32",
    "rule": "string",
    "id": "string",
    "label": "string",
    "since": "date32",
    "until": "date32",
    "value": "int64",
    "extra": "int64",
    "num": "int64",
    "den": "int64",
    "other_num": "int64",
    "other_den": "int64",
    "strict": "bool",
    "threshold": "string",
    "consent": "bool",
    "known": "bool",
    "mark": "string",
}
"""The columns of the table ``versions``, with their Arrow types."""


def prepare(reading: Reading, as_of: date, unit: str | None = None) -> None:
    """Make the tables that every check needs: what was done, what was found, and the versions.

    With ``unit`` only what those did who were ever in it, or under it, is looked at.
    """
    database = reading.database
    database.execute(f"CREATE OR REPLACE TABLE found ({FOUND})")
    _show(reading, "versions", _VERSIONS, map(_version_row, count(), versions()))
    for name in TABLES:
        database.execute(f"DROP TABLE IF EXISTS {name}")
    reading.need("live", "persons", "classes", "lives", "tree", "heirs", "person_acts")
    acts = f"FROM person_acts WHERE on_day <= DATE '{as_of}'"
    # A view: each check reads few of the columns, which is cheaper than to copy them all.
    database.execute(f"CREATE OR REPLACE VIEW acts AS {acts}")
    if unit is not None:
        reading.need("flows")
        theirs = f"{acts} AND person IN ({statement('rules/people_under')})"
        database.execute(
            f"CREATE OR REPLACE TABLE their_acts AS {theirs}", {"top": reading.under(unit)}
        )
        database.execute("CREATE OR REPLACE VIEW acts AS FROM their_acts")


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


def _version_row(nth: int, version: Version) -> dict[str, Any]:
    given, share = version.given, version.share
    other = Fraction(given.other) if given and given.other else None
    return {
        "nth": nth,
        "rule": version.rule.key,
        "id": version.rule.id,
        "label": version.label,
        "since": version.since,
        "until": version.until,
        "value": given.value if given else None,
        "extra": given.extra if given else None,
        "num": share.numerator if share else None,
        "den": share.denominator if share else None,
        "other_num": other.numerator if other else None,
        "other_den": other.denominator if other else None,
        "strict": bool(given and given.strict),
        "threshold": version.threshold,
        "consent": version.rule.consent,
        "known": given is not None,
        "mark": version.mark,
    }


def show_calendar(reading: Reading, calendar: Calendar | None) -> None:
    """Make the table of working days; empty without a calendar."""
    days = calendar.days() if calendar else ()
    types = {"day": "date32", "counted": "int64", "run": "int64"}
    _show(reading, "workdays", types, (day._asdict() for day in days))


def _show(
    reading: Reading, name: str, types: Mapping[str, str], rows: Iterable[dict[str, Any]]
) -> None:
    """Make a table of rows that do not come from the book."""
    import pyarrow as pa  # noqa: PLC0415 - as DuckDB takes many rows at once

    schema = pa.schema([(column, pa.type_for_alias(types[column])) for column in types])
    reading.database.register("shown_rows", pa.Table.from_pylist(list(rows), schema=schema))
    reading.database.execute(f"CREATE OR REPLACE TABLE {name} AS FROM shown_rows")
    reading.database.unregister("shown_rows")


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
