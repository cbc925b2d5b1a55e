"""Puts a backup in the place of a book: verified first, never silently behind what is known.

The book is made ready in a folder of its own beside its place: there the keys that were
destroyed since are destroyed again, the epoch key is renewed, and what is to be said in the
book is recorded. Then keys and book take their places, as docs/trust/keeping.md tells.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from ledger.book import Book, Line
from ledger.catalogue.record import BookRestored, SubjectErased
from ledger.errors import BookDamaged, Problem, Refused, RollbookError
from ledger.keeping import seen
from ledger.keeping.backup import checked
from ledger.store.durable import sync_folder, write_new, write_over
from ledger.store.epochs import (
    destroy,
    erased_path,
    finish,
    is_unfinished,
    key_id,
    read_erased,
    remove_cache,
    write_erased,
)
from ledger.store.rows import Head
from ledger.store.sealing import EpochKey, WrappedKey, keys_path, read_keys, written
from ledger.store.storage import BookDatastore, check_there, telling

_KEYS = "SELECT owner, epoch, wrapped, commitment FROM data_keys"
_LOGS = ("-wal", "-journal")


class Restored(NamedTuple):
    """What restoring came to."""

    head: Head
    given_up: int
    """The last entry that was known before, where that was given up; else 0."""
    erased: list[str]
    """People who were erased after the backup was made, and are erased in it again."""
    aside: Path | None
    """Where the book lies now that was at the place."""
    is_unfinished: bool
    """Whether the keys file could not be brought to its last form, and holds a key too many."""


class Orders(NamedTuple):
    """Who restores, when, and how far they may go."""

    by: str
    now: datetime
    on: date
    force: bool
    sign_with: Callable[[Book], Any]
    known: tuple[Head, ...] = ()
    """Heads that are known from elsewhere, such as a checkpoint."""


def restore(backup: Path, place: Path, keys: bytes | None, orders: Orders) -> Restored:
    """Put the book in ``backup`` at ``place``.

    ``keys``: the content of a keys file; None for that beside ``place``. Where there is none, the
    book is restored without, if that is forced: nobody reads a name in it. Raises Refused:
    backup_differs, restore_behind, restore_forked, restore_keys, restore_without_keys;
    BookDamaged. Nothing at ``place`` has changed then.
    """
    book_id, head = checked(backup)
    known = [*orders.known, *_known(place, book_id)]
    problem = _refusal(backup, head, known)
    if problem is not None and not orders.force:
        raise Refused(problem)
    has_keys = keys is not None or keys_path(place).exists()
    if not (has_keys or orders.force):
        raise Refused(Problem("restore_without_keys", value=str(backup)))
    given_up = max((one.no for one in known), default=0) if problem else 0
    room = place.with_name(f".{place.name}.restoring")
    shutil.rmtree(room, ignore_errors=True)  # of a process that was killed
    room.mkdir(mode=0o700)
    try:
        ready = room / place.name
        shutil.copyfile(backup, ready)
        ready.chmod(0o600)
        owners = _destroyed(backup, place, bytes.fromhex(book_id))
        if erased_path(place).exists():
            shutil.copyfile(erased_path(place), erased_path(ready))
        before = None
        if has_keys:
            before = _keys_ready(backup, place, ready, bytes.fromhex(book_id), keys)
        erased = _made_ready(ready, owners, before.epoch if before else 0, given_up, orders)
        with Book.open(ready) as book:
            head = book.head
        aside = _settled(ready, place, before, orders.now)
    finally:
        with suppress(OSError):
            write_over(keys_path(room / place.name), b"")
        shutil.rmtree(room, ignore_errors=True)
    seen.write(place, book_id, head)
    return Restored(head, given_up, erased, aside, is_unfinished(place))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to the copy of a book at ``path``, which nobody else has; or our errors."""
    with telling(str(path)), closing(sqlite3.connect(path)) as connection:
        yield connection


def _known(place: Path, book_id: str) -> list[Head]:
    """Return how far the book at the place goes, and how far it was seen to go."""
    found = [seen.seen(place, book_id)]
    if place.exists():
        # A book that cannot be read is why one restores.
        with suppress(BookDamaged), Book.open(place) as book:
            if book.id != book_id:
                raise Refused(Problem("backup_differs", value=str(place), found=book.id))
            found.append(book.head)
    return [head for head in found if head]


def _refusal(backup: Path, head: Head, known: list[Head]) -> Problem | None:
    """Return why a backup would take the book back, None if it does not."""
    with _opened(backup) as connection:
        roots = dict(connection.execute("SELECT last_no, root FROM commits"))
    for one in sorted(known):
        if one.no > head.no:
            return Problem("restore_behind", value=str(backup), found=head.no, known=one.no)
        if one.no and roots.get(one.no) != one.root:
            return Problem("restore_forked", value=str(backup), known=one.no)
    return None


def _keys_ready(
    backup: Path, place: Path, ready: Path, book_id: bytes, given: bytes | None
) -> EpochKey | None:
    """Put the keys for the backup beside it; return those beside the place, None without any."""
    before: EpochKey | None = None
    with suppress(RollbookError):
        before = read_keys(keys_path(place), book_id)
    if given is not None:
        write_new(keys_path(ready), given)
    elif keys_path(place).exists():
        shutil.copyfile(keys_path(place), keys_path(ready))
        _taken_over(place, ready)
    with _opened(ready) as connection:
        found = connection.execute("SELECT epoch FROM data_keys LIMIT 1").fetchone()
    try:
        read_keys(keys_path(ready), book_id).fitting(backup, found[0] if found else None)
    except RollbookError as error:
        raise Refused(Problem("restore_keys", value=str(backup))) from error
    return before


