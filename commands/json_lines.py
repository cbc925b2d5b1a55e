"""Values and rows as JSON: days and moments as ISO text, the same in every language."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

_ENCODER = msgspec.json.Encoder(enc_hook=str)


@runtime_checkable
class _Json(Protocol):
    def json_lines(self) -> Iterator[str]: ...


def json_text(value: Any) -> str:
    """Return a value as JSON on one line, in UTF-8, days and moments as ISO text."""
    # Some ten times as fast as the standard library, for reports of a hundred thousand rows.
    return msgspec.json.format(_ENCODER.encode(value), indent=0).decode()


def json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Return each row as JSON; rows that can do so by themselves do it many times as fast."""
    return rows.json_lines() if isinstance(rows, _Json) else map(json_text, rows)


def array_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a JSON array, one row a line."""
    yield "["
    waiting: str | None = None
    for line in json_lines(rows):
        if waiting is not None:
            yield f"{waiting},"
        waiting = line
    if waiting is not None:
        yield waiting
    yield "]"
