"""Derived tables out of the cache, and into it.

A table that was kept at an earlier entry still says what is true of everybody on whom nothing
was recorded since; of the few others it is made anew. So the first question after a clerk's
entry does not wait for the tables of the whole book.
"""

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import duckdb

from projections.few import Few, is_of_people
from projections.files import GROUP_ROWS
from projections.segments import Kept, Segments
from projections.session import quoted
from projections.statements import KEPT, OF_NOBODY, ONLY_AT_HEAD, statement

if TYPE_CHECKING:
    import pyarrow as pa

SORTED_ROWS = 1_000_000
"""About how many rows are sorted at once, beside the table itself."""
LATE_SHARE = 20
"""When more than one entry in so many came since a table was kept, it is made anew."""

_LATE = KEPT.keys() - ONLY_AT_HEAD


class KeptTables:
    """The derived tables that the cache keeps, shown as they are at the head of the book.

    ``database`` and ``need`` are those of the reading.
    """

    def __init__(
        self, segments: Segments, database: duckdb.DuckDBPyConnection, need: Callable[..., None]
    ) -> None:
        self._segments, self._database, self._need = segments, database, need
        head = segments.head.no
        self._tables = {
            name: kept
            for name, kept in segments.tables.items()
            if kept.last == head or (name in _LATE and (head - kept.last) * LATE_SHARE <= head)
        }
        self._since = min((kept.last for kept in self._tables.values()), default=head)
        self._compared: set[str] = set()
        """Tables whose files are known to be as they were written."""
        self._few: Few | None = None
        self._late: list[str] | None = None
        """The codes of people whose entries came later; None before they were looked for."""
        # What was decoded or made just now goes to disk while it is counted.
        self._writing = threading.Thread(target=segments.flush)
        self._writing.start()
        if not segments.fresh:  # then there may be later, and one at a time writes that
            self._writing.join()
        self._failed: list[Exception] = []

    def show(self, name: str) -> bool:
        """Make a view of a table out of the cache; return whether that was possible."""
        kept = self._tables.get(name)
        if kept is None or not self._is_as_written(name, kept):
            return False
        rows = f"FROM read_parquet({quoted(self._segments.path(kept))})"
        if kept.last < self._segments.head.no:
            late = self._late_people()
            if name not in self._tables:
                return False
            if name == "persons":
                self._show_late_persons(rows)
                rows += " UNION ALL FROM late_persons"
            elif is_of_people(name):  # rows of nobody are always made anew
                self._few_people(late).show(name, f"late_{name}")
                rows += " WHERE person IS NOT NULL"
                rows += " AND person NOT IN (SELECT person FROM late_people)"
                rows += f" UNION ALL FROM late_{name}"
        self._database.execute(f"CREATE OR REPLACE VIEW {name} AS {rows}")
        return True

    def _is_as_written(self, name: str, kept: Kept) -> bool:
        if name not in self._compared and not self._segments.is_foreign(kept):
            self._compared.add(name)
        return name in self._compared

    def _late_people(self) -> list[str]:
        """Return the people of whom earlier tables do not know all; forget those of no use."""
        if self._late is None:
            self._need("log", "displaced", "kinds")
            found = self._database.execute(
                statement("asked/late"), {"since": self._since}
            ).fetchall()
            if any(of_more for _, of_more in found):
                head = self._segments.head.no
                self._tables = {n: kept for n, kept in self._tables.items() if kept.last == head}
            self._late = [person for person, _ in found if person is not None]
        return self._late

    def _show_late_persons(self, earlier: str) -> None:
        self._need("live", "kinds")
        self._database.execute(f"CREATE VIEW earlier_persons AS {earlier}")
        self._database.execute(
            f"CREATE TABLE late_persons AS {statement('asked/late_persons')}",
            {"since": self._since},
        )

    def _few_people(self, codes: list[str]) -> Few:
        if self._few is None:
            self._few = Few(self._database, self._need, codes)
            self._few.show("persons", "late_people")
        return self._few

    def keep(self, name: str, order: str, people: "pa.Table | None" = None) -> None:
        """Have a table kept as it is at the head; it is written while others are made.

        ``order``: columns that no two of its rows share. ``people``: the rows of people of a
        table of paths, in the order in which they are kept.
        """
        written = (self._writing, self._database.cursor(), name, order, people)
        self._writing = threading.Thread(target=self._write, args=written)
        self._writing.start()

    def _write(
        self,
        before: threading.Thread,
        cursor: duckdb.DuckDBPyConnection,
        name: str,
        order: str,
        people: "pa.Table | None",
    ) -> None:
        """Write a table to the cache, after what goes there before it."""
        before.join()
        try:
            with cursor:
                made = people is not None
                rows = _as_made(cursor, name, people) if made else _sorted(cursor, name, order)
                self._segments.keep_table(name, rows)
        except Exception as error:  # noqa: BLE001 - raised where the reading is closed
            self._failed.append(error)

    def close(self) -> None:
        """Wait for what is being written; raise what kept a table from being read."""
        self._writing.join()
        if self._few:
            self._few.close()
        self._segments.close()
        if self._failed:
            raise self._failed[0]


def _as_made(
    cursor: duckdb.DuckDBPyConnection, path: str, people: "pa.Table"
) -> "Iterator[pa.RecordBatchReader]":
    """Yield the rows of a table of paths in the order in which they were made."""
    yield people.to_reader(GROUP_ROWS)
    if path in OF_NOBODY:
        others = cursor.sql(f"FROM {OF_NOBODY[path]} ORDER BY no").to_arrow_table()
        yield others.cast(people.schema).to_reader(GROUP_ROWS)


def _sorted(
    cursor: duckdb.DuckDBPyConnection, name: str, order: str
) -> "Iterator[pa.RecordBatchReader]":
    """Yield the rows of a table in their order, one range of its first column after another."""
    first = order.partition(",")[0]
    ((low, high, count),) = cursor.execute(
        f"SELECT min({first}), max({first}), count(*) FROM {name}"  # noqa: S608 - our own names
    ).fetchall()
    parts = -(-count // SORTED_ROWS) if isinstance(low, int) else 0
    if parts < 2:  # noqa: PLR2004 - one range is all
        yield cursor.sql(f"FROM {name} ORDER BY {order}").to_arrow_reader(GROUP_ROWS)
        return
    ends = [low + (high + 1 - low) * nth // parts for nth in range(parts + 1)]
    for begin, end in pairwise(ends):
        part = f"FROM {name} WHERE {first} >= {begin} AND {first} < {end} ORDER BY {order}"
        yield cursor.sql(part).to_arrow_reader(GROUP_ROWS)
