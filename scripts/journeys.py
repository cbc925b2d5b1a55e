"""What becomes of one person in a generated history, and what goes wrong in recording it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

FIRST_DAY = date(2010, 1, 4)
LAST_DAY = date(2025, 12, 31)
DAYS = [
    (FIRST_DAY + timedelta(days)).isoformat() for days in range((LAST_DAY - FIRST_DAY).days + 1)
]
"""Every day of the histories as ISO text; days are counted from the first."""
_LAST = len(DAYS) - 1
_YEAR_DAYS = 365
_NOMINATED_UNTIL = 5_500

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Võ", "Đặng", "Bùi", "Lò", "Hồ")
_MIDDLES = ("Văn", "Thị", "Đức", "Ngọc", "Minh", "Thu", "Quang")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Nam", "Phúc", "Yến")
_PEOPLES = ("kinh", "kinh", "kinh", "kinh", "kinh", "tay", "muong", "khmer")
_SCHOOLS = ("upper_secondary", "upper_secondary", "lower_secondary", "primary")
_WORK = ("civil_servant", "public_employee", "commune_official", "village_official")
_FAITHS = ("none", "none", "none", "none", "catholic", "buddhist")
_SECTORS = ("residential", "public_service", "state_enterprise", "private_enterprise")

Step = tuple[int, dict[str, Any]]
"""The day of an entry, and the entry."""


def day_of(day: date) -> int:
    """Return how many days after the first a day is."""
    return (day - FIRST_DAY).days


class Shape:
    """The units of a book of ``count`` entries: committees, wards in them, cells in these."""

    MERGED_ON = day_of(date(2023, 3, 1))
    """On this day some cells pass into the first one of their ward."""

    def __init__(self, count: int) -> None:
        self.cells = max(4, count // 250)
        self.wards = max(2, self.cells // 15)
        self.committees = max(2, self.wards // 12)

    def ward_of(self, cell: int) -> int:
        """Return the ward that a cell lies in."""
        return cell * self.wards // self.cells

    def committee_of(self, ward: int) -> int:
        """Return the committee that a ward lies in."""
        return ward * self.committees // self.wards

    def first_cell(self, ward: int) -> int:
        """Return the first cell of a ward, which is there from beginning to end."""
        return -(-ward * self.cells // self.wards)

    def first_of(self, cell: int) -> int:
        """Return the first cell of the ward that a cell lies in."""
        return self.first_cell(self.ward_of(cell))

    def ward(self, number: int) -> str:
        """Return the code of a ward."""
        return f"T.{self.committee_of(number)}.{number}"

    def cell(self, number: int) -> str:
        """Return the code of a cell."""
        ward = self.ward_of(number)
        return f"T.{self.committee_of(ward)}.{ward}.{number}"

    def sector(self, cell: int) -> str:
        """Return the sector of a cell, a code."""
        return _SECTORS[cell % len(_SECTORS)]

    def founded(self, cell: int) -> int:
        """Return the day on which a cell is founded."""
        later = (cell - self.first_of(cell)) % 7 == 3
        return 1_000 + cell % 3_000 if later else 0

    def merged(self, cell: int) -> bool:
        """Return whether a cell passes into the first of its ward."""
        return (cell - self.first_of(cell)) % 7 == 5

    def living(self, cell: int, day: int) -> str:
        """Return the code of a cell, or of the first of its ward when it is not there."""
        gone = day < self.founded(cell) or (day >= self.MERGED_ON and self.merged(cell))
        return self.cell(self.first_of(cell) if gone else cell)


class Member:
    """One person; ``steady`` are people who are official members from the first day on."""

    def __init__(self, number: int, shape: Shape, chance: Random, steady: Sequence[int]) -> None:
        self._number = number
        self._shape = shape
        self._chance = chance
        self._code = f"P{number + 1:07}"
        self._steady = number in steady
        self._mentor = f"P{steady[number % len(steady)] + 1:07}"
        self._cell = chance.randrange(shape.cells)

    def entries(self) -> Iterator[Step]:
        """Yield the person's entries up to the last day, by the days they take effect on."""
        for day, entry in self._whole_life():
            if day > _LAST:
                return
            yield day, {"effective_on": DAYS[day], "person": self._code} | entry

    def _whole_life(self) -> Iterator[Step]:
        if self._number % 10 < 4:
            past = {"joined_on": "2000-05-19", "official_on": "2001-05-19"}
            unit = {"unit": self._home(0), "profile": self._profile(1950, 1985)}
            yield 0, {"kind": "carried_forward", **unit, **past}
            if not self._steady:
                yield from self._membership(self._chance.randrange(10, 4_000))
            return
        day = self._chance.randrange(1, _NOMINATED_UNTIL)
        for day, entry in self._pipeline(day):  # noqa: B020 - the last day is where life goes on
            yield day, entry
            if entry["kind"] == "delisted":
                return
        if self._chance.random() < 0.1:
            return
        yield from self._probation(day + self._chance.randrange(5, 30))

    def _home(self, day: int) -> str:
        return self._shape.living(self._cell, day)

    def _profile(self, earliest: int, latest: int) -> dict[str, Any]:
        chance = self._chance
        year = chance.randrange(earliest, latest)
        names = (chance.choice(_FAMILIES), chance.choice(_MIDDLES), chance.choice(_GIVEN))
        profile: dict[str, Any] = {
            "name": " ".join(names),
            "birth_date": f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            "birth_year": year,
            "sex": chance.choice(("female", "male")),
            "ethnicity": chance.choice(_PEOPLES),
            "religion": chance.choice(_FAITHS),
            "occupation": chance.choice(_WORK),
        }
        if chance.random() < 0.9:
            profile["education"] = chance.choice(_SCHOOLS)
        return profile

    def _class(self, letter: str, day: int) -> dict[str, str]:
        committee = self._shape.committee_of(self._shape.ward_of(self._cell))
        return {"class": f"{letter}.{committee}.{DAYS[min(day, _LAST)][:4]}"}

    def _pipeline(self, day: int) -> Iterator[Step]:
        """Yield what comes before the ceremony, or up to being taken off the list."""
        chance, mentor = self._chance, {"mentor": self._mentor}
        profile = self._profile(1985, 1996)
        yield day, {"kind": "nominated", "unit": self._home(day), "profile": profile}
        yield (day := day + chance.randrange(3, 20)), {"kind": "listed"}
        yield (day := day + 5), {"kind": "mentor_assigned", **mentor}
        task = {"task": "tuyên truyền"}
        yield (day := day + 10), {"kind": "task_assigned", **task}
        yield (day := day + 30), {"kind": "task_reported", **task, "outcome": "hoàn thành"}
        if chance.random() < 0.1:
            yield day + 60, {"kind": "delisted"}
            return
        day += chance.randrange(10, 200)
        course = self._class("L", day)
        yield day, {"kind": "enrolled_in_class", **course}
        certificate = {"certificate": str(self._number)}
        yield (day := day + 7), {"kind": "attended_class", **course, **certificate}
        report = {"assessment": "ready", "strengths": "nhiệt tình", "weaknesses": "ít kinh nghiệm"}
        yield (day := day + 60), {"kind": "mentor_reported", **mentor, **report}
        yield (day := day + chance.randrange(5, 90)), {"kind": "dossier_opened"}
        yield (day := day + 5), {"kind": "vetting_requested"}
        yield (day := day + 25), {"kind": "vetted", "outcome": "clear"}
        yield day + 2, {"kind": "referred", "referrer": self._mentor}
        body = {"body": "residence", "favourable": True, "opinion": "tốt"}
        yield day + 4, {"kind": "commented", **body}
        votes = {"votes_for": 14, "votes_against": chance.randrange(4), "eligible": 18}
        yield (day := day + 10), {"kind": "resolved", "body": "cell", "matter": "admission"} | votes
        ward = self._shape.ward(self._shape.ward_of(self._cell))
        yield (day := day + 8), {"kind": "dossier_submitted", "to": ward}
        paper = {"number": f"{self._number}-QĐ/TU", "issuer": "Tỉnh ủy"}
        day += chance.randrange(10, 60)
        yield day, {"kind": "admission_decided", "by_unit": "T", "document": paper}

    def _probation(self, day: int) -> Iterator[Step]:
        """Yield the ceremony, the year after it, and life as a member."""
        yield day, {"kind": "admitted", "unit": self._home(day)}
        official = day + _YEAR_DAYS
        day += 100
        yield day, {"kind": "attended_class", **self._class("M", day)}
        votes = {"votes_for": 15, "votes_against": 1, "eligible": 18}
        yield official, {"kind": "recognized_official"}
        yield official + 5, {"kind": "resolved", "body": "cell", "matter": "recognition"} | votes
        yield official + 20, {"kind": "card_issued", "card_number": str(self._number)}
        yield from self._membership(official + self._chance.randrange(50, 2_000))

    def _membership(self, day: int) -> Iterator[Step]:
        """Yield what happens to a member from a day on: moves, small things, often an end."""
        chance = self._chance
        while chance.random() < 0.35:
            far = chance.random() < 0.3
            cells = self._shape.cells
            self._cell = chance.randrange(cells) if far else (self._cell + 1) % cells
            yield day, {"kind": "transferred", "to": self._home(day)}
            day += chance.randrange(100, 1_500)
        small: list[tuple[float, dict[str, Any]]] = [
            (0.2, {"kind": "profile_changed", "profile": {"education": "upper_secondary"}}),
            (0.05, {"kind": "badge_awarded", "years": 30}),
            (0.03, {"kind": "disciplined", "form": "reprimand"}),
            (0.03, {"kind": "temporary_transfer_began", "host": "T"}),
        ]
        for share, entry in small:
            if chance.random() < share:
                yield day, entry
                day += chance.randrange(30, 300)
        ends: list[tuple[float, dict[str, Any]]] = [
            (0.08, {"kind": "died"}),
            (0.04, {"kind": "transferred_out", "elsewhere": "Đảng bộ tỉnh khác"}),
            (0.01, {"kind": "deleted", "ground": "bỏ sinh hoạt"}),
            (0.005, {"kind": "expelled", "ground": "vi phạm"}),
            (0.005, {"kind": "left_on_request", "ground": "lý do riêng"}),
        ]
        for share, entry in ends:
            if chance.random() < share:
                yield day, entry
                if entry["kind"] == "transferred_out" and chance.random() < 0.2:
                    day += chance.randrange(200, 900)
                    back = {"unit": self._home(day), "elsewhere": "Đảng bộ tỉnh khác"}
                    yield day, {"kind": "transferred_in", **back}
                return


