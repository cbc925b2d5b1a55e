"""The book: an event-sourced application over one file, that can only grow.

``Book.record`` is the one way in. Everything that is read comes back as entries of the
catalogue, in the order of their numbers.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, Mapper
from eventsourcing.sqlite import SQLiteFactory
from eventsourcing.utils import Environment, EnvType

from ledger.catalogue import Entry
from ledger.errors import Conflict, Problem, Refused
from ledger.recording.collection import no_collection
from ledger.recording.entitling import Signing
from ledger.recording.numbering import Claims, Line
from ledger.recording.steps import Lines
from ledger.recording.text import storable, visible
from ledger.recording.transaction import Receipt, Recording, Source
from ledger.recording.writing import Shelf
from ledger.store.codec import Codec
from ledger.store.durable import leave_one_name
from ledger.store.epochs import Opener, Within, finish_if_begun
from ledger.store.mapper import BookMapper
from ledger.store.origins import commits_of, places_of
from ledger.store.recorder import BookRecorder
from ledger.store.rows import CommitRow, Head, Row, StoredEntry
from ledger.store.sealing import keys_path
from ledger.store.settings import (
    TIMEZONE,
    check_zone,
    create_file,
    finish_file,
    new_settings,
    read_settings,
)
from ledger.store.storage import WAIT_SECONDS, BookDatastore, check_there

if TYPE_CHECKING:
    from ledger.proof.keys import SigningKey

__all__ = ["Book", "Head", "Line", "Receipt", "Source"]

_ENTRIES_A_READ = 2_000


class BookFactory(SQLiteFactory):
    """The library's factory over the datastore of one book; it reads no environment."""

    datastore: BookDatastore

    def __init__(self, env: Environment, datastore: BookDatastore) -> None:
        # Past the library's own initialiser, which would open the file in its way.
        super(SQLiteFactory, self).__init__(env)
        self.datastore = datastore

    def application_recorder(self) -> BookRecorder:
        """Return the recorder of the book."""
        return BookRecorder(self.datastore)


