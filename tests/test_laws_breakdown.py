"""Laws of breakdowns in every book: they equal the plain count, and their rows add up."""

import random
from collections import defaultdict
from datetime import date
from typing import Any

from hypothesis import given

from projections.exact import exact_text
from projections.headcount import BREAKDOWNS as OF_PEOPLE
from projections.headcount import headcount, headcount_entries
from projections.measures import MEASURES, can_be_told
from projections.movement import movement
from projections.reading import Reading
from projections.tally import MEASURES as FLOWS
from projections.term import BREAKDOWNS as OF_ACTIONS
from projections.term import term, term_entries
from tests.histories import TERMS, Entry, history
from tests.histories_people import filters_for
from tests.reference import Asked, Reference
from tests.reference_breakdown import OF_MEASURE, mean, term_rows
from tests.reference_breakdown import headcount as counted_plainly
from tests.reference_term import TermReference, text_of
from tests.test_laws import FEWER, SEEDS, SIZES, recorded, some_days, some_unit

COUNTS = ("members", "probationary", "official", "unnamed")


def some_keys(chance: random.Random, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return one key or two."""
    return tuple(chance.sample(keys, chance.choice((1, 2, 2))))


def some_filters(chance: random.Random, measure: str) -> dict[str, Any]:
    """Return filters of a measure, often none."""
    return {} if chance.random() < 0.4 else filters_for(chance, measure)


@given(seed=SEEDS, size=SIZES)
def test_a_headcount_of_two_keys_is_that_of_the_plain_count(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    with recorded(entries) as book:
        for known in (len(entries), chance.randint(5, len(entries))):
            reference = Reference(entries, known)
            with Reading(book, known_entry=known) as reading:
                for as_of in some_days(chance, entries, 4):
                    unit = some_unit(chance, entries, known)
                    by = some_keys(chance, OF_PEOPLE)
                    asked: dict[str, Any] = {"by": by, "filters": some_filters(chance, "members")}
                    expected = counted_plainly(reference, unit, as_of, by, asked["filters"])
                    rows = headcount(reading, unit, as_of, mean_age=True, **asked)
                    assert len(rows) == len(expected)
                    for row in rows:
                        numbers = expected[tuple(row[key] for key in by)]
                        assert [row[name] for name in COUNTS] == [numbers[n] for n in COUNTS]
                        assert row["mean_age"] == exact_text(numbers["mean_age"])
                    found = headcount_entries(reading, unit, [as_of], **asked)
                    opened_adds_up(found, rows, by)


def opened_adds_up(
    found: list[dict[str, Any]], rows: list[dict[str, Any]], by: tuple[str, ...]
) -> None:
    """Hold the entries behind a headcount against its numbers."""
    keys = [key for key in by if key != "standing"]
    opened: dict[tuple[Any, ...], int] = defaultdict(int)
    numbers: dict[tuple[Any, ...], int] = defaultdict(int)
    for entry in found:
        opened[*(entry[key] for key in keys), entry["standing"] or "unnamed"] += entry["count"]
    for row in rows:
        own = [entry for entry in found if all(entry[key] == row[key] for key in by)]
        assert sum(entry["count"] for entry in own) == row["members"]
        assert [entry["no"] for entry in own] == sorted(entry["no"] for entry in own)
        for part in COUNTS[1:]:
            numbers[*(row[key] for key in keys), part] += row[part]
    assert opened == {key: count for key, count in numbers.items() if count}


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_a_term_broken_down_is_that_of_the_plain_count(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    with recorded(entries) as book, Reading(book) as reading:
        reference = Reference(entries)
        for name, (starts, ends) in TERMS.items():
            (as_of,) = some_days(chance, entries, 1)
            basis = chance.choice(("ceremony", "decision"))
            unit = chance.choice(("TP", None))
            opened = TermReference(reference, as_of).opened(name, unit or reference.root(as_of))
            if opened != (starts, ends):
                continue
            asked: dict[str, Any] = {
                "basis": basis,
                "by": some_keys(chance, OF_ACTIONS),
                "filters": some_filters(chance, chance.choice(FLOWS)),
            }
            top = unit or reference.root(as_of)
            span = Asked(top, starts, min(ends, as_of), as_of, basis)
            expected, ages = term_rows(reference, span, asked["by"], asked["filters"])
            found = term(reading, name, unit, as_of, mean_age=True, **asked)
            check_rows(found["breakdown"], expected, ages, asked)
            _, behind = term_entries(reading, name, unit, as_of, **asked)
            check_behind(behind, found["breakdown"], asked["by"])


def check_rows(rows: list[Entry], expected: Any, ages: Any, asked: dict[str, Any]) -> None:
    """Hold the rows of a term against the plain count."""
    found = {(row["year"], *(row[key] for key in asked["by"])): row for row in rows}
    assert len(found) == len(rows)
    assert found.keys() == expected.keys()
    for key, row in found.items():
        for measure in FLOWS:
            narrows = set(asked["filters"]) <= set(OF_MEASURE[measure])
            assert row[measure] == (expected[key].get(measure, 0) if narrows else None), measure
        if row["admissions"] is not None:
            assert row["mean_age"] == text_of(mean(ages[key]))


def check_behind(behind: list[Entry], rows: list[Entry], by: tuple[str, ...]) -> None:
    """Hold the entries behind a term against its rows."""
    names = [*by]
    opened: dict[tuple[Any, ...], int] = defaultdict(int)
    for entry in behind:
        opened[entry["number"], entry["year"], *(entry[name] for name in names)] += entry["count"]
    assert {key: count for key, count in opened.items() if count} == {
        (measure, row["year"], *(row[key] for key in by)): row[measure]
        for row in rows
        for measure in FLOWS
        if row[measure]
    }


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_rows_add_up_to_the_whole_whatever_the_keys(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    units_as_of = chance.choice((None, date(2020, 7, 1)))
    with recorded(entries) as book, Reading(book, units_as_of=units_as_of) as reading:
        for as_of in some_days(chance, entries, 2):
            (whole,) = headcount(reading, "TP", as_of)
            edges = {key: headcount(reading, "TP", as_of, by=key) for key in OF_PEOPLE}
            for rows in edges.values():
                for name in COUNTS:
                    assert sum(row[name] for row in rows) == whole[name]
            by = some_keys(chance, OF_PEOPLE)
            cross = headcount(reading, "TP", as_of, by=by)
            for key in by:
                margin: dict[Any, int] = defaultdict(int)
                for row in cross:
                    margin[row[key]] += row["members"]
                assert margin == {row[key]: row["members"] for row in edges[key]}
            report = term(reading, "2020-2025", None, as_of, by=some_keys(chance, OF_ACTIONS))
            check_whole(report)


def check_whole(report: Entry) -> None:
    """Hold the rows of every year, and of the whole, against its numbers."""
    wholes = {**{row["year"]: row for row in report["years"]}, "total": report["totals"]}
    for year, whole in wholes.items():
        rows = [row for row in report["breakdown"] if row["year"] == year]
        for measure in FLOWS:
            assert sum(row[measure] for row in rows) == whole[measure]


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_form_2_is_what_form_1_admitted(seed: int, size: int) -> None:
    # Form 2 total = form 1 B1 (DOMAIN §4.5): both name by name, so without unnamed flows.
    entries = history(seed, size)
    starts, ends = TERMS["2020-2025"]
    with recorded(entries) as book, Reading(book) as reading:
        named = [
            entry
            for entry in term_entries(reading, "2020-2025", "TP", ends, by=("readmission",))[1]
            if (entry["number"], entry["year"]) == ("admissions", "total")
            and entry["kind"] == "admitted"
        ]
        form_1 = movement(reading, "TP", starts, ends)
        again = [entry for entry in named if entry["readmission"] == "true"]
        assert form_1["readmitted"] == len(again)
        assert form_1["admitted"] == len(named) - len(again)


def test_every_key_is_told_of_the_measures_that_have_it() -> None:
    for measure, keys in OF_MEASURE.items():
        mine = {key for key in (*OF_PEOPLE, *OF_ACTIONS) if can_be_told(MEASURES[measure], key)}
        assert mine == set(keys) - {"unit", "founded_in"}, measure
