"""States made before an entry has its place in the book: all but what is sealed to that place.

The number, moment and operator of an entry are not in its state, so that it can be made as
soon as the entry is read, also in another process. The same bytes as ``Codec`` makes of it.
"""

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import force_setattr

from ledger.catalogue import ENVELOPE, KINDS, Entry
from ledger.store.codec import (
    SEALED,
    pack,
    packed_at_once,
    packed_fields,
    personal_fields,
    without_envelope,
)

_ENCODER = msgspec.msgpack.Encoder()
_LARGEST_SMALL_MAP = 0x8F
"""First byte of the largest map that can be written with one (msgpack, fixmap of 15)."""


_NOT_IN_STATES = attrgetter(*ENVELOPE, "sealed")


class Prepared(Struct, frozen=True):
    """The state of an entry, up to the box of what is sealed."""

    state: bytes
    """All of it, or up to the box, which comes last."""
    fields: tuple[str, ...] = ()
    """The names of what is to be sealed, sorted; empty if there is nothing."""
    personal: bytes = b""
    """What is to be sealed: a msgpack map by those names."""

    def closed(self, box: bytes) -> bytes:
        """Return the whole state, with the box that was sealed."""
        return self.state + _ENCODER.encode(box)


@lru_cache(maxsize=1_024)
def _before_box(fields: tuple[str, ...]) -> bytes:
    """Return the end of a state from ``sealed`` on, as far as the box."""
    empty = pack({SEALED: {"fields": list(fields), "box": b""}})
    return empty[1 : -len(pack(b""))]  # type: ignore[arg-type]  # bytes can be packed as well


def prepared(kind: str, entry: Entry) -> Prepared | None:
    """Return the state of an entry as far as it can be made; None for what goes the long way.

    That is what came sealed already, and kinds of a later version.
    """
    if entry.sealed or KINDS[kind].version > 1:
        return None
    taken, bare = _without_personal(kind, entry)
    if not taken:
        state = packed_at_once(kind, entry)
        return None if state is None else Prepared(state)
    fields, body = tuple(taken), packed_fields(kind, bare)
    if body is None or body[0] >= _LARGEST_SMALL_MAP:
        return None
    state = bytes((body[0] + 1,)) + body[1:] + _before_box(fields)
    return Prepared(state, fields, _ENCODER.encode(taken))


def prepared_all(kind: str, entries: Sequence[Entry]) -> list[Prepared | None]:
    """Return the states of entries of one kind: as ``prepared`` makes each, but quicker."""
    is_plain = not personal_fields(kind) and KINDS[kind].version == 1
    if is_plain and {*map(_NOT_IN_STATES, entries)} == {(None, None, None, ())}:
        states = [packed_fields(kind, entry) for entry in entries]
        return [None if state is None else Prepared(state) for state in states]
    return [prepared(kind, entry) for entry in entries]


def _without_personal(kind: str, entry: Entry) -> tuple[dict[str, Any], Any]:
    """Return the personal values by name, sorted by it, and the entry without them."""
    taken: dict[str, Any] = {}
    bare: Any = entry
    for name, field, part in personal_fields(kind):
        value = getattr(bare, field)
        if value is None:
            continue
        within = value if part is None else getattr(value, part)
        if within is None:
            continue
        if not taken:
            bare = without_envelope(entry)
        taken[name] = within
        if part is None:
            force_setattr(bare, field, None)
        else:
            if getattr(entry, field) is value:
                value = value.__copy__()
                force_setattr(bare, field, value)
            force_setattr(value, part, None)
    return taken, bare
