"""The pace of a target, and whether it is met."""

from datetime import date
from fractions import Fraction

import pytest

from projections.pace import course, elapsed, met, pace
from projections.targets import Progress
from projections.targets_set import Target

SINCE, LAST_ON = date(2021, 1, 1), date(2021, 12, 31)


def one(
    done: int | None,
    wanted: int | None,
    *,
    form: str = "absolute",
    comparator: str | None = None,
    measure: str = "admissions",
    amount: tuple[str, ...] = ("10",),
) -> Progress:
    """Return a target over 2021 with what was done."""
    told = Target(
        no=1,
        target="T1",
        unit="TP",
        measure=measure,
        form=form,
        amount=amount,
        comparator=comparator,
        base=None,
        filters={},
        source="own_congress",
        since=SINCE,
        last_on=LAST_ON,
    )
    return Progress(told, done, None if wanted is None else Fraction(wanted))


@pytest.mark.parametrize(
    ("as_of", "percent"),
    [
        (date(2020, 12, 31), Fraction(0)),
        (SINCE, Fraction(100, 365)),
        (date(2021, 3, 14), Fraction(20)),
        (LAST_ON, Fraction(100)),
        (date(2023, 1, 1), Fraction(100)),
    ],
)
def test_elapsed_counts_days_both_ends_held(as_of: date, percent: Fraction) -> None:
    assert elapsed(one(0, 10).target, as_of) == percent


def test_pace_holds_completion_against_what_has_passed() -> None:
    fifth = date(2021, 3, 14)
    assert [pace(one(done, 10), fifth) for done in (1, 2, 3)] == [50, 100, 150]
    assert [course(pace(one(done, 10), fifth)) for done in (1, 2, 3)] == [
        "behind",
        "on_time",
        "ahead",
    ]
    assert pace(one(1, 3), fifth) == Fraction(500, 3)


def test_no_pace_at_the_start_nor_of_what_is_unknown_nor_of_a_stock() -> None:
    assert pace(one(0, 10), date(2020, 12, 31)) is None
    assert pace(one(0, None), LAST_ON) is None
    assert pace(one(None, 10), LAST_ON) is None
    assert pace(one(9, 10, measure="members"), LAST_ON) is None
    assert pace(one(None, 10, measure="external"), LAST_ON) is None
    assert course(None) is None


@pytest.mark.parametrize(
    ("comparator", "met_by", "short_of"),
    [
        (None, 10, 9),
        ("equal", 10, 9),
        ("at_least", 10, 9),
        ("over", 11, 10),
        ("under", 9, 10),
        ("about", 10, 9),
        ("nearly", 9, 8),
    ],
)
def test_a_target_is_met_as_its_words_ask(
    comparator: str | None, met_by: int, short_of: int
) -> None:
    assert met(one(met_by, 10, comparator=comparator)) == "met"
    assert met(one(short_of, 10, comparator=comparator)) == "not_met"


def test_a_range_is_met_from_its_lower_end_on_and_passed_above_the_upper() -> None:
    outcomes = [
        met(one(done, 90, form="range", amount=("90", "100"))) for done in (89, 90, 100, 101)
    ]
    assert outcomes == ["not_met", "met", "met", "above_range"]


def test_whether_it_is_met_may_be_unknown() -> None:
    assert met(one(None, 10)) is None
    assert met(one(3, None)) is None
    assert met(one(0, 0)) == "met"
