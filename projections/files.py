"""Columns as Parquet files, small and quickly written."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 125_000
"""How many rows DuckDB gives to one processor at a time."""
_SOUGHT = frozenset({"no", "kind", "recorded_at"})
"""Columns by which a reader may pass over whole groups of rows."""
_COUNTED = "no"
"""A column with another number in each row, near that of the row before."""


def _how(names: Iterable[str]) -> dict[str, Any]:
    counted = [name for name in names if name == _COUNTED]
    return {
        "compression": "zstd",
        "write_statistics": [name for name in names if name in _SOUGHT],
        "use_dictionary": [name for name in names if name != _COUNTED],
        "column_encoding": dict.fromkeys(counted, "DELTA_BINARY_PACKED"),
    }


def write_columns(columns: "pa.Table", path: Path) -> None:
    """Write columns as Parquet."""
    from pyarrow import parquet  # noqa: PLC0415 - slow import; who asks again writes nothing

    parquet.write_table(columns, path, row_group_size=GROUP_ROWS, **_how(columns.column_names))


def write_rows(readers: "Iterable[pa.RecordBatchReader]", path: Path) -> None:
    """Write rows as they come, each batch of them a group; so they are never all in memory.

    ``readers``: at least one, all with the same columns.
    """
    from pyarrow import parquet  # noqa: PLC0415 - as above

    with ExitStack() as opened:
        writer: parquet.ParquetWriter | None = None
        for reader in readers:
            if writer is None:
                how = _how(reader.schema.names)
                writer = opened.enter_context(parquet.ParquetWriter(path, reader.schema, **how))
            for batch in reader:
                writer.write_batch(batch)
