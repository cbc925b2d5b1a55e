"""All entries of a person or a unit in the order they took effect, with what each changed."""

from collections.abc import Mapping
from contextlib import closing
from datetime import date
from typing import Any, NamedTuple

from ledger.catalogue import KINDS, Entry, kind_of
from ledger.errors import Problem
from ledger.similar import similar
from projections.few import Few
from projections.reading import Reading
from projections.statements import STAGES


class Change(NamedTuple):
    """One entry of a history.

    ``before`` and ``after`` hold what it changed and nothing else: of a person standing,
    unit and stage, of a unit name, type, sector and above. Both are empty for an entry that
    changed nothing of that, and for one that no longer counts, by ``displaced_by``.
    """

    entry: Entry
    displaced_by: int | None
    before: dict[str, Any]
    after: dict[str, Any]


def history_of_person(
    reading: Reading, person: str, as_of: date | None = None, *, opened: bool = False
) -> list[Change]:
    """Return the entries of a person's file that were known, up to the end of a day.

    ``opened`` tells whether personal fields are opened. Raises unknown_person.
    """
    entries = reading.book.stream(f"person/{person}", opened=opened)
    reading.need("lives", "persons")
    if not any((entry.no or 0) <= reading.known for entry in entries):
        known = [row[0] for row in reading.sql("SELECT code FROM persons")]
        raise Problem("unknown_person", value=person, suggestion=similar(person, known))
    with closing(Few(reading.database, reading.need, [person])) as alone:
        alone.need("steps")
        rows = alone.sql(
            "SELECT s.no, s.standing_before, s.standing, b.code, l.code, s.stage, "
            "lag(s.stage) OVER (ORDER BY s.effective_on, s.place) FROM steps s "
            "LEFT JOIN lives l ON l.unit = s.placed LEFT JOIN lives b ON b.unit = s.placed_before"
        )
    states = {
        no: (
            {"standing": before, "unit": unit_before, "stage": _stage(stage_before)},
            {"standing": after, "unit": unit, "stage": _stage(stage)},
        )
        for no, before, after, unit_before, unit, stage, stage_before in rows
    }
    return _changes(reading, entries, states, as_of)


def history_of_unit(
    reading: Reading, unit: str, as_of: date | None = None, *, opened: bool = False
) -> list[Change]:
    """Return the entries of a unit, and those of others than persons that name it.

    Raises unknown_unit.
    """
    own = reading.book.stream(f"unit/{unit}", opened=opened)
    if not any((entry.no or 0) <= reading.known for entry in own):
        reading.life(unit)  # says that there is no such unit, and which is like it
    entries = own + [
        entry
        for entry in reading.book.naming(f"unit/{unit}")
        if KINDS[kind_of(entry)].stream != "person"
    ]
    reading.need("live")
    rows = reading.sql(
        "SELECT no, last_value(name IGNORE NULLS) OVER so_far, "
        "last_value(type IGNORE NULLS) OVER so_far, last_value(sector IGNORE NULLS) OVER so_far, "
        "last_value(parent IGNORE NULLS) OVER so_far FROM live WHERE unit = $unit AND kind IN "
        "('unit_founded', 'unit_renamed', 'unit_reclassified', 'unit_moved') "
        "WINDOW so_far AS (ORDER BY effective_on, place ROWS BETWEEN UNBOUNDED PRECEDING "
        "AND CURRENT ROW) ORDER BY effective_on, place",
        unit=unit,
    )
    fields = ("name", "type", "sector", "above")
    states: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    before: dict[str, Any] = dict.fromkeys(fields)
    for no, *values in rows:
        after = dict(zip(fields, values, strict=True))
        states[no] = before, after
        before = after
    return _changes(reading, entries, states, as_of)


def _stage(number: int | None) -> str | None:
    return STAGES[number - 1] if number else None


def _changes(
    reading: Reading,
    entries: list[Entry],
    states: Mapping[int, tuple[dict[str, Any], dict[str, Any]]],
    as_of: date | None,
) -> list[Change]:
    reading.need("displaced", "corrections")
    displaced = dict(reading.sql("SELECT no, by_no FROM displaced"))
    # A correction stands where the wrong entry stood within its day (docs/decisions/06).
    places = dict(reading.sql("SELECT no, place FROM corrections"))
    known = {entry.no: entry for entry in entries if entry.no and entry.no <= reading.known}
    found = []
    for no, entry in sorted(
        known.items(),
        key=lambda item: (item[1].effective_on, places.get(item[0], item[0]), item[0]),
    ):
        if as_of is not None and entry.effective_on > as_of:
            continue
        before, after = states.get(no or 0, ({}, {}))
        changed = [name for name in after if before[name] != after[name]]
        found.append(
            Change(
                entry,
                displaced.get(no),
                {name: before[name] for name in changed},
                {name: after[name] for name in changed},
            )
        )
    return found
