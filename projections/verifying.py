"""Holds the cache beside a book against the book: everything in it is made again and compared.

A cache whose files do not even have their own hashes is passed over wherever it is read, and
so it is here; what is found is one that says of itself that it is right.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
from pyarrow import ArrowException, parquet

from ledger.book import Book
from projections import feed
from projections.files import misleads
from projections.reading import Reading
from projections.rules.judging import remade
from projections.segments import Segments, has_cache
from projections.session import quoted
from projections.statements import KEPT


def differing(book: Book) -> Iterator[str]:
    """Yield the names of the files in the cache of a book that say something else than the book.

    What is kept of the findings of rules is passed over without the keys, as where it is read.
    Raises BookDamaged where an entry cannot be decoded.
    """
    if not has_cache(book):
        return
    segments = Segments(book)
    segments.compare()
    wrong = False
    for kept in segments.kept:
        with book.recorder.datastore.reading() as cursor:
            made = feed.read(cursor, kept.first, kept.last)
        try:
            path = segments.path(kept)
            is_same = parquet.read_table(path).equals(made) and not _misleads(path)
        except (ArrowException, OSError):
            is_same = False
        if not is_same or list(kept.columns) != made.column_names:
            wrong = True
            yield kept.file
    if wrong or not segments.tables:
        return
    for last in sorted({kept.last for kept in segments.tables.values()}):
        with Reading(book, known_entry=last, anew=True) as reading:
            for name, kept in segments.tables.items():
                if kept.last != last or segments.is_foreign(kept) or not _is_made(reading, name):
                    continue
                path = segments.path(kept)
                if _differ(reading, name, f"read_parquet({quoted(path)})") or _misleads(path):
                    yield kept.file


def _misleads(path: str) -> bool:
    try:
        return misleads(Path(path))
    except (ArrowException, OSError):
        return True


def _is_made(reading: Reading, name: str) -> bool:
    """Make a table that may be kept again; return whether there is one of that name."""
    if name in KEPT:
        reading.need(name)
    return name in KEPT or name == remade(reading)


def _differ(reading: Reading, one: str, other: str) -> bool:
    """Return whether two tables hold different rows or columns, or a row more often."""
    try:
        columns, others = (reading.sql(f"DESCRIBE FROM {table}") for table in (one, other))
        if [name for name, *_ in columns] != [name for name, *_ in others]:
            return True
        for first, second in ((one, other), (other, one)):
            rest = f"FROM {first} EXCEPT ALL FROM {second}"
            ((count,),) = reading.sql(f"SELECT count(*) FROM ({rest})")  # noqa: S608 - our own
            if count:
                return True
    except duckdb.Error:  # of types that cannot be compared, or no table at all
        return True
    return False
