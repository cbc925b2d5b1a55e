"""An entry on its way in, with the streams it has to do with."""

from functools import cache
from typing import Any, NamedTuple

from ledger.catalogue import KINDS, Entry, kind_of
from ledger.errors import Problem
from ledger.lifecycle.references import named_streams

PERSON = "person/"
"""How the streams of people begin."""


class Arrival(NamedTuple):
    """An entry on its way in: its number is set."""

    entry: Entry
    stream_id: str | None
    """The stream it belongs to; None for a voiding, which shares that of what it voids."""
    named: tuple[str, ...]
    """The streams it names and rests on."""


def arrival(entry: Entry) -> Arrival:
    """Return an entry with the streams it has to do with."""
    stream_id = None if kind_of(entry) == "voided" else stream_of(entry)
    return Arrival(entry, stream_id, named_streams(entry))


@cache
def stream_field(kind: str) -> tuple[str, str]:
    """Return how the id of a stream begins, and the attribute that ends it."""
    field = KINDS[kind].stream
    return f"{KINDS[kind].prefix or field}/", field


def stream_of(entry: Any, target: Entry | None = None) -> str:
    """Return the id of the stream an entry belongs to: ``person/P000001``.

    ``target``: for a voiding, the entry it voids, whose stream it shares.
    """
    kind = kind_of(entry)
    if kind == "voided":
        if target is None:
            raise Problem("unknown_entry", value=entry.entry)
        return stream_of(target)
    prefix, field = stream_field(kind)
    return prefix + str(getattr(entry, field))
