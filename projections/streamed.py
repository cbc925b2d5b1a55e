"""Rows that may be very many: fetched only as they are read, and made JSON where they are."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from projections.reading import Reading

_ROWS_A_PIECE = 20_000


class Streamed(Collection[dict[str, Any]]):
    """Rows of a SELECT as mappings, in an order; they may be read more than once.

    ``columns``: their names, each with the SQL that gives it from ``source``. The reading must
    be open while they are read.
    """

    def __init__(self, reading: Reading, columns: dict[str, str], source: str, order: str) -> None:
        self._database = reading.database
        self._columns = columns
        self._source = source
        self._order = order

    def __len__(self) -> int:
        query = f"SELECT count(*) FROM {self._source}"  # noqa: S608 - ours
        return int(self._database.execute(query).fetchall()[0][0])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = list(self._columns)
        for values in self._pieces([f'{sql} AS "{name}"' for name, sql in self._columns.items()]):
            for row in zip(*values, strict=True):
                yield dict(zip(names, row, strict=True))

    def __contains__(self, row: object) -> bool:
        return any(row == found for found in self)

    def json_lines(self) -> Iterator[str]:
        """Yield each row as a JSON object on one line, as ``json_text`` writes it."""
        parts = ", ', ', ".join(
            f"""'"{name}": ', coalesce(CAST(to_json({sql}) AS VARCHAR), 'null')"""
            for name, sql in self._columns.items()
        )
        for (lines,) in self._pieces([f"concat('{{', {parts}, '}}') AS line"]):
            yield from lines

    def _pieces(self, selected: Sequence[str]) -> Iterator[list[list[Any]]]:
        """Yield some rows after the other, as a list of values a column."""
        # A cursor of its own: another question to the database would end what is being read.
        with self._database.cursor() as cursor:
            rows = cursor.sql(
                f"SELECT {', '.join(selected)} FROM {self._source} "  # noqa: S608 - ours
                f"ORDER BY {self._order}"
            )
            for piece in rows.to_arrow_reader(_ROWS_A_PIECE):
                yield [_values(column) for column in piece.columns]


def _values(column: Any) -> list[Any]:
    """Return the values of an Arrow array; a day that comes again is made only once."""
    if str(column.type) != "date32[day]":
        return list(column.to_pylist())
    coded = column.dictionary_encode()
    days = [*coded.dictionary.to_pylist(), None]
    return [days[-1 if place is None else place] for place in coded.indices.to_pylist()]
