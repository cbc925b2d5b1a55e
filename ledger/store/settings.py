"""What a book says of itself, and how its file comes to be."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ledger.errors import BookDamaged, Problem, Refused
from ledger.store.durable import put_in_place, temporary_beside
from ledger.store.recorder import BookRecorder
from ledger.store.schema import FORMAT
from ledger.store.sealing import create_keys
from ledger.store.storage import BookDatastore, wal_is_safe

BOOK_ID_BYTES = 16
TIMEZONE = "Asia/Ho_Chi_Minh"
"""The zone of a book that is not given another."""


class Settings(NamedTuple):
    """What a book says of itself: the rows of its table ``book``."""

    book_id: bytes
    timezone: str
    name: str | None


def check_zone(timezone: str) -> ZoneInfo:
    """Return the time zone of that name; raise Refused (bad_time_zone)."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise Refused(Problem("bad_time_zone", value=timezone)) from None


def create_file(path: Path, keys: Path, settings: Settings) -> None:
    """Build the file under another name, then give it its own, its keys first.

    Durable at return. Raises FileExistsError, other OSError, and Refused (book_full).
    """
    temporary = temporary_beside(path)
    # A membership is sensitive by itself: like the keys, the book is for its owner only.
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        datastore = BookDatastore(temporary)
        try:
            _fill(datastore, settings)
        finally:
            datastore.close()
        create_keys(keys, settings.book_id)
        try:
            put_in_place(temporary, path)
        except BaseException:
            keys.unlink()
            raise
    finally:
        temporary.unlink(missing_ok=True)


def _fill(datastore: BookDatastore, settings: Settings) -> None:
    recorder = BookRecorder(datastore)
    if wal_is_safe():
        with datastore.get_connection(commit=True) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
    with datastore.writing() as cursor:
        for statement in recorder.create_table_statements:
            cursor.execute(statement)
        cursor.executemany(
            "INSERT INTO book VALUES (?, ?)",
            [
                ("id", settings.book_id),
                ("format", FORMAT),
                ("timezone", settings.timezone),
                *([("name", settings.name)] if settings.name else []),
            ],
        )


def read_settings(datastore: BookDatastore) -> Settings:
    """Return what a book says of itself; raise BookDamaged if it is no book."""
    with datastore.reading() as cursor:
        found = dict(cursor.execute("SELECT key, value FROM book").fetchall())
    path = str(datastore.path)
    known = found.get("format")
    if isinstance(known, int) and known > FORMAT:
        raise Refused(Problem("book_newer", value=path, found=known, known=FORMAT))
    book_id, timezone, name = found.get("id"), found.get("timezone"), found.get("name")
    if known != FORMAT or not isinstance(book_id, bytes) or len(book_id) != BOOK_ID_BYTES:
        raise BookDamaged(Problem("not_a_book", value=path, detail="format"))
    with suppress(Refused):
        check_zone(str(timezone))
        return Settings(book_id, str(timezone), name)
    raise BookDamaged(Problem("not_a_book", value=path, detail=str(timezone)))
