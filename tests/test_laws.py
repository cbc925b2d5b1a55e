"""Laws that hold in every book: the statements equal the plain fold; what adds up adds up.

The histories are made up (``histories.py``), recorded in a real book and read back at
random days, units and known entries. ``reference.py`` says what must come out.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ledger.book import Book, Line
from ledger.errors import Problem
from ledger.exchange.jsonlines import entry_json, read_lines
from ledger.measures import FLOWS
from projections.counting import Span, counted
from projections.headcount import BREAKDOWNS, headcount
from projections.reading import Reading
from projections.roster import roster
from projections.term import term
from tests import reference_breakdown
from tests.histories import BEGIN, TERMS, Entry, history
from tests.reference import Reference, day
from tests.reference_term import TermReference
from tests.rewritten import in_another_order, without_unnamed_flows
from tests.shelf import typed

SEEDS = some.integers(0, 2**32 - 1)
SIZES = some.integers(20, 160)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEWER = settings(max_examples=settings().max_examples // 3)
"""For laws that ask a book everything several times."""
LAST_DAY = date(2025, 12, 31)


@contextmanager
def recorded(entries: list[Entry], *, keep_recorded: bool = True) -> Iterator[Book]:
    """Give a book that holds ``entries``, as a copy of another."""
    with TemporaryDirectory() as folder, Book.create(Path(folder) / "made_up.db") as book:
        lines = [Line(typed(entry)) for entry in entries]
        book.record(lines, now=NOW, by="chép", keep_recorded=keep_recorded)
        yield book


def some_days(chance: random.Random, entries: list[Entry], count: int) -> list[date]:
    """Return days to ask for: half of them days on which something happened."""
    happened = [date.fromisoformat(entry["effective_on"]) for entry in entries]
    found = []
    for _ in range(count):
        anything = BEGIN + timedelta(days=chance.randrange((LAST_DAY - BEGIN).days))
        found.append(chance.choice((chance.choice(happened), anything)))
    return found


def some_unit(chance: random.Random, entries: list[Entry], known: int) -> str | None:
    """Return the code of a unit that is known, or None for the whole book."""
    units: list[str] = [
        e["unit"] for e in entries if e["kind"] == "unit_founded" and e["no"] <= known
    ]
    return chance.choice((None, "TP", "TP", "TP", chance.choice(units)))


@given(seed=SEEDS, size=SIZES)
def test_roster_and_headcount_are_those_of_the_fold(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    with recorded(entries) as book:
        for known in (len(entries), chance.randint(5, len(entries))):
            reference = Reference(entries, known)
            with Reading(book, known_entry=known) as reading:
                for as_of in some_days(chance, entries, 3):
                    unit = some_unit(chance, entries, known)
                    assert roster(reading, unit, as_of) == reference.roster(unit, as_of)
                    check_headcounts(reading, reference, unit, as_of, chance)


def check_headcounts(
    reading: Reading,
    reference: Reference,
    unit: str | None,
    as_of: date,
    chance: random.Random,
) -> None:
    for by in chance.sample((None, *BREAKDOWNS), 4):
        keys = (by,) if by else ()
        expected = reference_breakdown.headcount(reference, unit, as_of, keys, {})
        rows = headcount(reading, unit, as_of, by=by)
        assert len(rows) == len(expected)
        for row in rows:
            numbers = expected[tuple(row[key] for key in keys)]
            for name in ("members", "probationary", "official", "unnamed"):
                assert row[name] == numbers[name]


@given(seed=SEEDS, size=SIZES)
def test_a_term_is_that_of_the_fold(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    with recorded(entries) as book:
        for known in (len(entries), chance.randint(5, len(entries))):
            reference = Reference(entries, known)
            with Reading(book, known_entry=known) as reading:
                for as_of in some_days(chance, entries, 2):
                    unit, basis = (
                        some_unit(chance, entries, known),
                        chance.choice(("ceremony", "decision")),
                    )
                    for name in TERMS:
                        expected = TermReference(reference, as_of, basis).term(name, unit)
                        if expected is None:
                            with pytest.raises(Problem, match="unknown_term"):
                                term(reading, name, unit, as_of, basis=basis)
                        else:
                            assert term(reading, name, unit, as_of, basis=basis) == expected


# What adds up, and what must not matter


def answers(book: Book, days: list[date]) -> list[Any]:
    """Return what a book says on several days, of every unit and term."""
    found: list[Any] = []
    with Reading(book) as reading:
        reading.need("lives")
        units = sorted(row[0] for row in reading.sql("SELECT code FROM lives"))
        for as_of in days:
            found.append(roster(reading, "TP", as_of))
            found += [headcount(reading, "TP", as_of, by=by) for by in (None, *BREAKDOWNS)]
            for name in TERMS:
                try:
                    found.append(term(reading, name, units[-1], as_of))
                except Problem as problem:
                    found.append(problem.code)
    return found


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_units_directly_below_add_up(seed: int, size: int) -> None:
    entries = history(seed, size)
    with recorded(entries) as book, Reading(book) as reading:
        for as_of in some_days(random.Random(seed), entries, 3):
            own = {
                row["unit"]: row["members"] for row in headcount(reading, None, as_of, by="unit")
            }
            reading.need("tree", "lives")
            below: dict[str, list[str]] = {}
            for unit, above in reading.sql(BELOW, day=as_of):
                below.setdefault(unit, [])
                below.setdefault(above, []).append(unit)
            for unit, units in below.items():
                parts = [headcount(reading, part, as_of)[0]["members"] for part in units]
                whole = headcount(reading, unit, as_of)[0]["members"] if unit else sum(own.values())
                assert whole == own.get(unit, 0) + sum(parts)


COUNTED = ("admitted", "recognized_official", "died", "class_opened", "attended_class")
BELOW = """
SELECT l.code, a.code FROM tree t JOIN lives l ON l.unit = t.unit
  LEFT JOIN lives a ON a.unit = t.above WHERE t.since <= $day AND t.until > $day
