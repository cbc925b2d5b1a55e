"""A person's standing as a pure function of their entries (DESIGN §3, Lifecycle)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from ledger.catalogue import Entry, kind_of
from ledger.catalogue.base import ProfileChange
from ledger.errors import Problem
from ledger.lifecycle.effects import Effect, Standing, effect_of, enough


class Status(Struct, frozen=True):
    """Where a person stands after one of their entries.

    ``unit`` is the unit as an entry named it; a unit that has ended since then has passed
    its people on, which ``unit.py`` knows.
    """

    standing: Standing = "none"
    unit: str = ""
    since: date | None = None
    """The day the present standing began; for who came with a past, the day it says."""
    joined_on: date | None = None
    official_on: date | None = None
    previous: Standing = "none"
    """The latest membership standing, also after it was left; ``none`` if never a member."""
    in_pipeline: bool = False
    """Whether an applicant is on the way to admission: nominated or listed, not taken off."""
    cause: Entry | None = None
    """The entry that gave the present standing."""
    placed: Entry | None = None
    """The entry that gave the unit."""

    @property
    def is_member(self) -> bool:
        """Whether the person is a probationary or official member."""
        return self.standing in {"probationary", "official"}


NOBODY = Status()


Places = Mapping[int, int]
"""For each correction, by its number, the number whose place it takes."""

NO_CORRECTIONS: Places = {}


def place_in_time(entry: Entry, places: Places = NO_CORRECTIONS) -> tuple[date, int]:
    """Return what an entry is ordered by: its effective day, then its number.

    A correction takes the place of the wrong entry among those of a day.
    """
    no = entry.no or 0
    return entry.effective_on, places.get(no, no)


def in_order(entries: Iterable[Entry], places: Places = NO_CORRECTIONS) -> list[Entry]:
    """Return entries in the order they take effect in."""
    return sorted(entries, key=lambda entry: place_in_time(entry, places))


def _refusal(status: Status, entry: Any, effect: Effect) -> Problem:
    """Return why ``entry`` cannot follow ``status``."""
    about: dict[str, Any] = {
        "kind": kind_of(entry),
        "person": entry.person,
        "on": entry.effective_on,
        "clash": status.cause,
    }
    if status.standing == "none":
        return Problem("not_opened", **about)
    if status.standing == "dead":
        return Problem("dead", **about)
    if effect.needs <= {"probationary"}:
        return Problem("not_probationary", **about)
    if status.is_member:
        return Problem("already_member", **about)
    if effect.needs <= {"none"}:
        return Problem("already_on_file", unit=status.unit, **about)
    return Problem("not_member", **about)


def _check_coming(status: Status, entry: Any) -> None:
    """Check what a member who comes with a past says of it."""
    if kind_of(entry) == "transferred_in" and status.previous == "none":
        if entry.joined_on is None:
            raise Problem("profile_needed", person=entry.person, field="joined_on")
        if entry.profile is None and status.standing == "none":
            raise Problem("profile_needed", person=entry.person, field="profile")
    for field in ("decided_on", "joined_on", "official_on"):
        value = getattr(entry, field)
        if value is not None and value > entry.effective_on:
            raise Problem("later_than_entry", field=field, value=value, on=entry.effective_on)


def _check(status: Status, entry: Any, effect: Effect) -> None:
    """Raise a Problem when ``entry`` cannot follow ``status``."""
    if status.standing not in effect.needs:
        raise _refusal(status, entry, effect)
    kind = kind_of(entry)
    if kind == "nominated" and status.in_pipeline and status.unit == entry.unit:
        raise Problem("already_on_file", person=entry.person, unit=entry.unit, clash=status.placed)
    if kind == "restored" and status.previous == "none":
        raise Problem("never_member", person=entry.person, on=entry.effective_on)
    if effect.official_by:
        _check_coming(status, entry)
    # What was read from the log shows only the names of its personal fields.
    says_nothing = kind == "profile_changed" and entry.profile == ProfileChange()
    if says_nothing and not entry.sealed:
        raise Problem("nothing_changes", kind=kind, unit=entry.person)


def advance(status: Status, entry: Any) -> Status:
    """Return the status after ``entry``; raise a Problem when it cannot follow ``status``."""
    kind = kind_of(entry)
    if status.standing in enough(kind):
        return status
    effect = effect_of(kind)
    _check(status, entry, effect)
    if effect.gives is None and effect.place is None and effect.in_pipeline is None:
        return status
    standing: Standing = status.standing
    joined_on, official_on = status.joined_on, status.official_on
    since = status.since
    if effect.gives is not None:
        given = effect.gives
        if effect.official_by and getattr(entry, effect.official_by) is not None:
            given = "official"
        if given == "previous":
            standing = status.previous if status.previous != "none" else "probationary"
        else:
            standing = given
        since = entry.effective_on
        if kind_of(entry) == "admitted":
            joined_on, official_on = entry.effective_on, None
        elif kind_of(entry) == "recognized_official":
            official_on = entry.effective_on
        elif effect.official_by:
            joined_on = entry.joined_on or joined_on
            official_on = entry.official_on or official_on
            if status.previous == "none":
                since = entry.official_on or entry.joined_on
    member = standing in {"probationary", "official"}
    changed = effect.gives is not None
    place = getattr(entry, effect.place) if effect.place else None
    in_pipeline = status.in_pipeline if effect.in_pipeline is None else effect.in_pipeline
    return Status(
        standing=standing,
        unit=place or status.unit,
        since=since,
        joined_on=joined_on,
        official_on=official_on,
        previous=standing if member else status.previous,
        in_pipeline=in_pipeline and standing in {"applicant", "left"},
        cause=entry if changed else status.cause,
        placed=entry if place else status.placed,
    )


def _opened_later(problem: Problem, ordered: list[Entry]) -> Problem:
    """Return ``problem``, or a better one where a later entry opens the file."""
    if problem.code == "not_opened":
        for entry in ordered:
            if "none" in effect_of(kind_of(entry)).needs:
                return Problem("not_opened_yet", **(problem.values | {"clash": entry}))
    return problem


def timeline(
    entries: Iterable[Entry], places: Places = NO_CORRECTIONS
) -> list[tuple[Entry, Status]]:
    """Return each entry of one person with the status after it, in the order they take effect.

    ``entries`` are those that count: voided and corrected ones left out. Raises a Problem
    for the first entry that cannot follow those before it; ``Problem.entry`` names it.
    """
    status = NOBODY
    found: list[tuple[Entry, Status]] = []
    ordered = in_order(entries, places)
    for entry in ordered:
        try:
            status = advance(status, entry)
        except Problem as problem:
            told = _opened_later(problem, ordered)
            told.entry = entry
            raise told from None
        found.append((entry, status))
    return found


def status_on(entries: Iterable[Entry], day: date, places: Places = NO_CORRECTIONS) -> Status:
    """Return a person's status at the end of ``day``; ``NOBODY`` before their first entry.

    Raises a Problem when the entries up to that day are no possible history.
    """
    steps = timeline((entry for entry in entries if entry.effective_on <= day), places)
    return steps[-1][1] if steps else NOBODY
