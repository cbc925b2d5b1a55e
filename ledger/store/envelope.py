"""The leaf of an entry: what a later proof commits to (docs/format.md, "Leaf").

The hash covers the stored bytes as they are, never a re-encoding, and before them the
envelope: who, when, where in the book. Every item is preceded by its length, so that no
two entries have the same bytes (RFC 9162 2.1.1 gives the 0x00 before a leaf).
"""

import struct
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple, TypeAlias

_LENGTH = struct.Struct(">I")
_NUMBER = struct.Struct(">IQ")
_NUMBER_AND_LENGTH = struct.Struct(">IQI")
_MOMENT = struct.Struct(">Iq")
_NOTHING = _LENGTH.pack(0)
MAX_LEAF_BYTES = 65_535
"""The longest envelope with its state: what an entry of C2SP tlog-tiles can hold."""
KEPT_BYTES = 8
"""How much of a leaf hash lies beside its entry: enough to find the one that was changed.

Whoever can write an entry can write its hash, so that a longer one would prove no more; what
proves is the tree, over whole hashes made anew of the stored bytes.
"""


def item(content: bytes) -> bytes:
    """Return ``content`` after its length in four bytes, most significant first."""
    return _LENGTH.pack(len(content)) + content


def number_item(number: int) -> bytes:
    """Return the item of a number: eight bytes, most significant first."""
    return _NUMBER.pack(8, number)


class Commit(NamedTuple):
    """What all entries recorded by one command share."""

    commit_no: int
    by: str
    """Who gave the command. Of an export imported as it is, each entry says its own."""
    file_name: str | None = None
    """Name of the file that the entries came from."""
    file_hash: bytes | None = None
    """SHA-256 of that file."""


class Envelope(NamedTuple):
    """Where an entry stands in the book, all but the book itself."""

    no: int
    stream_id: str
    version: int
    kind: str
    recorded_at: int
    """Microseconds since 1970 in UTC."""
    by: str
    commit: Commit
    sheet: str | None
    row: int | None


Items: TypeAlias = tuple[int, str, int, str, int, str, Commit, str | None, int | None]
"""An envelope, or a plain tuple of the same."""


@lru_cache(maxsize=4_096)
def _version_and_kind(version: int, kind: str) -> bytes:
    return number_item(version) + item(kind.encode())


@lru_cache(maxsize=1_024)
def shared_items(recorded_at: int, by: str, commit: Commit, sheet: str | None) -> bytes:
    """Return the items that the entries of a commit mostly share."""
    commit_no, committed_by, file_name, file_hash = commit
    return b"".join(
        (
            _MOMENT.pack(8, recorded_at),
            item(by.encode()),
            number_item(commit_no),
            item(committed_by.encode()),
            item(file_name.encode()) if file_name else _NOTHING,
            item(file_hash) if file_hash else _NOTHING,
            item(sheet.encode()) if sheet else _NOTHING,
        )
    )


def content_beside(
    book_id: bytes, place: tuple[int, str, int, str, int | None], shared: bytes, state: bytes
) -> bytes:
    """Return what is hashed as the leaf of one of many entries.

    ``place``: number, stream, version, kind and row; ``shared``: what ``shared_items`` returns.
    """
    no, stream_id, version, kind, row = place
    stream = stream_id.encode()
    return b"".join(
        (
            b"\0\0\0\0\x10",  # the leaf mark, then the length of a book's id
            book_id,
            _NUMBER_AND_LENGTH.pack(8, no, len(stream)),
            stream,
            _version_and_kind(version, kind),
            shared,
            _NOTHING if row is None else _NUMBER.pack(8, row),
            state,
        )
    )


def leaf_content(book_id: bytes, envelope: Items, state: bytes) -> bytes:
    """Return what is hashed as an entry's leaf: the byte 00, its envelope, the stored ``state``."""
    no, stream_id, version, kind, recorded_at, by, commit, sheet, row = envelope
    shared = shared_items(recorded_at, by, commit, sheet)
    return content_beside(book_id, (no, stream_id, version, kind, row), shared, state)


def leaf_of(book_id: bytes, envelope: Items, state: bytes) -> bytes:
    """Return the 32 bytes of an entry's leaf hash over its envelope and stored ``state``."""
    return sha256(leaf_content(book_id, envelope, state)).digest()
