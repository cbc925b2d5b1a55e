"""Proofs as files that stand alone: C2SP tlog-proof, and the request of tlog-witness.

An inclusion proof (``.tlog-proof``) holds an index, the path, and the checkpoint it leads to.
For consistency C2SP has no file of its own; what a witness is sent says the same (tlog-witness,
"add-checkpoint": the old size, the path, the new checkpoint), so any witness can read it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.proof.checkpoints import Checkpoint, Opened, open_checkpoint
from ledger.proof.errors import Unproven
from ledger.proof.keys import Key
from ledger.proof.notes import MOST_BYTES
from ledger.proof.text import base64_of, bytes_of, number_of
from ledger.proof.tree import HASH_BYTES, check_consistency, check_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
"""The longest path (tlog-witness, "add-checkpoint"); no tree below 2**63 leaves has a longer."""


class Inclusion(NamedTuple):
    """That an entry is in the tree of a checkpoint (tlog-proof, "Format")."""

    leaf_index: int
    """Zero-based, as everywhere in these formats: the first entry of a log is 0."""
    path: tuple[bytes, ...]
    checkpoint: bytes
    """The note as it was issued, unchecked."""
    extra: bytes = b""
    """Signed by nobody: never to be trusted."""


class Consistency(NamedTuple):
    """That the tree of a checkpoint continues that of ``old`` leaves (tlog-witness)."""

    old: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    """The note as it was issued, unchecked."""


def format_inclusion(proof: Inclusion) -> bytes:
    """Return the file of an inclusion proof (tlog-proof, "Format"); raises Unproven."""
    extra = [f"extra {base64_of(proof.extra)}"] if proof.extra else []
    head = [HEADER, *extra, f"index {proof.leaf_index}"]
    data = _format(head, proof.path, proof.checkpoint)
    parse_inclusion(data)
    return data


def parse_inclusion(data: bytes) -> Inclusion:
    """Return the parts of an inclusion proof; raises Unproven unless it is in its one form."""
    lines, checkpoint = _parse(data)
    if lines.pop(0) != HEADER:
        raise Unproven("proof_line", value=1)
    extra, before = b"", 2
    if lines and lines[0].startswith("extra "):
        extra, before = bytes_of(lines.pop(0).removeprefix("extra ")) or b"", 3
        if not extra:
            raise Unproven("proof_line", value=2)
    return Inclusion(*_numbered("index ", lines, before), checkpoint, extra)


def format_consistency(proof: Consistency) -> bytes:
    """Return the file of a consistency proof (tlog-witness, "add-checkpoint")."""
    data = _format([f"old {proof.old}"], proof.path, proof.checkpoint)
    parse_consistency(data)
    return data


def parse_consistency(data: bytes) -> Consistency:
    """Return the parts of a consistency proof; raises Unproven unless it is in its one form."""
    lines, checkpoint = _parse(data)
    return Consistency(*_numbered("old ", lines, 1), checkpoint)


def verify_inclusion(proof: Inclusion, leaf: bytes, origin: str, keys: Iterable[Key]) -> Opened:
    """Return the checkpoint whose tree holds the leaf hash (tlog-proof; RFC 9162 2.1.3.2).

    Raises Unproven where the checkpoint is none of this log and these keys, or the path fails.
    """
    opened = open_checkpoint(proof.checkpoint, origin, keys)
    size, root = opened.checkpoint.size, opened.checkpoint.root
    check_inclusion(leaf, proof.leaf_index, size, proof.path, root)
    return opened


def verify_consistency(proof: Consistency, old: Checkpoint, keys: Iterable[Key]) -> Opened:
    """Return the checkpoint that continues ``old`` (tlog-witness; RFC 9162 2.1.4.2).

    Raises Unproven where it is none of the same log and these keys, the proof is from another
    size, or the path fails; so also for an ``old`` of no leaves, which proves nothing.
    """
    opened = open_checkpoint(proof.checkpoint, old.origin, keys)
    if proof.old != old.size:
        raise Unproven("proof_old_size", value=proof.old, expected=old.size)
    new = opened.checkpoint
    check_consistency(old.size, new.size, proof.path, old.root, new.root)
    return opened


def _format(head: list[str], path: Iterable[bytes], checkpoint: bytes) -> bytes:
    lines = [*head, *map(base64_of, path), ""]
    return "".join(f"{line}\n" for line in lines).encode() + checkpoint


def _parse(data: bytes) -> tuple[list[str], bytes]:
    """Return the lines above the first empty one, and the checkpoint below it."""
    if len(data) > MOST_BYTES:
        raise Unproven("note_long", value=len(data), limit=MOST_BYTES)
    above, empty, checkpoint = data.partition(b"\n\n")
    if not empty or not above.isascii():
        raise Unproven("proof_line", value=1)
    return above.decode("ascii").split("\n"), checkpoint


def _numbered(word: str, lines: list[str], before: int) -> tuple[int, tuple[bytes, ...]]:
    """Return the number of a line such as "index 5", and the hashes of the lines after it."""
    first = lines[0] if lines else ""
    number = number_of(first.removeprefix(word))
    if number is None or not first.startswith(word):
        raise Unproven("proof_line", value=before)
    path = [bytes_of(line) for line in lines[1 : MOST_HASHES + 2]]
    hashes = tuple(each for each in path if each is not None and len(each) == HASH_BYTES)
    if len(hashes) != len(lines) - 1 or len(hashes) > MOST_HASHES:
        wrong = next((at for at, each in enumerate(path) if each not in hashes), MOST_HASHES)
        raise Unproven("proof_line", value=before + 1 + wrong)
    return number, hashes
