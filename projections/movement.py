"""Movement, form 1: opening + increases - decreases = closing, by cause (DOMAIN §4.3).

On each day units change first, then people, each of their entries in the tree of that day.
What crosses the edge of the subtree because a unit moved, merged or ended is reorganised;
what crosses it by an entry of the person is counted by the kind of that entry.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from projections.opening import Behind
from projections.reading import Reading
from projections.statements import statement

INCREASES = ("carried_forward", "admitted", "readmitted", "restored", "transferred_in")
DECREASES = ("died", "expelled", "deleted", "left_on_request", "transferred_out")
REORGANISED = ("reorganised_in", "reorganised_out")
LINES = (
    "opening",
    *INCREASES,
    *DECREASES,
    *REORGANISED,
    "unnamed_change",
    "closing",
)
"""The lines of a movement, in the order of the contract (DESIGN §7)."""
DETAILS = ("deleted_probationary", "transferred_in_book", "transferred_out_book")
"""Of which lines: those deleted on probation; those who came from, or went to, a unit of
this book by a transfer of their own."""


class Part(NamedTuple):
    """One movement that is asked for: of what lies under ``top``, over a period."""

    about: Mapping[str, Any]
    """What its row begins with, and what tells its figures from those of others."""
    top: str
    since: date
    last_on: date

    @property
    def opening_on(self) -> date:
        """The day at whose end the period opens: that before it, or the last if it is empty."""
        before = self.since - timedelta(days=1) if self.since > date.min else self.since
        return min(before, self.last_on)


def movement(
    reading: Reading, unit: str | None, since: date, until: date, *, as_of: date | None = None
) -> dict[str, Any]:
    """Return the movement of ``unit`` and all below it over a period, cut at ``as_of``.

    Keys: unit, from, to, then ``LINES``; ``to`` is the last day counted. Without a unit the
    whole book is meant, and ``unit`` names the one unit at its top, if there was no other.
    Raises unknown_unit.
    """
    (row,) = movements(reading, [whole(reading, unit, since, until, as_of=as_of)])
    return row


def whole(
    reading: Reading, unit: str | None, since: date, until: date, *, as_of: date | None = None
) -> Part:
    """Return the part of a period, both its days held, cut at ``as_of``; notes what is amiss.

    Raises unknown_unit.
    """
    last_on = until if as_of is None else min(until, as_of)
    if last_on < since:
        reading.note("period_not_begun", since=since, on=last_on)
    part = Part({}, unit or "", since, last_on)
    if unit is None:
        tops = _directly_below(reading, part)
        part = part._replace(about={"unit": tops[0] if len(tops) == 1 else None})
    else:
        reading.note_life(unit, last_on, part.opening_on)
        part = part._replace(about={"unit": unit})
    return part._replace(about={**part.about, "from": since, "to": last_on})


def yearly(reading: Reading, unit: str | None, years: Iterable[int], as_of: date) -> list[Part]:
    """Return a part a calendar year; the running year is cut at ``as_of``.

    Years that have not begun are left out, with a note. Raises unknown_unit.
    """
    parts = []
    for year in years:
        if year > as_of.year:
            reading.note("years_left_out", year=as_of.year)
            break
        part = whole(reading, unit, date(year, 1, 1), date(year, 12, 31), as_of=as_of)
        parts.append(part._replace(about={"year": year, **part.about}))
    return parts


def by_unit(reading: Reading, part: Part) -> list[Part]:
    """Return a part for the unit alone, then one for each unit directly below, with all under it.

    Directly below are those that were so at any time from the opening to the closing; in
    a restated reading, before its day, those of that day.
    """
    period = {name: value for name, value in part.about.items() if name != "unit"}
    found = []
    if part.top:
        alone = reading.subtrees.show_alone(part.top)
        found.append(part._replace(about={"unit": part.top, "alone": True, **period}, top=alone))
    found += [
        part._replace(about={"unit": code, "alone": False, **period}, top=code)
        for code in _directly_below(reading, part)
    ]
    return found


def movements(reading: Reading, parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return a row for each part: what it is about, ``LINES``, then ``DETAILS``' lines left out."""
    return [
        {name: value for name, value in row.items() if name not in DETAILS}
        for row in detailed(reading, parts)
    ]


