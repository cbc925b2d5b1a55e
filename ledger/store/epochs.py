"""Destroys data keys, and with them the epoch key that opens them in every older copy.

A wrapped key that was deleted may still lie in an older copy of the book, so the key that
wrapped it has to go, too: all other data keys are wrapped again, under the key of the next
epoch. Book and keys file cannot change at one moment. So the keys file holds both epoch
keys, durably, before the book commits, and only the one that fits afterwards (``finish``).
A process that ends anywhere between leaves a book whose keys can be read, and whoever
opens the book next finishes what was begun. The keys change under the book's write lock only.
"""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from glob import escape
from hashlib import sha256
from pathlib import Path

from ledger.errors import BookDamaged, Problem, Refused, RollbookError
from ledger.store.durable import plain_bytes, write_over
from ledger.store.envelope import item
from ledger.store.sealing import (
    KEY_BYTES,
    MOST_KEYS_BYTES,
    EpochKey,
    Sealer,
    WrappedKey,
    keys_path,
    read_keys,
    written,
)
from ledger.store.storage import BookDatastore

_ALL = "SELECT owner, epoch, wrapped, commitment FROM data_keys"
_SOME_KEYS = "SELECT owner, epoch, wrapped, commitment FROM data_keys LIMIT 3"
"""One of them may be damaged."""
_FOLLOWING = b"\nfollowing "
ERASED_FORMAT = "rollbook-erased 1"
_MOST_ERASED_BYTES = 1 << 28


def epoch_of(cursor: sqlite3.Cursor) -> int | None:
    """Return the epoch of the data keys of a book, None while it has none."""
    found = cursor.execute("SELECT epoch FROM data_keys LIMIT 1").fetchone()
    return found[0] if found else None


def epoch_key_of(cursor: sqlite3.Cursor, keys: Path, book_id: bytes) -> EpochKey:
    """Return the epoch key that opens a book as it is now; raise as ``read_keys`` does.

    What was sealed with a key that opens nothing would be lost with the next right one.
    """
    found = read_keys(keys, book_id).fitting(keys, epoch_of(cursor))
    sealer = Sealer(found)
    some = [WrappedKey(*row) for row in cursor.execute(_SOME_KEYS).fetchall()]
    if some and not any(map(sealer.opens, some)):
        detail = Problem("keys_open_nothing")
        raise BookDamaged(Problem("keys_mismatch", value=str(keys), detail=detail))
    return found


class Opener:
    """Gives what opens the personal details of one book, as they stand when it is asked."""

    def __init__(self, keys: Path, book_id: bytes) -> None:
        self._keys = keys
        self._book_id = book_id
        self._sealer: Sealer | None = None

    def sealer(self, cursor: sqlite3.Cursor) -> Sealer | None:
        """Return it for what ``cursor`` reads, None without the keys file.

        Once somebody was erased it is another: no key of theirs stays in memory.
        """
        if self._sealer is None or self._sealer.epoch != epoch_of(cursor):
            self._sealer = None
            if self._keys.is_file():
                self._sealer = Sealer(epoch_key_of(cursor, self._keys, self._book_id))
        return self._sealer


def erase_openable(
    cursor: sqlite3.Cursor, book_path: Path, book_id: bytes, erased: Iterable[str], *, keep: bool
) -> None:
    """Make true what entries say of some streams: that they are erased; as ``destroy`` does."""
    openable = {
        stream_id
        for stream_id in erased
        if cursor.execute("SELECT 1 FROM data_keys WHERE owner = ?", (stream_id,)).fetchone()
    }
    if openable:
        destroy(cursor, book_path, book_id, openable, keep=keep)


# The list of what was destroyed


def erased_path(book_path: Path) -> Path:
    """Return where the list of destroyed keys lies: ``NAME.erased`` beside ``NAME.db``."""
    return keys_path(book_path).with_suffix(".erased")


def key_id(key: WrappedKey) -> str:
    """Return what stands in that list for a key: a hash from which nobody learns whose it was."""
    return sha256(item(key.owner.encode()) + item(key.commitment)).hexdigest()


def read_erased(path: Path, book_id: bytes) -> list[str]:
    """Return the ids of the keys that were destroyed; none without the file.

    Raises Refused (erased_malformed) when it is not the list of this book.
    """
    try:
        lines = plain_bytes(path, _MOST_ERASED_BYTES).decode("ascii").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        lines = []
    if lines[:2] != _heading(book_id):
        raise Refused(Problem("erased_malformed", value=str(path)))
    return lines[2:]


def _heading(book_id: bytes) -> list[str]:
    return [ERASED_FORMAT, f"book {book_id.hex()}"]


