"""The people of made-up histories: what can happen to one, decided without the lifecycle."""

import random
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.possible import standing_on, standings

if TYPE_CHECKING:
    from tests.histories import World

Entry = dict[str, Any]
SECTORS = ("ward", "state_agency", "non_state_enterprise", "joint_stock", "chợ")
UNIONS: tuple[list[str], ...] = (
    [],
    ["none"],
    ["youth_union"],
    ["youth_union", "trade_union"],
    ["trade_union", "youth_union"],
    ["hội"],
)
"""Both ways to be in no union, several in any order, and one that is not listed."""
OPENERS = ("nominated", "nominated", "nominated", "carried_forward", "transferred_in")
_ANYBODY = (
    "profile_changed",
    "profile_changed",
    "enrolled_in_class",
    "enrolled_in_class",
    "attended_class",
    "attended_class",
    "mentor_assigned",
    "task_assigned",
    "assessed",
    "died",
)
_APPLICANT = (
    "listed",
    "listed",
    "delisted",
    "dossier_opened",
    "vetting_requested",
    "resolved",
    "resolved",
    "dossier_submitted",
    "admission_decided",
    "admission_decided",
    "admission_cancelled",
    "admitted",
    "admitted",
    "admitted",
)
_OF_MEMBERS = (
    "recognized_official",
    "recognized_official",
    "recognized_official",
    "transferred",
    "transferred",
    "transferred_out",
    "expelled",
    "deleted",
    "left_on_request",
    "card_issued",
    "suspended",
    "exempted",
    "disciplined",
    "temporary_transfer_began",
)
_FORMER = ("restored", "transferred_in", "nominated", "admitted", "listed")


def some_profile(chance: random.Random) -> Entry:
    """Return some of the fields that statistics use."""
    found: Entry = {
        "sex": chance.choice(("male", "female")),
        "birth_year": chance.randint(1950, 2002),
        "ethnicity": chance.choice(("kinh", "tay", "nung")),
        "religion": chance.choice(("none", "catholic", "buddhist")),
        "occupation": chance.choice(("worker", "student", "farmer")),
        "education": chance.choice(("upper_secondary", "lower_secondary")),
        "professional_education": chance.choice(("none", "college", "university", "nghề")),
        "political_theory": chance.choice(("none", "elementary", "advanced")),
        "unions": chance.choice(UNIONS),
        "private_owner": chance.random() < 0.3,
    }
    return {name: value for name, value in found.items() if chance.random() < 0.7}


def filters_for(chance: random.Random, measure: str) -> Entry:
    """Return filters that a measure can be narrowed by."""
    of_people: list[Entry] = [
        {"sex": "female"},
        {"sex": "male", "ethnicity": ["kinh", "tay"]},
        {"age": "18-30"},
        {"age": ["31-35", "over_60"]},
        {"religion": "any"},
        {"religion": "catholic"},
        {"occupation": "student"},
        {"private_owner": True},
        {"education": "upper_secondary", "sex": "female"},
        {"sector": "non_state_enterprise"},
        {"unit_type": "cell"},
        {"union": "youth_union"},
        {"union": ["none", "hội"]},
        {"union": "trade_union+youth_union"},
        {"union": "unknown"},
        {"professional_education": ["college", "university"]},
        {"political_theory": "unknown"},
        {"sector_group": "non_state_enterprise"},
        {"sector_group": ["chợ", "commune_level"]},
        {"sector": "joint_stock", "private_owner": "unknown"},
    ]
    choices: dict[str, list[Entry]] = {
        "members": [
            *of_people,
            {"standing": "official"},
            {"join_era": "from_1975_05_01"},
            {"join_era": ["to_1954_07_20", "to_1975_04_30"]},
        ],
        "admissions": [*of_people, {"readmission": True}, {"readmission": False}],
        "units": [
            {"unit_type": "cell"},
            {"founded_in": {"from": "2013-01-01", "to": "2016-12-31"}},
        ],
        "enterprises": [{"sector": "ward"}],
        "units_founded": [{"unit_type": "cell"}, {"sector": "ward"}],
        "classes": [{"class_type": "awareness"}, {"class_type": "new_member"}],
        "class_participants": [*of_people, {"class_type": "awareness"}],
        "certificates": [*of_people, {"class_type": "new_member"}],
        "departures": [*of_people, {"cause": "died"}, {"cause": ["expelled", "deleted"]}],
        "external": [{}],
    }
    return chance.choice(choices.get(measure, of_people))


