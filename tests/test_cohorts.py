"""The flow through the stages: who reached each in a period, and what became of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from projections.cohorts import COLUMNS, Flow, cohort_sql, flow, flow_entries
from projections.counting import Span
from projections.opening import opened
from projections.reading import Reading
from tests.shelf import new_book
from tests.test_statements import carried

UNITS = """
    unit_founded 2015-01-01 TP
    unit_founded 2015-01-01 C1 parent=TP
    unit_founded 2015-01-01 C2 parent=TP
"""
IN_2016 = Span(date(2016, 1, 1), date(2016, 12, 31), date(2020, 1, 1))


def told(
    folder: Path, table: str, span: Span = IN_2016, months: int | None = 24, **asked: Any
) -> dict[str, dict[str, Any]]:
    """Return the rows of a scenario by stage."""
    unit, basis = asked.get("unit", "TP"), asked.get("basis", "ceremony")
    name = asked.get("name", "book.db")
    with new_book(folder, UNITS + table, name) as book, Reading(book) as reading:
        return {row["stage"]: row for row in flow(reading, Flow(unit, span, months, basis))}


def numbers(row: dict[str, Any]) -> tuple[int, ...]:
    """Return reached, waiting, moved on, returned, left, admitted, admitted within."""
    return tuple(row[name] for name in COLUMNS[1:-2])


def test_how_many_nominated_in_a_year_were_admitted_within_two(tmp_path: Path) -> None:
    table = """
        nominated 2016-03-01 P1 unit=C1
        admitted 2018-03-01 P1 unit=C1
        nominated 2016-03-01 P2 unit=C1
        admitted 2018-03-02 P2 unit=C1
        nominated 2016-03-01 P3 unit=C2
        delisted 2016-09-01 P3
        nominated 2016-12-31 P4 unit=C2
        listed 2016-12-31 P4
        nominated 2017-01-01 P5 unit=C1
        admitted 2017-05-19 P5 unit=C1
    """
    rows = told(tmp_path, table)
    assert list(rows["nominated"]) == list(COLUMNS)
    assert numbers(rows["nominated"]) == (4, 0, 3, 0, 1, 2, 1)
    assert (rows["nominated"]["median_days"], rows["nominated"]["longest_days"]) == ("457", 731)
    assert numbers(rows["listed"]) == (1, 1, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("nominated", "admitted", "within"),
    [
        ("2016-01-31", "2016-02-29", 1),
        ("2016-01-31", "2016-03-01", 0),
        ("2016-02-29", "2016-03-29", 1),
        ("2016-02-29", "2016-03-30", 0),
        ("2016-12-15", "2017-01-15", 1),
        ("2016-12-15", "2017-01-16", 0),
        ("2016-12-15", "2016-12-15", 1),
    ],
)
def test_a_month_goes_to_the_same_day_or_to_the_end_of_the_next(
    tmp_path: Path, nominated: str, admitted: str, within: int
) -> None:
    table = f"nominated {nominated} P1 unit=C1\nadmitted {admitted} P1 unit=C1"
    row = told(tmp_path, table, months=1)["nominated"]
    assert (row["admitted"], row["admitted_within"]) == (1, within)


def test_without_months_none_are_told_apart(tmp_path: Path) -> None:
    table = "nominated 2016-03-01 P1 unit=C1\nadmitted 2016-03-01 P1 unit=C1"
    row = told(tmp_path, table, months=None)["nominated"]
    assert (row["admitted"], row["admitted_within"]) == (1, None)


def test_only_what_had_happened_by_the_day_asked(tmp_path: Path) -> None:
    table = """
        nominated 2016-03-01 P1 unit=C1
        listed 2016-04-01 P1
        admitted 2016-05-19 P1 unit=C1
        nominated 2016-05-01 P2 unit=C1
    """
    span = Span(date(2016, 1, 1), date(2016, 12, 31), date(2016, 4, 10))
    rows = told(tmp_path, table, span)
    assert numbers(rows["nominated"]) == (1, 0, 1, 0, 0, 0, 0)
    assert numbers(rows["listed"]) == (1, 1, 0, 0, 0, 0, 0)
    assert rows["listed"]["longest_days"] == 9


def test_a_stage_that_was_passed_on_one_day_was_reached_all_the_same(tmp_path: Path) -> None:
    table = """
        nominated 2016-03-01 P1 unit=C1
        listed 2016-03-01 P1
        dossier_opened 2016-04-01 P1
    """
    rows = told(tmp_path, table)
    assert [stage for stage, row in rows.items() if row["reached"]] == [
        *("nominated", "listed", "dossier")
    ]
    assert rows["nominated"]["median_days"] == "0"


def test_a_cancelled_decision_returns_and_may_be_followed_by_another(tmp_path: Path) -> None:
    table = """
        nominated 2016-01-01 P1 unit=C1
        admission_decided 2016-02-01 P1 by_unit=TP
        admission_cancelled 2016-03-01 P1
        admission_decided 2016-04-01 P1 by_unit=TP
        admitted 2016-05-19 P1 unit=C1
    """
    rows = told(tmp_path, table)
    assert numbers(rows["decided"]) == (1, 0, 0, 1, 0, 1, 1)
    assert numbers(rows["submitted"]) == (1, 0, 1, 0, 0, 1, 1)
    early = Span(IN_2016.since, IN_2016.last_on, date(2016, 4, 30))
    by_decision = told(tmp_path, table, early, basis="decision", name="again.db")["nominated"]
    assert (by_decision["admitted"], by_decision["admitted_within"]) == (1, 1)


def test_who_reached_it_counts_where_they_were_and_is_followed_anywhere(tmp_path: Path) -> None:
    table = """
        nominated 2016-01-01 P1 unit=C1
        nominated 2016-06-01 P1 unit=C2
        listed 2016-07-01 P1
        admitted 2016-12-01 P1 unit=C2
    """
    rows = told(tmp_path, table, unit="C1")
    assert numbers(rows["nominated"]) == (1, 0, 1, 0, 0, 1, 1)
    assert numbers(rows["listed"]) == (0,) * 7


def test_a_note_says_that_the_months_are_not_over(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS) as book, Reading(book) as reading:
        flow(reading, Flow("TP", Span(date(2016, 1, 1), date(2016, 1, 31), date(2016, 2, 29)), 1))
        assert reading.notes == []
        flow(reading, Flow("TP", Span(date(2016, 1, 1), date(2016, 2, 1), date(2016, 2, 29)), 1))
        assert [note.code for note in reading.notes] == ["months_not_over"]


def test_every_number_can_be_opened(tmp_path: Path) -> None:
    table = """
        nominated 2016-03-01 P1 unit=C1
        listed 2016-04-01 P1
        admitted 2016-05-19 P1 unit=C1
    """
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        found = opened(reading, flow_entries(reading, Flow("TP", IN_2016, 24)))
    assert [(row["stage"], row["number"], row["kind"]) for row in found] == [
        ("nominated", "reached", "nominated"),
        ("nominated", "moved_on", "listed"),
        ("nominated", "admitted", "admitted"),
        ("nominated", "admitted_within", "admitted"),
        ("listed", "reached", "listed"),
        ("listed", "moved_on", "admitted"),
        ("listed", "admitted", "admitted"),
        ("listed", "admitted_within", "admitted"),
    ]


def test_the_statement_can_be_carried_to_spark() -> None:
    for basis in ("ceremony", "decision"):
        carried(cohort_sql("stage, count(*)", basis))
