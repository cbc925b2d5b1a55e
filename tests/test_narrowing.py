"""Filters have one form, whoever wrote them; what is no filter's value is refused."""

from typing import Any

import pytest

from ledger.errors import Problem
from ledger.recording.door import admit
from ledger.recording.narrowing import CLOSED
from projections.filters import FILTERS
from tests.shelf import typed

COUNT = {
    "kind": "unnamed_counted",
    "effective_on": "2020-01-01",
    "unit": "TP",
    "measure": "members",
    "as_of": "2020-01-01",
    "count": 5,
}
YEAR = {"from": "2015-01-01", "to": "2015-12-31"}


def admitted(filters: dict[str, Any]) -> Any:
    entry: Any = admit(typed(COUNT | {"filters": filters}))
    return entry.filters


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"sex": "male", "age": "18-30"}, {"age": "18-30", "sex": "male"}),
        ({"private_owner": True}, {"private_owner": "true"}),
        ({"private_owner": "unknown"}, {"private_owner": "unknown"}),
        ({"readmission": False}, {"readmission": "false"}),
        ({"union": "b+a"}, {"union": "a+b"}),
        ({"union": ["b+a", "a"]}, {"union": ["a", "a+b+a"]}),
        ({"age": 30}, {"age": "30"}),
        ({"sex": ["unknown", "female"]}, {"sex": ["female", "unknown"]}),
        ({"sector": ["b", "a", "b"]}, {"sector": ["a", "b"]}),
        ({"sector": ["a"]}, {"sector": "a"}),
    ],
)
def test_equal_filters_are_written_alike(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert list(admitted(one).items()) == list(admitted(other).items())


@pytest.mark.parametrize(
    "filters",
    [
        {"age": "young"},
        {"age": True},
        {"age": "30-18"},
        {"sex": "woman"},
        {"sex": ["female", "f"]},
        {"standing": "offical"},
        {"unit_type": "chi_bo"},
        {"class_type": "other"},
        {"stage": "dossiers"},
        {"cause": "dead"},
        {"founded_in": "2015"},
        {"sex": YEAR},
        {"sex": []},
        {"private_owner": "perhaps"},
        {"private_owner": 1.5},
        {"completion_under": True},
        {"completion_under": "half"},
        {"completion_under": "33,5"},
        {"sector": ""},
        {"union": "a+"},
        {"readmission": "again"},
    ],
)
def test_what_is_no_value_of_a_filter_is_refused(filters: dict[str, Any]) -> None:
    with pytest.raises((Problem, ValueError)):
        admitted(filters)


def test_a_period_is_a_value_of_founded_in() -> None:
    assert admitted({"founded_in": YEAR})["founded_in"].to.year == 2015


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_list_is_the_one_that_reports_count_by(name: str) -> None:
    assert FILTERS[name].codes in (CLOSED[name], ())
