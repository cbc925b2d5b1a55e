"""Read-only SQL over the tables of a reading, without a way to files or the network."""

from itertools import chain
from typing import Any

import duckdb

from ledger.errors import Problem, WrongUsage
from projections.reading import Reading
from projections.statements import statement

TABLES: dict[str, tuple[str, ...]] = {
    "entries": ("log", "displaced"),
    "units": ("units", "lives"),
    "tree": ("tree", "lives"),
    "spells": ("spells", "persons", "lives", "stages"),
    "flows": ("flows", "persons", "lives", "stages"),
    "profiles": ("profiles", "persons"),
    "unnamed": ("unnamed_stock", "unnamed_flow", "lives"),
}
"""The tables that may be asked, people and units by their codes, and what each needs."""


def query(reading: Reading, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of one SELECT over ``TABLES``, as known to the reading.

    Raises WrongUsage (query_not_reading, query_failed).
    """
    database = reading.database
    try:
        statements = database.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise WrongUsage(Problem("query_not_reading", value=sql))
        _show(reading)
        database.execute("USE shown")
        found = database.execute(statements[0])
        columns = [column[0] for column in found.description or ()]
        return columns, found.fetchall()
    except RuntimeError as error:
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from error  # DuckDB's word for Ctrl-C
    except duckdb.Error as error:
        detail = str(error).partition("\n")[0]
        raise WrongUsage(Problem("query_failed", detail=detail)) from error
    finally:
        database.execute("USE memory")


def _show(reading: Reading) -> None:
    """Make the views that carry codes in the place of keys."""
    reading.need(*chain.from_iterable(TABLES.values()))
    reading.settle()
    for name in TABLES:
        text = statement(f"shown/{name}")
        reading.database.execute(f"CREATE OR REPLACE VIEW shown.main.{name} AS {text}")