def detailed(reading: Reading, parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return the rows of ``movements`` with ``DETAILS`` at the end of each."""
    counts = [dict.fromkeys((*LINES, *DETAILS), 0) for _ in parts]
    every = _asked(reading, parts)
    query = f"SELECT part, line, sum(how_many) FROM ({every}) AS b"  # noqa: S608 - ours
    for part, line, count in reading.sql(f"{query} GROUP BY part, line"):
        assert line in counts[part], f"{line} is no line of a movement"
        counts[part][line] = int(count)
    for row in counts:
        assert _closes(row), f"opening, changes and closing do not fit: {row}"
    return [{**part.about, **row} for part, row in zip(parts, counts, strict=True)]


def _closes(row: Mapping[str, int]) -> bool:
    """Return whether A + B - C = D, with the reorganised and the unnamed apart (DOMAIN §4.3)."""
    gained = sum(row[line] for line in (*INCREASES, "reorganised_in", "unnamed_change"))
    lost = sum(row[line] for line in (*DECREASES, "reorganised_out"))
    return row["opening"] + gained - lost == row["closing"]


def behind(
    reading: Reading, parts: Sequence[Part], lines: Iterable[str] = LINES
) -> Iterator[Behind]:
    """Yield the entries behind each line of each part.

    Behind the opening, the closing and what was reorganised stand the entries that put each
    person where they were, once for each crossing; behind a change of those without names
    the counts that came into force, and with a minus those that went out of it.
    """
    wanted = tuple(dict.fromkeys(lines))
    every = _asked(reading, parts)
    query = f"SELECT part, line, no, sum(how_many) FROM ({every}) AS b"  # noqa: S608 - ours
    found = reading.sql(
        f"{query} WHERE line IN (SELECT unnest($lines)) "
        "GROUP BY part, line, no HAVING sum(how_many) <> 0 ORDER BY part, no",
        lines=list(wanted),
    )
    by_line: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for part, line, no, how_many in found:
        by_line.setdefault((part, line), []).append((no, int(how_many)))
    for number, part_asked in enumerate(parts):
        for line in wanted:
            figure = {**part_asked.about, "number": line}
            for no, how_many in by_line.get((number, line), ()):
                if line in REORGANISED:
                    yield from [Behind(figure, no)] * how_many
                else:
                    yield Behind(figure, no, how_many)


def _asked(reading: Reading, parts: Sequence[Part]) -> str:
    """Make the tables that the statement needs; return it."""
    reading.need("spells", "flows", "heirs", "unnamed_stock")
    reading.subtrees.show(part.top for part in parts)
    reading.database.execute(
        "CREATE OR REPLACE TABLE parts "
        "(part INTEGER, top VARCHAR, opening_on DATE, since DATE, last_on DATE)"
    )
    if parts:
        marks = ", ".join(["(?, ?, ?, ?, ?)"] * len(parts))
        values = [
            value
            for number, part in enumerate(parts)
            for value in (number, part.top, part.opening_on, part.since, part.last_on)
        ]
        query = f"INSERT INTO parts VALUES {marks}"  # noqa: S608 - holds no value
        reading.database.execute(query, values)
    return statement("asked/movement")


_BELOW = """
SELECT DISTINCT l.code FROM tree AS t JOIN lives AS l ON l.unit = t.unit
  LEFT JOIN lives AS a ON a.unit = t.above
 WHERE coalesce(a.code, '') = $top AND t.since <= $last_on AND t.until > $opening_on
 ORDER BY l.code
"""


def _directly_below(reading: Reading, part: Part) -> list[str]:
    """Return the units directly below a part's top at any time from opening to closing."""
    reading.need("tree", "lives")
    earliest = reading.units_as_of or date.min
    found = reading.sql(
        _BELOW,
        top=part.top,
        opening_on=max(part.opening_on, earliest),
        last_on=max(part.last_on, earliest),
    )
    return [code for (code,) in found]
