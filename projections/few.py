"""The derived tables of a few people, made as if the book held nothing on anybody else.

They are made in the same ways as those of everybody, in a session of their own, in which
``persons`` are these people and ``live`` their entries, beside those that concern no person.
"""

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

import duckdb

from projections.statements import NEEDS, PATHS, rows_of, statement

_NUMBERS = count(1)


def is_of_people(name: str) -> bool:
    """Return whether each row of a table is of a person, or of none, and made of their entries."""
    return any(need == "persons" or is_of_people(need) for need in NEEDS.get(name, ()))


class Few:
    """Some people of a reading, by their codes.

    ``database`` and ``need`` are those of the reading: tables that have no people are taken
    from there.
    """

    def __init__(
        self,
        database: duckdb.DuckDBPyConnection,
        need: Callable[..., None],
        codes: Iterable[str],
    ) -> None:
        self._need = need
        need("persons", "live")
        nth = next(_NUMBERS)
        # What Arrow shows is there in the session of the reading only.
        database.execute(
            f"CREATE TABLE persons_{nth} AS "  # noqa: S608 - our own number
            "SELECT person, code FROM persons "
            "WHERE code IN (SELECT unnest(CAST($codes AS VARCHAR[])))",
            {"codes": list(codes)},
        )
        database.execute(
            f"CREATE TABLE live_{nth} AS FROM live "  # noqa: S608 - our own number
            f"WHERE person IS NULL OR person IN (SELECT code FROM persons_{nth})"
        )
        self._session = database.cursor()
        for name in ("persons", "live"):  # looked up among what is temporary first
            self._session.execute(f"CREATE TEMP VIEW {name} AS FROM main.{name}_{nth}")
        self._made = {"persons", "live"}

    def need(self, *names: str) -> None:
        """Make tables of these people that are not there yet, with all they are made from."""
        for name in names:
            if name in self._made:
                continue
            if not is_of_people(name):
                self._need(name)
                continue
            self.need(*NEEDS[name])
            if name in PATHS:
                from projections.paths.making import made  # noqa: PLC0415 - slow import

                self._session.register("made", made(self._session, [name])[name])
            rows = rows_of(name, "made") if name in PATHS else statement(name)
            self._session.execute(f"CREATE TEMP TABLE {name} AS {rows}")
            self._made.add(name)

    def sql(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT over tables that were asked for with ``need``."""
        return self._session.execute(query, parameters or None).fetchall()

    def show(self, name: str, shown: str) -> None:
        """Make a table of these people in the database of the reading, under another name."""
        self.need(name)
        self._session.execute(f"CREATE TABLE main.{shown} AS FROM {name}")

    def close(self) -> None:
        """Let the tables go, but for what was shown."""
        self._session.close()
