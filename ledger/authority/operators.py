"""The operators of a book, as its log enrols and revokes them."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

from ledger.catalogue import Entry, kind_of
from ledger.catalogue.record import OperatorEnrolled, OperatorKeyRotated
from ledger.proof.errors import Unproven
from ledger.proof.keys import Key, public_key
from ledger.proof.text import base64_of, bytes_of

PREFIX = "operator/"


def origin_of(book_id: bytes) -> str:
    """Return the name under which the tree of a book is signed (C2SP tlog-checkpoint)."""
    return f"rollbook/{book_id.hex()}"


def key_name(origin: str, operator: str) -> str:
    """Return the name of an operator's key, in the form that signed notes allow."""
    return f"{origin}/{quote(operator, safe='')}"


def key_of(origin: str, operator: str, text: str | None) -> Key | None:
    """Return the public key that an entry gives an operator; None if it is none to sign with.

    Keys of small order, with which anybody could sign, are none (docs/trust/operators.md), nor
    is what another base64 than the one form of those 32 bytes holds.
    """
    if text is None or (public := bytes_of(text)) is None:
        return None
    try:
        return public_key(key_name(origin, operator), public)
    except (Unproven, ValueError):  # half a surrogate pair in the code of the operator
        return None


def key_text(public: bytes) -> str:
    """Return a public key as entries hold it: base64."""
    return base64_of(public)


class Operator(NamedTuple):
    """An operator as the log has them at some number."""

    code: str
    role: str
    scope: str | None
    key: Key | None
    revoked: bool
    no: int
    """The entry that last enrolled or revoked them, or gave them their key."""


class Operators:
    """All operators, by the entries so far that still count."""

    def __init__(self, origin: str, counts: Callable[[int], bool]) -> None:
        self._origin = origin
        self._counts = counts
        self._entries: dict[str, list[Any]] = {}

    def add(self, entry: Any) -> None:
        """Take in an entry about an operator."""
        self._entries.setdefault(entry.operator, []).append(entry)

    def but(self, displaced: int | None) -> "Operators":
        """Return the same as if one entry more did not count; what is added to it stays there."""
        found = Operators(self._origin, lambda no: no != displaced and self._counts(no))
        found._entries = {code: list(entries) for code, entries in self._entries.items()}
        return found

    def get(self, code: str) -> Operator | None:
        """Return an operator; None if nobody of that code was enrolled."""
        found: Operator | None = None
        for entry in self._entries.get(code, ()):
            if self._counts(entry.no):
                found = self._after(found, entry)
        return found

    def all(self) -> list[Operator]:
        """Return all that were ever enrolled, by their codes."""
        return [found for code in sorted(self._entries) if (found := self.get(code))]

    def _after(self, before: Operator | None, entry: Any) -> Operator | None:
        no: int = entry.no
        if isinstance(entry, OperatorEnrolled):
            key = key_of(self._origin, entry.operator, entry.public_key)
            return Operator(entry.operator, entry.role, entry.scope, key, revoked=False, no=no)
        if before is None:
            return None
        if isinstance(entry, OperatorKeyRotated):
            key = key_of(self._origin, entry.operator, entry.public_key)
            return before._replace(key=key, no=no)
        return before._replace(revoked=True, no=no)


def is_about_operators(entry: Entry) -> bool:
    """Return whether an entry enrols, revokes, or changes the key of an operator."""
    return kind_of(entry).startswith("operator_")
