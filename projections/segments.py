"""The cache beside a book: its entries as Parquet segments, and the derived tables.

The folder ``NAME.cache`` may be deleted at any moment; everything in it comes back from the
book. It is bound to the book by the book's id and by the leaf of the last entry it holds,
and every file in it by its hash: what does not belong or was touched is made anew. When it
cannot be written the answer still comes, only not sooner the next time.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec
from msgspec import Meta

from ledger.book import Book
from ledger.store.durable import open_plain, plain_bytes
from projections.files import write_columns, write_rows
from projections.statements import digest

if TYPE_CHECKING:
    import pyarrow as pa


MANIFEST = "manifest.json"
_MOST_BYTES = 1 << 26
"""The longest manifest that is read."""
FORMAT = 1
"""Raised when the same book would give other columns; what is older is made anew."""
SMALL_ENTRIES = 50_000
"""A last segment below this is made again, longer, rather than followed by another."""
KEPT_SECONDS = 3_600
"""How long a file that is no longer needed stays, for readers that began before."""
_ROOT = """
SELECT c.root FROM stored_events AS e JOIN commits AS c ON c.commit_no = e.commit_no
 WHERE e.no = ? AND c.last_no = e.no
"""
"""Of the book when an entry was its head."""

Told = Callable[[int, int], None]
"""Is told how many entries were decoded, of how many, now and then."""


def quietly(number: int, whole: int) -> None:
    """Tell nobody."""


_Name = Annotated[str, Meta(pattern=r"^\w[\w-]*\.parquet$")]
"""In the folder: no other file is ever opened."""


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the cache."""

    file: _Name
    sha256: str
    first: Annotated[int, Meta(ge=1)]
    last: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    leaf: str
    columns: tuple[str, ...]


class _Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """What says which files belong together."""

    format: int
    book: str
    digest: str
    segments: list[Kept]
    tables: dict[str, Kept]


class Piece(NamedTuple):
    """Entries that are decoded and not on disk."""

    first: int
    last: int
    leaf: str
    columns: "pa.Table"


def cache_of(book: Book) -> Path:
    """Return the folder in which the columns of a book are kept: ``NAME.cache`` beside it."""
    return Path(book.path).with_suffix(".cache")


def has_cache(book: Book) -> bool:
    """Return whether anything is kept of a book."""
    return (cache_of(book) / MANIFEST).is_file()


