"""Holds the cache beside a book against the book: everything in it is made again and compared.

A cache whose files do not even have their own hashes is passed over wherever it is read, and
so it is here; what is found is one that says of itself that it is right.
"""

from collections.abc import Iterator

from pyarrow import ArrowException, parquet

from ledger.book import Book
from projections import feed
from projections.reading import Reading
from projections.segments import Segments
from projections.statements import KEPT


def differing(book: Book) -> Iterator[str]:
    """Yield the names of the files in the cache of a book that say something else than the book.

    Raises BookDamaged where an entry cannot be decoded.
    """
    segments = Segments(book)
    wrong = False
    for kept in segments.kept:
        with book.recorder.datastore.reading() as cursor:
            made = feed.read(cursor, kept.first, kept.last)
        try:
            if parquet.read_table(segments.path(kept)).equals(made):
                continue
        except (ArrowException, OSError):
            pass
        wrong = True
        yield kept.file
    tables = {name: kept for name, kept in segments.tables.items() if name in KEPT}
    if wrong or not tables:
        return
    with Reading(book, anew=True) as reading:
        for name, kept in tables.items():
            reading.need(name)
            path = segments.path(kept).replace("'", "''")
            if _differ(reading, name, f"read_parquet('{path}')"):
                yield kept.file


def _differ(reading: Reading, one: str, other: str) -> bool:
    """Return whether two tables hold different rows, or one of them a row more often."""
    for first, second in ((one, other), (other, one)):
        rest = f"FROM {first} EXCEPT ALL FROM {second}"
        ((count,),) = reading.sql(f"SELECT count(*) FROM ({rest})")  # noqa: S608 - our own tables
        if count:
            return True
    return False
