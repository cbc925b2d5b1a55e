"""The database in which a reading counts: in memory, and closed to everything but the cache."""

from collections.abc import Iterable

import duckdb

from projections.columns import selected
from projections.segments import Piece, Segments


def connected(segments: Segments) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that reaches nothing but the files of a cache."""
    reachable = [segments.path(kept) for kept in [*segments.kept, *segments.tables.values()]]
    database = duckdb.connect()
    database.execute("ATTACH ':memory:' AS shown")  # where query.py puts its views
    for setting in (
        "TimeZone = 'UTC'",  # or a query would be answered in that of the machine
        "temp_directory = ''",  # files there could be read by anybody's SQL
        f"allowed_paths = [{', '.join(map(quoted, reachable))}]",
        "enable_external_access = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "python_enable_replacements = false",
        "lock_configuration = true",
    ):
        database.execute(f"SET {setting}")
    return database


class Entries:
    """All entries of a book: files of the cache, and what Arrow shows of those in memory only."""

    def __init__(self, database: duckdb.DuckDBPyConnection, segments: Segments) -> None:
        segments.compare()
        self.shown = [f"fresh_{number}" for number, _ in enumerate(segments.fresh)]
        """The names under which Arrow shows some."""
        self._kept = [(kept, segments.path(kept)) for kept in segments.kept]
        self._fresh: list[tuple[str, Piece]] = [*zip(self.shown, segments.fresh, strict=True)]
        for name, piece in self._fresh:
            database.register(name, piece.columns)

    def up_to(self, last: int) -> str:
        """Return the SELECT of the entries up to number ``last``, with every column there is.

        Only where the last of them stands rows are asked for their number: to ask all costs a
        third of what is made of them.
        """
        selects: list[str] = []
        whole = [(kept, path) for kept, path in self._kept if kept.last <= last]
        cut = [(kept, path) for kept, path in self._kept if kept.first <= last < kept.last]
        for files, asked in ((whole, ""), (cut, f" WHERE no <= {last:d}")):
            if files:
                names = ", ".join(quoted(path) for _, path in files)
                held = {name for kept, _ in files for name in kept.columns}
                source = f"read_parquet([{names}], union_by_name = true)"
                selects.append(_select(held, source + asked))
        for name, piece in self._fresh:
            if piece.first <= last:
                asked = "" if piece.last <= last else f" WHERE no <= {last:d}"
                selects.append(_select(piece.columns.column_names, name + asked))
        return " UNION ALL ".join(selects or [_select((), "(SELECT 1) WHERE FALSE")])


def _select(held: Iterable[str], source: str) -> str:
    return f"SELECT {selected({*held})} FROM {source}"  # noqa: S608 - files and names are our own


def quoted(path: str) -> str:
    """Return a path as a text of SQL."""
    return "'" + path.replace("'", "''") + "'"
