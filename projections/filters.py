"""What a measure can be narrowed and broken down by, each declared once.

A filter is an expression over a subject: a person on a day, an action, or a unit on a day.
Targets, figures and breakdowns all use these; the profile is that at the end of the day
asked (stock) or of the day of the action (flow).
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from projections.statements import STAGES

UNKNOWN = "unknown"
ANY = "any"
AGE_YEARS = "(year(on_day) - birth_year)"
AGE_BANDS = (
    "under_18",
    "18-30",
    "31-35",
    "36-40",
    "41-45",
    "46-50",
    "51-55",
    "56-60",
    "over_60",
    UNKNOWN,
)
"""The age bands of forms 2 and 3, and the two ends beyond them (DOMAIN §4.4)."""
_NO_RELIGION = ("none", UNKNOWN)
_OLDEST_YEARS = 1_000

Range = tuple[int, int]


def age_range(code: str | int) -> Range | None:
    """Return the years of age that a code means, both ends held; None for unknown ages.

    A code is a band (``18-30``, ``under_18``, ``over_60``) or a number of years.
    Raises ValueError for anything else.
    """
    text = str(code)
    if text == UNKNOWN:
        return None
    if text.startswith("under_"):
        return -_OLDEST_YEARS, int(text.removeprefix("under_")) - 1
    if text.startswith("over_"):
        return int(text.removeprefix("over_")) + 1, _OLDEST_YEARS
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _age_band() -> str:
    whens: list[str] = []
    for band in AGE_BANDS:
        limits = age_range(band)
        if limits is None:
            whens.insert(0, f"WHEN birth_year IS NULL THEN '{band}'")
        else:
            whens.append(f"WHEN {AGE_YEARS} <= {limits[1]} THEN '{band}'")
    return f"CASE {' '.join(whens)} END"


def _code(column: str) -> str:
    return f"coalesce({column}, '{UNKNOWN}')"


class Filter(NamedTuple):
    """One filter: how the code of a subject is found, and which codes there are."""

    value: str
    """SQL for the subject's code, as text."""
    codes: tuple[str, ...] = ()
    """The codes in their order, where the list is closed."""
    subjects: frozenset[str] = frozenset({"people", "actions"})
    """What can be narrowed by it: people on a day, actions, units on a day (places)."""


_OF_UNITS = frozenset({"people", "actions", "places"})
_OF_ACTIONS = frozenset({"actions"})
_STAGE_NAMES = " ".join(f"WHEN {no} THEN '{name}'" for no, name in enumerate(STAGES, 1))

FILTERS: dict[str, Filter] = {
    "standing": Filter("standing", ("applicant", "probationary", "official")),
    "sex": Filter(_code("sex"), ("male", "female", UNKNOWN)),
    "age": Filter(_age_band(), AGE_BANDS),
    "ethnicity": Filter(_code("ethnicity")),
    "religion": Filter(_code("religion")),
    "occupation": Filter(_code("occupation")),
    "private_owner": Filter(_code("CAST(private_owner AS VARCHAR)"), ("true", "false", UNKNOWN)),
    "education": Filter(_code("education")),
    "sector": Filter(_code("sector"), subjects=_OF_UNITS),
    "unit_type": Filter("unit_type", subjects=_OF_UNITS),
    "class_type": Filter(_code("class_type"), subjects=_OF_ACTIONS),
    "stage": Filter(f"CASE stage {_STAGE_NAMES} END", STAGES),
    "cause": Filter("cause", subjects=_OF_ACTIONS),
    "founded_in": Filter("founded_on", subjects=_OF_UNITS),
}
"""Every filter but ``completion_under``, which needs the targets of many units at once."""

BREAKDOWNS = (
    "unit",
    "standing",
    "sex",
    "age",
    "ethnicity",
    "religion",
    "occupation",
    "education",
    "sector",
)
"""What a headcount can be broken down by; ``unit`` is the unit that holds the people."""