def came_back(cursor: sqlite3.Cursor, book_path: Path, book_id: bytes) -> list[str]:
    """Return the streams whose data keys lie in a book though they were destroyed.

    Raises as ``read_erased`` does.
    """
    gone = set(read_erased(erased_path(book_path), book_id))
    keys = map(WrappedKey._make, cursor.execute(_ALL)) if gone else ()
    return [
        key.owner
        for key in keys
        if isinstance(key.owner, str) and isinstance(key.commitment, bytes) and key_id(key) in gone
    ]


def write_erased(path: Path, book_id: bytes, ids: Iterable[str]) -> None:
    """Write the list of destroyed keys, durably."""
    lines = [*_heading(book_id), *dict.fromkeys(ids)]
    write_over(path, "".join(f"{line}\n" for line in lines).encode("ascii"))


# Destroying


def destroy(
    cursor: sqlite3.Cursor,
    book_path: Path,
    book_id: bytes,
    owners: Collection[str],
    *,
    keep: bool,
    after: int = 0,
) -> int:
    """Take the data keys of ``owners`` out, and wrap all others under a new epoch key.

    Inside the transaction of ``cursor``, which holds the write lock; ``finish`` is called
    after it, however it ends. Without ``keep`` nothing but the transaction is changed. The new
    epoch comes after that of the book, and ``after`` another. Returns how many keys were
    destroyed. Raises Refused (keys_missing), BookDamaged.
    """
    path = keys_path(book_path)
    old = epoch_key_of(cursor, path, book_id)
    new = EpochKey(book_id, max(old.epoch, after) + 1, os.urandom(KEY_BYTES), old.identity)
    keys = list(map(WrappedKey._make, cursor.execute(_ALL)))
    gone = [key for key in keys if key.owner in owners]
    cursor.executemany("DELETE FROM data_keys WHERE owner = ?", [(key.owner,) for key in gone])
    left = Sealer(old).rewrapped((key for key in keys if key.owner not in owners), new)
    cursor.executemany(
        "UPDATE data_keys SET epoch = ?, wrapped = ? WHERE owner = ?",
        ((key.epoch, key.wrapped, key.owner) for key in left),
    )
    if keep:
        write_over(path, written(old._replace(following=new.key, following_epoch=new.epoch)))
        listed = read_erased(erased_path(book_path), book_id)
        write_erased(erased_path(book_path), book_id, [*listed, *map(key_id, gone)])
    return len(gone)


def is_unfinished(book_path: Path) -> bool:
    """Return whether a change of the epoch key was begun and not finished."""
    try:
        return _FOLLOWING in plain_bytes(keys_path(book_path), MOST_KEYS_BYTES)
    except OSError:
        return False


def finish(datastore: BookDatastore, book_id: bytes) -> None:
    """Finish what ``destroy`` began: leave the one epoch key that fits the book, and no caches.

    Does nothing where nothing was begun. Raises BookLocked, BookDamaged, Refused
    (commit_unsure), OSError.
    """
    path = keys_path(datastore.path)
    with datastore.writing() as cursor:
        keys = read_keys(path, book_id)
        if not keys.following:
            return
        fitting = keys.fitting(path, epoch_of(cursor))
        if fitting.epoch == keys.epoch:
            _take_back(cursor, datastore.path, book_id)
        else:
            remove_cache(datastore.path)
        for name in (path.name, erased_path(datastore.path).name):
            for left in path.parent.glob(f".{escape(name)}.*.new"):
                left.unlink(missing_ok=True)  # of a process that was killed while it wrote
        write_over(path, written(fitting))
    try:
        # Where there is a write-ahead log, taken into the book and emptied.
        datastore.outside("PRAGMA wal_checkpoint(TRUNCATE)")
    except Refused as error:  # not that nothing was recorded: what was begun is done
        values = error.problems[0].values
        raise Refused(Problem("commit_unsure", **values)) from error


def finish_if_begun(datastore: BookDatastore, book_id: bytes) -> None:
    """Finish, if there is anything to finish and it can be done now: reading works without."""
    if is_unfinished(datastore.path):
        with suppress(RollbookError, OSError):
            finish(datastore, book_id)


def _take_back(cursor: sqlite3.Cursor, book_path: Path, book_id: bytes) -> None:
    """Strike off the list what was not destroyed after all."""
    path = erased_path(book_path)
    there = {key_id(WrappedKey._make(row)) for row in cursor.execute(_ALL)}
    listed = read_erased(path, book_id)
    if not there.isdisjoint(listed):
        write_erased(path, book_id, (one for one in listed if one not in there))


def remove_cache(book_path: Path) -> None:
    """Remove what is kept beside a book for speed; it comes back when it is next needed."""
    from shutil import rmtree  # noqa: PLC0415 - slow import, seldom needed

    rmtree(book_path.with_suffix(".cache"), ignore_errors=True)


Within = Callable[[sqlite3.Cursor], None]
"""What is done inside a recording, before its commit is written."""
