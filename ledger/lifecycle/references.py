"""What an entry names must be there: units, people, classes, targets (DESIGN §3, Lifecycle)."""

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.catalogue import Entry, kind_of, references
from ledger.errors import Problem
from ledger.lifecycle.person import status_on
from ledger.lifecycle.unit import STRUCTURE

if TYPE_CHECKING:
    from ledger.lifecycle.timelines import Timelines


class Named(NamedTuple):
    """A field that names another record, which must be in the book."""

    attribute: str
    what: str
    """unit, person, class, target: how the id of the stream begins."""
    many: bool
    """Whether it holds a list."""
    alive: bool
    """Whether what it names must exist on the day of the entry."""


@cache
def named_fields(kind: str) -> tuple[Named, ...]:
    """Return the fields of ``kind`` by which it names others, its own stream left out."""
    return tuple(
        Named(field.attribute, field.names or "", field.many, field.alive)
        for field in references(kind)
        if field.known
    )


def named_streams(entry: Entry) -> tuple[str, ...]:
    """Return the streams that an entry names and rests on, its own left out."""
    fields = named_fields(kind_of(entry))
    if not fields:
        return ()
    found: list[str] = []
    for attribute, what, many, _ in fields:
        value = getattr(entry, attribute)
        if value is not None:
            found += [f"{what}/{code}" for code in value] if many else [f"{what}/{value}"]
    return tuple(found)


def check_references(timelines: "Timelines", entry: Entry) -> None:
    """Raise a Problem when something that ``entry`` names does not exist (then)."""
    kind = kind_of(entry)
    fields = named_fields(kind)
    if not fields:
        return
    for attribute, what, many, alive in fields:
        value = getattr(entry, attribute)
        if value is None:
            continue
        for code in value if many else (value,):
            if what == "unit":
                _check_unit(timelines, entry, code, alive=alive)
            elif not timelines.is_there(f"{what}/{code}"):
                raise _unknown(timelines, what, code)
    if kind == "mentor_assigned":
        _check_mentor(timelines, entry)
    elif kind == "attended_class":
        _check_attendance(timelines, entry)


def _unknown(timelines: "Timelines", what: str, code: str) -> Problem:
    similar = timelines.similar(what, code)
    return Problem(f"unknown_{what}", value=code, suggestion=similar or "")


def _check_unit(timelines: "Timelines", entry: Entry, code: str, *, alive: bool) -> None:
    life = timelines.life(code)
    if life is None:
        raise _unknown(timelines, "unit", code)
    if not alive:
        return
    day = entry.effective_on
    if life.founded.effective_on > day:
        raise Problem("unit_not_yet", value=code, on=day, clash=life.founded)
    if life.ended is None or day < life.ended_on:
        return
    # Within a day units change first, one after another, and then people: on the day of its
    # end a unit can still have a part in what happened to other units before.
    if kind_of(entry) in STRUCTURE and timelines.place(entry) < timelines.place(life.ended):
        return
    raise Problem("unit_ended", value=code, on=day, clash=life.ended)


def _check_mentor(timelines: "Timelines", entry: Any) -> None:
    if entry.mentor == entry.person:
        raise Problem("mentor_self", value=entry.mentor)
    day = entry.effective_on
    status = timelines.known(f"person/{entry.mentor}").status
    if status.standing == "official" and status.cause and status.cause.effective_on <= day:
        return
    live = timelines.live(f"person/{entry.mentor}")
    status = status_on(live, day, timelines.places)
    if status.standing != "official":
        clash = status.cause or live[0]
        raise Problem("mentor_not_official", value=entry.mentor, on=day, clash=clash)


def _check_attendance(timelines: "Timelines", entry: Any) -> None:
    opened: Any = timelines.live(f"class/{entry.class_}")[0]
    if entry.effective_on < opened.starts:
        raise Problem("class_not_yet", value=entry.class_, on=entry.effective_on, clash=opened)
