"""Erases a person: their key is destroyed, and with it all that is personal, in every copy.

Every entry stays, and every count, proof and checkpoint with it. What is sealed stays in
the book, and nobody can open it any more.
"""

import json
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from ledger.book import Book, Line, Receipt
from ledger.catalogue.record import SubjectErased
from ledger.lifecycle.arrivals import PERSON
from ledger.store.epochs import destroy, finish, is_unfinished

if TYPE_CHECKING:
    from ledger.proof.keys import SigningKey


def erase(
    book: Book,
    person: str,
    reason: str,
    *,
    on: date,
    now: datetime,
    by: str,
    dry_run: bool = False,
    expect: int | None = None,
    key: "SigningKey | None" = None,
) -> Receipt:
    """Record that ``person`` is erased, and destroy the key to their personal details.

    Both or neither, durable at return. Raises Refused: unknown_person, already_erased,
    keys_missing; else as ``Book.record`` does.
    """
    entry = SubjectErased(effective_on=on, person=person, reason=reason)
    book_id = bytes.fromhex(book.id)

    def without_key(cursor: sqlite3.Cursor) -> None:
        destroy(cursor, book.path, book_id, {PERSON + person}, keep=not dry_run)

    line = Line(entry, place=None, sheet=None, row=None)
    datastore = book.recorder.datastore
    finish(datastore, book_id)
    try:
        return book.record(
            [line],
            now=now,
            by=by,
            dry_run=dry_run,
            expect=expect,
            key=key,
            within=without_key,
        )
    finally:
        if is_unfinished(book.path):
            finish(datastore, book_id)


def erasures(book: Book, persons: Iterable[str]) -> dict[str, int]:
    """Return those of ``persons`` who were erased, each with the number of the entry."""
    with book.recorder.datastore.reading() as cursor:
        cursor.execute(
            "SELECT originator_id, no FROM stored_events WHERE topic = 'subject_erased' "
            "AND originator_id IN (SELECT value FROM json_each(?))",
            (json.dumps([PERSON + person for person in persons]),),
        )
        return {stream_id.removeprefix(PERSON): no for stream_id, no in cursor}
