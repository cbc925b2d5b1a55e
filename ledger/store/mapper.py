"""Maps catalogue entries to rows of the log and back, sealed and hashed on the way.

Only here stream, version, kind and content are seen together; so this is where personal
fields are bound to their entry, and where a changed row is noticed.
"""

import struct
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from ledger.catalogue import Entry, kind_of
from ledger.errors import BookDamaged, Problem
from ledger.store.codec import (
    SEALED,
    Codec,
    Unreadable,
    microseconds,
    moment,
    pack,
    put_personal,
    take_personal,
    unpack,
)
from ledger.store.envelope import KEPT_BYTES, MAX_LEAF_BYTES, Commit, leaf_content, leaf_of
from ledger.store.prepared import Prepared
from ledger.store.rows import StoredEntry, damaged
from ledger.store.sealing import Sealer

_NO_KEY = "personal details are stored sealed or not at all"
_NOT_NUMBERED = "an entry is numbered before it is stored"


class Placed(NamedTuple):
    """An entry with its place in the book, ready to be stored: the library's domain event."""

    entry: Entry
    originator_id: str
    originator_version: int
    commit: Commit
    sheet: str | None
    row: int | None
    sealer: Sealer | None
    """Has the data key of the stream; None when there is nothing to seal."""
    prepared: Prepared | None = None
    """The state as far as it was made before; None where it is to be made of the entry."""


class StateTranscoder(Transcoder):
    """The library's name for what turns a state into bytes: the one form of msgpack."""

    def encode(self, obj: Any) -> bytes:
        """Return the bytes of a state."""
        return pack(obj)

    def decode(self, data: bytes) -> Any:
        """Return the state in ``data``; raise Unreadable if it is not in the one form."""
        return unpack(data)


class BookMapper(Mapper[str]):
    """The library's mapper for the book ``book_id``."""

    def __init__(self, book_id: bytes, codec: Codec) -> None:
        super().__init__(transcoder=StateTranscoder())
        self._book_id = book_id
        self._codec = codec

    def to_stored_event(self, domain_event: Any) -> Any:
        """Return the row of a Placed entry: sealed, packed, hashed.

        Raises Problem (too_large), with the number of the entry in its values.
        """
        placed: Placed = domain_event
        entry, stream_id, version, commit, sheet, row, sealer, ready = placed
        no, by = entry.no, entry.by
        if no is None or entry.recorded_at is None or by is None:
            raise AssertionError(_NOT_NUMBERED)
        recorded_at = microseconds(entry.recorded_at)
        if ready is None:
            is_plain = sealer is None and not entry.sealed
            kind, data = (is_plain and self._codec.plain(entry)) or self._sealed(placed)
        else:
            kind, data = kind_of(entry), ready.state
            if ready.fields:
                box = self._box(placed, kind, ready.fields, ready.personal)
                data = ready.closed(box)
        content = leaf_content(
            self._book_id, (no, stream_id, version, kind, recorded_at, by, commit, sheet, row), data
        )
        size = len(content) - 1  # without the mark of a leaf
        if size > MAX_LEAF_BYTES:
            raise Problem("too_large", kind=kind, value=size, limit=MAX_LEAF_BYTES, no=no)
        leaf = sha256(content).digest()
        return StoredEntry(
            no,
            stream_id,
            version,
            kind,
            data,
            recorded_at,
            by,
            commit.commit_no,
            sheet,
            row,
            leaf[:KEPT_BYTES],
            leaf_hash=leaf,
        )

    @staticmethod
    def _box(placed: Placed, kind: str, fields: Sequence[str], personal: bytes) -> bytes:
        if placed.sealer is None:
            raise AssertionError(_NO_KEY)
        return placed.sealer.seal(
            placed.originator_id, placed.originator_version, kind, fields, personal
        )

    def _sealed(self, placed: Placed) -> tuple[str, bytes]:
        """Return kind and state of an entry with its personal fields sealed, or taken out."""
        kind, state = self._codec.state(placed.entry)
        lost = state.pop(SEALED, ())
        personal = take_personal(kind, state)
        if personal or lost:
            fields = sorted({*personal, *lost})
            sealed: dict[str, Any] = {"fields": fields}
            if personal:
                sealed["box"] = self._box(placed, kind, fields, pack(personal))
            state[SEALED] = sealed
        return kind, pack(state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Return the catalogue entry of a row, its personal fields sealed."""
        row: Any = stored_event
        return self.read(row)

    def read(self, row: StoredEntry, sealer: Sealer | None = None) -> Entry:
        """Return the entry of a row; with ``sealer``, open what it has the key of.

        Raises BookDamaged when the row is not as it was recorded.
        """
        self.leaf_hash(row)
        try:
            state = unpack(row.state)
            if SEALED in state:
                self._unseal(row, state, sealer)
            return self._codec.entry(
                row.topic,
                state,
                no=row.no,
                recorded_at=moment(row.recorded_at),
                by=row.operator,
            )
        except Unreadable as error:
            raise BookDamaged(Problem("damaged", value=row.no, detail=error)) from error

    def leaf_hash(self, row: StoredEntry) -> bytes:
        """Return the leaf hash of a row, made anew of what is stored.

        Raises BookDamaged when it is not the one that was kept with it.
        """
        try:
            leaf = leaf_of(self._book_id, row.envelope, row.state)
        except (struct.error, TypeError, AttributeError, UnicodeError):
            leaf = b""
        if leaf[:KEPT_BYTES] != row.leaf:
            raise damaged(row.no, "stored_hash_differs")
        return leaf

    @staticmethod
    def _unseal(row: StoredEntry, state: dict[str, Any], sealer: Sealer | None) -> None:
        """Leave in ``state`` the names that stay sealed; put back the values that open."""
        try:
            fields, box = list(state[SEALED]["fields"]), state[SEALED].get("box")
        except (KeyError, TypeError, AttributeError):
            raise Unreadable("stored_form_differs") from None
        stream_id, version, kind = row.originator_id, row.originator_version, row.topic
        opened: set[str] = set()
        if box is not None and sealer is not None and sealer.has_key(stream_id):
            values = sealer.open(stream_id, version, kind, fields, box)
            put_personal(kind, state, values)
            opened = set(values)
        state[SEALED] = [name for name in fields if name not in opened]
