"""What nothing that keeps this book could do without: reading rows, decoding, inserting."""

import sqlite3
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]  # ships no types
import msgspec

from ledger.catalogue import KINDS
from ledger.store import schema
from projections.columns import record_of

_ROWS = 20_000
_COLUMNS = ", ".join(schema.COLUMNS)
_MARKS = ", ".join("?" * len(schema.COLUMNS))
_INSERT = f"INSERT INTO stored_events VALUES ({_MARKS})"  # noqa: S608 - holds no value
_SELECT = f"SELECT {_COLUMNS} FROM stored_events ORDER BY no"  # noqa: S608 - holds no value


def bare_read(book: Path) -> int:
    """Read every state of the log and look at none; return how many."""
    with closing(sqlite3.connect(book)) as database:
        return sum(1 for _ in database.execute("SELECT state FROM stored_events"))


def bare_decode(book: Path) -> int:
    """Read every state and decode it in C, into bare records of its kind; return how many."""
    decoders = {kind: msgspec.msgpack.Decoder(record_of(kind)) for kind in KINDS}
    count = 0
    with closing(sqlite3.connect(book)) as database:
        for kind, state in database.execute("SELECT topic, state FROM stored_events"):
            decoders[kind].decode(state)
            count += 1
    return count


def bare_loop(book: Path) -> int:
    """Read every row and unpack its state into a map, as a plain program would."""
    count = 0
    query = "SELECT no, originator_id, topic, recorded_at, state FROM stored_events ORDER BY no"
    with closing(sqlite3.connect(book)) as database:
        for no, stream, kind, recorded_at, state in database.execute(query):
            entry: dict[str, Any] = msgpack.unpackb(state)
            entry.update(no=no, stream=stream, kind=kind, recorded_at=recorded_at)
            count += 1
    return count


def bare_hash(book: Path) -> str:
    """Read every row of the log, all of it, and hash each; return the hash over all of them."""
    whole = sha256()
    with closing(sqlite3.connect(book)) as database:
        for row in database.execute(_SELECT):
            whole.update(sha256(msgpack.packb(row)).digest())
    return whole.hexdigest()


def recorder_seconds(book: Path, other: Path) -> float:
    """Insert all rows of a book into another one with the same tables; return the seconds.

    In one transaction that ends on the disk, a few thousand rows a call; reading them out of
    the first book is not counted.
    """
    other.unlink(missing_ok=True)
    taken = 0.0
    with closing(sqlite3.connect(book)) as old, closing(sqlite3.connect(other)) as new:
        new.isolation_level = None
        for statement in (*schema.STATEMENTS, "PRAGMA synchronous = EXTRA", "BEGIN IMMEDIATE"):
            new.execute(statement)
        new.execute("PRAGMA cache_size = -65536")
        rows = old.execute(_SELECT)
        while piece := rows.fetchmany(_ROWS):
            begun = time.perf_counter()
            new.executemany(_INSERT, piece)
            taken += time.perf_counter() - begun
        begun = time.perf_counter()
        new.execute("COMMIT")
        taken += time.perf_counter() - begun
    other.unlink()
    return taken
