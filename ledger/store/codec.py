"""Turns entries into the bytes that the log keeps, and back (docs/format.md, "State").

A state is a msgpack map with the catalogue's field names. What the log keeps in columns
(number, kind, moment, operator) is not in it; personal fields are taken out before they
are sealed. Only kinds of the catalogue are ever looked up: a stored name leads nowhere else.
"""

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
import msgspec
from msgspec.structs import force_setattr

from ledger.catalogue import ENVELOPE, KINDS, Entry, kind_of, personal_paths
from ledger.errors import Problem

SEALED = "sealed"
VERSION = "v"
_RESERVED = frozenset({*ENVELOPE, "kind"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Unreadable(Problem):
    """Stored bytes are not what Rollbook writes; the code says how."""


@lru_cache(maxsize=64)
def microseconds(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """Return a moment, in UTC, from microseconds since 1970; raise Unreadable if it is none.

    The first and the last year that there are have days that no other time zone has.
    """
    try:
        found = _EPOCH + timedelta(microseconds=microseconds)
    except (OverflowError, TypeError):
        raise Unreadable("stored_form_differs") from None
    if not MINYEAR < found.year < MAXYEAR:
        raise Unreadable("stored_form_differs")
    return found


@cache
def personal_fields(kind: str) -> tuple[tuple[str, str, str | None], ...]:
    """Return name, field and part of each personal field: ``profile.name, profile, name``."""
    return tuple(
        sorted(
            (".".join(path), path[0], path[1] if len(path) > 1 else None)
            for path in personal_paths(kind)
        )
    )


def personal_names(kind: str) -> tuple[str, ...]:
    """Return the names of the personal fields of ``kind``, sorted: ``profile.name``."""
    return tuple(name for name, _, _ in personal_fields(kind))


def has_personal(kind: str, entry: Any) -> bool:
    """Return whether any personal field of ``entry`` is given."""
    for _, field, part in personal_fields(kind):
        value = getattr(entry, field)
        if value is not None and (part is None or getattr(value, part) is not None):
            return True
    return False


def take_personal(kind: str, state: dict[str, Any]) -> dict[str, Any]:
    """Take the personal fields out of ``state``; return them by name, sorted by it."""
    taken: dict[str, Any] = {}
    for name, field, part in personal_fields(kind):
        if field not in state:
            continue
        if part is None:
            taken[name] = state.pop(field)
        elif part in state[field]:
            taken[name] = state[field].pop(part)
    return taken


def put_personal(kind: str, state: dict[str, Any], values: Mapping[str, Any]) -> None:
    """Put opened personal fields back into ``state``.

    Raises Unreadable when one of them is no personal field of ``kind``.
    """
    places = {name: (field, part) for name, field, part in personal_fields(kind)}
    for name, value in values.items():
        if name not in places:
            raise Unreadable("stored_value_differs", value=name)
        field, part = places[name]
        if part is None:
            state[field] = value
        else:
            within = state.setdefault(field, {})
            if not isinstance(within, dict):
                raise Unreadable("stored_value_differs", value=field)
            within[part] = value


def pack(value: dict[str, Any]) -> bytes:
    """Return the msgpack bytes of a map."""
    packed: bytes = msgpack.packb(value)
    return packed


_ENCODER = msgspec.msgpack.Encoder()
_SMALL_MAP, _LARGER_MAP = 0x80, 0xDE
"""First byte of a map of up to 15 fields, to which their number is added, and of one that has
the number in two bytes more (msgpack, fixmap and map 16)."""
_MOST_SMALL = 15


@cache
def _tag(kind: str) -> bytes:
    """Return how the fields of an entry begin: with its kind."""
    return bytes(msgpack.packb("kind") + msgpack.packb(kind))


def without_envelope(entry: Any) -> Any:
    """Return a copy of an entry without what the book sets."""
    bare = entry.__copy__()
    for name in ENVELOPE:
        force_setattr(bare, name, None)
    return bare


def packed_fields(kind: str, bare: Any) -> bytes | None:
    """Return the fields of an entry without envelope, as ``pack`` writes them, in one step.

    The first byte, before them, is that of a map of so many. None for more than 15.
    """
    data, tag = _ENCODER.encode(bare), _tag(kind)
    size, begin = data[0] - _SMALL_MAP, 1
    if data[0] == _LARGER_MAP:  # also where most of the fields that a kind has are not given
        size, begin = int.from_bytes(data[1:3], "big"), 3
    if not 0 < size <= _MOST_SMALL or not data.startswith(tag, begin):
        return None
    return bytes((_SMALL_MAP + size - 1,)) + data[begin + len(tag) :]


def packed_at_once(kind: str, entry: Entry) -> bytes | None:
    """Return the state of an entry without personal fields, in one step.

    The same bytes as ``pack`` makes of it. None for what is larger or of a later version.
    """
    if KINDS[kind].version > 1:
        return None
    is_bare = entry.no is None and entry.recorded_at is None and entry.by is None
    return packed_fields(kind, entry if is_bare else without_envelope(entry))


def unpack(data: bytes) -> dict[str, Any]:
    """Return the map in ``data``; raise Unreadable unless it is exactly what pack writes.

    msgpack has several encodings of one value, and keys may come twice; only the one
    that we write is read, so that nothing can hide in the others.
    """
    try:
        value = msgpack.unpackb(data)
        again = msgpack.packb(value)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Unreadable("stored_form_differs") from error
    if again != data or not isinstance(value, dict):
        raise Unreadable("stored_form_differs")
    return value


class Codec:
    """Codes the entries of a catalogue; ``kinds`` are the only ones it knows."""

    def __init__(self, kinds: Mapping[str, type[Entry]] = KINDS) -> None:
        self._kinds = kinds

    def state(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        """Return the kind of an entry and its state as plain values, nothing sealed yet.

        The key ``sealed`` then lists the personal fields that the entry came without.
        """
        state: dict[str, Any] = msgspec.to_builtins(entry)
        kind: str = state.pop("kind")
        for name in ENVELOPE:
            state.pop(name, None)
        version = self._kinds[kind].version
        if version > 1:
            state[VERSION] = version
        return kind, state

    def plain(self, entry: Entry) -> tuple[str, bytes] | None:
        """Return kind and state of an entry without personal fields.

        The state is that of ``state`` and ``pack``, in a tenth of the time. None for what
        has to take that way.
        """
        kind = kind_of(entry)
        data = packed_at_once(kind, entry) if kind in self._kinds else None
        return None if data is None else (kind, data)

    def entry(self, kind: str, state: dict[str, Any], **envelope: Any) -> Entry:
        """Return the entry of a state, older versions of its kind upcast.

        ``state`` is used up; its ``sealed``, if any, lists names. ``envelope`` gives no,
        recorded_at and by. Raises Unreadable for a kind, version or field not of the
        catalogue, or a value not of its type.
        """
        entry_type = self._kinds.get(kind)
        if entry_type is None:
            raise Unreadable("stored_kind_unknown", value=kind)
        if not _RESERVED.isdisjoint(state):
            raise Unreadable("stored_form_differs")
        version = state.pop(VERSION, 1)
        if version != entry_type.version:
            if not isinstance(version, int) or not 0 < version < entry_type.version:
                known = entry_type.version
                raise Unreadable("stored_version_unknown", value=version, kind=kind, known=known)
            state = entry_type.upcast(state, version)
        state.update(envelope)
        try:
            return msgspec.convert(state, entry_type)
        except msgspec.ValidationError as error:
            raise Unreadable("stored_value_differs", value=str(error)) from error
