"""A reading: one book as it was known at one of its entries, as tables.

Everything that is read off the tables depends on nothing but the entries up to ``known``.
What was recorded later is left out before anything else, so that a later voiding or
correction has not happened yet.
"""

from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ledger.book import Book
from ledger.errors import Problem
from ledger.similar import similar
from projections.kept import KeptTables
from projections.notes import Note
from projections.segments import Segments, Told, quietly
from projections.session import Entries, connected
from projections.statements import DECLARED, KEPT, NEEDS, PATHS, rows_of, statement
from projections.subtrees import Subtrees

if TYPE_CHECKING:
    import pyarrow as pa

FOREVER = date(9999, 12, 31)
"""The day after the last on which something holds that goes on."""
LARGE_ENTRIES = 20_000
"""From so many on, a table of all that count would take too much memory."""
_TOGETHER = ("spells", "flows")
"""The paths that most questions need, made in one go; ``stays`` would add a third to
what the cache takes."""


class Reading:
    """A book as known at an entry; a context manager.

    ``known`` is the number of that entry, by default that of the head, or the last entry
    recorded up to ``known_at``; ``head`` is the book's head when the reading began. With
    ``units_as_of`` the reading is *restated*: what was before that day is read under the
    units that stood for its units on that day. ``notes`` collects what a report must say on
    itself; ``tell`` learns how far entries are decoded; ``anew``: no kept table is used. Raises
    unknown_entry for a number that the book does not have.
    """

    def __init__(
        self,
        book: Book,
        *,
        known_entry: int | None = None,
        known_at: datetime | None = None,
        units_as_of: date | None = None,
        tell: Told = quietly,
        anew: bool = False,
    ) -> None:
        self.book, self._anew = book, anew
        self.units_as_of = units_as_of
        self.notes: list[Note] = []
        self._segments = Segments(book, tell)
        self.head = self._segments.head
        if known_entry is not None and not 0 <= known_entry <= self.head.no:
            raise Problem("unknown_entry", value=known_entry)
        self._made: set[str] = set()
        self._fresh: list[str] = []
        """What is shown to the database by Arrow: entries, and tables of paths."""
        self._entries: Entries | None = None
        self.database = connected(self._segments)
        self.subtrees = Subtrees(self.database, self.need, units_as_of)
        if self._segments.fresh:
            self._shown()
        self._kept = KeptTables(self._segments, self.database, self.need)
        self.known = self.head.no if known_entry is None else known_entry
        if known_at is not None:
            self.known = self._last_recorded(known_at)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Keep what was made, as far as that is possible, and let everything go."""
        try:
            self._kept.close()
        finally:
            self.database.close()

    @property
    def is_whole(self) -> bool:
        """Whether all that the book holds is known."""
        return self.known == self.head.no

    @property
    def _keeps(self) -> bool:
        return self.is_whole and not self._anew

    def settle(self) -> None:
        """Take what Arrow shows into the database, so that it shows only its own tables."""
        for name in self._fresh:
            self.database.execute(f"CREATE TABLE {name}_settled AS FROM {name}")
            if name in PATHS:
                self.database.execute(f"DROP VIEW {name}")
            self.database.unregister(f"{name}_of_people" if name in PATHS else name)
            self.database.execute(f"ALTER TABLE {name}_settled RENAME TO {name}")
        self._fresh.clear()

    def _shown(self) -> Entries:
        """Return the entries of the book; what was kept of them is looked at when first asked."""
        if self._entries is None:
            self._entries = Entries(self.database, self._segments)
            self._fresh += self._entries.shown
        return self._entries

    def _last_recorded(self, moment: datetime) -> int:
        recorded = self._shown().up_to(self.head.no)
        found = self.sql(
            "SELECT coalesce(max(no), 0) "  # noqa: S608 - holds no value
            f"FROM ({recorded}) WHERE recorded_at <= $moment",
            moment=moment.astimezone(UTC).replace(tzinfo=None),
        )
        return int(found[0][0])

    # Tables

    def need(self, *names: str) -> None:
        """Make the derived tables that are not there yet, with all that they are made from."""
        for name in names:
            if name not in self._made:
                self._make(name)
                self._made.add(name)

    def _make(self, name: str) -> None:
        if name == "log":
            self.database.execute(f"CREATE VIEW log AS {self._shown().up_to(self.known)}")
        elif name in DECLARED:
            self._declare(name)
        elif self.has_kept(name):
            pass
        elif name in PATHS:
            self._make_paths(name)
        else:
            self.need(*NEEDS[name])
            # A view saves memory; a table saves DuckDB from unfolding all columns each time.
            what = "VIEW" if name == "live" and self.known >= LARGE_ENTRIES else "TABLE"
            self.database.execute(f"CREATE {what} {name} AS {statement(name)}")
            if name in KEPT:
                self.keep(name, KEPT[name])

    def _make_paths(self, wanted: str) -> None:
        together = _TOGETHER if wanted in _TOGETHER else ()
        others = [name for name in together if name != wanted and name not in self._made]
        self._made.update([wanted, *others])
        names = [wanted, *(name for name in others if not self.has_kept(name))]
        from projections.paths.making import made  # noqa: PLC0415 - slow import; mostly all is kept

        self.need(*(need for name in names for need in NEEDS[name]))
        for each, people in made(self.database, names).items():
            shown = f"{each}_of_people"
            self.database.register(shown, people)
            self.database.execute(f"CREATE TEMP VIEW {each} AS {rows_of(each, shown)}")
            self._fresh.append(each)
            if each in KEPT:
                self.keep(each, KEPT[each], people)

    def has_kept(self, name: str) -> bool:
        """Return whether the cache gives a table as it is at the entry read; show it then."""
        return self.is_whole and not self._anew and self._kept.show(name)

    def keep(self, name: str, order: str, people: "pa.Table | None" = None) -> None:
        """Have a table kept that depends on nothing but the entries up to ``known``.

        ``order``: columns that no two of its rows share. ``people``: what a table of paths is
        made of. A reading of an earlier entry than the head keeps none.
        """
        if self._keeps:
            self._kept.keep(name, order, people)

    def _declare(self, name: str) -> None:
        columns, rows = DECLARED[name]
        self.database.execute(f"CREATE TABLE {name} ({columns})")
        # One statement for all rows: DuckDB takes milliseconds for each.
        marks = ", ".join([f"({', '.join('?' * len(rows[0]))})"] * len(rows))
        self.database.execute(
            f"INSERT INTO {name} VALUES {marks}",  # noqa: S608 - holds no value
            [value for row in rows for value in row],
        )

    def under(self, unit: str | None) -> str:
        """Put what lies under ``unit``, and when, into the table ``under``; return its ``top``.

        The unit itself is in it during its life; without a unit, every unit of the book.
        In a restated reading all that a unit did before ``units_as_of`` lies where the unit
        that stands for it lay on that day.
        """
        self.subtrees.show([unit or ""])
        return unit or ""

    def successors(self) -> dict[str, str]:
        """Return which unit stands for each unit in a restated reading: mostly itself.

        A unit that ended is stood for by its heir, and so on; one without an heir by what
        stands for the unit that it last lay under. Empty in a reading that is not restated.
        """
        return self.subtrees.successors() if self.units_as_of else {}

    def sql(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT over tables that were asked for with ``need``."""
        return self.database.execute(query, parameters or None).fetchall()

    # Units

    def unit(self, code: str | None, on: date = date.max) -> str | None:
        """Return ``code``, or the only unit at the top on a day when none is given.

        None when several units, or none, are at the top: the whole book is meant then.
        Raises unknown_unit.
        """
        if code is None:
            self.need("lives", "tree")
            day = min(on, FOREVER - timedelta(days=1))
            tops = self.sql(
                "SELECT l.code FROM tree t JOIN lives l ON l.unit = t.unit "
                "WHERE t.above IS NULL AND t.since <= $day AND t.until > $day",
                day=day,
            )
            return str(tops[0][0]) if len(tops) == 1 else None
        self.life(code)
        return code

    def life(self, code: str) -> tuple[date, date]:
        """Return the days on which a unit was founded and ended (FOREVER if it goes on).

        Raises unknown_unit, and person_not_unit for the code of a person.
        """
        self.need("lives")
        found = self.sql("SELECT founded_on, ended_on FROM lives WHERE code = $code", code=code)
        if not found:
            self.need("log")
            if self.sql("SELECT 1 FROM log WHERE person = $code LIMIT 1", code=code):
                raise Problem("person_not_unit", value=code)
            units = [row[0] for row in self.sql("SELECT code FROM lives")]
            raise Problem("unknown_unit", value=code, suggestion=similar(code, units))
        return found[0][0], found[0][1]

    def note_life(self, code: str | None, on: date, since: date | None = None) -> None:
        """Note on the report when ``code`` does not exist on a day, nor since ``since``."""
        if self.units_as_of and on < self.units_as_of:
            on, since = self.units_as_of, None
        if code is not None:
            founded_on, ended_on = self.life(code)
            if not (founded_on <= on and (since or on) < ended_on):
                self.note("unit_not_there", unit=code, on=on)

    def note(self, code: str, **values: Any) -> None:
        """Add a note of ``NOTES``, once."""
        note = Note(code, values)
        if note not in self.notes:
            self.notes.append(note)

    def stamp(self) -> dict[str, Any]:
        """Return what every report says on itself: book, head and what was known."""
        book, head = self.book.id, self.head
        return {"book": book, "head": head.no, "root": head.root.hex(), "known": self.known}
