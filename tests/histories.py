"""Possible histories, made up from a seed: what a book may hold after years of clerks' work.

They are back-dated, voided and corrected; units move, merge in chains and dissolve; people
come back, come in, go out and die; several things happen on one day. Entries are
dictionaries as in JSON Lines, with ``no``, ``recorded_at`` and ``by``. What is possible is
decided here and in ``histories_people.py``, not by the lifecycle that is being tested.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.histories_numbers import BEGIN, TERMS, count_unnamed, open_class, set_target, void_count
from tests.histories_people import SECTORS, Person

Entry = dict[str, Any]


class Unit:
    """A unit as far as the history has come."""

    def __init__(self, founded: date) -> None:
        self.founded = founded
        self.ended = date.max
        self.heir: str | None = None
        self.children: set[str] = set()
        self.last_used = founded
        """The latest day on which anything was recorded of it, or it was named above another."""
        self.last_placed = founded - timedelta(days=1)
        """The latest day on which a person was placed in it; they come after units that day."""


class World:
    """Grows a history entry by entry; every prefix of it is possible."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.entries: list[Entry] = []
        self.today = BEGIN
        self.units: dict[str, Unit] = {}
        self.parents: dict[str, str | None] = {}
        self.structured = BEGIN
        """The day of the latest change of the tree above other units."""
        self.people: dict[str, Person] = {}
        self.classes: dict[str, Entry] = {}
        self.targets: dict[str, Entry] = {}
        self.counts: list[Entry] = []
        self.days = sorted(BEGIN + timedelta(days=self.random.randrange(4_500)) for _ in range(40))

    # Recording

    def add(self, kind: str, on: date, **fields: Any) -> Entry:
        """Record one entry, with the next number."""
        given = {name: value for name, value in fields.items() if value is not None}
        moment = f"{self.today.isoformat()}T08:00:00.{len(self.entries):06}Z"
        entry = {
            "kind": kind,
            "no": len(self.entries) + 1,
            "recorded_at": moment,
            "by": self.random.choice(("an", "binh")),
            "effective_on": on.isoformat(),
            **given,
        }
        self.entries.append(entry)
        return entry

    def some_day(self, earliest: date) -> date:
        """Return a day from ``earliest`` to today, often one on which other things happen."""
        if earliest >= self.today:
            return self.today
        shared = [day for day in self.days if earliest <= day <= self.today]
        if shared and self.random.random() < 0.5:
            return self.random.choice(shared)
        span = (self.today - earliest).days
        return earliest + timedelta(days=self.random.randint(0, span))

    def alive(self, on: date) -> list[str]:
        """Return the units that exist at the end of a day."""
        return [code for code, unit in self.units.items() if unit.founded <= on < unit.ended]

    def place(self, on: date) -> str | None:
        """Return a unit to put somebody in, and remember that it was used."""
        open_to = self.alive(on)
        return self.random.choice(open_to) if open_to else None

    def used(self, code: str, on: date) -> None:
        """Remember that something rests on a unit on a day."""
        self.units[code].last_used = max(self.units[code].last_used, on)

    def placed(self, code: str, on: date) -> None:
        """Remember that somebody was placed in a unit on a day."""
        self.units[code].last_placed = max(self.units[code].last_placed, on)

    # Units

    def found(self) -> None:
        """Found a unit, now and then back-dated."""
        code = "TP" if not self.units else f"TP.CB{len(self.units)}"
        on = BEGIN if len(self.units) < 4 else self.some_day(BEGIN)
        parents = [unit for unit in self.alive(on) if self.units[unit].ended > self.today]
        parent = self.random.choice(parents) if parents else None
        self.units[code] = Unit(on)
        self.parents[code] = parent
        if parent:
            self.units[parent].children.add(code)
            self.used(parent, on)
        self.structured = max(self.structured, on)
        self.add(
            "unit_founded",
            on,
            unit=code,
            name=f"Chi bộ giả định {len(self.units)}",
            type=self.random.choice(("cell", "grassroots_committee", "sub_committee")),
            sector=self.random.choice((None, *SECTORS)),
            parent=parent,
            enterprise=self.random.choice((None, None, "Công ty A", "Công ty B")),
        )

    def below(self, code: str) -> set[str]:
        """Return everything that ever lay below a unit, itself included."""
        found = {code}
        for child in self.units[code].children:
            found |= self.below(child)
        return found

    def going_on(self) -> list[str]:
        """Return the units that have not ended, the root left out."""
        return [code for code, unit in self.units.items() if unit.ended == date.max][1:]

    def move(self) -> None:
        """Put a unit under another, which may be where it already is."""
        units = self.going_on()
        if not units:
            return
        code = self.random.choice(units)
        on = self.some_day(max(self.structured, self.units[code].founded))
        others = [unit for unit in self.alive(on) if unit not in self.below(code)]
        parents = [unit for unit in others if self.units[unit].ended == date.max]
        if parents:
            parent = self.random.choice(parents)
            self.units[parent].children.add(code)
            self.structured = on
            self.used(parent, on)
            self.used(code, on)
            self.add("unit_moved", on, unit=code, parent=parent)

    def end(self) -> None:
        """Merge or dissolve a unit, on the last day that it was used or later."""
        units = self.going_on()
        if len(units) < 3:
            return
        code = self.random.choice(units)
        unit = self.units[code]
        earliest = max(unit.last_used, unit.last_placed + timedelta(days=1))
        on = self.some_day(max(earliest, self.structured if unit.children else BEGIN))
        heirs = [other for other in self.alive(on) if other not in self.below(code)]
        if unit.children:
            # An heir that ended later might have passed them on to one of themselves.
            heirs = [other for other in heirs if self.units[other].ended == date.max]
        if earliest > on or not heirs:
            return
        heir = self.random.choice(heirs)
        unit.ended, unit.heir = on, heir
        self.units[heir].children |= unit.children
        self.used(heir, on)
        if unit.children:
            self.structured = max(self.structured, on)
        if self.random.random() < 0.6:
            self.add("unit_merged", on, unit=code, into=heir)
        else:
            self.add("unit_dissolved", on, unit=code, cause="task_done", members_to=heir)

    def end_empty(self) -> None:
        """Found a unit in which nothing ever is, and dissolve it without an heir."""
        on = self.some_day(self.structured)
        code = f"TP.X{len(self.entries)}"
        parent = "TP" if self.units["TP"].ended == date.max else None
        self.add(
            "unit_founded", on, unit=code, name="Chi bộ tạm", type="temporary_cell", parent=parent
        )
        self.used("TP", on)
        self.add("unit_dissolved", self.some_day(on), unit=code, cause="discipline")

    def change_unit(self) -> None:
        """Rename or reclassify a unit, or open a term."""
        on = self.some_day(BEGIN)
        units = self.alive(on)
        code = self.random.choice(units)
        self.used(code, on)
        what = self.random.choice(
            (
                *("unit_renamed", "unit_reclassified", "term_opened", "unit_split"),
                *("local_rules_adopted", "local_rules_dropped"),
            )
        )
        if what == "unit_renamed":
            self.add(what, on, unit=code, name="Tên mới")
        elif what == "unit_reclassified":
            self.add(what, on, unit=code, sector=self.random.choice(SECTORS))
        elif what.startswith("local_rules"):
            self.add(what, on, unit=code, overlay="hanoi")
        elif what == "unit_split":
            self.used("TP", on)
            self.add(what, on, unit=code, into=["TP"])
        else:
            term = self.random.choice(tuple(TERMS))
            starts, ends = TERMS[term]
            self.add(what, on, unit=code, term=term, starts=f"{starts}", ends=f"{ends}")


