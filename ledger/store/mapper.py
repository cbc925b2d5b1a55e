"""Maps catalogue entries to rows of the log and back, sealed and hashed on the way.

Only here stream, version, kind and content are seen together; so this is where personal
fields are bound to their entry, and where a changed row is noticed.
"""

import struct
from typing import Any

from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from ledger.catalogue import Entry
from ledger.errors import BookDamaged, Problem
from ledger.store.codec import (
    SEALED,
    Codec,
    Unreadable,
    moment,
    pack,
    put_personal,
    take_personal,
    unpack,
)
from ledger.store.envelope import KEPT_BYTES, leaf_of
from ledger.store.rows import StoredEntry, damaged
from ledger.store.sealing import Sealer

_NO_KEY = "personal details are stored sealed or not at all"


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
        self.book_id = book_id
        self._codec = codec

    def to_stored_event(self, domain_event: Any) -> Any:
        """Refuse: what goes into a book is placed many at once (``recording/placing.py``)."""
        raise AssertionError(domain_event)

    def state(self, entry: Entry, stream_id: str, version: int, sealer: Sealer | None) -> bytes:
        """Return the state of an entry, its personal fields sealed. Raises too_large.

        ``sealer`` has the data key of the stream; None when there is nothing to seal.
        """
        if sealer is None and not entry.sealed:
            plain = self._codec.plain(entry)
            if plain is not None:
                return plain[1]
        kind, state = self._codec.state(entry)
        lost = state.pop(SEALED, ())
        personal = take_personal(kind, state)
        if personal or lost:
            fields = sorted({*personal, *lost})
            sealed: dict[str, Any] = {"fields": fields}
            if personal:
                if sealer is None:
                    raise AssertionError(_NO_KEY)
                sealed["box"] = sealer.seal(stream_id, version, kind, fields, pack(personal))
            state[SEALED] = sealed
        return pack(state)

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
            leaf = leaf_of(self.book_id, row.envelope, row.state)
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
