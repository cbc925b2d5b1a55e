"""Laws of the rules on made-up histories: the statements find what the plain count finds."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from ledger.book import Book
from projections.reading import Reading
from projections.rules import judging
from projections.rules.checks import STATUSES, Findings, check
from projections.rules.due import due
from projections.rules.measuring import prepare
from projections.rules.workdays import read_calendar
from tests.histories import history
from tests.reference import Reference
from tests.reference_rules import COUNTED, Finding, findings
from tests.test_laws import FEWER, LAST_DAY, SEEDS, SIZES, recorded, some_days, some_unit

CALENDAR = read_calendar(["year,2023", "year,2024", "year,2025"], "none.csv")
DAY = timedelta(days=1)
BROKEN_IN_ANY = {"ADM-CERT-VALID", "ADM-VOTE-CELL", "PRB-LENGTH", "PRB-EFFECTIVE"}
"""What is broken in every long history: the comparison has something to compare."""


def told(found: Findings) -> list[Finding]:
    """Return rule, status and entry of findings."""
    return [(row["rule"], row["status"], row["entry"]) for row in found.rows]


def without_stocks(found: list[Finding]) -> list[Finding]:
    """Return findings in one order; stocks, which each period judges at its own end, left out."""
    return sorted(
        finding for finding in found if not finding[0].startswith(("UNIT-SIZE", "UNIT-TEMP"))
    )


@FEWER
@given(SEEDS, SIZES)
def test_findings_are_those_of_the_plain_count(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    known = chance.choice((None, chance.randint(0, len(entries))))
    (as_of,) = some_days(chance, entries, 1)
    with recorded(entries) as book, Reading(book, known_entry=known) as reading:
        found = told(check(reading, None, as_of, only=COUNTED))
    assert len(found) == len(set(found))
    assert set(found) == findings(Reference(entries, known), as_of)


@pytest.mark.parametrize("seed", [2, 3])
def test_a_long_history_has_findings_of_every_rule(seed: int) -> None:
    entries = history(seed, 2_500)
    with recorded(entries) as book, Reading(book) as reading:
        found = told(check(reading, None, LAST_DAY, only=COUNTED))
    assert set(found) == findings(Reference(entries), LAST_DAY)
    assert {rule for rule, status, _ in found if status == "breach"} >= BROKEN_IN_ANY


@FEWER
@given(SEEDS, SIZES)
def test_parts_add_up_and_counts_are_those_of_the_rows(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    first, second = sorted(some_days(chance, entries, 2))
    with recorded(entries) as book, Reading(book) as reading:
        whole = check(reading, None, LAST_DAY)
        whole = whole._replace(rows=list(whole.rows))
        parts: list[Finding] = []
        for since, last_on in ((None, first), (first + DAY, second), (second + DAY, LAST_DAY)):
            parts += told(check(reading, None, LAST_DAY, since=since, last_on=last_on))
        assert without_stocks(parts) == without_stocks(told(whole))
        assert {status: sum(row[status] for row in whole.summary) for status in STATUSES} == {
            status: sum(row["status"] == status for row in whole.rows) for status in STATUSES
        }
        waiting = due(reading, None, first, second)
    assert [row["days"] for row in waiting] == [(row["due_on"] - first).days for row in waiting]


@FEWER
@given(SEEDS, SIZES)
def test_a_unit_is_judged_the_same_among_all_people_and_among_its_own(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    (as_of,) = some_days(chance, entries, 1)
    unit = some_unit(chance, entries, len(entries)) or "TP"

    def of_all_people(reading: Reading, on: date, _: str | None = None) -> None:
        prepare(reading, on)

    with recorded(entries) as book, Reading(book) as reading:
        found = list(check(reading, unit, as_of).rows)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(judging, "prepare", of_all_people)
            assert list(check(reading, unit, as_of).rows) == found


@FEWER
@given(SEEDS, SIZES)
def test_what_is_kept_of_the_whole_book_says_the_same(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    since, last_on = sorted(some_days(chance, entries, 2))
    unit = some_unit(chance, entries, len(entries)) or "TP"
    asked: list[tuple[str | None, dict[str, Any]]] = [
        (None, {}),
        (unit, {}),
        (None, {"since": since, "last_on": last_on}),
        (unit, {"since": since, "calendar": CALENDAR}),
        (None, {"only": ["PRB-LENGTH", "ADM-DECIDE-TIME", "UNIT-SIZE-CELL"]}),
    ]

    def answers(book: Book) -> list[list[dict[str, Any]]]:
        with Reading(book) as reading:
            return [list(check(reading, of, LAST_DAY, **more).rows) for of, more in asked]

    with recorded(entries) as book, pytest.MonkeyPatch.context() as patch:
        with Reading(book) as reading:
            patch.setattr(judging, "_kept", lambda *_: None)
            fresh = [list(check(reading, of, LAST_DAY, **more).rows) for of, more in asked]
        patch.undo()
        assert answers(book) == fresh
        assert list(Path(book.path).with_suffix(".cache").glob("judged_*"))
        assert answers(book) == fresh
