"""Who the operators of a book are now."""

from typing import NamedTuple

from ledger.authority.operators import Operator, Operators, is_about_operators, origin_of
from ledger.book import Book
from ledger.store.ids import stream_ids

_MOST_OPERATORS = 100_000


def origin(book: Book) -> str:
    """Return the name under which the tree of a book is signed (C2SP tlog-checkpoint)."""
    return origin_of(bytes.fromhex(book.id))


def is_signed(book: Book) -> bool:
    """Return whether whatever is recorded from now on must be signed by its operator."""
    with book.recorder.datastore.reading() as cursor:
        return book.recorder.last(cursor).is_signed


class Roll(NamedTuple):
    """The operators of a book, as of its head."""

    origin: str
    """The name under which the tree of the book is signed."""
    is_signed: bool
    """Whether everything recorded from now on must be signed."""
    operators: list[Operator]


def operators_of(book: Book) -> Roll:
    """Return the operators of a book; raise BookDamaged."""
    with book.recorder.datastore.reading() as cursor:
        streams = stream_ids(cursor, "operator", _MOST_OPERATORS)
        signed = book.recorder.last(cursor).is_signed
    entries = book.streams(streams)
    dead = book.displaced([entry.no or 0 for entry in entries])
    found = Operators(origin(book), lambda no: no not in dead)
    for entry in entries:
        if is_about_operators(entry):
            found.add(entry)
    return Roll(origin(book), signed, found.all())
