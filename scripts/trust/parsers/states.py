"""Parsers of the states of entries: by themselves, and in bulk as columns."""

import json
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgpack  # type: ignore[import-untyped]  # it ships no types

from ledger.catalogue import KINDS, Entry
from ledger.errors import BookDamaged, Problem
from ledger.store.codec import SEALED, Codec, pack, put_personal, take_personal, unpack
from projections import recorded, shapes
from projections.feed import columns_of
from projections.scanning import Scan, grouped
from trust.parsers.parser import Parser

SAMPLES = Path(__file__).resolve().parents[3] / "tests" / "samples" / "states.jsonl"
_KINDS = sorted(KINDS)
_WHEN = recorded.of_all(1, 0, "lan")
_CODEC = Codec()
_MANY = 8
"""So many states are worth a shape here; in a book it takes more, which are no other states."""
_BOX = {"fields": ["name"], "box": bytes(43)}


def _states() -> Iterator[bytes]:
    """Yield a state of each kind that the samples have, the number of its kind first."""
    for line in SAMPLES.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        kind, state = said["kind"], bytes.fromhex(said["state"])
        yield bytes([_KINDS.index(kind)]) + state
        if taken := take_personal(kind, values := msgpack.unpackb(state)):
            values[SEALED] = {"fields": [*taken], "box": bytes(43)}
            yield bytes([_KINDS.index(kind)]) + pack(values)


def _kind(data: bytes) -> str:
    return _KINDS[data[0] % len(_KINDS)] if data else _KINDS[0]


def _entry(data: bytes) -> Entry:
    """Return the entry of a state as the book reads it, what is sealed left out."""
    kind, state = _kind(data), unpack(data[1:])
    state.pop(SEALED, None)
    return _CODEC.entry(kind, state, no=1, by="lan")


def _alone(data: bytes) -> None:
    entry = _entry(data)
    kind, state = _CODEC.state(entry)
    assert _CODEC.entry(kind, unpack(pack(dict(state))), no=1, by="lan") == entry
    taken = take_personal(kind, state)
    put_personal(kind, state, taken)
    assert _CODEC.entry(kind, state, no=1, by="lan") == entry


@cache
def _rows() -> sqlite3.Cursor:
    cursor = sqlite3.connect(":memory:").cursor()
    cursor.execute("CREATE TABLE stored_events (no INTEGER PRIMARY KEY, topic, state)")
    return cursor


def _columns(kind: str, state: bytes, count: int) -> list[dict[str, Any]] | None:
    """Return the rows that the feed makes of so many equal states; None where it refuses them."""
    cursor = _rows()
    cursor.execute("REPLACE INTO stored_events VALUES (1, ?, ?)", (kind, state))
    lengths, kinds = ",".join([str(len(state))] * count), ",".join([kind] * count)
    groups = grouped(1, state * count, lengths, kinds)
    assert groups is not None
    try:
        with patch.object(shapes, "LEAST_STATES", _MANY):
            found: list[dict[str, Any]] = columns_of(cursor, [Scan(1, groups, _WHEN)]).to_pylist()
    except BookDamaged:
        return None
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def _in_bulk(data: bytes) -> None:
    """See that states by themselves, of one shape, and as the book reads them are the same."""
    kind, state = _kind(data), data[1:]
    one, many = _columns(kind, state, 1), _columns(kind, state, _MANY)
    if one is None or many is None:
        assert one is many, (kind, state)
    else:
        assert [row | {"no": 1} for row in many] == one * _MANY, (kind, state)
    try:
        entry = _entry(data)
    except Problem:
        return
    assert one, (kind, state)
    assert one[0]["effective_on"] == entry.effective_on


STATES = {
    "states": Parser(_alone, _states, ("sealed", "v", "profile", "filters", "from", "to")),
    "entries in bulk": Parser(_in_bulk, _states, ("sealed", "v", "profile", "filters"), 512),
}
