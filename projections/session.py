"""The database in which a reading counts: in memory, and closed to everything but the cache."""

from pathlib import Path

import duckdb

from projections.columns import selected
from projections.segments import Segments


def connected(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that reaches nothing but the files in the folder of a cache."""
    database = duckdb.connect()
    database.execute("ATTACH ':memory:' AS shown")  # where query.py puts its views
    for setting in (
        "TimeZone = 'UTC'",  # or a query would be answered in that of the machine
        "temp_directory = ''",  # files there could be read by anybody's SQL
        f"allowed_directories = [{_quoted(f'{folder}/')}]",
        "enable_external_access = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "python_enable_replacements = false",
        "lock_configuration = true",
    ):
        database.execute(f"SET {setting}")
    return database


def show_entries(database: duckdb.DuckDBPyConnection, segments: Segments) -> list[str]:
    """Make the view ``segments`` of all entries of a book, with every column there is.

    Return the names under which Arrow shows those that are in memory only.
    """
    shown: list[str] = []
    sources: list[tuple[str, set[str]]] = []
    if segments.kept:
        names = ", ".join(_quoted(segments.path(kept)) for kept in segments.kept)
        held = {name for kept in segments.kept for name in kept.columns}
        sources.append((f"read_parquet([{names}], union_by_name = true)", held))
    for number, piece in enumerate(segments.fresh):
        shown.append(f"fresh_{number}")
        database.register(shown[-1], piece.columns)
        sources.append((shown[-1], set(piece.columns.column_names)))
    selects = [
        f"SELECT {selected(held)} FROM {source}"  # noqa: S608 - columns and files are our own
        for source, held in sources or [("(SELECT 1) WHERE FALSE", set[str]())]
    ]
    database.execute(f"CREATE VIEW segments AS {' UNION ALL '.join(selects)}")
    return shown


def _quoted(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"
