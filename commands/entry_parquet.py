"""Entries as Parquet for other tools: the columns of the feed, which name nobody."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from commands.parquet import metadata
from commands.progress import Pace
from ledger.book import Book
from projections import feed

_ENTRIES_A_GROUP = 100_000
"""How many entries are in memory at once, and how many rows a processor reads at least."""


def write_columns(path: Path, book: Book, last: int, said: Mapping[str, Any], pace: Pace) -> None:
    """Write the entries up to number ``last``, in order, to a Parquet file.

    The columns are the same for every book; those of kinds that it has not are empty.
    Raises BookDamaged, OSError.
    """
    schema = feed.SCHEMA.with_metadata(metadata(said))
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(1, last + 1, _ENTRIES_A_GROUP):
            until = min(first + _ENTRIES_A_GROUP - 1, last)
            with book.recorder.datastore.reading() as cursor:
                found = feed.read(cursor, first, until)
            writer.write_table(_whole(found.sort_by("no"), schema))
            pace.tell(until)


def _whole(found: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table with every column of ``schema``."""
    held = set(found.column_names)
    return pa.table(
        [
            found[field.name] if field.name in held else pa.nulls(len(found), field.type)
            for field in schema
        ],
        schema=schema,
    )
