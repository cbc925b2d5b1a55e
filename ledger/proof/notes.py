"""Signed notes, as C2SP signed-note defines them: a text, an empty line, lines of signatures.

Only the one form is read, so that a note is equal to what ``format_note`` makes of it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.proof.errors import Unproven
from ledger.proof.keys import Key, SigningKey, is_name
from ledger.proof.text import base64_of, bytes_of

MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100
"""The limits of golang.org/x/mod/sumdb/note; the text asks for at least 16 signatures."""
_DASH = "\u2014 "
_ID_BYTES = 4


class Signature(NamedTuple):
    """One signature line: the name and id of a key, and what it made of the text."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line, with its newline (signed-note, "Signatures")."""
        return f"{_DASH}{self.name} {base64_of(self.key_id + self.value)}\n"


class Note(NamedTuple):
    """A text that ends in a newline, and the signatures under it, checked by nobody yet."""

    text: str
    signatures: tuple[Signature, ...]


class Signer(NamedTuple):
    """Who signed: a known key, and the seconds since 1970 that a cosigner gave."""

    key: Key
    time: int | None


def parse_note(data: bytes) -> Note:
    """Return the parts of a note (signed-note, "Format").

    Raises Unproven where it is too long or not in its one form. The text must not be used
    before ``check_note`` has found a signature of a known key.
    """
    if len(data) > MOST_BYTES:
        raise Unproven("note_long", value=len(data), limit=MOST_BYTES)
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unproven("note_text") from None
    text, empty, below = whole.rpartition("\n\n")
    if not empty or not _is_text(whole):
        raise Unproven("note_text")
    return Note(text + "\n", parse_signatures(below))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Return the signatures of one or more lines (signed-note, "Signatures").

    That is also what a witness answers with (tlog-witness, "add-checkpoint").
    """
    if not lines.endswith("\n"):
        raise Unproven("note_text")
    each = lines[:-1].split("\n")
    if len(each) > MOST_SIGNATURES:
        raise Unproven("note_signatures", limit=MOST_SIGNATURES)
    return tuple(map(_signature, each))


def format_note(note: Note) -> bytes:
    """Return the bytes of a note (signed-note, "Format"); raises as ``parse_note`` does."""
    lines = "".join(signature.line for signature in note.signatures)
    data = f"{note.text}\n{lines}".encode("utf-8", "surrogatepass")  # which is no UTF-8 to read
    if parse_note(data) != note:
        raise Unproven("note_text")
    return data


def sign_note(note: Note, key: SigningKey, time: int | None = None) -> Note:
    """Return the note with one more signature; a cosigner gives the time (tlog-cosignature)."""
    made = Signature(key.key.name, key.key.id, key.sign(note.text, time))
    return Note(note.text, (*note.signatures, made))


def check_note(note: Note, keys: Iterable[Key]) -> list[Signer]:
    """Return who of the known keys signed, each once (signed-note, "Signatures").

    Signatures of other keys are passed over. Raises Unproven if one of a known key does not hold,
    if no known key signed, or if two that were given cannot be told apart.
    """
    known: dict[tuple[str, bytes], list[Key]] = {}
    for key in keys:
        known.setdefault((key.name, key.id), []).append(key)
    signers: dict[Key, Signer] = {}
    for signature in note.signatures:
        meant = known.get((signature.name, signature.key_id), [])
        if len(meant) > 1:
            raise Unproven("key_twice", name=signature.name)
        for key in meant:
            signer = Signer(key, key.verify(note.text, signature.value))
            signers.setdefault(key, signer)
    if not signers:
        raise Unproven("signature_unknown")
    return list(signers.values())


def _is_text(text: str) -> bool:
    """Whether nothing but a newline is a control sign of ASCII (signed-note, "Format")."""
    return min(text.replace("\n", " "), default=" ") >= " "


def _signature(line: str) -> Signature:
    """Return the signature of one line without its newline."""
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    data = bytes_of(encoded)
    if not line.startswith(_DASH) or not is_name(name) or not data or len(data) <= _ID_BYTES:
        raise Unproven("note_signature", value=line[:200])
    return Signature(name, data[:_ID_BYTES], data[_ID_BYTES:])
