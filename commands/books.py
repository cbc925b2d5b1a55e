"""Opening the book that a call means, and closing it again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from zoneinfo import ZoneInfo

import click

from commands.language import say
from commands.session import Session
from ledger.book import Book
from ledger.errors import RollbookError
from ledger.keeping.seen import continues, remember


@contextmanager
def opened(session: Session) -> Iterator[Book]:
    """Give the session's book, open; raise BookMissing, BookLocked or BookDamaged."""
    book = Book.open(session.book_path)
    try:
        is_known = continues(book)
        if not is_known:
            told = say(
                "Warning: this machine has seen this book otherwise, or further: it was put back,"
                " or exchanged. `rollbook doctor` says more."
            )
            click.echo(told, err=True)
        yield book
        with suppress(RollbookError):
            if is_known:
                remember(book.path, book.id, book.head)
    finally:
        book.close()


def zone_of(book: Book) -> ZoneInfo:
    """Return the time zone of a book: its days begin and end there."""
    return ZoneInfo(book.timezone)


def today(session: Session, book: Book) -> date:
    """Return the day it is, now, where the book is kept."""
    return session.now.astimezone(zone_of(book)).date()
