"""Opening the book that a call means, and closing it again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from zoneinfo import ZoneInfo

from commands.session import Session
from ledger.book import Book
from ledger.errors import RollbookError
from ledger.keeping.seen import remember


@contextmanager
def opened(session: Session) -> Iterator[Book]:
    """Give the session's book, open; raise BookMissing, BookLocked or BookDamaged."""
    book = Book.open(session.book_path)
    try:
        yield book
        with suppress(RollbookError):
            remember(book.path, book.id, book.head)
    finally:
        book.close()


def zone_of(book: Book) -> ZoneInfo:
    """Return the time zone of a book: its days begin and end there."""
    return ZoneInfo(book.timezone)


def today(session: Session, book: Book) -> date:
    """Return the day it is, now, where the book is kept."""
    return session.now.astimezone(zone_of(book)).date()
