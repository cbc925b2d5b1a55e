"""Holds one recording to what its operator is entitled to, and has it signed.

While nobody signs the book, it asks for nothing (docs/trust/operators.md).
"""

import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.authority.beginning import must_sign, operator_streams
from ledger.authority.commits import Authority, signed_text
from ledger.authority.facts import Facts, displaced_by
from ledger.authority.operators import is_about_operators
from ledger.catalogue import Entry
from ledger.errors import Problem, Refused
from ledger.lifecycle.arrivals import stream_of
from ledger.lifecycle.timelines import Timelines
from ledger.store.loader import BookLoader
from ledger.store.rows import Last

if TYPE_CHECKING:
    from ledger.proof.keys import SigningKey

_ENOUGH_TO_SEE = 2
"""Only a commit of a single entry can be the one with which signing begins."""


class Signing(NamedTuple):
    """With which key a recording is signed, and whether it is at all: a trial need not be."""

    key: "SigningKey | None"
    is_needed: bool


class Entitling:
    """The operator of one recording, and what they may do as the book stands."""

    def __init__(
        self, book_id: bytes, loader: BookLoader, cursor: sqlite3.Cursor, last: Last, by: str
    ) -> None:
        """Begin; ``last`` is the end of the book.

        Raises Refused when a signed book knows no such operator, or no more, and BookDamaged
        where its last signature is gone.
        """
        about = _about_operators(loader, cursor)
        self.is_signed = must_sign(cursor, book_id, last, about)
        """Whether each entry must be checked: somebody signs the book."""
        self._authority = Authority(
            book_id,
            Facts(
                lambda stream_id: loader.streams([stream_id]).get(stream_id, ()), loader.displaced
            ),
            begun=self.is_signed,
        )
        self._taken = 0
        self.takes_in = True
        """Whether ``add`` must be told of the next entry."""
        if self.is_signed:
            self._take_in(about, loader)
        try:
            self._authority.open(by)
        except Problem as problem:
            raise Refused(problem) from None

    def check(self, entry: Any, stream_id: str | None, timelines: Timelines) -> None:
        """Raise a Problem if the operator may not record an entry."""
        displaced = displaced_by(entry)
        wrong = None if displaced is None else stream_of(timelines.entry(displaced))
        stream_id = stream_id or wrong or stream_of(entry)
        self._authority.check(entry, stream_id, wrong, entry.by)

    def add(self, entry: Entry, stream_id: str, *, typed: bool) -> None:
        """Take in an entry that is to be recorded, while ``takes_in``."""
        self._authority.add(entry, stream_id, typed=typed)
        self._taken += 1
        self.takes_in = self.is_signed or self._taken < _ENOUGH_TO_SEE

    def signature(self, last_no: int, root: bytes, signing: Signing) -> bytes | None:
        """Return the signature under what was taken in, None if none is needed.

        Raises Refused (key_needed, key_differs).
        """
        key = self._authority.close()
        if key is None or not signing.is_needed:
            return None
        if signing.key is None:
            raise Refused(Problem("key_needed", value=key.name))
        if signing.key.key.public != key.public:
            raise Refused(Problem("key_differs", value=key.name))
        return signing.key.sign(signed_text(self._authority.origin, last_no, root))

    def _take_in(self, entries: list[Entry], loader: BookLoader) -> None:
        """Take in what the log says of operators so far."""
        dead = loader.displaced([entry.no or 0 for entry in entries])
        for entry in entries:
            if entry.no not in dead and is_about_operators(entry):
                self._authority.operators.add(entry)


def _about_operators(loader: BookLoader, cursor: sqlite3.Cursor) -> list[Entry]:
    """Return the entries about operators that the log holds, in order."""
    streams = loader.streams(operator_streams(cursor)).values()
    entries = [entry for stream in streams for entry in stream]
    return sorted(entries, key=lambda entry: entry.no or 0)