class Segments:
    """The columns of a book's entries, as files where there are any and else in memory.

    ``kept`` and ``fresh`` together hold every entry up to ``head``; whoever reads them has the
    files compared first. ``tables`` are the derived tables, by name, each as it was when its
    ``last`` entry was the head; whoever reads one asks first whether it ``is_foreign``.
    ``tell`` learns how far decoding is.
    """

    def __init__(self, book: Book, tell: Told = quietly) -> None:
        self.folder = cache_of(book)
        self.kept: list[Kept] = []
        self.fresh: list[Piece] = []
        self.tables: dict[str, Kept] = {}
        self._book, self._tell = book, tell
        self._changed = False
        with book.recorder.datastore.reading() as cursor:
            self.head = book.recorder.head(cursor)
            self._load(cursor)
            self._extend(cursor)

    def compare(self) -> None:
        """See that the files of entries are as they were written; if not, decode all again.

        What is decoded stays in memory up to the end: no file more is opened by a reading.
        """
        with ThreadPoolExecutor(os.cpu_count()) as hashing:
            is_any_foreign = any(hashing.map(self.is_foreign, self.kept))
        if is_any_foreign:
            self.kept.clear()
            self.fresh.clear()
            with self._book.recorder.datastore.reading() as cursor:
                self._extend(cursor, at_once=False)

    def _load(self, cursor: sqlite3.Cursor) -> None:
        """Take what is in the folder and belongs to this book."""
        try:
            content = plain_bytes(self.folder / MANIFEST, _MOST_BYTES)
            manifest = msgspec.json.decode(content, type=_Manifest)
            if (manifest.format, manifest.book) != (FORMAT, str(self._book.id)):
                return
            segments, tables = manifest.segments, manifest.tables
            firsts = [1, *(kept.last + 1 for kept in segments)]
            if [kept.first for kept in segments] != firsts[:-1]:
                return
            if not segments or segments[-1].last > self.head.no:
                return
            if any(self.leaf(cursor, kept.last) != kept.leaf for kept in segments):
                return
            self.kept = segments
            if manifest.digest == digest():
                self.tables = {n: kept for n, kept in tables.items() if self._fits(cursor, kept)}
        except (OSError, ValueError, RecursionError):  # of msgspec the second, too
            return

    @staticmethod
    def _fits(cursor: sqlite3.Cursor, table: Kept) -> bool:
        found = cursor.execute(_ROOT, (table.last,)).fetchone()
        return bool(found) and found[0].hex() == table.leaf

    def is_foreign(self, kept: Kept) -> bool:
        """Return whether a file of the cache is gone, or is not the one that was written."""
        try:
            return _sha256(self.folder / kept.file) != kept.sha256
        except OSError:
            return True

    @staticmethod
    def leaf(cursor: sqlite3.Cursor, no: int) -> str | None:
        """Return the kept leaf hash of an entry, None if there is none."""
        cursor.execute("SELECT leaf FROM stored_events WHERE no = ?", (no,))
        found = cursor.fetchone()
        return found[0].hex() if found else None

    def _extend(self, cursor: sqlite3.Cursor, *, at_once: bool = True) -> None:
        """Decode what the files do not hold yet; all but the last piece may go to disk at once.

        While one piece is decoded, the next is read and the one before is written.
        """
        done = self.kept[-1].last if self.kept else 0
        if done == self.head.no:
            return
        if self.kept and done - self.kept[-1].first < SMALL_ENTRIES:
            done = self.kept.pop().first - 1
        from projections import feed, scanning  # noqa: PLC0415 - slow import; mostly all is kept

        scanned = scanning.scanned(cursor.connection.cursor(), done + 1, self.head.no)
        with ThreadPoolExecutor(1) as writer:
            written: Future[None] | None = None
            for first, last, scans in scanned:
                columns = feed.columns_of(cursor, scans)
                if written:
                    written.result()
                leaf = self.leaf(cursor, last) or ""
                self.fresh.append(Piece(first, last, leaf, columns))
                if at_once and last < self.head.no:
                    written = writer.submit(self.flush)
                self._tell(last - done, self.head.no - done)

    def flush(self) -> None:
        """Write to disk what is in memory only, as far as that can be done."""
        with suppress(OSError, ImportError):  # also where the library that writes is not read
            while self.fresh:
                piece = self.fresh[0]
                name = _name(piece.first, piece.last, piece.leaf)
                with self._replacing(name) as temporary:
                    write_columns(piece.columns, temporary)
                names = tuple(piece.columns.column_names)
                self.kept.append(self._settled(name, piece.first, piece.last, piece.leaf, names))
                self.fresh.pop(0)
                self._changed = True

    @contextmanager
    def _replacing(self, name: str) -> Iterator[Path]:
        """Give a path to write to; the file is there as a whole or not at all."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        temporary = self.folder / f"{name}.{os.getpid()}.new"
        try:
            yield temporary
            temporary.replace(self.folder / name)
        finally:
            temporary.unlink(missing_ok=True)

    def _settled(
        self, name: str, first: int, last: int, leaf: str, columns: tuple[str, ...]
    ) -> Kept:
        return Kept(name, _sha256(self.folder / name), first, last, leaf, columns)

    def path(self, kept: Kept) -> str:
        """Return where a file of the cache is."""
        return str(self.folder / kept.file)

    def keep_table(self, name: str, rows: "Iterable[pa.RecordBatchReader]") -> None:
        """Keep a derived table as it is at the head."""
        file = f"{name}-{self.head.no}-{self.head.root.hex()[:12]}.parquet"
        with suppress(OSError):
            with self._replacing(file) as temporary:
                write_rows(rows, temporary)
            self.tables[name] = self._settled(file, 1, self.head.no, self.head.root.hex(), ())
            self._changed = True

    def close(self) -> None:
        """Write the manifest, if anything changed, and remove what nobody needs any more."""
        self.flush()
        if not self._changed or self.fresh:
            return
        manifest = _Manifest(FORMAT, str(self._book.id), digest(), self.kept, self.tables)
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        with suppress(OSError):
            with self._replacing(MANIFEST) as temporary:
                temporary.write_bytes(content)
            self._tidy({kept.file for kept in [*self.kept, *self.tables.values()]})

    def _tidy(self, needed: set[str]) -> None:
        for path in self.folder.glob("*.parquet*"):
            with suppress(OSError):
                if path.name not in needed and path.stat().st_mtime < time.time() - KEPT_SECONDS:
                    path.unlink()


def _sha256(path: Path) -> str:
    with open_plain(path) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _name(first: int, last: int, leaf: str) -> str:
    return f"entries-{first}-{last}-{leaf[:12]}.parquet"


def refresh(book: Book, tell: Told = quietly) -> None:
    """Bring the cache of ``book`` up to its head; called when much was recorded at once.

    Does nothing when the folder cannot be written. Raises BookDamaged when an entry cannot
    be decoded.
    """
    Segments(book, tell).close()
