"""How a stated number is held against the exact one, on the boundary and beside it."""

from fractions import Fraction
from typing import Any

import pytest

from projections.figures.comparing import holds, rounding
from projections.figures.narrower import both


@pytest.mark.parametrize(
    ("comparator", "value", "yes", "no"),
    [
        ("equal", "140", ["140"], ["139", "141", "1401/10"]),
        ("about", "100", ["95", "105", "100"], ["94", "106", "9499/100", "10501/100"]),
        ("about", "0", ["0"], ["1", "-1"]),
        ("about", "-100", ["-95", "-105"], ["-94", "-106", "100"]),
        ("nearly", "10", ["9", "99/10"], ["10", "11", "8", "899/100"]),
        ("nearly", "9000", ["8100", "8999"], ["8099", "9000"]),
        ("nearly", "-10", ["-9", "-99/10"], ["-10", "-8", "9"]),
        ("nearly", "0", [], ["0", "1", "-1"]),
        ("over", "260", ["261", "2601/10"], ["260", "259"]),
        ("at_least", "100", ["100", "101"], ["99", "9999/100"]),
        ("under", "5", ["4", "0"], ["5", "6"]),
        ("range", "5..9", ["5", "9", "7"], ["4", "10", "91/10"]),
        ("range", "5..5", ["5"], ["4", "6"]),
    ],
)
def test_comparators_are_exact_on_their_boundary(
    comparator: str, value: str, yes: list[str], no: list[str]
) -> None:
    numbers = tuple(Fraction(text) for text in value.split(".."))
    for text in (*yes, *no):
        assert holds(comparator, numbers, Fraction(text)) == (text in yes), text


@pytest.mark.parametrize(
    ("text", "computed", "expected"),
    [
        ("88.9", "800/9", ("half_up", 1)),
        ("88.8", "800/9", ("truncated", 1)),
        ("88.7", "800/9", None),
        ("88.88", "800/9", ("truncated", 2)),
        ("88.90", "800/9", None),
        ("89", "800/9", ("half_up", 0)),
        ("88", "800/9", ("truncated", 0)),
        ("5", "1100/231", ("half_up", 0)),
        ("4.8", "1100/231", ("half_up", 1)),
        ("4.7", "1100/231", ("truncated", 1)),
        ("3.1", "1100/231", None),
        ("0.5", "45/100", ("half_up", 1)),
        ("-4.8", "-475/100", ("half_up", 1)),
        ("-4.7", "-475/100", ("truncated", 1)),
        ("0", "-1/3", ("half_up", 0)),
        ("0", "2/3", ("truncated", 0)),
    ],
)
def test_rounding_is_half_up_or_truncated(text: str, computed: str, expected: Any) -> None:
    found = rounding(text, Fraction(computed))
    assert (found and (found.mode, found.digits)) == expected


def test_filters_of_the_whole_and_of_the_part_are_both_asked() -> None:
    sectors = {"sector": ["ward", "private_enterprise"]}
    assert both(sectors, {"sector": "ward"}) == {"sector": "ward"}
    assert both({"sector": "ward"}, sectors) == {"sector": "ward"}
    assert both({"sex": "male"}, {"age": "18-30"}) == {"sex": "male", "age": "18-30"}
    assert both({"religion": "any"}, {"religion": "catholic"}) == {"religion": "catholic"}
    assert both(sectors, {"sector": ["ward", "state_agency"]}) == {"sector": ["ward"]}
    assert both({"sex": "male"}, {"sex": "female"}) == {"sex": []}
    early, late = (
        {"founded_in": {"from": f"{y}-01-01", "to": f"{y + 2}-12-31"}} for y in (2015, 2016)
    )
    assert both(early, late) == {"founded_in": {"from": "2016-01-01", "to": "2017-12-31"}}


@pytest.mark.parametrize(
    ("name", "one", "other", "expected"),
    [
        ("age", "18-30", "under_25", ["18-24"]),
        ("age", ["18-30", "over_60"], ["25-35", "unknown"], ["25-30"]),
        ("age", ["under_18", "unknown"], ["10-20", "unknown"], ["unknown", "10-17"]),
        ("age", "18-30", "over_60", []),
        ("union", "youth_union", "trade_union", ["trade_union+youth_union"]),
        ("union", ["none", "youth_union"], ["unknown", "trade_union"], ["trade_union+youth_union"]),
        ("religion", "any", ["none", "buddhist"], ["buddhist"]),
        ("religion", ["none", "catholic"], ["any", "none"], ["none", "catholic"]),
        ("completion_under", 50, "33.5", "33.5"),
        ("completion_under", 50, 100, 50),
        ("private_owner", True, False, []),
    ],
)
def test_two_filters_by_the_same_meet_in_what_fulfils_both(
    name: str, one: Any, other: Any, expected: Any
) -> None:
    assert both({name: one}, {name: other}) == {name: expected}
