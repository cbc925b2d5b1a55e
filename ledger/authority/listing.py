"""Who the operators of a book are now."""

from typing import NamedTuple

from ledger.authority.beginning import must_sign, operator_streams
from ledger.authority.operators import Operator, Operators, is_about_operators, origin_of
from ledger.book import Book
from ledger.catalogue import Entry


def origin(book: Book) -> str:
    """Return the name under which the tree of a book is signed (C2SP tlog-checkpoint)."""
    return origin_of(bytes.fromhex(book.id))


def is_signed(book: Book) -> bool:
    """Return whether whatever is recorded from now on must be signed by its operator.

    Raises BookDamaged, also where the last commit lost its signature.
    """
    return _about_operators(book)[0]


class Roll(NamedTuple):
    """The operators of a book, as of its head."""

    origin: str
    """The name under which the tree of the book is signed."""
    is_signed: bool
    """Whether everything recorded from now on must be signed."""
    operators: list[Operator]


def operators_of(book: Book) -> Roll:
    """Return the operators of a book; raise BookDamaged."""
    signed, entries = _about_operators(book)
    dead = book.displaced([entry.no or 0 for entry in entries])
    found = Operators(origin(book), lambda no: no not in dead)
    for entry in entries:
        if is_about_operators(entry):
            found.add(entry)
    return Roll(origin(book), signed, found.all())


def _about_operators(book: Book) -> tuple[bool, list[Entry]]:
    """Return whether the book is signed, and what it says of its operators."""
    with book.recorder.datastore.reading() as cursor:
        streams = operator_streams(cursor)
    entries = book.streams(streams)
    with book.recorder.datastore.reading() as cursor:  # after them: whoever signs next is seen here
        last = book.recorder.last(cursor)
        return must_sign(cursor, bytes.fromhex(book.id), last, entries), entries
