"""Rows of a report as Parquet, for other tools: identifiers, days as days, nothing in words."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from commands.json_lines import json_text

_LARGEST = 2**63
_METADATA = b"rollbook"


def write_rows(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    said: Mapping[str, Any],
) -> None:
    """Write rows as a Parquet file; ``said`` is kept in its metadata, as JSON under rollbook.

    A column of whole numbers, truths, days or moments is one; every other is text: exact
    numbers such as ``200/3`` as they are, lists and maps as JSON.
    """
    arrays = [_array([row.get(column) for row in rows]) for column in columns]
    table = pa.table(arrays, names=list(columns)).replace_schema_metadata(metadata(said))
    parquet.write_table(table, path, compression="zstd")


def metadata(said: Mapping[str, Any]) -> dict[bytes, bytes]:
    """Return what a Parquet file says on itself."""
    kept = {name: str(v) if isinstance(v, date) else v for name, v in said.items()}
    return {_METADATA: json.dumps(kept, ensure_ascii=False).encode()}


def _array(values: list[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(v is None or -_LARGEST <= v < _LARGEST for v in values):
        return pa.array(values, pa.int64())
    if kinds == {float}:
        return pa.array(values, pa.float64())
    if kinds == {date}:
        return pa.array(values, pa.date32())
    if kinds == {datetime}:
        zoned = all(value is None or value.tzinfo for value in values)
        return pa.array(values, pa.timestamp("us", tz="UTC" if zoned else None))
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool | dict | list | tuple):
        return json_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
