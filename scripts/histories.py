"""Possible histories of any length, as JSON Lines, for measuring.

One committee with cells, classes and people on their way from nomination to recognition:
plain enough to be read, regular enough to be the same every time.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, islice
from typing import Any

CELLS = 40
MEMBERS_FROM_BEFORE = 40
FIRST_DAY = date(2010, 1, 4)
LAST_DAY = date(2025, 12, 31)
TERM = "2020-2025"
_TERM_DAYS = {"starts": "2020-06-01", "ends": "2025-05-31"}
DAYS = 5_000
"""People are nominated over so many days; the last is long past."""


def _beginning() -> Iterator[dict[str, Any]]:
    yield {"kind": "unit_founded", "unit": "B", "name": "B", "type": "grassroots_committee"}
    for cell in range(CELLS):
        yield {
            "kind": "unit_founded",
            "unit": f"B.{cell}",
            "name": f"Chi bộ {cell}",
            "type": "cell",
            "parent": "B",
        }
    yield {
        "kind": "class_opened",
        "class": "L",
        "type": "awareness",
        "organiser": "B",
        "starts": FIRST_DAY.isoformat(),
    }
    for number in range(MEMBERS_FROM_BEFORE):
        yield {
            "kind": "carried_forward",
            "person": _person(number),
            "unit": f"B.{number % CELLS}",
            "profile": _profile(number),
            "joined_on": "2000-05-19",
            "official_on": "2001-05-19",
        }


def _person(number: int) -> str:
    return f"P{number + 1:07}"


def _profile(number: int) -> dict[str, Any]:
    return {
        "name": f"Nguyễn Văn {number}",
        "birth_date": f"{1960 + number % 40}-0{1 + number % 9}-15",
        "sex": "female" if number % 2 else "male",
        "ethnicity": "kinh" if number % 7 else "tay",
    }


def _way(number: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the entries of one person's way, each with its day counted from the first."""
    person = {"person": _person(number)}
    mentor = _person(number % MEMBERS_FROM_BEFORE)
    cell = f"B.{number % CELLS}"
    votes = {"votes_for": 14, "votes_against": 1, "eligible": 15}
    yield 0, {"kind": "nominated", **person, "unit": cell, "profile": _profile(number)}
    yield 10, {"kind": "listed", **person}
    yield 15, {"kind": "mentor_assigned", **person, "mentor": mentor}
    yield 40, {"kind": "enrolled_in_class", **person, "class": "L"}
    yield 45, {"kind": "attended_class", **person, "class": "L", "certificate": f"{number}"}
    yield 150, {"kind": "dossier_opened", **person}
    yield 170, {"kind": "vetting_requested", **person}
    yield 200, {"kind": "vetted", **person, "outcome": "clear"}
    yield 220, {"kind": "resolved", **person, "body": "cell", "matter": "admission", **votes}
    yield 250, {"kind": "admission_decided", **person, "by_unit": "B"}
    if number % 5 == 0:
        return
    yield 270, {"kind": "admitted", **person, "unit": cell}
    yield 635, {"kind": "recognized_official", **person}
    if number % 11 == 1:
        to = f"B.{(number + 1) % CELLS}"
        yield 700, {"kind": "transferred", **person, "to": to}


def _endless() -> Iterator[dict[str, Any]]:
    for entry in _beginning():
        yield entry | {"effective_on": FIRST_DAY.isoformat()}
    number = MEMBERS_FROM_BEFORE
    while True:
        nominated_on = FIRST_DAY + timedelta(days=1 + number * 7 % DAYS)
        for after, entry in _way(number):
            day = nominated_on + timedelta(days=after)
            yield entry | {"effective_on": day.isoformat()}
        number += 1


def _numbers() -> Iterator[dict[str, Any]]:
    """Yield a term, a target a year of every unit, and figures that somebody stated."""
    source = {"source": "báo cáo"}
    years = range(2010, 2025)
    yield {"kind": "term_opened", "unit": "B", "term": TERM, **_TERM_DAYS}
    for unit in ("B", *(f"B.{cell}" for cell in range(CELLS))):
        for year in years:
            period = {"from": f"{year}-01-01", "to": f"{year}-12-31"}
            amount = "4000" if unit == "B" else "100"
            own = {"form": "absolute", "amount": amount, "source": "own_congress"}
            about = {"unit": unit, "measure": "admissions", "period": period}
            yield {"kind": "target_set", "target": f"{unit}-{year}", **about, **own}
            stated = {"comparator": "over", "value": amount, **source}
            yield {"kind": "figure_stated", "figure": f"F-{unit}-{year}", **about, **stated}


def lines_with_numbers(count: int) -> Iterator[str]:
    """Yield what ``lines`` gives and, after the beginning, what reports are held against."""
    entries = _endless()
    first = list(islice(entries, CELLS + 1))
    numbers = [entry | {"effective_on": LAST_DAY.isoformat()} for entry in _numbers()]
    for entry in islice(chain(first, numbers, entries), count):
        yield json.dumps(entry, ensure_ascii=False)


def lines(count: int) -> Iterator[str]:
    """Yield ``count`` entries, a JSON object each, in an order in which they are possible."""
    for entry in islice(_endless(), count):
        yield json.dumps(entry, ensure_ascii=False)