class Recorded(NamedTuple):
    """One entry as it is recorded."""

    day: int
    order: int
    """Among all of its block; with the day it says what comes after what."""
    entry: dict[str, Any]
    mends: int | None = None
    """The order of the entry that it voids or corrects."""
    field: str = ""
    """The field that names that entry."""


class Mishaps:
    """What goes wrong in recording: entries come late, are mistaken, and are mended."""

    LATE_SHARE, VOIDED_SHARE, CORRECTED_SHARE = 0.06, 0.02, 0.03
    MAY_WAIT = frozenset(
        {"task_reported", "mentor_reported", "commented", "referred", "transferred"}
        | {"card_issued", "profile_changed", "disciplined", "attended_class"}
    )
    """What nothing later rests on, so that it can be recorded late, or be mended."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def among(self, steps: Iterator[Step], begin: int) -> Iterator[Recorded]:
        """Yield the entries of one person as they are recorded, their order from ``begin``."""
        order = begin
        for day, entry in steps:
            order += 1
            luck = self._chance.random()
            if entry["kind"] not in self.MAY_WAIT:
                yield Recorded(day, order, entry)
                if luck < self.VOIDED_SHARE and entry["kind"] in {"listed", "mentor_assigned"}:
                    order += 1
                    yield from self._voided(day, order, entry)
                    order += 1
            elif luck < self.LATE_SHARE:
                yield Recorded(day + self._chance.randrange(30, 400), order, entry)
            elif luck < self.LATE_SHARE + self.CORRECTED_SHARE:
                wrong = entry | ({"to": "T"} if "to" in entry else {"note": "nhầm"})
                yield Recorded(day, order, wrong)
                order += 1
                later = day + self._chance.randrange(1, 60)
                yield Recorded(later, order, entry, order - 1, "corrects")
            else:
                yield Recorded(day, order, entry)

    @staticmethod
    def _voided(day: int, order: int, entry: dict[str, Any]) -> Iterator[Recorded]:
        """Yield an entry that nobody meant, and its voiding, one right after the other."""
        about = {"effective_on": entry["effective_on"]}
        died = about | {"kind": "died", "person": entry["person"]}
        yield Recorded(day, order, died)
        voided = about | {"kind": "voided", "reason": "nhầm người"}
        yield Recorded(day, order + 1, voided, order, "entry")
