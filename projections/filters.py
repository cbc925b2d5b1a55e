"""What a measure can be narrowed and broken down by, each declared once.

A filter is an expression over a subject: a person on a day, an action, or a unit on a day.
Targets, figures and breakdowns all use these; the profile is that at the end of the day
asked (stock) or of the day of the action (flow).
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from ledger.codes import TOGETHER, code_list
from projections.bands import AGE_BANDS, ERAS, UNKNOWN, age_band, age_condition, join_era
from projections.statements import STAGES

ANY = "any"
NO_RELIGION = ("none", UNKNOWN)
IN_NO_UNION = "none"
TRUTHS = ("true", "false", UNKNOWN)

Aspect = Literal["person", "membership", "pipeline", "unit", "class", "departure", "admission"]
"""What of a subject a filter looks at; a measure can be narrowed by what its subjects have."""


def _code(column: str) -> str:
    return f"coalesce({column}, '{UNKNOWN}')"


def union_row(told: str | None) -> str:
    """Return the one row in which somebody stands, from their unions as JSON text.

    Their unions in alphabetical order, joined by ``TOGETHER``; ``none``, or ``unknown``.
    """
    if told is None:
        return UNKNOWN
    return TOGETHER.join(sorted({*json.loads(told)} - {IN_NO_UNION})) or IN_NO_UNION


def sector_group(sector: str) -> str:
    """Return the group that a sector belongs to (DOMAIN §3.2); an unlisted one is its own."""
    return code_list("sector").group(sector)


class Filter(NamedTuple):
    """One filter: how the code of a subject is found, and which codes there are."""

    value: str
    """SQL for the subject's code, as text; ``row`` makes the code of it where that is given."""
    aspect: Aspect = "person"
    codes: tuple[str, ...] = ()
    """The codes in their order, where the list is closed."""
    row: Callable[[Any], str] | None = None


_STAGE_NAMES = " ".join(f"WHEN {no} THEN '{name}'" for no, name in enumerate(STAGES, 1))

FILTERS: dict[str, Filter] = {
    "standing": Filter("standing", codes=("applicant", "probationary", "official")),
    "sex": Filter(_code("sex"), codes=("male", "female", UNKNOWN)),
    "age": Filter(age_band(), codes=AGE_BANDS),
    "ethnicity": Filter(_code("ethnicity")),
    "religion": Filter(_code("religion")),
    "occupation": Filter(_code("occupation")),
    "private_owner": Filter(_code("CAST(private_owner AS VARCHAR)"), codes=TRUTHS),
    "education": Filter(_code("education")),
    "professional_education": Filter(_code("professional_education")),
    "political_theory": Filter(_code("political_theory")),
    "union": Filter("unions", row=union_row),
    "join_era": Filter(join_era(), "membership", ERAS),
    "sector": Filter(_code("sector"), "unit"),
    "sector_group": Filter(_code("sector"), "unit", row=sector_group),
    "unit_type": Filter("unit_type", "unit"),
    "class_type": Filter(_code("class_type"), "class"),
    "stage": Filter(f"CASE stage {_STAGE_NAMES} END", "pipeline", STAGES),
    "cause": Filter("cause", "departure"),
    "readmission": Filter("CAST(readmits AS VARCHAR)", "admission", TRUTHS[:2]),
    "founded_in": Filter("founded_on", "unit"),
}
"""Every filter but ``FALLS_SHORT``, which needs the targets of many units at once."""

FALLS_SHORT = "completion_under"
"""The filter that is counted by the targets of many units, and not by what units are."""

_NO_ROWS = frozenset({"stage", "founded_in"})
ROWS = ("unit", *(name for name in FILTERS if name not in _NO_ROWS))
"""What a count can be broken down by; ``unit`` is the unit that holds the people."""


class Condition(NamedTuple):
    """A condition in SQL with the values of its parameters."""

    sql: str
    parameters: dict[str, Any]


def read_filters(text: str | None) -> dict[str, Any]:
    """Return the filters of an entry from the JSON text of the feed; no filters are empty."""
    return dict(json.loads(text)) if text else {}


def codes_asked(asked: Any) -> list[str]:
    """Return the codes that the value of a filter asks for: any of them will do."""
    items = asked if isinstance(asked, list) else [asked]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]


def period_asked(asked: Mapping[str, str]) -> tuple[date, date]:
    """Return first and last day of the value of a filter that is a period."""
    return date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])


def condition(filters: Mapping[str, Any]) -> Condition:
    """Return what a subject must fulfil: every filter, and any of the codes of each.

    Raises KeyError for a filter that is not in ``FILTERS``.
    """
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    for name, asked in filters.items():
        if name == "founded_in":
            parameters["founded_from"], parameters["founded_to"] = period_asked(asked)
            parts.append(f"{FILTERS[name].value} BETWEEN $founded_from AND $founded_to")
            continue
        either: list[str] = []
        for number, code in enumerate(codes_asked(asked)):
            one = _CONDITIONS.get(name, _is_code)(name, code, f"{name}_{number}")
            either.append(one.sql)
            parameters |= one.parameters
        parts.append(f"({' OR '.join(either) or 'FALSE'})")
    return Condition(" AND ".join(parts) or "TRUE", parameters)


def _is_code(name: str, code: str, parameter: str) -> Condition:
    return Condition(f"{FILTERS[name].value} = ${parameter}", {parameter: code})


def _is_age(name: str, code: str, parameter: str) -> Condition:
    del name, parameter
    return Condition(age_condition(code), {})


def _is_religion(name: str, code: str, parameter: str) -> Condition:
    if code == ANY:
        return Condition(f"{FILTERS[name].value} NOT IN {NO_RELIGION}", {})
    return _is_code(name, code, parameter)


def _is_in_unions(name: str, code: str, parameter: str) -> Condition:
    """Return whether somebody is in a union, whatever else they are in; in all of ``a+b``."""
    del name
    if code == UNKNOWN:
        return Condition("unions IS NULL", {})
    if code == IN_NO_UNION:
        return Condition(f"""unions IN ('[]', '["{IN_NO_UNION}"]')""", {})
    # The feed keeps a list as JSON text, in which a code stands between quotes of its own.
    each = {
        f"{parameter}_{number}": json.dumps(part, ensure_ascii=False)
        for number, part in enumerate(code.split(TOGETHER))
    }
    inside = " AND ".join(f"contains(unions, ${key})" for key in each)
    return Condition(f"(unions IS NOT NULL AND {inside})", each)


def _is_in_group(name: str, code: str, parameter: str) -> Condition:
    members = code_list("sector").members(code)
    each = {f"{parameter}_{number}": member for number, member in enumerate(members)}
    wanted = ", ".join(f"${key}" for key in each)
    return Condition(f"{FILTERS[name].value} IN ({wanted})", each)


_CONDITIONS: dict[str, Callable[[str, str, str], Condition]] = {
    "age": _is_age,
    "religion": _is_religion,
    "union": _is_in_unions,
    "sector_group": _is_in_group,
}
"""What a subject must fulfil for one code, where it is more than to have that code."""