class Book(Application[str]):
    """One book. Made by ``create`` and ``open``; a context manager that closes it."""

    recorder: BookRecorder

    def __init__(self, path: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.path = path
        self._datastore = BookDatastore(path, wait_seconds)
        try:
            self._settings = read_settings(self._datastore)
        except BaseException:
            self._datastore.close()
            raise
        super().__init__()
        finish_if_begun(self._datastore, self._settings.book_id)
        self._opener = Opener(keys_path(path), self._settings.book_id)
        self._shelf = Shelf(
            self._settings.book_id,
            ZoneInfo(self._settings.timezone),
            keys_path(path),
            self.recorder,
            self._reader,
        )

    @classmethod
    def create(
        cls, path: str | Path, *, timezone: str = TIMEZONE, name: str | None = None
    ) -> "Book":
        """Make the book at ``path``, and its keys beside it; return it open.

        Durable at return. What a killed process began of the same book is finished. Raises
        Refused: book_exists, keys_without_book, bad_time_zone, book_full when the folder cannot
        be written to.
        """
        path = Path(path)
        check_zone(timezone)
        name = storable(name)
        keys = keys_path(path)
        if path.exists():
            raise Refused(Problem("book_exists", value=str(path)))
        try:
            if not keys.exists():
                create_file(path, keys, *new_settings(timezone, name))
            elif not finish_file(path, keys, timezone, name):
                raise Refused(Problem("keys_without_book", value=str(keys), book=str(path)))
        except FileExistsError as error:
            raise Refused(Problem("book_exists", value=str(error.filename or path))) from None
        except OSError as error:
            detail = error.strerror or str(error)
            raise Refused(Problem("book_full", value=str(path), detail=detail)) from error
        return cls.open(path)

    @classmethod
    def open(cls, path: str | Path, *, wait_seconds: float = WAIT_SECONDS) -> "Book":
        """Return the book at ``path``; ``wait_seconds``: how long to wait for another writer.

        Raises BookMissing, BookLocked, BookDamaged (not_a_book), Refused (book_newer).
        Nothing of the log is looked at yet.
        """
        path = Path(path)
        check_there(path)
        for file in (path, keys_path(path)):
            leave_one_name(file)
        return cls(path, wait_seconds=wait_seconds)

    # What the library asks for

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Return an empty environment: nothing outside the book decides how it is kept."""
        return Environment(name, env or {})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """Return the factory over the open file."""
        return BookFactory(env, self._datastore)

    def construct_mapper(self) -> Mapper[str]:
        """Return the mapper that seals and hashes."""
        self._reader = BookMapper(self._settings.book_id, Codec())
        return self._reader

    # What the book says of itself

    @property
    def id(self) -> str:
        """The id of the book: 32 hexadecimal digits that only its settings fit."""
        return self._settings.book_id.hex()

    @property
    def timezone(self) -> str:
        """The zone whose calendar decides what day a moment belongs to."""
        return self._settings.timezone

    @property
    def title(self) -> str | None:
        """The name that the book was given."""
        return self._settings.name

    @property
    def head(self) -> Head:
        """The last entry's number, and the root of the tree over all entries."""
        with self._datastore.reading() as cursor:
            return self.recorder.head(cursor)

    @property
    def can_open(self) -> bool:
        """Whether the keys file lies beside the book."""
        return self._shelf.keys_path.is_file()

    # Writing

    def record(
        self,
        lines: Lines,
        *,
        now: datetime,
        by: str,
        source: Source | None = None,
        keep_recorded: bool = False,
        dry_run: bool = False,
        expect: int | None = None,
        keep_entries: bool = True,
        key: "SigningKey | None" = None,
        within: Within | None = None,
    ) -> Receipt:
        """Record all of ``lines``, in their order, or none; return what they became.

        A Problem stands in the place of a line that could not be read, so that all is told
        at once. ``now`` is an aware moment. ``expect``: the number that the head must have.
        ``keep_recorded``: number, moment and operator are what the lines say. ``dry_run``
        does everything and takes it back. ``keep_entries``: whether the receipt holds what
        was recorded; without, memory does not grow with the lines. ``key``: that of the
        operator, where the book is signed. ``within`` is done last in the same transaction.
        Durable at return.

        Raises Refused with a problem for every wrong line; Conflict; BookLocked.
        """
        try:
            by = visible("entry", "by", by)
        except Problem as problem:
            raise Refused(problem) from None
        with no_collection():
            claims, signing = Claims(now, by, keep_recorded), Signing(key, is_needed=not dry_run)
            try:
                with self._datastore.writing(keep=not dry_run) as cursor:
                    recording = Recording(
                        self._shelf, cursor, claims, signing, keep_entries=keep_entries
                    )
                    return recording.run(lines, source, expect, within)
            except IntegrityError as error:
                head = self.head.no
                raise Conflict(
                    Problem("head_moved", value=head, expected=head if expect is None else expect)
                ) from error
            finally:
                finish_if_begun(self._datastore, self._settings.book_id)

    # Reading

    def entries(
        self, *, first: int = 1, last: int | None = None, opened: bool = False
    ) -> Iterator[Entry]:
        """Yield the entries from ``first`` to ``last``, by number; ``last`` None is the head.

        ``opened``: with the personal fields that the keys open. Raises BookDamaged.
        """
        head = self.head.no
        end = head if last is None else min(last, head)
        for start in range(max(first, 1), end + 1, _ENTRIES_A_READ):
            with self._datastore.reading() as cursor:
                rows = self.recorder.by_numbers(
                    cursor, start, min(end, start + _ENTRIES_A_READ - 1)
                )
                read = self._read(cursor, rows, opened=opened)
            yield from read

    def entry(self, no: int, *, opened: bool = False) -> Entry:
        """Return the entry with a number; raise Refused (unknown_entry) if there is none."""
        for entry in self.entries(first=no, last=no, opened=opened):
            return entry
        raise Refused(Problem("unknown_entry", value=no))

    def stream(self, stream_id: str, *, opened: bool = False) -> list[Entry]:
        """Return the entries of a stream such as ``person/P000001``, dead ones too, by number."""
        with self._datastore.reading() as cursor:
            rows = self.recorder.by_streams(cursor, [stream_id])
            return self._read(cursor, rows, opened=opened)

    def streams(self, stream_ids: Iterable[str], *, opened: bool = False) -> list[Entry]:
        """Return the entries of several streams as ``stream`` does, by number."""
        with self._datastore.reading() as cursor:
            return self._read(cursor, self.recorder.by_streams(cursor, stream_ids), opened=opened)

    def commits_of(self, file_hash: bytes) -> list[CommitRow]:
        """Return the commits whose entries came from the file with this SHA-256."""
        with self._datastore.reading() as cursor:
            return commits_of(cursor, file_hash)

    def places_of(self, file_hash: bytes) -> dict[tuple[str | None, int | None], int]:
        """Return the entries that came from a file, by sheet and row: their numbers."""
        with self._datastore.reading() as cursor:
            return places_of(cursor, file_hash)

    def naming(self, stream_id: str) -> list[Entry]:
        """Return the entries of other streams that name this one, by number, sealed."""
        with self._datastore.reading() as cursor:
            return self._read(cursor, self.recorder.naming(cursor, stream_id), opened=False)

    def displaced(self, nos: Iterable[int] | None = None) -> dict[int, int]:
        """Return which entries no longer count, each with the number of what displaced it."""
        with self._datastore.reading() as cursor:
            return self.recorder.displaced(cursor, nos)

    def kinds(self, last: int) -> dict[str, int]:
        """Return how many entries of each kind there are up to number ``last``; a slow count."""
        with self._datastore.reading() as cursor:
            return self.recorder.kinds(cursor, last)

    def rows(self, after: int, limit: int) -> list[Row]:
        """Return ``limit`` raw rows after a number: the recorder's, for bulk decoding."""
        with self._datastore.reading() as cursor:
            return self.recorder.rows(cursor, after, limit)

    def _read(self, cursor: Any, rows: list[StoredEntry], *, opened: bool) -> list[Entry]:
        sealer = self._opener.sealer(cursor) if opened else None
        if sealer is not None:
            sealer.turn()
            owners = sealer.unknown(row.originator_id for row in rows)
            sealer.unwrap(self.recorder.keys(cursor, owners))
        return [self._reader.read(row, sealer) for row in rows]
