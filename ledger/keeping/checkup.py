"""Looks at how a book is kept: programs, files, clock, keys, backups; changes nothing."""

import glob
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple

from ledger.audit.identity import signing_key
from ledger.audit.proving import tree_of
from ledger.authority.listing import is_signed
from ledger.book import Book
from ledger.errors import Problem, Refused, RollbookError
from ledger.keeping.copies import copies
from ledger.keeping.seen import seen
from ledger.store.codec import moment
from ledger.store.epochs import came_back, epoch_key_of, is_unfinished
from ledger.store.sealing import keys_path
from ledger.store.storage import wal_is_safe

State = Literal["ok", "note", "wrong"]
_LIBRARIES = ("cryptography", "eventsourcing", "msgspec", "msgpack", "duckdb", "pyarrow")
_PRAGMAS = {"trusted_schema": 0, "cell_size_check": 1, "secure_delete": 1, "synchronous": 3}
"""What every connection must have in force; 3 is EXTRA (docs/trust/store.md)."""
_LEAST_FREE_BYTES = 100 * 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FIRST_YEAR, _LAST_YEAR = 2024, 2100
_BACKUP_DAYS = 31
_SHOWN = 5


class Check(NamedTuple):
    """One thing that was looked at."""

    check: str
    """Its name, stable."""
    state: State
    value: str
    reason: str = ""
    """Why it is no plain ``ok``: a code of ``REASONS``, empty where there is nothing to say."""


def checkup_outside(path: Path) -> Iterator[Check]:
    """Yield what there is to know of how a book is kept without opening it."""
    yield from _programs()
    yield from _files(path)
    if path.parent.is_dir():
        yield _folder(path)
        yield _space(path)


def checkup(book: Book, now: datetime) -> Iterator[Check]:
    """Yield what there is to know of how a book is kept."""
    yield from checkup_outside(book.path)
    yield from _store(book)
    yield _clock(book, now)
    yield _head(book)
    yield from _keys(book)
    yield _erased(book)
    yield from _copies(book, now)
    signed = is_signed(book)
    yield Check("operators", "ok" if signed else "note", str(signed), "" if signed else "unsigned")


def _programs() -> Iterator[Check]:
    for name in ("rollbook", *_LIBRARIES):
        try:
            yield Check(name, "ok", version(name))
        except PackageNotFoundError:
            yield Check(name, "note", "-", "not_installed")
    yield Check("python", "ok", sys.version.partition(" ")[0])
    yield Check("sqlite", "ok", sqlite3.sqlite_version)


def _store(book: Book) -> Iterator[Check]:
    with book.recorder.datastore.reading() as cursor:

        def pragma(name: str) -> object:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

        mode = str(pragma("journal_mode"))
        usual = "wal" if wal_is_safe() else "delete"
        reason = "" if wal_is_safe() else "wal_unsafe"
        yield Check("journal_mode", "ok" if mode == usual else "note", mode, reason)
        for name, wanted in _PRAGMAS.items():
            found = pragma(name)
            yield Check(name, "ok" if found == wanted else "wrong", str(found), "")


def _files(path: Path) -> Iterator[Check]:
    keys = path.parent.glob(f"{glob.escape(path.stem)}.*.key")
    for name, file in (
        ("book_file", path),
        ("keys_file", keys_path(path)),
        *(("operator_key", key) for key in sorted(keys)),
    ):
        try:
            about = file.stat()
        except OSError:
            continue
        mode = f"{stat.S_IMODE(about.st_mode):04o}"
        if os.name == "nt":
            yield Check(name, "note", mode, "modes_mean_nothing")
        elif about.st_mode & _OTHERS:
            yield Check(name, "wrong", mode, "others_may_read")
        elif about.st_uid != os.getuid():
            yield Check(name, "note", mode, "of_another_owner")
        else:
            yield Check(name, "ok", mode)


def _folder(path: Path) -> Check:
    can = os.access(path.parent, os.W_OK) and (os.access(path, os.W_OK) or not path.exists())
    here = str(path.parent.resolve())
    return Check("folder", "ok" if can else "note", here, "" if can else "read_only")


