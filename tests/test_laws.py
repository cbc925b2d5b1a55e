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
from hypothesis import given
from hypothesis import strategies as some

from ledger.book import Book, Line
from ledger.errors import Problem
from projections.filters import BREAKDOWNS
from projections.headcount import headcount
from projections.reading import Reading
from projections.roster import roster
from projections.term import term
from tests.histories import BEGIN, TERMS, Entry, history
from tests.reading_back import entry_of
from tests.reference import Reference
from tests.reference_term import TermReference

SEEDS = some.integers(0, 2**32 - 1)
SIZES = some.integers(20, 160)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LAST_DAY = date(2025, 12, 31)


@contextmanager
def recorded(entries: list[Entry]) -> Iterator[Book]:
    """Give a book that holds ``entries``, as a copy of another."""
    with TemporaryDirectory() as folder, Book.create(Path(folder) / "made_up.db") as book:
        lines = [Line(entry_of(entry)) for entry in entries]
        book.record(lines, now=NOW, by="chép", keep_recorded=True)
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
    units = [e["unit"] for e in entries if e["kind"] == "unit_founded" and e["no"] <= known]
    return chance.choice((None, "TP", *units))


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
                    check_headcounts(reading, reference, unit, as_of)


def check_headcounts(
    reading: Reading, reference: Reference, unit: str | None, as_of: date
) -> None:
    for by in (None, *BREAKDOWNS):
        rows = headcount(reading, unit, as_of, by=by)
        found = {
            row[by] if by else None: {
                name: row[name] for name in ("members", "probationary", "official", "unnamed")
            }
            for row in rows
        }
        assert len(found) == len(rows)
        assert found == reference.headcount(unit, as_of, by)


@given(seed=SEEDS, size=SIZES)
def test_a_term_is_that_of_the_fold(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    with recorded(entries) as book:
        for known in (len(entries), chance.randint(5, len(entries))):
            reference = Reference(entries, known)
            with Reading(book, known_entry=known) as reading:
                for as_of in some_days(chance, entries, 2):
                    unit, basis = some_unit(chance, entries, known), chance.choice(
                        ("ceremony", "decision")
                    )
                    for name in TERMS:
                        expected = TermReference(reference, as_of, basis).term(name, unit)
                        check_term(reading, name, unit, as_of, basis, expected)


def check_term(
    reading: Reading,
    name: str,
    unit: str | None,
    as_of: date,
    basis: str,
    expected: dict[str, Any] | None,
) -> None:
    if expected is None:
        with pytest.raises(Problem, match="unknown_term"):
            term(reading, name, unit, as_of, basis=basis)
    else:
        assert term(reading, name, unit, as_of, basis=basis) == expected
