"""Possible histories of any length, as JSON Lines, for measuring: the same for the same size.

A province with committees, wards and cells, and people on their way from nomination to
recognition and beyond: some move, some leave, cells merge, a few per cent are only counted.
Entries come roughly as a clerk records them: by day, many people at once, some late, some
wrong and mended afterwards. Memory does not grow with the length.
"""

from collections.abc import Iterator
from itertools import chain, islice
from random import Random
from typing import Any

import msgspec

from journeys import DAYS, FIRST_DAY, LAST_DAY, Member, Mishaps, Recorded, Shape

TOP = "T"
PART = "T.0"
"""One of several committees below the top: what a part of the book is asked about."""
TERM = "2020-2025"
_TERM_DAYS = {"starts": "2020-06-01", "ends": "2025-05-31"}
_YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)
_TARGET_YEARS = range(2020, 2025)
_BLOCK_PEOPLE = 400
"""How many people are recorded in turn, day by day; the next follow when they are done."""


def _units(shape: Shape) -> Iterator[dict[str, Any]]:
    first = {"effective_on": DAYS[0]}
    founded = {"kind": "unit_founded"}
    yield founded | first | {"unit": TOP, "name": "Đảng bộ tỉnh", "type": "centrally_run"}
    for number in range(shape.committees):
        code = {"unit": f"{TOP}.{number}", "name": f"Đảng bộ {number}", "parent": TOP}
        yield founded | first | code | {"type": "upper_of_grassroots"}
    for number in range(shape.wards):
        code = {"unit": shape.ward(number), "name": f"Đảng bộ phường {number}"}
        above = {"parent": f"{TOP}.{shape.committee_of(number)}"}
        yield founded | first | code | above | {"type": "grassroots_committee"}
    for number in range(shape.cells):
        ward = shape.ward(shape.ward_of(number))
        code = {"unit": shape.cell(number), "name": f"Chi bộ {number}", "parent": ward}
        since = {"effective_on": DAYS[shape.founded(number)]}
        yield founded | since | code | {"type": "cell", "sector": shape.sector(number)}
    for number in range(shape.cells):
        if shape.merged(number):
            merged = {"unit": shape.cell(number), "into": shape.cell(shape.first_of(number))}
            yield {"kind": "unit_merged", "effective_on": DAYS[shape.MERGED_ON]} | merged


def _classes(shape: Shape) -> Iterator[dict[str, Any]]:
    for committee in range(shape.committees):
        for year in _YEARS:
            starts = max(f"{year}-01-01", DAYS[0])
            for letter, kind in (("L", "awareness"), ("M", "new_member")):
                about = {"class": f"{letter}.{committee}.{year}", "type": kind}
                where = {"organiser": f"{TOP}.{committee}", "starts": starts}
                yield {"kind": "class_opened", "effective_on": starts} | about | where


def _numbers(shape: Shape) -> Iterator[dict[str, Any]]:
    """Yield a term, targets, published figures, and people who are only counted."""
    opened = {"kind": "term_opened", "unit": TOP, "term": TERM, "effective_on": "2020-06-01"}
    yield opened | _TERM_DAYS
    committees = [f"{TOP}.{number}" for number in range(shape.committees)]
    wards = [shape.ward(number) for number in range(shape.wards)]
    for unit in (TOP, *committees, *wards):
        for year in _TARGET_YEARS:
            about = {"unit": unit, "measure": "admissions", "period": _year(year)}
            how = {"form": "absolute", "amount": "40", "source": "own_congress"}
            target = {"kind": "target_set", "target": f"{unit}-{year}"}
            yield target | about | how | {"effective_on": f"{year}-01-01"}
    for unit in (TOP, *committees):
        for year in _TARGET_YEARS:
            about = {"unit": unit, "measure": "admissions", "period": _year(year)}
            stated = {"comparator": "over", "value": "40", "source": "báo cáo"}
            figure = {"kind": "figure_stated", "figure": f"F-{unit}-{year}"}
            yield figure | about | stated | {"effective_on": f"{year + 1}-01-10"}
    for number in range(shape.wards):
        yield from _unnamed(shape, number)


def _unnamed(shape: Shape, ward: int) -> Iterator[dict[str, Any]]:
    """Yield counts of people in the first cell of a ward, and once of admissions there."""
    unit = {"unit": shape.cell(shape.first_cell(ward)), "kind": "unnamed_counted"}
    part = {"filters": {"sex": "female"}} if ward % 4 == 0 else {}
    for year in range(2012, 2026, 2):
        day = f"{year}-12-31"
        stock = {"measure": "members", "as_of": day, "count": 6 + (ward + year) % 5}
        yield unit | part | stock | {"effective_on": day}
    year = 2016 + ward % 9
    flow = {"measure": "admissions", "period": _year(year), "count": 1 + ward % 3}
    yield unit | flow | {"effective_on": f"{year}-12-31"}


def _year(year: int) -> dict[str, str]:
    return {"from": f"{year}-01-01", "to": f"{year}-12-31"}


def _block(shape: Shape, block: int, people: int) -> list[Recorded]:
    """Return what is recorded of the people of one block, by the day of recording."""
    chance = Random(block)  # noqa: S311 - the same every time, and nobody's secret
    first = block * people
    steady = [number for number in range(first, first + people) if number % 10 == 0]
    found: list[Recorded] = []
    for number in range(first, first + people):
        member = Member(number, shape, chance, steady)
        found += Mishaps(chance).among(member.entries(), len(found))
    found.sort(key=lambda recorded: (recorded.day, recorded.order))
    return found


def entries(count: int) -> Iterator[dict[str, Any]]:
    """Yield ``count`` entries of a book of that size, as they are recorded one after another."""
    shape = Shape(count)
    people = min(_BLOCK_PEOPLE, max(10, count // 40))

    def mended() -> Iterator[dict[str, Any]]:
        no = len(beginning)
        for block in range(count):
            nos: dict[int, int] = {}
            for _, order, entry, mends, field in _block(shape, block, people):
                no += 1
                nos[order] = no
                yield entry if mends is None else entry | {field: nos[mends]}

    beginning = [*_units(shape), *_classes(shape), *_numbers(shape)]
    return islice(chain(beginning, mended()), count)


def lines(count: int) -> Iterator[bytes]:
    """Yield the ``count`` entries as JSON, an object and a line end each."""
    encoder = msgspec.json.Encoder()
    for entry in entries(count):
        yield encoder.encode(entry) + b"\n"
