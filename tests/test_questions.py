"""Many questions answered together: what is left out is told, and the statements stay portable."""

from datetime import date
from pathlib import Path

import pytest

from projections.counting import Span, counted
from projections.questions import Question, answers, entries_behind, of_each
from projections.reading import Reading
from tests.shelf import new_book
from tests.test_statements import carried

DAY = date(2020, 12, 31)
IN_2020 = Span(date(2020, 1, 1), DAY, DAY)
UNITS = "unit_founded 2015-01-01 TP\n"


def test_each_question_has_its_own_unit_days_and_filters(tmp_path: Path) -> None:
    table = UNITS + (
        "unit_founded 2015-01-01 C1 parent=TP sector=ward\n"
        "nominated 2019-01-01 P1 unit=C1\nadmitted 2020-05-19 P1 unit=C1\n"
        "nominated 2019-01-01 P2 unit=TP\nadmitted 2019-05-19 P2 unit=TP\n"
    )
    both = Span(date(2019, 1, 1), DAY, DAY)
    before = Span(date(2018, 1, 1), date(2019, 12, 31), DAY)
    over = Span(date(2021, 1, 1), DAY, DAY)
    questions = [
        Question("admissions", "TP", IN_2020, {}),
        Question("admissions", None, both, {}),
        Question("admissions", "C1", before, {}),
        Question("admissions", "TP", both, {"sector": "ward"}),
        Question("members", "TP", before, {}),
        Question("members", "C1", over, {"sex": "female"}),
        Question("admissions", "TP", over, {}),
        Question("external", "TP", both, {}),
        Question("units", "TP", both, {"sex": "female"}),
    ]
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        assert answers(reading, questions) == [1, 2, 0, 1, 1, 1, 0, None, None]
        behind = entries_behind(reading, questions)
        assert behind[:2] == [[(4, 1)], [(4, 1), (6, 1)]]
        assert answers(reading, []) == []


def test_of_many_counts_that_are_left_out_only_the_first_are_told_one_by_one(
    tmp_path: Path,
) -> None:
    counts = "".join(
        f"unnamed_counted 2021-06-30 TP measure=admissions count={no} "
        f'period={{"from":"2020-07-{no:02}","to":"2021-06-30"}}\n'
        for no in range(1, 26)
    )
    with new_book(tmp_path, UNITS + counts) as book, Reading(book) as reading:
        assert answers(reading, [Question("admissions", "TP", IN_2020, {})]) == [0]
        codes = [note.code for note in reading.notes]
        assert codes == ["flow_left_out"] * 20 + ["flows_left_out"]
        assert reading.notes[-1].values == {"count": 5, "measure": "admissions"}


def test_a_count_of_nobody_that_is_left_out_is_not_told(tmp_path: Path) -> None:
    count = (
        "unnamed_counted 2021-06-30 TP measure=admissions count=0 "
        'period={"from":"2020-07-01","to":"2021-06-30"}'
    )
    with new_book(tmp_path, UNITS + count) as book, Reading(book) as reading:
        assert answers(reading, [Question("admissions", "TP", IN_2020, {})]) == [0]
        assert counted(reading, "admissions", "TP", IN_2020) == 0
        assert reading.notes == []


@pytest.mark.parametrize(
    "name",
    ["asked/people", "asked/actions", "asked/places", "asked/unnamed_on", "asked/unnamed_in"],
)
def test_statements_read_for_each_question_can_be_carried_to_spark(name: str) -> None:
    carried(of_each(name))
    assert "$top" not in of_each(name)