class Condition(NamedTuple):
    """A condition in SQL with the values of its parameters."""

    sql: str
    parameters: dict[str, Any]


def read_filters(text: str | None) -> dict[str, Any]:
    """Return the filters of an entry from the JSON text of the feed; no filters are empty."""
    return dict(json.loads(text)) if text else {}


def _codes(asked: Any) -> list[str]:
    items = asked if isinstance(asked, list) else [asked]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]


def _period(asked: Mapping[str, str]) -> tuple[date, date]:
    return date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])


def condition(filters: Mapping[str, Any]) -> Condition:
    """Return what a subject must fulfil: every filter, and any of the codes of each.

    Raises KeyError for a filter that is not in ``FILTERS``.
    """
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    for name, asked in filters.items():
        value = FILTERS[name].value
        if name == "founded_in":
            parameters["founded_from"], parameters["founded_to"] = _period(asked)
            parts.append(f"{value} BETWEEN $founded_from AND $founded_to")
        elif name == "age":
            parts.append(f"({' OR '.join(_age_condition(code) for code in _codes(asked))})")
        else:
            either = []
            for number, code in enumerate(_codes(asked)):
                if name == "religion" and code == ANY:
                    either.append(f"{value} NOT IN {_NO_RELIGION}")
                else:
                    parameters[f"{name}_{number}"] = code
                    either.append(f"{value} = ${name}_{number}")
            parts.append(f"({' OR '.join(either) or 'FALSE'})")
    return Condition(" AND ".join(parts) or "TRUE", parameters)


def _age_condition(code: str) -> str:
    limits = age_range(code)
    if limits is None:
        return "birth_year IS NULL"
    return f"{AGE_YEARS} BETWEEN {limits[0]:d} AND {limits[1]:d}"


# Unnamed people and actions: what is known of them is what their filters say


def _within(codes: list[str], asked: list[str]) -> bool:
    return bool(codes) and set(codes) <= set(asked)


def _age_within(codes: list[str], asked: list[str]) -> bool:
    wanted = [age_range(code) for code in asked]
    return bool(codes) and all(
        any(
            mine == other or (mine and other and other[0] <= mine[0] and mine[1] <= other[1])
            for other in wanted
        )
        for mine in map(age_range, codes)
    )


def _religion_within(codes: list[str], asked: list[str]) -> bool:
    if ANY in asked:
        return bool(codes) and all(code in asked or code not in _NO_RELIGION for code in codes)
    return _within(codes, asked)


_WITHIN: dict[str, Callable[[list[str], list[str]], bool]] = {
    "age": _age_within,
    "religion": _religion_within,
}


def covers(asked: Mapping[str, Any], own: Mapping[str, Any]) -> bool:
    """Return whether unnamed people with the filters ``own`` all fulfil what is asked."""
    for name, wanted in asked.items():
        if name not in own:
            return False
        if name == "founded_in":
            (first, last), (since, until) = _period(wanted), _period(own[name])
            if not first <= since <= until <= last:
                return False
        elif not _WITHIN.get(name, _within)(_codes(own[name]), _codes(wanted)):
            return False
    return True


def placed_under(name: str, own: Mapping[str, Any]) -> str | None:
    """Return the code of ``name`` that filters give to unnamed people, None if not one."""
    codes = _codes(own[name]) if name in own else []
    if len(codes) != 1 or codes == [ANY]:
        return None
    if name != "age" or codes[0] in AGE_BANDS:
        return codes[0]
    mine = age_range(codes[0])
    inside = (band for band in AGE_BANDS if mine and _age_within([codes[0]], [band]))
    return next(inside, None)


def sort_key(name: str) -> Callable[[str | None], tuple[Any, ...]]:
    """Return how the rows of a breakdown are sorted: closed codes in their order, null last."""
    order = (
        {code: number for number, code in enumerate(FILTERS[name].codes)} if name in FILTERS else {}
    )

    def key(code: str | None) -> tuple[Any, ...]:
        return code is None, order.get(code or "", len(order)), code or ""

    return key
