"""Checkpoints, as C2SP tlog-checkpoint defines them: what a log signs of its tree.

A checkpoint is a signed note of at least three lines: the origin, which names the log for
ever, the size of its tree, and the root. Cosigners sign the same text with the time.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.proof.errors import Unproven
from ledger.proof.keys import Key, SigningKey
from ledger.proof.notes import Note, Signer, check_note, format_note, parse_note, sign_note
from ledger.proof.text import base64_of, bytes_of, number_of
from ledger.proof.tree import EMPTY_ROOT, HASH_BYTES

_LINES = 3
"""Origin, size, root: the lines that every checkpoint has."""


class Checkpoint(NamedTuple):
    """The tree of a log at a size (tlog-checkpoint, "Note text")."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Further lines, which no monitor can check: we write none."""

    @property
    def text(self) -> str:
        """The text that is signed, with its last newline (tlog-checkpoint, "Note text")."""
        lines = (self.origin, str(self.size), base64_of(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


class Opened(NamedTuple):
    """A checkpoint, the note it came in, and those of the known keys that signed it."""

    checkpoint: Checkpoint
    note: Note
    signers: list[Signer]


def parse_text(text: str) -> Checkpoint:
    """Return the checkpoint of a note's text (tlog-checkpoint, "Note text").

    Raises Unproven with the number of the line that is not in its one form.
    """
    lines = text.split("\n")
    if lines.pop() or len(lines) < _LINES or not all(lines):
        raise Unproven("checkpoint_lines")
    origin, size_text, root_text, *extensions = lines
    size, root = number_of(size_text), bytes_of(root_text)
    if size is None:
        raise Unproven("checkpoint_size", value=size_text[:80])
    if root is None or len(root) != HASH_BYTES or (size == 0 and root != EMPTY_ROOT):
        raise Unproven("checkpoint_root", value=root_text[:80])
    return Checkpoint(origin, size, root, tuple(extensions))


def open_checkpoint(data: bytes, origin: str, keys: Iterable[Key]) -> Opened:
    """Return a checkpoint of this log that at least one of the keys signed.

    Raises Unproven where it is malformed, of another origin, or as ``check_note`` does
    (tlog-checkpoint, "Signatures"; tlog-cosignature, "Format").
    """
    note = parse_note(data)
    checkpoint = parse_text(note.text)
    if checkpoint.origin != origin:
        raise Unproven("checkpoint_origin", value=checkpoint.origin, expected=origin)
    return Opened(checkpoint, note, check_note(note, keys))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """Return the checkpoint as a note signed by its log (tlog-checkpoint, "Signatures").

    The signer must have made the root from what is stored, and never have signed another past.
    """
    if parse_text(checkpoint.text) != checkpoint:
        raise Unproven("checkpoint_lines")
    return format_note(sign_note(Note(checkpoint.text, ()), key))


def cosign(data: bytes, key: SigningKey, time: int) -> bytes:
    """Return a checkpoint with the signature of a cosigner added (tlog-cosignature).

    ``time`` is in seconds since 1970. Whoever cosigns says that this tree continues every
    other of the log that they saw: check that first, with a consistency proof.
    """
    note = parse_note(data)
    parse_text(note.text)
    return format_note(sign_note(note, key, time))
