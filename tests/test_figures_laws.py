"""Laws of figures: the verdicts are those of the plain fold; the entries make up the numbers."""

import random
from collections import Counter
from datetime import date

from hypothesis import given

from projections.exact import exact_text
from projections.figures import figures, opened_figures, rows
from projections.reading import Reading
from tests.histories import history
from tests.histories_figures import with_figures
from tests.reference_figures import FiguresReference
from tests.test_laws import FEWER, LAST_DAY, SEEDS, SIZES, recorded, some_days

COUNT = 25


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_verdicts_are_those_of_the_fold(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = with_figures(chance, history(seed, size), COUNT)
    with recorded(entries) as book:
        for known in (len(entries), len(entries) - chance.randint(1, COUNT)):
            with Reading(book, known_entry=known) as reading:
                for as_of in (LAST_DAY, *some_days(chance, entries, 1)):
                    check(reading, FiguresReference(entries, known, as_of), as_of)


def check(reading: Reading, reference: FiguresReference, as_of: date) -> None:
    found = figures(reading, as_of)
    expected = reference.verdicts()
    assert {item.stated.figure for item in found} == set(expected)
    for item, row in zip(found, rows(found), strict=True):
        wanted = expected[item.stated.figure]
        assert (
            item.verdict,
            item.computed,
            row["missing"],
            item.rounding.mode if item.rounding else None,
            sorted(held.reading for held in item.readings),
        ) == (
            wanted.verdict,
            wanted.computed,
            wanted.missing,
            wanted.rounding,
            sorted(wanted.readings),
        ), item.stated
        if item.stated.derived is None:
            text = exact_text(item.computed)
            assert row["computed"] == (None if text is None else int(text))
    check_entries(reading, as_of)


def check_entries(reading: Reading, as_of: date) -> None:
    """Check that the entries behind each part add up to it, and are those of the figure."""
    found = figures(reading, as_of)
    opened = opened_figures(reading, found)
    counts: Counter[tuple[str, str]] = Counter()
    numbers: dict[str, set[int]] = {}
    for row in opened:
        counts[row["figure"], row["part"]] += row["count"]
        numbers.setdefault(row["figure"], set()).add(row["no"])
    for item, row in zip(found, rows(found), strict=True):
        for part, number in item.numbers.items():
            assert counts[item.stated.figure, part] == number
        assert row["entries"] == sorted(numbers.get(item.stated.figure, ()))
    unopened = rows(figures(reading, as_of, opened=False))
    assert unopened == [{**row, "entries": []} for row in rows(found)]