def history(seed: int, size: int, *, targets: int = 5) -> list[Entry]:
    """Return a possible history of about ``size`` entries, the same one for the same seed.

    ``targets``: how often one is set, for about a hundred other entries.
    """
    world = World(seed)
    while len(world.units) < 5:
        world.found()
    for term, (starts, ends) in TERMS.items():
        days = {"starts": f"{starts}", "ends": f"{ends}"}
        world.add("term_opened", BEGIN, unit="TP", term=term, **days)
    steps: list[tuple[int, Callable[[], None]]] = [
        (2, world.found),
        (3, world.move),
        (3, world.end),
        (1, world.end_empty),
        (4, world.change_unit),
        (8, lambda: count_unnamed(world)),
        (1, lambda: void_count(world)),
        (targets, lambda: set_target(world)),
        (3, lambda: open_class(world)),
        (70, lambda: Person.act(world)),
    ]
    weights = [weight for weight, _ in steps]
    while len(world.entries) < size:
        world.today += timedelta(days=world.random.choice((0, 0, 0, 3, 40)) * 200 // size + 1)
        world.today = min(world.today, date(2025, 6, 30))
        world.random.choices([step for _, step in steps], weights)[0]()
    return world.entries


__all__ = ["BEGIN", "TERMS", "Entry", "history"]
