"""Entries as the plain maps of JSON Lines, and how they are told in a few words."""

import json
from collections.abc import Container, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from commands.cells import cell
from commands.dates import shown
from commands.language import say, spoken, word
from ledger.catalogue import ENVELOPE, KINDS, Entry, kind_of, personal_paths
from ledger.errors import Refused
from ledger.exchange.jsonlines import entry_values, read_lines

NAME = "profile.name"
"""The personal field that holds the name of a person, as ``sealed`` has it."""
_NAMED_BY = ("person", "unit", "class", "target", "figure", "operator", "entry", "to", "mentor")
"""Fields that say whom or what an entry is about, the first of them most of all."""
_SAID_ELSEWHERE = frozenset({*ENVELOPE, "kind", "effective_on", "corrects", "sealed"})
_LENGTH_OF_A_DAY = len("2021-05-19")


def entry_of(values: Mapping[str, Any]) -> Entry:
    """Return the entry that a map describes; raise Refused with all that is wrong in it.

    The map is read as a line of JSON Lines, so that what is typed and what is imported
    is held to the same.
    """
    line = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    lines, problems = read_lines([line], "", str(values.get("kind")))
    if problems:
        raise Refused(*(problem.at(None) for problem in problems))
    return lines[0].entry


def unrecorded(entry: Entry) -> dict[str, Any]:
    """Return the map of an entry without what the book sets: as it may be recorded again."""
    return {name: value for name, value in entry_values(entry).items() if name not in ENVELOPE}


def sealed_values(entry: Entry) -> dict[str, Any]:
    """Return the map of an entry with its personal fields named, but not told."""
    values = entry_values(entry)
    hidden = set(entry.sealed)
    for path in personal_paths(kind_of(entry)):
        *outer, last = path
        inner: Any = values
        for part in outer:
            inner = inner.get(part, {})
        if inner.pop(last, None) is not None:
            hidden.add(".".join(path))
    return values | {"sealed": sorted(hidden)} if hidden else values


def about(entry: Entry, erased: Container[str] = ()) -> str:
    """Return whom or what an entry is about: ``P000012 Nguyễn Văn An, TP``.

    ``erased``: persons who are said to be so where their name would stand.
    """
    values = entry_values(entry)
    if kind_of(entry) == "voided":
        return say("entry {no}").format(no=values["entry"])
    named = [str(values[name]) for name in _NAMED_BY if values.get(name)]
    profile = values.get("profile")
    name = values.get("name") or (profile.get("name") if isinstance(profile, dict) else None)
    if NAME in entry.sealed and values.get("person") in erased:
        name = say("(erased)")
    if named and name:
        named[0] = f"{named[0]} {name}"
    return ", ".join(named)


def state(entry: Entry, displaced_by: Entry | None) -> str:
    """Return in a few words whether an entry still counts, and what it took the place of."""
    if displaced_by is not None:
        if kind_of(displaced_by) == "voided":
            return say("voided by {no}").format(no=displaced_by.no)
        return say("corrected by {no}").format(no=displaced_by.no)
    if entry.corrects is not None:
        return say("in place of {no}").format(no=entry.corrects)
    return ""


def whole(entry: Entry) -> str:
    """Return all that an entry says, personal details too, for the eyes of who recorded it."""
    code = str(getattr(entry, KINDS[kind_of(entry)].stream or "entry"))
    if kind_of(entry) == "voided":
        return details(entry, "", names=True)
    said = details(entry, code, names=True)
    return f"{code}; {said}" if said else code


def details(entry: Entry, code: str, *, names: bool) -> str:
    """Return what an entry says beside that it is about ``code``: ``to: TP.CB1; note: …``.

    Personal details only with ``names``.
    """
    values = entry_values(entry) if names else sealed_values(entry)
    values |= values.pop("profile", {})
    told = []
    for name, value in values.items():
        if name in _SAID_ELSEWHERE or (name in _NAMED_BY and value == code):
            continue
        if isinstance(value, dict) and "number" in value:
            shown_value = " ".join(cell(part, as_day(value[part])) for part in value)
        elif isinstance(value, dict):
            shown_value = cell(name, {part: as_day(value[part]) for part in value})
        else:
            shown_value = cell(name, as_day(value))
        told.append(f"{word('column', name)}: {shown_value}")
    return "; ".join(told)


def as_day(value: Any) -> Any:
    """Return a day from its ISO text, so that it is shown as days are; else the value."""
    if isinstance(value, str) and len(value) == _LENGTH_OF_A_DAY:
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value


def row_named(place: str, entry: Entry) -> str:
    """Return how a sentence names an entry that is not recorded: by its row, kind and date."""
    return say("row {row} ({kind}, {date})").format(
        row=place,
        kind=word("kind", kind_of(entry)),
        date=shown(entry.effective_on, spoken()),
    )


def entry_named(entry: Entry) -> str:
    """Return how a sentence names an entry: by number, kind and date."""
    return say("entry {no} ({kind}, {date})").format(
        no=entry.no or "-",
        kind=word("kind", kind_of(entry)),
        date=shown(entry.effective_on, spoken()),
    )
