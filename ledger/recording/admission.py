"""Checks many entries at the door at once: as ``admit`` does one, in a third of the time.

Entries are taken by kind, and a field of all of them is looked at together: their codes are
a set, most of which was seen before. Only where something is wrong with any of them, and
where a check has no such way, each is taken alone. What ``admit`` says of an entry is what
counts; nothing here says what is wrong.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from ledger.catalogue import KINDS, Entry, fields_of, kind_of
from ledger.errors import Problem
from ledger.lifecycle.arrivals import arrival, stream_field
from ledger.lifecycle.references import named_fields
from ledger.recording import door
from ledger.recording.pieces import Failed, Piece, Places
from ledger.recording.text import MAX_ENTRY_BYTES, is_plain
from ledger.store.prepared import Prepared, prepared_all

_ENCODER = msgspec.json.Encoder()
Sure = Callable[[Sequence[Any]], bool]
"""Whether surely nothing is wrong with a field of entries of one kind."""


def admitted(
    entries: list[Any],
    failed: dict[int, Failed],
    rows: Sequence[int],
    file_name: str,
    written: bytes | None = None,
) -> Piece:
    """Return a piece of a file: entries as they were read, None where ``failed`` says why.

    ``written``: the entries as lines of JSON, where that was done already.
    """
    by_kind: dict[type, list[int]] = {}
    for at, entry in enumerate(entries):
        if entry is not None:
            by_kind.setdefault(type(entry), []).append(at)
    readable = _all_readable([entry for entry in entries if entry is not None], written)
    size = len(entries)
    streams: list[str | None] = [None] * size
    named: list[tuple[str, ...]] = [()] * size
    states: list[Prepared | None] = [None] * size
    for places in by_kind.values():
        kind = kind_of(entries[places[0]])
        found = _sure(kind, [entries[at] for at in places]) if readable else None
        if found is None:
            found = [_one(entries[at], at, failed) for at in places]
        for at, entry in zip(places, found, strict=True):
            entries[at] = entry
        able = [at for at in places if entries[at] is not None]
        own, others = _streams(kind, [entries[at] for at in able])
        ready = prepared_all(kind, [entries[at] for at in able])
        for at, stream, naming, state in zip(able, own, others, ready, strict=True):
            streams[at], named[at], states[at] = stream, naming, state
    return Piece(
        entries, failed, streams, named, states, [None] * size, rows, Places(file_name, rows)
    )


def _one(entry: Entry, at: int, failed: dict[int, Failed]) -> Entry | None:
    """Return an entry taken alone; None if something is wrong with it, which is taken down."""
    try:
        return door.admit(entry)
    except Problem as problem:
        failed[at] = Failed(problem, entry.no)
        return None


def _all_readable(entries: list[Entry], written: bytes | None) -> bool:
    """Return whether the text of all entries surely is in its one form, and not too long."""
    try:
        written = written or _ENCODER.encode_lines(entries)
    except UnicodeEncodeError:
        return False
    if b"\\" in written or not (written.isascii() or is_plain(written.decode())):
        return False
    return len(max(written.split(b"\n"), key=len)) <= MAX_ENTRY_BYTES


def _sure(kind: str, entries: list[Any]) -> list[Any] | None:
    """Return entries as ``admit`` surely would; None where it may not be so."""
    together, alone, settles = _checks(kind)
    if any(map(attrgetter("sealed"), entries)):
        return None
    if not all(sure(entries) for sure in together):
        return None
    try:
        for check in alone:
            for entry in entries:
                check(entry)
        return [door.settled(entry) for entry in entries] if settles else entries
    except Problem:
        return None


@cache
def _checks(kind: str) -> tuple[tuple[Sure, ...], tuple[Callable[[Any], None], ...], bool]:
    """Return the checks of a kind done together, those done alone, and if an entry is settled."""
    found = door.checks(kind)
    together = tuple(check.together for check in found if check.together)
    alone = tuple(check.alone for check in found if not check.together)
    names = {field.name for field in fields_of(KINDS[kind])}
    return together, alone, not names.isdisjoint({"filters", "profile"})


def _streams(
    kind: str, entries: list[Any]
) -> tuple[Sequence[str | None], Sequence[tuple[str, ...]]]:
    """Return the stream of each entry of a kind, and the streams that it names."""
    fields = named_fields(kind)
    if kind == "voided" or len(fields) > 1 or any(field.many for field in fields):
        found = [arrival(entry) for entry in entries]
        return [item.stream_id for item in found], [item.named for item in found]
    prefix, name = stream_field(kind)
    own = [prefix + code for code in map(attrgetter(name), entries)]
    return own, list(_named(fields, entries))


def _named(fields: Sequence[Any], entries: list[Any]) -> Iterator[tuple[str, ...]]:
    if not fields:
        yield from [()] * len(entries)
        return
    attribute, what, _, _ = fields[0]
    for code in map(attrgetter(attribute), entries):
        yield () if code is None else (f"{what}/{code}",)
