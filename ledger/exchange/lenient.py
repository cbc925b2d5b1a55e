"""Looser readings of JSON Lines, each of one meaning only.

* ``referred`` without ``referrer``: ``by`` is the referrer (the field of DESIGN §3).
* ``profile_changed``: the changed fields may stand beside ``person``, without ``profile``.
* a period may be ``{"from", "to"}``, ``[from, to]`` or ``"from..to"``, with ISO dates.
* ``unnamed_counted`` of a stock takes effect ``as_of`` where ``effective_on`` is left out.

docs/format.md lists them for those who write files.
"""

from typing import Any

from ledger.catalogue import KINDS, Entry, Profile, fields_of
from ledger.catalogue.statistics import FigureStated, TargetSet, UnnamedCounted

_PROFILE_FIELDS = frozenset(field.name for field in fields_of(Profile))
_WITH_FILTERS = (FigureStated, TargetSet, UnnamedCounted)
_ENDS = 2


def may_be_loose(types: set[type]) -> bool:
    """Return whether any entry of these types may be loose."""
    return not types.isdisjoint(_WITH_FILTERS)


def is_loose(entry: Entry) -> bool:
    """Return whether a decoded entry may have a period where its type lets anything stand."""
    if not isinstance(entry, _WITH_FILTERS):
        return False
    if entry.filters and isinstance(entry.filters.get("founded_in"), str | list):
        return True
    return isinstance(entry, FigureStated) and isinstance(entry.against, str | list)


def rewritten(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a line with the looser readings written in full."""
    values = dict(values)
    if kind == "referred" and "referrer" not in values and "by" in values:
        values["referrer"] = values.pop("by")
    if kind == "profile_changed":
        _gather_profile(values)
    if kind == "unnamed_counted" and "as_of" in values:
        values.setdefault("effective_on", values["as_of"])
    if "period" in values:
        values["period"] = _period(values["period"])
    if "against" in values:
        values["against"] = _period(values["against"])
    for name, within in (("base", "period"), ("filters", "founded_in")):
        part = values.get(name)
        if isinstance(part, dict) and within in part:
            values[name] = part | {within: _period(part[within])}
    return values


def _gather_profile(values: dict[str, Any]) -> None:
    loose = _PROFILE_FIELDS & values.keys() - {
        field.name for field in fields_of(KINDS["profile_changed"])
    }
    within = values.get("profile", {})
    if loose and isinstance(within, dict) and not loose & within.keys():
        values["profile"] = within | {name: values.pop(name) for name in sorted(loose)}


def _period(value: Any) -> Any:
    """Return a period by its keys, from any of its forms; anything else as it is."""
    ends = value.split("..") if isinstance(value, str) else value
    if isinstance(ends, list) and len(ends) == _ENDS:
        return {"from": ends[0], "to": ends[1]}
    return value
