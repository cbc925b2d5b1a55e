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
_NUMBERS = frozenset({"no", "place", "next_no"})
"""Columns of numbers of entries, if they are wide: another in each row, often near the last."""


def _how(schema: "pa.Schema") -> dict[str, Any]:
    from pyarrow import int64  # noqa: PLC0415 - slow import; who asks again writes nothing

    names = schema.names
    numbers = {field.name for field in schema if field.name in _NUMBERS and field.type == int64()}
    return {
        "compression": "zstd",
        "write_statistics": [name for name in names if name in _SOUGHT],
        "use_dictionary": [name for name in names if name not in numbers],
        "column_encoding": dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    }


def write_columns(columns: "pa.Table", path: Path) -> None:
    """Write columns as Parquet."""
    from pyarrow import parquet  # noqa: PLC0415 - as above

    parquet.write_table(columns, path, row_group_size=GROUP_ROWS, **_how(columns.schema))


def write_rows(readers: "Iterable[pa.RecordBatchReader]", path: Path) -> None:
    """Write rows as they come, each batch of them a group; so they are never all in memory.

    ``readers``: at least one, all with the same columns.
    """
    from pyarrow import parquet  # noqa: PLC0415 - as above

    with ExitStack() as opened:
        writer: parquet.ParquetWriter | None = None
        for reader in readers:
            if writer is None:
                how = _how(reader.schema)
                writer = opened.enter_context(parquet.ParquetWriter(path, reader.schema, **how))
            for batch in reader:
                writer.write_batch(batch)
