"""Laws of movement and of restated readings, on generated histories (``histories.py``)."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given

from projections.headcount import headcount
from projections.movement import LINES, behind, by_unit, movement, movements, whole
from projections.opening import opened
from projections.reading import Reading
from tests.histories import BEGIN, Entry, history
from tests.reference_movement import Restated, plain, top_changes
from tests.test_laws import FEWER, SEEDS, SIZES, recorded, some_days, some_unit

ONE_DAY = timedelta(days=1)
CHANGES = [line for line in LINES if line not in {"opening", "closing"}]


@contextmanager
def asked(seed: int, size: int) -> Iterator[tuple[random.Random, Reading, Restated, list[Entry]]]:
    """Give a book read as known at some entry, perhaps restated, and its plain fold."""
    chance = random.Random(seed)
    entries = history(seed, size)
    known = chance.choice((len(entries), chance.randint(5, len(entries))))
    units_as_of = chance.choice((None, some_days(chance, entries, 1)[0]))
    with (
        recorded(entries) as book,
        Reading(book, known_entry=known, units_as_of=units_as_of) as reading,
    ):
        yield chance, reading, Restated(entries, known, units_as_of), entries[:known]


def some_period(chance: random.Random, entries: list[Entry]) -> tuple[date, date]:
    first, last = sorted(some_days(chance, entries, 2))
    return max(first, BEGIN + ONE_DAY), max(last, BEGIN + ONE_DAY)


@given(seed=SEEDS, size=SIZES)
def test_a_movement_is_that_of_the_fold(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, reference, entries):
        for _ in range(3):
            unit = some_unit(chance, entries, len(entries))
            first, last = some_period(chance, entries)
            row = movement(reading, unit, first, last)
            assert plain(row) == reference.movement(unit, first, last)


@given(seed=SEEDS, size=SIZES)
def test_opening_and_closing_are_headcounts(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, _, entries):
        for _ in range(2):
            unit = some_unit(chance, entries, len(entries))
            first, last = some_period(chance, entries)
            row = movement(reading, unit, first, last)
            ends = (("opening", first - ONE_DAY), ("closing", last))
            for line, on in ends:
                assert row[line] == headcount(reading, unit, on)[0]["members"]


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_adjacent_periods_add_up(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, _, entries):
        unit = some_unit(chance, entries, len(entries))
        first, last = some_period(chance, entries)
        middle = first + (last - first) * chance.randrange(10) / 10
        both = movement(reading, unit, first, last)
        left = movement(reading, unit, first, middle)
        right = movement(reading, unit, middle + ONE_DAY, last) if middle < last else None
        if right is not None:
            assert all(both[line] == left[line] + right[line] for line in CHANGES)
            assert (left["closing"], left["opening"]) == (right["opening"], both["opening"])


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_units_below_add_up_but_for_what_crosses_between_them(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, reference, entries):
        first, last = some_period(chance, entries)
        one = whole(reading, "TP", first, last)
        row = movement(reading, "TP", first, last)
        rows = movements(reading, by_unit(reading, one))
        if reference.units_as_of is None:
            assert [r["unit"] for r in rows[1:]] == top_changes(reference, "TP", first, last)
        for each in rows[1:]:
            assert plain(each) == plain(movement(reading, each["unit"], first, last))
        if reference.units_as_of is None and _stays(reference, "TP", first, last):
            for line in set(LINES) - {line for pair in PAIRS for line in pair}:
                assert row[line] == sum(each[line] for each in rows), line
            # What leaves one part of the whole for another enters it there, in the same line.
            for came, went in PAIRS:
                assert row[came] - row[went] == sum(each[came] - each[went] for each in rows)


PAIRS = (("transferred_in", "transferred_out"), ("reorganised_in", "reorganised_out"))


def _stays(reference: Restated, top: str, first: date, last: date) -> bool:
    """Return whether the same units lie directly below ``top`` on every day of a period."""
    days = {first, *(on for on in map(_on, reference.live) if first < on <= last)}
    below = top_changes(reference, top, first, first)
    return all(top_changes(reference, top, on, on) == below for on in days)


def _on(entry: Entry) -> date:
    return date.fromisoformat(entry["effective_on"])


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_the_entries_behind_each_line_add_up_to_it(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, _, entries):
        unit = some_unit(chance, entries, len(entries))
        part = whole(reading, unit, *some_period(chance, entries))
        (row,) = movements(reading, [part])
        counts: dict[str, int] = dict.fromkeys(LINES, 0)
        rows: list[dict[str, Any]] = opened(reading, behind(reading, [part]))
        for each in rows:
            counts[each["number"]] += each["count"]
        assert counts == plain(row)
        assert all((a["number"] != b["number"]) or a["no"] < b["no"] for a, b in pairwise(rows))


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_nothing_is_reorganised_before_the_day_of_a_restatement(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    (units_as_of,) = some_days(chance, entries, 1)
    with recorded(entries) as book, Reading(book, units_as_of=units_as_of) as reading:
        unit = some_unit(chance, entries, len(entries))
        row = movement(reading, unit, BEGIN + ONE_DAY, max(units_as_of, BEGIN + ONE_DAY))
        assert (row["reorganised_in"], row["reorganised_out"]) == (0, 0)


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_what_stands_for_a_unit_is_what_the_fold_says(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    (units_as_of,) = some_days(chance, entries, 1)
    reference = Restated(entries, None, units_as_of)
    with recorded(entries) as book, Reading(book, units_as_of=units_as_of) as reading:
        found = reading.successors()
        there = {unit for unit in reference.founded if _on(reference.founded[unit]) <= units_as_of}
        ended = {unit: _on(entry) for unit, entry in reference.ended.items()}
        lived = {u for u in there if u not in ended or ended[u] > _on(reference.founded[u])}
        for unit in lived:
            assert found[unit] == reference.successor(unit)
        (as_of,) = some_days(chance, entries, 1)
        for top in chance.sample(sorted(reference.founded), 3):
            members = headcount(reading, top, as_of)[0]["members"]
            assert members == reference.members(top, as_of)
