"""Who is a member, or at a stage of the pipeline, where, in what standing, and since when."""

from datetime import date
from typing import Any

from projections.reading import Reading
from projections.statements import STAGES, statement

MEMBERS = "standing IN ('probationary', 'official')"
_PERSONAL = ("name", "birth_date", "home", "citizen_id")


def roster(
    reading: Reading,
    unit: str | None,
    as_of: date,
    *,
    names: bool = False,
    stage: str | None = None,
) -> list[dict[str, Any]]:
    """Return the members of ``unit`` and all below it at the end of a day, by unit and person.

    Rows ``person, unit, standing, since, joined_on, official_on``: ``since`` is the day on
    which the present standing began, which is not that of joining. With ``stage``,
    those whose furthest stage that is, and the stage in each row; with ``names`` the
    personal fields of the profile, None where they are sealed or erased. In a restated
    reading ``unit`` is the one that stands for theirs. Unnamed people are in no roster.
    Raises unknown_unit.
    """
    assert stage is None or stage in STAGES, stage
    unit = reading.unit(unit, as_of)
    reading.note_life(unit, as_of)
    reading.need("spells", "persons", "lives")
    wanted = MEMBERS if stage is None else f"stage = {STAGES.index(stage) + 1:d}"
    found = reading.sql(
        "SELECT p.code, l.code, x.standing, "  # noqa: S608 - all parts are our own
        "x.standing_since, x.joined_on, x.official_on "
        f"FROM ({statement('asked/people')}) AS x JOIN persons AS p ON p.person = x.person "
        f"JOIN lives AS l ON l.unit = x.unit WHERE {wanted} ORDER BY l.code, p.code",
        top=reading.under(unit),
        day=as_of,
    )
    fields = ("person", "unit", "standing", "since", "joined_on", "official_on")
    rows = [dict(zip(fields, row, strict=True)) for row in found]
    if reading.units_as_of and as_of < reading.units_as_of:
        successors = reading.successors()
        for row in rows:
            row["unit"] = successors.get(row["unit"], row["unit"])
        rows.sort(key=lambda row: (row["unit"], row["person"]))
    if stage is not None:
        rows = [row | {"stage": stage} for row in rows]
    return named(reading, rows, as_of) if names else rows


def named(reading: Reading, rows: list[dict[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """Return ``rows`` with the personal fields of the profile as they stood on the day.

    Any rows with a ``person``; the fields are None where they are sealed or erased.
    """
    reading.need("live")
    entries = reading.sql(
        "SELECT no, person FROM live WHERE kind IN "
        "('nominated', 'carried_forward', 'transferred_in', 'profile_changed') "
        "AND effective_on <= $day ORDER BY effective_on, place",
        day=as_of,
    )
    wanted = {row["person"] for row in rows}
    known: dict[str, dict[str, Any]] = {}
    for no, person in entries:
        if person in wanted:
            profile = getattr(reading.book.entry(no, opened=True), "profile", None)
            given = {name: getattr(profile, name, None) for name in _PERSONAL}
            own = known.setdefault(person, dict.fromkeys(_PERSONAL))
            own.update((name, value) for name, value in given.items() if value is not None)
    return [row | known.get(row["person"], {}) for row in rows]
