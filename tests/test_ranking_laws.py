"""Laws of targets, on generated histories (``histories.py``)."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given

from projections.counting import counted
from projections.opening import opened
from projections.questions import Question, answers, entries_behind
from projections.ranking import Selection, entry_rows, ranked, rows
from projections.reading import Reading
from projections.targets import question_of, units_done_to_less
from tests.histories import Entry, history
from tests.reference_targets import RestatedTree, TargetsReference
from tests.test_laws import FEWER, SEEDS, SIZES, recorded, some_days, some_unit

PERIODS = (
    (None, None),
    (None, None),
    (date(2015, 1, 1), date(2020, 12, 31)),
    (date(2020, 1, 1), date(2025, 12, 31)),
    (date(2015, 1, 1), None),
    (None, date(2022, 12, 31)),
)


FALLING_SHORT: tuple[dict[str, Any], ...] = (
    {"completion_under": "50"},
    {"completion_under": "120.5", "unit_type": "cell"},
    {"unit_type": "cell"},
)
"""How targets for units are narrowed."""


@contextmanager
def asked(
    seed: int, size: int
) -> Iterator[tuple[random.Random, Reading, RestatedTree, list[Entry]]]:
    """Give a book read as known at some entry, perhaps restated, and its plain fold."""
    chance = random.Random(seed)
    entries = history(seed, size, targets=25)
    for entry in entries:
        if entry["kind"] == "target_set" and entry["measure"] == "units":
            entry["filters"] = chance.choice(FALLING_SHORT)
    known = chance.choice((len(entries), chance.randint(5, len(entries))))
    units_as_of = chance.choice((None, some_days(chance, entries, 1)[0]))
    with (
        recorded(entries) as book,
        Reading(book, known_entry=known, units_as_of=units_as_of) as reading,
    ):
        yield chance, reading, RestatedTree(entries, known, units_as_of), entries[:known]


def plain(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows without what is told in words."""
    return [{name: value for name, value in row.items() if name != "met"} for row in found]


@given(seed=SEEDS, size=SIZES)
def test_targets_are_those_of_the_fold(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, book, entries):
        for as_of in some_days(chance, entries, 3):
            unit = some_unit(chance, entries, len(entries))
            basis, own = chance.choice(("ceremony", "decision")), chance.random() < 0.2
            reference = TargetsReference(book, as_of, basis)
            for since, last_on in chance.sample(PERIODS, 2):
                selection = Selection(since, last_on, is_own=own)
                found = ranked(reading, unit, as_of, selection, basis=basis)
                expected = reference.rows(unit, since, last_on, own=own)
                assert plain(rows(found, paced_on=as_of)) == expected


@given(seed=SEEDS, size=SIZES)
def test_units_behind_with_a_target_are_those_of_the_fold(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, book, entries):
        for as_of in (*some_days(chance, entries, 2), date(2021, 6, 30)):
            unit = some_unit(chance, entries, len(entries))
            share = Fraction(chance.choice((1, 50, 100, 500)))
            found = units_done_to_less(reading, unit, as_of, share)
            reference = TargetsReference(book, as_of, "ceremony")
            assert [item.unit for item in found] == reference.units_done_to_less(unit, share)
            short = Selection(under=share)
            listed = {item.progress.target.target for item in ranked(reading, unit, as_of, short)}
            assert {code for item in found for code in item.targets} <= listed


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_many_questions_are_answered_as_each_alone(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, _, entries):
        (as_of,) = some_days(chance, entries, 1)
        items = ranked(reading, None, as_of, Selection(since=date.min))
        questions = [question_of(item.progress.target, as_of) for item in items]
        questions += [
            Question(name, some_unit(chance, entries, len(entries)), question.span, {})
            for question in questions
            for name in ("members", "admissions", "enterprises")
        ]
        basis = chance.choice(("ceremony", "decision"))
        found = answers(reading, questions, basis)
        behind = entries_behind(reading, questions, basis)
        for question, number, numbers in zip(questions, found, behind, strict=True):
            name, unit, span, filters = question
            alone = counted(reading, name, unit, span, filters=filters, basis=basis)
            assert number == alone
            assert sum(how_many for _, how_many in numbers) == (alone or 0)


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_what_is_done_towards_a_target_can_be_opened(seed: int, size: int) -> None:
    with asked(seed, size) as (chance, reading, _, entries):
        (as_of,) = some_days(chance, entries, 1)
        items = ranked(reading, None, as_of, Selection(since=date.min))
        found = entry_rows(reading, items, as_of)
        for item in items:
            target = item.progress.target.target
            own = [row for row in found if row["target"] == target]
            assert sum(row["count"] for row in own) == (item.progress.done or 0)
            assert [row["no"] for row in own] == sorted(row["no"] for row in own)
        assert not opened(reading, [])
