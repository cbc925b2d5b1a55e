"""Checks checkpoints and proofs without the book: what an outsider does, and a keeper."""

import struct
from collections.abc import Iterable
from typing import NamedTuple

from ledger.authority.operators import origin_of
from ledger.proof.checkpoints import Checkpoint, Opened, cosign, open_checkpoint, parse_text
from ledger.proof.errors import Unproven
from ledger.proof.keys import Key, SigningKey
from ledger.proof.notes import parse_note
from ledger.proof.proofs import (
    HEADER,
    parse_consistency,
    parse_inclusion,
    verify_consistency,
    verify_inclusion,
)
from ledger.proof.tree import leaf_hash

_ITEMS = 13
_LENGTH = struct.Struct(">I")


class Seen(NamedTuple):
    """An entry as its leaf says it; what is sealed stays so."""

    book_id: bytes
    no: int
    stream: str
    version: int
    kind: str
    recorded_at: int
    """Microseconds since 1970."""
    by: str
    commit_no: int
    committed_by: str
    state: bytes


class Confirmed(NamedTuple):
    """What was proven: the checkpoint, who of the known keys signed it, and what of it."""

    opened: Opened
    entry: Seen | None
    """The entry that is in it, of an inclusion proof."""
    old: Checkpoint | None
    """The checkpoint that it continues, of a consistency proof."""


def confirm(data: bytes, keys: Iterable[Key], old: Checkpoint | None) -> Confirmed:
    """Return what a proof proves, or a checkpoint by itself; raise Unproven if it does not.

    ``old`` is the checkpoint that a consistency proof is from; one of ``keys`` must have signed
    the one it leads to.
    """
    known = list(keys)
    if data.startswith(HEADER.encode()):
        proof = parse_inclusion(data)
        origin = parse_text(parse_note(proof.checkpoint).text).origin
        opened = verify_inclusion(proof, leaf_hash(proof.extra), origin, known)
        entry = seen(proof.extra)
        if entry.no != proof.leaf_index + 1 or origin != origin_of(entry.book_id):
            raise Unproven("proof_root")
        return Confirmed(opened, entry, None)
    if data.startswith(b"old "):
        if old is None:
            raise Unproven("proof_needs_old")
        return Confirmed(verify_consistency(parse_consistency(data), old, known), None, old)
    origin = parse_text(parse_note(data).text).origin
    return Confirmed(open_checkpoint(data, origin, known), None, None)


def seen(content: bytes) -> Seen:
    """Return what the leaf of an entry says (docs/format.md, "Leaf"); raise Unproven."""
    items, at = list[bytes](), 0
    try:
        for _ in range(_ITEMS):
            (length,) = _LENGTH.unpack_from(content, at)
            at += _LENGTH.size + length
            items.append(content[at - length : at])
        if at > len(content):
            raise Unproven("proof_root")
        numbers = [int.from_bytes(items[place]) for place in (1, 3, 7)]
        texts = [items[place].decode() for place in (2, 4, 6, 8)]
    except (struct.error, UnicodeDecodeError):
        raise Unproven("proof_root") from None
    moment = int.from_bytes(items[5], signed=True)
    no, version, commit_no = numbers
    stream, kind, by, committed_by = texts
    return Seen(
        items[0], no, stream, version, kind, moment, by, commit_no, committed_by, content[at:]
    )


def cosigned(
    data: bytes, keeper: SigningKey, time: int, log: Key, old: bytes | None
) -> tuple[bytes, Checkpoint]:
    """Return a checkpoint with the cosignature of a keeper, and what it says.

    ``data``: a proof that the checkpoint continues ``old``, the last that this keeper cosigned;
    or the checkpoint alone, the first of its book (``old`` None) or of the same size. ``time``
    is in seconds since 1970. Raises Unproven where the log did not sign it, the keeper did not
    cosign the old one, or the one does not continue the other.
    """
    note = parse_consistency(data).checkpoint if data.startswith(b"old ") else data
    if old is None:
        checkpoint = open_checkpoint(note, log.name, [log]).checkpoint
    else:
        before = open_checkpoint(old, log.name, [keeper.key]).checkpoint
        if note is data:
            checkpoint = open_checkpoint(note, log.name, [log]).checkpoint
            if (checkpoint.size, checkpoint.root) != (before.size, before.root):
                raise Unproven("proof_needs_old")
        else:
            checkpoint = verify_consistency(parse_consistency(data), before, [log]).checkpoint
    return cosign(note, keeper, time), checkpoint
