"""Parsers of the files that lie beside a book, and of keys."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from ledger.authority.keyfiles import read_key, write_key
from ledger.book import Book
from ledger.keeping import copies, officers, seen
from ledger.proof.keys import SigningKey
from ledger.proof.tree import HASH_BYTES
from ledger.store import epochs, sealing
from ledger.store.settings import read_settings
from ledger.store.storage import BookDatastore
from projections.segments import MANIFEST, Segments
from trust.parsers.parser import Parser, folder, put, small_book

_ID = bytes(range(16))
_KEYS = sealing.EpochKey(_ID, 1, bytes(32), bytes(range(32)))
_PASSPHRASE = "mật khẩu"  # noqa: S105 - it locks nothing
officers._COST = 2  # noqa: SLF001 - the parser is tried here, not how long a guess takes


def _keys(data: bytes) -> None:
    found = sealing.read_keys(put("so.keys", data), _ID)
    assert sealing.read_keys(put("so.keys", sealing.written(found)), _ID) == found


def _erased(data: bytes) -> None:
    path = put("so.erased", data)
    found = epochs.read_erased(path, _ID)
    epochs.write_erased(path, _ID, found)
    assert epochs.read_erased(path, _ID) == [*dict.fromkeys(found)]


def _seen(data: bytes) -> None:
    book = put("so.seen", data).with_suffix(".db")
    found = seen.seen(book, _ID.hex())
    if found:
        seen.write(book, _ID.hex(), found)
        assert seen.seen(book, _ID.hex()) == found
        assert found.no >= 0
        assert len(found.root) == HASH_BYTES


def _copies(data: bytes) -> None:
    book = put("so.copies", data).with_suffix(".db")
    found = copies.copies(book)
    for copy in found:
        datetime.fromisoformat(copy.at)
        assert copy.is_there in {True, False}
    copies.forget(book, [])
    assert copies.copies(book) == found


def _copy() -> Iterator[bytes]:
    made = copies.Copy("2024-05-06T07:08:09+00:00", "export", "/nowhere/é", "0" * 64)
    yield json.dumps(made._asdict()).encode() + b"\n"


def _officers(data: bytes) -> None:
    assert officers.unlock(data, _PASSPHRASE, "so") == b"keys"


def _key(data: bytes) -> None:
    assert isinstance(read_key(put("so.key", data), "an", lambda: _PASSPHRASE), SigningKey)


def _pems() -> Iterator[bytes]:
    for passphrase in (None, _PASSPHRASE):
        path = folder() / "new.key"
        path.unlink(missing_ok=True)
        write_key(path, bytes(range(32)), passphrase)
        yield path.read_bytes()


@cache
def _cached() -> Path:
    """Return the manifest of the cache of the small book."""
    with Book.open(small_book().path) as book:
        segments = Segments(book)
        segments.close()
        return segments.folder / MANIFEST


class _Loaded(Segments):
    """What is believed of the cache; nothing that is not in it is decoded."""

    def _extend(self, cursor: sqlite3.Cursor, *, at_once: bool = True) -> None:
        pass


def _manifest(data: bytes) -> None:
    _cached().write_bytes(data)
    found = _Loaded(_book())
    for kept in (*found.kept, *found.tables.values()):
        assert Path(found.path(kept)).parent == found.folder


@cache
def _book() -> Book:
    return Book.open(small_book().path)


class _Settings:
    """Stands for the file of a book: what it says of itself is in memory."""

    path = Path("so.db")

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(small_book().path)) as before:
            self.rows = [*before.execute("SELECT key, value FROM book")]
        self._connection.execute("CREATE TABLE book (key, value)")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        yield self._connection.cursor()

    def set(self, rows: list[tuple[Any, Any]]) -> None:
        self._connection.execute("DELETE FROM book")
        self._connection.executemany("INSERT INTO book VALUES (?, ?)", rows)


@cache
def _settings_file() -> _Settings:
    return _Settings()


def _settings(data: bytes) -> None:
    """Put one value of the table ``book`` in the place of another: which, and its type, first."""
    file = _settings_file()
    which, form, rest = *data[:2].ljust(2, b"\0"), data[2:]
    rows = [*file.rows]
    key, value = rows[which % len(rows)]
    match form % 5:
        case 0:
            value = int.from_bytes(rest[:8], signed=True)
        case 1:
            value = rest.decode("utf-8", "replace")
        case 2:
            value = rest
        case 3:
            value = None
        case _ if isinstance(value, str | bytes):
            value = value[: len(rest)]
    rows[which % len(rows)] = (key, value)
    file.set(rows)
    read_settings(cast("BookDatastore", file))


def _values() -> Iterator[bytes]:
    for place, (_, value) in enumerate(_settings_file().rows):
        yield bytes((place, 4)) + bytes(40)
        yield bytes((place, 2)) + (value if isinstance(value, bytes) else str(value).encode())
        yield bytes((place, 1)) + b"Asia/Ho_Chi_Minh"
        yield bytes((place, 0)) + bytes(8)


KEPT = {
    "keys files": Parser(
        _keys,
        lambda: [sealing.written(_KEYS), sealing.written(_KEYS._replace(following=bytes(32)))],
        ("book", "epoch", "key", "identity", "following 2"),
    ),
    "lists of destroyed keys": Parser(
        _erased, lambda: [f"{epochs.ERASED_FORMAT}\nbook {_ID.hex()}\n{'0' * 64}\n".encode()]
    ),
    "furthest heads seen": Parser(
        _seen, lambda: [f"{seen.FORMAT}\nbook {_ID.hex()}\nhead 12 {bytes(32).hex()}\n".encode()]
    ),
    "lists of copies": Parser(
        _copies, _copy, ("null", "{", "[[[[", "1e9", "at", "what", "path", "sha256")
    ),
    "keys for officers": Parser(_officers, lambda: [officers.lock(b"keys", "0", _PASSPHRASE)]),
    "keys of operators": Parser(_key, _pems, ("-----BEGIN ", "ENCRYPTED PRIVATE KEY-----")),
    "manifests of the cache": Parser(
        _manifest, lambda: [_cached().read_bytes()], ("null", "[[[[", "{", "1e9", "../", "columns")
    ),
    "settings": Parser(_settings, _values, ("Asia/", "Etc/", "../")),
}
