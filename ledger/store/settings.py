"""What a book says of itself, and how its file comes to be."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ledger.errors import BookDamaged, Problem, Refused, RollbookError
from ledger.store import schema
from ledger.store.durable import left_beside, put_in_place, temporary_beside
from ledger.store.envelope import item
from ledger.store.recorder import BookRecorder
from ledger.store.sealing import create_keys, read_keys
from ledger.store.storage import BookDatastore, wal_is_safe

BOOK_ID_BYTES = 16
TIMEZONE = "Asia/Ho_Chi_Minh"
"""The zone of a book that is not given another."""


class Settings(NamedTuple):
    """What a book says of itself: the rows of its table ``book``."""

    book_id: bytes
    timezone: str
    name: str | None
    public_key: bytes
    """The book's own Ed25519 public key."""


def book_id_of(timezone: str, name: str | None, public_key: bytes) -> bytes:
    """Return the id of a book: 16 bytes that only these settings fit (docs/format.md, "book").

    So everything that holds the id, each leaf and each checkpoint, holds the settings too.
    """
    texts = (timezone.encode(), (name or "").encode())
    return sha256(b"".join(map(item, (*texts, public_key)))).digest()[:BOOK_ID_BYTES]


def check_zone(timezone: str) -> ZoneInfo:
    """Return the time zone of that name; raise Refused (bad_time_zone)."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise Refused(Problem("bad_time_zone", value=timezone)) from None


def new_settings(timezone: str, name: str | None) -> tuple[Settings, bytes]:
    """Return the settings of a new book, and the private key of its identity."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - slow import
        Ed25519PrivateKey,
    )

    identity = Ed25519PrivateKey.generate()
    public_key = identity.public_key().public_bytes_raw()
    settings = Settings(book_id_of(timezone, name, public_key), timezone, name, public_key)
    return settings, identity.private_bytes_raw()


def create_file(path: Path, keys: Path, settings: Settings, identity: bytes) -> None:
    """Build the file under another name, then give it its own, its keys first.

    ``identity``: the private key to ``settings.public_key``, kept with the keys.
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
        try:
            create_keys(keys, settings.book_id, identity)
            put_in_place(temporary, path)
        except BaseException as error:
            # Whatever failed after a file had its name: a book is never without its keys, and
            # no keys are left without a book.
            if not path.exists() or _is_another(path, settings):
                with suppress(RollbookError):  # they are those of another book, or not there
                    read_keys(keys, settings.book_id)
                    keys.unlink()
            elif isinstance(error, FileExistsError):
                return  # another process finished it
            raise
    finally:
        for end in ("", "-wal", "-shm"):
            temporary.with_name(f"{temporary.name}{end}").unlink(missing_ok=True)


def finish_file(path: Path, keys: Path, timezone: str, name: str | None) -> bool:
    """Give a book its name whose process was killed before that; return whether there is one.

    Its keys are at ``keys`` already. It is finished only if it is what was asked for now, and
    empty: then nobody ever had it. Raises OSError.
    """
    for left in left_beside(path):
        with suppress(RollbookError):
            settings, last_no = _said_by(left)
            read_keys(keys, settings.book_id)
            if (settings.timezone, settings.name, last_no) == (timezone, name, 0):
                put_in_place(left, path)
                return True
    return False


def _said_by(path: Path) -> tuple[Settings, int]:
    """Return what the book at ``path`` says of itself, and its last number."""
    datastore = BookDatastore(path)
    try:
        settings = read_settings(datastore)
        with datastore.reading() as cursor:
            return settings, BookRecorder(datastore).head(cursor).no
    finally:
        datastore.close()


def _is_another(path: Path, settings: Settings) -> bool:
    """Return whether something else than the new book of these settings is at ``path``."""
    try:
        return _said_by(path)[0] != settings
    except BookDamaged:
        return True
    except RollbookError:
        return False  # in doubt the keys stay


def _fill(datastore: BookDatastore, settings: Settings) -> None:
    recorder = BookRecorder(datastore)
    with datastore.writing() as cursor:
        for statement in recorder.create_table_statements:
            cursor.execute(statement)
        cursor.executemany(
            "INSERT INTO book VALUES (?, ?)",
            [
                ("id", settings.book_id),
                ("format", schema.FORMAT),
                ("key", settings.public_key),
                ("timezone", settings.timezone),
                *([("name", settings.name)] if settings.name else []),
            ],
        )
    if wal_is_safe():
        # The last of it: so nothing of the book is in a log, which would not go with its name.
        datastore.outside("PRAGMA journal_mode = WAL")


def _not_to_be_read(cursor: sqlite3.Cursor) -> Iterator[Problem]:
    """Find what would run by itself, and texts in other bytes, whose hashes would not fit."""
    for stranger in schema.strange(cursor, only_run=True):
        yield Problem("stored_schema_differs", value=stranger)
    (encoding,) = cursor.execute("PRAGMA encoding").fetchone()
    if encoding != "UTF-8":
        yield Problem("stored_encoding_differs", value=encoding)


def read_settings(datastore: BookDatastore) -> Settings:
    """Return what a book says of itself; raise BookDamaged if it is no book.

    Nothing else is read before: a file with a trigger or view of its own is none, nor is one
    that keeps its texts otherwise than in UTF-8.
    """
    with datastore.reading() as cursor:
        for problem in _not_to_be_read(cursor):
            raise BookDamaged(Problem("book_damaged", detail=problem))
        found = dict(cursor.execute("SELECT key, value FROM book").fetchall())
    path = str(datastore.path)
    known = found.get("format")
    if isinstance(known, int) and known > schema.FORMAT:
        raise Refused(Problem("book_newer", value=path, found=known, known=schema.FORMAT))
    timezone: Any = found.get("timezone")
    name, public_key = found.get("name"), found.get("key", b"")
    if known != schema.FORMAT:
        raise BookDamaged(Problem("not_a_book", value=path, detail="format"))
    with suppress(Refused, TypeError, AttributeError, UnicodeError):
        if found.get("id") == book_id_of(timezone, name, public_key):
            check_zone(timezone)
            return Settings(found["id"], timezone, name, public_key)
    raise BookDamaged(Problem("not_a_book", value=path, detail=str(timezone)))
