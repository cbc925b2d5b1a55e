"""How far a book was read and found right, kept where only who verifies writes.

It lies in the settings of the person, not beside the book: whoever can change a book could
write such a file beside it. It is believed only while the root that is re-derived at its size
is the one it was kept with, and all that lies beside the log is as it was.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import click

from ledger.audit.everything import Done, Save
from ledger.audit.proving import tree_of
from ledger.audit.rows import Subject, reading
from ledger.audit.spans import SPAN
from ledger.book import Book
from ledger.store.sealing import keys_path

FORMAT = 2
"""Raised when full verification finds more than before: what it found right is read again."""
_BESIDE = (
    "SELECT mentioned, no FROM mentions WHERE no <= :size ORDER BY mentioned, no",
    "SELECT no, by_no FROM displaced WHERE by_no <= :size ORDER BY no",
    """
    SELECT owner, epoch, wrapped, commitment FROM data_keys k WHERE (
        SELECT no FROM stored_events WHERE originator_id = k.owner AND originator_version = 1
    ) <= :size ORDER BY owner""",
)


_MENTIONS = "SELECT count(*) FROM mentions WHERE no <= ?"
_DISPLACED = "SELECT no, by_no FROM displaced WHERE by_no <= ?"


class Verified:
    """What is kept of the verification of one book; ``opened``: whether seals are opened."""

    def __init__(self, book: Book, subject: Subject, *, opened: bool) -> None:
        self._book = book
        self._subject = subject
        self._opened = opened
        self._path = Path(click.get_app_dir("rollbook")) / "verified" / f"{book.id}.json"
        self._kept = 0

    def before(self, *, from_start: bool) -> Done:
        """Return how far the book was read before, as far as that still says anything."""
        done = Done() if from_start else self._before()
        self._kept = done.size
        return done

    def _before(self) -> Done:
        try:
            kept = json.loads(self._path.read_bytes())
            size = kept["size"]
            if type(size) is not int or not 0 < size <= self._subject.head_no:
                return Done()
            if kept != self._state(size):
                return Done()
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return Done()
        with reading(self._subject.path) as cursor:
            (mentions,) = cursor.execute(_MENTIONS, (size,)).fetchone()
            return Done(size, mentions, dict(cursor.execute(_DISPLACED, (size,))))

    @contextmanager
    def saving(self) -> Iterator[Save]:
        """Give what keeps how far reading is; what is interrupted is kept as far as it came.

        To make sure of what lies beside the log costs more the further it is, so that it is
        done each time that twice as much is read as was kept, and at the last whole span.
        """
        last = Done()

        def save(done: Done) -> None:
            nonlocal last
            last = done
            if done.size >= 2 * self._kept or self._subject.head_no - done.size < SPAN:
                self._keep(done)

        try:
            yield save
        except KeyboardInterrupt:
            if last.size > self._kept:
                self._keep(last)
            raise

    def _keep(self, done: Done) -> None:
        self._kept = done.size
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = self._path.with_suffix(".new")
            temporary.write_text(json.dumps(self._state(done.size)), encoding="utf-8")
            temporary.replace(self._path)

    def _state(self, size: int) -> dict[str, object]:
        with tree_of(self._book) as tree:
            root = tree.root(size)
        return {
            "format": FORMAT,
            "size": size,
            "root": root.hex(),
            "opened": self._opened,
            "beside": self._beside(size),
        }

    def _beside(self, size: int) -> str:
        """Return a hash over all that follows from the first entries, or belongs to them."""
        made = sha256()
        with reading(self._subject.path) as cursor:
            if self._opened:  # by the key that is there now
                made.update(sha256(keys_path(self._book.path).read_bytes()).digest())
            for statement in _BESIDE:
                for row in cursor.execute(statement, {"size": size}):
                    made.update(repr(row).encode())
        return made.hexdigest()
