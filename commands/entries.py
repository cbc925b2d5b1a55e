"""Entries as the plain maps of JSON Lines, and how they are told in a few words."""

import json
from collections.abc import Mapping
from typing import Any

from commands.dates import shown
from commands.language import say, spoken, word
from ledger.catalogue import ENVELOPE, Entry, kind_of, personal_paths
from ledger.errors import Refused
from ledger.jsonlines import entry_values, read_lines

_NAMED_BY = ("person", "unit", "class", "target", "figure", "operator", "entry", "to", "mentor")
"""Fields that say whom or what an entry is about, the first of them most of all."""


def entry_of(values: Mapping[str, Any]) -> Entry:
    """Return the entry that a map describes; raise Refused with all that is wrong in it.

    The map is read as a line of JSON Lines, so that what is typed and what is imported
    is held to the same.
    """
    line = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    lines, problems = read_lines([line], "")
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


def about(entry: Entry) -> str:
    """Return whom or what an entry is about: ``P000012 Nguyễn Văn An, TP``."""
    values = entry_values(entry)
    named = [str(values[name]) for name in _NAMED_BY if values.get(name)]
    profile = values.get("profile")
    name = values.get("name") or (profile.get("name") if isinstance(profile, dict) else None)
    if named and name:
        named[0] = f"{named[0]} {name}"
    return ", ".join(named)


def entry_named(entry: Entry) -> str:
    """Return how a sentence names an entry: by number, kind and date."""
    return say("entry {no} ({kind}, {date})").format(
        no=entry.no or "-",
        kind=word("kind", kind_of(entry)),
        date=shown(entry.effective_on, spoken()),
    )
