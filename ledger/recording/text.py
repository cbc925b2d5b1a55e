"""Text as it may stand in a book: in NFC, and nothing in it that cannot be seen."""

import re
from typing import Any
from unicodedata import is_normalized, normalize

import msgspec

from ledger.catalogue import Entry
from ledger.errors import Problem

MAX_ENTRY_BYTES = 64_000
"""The longest entry taken; its seal and its envelope may add up to the 65,535 bytes of a leaf."""

_ENCODER = msgspec.json.Encoder()
# Control characters but for tab and line feed, line separators that editors take for line
# ends, marks that turn the direction of writing, and halves of surrogate pairs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def bad_value(kind: str, field: str, value: Any, reason: str, **values: Any) -> Problem:
    """Return the problem of a value that its field cannot hold, and the reason as its detail."""
    return Problem(
        "bad_value", kind=kind, field=field, value=value, detail=Problem(reason, **values)
    )


def readable(kind: str, entry: Entry) -> Entry:
    """Return ``entry`` with all its text in NFC.

    Raises Problem: bad_value for characters that cannot be seen, too_large.
    """
    try:
        text = _ENCODER.encode(entry)
    except UnicodeEncodeError:
        text = b"\\"  # half a surrogate pair; it is found and named below
    if len(text) > MAX_ENTRY_BYTES:
        raise Problem("too_large", kind=kind, value=len(text), limit=MAX_ENTRY_BYTES)
    # Nearly all entries end here: what is neither escaped nor in need of it is plain.
    if b"\\" not in text and (text.isascii() or is_plain(text.decode())):
        return entry
    return msgspec.convert(_normalized(kind, "", msgspec.to_builtins(entry)), type(entry))


def visible(kind: str, field: str, text: str) -> str:
    """Return one text in NFC; raise bad_value when it is empty or holds what cannot be seen."""
    if not text.strip():
        raise bad_value(kind, field, text, "wants_some_text")
    normalized: str = _normalized(kind, field, text)
    return normalized


def storable(text: str | None) -> str | None:
    """Return the name of a file as text that can be kept, whatever bytes it is made of."""
    return text and text.encode("utf-8", "backslashreplace").decode()


def is_plain(text: str) -> bool:
    """Return whether a text is in NFC, and nothing in it cannot be seen."""
    # What can be printed can be seen; only now and then the pattern has to be asked.
    is_seen = text.replace("\n", "").isprintable() or not _UNSEEN.search(text)
    return is_seen and is_normalized("NFC", text)


def _normalized(kind: str, field: str, value: Any) -> Any:
    if isinstance(value, str):
        if _UNSEEN.search(value):
            raise bad_value(kind, field, value, "wants_visible_text")
        return normalize("NFC", value)
    if isinstance(value, dict):
        return {
            _normalized(kind, field, name): _normalized(
                kind, f"{field}.{name}" if field else name, part
            )
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_normalized(kind, field, part) for part in value]
    return value