class Person:
    """One person: their entries that count, and whether they could have happened."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.live: list[Entry] = []
        self.mentored: list[date] = []
        """Days on which this person was made somebody's mentor."""
        self.places: dict[int, int] = {}
        """The number that orders an entry on its day: a correction is where the wrong one was."""

    def is_possible(self, live: list[Entry]) -> bool:
        """Return whether these entries can be all that counts of this person."""
        states = standings(live, self.places)
        return states is not None and all(
            standing_on(states, on) == "official" for on in self.mentored
        )

    def standing_on(self, on: date) -> str:
        """Return the standing at the end of a day."""
        return standing_on(standings(self.live, self.places) or [], on)

    @staticmethod
    def act(world: "World") -> None:
        """Let something happen to somebody, or mend what was recorded of them."""
        chance = world.random
        if not world.people or chance.random() < 0.12:
            person = Person(f"P{len(world.people) + 1:06}")
            if person.record(world, chance.choice(OPENERS), world.some_day(date(2013, 1, 1))):
                world.people[person.code] = person
            return
        person = chance.choice(tuple(world.people.values()))
        mending = chance.random()
        if mending < 0.04:
            person.void(world)
        elif mending < 0.09:
            person.correct(world)
        else:
            last = max((e["effective_on"] for e in person.live), default="2013-01-01")
            earliest = date.fromisoformat(last) if chance.random() < 0.8 else date(2013, 1, 1)
            on = world.some_day(earliest)
            person.record(world, person.some_kind(chance, on), on)

    def some_kind(self, chance: random.Random, on: date) -> str:
        """Return a kind that is likely from where the person stands on a day."""
        standing = self.standing_on(on)
        if standing == "none":
            return chance.choice(OPENERS)
        likely = {"applicant": _APPLICANT, "left": _FORMER}.get(standing, _OF_MEMBERS)
        return chance.choice(likely if chance.random() < 0.7 else _ANYBODY)

    def record(self, world: "World", kind: str, on: date, **fields: Any) -> bool:
        """Record an entry if it is possible; say whether it was."""
        own = self.fields(world, kind, on)
        if own is None:
            return False
        no = len(world.entries) + 1
        entry: Entry = {"kind": kind, "no": no, "effective_on": f"{on}", **own}
        corrected: int = fields.get("corrects", 0)
        others = [e for e in self.live if e["no"] != corrected]
        self.places[no] = self.places.get(corrected, no)
        if not self.is_possible([*others, entry]):
            return False
        mentor = own.get("mentor")
        if mentor and (mentor == self.code or world.people[mentor].standing_on(on) != "official"):
            return False
        if mentor:
            world.people[mentor].mentored.append(on)
        for name in ("unit", "to"):
            if own.get(name) in world.units and kind not in {"assessed", "dossier_submitted"}:
                world.placed(own[name], on)
        self.live = [*others, world.add(kind, on, person=self.code, **own | fields)]
        return True

    def fields(self, world: "World", kind: str, on: date) -> Entry | None:
        """Return what an entry of a kind says beside its person, None if it cannot say it."""
        chance = world.random
        if kind in {"enrolled_in_class", "attended_class"}:
            begun = [code for code, entry in world.classes.items() if entry["starts"] <= f"{on}"]
            choices = begun if kind == "attended_class" else tuple(world.classes)
            return {"class": chance.choice(choices)} if choices else None
        if kind == "profile_changed":
            changed = some_profile(chance)
            return {"profile": changed} if changed else None
        unit = world.place(on)
        if unit is None:
            return None
        found: Entry = {**_SAID.get(kind, {}), **_votes(chance, kind)}
        if kind in _PLACED and (kind != "listed" or chance.random() < 0.5):
            found["unit"] = unit
        if kind == "transferred":
            found["to"] = unit
        if kind == "mentor_assigned":
            found["mentor"] = chance.choice(tuple(world.people))
        if kind == "nominated":
            found["profile"] = {"name": "Người Giả Định", **some_profile(chance)}
        if kind in {"carried_forward", "transferred_in"}:
            found |= self.past(chance, on) if kind != "transferred_in" or not self.live else {}
            if chance.random() < 0.6:
                found["official_on"] = f"{on.replace(day=1, year=on.year - 1)}"
        return found

    @staticmethod
    def past(chance: random.Random, on: date) -> Entry:
        """Return what somebody new to the book says of before."""
        joined_on = date(on.year - chance.choice((2, 4, 9, 40, 60, 70)), 4, 30)
        profile = {"name": "Người Giả Định", **some_profile(chance)}
        return {"profile": profile, "joined_on": f"{joined_on}"}

    def void(self, world: "World") -> None:
        """Void one of the entries, if the others are possible without it."""
        if not self.live:
            return
        wrong = world.random.choice(self.live)
        others = [entry for entry in self.live if entry is not wrong]
        if wrong["kind"] != "mentor_assigned" and others and self.is_possible(others):
            self.live = others
            world.add("voided", world.today, entry=wrong["no"], reason="ghi nhầm")

    def correct(self, world: "World") -> None:
        """Correct one of the entries: the same kind on another day, or in another place."""
        if not self.live:
            return
        wrong = world.random.choice(self.live)
        if wrong["kind"] != "mentor_assigned":
            on = world.some_day(date(2013, 1, 1))
            if world.random.random() < 0.5:
                on = date.fromisoformat(wrong["effective_on"])
            self.record(world, wrong["kind"], on, corrects=wrong["no"])


_PLACED = {"nominated", "listed", "admitted", "restored", "assessed", *OPENERS}
_SAID: dict[str, Entry] = {
    "assessed": {"assessment": "ready"},
    "transferred_in": {"elsewhere": "Nơi khác"},
    "transferred_out": {"elsewhere": "Nơi khác"},
    "temporary_transfer_began": {"host": "Nơi khác"},
    "disciplined": {"form": "warning"},
    "dossier_submitted": {"to": "TP"},
    "admission_decided": {"by_unit": "TP"},
    "task_assigned": {"task": "Tuyên truyền"},
}


def _votes(chance: random.Random, kind: str) -> Entry:
    if kind != "resolved":
        return {}
    eligible = chance.randint(3, 12)
    votes_for = chance.randint(0, eligible)
    return {
        "body": chance.choice(("cell", "grassroots_committee", "deciding_body")),
        "matter": chance.choice(("admission", "admission", "admission", "recognition")),
        "votes_for": votes_for,
        "votes_against": eligible - votes_for,
        "eligible": eligible,
    }
