"""Writers who record at once and are killed at random: what was acknowledged, and what is there."""

import os
import signal
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec

from ledger.book import Book, Line
from ledger.catalogue import KINDS, Entry
from ledger.errors import BookLocked, Conflict
from trust.looking import look
from trust.operations import BOOK

WRITERS = 8
_SHARED = 300
"""Units that all of them write to, so that their versions meet."""
_SHARE = 0.3
_LOOK_SECONDS = 0.05
_LIVES_SECONDS = (0.2, 12.0)
_ACKNOWLEDGED = struct.Struct(">QQ32s")
"""Number, commit and root."""


class Outcome(NamedTuple):
    """What writing at once came to."""

    acknowledged: int
    kills: int
    there: int
    problems: list[str]


def _entry(values: dict[str, object]) -> Entry:
    entry: Entry = msgspec.convert(values, KINDS[str(values["kind"])])
    return entry


def _entries(writer: str, random: Random) -> Iterator[Entry]:
    """Yield what a writer records: units of its own, and new names of units that all share."""
    for number in count():
        values: dict[str, object] = {"effective_on": "2015-01-01", "name": f"{writer} {number}"}
        if random.random() < _SHARE:
            unit = f"S{random.randrange(_SHARED)}"
            yield _entry(values | {"kind": "unit_renamed", "unit": unit})
        else:
            unit = f"{writer}.{number}"
            yield _entry(values | {"kind": "unit_founded", "unit": unit, "type": "cell"})


def _write(path: Path, writer: str, kept: Path, seed: int) -> None:
    """Record one entry after another until killed, and keep what was acknowledged."""
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with Book.open(path) as book:
            for entry in _entries(writer, Random(seed)):  # noqa: S311 - chance makes writers here
                while True:
                    try:
                        receipt = book.record([Line(entry)], now=datetime.now(UTC), by=writer[:2])
                    except (BookLocked, Conflict):
                        continue  # said to be not recorded: it must not be there
                    break
                with book.recorder.datastore.reading() as cursor:
                    row = cursor.execute(
                        "SELECT root FROM commits WHERE commit_no = ?", (receipt.commit_no,)
                    ).fetchone()
                os.write(descriptor, _ACKNOWLEDGED.pack(receipt.last, receipt.commit_no, row[0]))
    finally:
        os._exit(1)


def write_at_once(folder: Path, *, transactions: int, seed: int) -> Outcome:
    """Have writers record so many transactions in all, kill them at random, and count."""
    random = Random(seed)  # noqa: S311 - chance kills here
    path, kept = folder / BOOK, folder / "kept"
    kept.mkdir()
    with Book.create(path) as book:
        shared = [
            {
                "kind": "unit_founded",
                "unit": f"S{number}",
                "name": "x",
                "type": "cell",
                "effective_on": "2014-01-01",
            }
            for number in range(_SHARED)
        ]
        book.record([Line(_entry(dict(one))) for one in shared], now=datetime.now(UTC), by="lan")
    starts, kills = count(), 0
    living: dict[int, float] = {}
    while _acknowledged(kept) < transactions:
        while len(living) < WRITERS:
            start = next(starts)
            writer = f"W{start % WRITERS}.{start}"
            child = os.fork()
            if not child:
                _write(path, writer, kept / writer, seed + start)
            living[child] = time.monotonic() + random.uniform(*_LIVES_SECONDS)
        time.sleep(_LOOK_SECONDS)
        for child, until in list(living.items()):
            if time.monotonic() > until:
                kills += _killed(child)
                del living[child]
    for child in living:
        kills += _killed(child)
    return _counted(path, kept, kills)


def _killed(child: int) -> bool:
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def _acknowledged(kept: Path) -> int:
    return sum(one.stat().st_size for one in kept.iterdir()) // _ACKNOWLEDGED.size


def _counted(path: Path, kept: Path, kills: int) -> Outcome:
    """Return what is in the book of what was acknowledged, and all that is wrong."""
    told: list[tuple[int, int, bytes, str]] = []
    for one in kept.iterdir():
        content = one.read_bytes()
        whole = content[: len(content) // _ACKNOWLEDGED.size * _ACKNOWLEDGED.size]
        told += [(*row, one.name[:2]) for row in _ACKNOWLEDGED.iter_unpack(whole)]
    problems: list[str] = []
    seen = look(path)
    if seen is None or seen.problem:
        problems.append(str(seen and seen.problem))
    with closing(sqlite3.connect(path)) as connection:
        there = {
            commit_no: (last_no, commit_no, root, by)
            for commit_no, last_no, root, by in connection.execute(
                "SELECT commit_no, last_no, root, operator FROM commits"
            )
        }
        numbers, first, last = connection.execute(
            "SELECT count(*), min(no), max(no) FROM stored_events"
        ).fetchone()
        sparse = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM stored_events GROUP BY originator_id "
            "HAVING count(*) <> max(originator_version) OR min(originator_version) <> 1)"
        ).fetchone()[0]
    lost = [one for one in told if there.get(one[1]) != one]
    if lost:
        problems.append(f"{len(lost)} acknowledged and not there: {lost[:3]}")
    if len({one[1] for one in told}) != len(told):
        problems.append("a commit was acknowledged twice")
    if (first, last) != (1, numbers) or sorted(there) != [*range(1, len(there) + 1)]:
        problems.append("numbers are not dense")
    if sparse:
        problems.append(f"versions of {sparse} streams are not dense")
    return Outcome(len(told), kills, len(there) - 1, problems)
