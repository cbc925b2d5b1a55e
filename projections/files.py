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
_RISING = {"no": 64, "place": 64, "next_no": 64, "person": 32}
"""Columns of numbers, with their bits: another in each row, or hundreds of thousands in all,
often near the last. So is the first column of a table, by which most of them are ordered."""


def _how(schema: "pa.Schema") -> dict[str, Any]:
    from pyarrow.types import is_date, is_integer  # noqa: PLC0415 - slow; seldom is written

    encodings: dict[str, str] = {}
    for place, field in enumerate(schema):
        is_whole = is_integer(field.type)
        if is_whole and (not place or _RISING.get(field.name) == field.type.bit_width):
            encodings[field.name] = "DELTA_BINARY_PACKED"
        elif is_whole or is_date(field.type):
            # The high bytes, much the same in all rows, stand together.
            encodings[field.name] = "BYTE_STREAM_SPLIT"
    return {
        "compression": "zstd",
        "write_statistics": [name for name in schema.names if name in _SOUGHT],
        "use_dictionary": [name for name in schema.names if name not in encodings],
        "column_encoding": encodings,
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


def misleads(path: Path) -> bool:
    """Return whether a file says of its groups of rows what is not so, or more than ours say.

    Readers pass over groups by it, without looking at the rows.
    """
    from pyarrow import compute, parquet  # noqa: PLC0415 - as above
    from pyarrow.types import is_dictionary  # noqa: PLC0415 - as above

    with parquet.ParquetFile(path) as file:
        for number in range(file.metadata.num_row_groups):
            group = file.metadata.row_group(number)
            for place in range(group.num_columns):
                about, name = group.column(place), group.column(place).path_in_schema
                if about.bloom_filter_offset or about.has_column_index:
                    return True
                said = about.statistics
                if said is None or not (said.has_min_max or said.has_null_count):
                    continue
                if name not in _SOUGHT:
                    return True
                column = file.read_row_group(number, [name]).column(name)
                if is_dictionary(column.type):
                    column = column.cast(column.type.value_type)
                least, most = (each.as_py() for each in compute.min_max(column).values())
                if said.has_min_max and (said.min, said.max) != (least, most):
                    return True
                if said.has_null_count and said.null_count != column.null_count:
                    return True
    return False