def _space(path: Path) -> Check:
    free = shutil.disk_usage(path.parent).free
    size = path.stat().st_size if path.is_file() else 0
    enough = free > max(_LEAST_FREE_BYTES, 2 * size)
    state: State = "ok" if enough else "wrong"
    return Check("free_space", state, f"{free // 1024**2} MiB", "" if enough else "little_space")


def _clock(book: Book, now: datetime) -> Check:
    with book.recorder.datastore.reading() as cursor:
        last = book.recorder.last(cursor)
    recorded_at = moment(last.recorded_at)
    shown = now.isoformat(timespec="seconds")
    if not _FIRST_YEAR <= now.year <= _LAST_YEAR:
        return Check("clock", "wrong", shown, "clock_implausible")
    if recorded_at > now:
        return Check("clock", "wrong", shown, "clock_behind")
    return Check("clock", "ok", shown)


def _head(book: Book) -> Check:
    known, reason = seen(book.path, book.id), ""
    with tree_of(book) as tree:
        if known and known.no > tree.size:
            reason = "head_behind"
        elif known:
            try:
                reason = "" if tree.root(known.no) == known.root else "head_forked"
            except RollbookError:
                reason = "head_unread"
        return Check("head", "wrong" if reason else "ok", str(tree.size), reason)


def _keys(book: Book) -> Iterator[Check]:
    path = keys_path(book.path)
    if not path.is_file():
        yield Check("keys", "wrong", str(path), "keys_gone")
        return
    try:
        with book.recorder.datastore.reading() as cursor:
            key = epoch_key_of(cursor, path, bytes.fromhex(book.id))
        signing_key(book)
    except (RollbookError, Problem):
        yield Check("keys", "wrong", str(path), "keys_differ")
        return
    unfinished = is_unfinished(book.path)
    yield Check(
        "keys", "note" if unfinished else "ok", str(key.epoch), "unfinished" if unfinished else ""
    )
    yield Check("keys_apart", "note", str(path.parent), "keys_beside")


def _erased(book: Book) -> Check:
    """Look for keys that were destroyed here, and came back with an old copy."""
    try:
        with book.recorder.datastore.reading() as cursor:
            back = came_back(cursor, book.path, bytes.fromhex(book.id))
    except Refused as refused:
        return Check("erased", "wrong", str(refused.problems[0].values["value"]), "erased_unread")
    if back:
        people = ", ".join(stream.partition("/")[2] for stream in back[:_SHOWN])
        return Check("erased", "wrong", people, "erased_back")
    return Check("erased", "ok", "0")


def _last_erasure(book: Book) -> datetime | None:
    """Return when the last person was erased: what was backed up before that is of no use since."""
    with book.recorder.datastore.reading() as cursor:
        cursor.execute("SELECT max(recorded_at) FROM stored_events WHERE topic = 'subject_erased'")
        (at,) = cursor.fetchone()
    return None if at is None else moment(at).replace(microsecond=0)  # as the list has moments


def _copies(book: Book, now: datetime) -> Iterator[Check]:
    known, erased = copies(book.path), _last_erasure(book)
    exports = [copy for copy in known if copy.what == "export" and copy.is_there]
    state: State = "note" if exports else "ok"
    yield Check("exports", state, str(len(exports)), "exports_there" if exports else "")
    for what in ("backup", "keys"):
        made = [copy for copy in known if copy.what == what]
        name = "last_backup" if what == "backup" else "last_keys_copy"
        if not made:
            yield Check(name, "note", "-", "never_backed_up")
            continue
        copy = max(made, key=lambda one: datetime.fromisoformat(one.at))
        last, reason = datetime.fromisoformat(copy.at), ""
        if erased is not None and last < erased:
            reason = "before_erasure"
        elif now - last > timedelta(days=_BACKUP_DAYS):
            reason = "long_ago"
        elif not copy.is_there:
            reason = "not_at_hand"
        yield Check(name, "note" if reason else "ok", last.isoformat(), reason)
