"""What lies under units, and when: as it was, or restated under the units of a later day."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import duckdb

from projections.statements import statement

_ALONE = "\x1f"
"""Marks a top that means a unit alone: no code holds a control character."""
_RESTATED = "\x1e"
"""Stands in a top between a unit and the day under whose units it is read."""


class Subtrees:
    """Fills the table ``under`` (top, unit, since, until) for the units that are asked about.

    ``need`` makes derived tables; with ``units_as_of`` what was before that day is read
    under the units that stood for its units then.
    """

    def __init__(
        self,
        database: duckdb.DuckDBPyConnection,
        need: Callable[..., None],
        units_as_of: date | None,
    ) -> None:
        self._database = database
        self._need = need
        self._units_as_of = units_as_of
        self._shown: set[str] = set()
        self._has_successors = False

    def show(self, tops: Iterable[str]) -> None:
        """Put what lies under each of many units into ``under``, all at once.

        The empty top stands for the whole book.
        """
        asked = [top for top in dict.fromkeys(tops) if top not in self._shown]
        self._need("lives", "tree", "heirs")
        if not self._shown:
            self._database.execute(
                "CREATE OR REPLACE TABLE under (top VARCHAR, unit INTEGER, since DATE, until DATE)"
            )
        if "" in asked:
            self._database.execute(f"INSERT INTO under {statement('asked/anywhere')}")
        values: dict[str, Any] = {"tops": [top for top in asked if top]}
        if values["tops"]:
            name = "asked/under"
            if self._units_as_of:
                self._need_successors()
                name, values = "asked/restated", values | {"units_as_of": self._units_as_of}
            self._database.execute(f"INSERT INTO under {statement(name)}", values)
        self._shown.update(asked)

    def show_alone(self, unit: str) -> str:
        """Put one unit without what lies under it into ``under``; return its top there.

        In a restated reading every unit that it stands for is a part of it.
        """
        top = f"{_ALONE}{unit}"
        self.show([unit])
        if top not in self._shown:
            own = "SELECT unit FROM lives WHERE code = $unit"
            if self._units_as_of:
                stood = f"SELECT unit FROM successors WHERE stand IN ({own})"  # noqa: S608 - ours
                own = f"{own} UNION {stood}"
            self._database.execute(
                "INSERT INTO under SELECT $top, unit, since, until FROM under "  # noqa: S608 - ours
                f"WHERE top = $unit AND unit IN ({own})",
                {"top": top, "unit": unit},
            )
            self._shown.add(top)
        return top

    def show_restated(self, units: Iterable[str], units_as_of: date) -> dict[str, str]:
        """Put units as restated on a day into ``under``; return the top of each there.

        For a reading that is itself as it was: it can hold units restated on several days.
        """
        tops = {unit: f"{unit}{_RESTATED}{units_as_of}" for unit in units}
        asked = [unit for unit, top in tops.items() if top not in self._shown]
        if asked:
            self.show(asked)
            day = {"units_as_of": units_as_of}
            made = f"CREATE OR REPLACE TABLE successors AS {statement('asked/successors')}"
            self._database.execute(made, day)
            self._database.execute(
                f"INSERT INTO under SELECT top || $mark, unit, since, until "  # noqa: S608 - ours
                f"FROM ({statement('asked/restated')}) AS r",
                {"tops": asked, "mark": f"{_RESTATED}{units_as_of}", **day},
            )
            self._shown.update(tops.values())
        return tops

    def successors(self) -> dict[str, str]:
        """Return the code of what stands for each unit on the day of a restated reading."""
        self._need_successors()
        found = self._database.execute(
            "SELECT l.code, n.code FROM successors s "
            "JOIN lives l ON l.unit = s.unit JOIN lives n ON n.unit = s.stand"
        )
        return dict(found.fetchall())

    def _need_successors(self) -> None:
        if not self._has_successors:
            self._need("lives", "heirs", "tree")
            self._database.execute("CREATE TABLE successors (unit INTEGER, stand INTEGER)")
            self._database.execute(
                f"INSERT INTO successors {statement('asked/successors')}",
                {"units_as_of": self._units_as_of},
            )
            self._has_successors = True