def _taken_over(place: Path, ready: Path) -> None:
    """Give the backup the data keys of the book at the place, where it has the same ones.

    They are wrapped by the epoch key that there is. Those that the book has no more are gone.
    """
    try:
        check_there(place)
        address = f"{place.absolute().as_uri()}?mode=ro"
        with telling(str(place)), closing(sqlite3.connect(address, uri=True)) as old:
            now = {row[0]: WrappedKey._make(row) for row in old.execute(_KEYS)}
    except RollbookError:
        return
    with _opened(ready) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        rows = list(map(WrappedKey._make, connection.execute(_KEYS)))
        if not now or {row.epoch for row in rows} <= {row.epoch for row in now.values()}:
            return
        for row in rows:
            same = now.get(row.owner)
            if same and same.commitment == row.commitment:
                change = "UPDATE data_keys SET epoch = ?, wrapped = ? WHERE owner = ?"
                connection.execute(change, (same.epoch, same.wrapped, row.owner))
            else:
                connection.execute("DELETE FROM data_keys WHERE owner = ?", (row.owner,))
        connection.commit()


def _destroyed(backup: Path, place: Path, book_id: bytes) -> set[str]:
    """Return whose keys are in a backup and were destroyed since."""
    gone = set(read_erased(erased_path(place), book_id))
    with _opened(backup) as connection:
        keys = map(WrappedKey._make, connection.execute(_KEYS))
        return {key.owner for key in keys if key_id(key) in gone}


def _made_ready(
    ready: Path, owners: set[str], epoch: int, given_up: int, orders: Orders
) -> list[str]:
    """Destroy again what was destroyed since, renew the epoch key, record what is to be said."""
    with Book.open(ready) as book:
        book_id, datastore = bytes.fromhex(book.id), book.recorder.datastore

        def renewed(cursor: sqlite3.Cursor) -> None:
            if book.can_open:
                destroy(cursor, ready, book_id, owners, keep=True, after=epoch)
            else:
                gone = [(owner,) for owner in owners]
                cursor.executemany("DELETE FROM data_keys WHERE owner = ?", gone)

        persons = sorted(owner.partition("/")[2] for owner in owners)
        said: list[Any] = [
            SubjectErased(effective_on=orders.on, person=person, reason="NAME.erased")
            for person in persons
        ]
        if given_up:
            said.append(BookRestored(effective_on=orders.on, book_id=book.id, from_no=given_up))
        if said:
            book.record(
                [Line(entry, place=None, sheet=None, row=None) for entry in said],
                now=orders.now,
                by=orders.by,
                key=orders.sign_with(book),
                within=renewed,
            )
        else:
            with datastore.writing() as cursor:
                renewed(cursor)
        if book.can_open:
            finish(datastore, book_id)
        return persons


def _settled(ready: Path, place: Path, before: EpochKey | None, now: datetime) -> Path | None:
    """Give keys and book their places; return where the book lies that was there.

    First the list of what was destroyed, then a keys file that fits both books, then the
    book, then the keys that fit it alone.
    """
    with _opened(ready) as connection:
        book_id: bytes = connection.execute("SELECT value FROM book WHERE key = 'id'").fetchone()[0]
    if erased_path(ready).exists():
        write_erased(erased_path(place), book_id, read_erased(erased_path(ready), book_id))
    if keys_path(ready).exists():
        both = new = read_keys(keys_path(ready), book_id)
        if before is not None:
            both = before._replace(following=new.key, following_epoch=new.epoch)
        write_over(keys_path(place), written(both))
    aside = None
    if place.exists():
        aside = _free(f"{place.stem}.replaced-{now:%Y%m%d%H%M%S}", place)
        with suppress(RollbookError):
            _emptied_log(place)
        _second_name(place, aside)
        for end in _LOGS:
            with suppress(FileNotFoundError):  # it could not be emptied, and belongs to that book
                place.with_name(place.name + end).replace(aside.with_name(aside.name + end))
        place.with_name(f"{place.name}-shm").unlink(missing_ok=True)
    ready.replace(place)
    sync_folder(place.parent)
    remove_cache(place)
    Book.open(place).close()  # which finishes what was begun with the keys
    return aside


def _second_name(place: Path, aside: Path) -> None:
    """Give the book at ``place`` another name, and leave it the one: there always is a book."""
    try:
        os.link(place, aside)
    except OSError:  # a file system without links, such as that of a USB stick
        place.rename(aside)


def _free(name: str, place: Path) -> Path:
    """Return a path beside ``place`` that is free: the name, or the name with a number."""
    for number in count():
        path = place.with_name(f"{name}{f'-{number}' if number else ''}{place.suffix}")
        if not path.exists():
            return path
    raise AssertionError


def _emptied_log(place: Path) -> None:
    """Take what lies in a write-ahead log into the book at the place; raise where it cannot be."""
    check_there(place)
    datastore = BookDatastore(place)
    try:
        datastore.outside("PRAGMA journal_mode = DELETE")
    finally:
        datastore.close()
