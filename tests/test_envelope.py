"""The leaf of an entry is made of every part of its envelope, and none is taken for another."""

import struct
from hashlib import sha256
from typing import Any

import pytest

from ledger.store.envelope import (
    MAX_LEAF_BYTES,
    Commit,
    Envelope,
    content_beside,
    leaf_content,
    leaf_of,
    shared_items,
)

BOOK, STATE = bytes(range(16)), b"\x81\xa1a\x01"
COMMIT = Commit(7, "lan", "thang9.xlsx", sha256(b"file").digest())
WHOLE = Envelope(12, "person/P1", 3, "died", 1_700_000_000_000_000, "minh", COMMIT, "Trang 1", 5)
TYPED = WHOLE._replace(commit=Commit(7, "lan"), sheet=None, row=None)


def items(*contents: bytes) -> bytes:
    """Return each content after its length, as docs/format.md has it."""
    return b"".join(struct.pack(">I", len(content)) + content for content in contents)


def number(value: int) -> bytes:
    return struct.pack(">q", value)


@pytest.mark.parametrize(
    ("envelope", "of_its_file"),
    [
        (WHOLE, (b"thang9.xlsx", sha256(b"file").digest(), b"Trang 1", number(5))),
        (TYPED, (b"", b"", b"", b"")),
    ],
)
def test_an_entry_is_all_thirteen_items_and_its_state(envelope: Any, of_its_file: Any) -> None:
    place = (BOOK, number(12), b"person/P1", number(3), b"died", number(1_700_000_000_000_000))
    content = items(*place, b"minh", number(7), b"lan", *of_its_file)
    assert leaf_content(BOOK, envelope, STATE) == b"\0" + content + STATE


def test_row_0_is_not_no_row() -> None:
    zero = leaf_content(BOOK, TYPED._replace(row=0), STATE)
    assert zero.endswith(items(number(0)) + STATE)


@pytest.mark.parametrize("envelope", [WHOLE, TYPED])
def test_an_entry_among_many_has_the_same_leaf(envelope: Any) -> None:
    shared = shared_items(envelope.recorded_at, envelope.by, envelope.commit, envelope.sheet)
    place = (envelope.no, envelope.stream_id, envelope.version, envelope.kind, envelope.row)
    content = content_beside(BOOK, place, shared, STATE)
    assert content == leaf_content(BOOK, envelope, STATE)
    assert leaf_of(BOOK, envelope, STATE) == sha256(content).digest()


def test_an_entry_fits_a_bundle() -> None:
    # C2SP tlog-tiles: before each entry of a bundle stands its length in two bytes
    assert MAX_LEAF_BYTES == 2**16 - 1
