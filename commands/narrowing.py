"""``--filter KEY=VALUE`` and ``--against``: what narrows a count, and what a figure follows."""

from collections.abc import Iterable
from typing import Any, get_args

from commands import dates
from commands.language import say
from commands.parameters import Checked, integer
from ledger.catalogue.base import Filter
from ledger.errors import Problem
from ledger.similar import similar

KEYS: tuple[str, ...] = get_args(Filter)
_TRUTHS = {"yes": True, "true": True, "no": False, "false": False, "unknown": "unknown"}
_TRUE_OR_FALSE = frozenset({"private_owner", "readmission"})


def _bad(given: str, detail: str) -> Problem:
    return Problem("bad_filter", value=given, detail=detail, choices=", ".join(KEYS))


def _period(given: str) -> dict[str, str]:
    first, last = dates.period(given)
    return {"from": first.isoformat(), "to": last.isoformat()}


def _filter(given: str) -> tuple[str, Any]:
    """Return key and value of one filter; raise bad_filter."""
    key, equals, value = given.partition("=")
    if not equals or not value:
        raise _bad(given, say("there is no value after ="))
    if key not in KEYS:
        near = similar(key, KEYS)
        meant = say("; did you mean {value}?").format(value=near) if near else ""
        raise _bad(given, say("there is no key {key}").format(key=key) + meant)
    if key == "founded_in":
        return key, _period(value)
    if key == "completion_under":
        return key, integer(value)
    if key in _TRUE_OR_FALSE:
        if value not in _TRUTHS:
            raise _bad(given, say("it is true, false or unknown"))
        return key, _TRUTHS[value]
    return key, value


def filters(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return filters as JSON Lines has them; a key given more than once holds a list."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key not in found:
            found[key] = value
        elif isinstance(found[key], list):
            found[key].append(value)
        else:
            found[key] = [found[key], value]
    return found


def _against(given: str) -> Any:
    """Return a pair (a filter), a period, or the code of a target."""
    if "=" in given:
        return _filter(given)
    if dates.BETWEEN in given:
        return _period(given)
    return given


def against(items: tuple[Any, ...]) -> Any:
    """Return what a figure follows from: a target, an earlier period, or filters."""
    if all(isinstance(item, tuple) for item in items):
        return filters(items)
    return items[-1]


FILTER = Checked("KEY=VALUE", _filter)
AGAINST = Checked("TARGET|DAY..DAY|KEY=VALUE", _against)