"""


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_adjacent_periods_add_up(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = without_unnamed_flows(history(seed, size))
    with recorded(entries) as book, Reading(book) as reading:
        done = [day(e["effective_on"]) for e in entries if e["kind"] in COUNTED] or [BEGIN]
        first, middle, last = sorted(chance.choice(done) for _ in range(3))
        unit = some_unit(chance, entries, len(entries))
        for measure in FLOWS:
            whole, left, right = (
                counted(reading, measure, unit, Span(since, until, last))
                for since, until in (
                    (first, last),
                    (first, middle),
                    (middle + timedelta(days=1), last),
                )
            )
            assert whole == (left or 0) + (right or 0), measure


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_the_order_of_recording_changes_no_report(seed: int, size: int) -> None:
    entries = history(seed, size)
    days = some_days(random.Random(seed), entries, 2)
    with recorded(entries) as book:
        told = answers(book, days)
    with recorded(in_another_order(entries), keep_recorded=False) as book:
        assert answers(book, days) == told


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_what_is_recorded_and_voided_is_nothing(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    days = some_days(chance, entries, 2)
    comes: Entry = {"kind": "carried_forward", "effective_on": "2025-06-30", "person": "P999999"}
    comes |= {"unit": "TP", "profile": {"name": "Nhầm"}, "joined_on": "2001-01-01"}
    with recorded(entries) as book:
        told = answers(book, days)
        wrong = book.record([Line(typed(comes))], now=NOW, by="an").first
        assert answers(book, [LAST_DAY]) != told
        gone = {"kind": "voided", "effective_on": "2025-06-30", "entry": wrong, "reason": "nhầm"}
        book.record([Line(typed(gone))], now=NOW, by="an")
        assert answers(book, days) == told


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_a_book_exported_and_imported_is_the_same_book(seed: int, size: int) -> None:
    entries = history(seed, size)
    days = some_days(random.Random(seed), entries, 2)
    with recorded(entries) as book:
        told = answers(book, days)
        exported = [entry_json(entry) for entry in book.entries(opened=True)]
    lines, problems = read_lines(exported, "export.jsonl")
    assert not problems
    with TemporaryDirectory() as folder, Book.create(Path(folder) / "copy.db") as copy:
        copy.record(lines, now=NOW, by="chép", keep_recorded=True)
        assert [entry_json(entry) for entry in copy.entries(opened=True)] == exported
        assert answers(copy, days) == told
