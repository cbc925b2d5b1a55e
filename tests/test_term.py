"""``term``: totals by year and whole, growth, targets and what was done towards them."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Problem
from projections.exact import exact_text, years_of
from projections.reading import Reading
from projections.term import term
from tests.shelf import new_book

BEYOND = '{"from":"2018-01-01","to":"2019-01-01"}'
IN_2017 = '"period":{"from":"2017-01-01","to":"2017-12-31"}'
UNITS = """
    unit_founded 2015-01-01 TP
    unit_founded 2015-01-01 C1 parent=TP sector=ward
    term_opened 2015-01-01 TP term=2016-2018 starts=2016-01-01 ends=2018-12-31
"""
TERM_PERIOD = '{"from":"2016-01-01","to":"2018-12-31"}'
END = date(2018, 12, 31)


def admitted(person: str, on: str, sex: str = "female", unit: str = "C1") -> str:
    """Return a nomination and an admission."""
    profile = f'{{"name":"A","sex":"{sex}"}}'
    return (
        f"nominated 2015-06-01 {person} unit={unit} profile={profile}\n"
        f"admitted {on} {person} unit={unit}\n"
    )


THREE = (
    admitted("P1", "2016-05-01")
    + admitted("P2", "2017-05-01")
    + admitted("P3", "2017-12-31", "male")
)


def report(
    folder: Path, table: str, as_of: date = END, unit: str | None = "TP", **more: Any
) -> Any:
    """Return the term report of a scenario."""
    with new_book(folder, UNITS + table) as book, Reading(book) as reading:
        return term(reading, "2016-2018", unit, as_of, **more)


def completion(folder: Path, fields: str, table: str = THREE, as_of: date = END) -> tuple[Any, Any]:
    """Return done and completion of one target over the term."""
    target = f"target_set 2016-01-01 T1 unit=TP period={TERM_PERIOD} source=own_congress {fields}\n"
    (row,) = report(folder, table + target, as_of)["targets"]
    return row["done"], row["completion"]


def test_years_totals_growth_and_index(tmp_path: Path) -> None:
    found = report(tmp_path, THREE + "recognized_official 2017-05-01 P1\ndied 2018-01-01 P3")
    assert (found["unit"], found["term"], found["from"], found["to"]) == (
        "TP",
        "2016-2018",
        date(2016, 1, 1),
        END,
    )
    assert [(row["year"], row["admissions"]) for row in found["years"]] == [
        (2016, 1),
        (2017, 2),
        (2018, 0),
    ]
    assert [row["growth"]["admissions"] for row in found["years"]] == [None, "100", "-100"]
    assert [row["index"]["admissions"] for row in found["years"]] == [None, "200", "0"]
    assert found["totals"]["admissions"] == 3
    assert found["totals"]["recognitions"] == 1
    assert found["totals"]["departures_by_cause"] == {"died": 1}
    assert found["yearly_mean"]["admissions"] == "1"
    assert found["yearly_mean"]["departures"] == "1/3"


def test_a_term_is_cut_at_the_day_asked(tmp_path: Path) -> None:
    found = report(tmp_path, THREE, date(2017, 6, 30))
    assert found["to"] == date(2017, 6, 30)
    assert [(row["year"], row["admissions"]) for row in found["years"]] == [(2016, 1), (2017, 1)]
    assert found["years"][1]["growth"]["admissions"] == "0"


def test_a_term_that_has_not_begun_has_no_years(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + THREE) as book, Reading(book) as reading:
        found = term(reading, "2016-2018", "TP", date(2015, 12, 31))
        assert [note.code for note in reading.notes] == ["term_not_begun"]
    assert (found["from"], found["to"]) == (date(2016, 1, 1), None)
    assert found["years"] == []
    assert found["totals"]["admissions"] == 0


def test_growth_is_null_against_a_year_that_was_cut(tmp_path: Path) -> None:
    opened = "term_opened 2015-01-01 C1 term=2016-2018 starts=2016-03-01 ends=2018-12-31\n"
    found = report(tmp_path, opened + THREE, unit="C1")
    assert [row["growth"]["admissions"] for row in found["years"]] == [None, None, "-100"]
    assert found["years"][0]["from"] == date(2016, 3, 1)


def test_the_term_is_that_of_the_nearest_unit_above(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + THREE) as book, Reading(book) as reading:
        assert term(reading, "2016-2018", "C1", END)["totals"]["admissions"] == 3
        assert term(reading, "2016-2018", None, END)["unit"] == "TP"
        with pytest.raises(Problem, match="unknown_term") as caught:
            term(reading, "2016-2019", "C1", END)
        assert caught.value.values["suggestion"] == "2016-2018"


def test_classes_and_participants_by_type(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        THREE
        + "class_opened 2015-02-01 L1 organiser=C1\n"
        + "class_opened 2016-02-01 L2 organiser=TP type=new_member\n"
        + "enrolled_in_class 2016-02-01 P1 class=L1\nattended_class 2017-02-01 P1 class=L1\n"
        + "attended_class 2017-03-01 P2 class=L2\n"
        + "unnamed_counted 2017-12-31 TP measure=class_participants count=237 "
        + 'period={"from":"2017-01-01","to":"2017-12-31"} filters={"class_type":"awareness"}\n'
        + "unnamed_counted 2017-12-31 TP measure=classes count=3 "
        + 'period={"from":"2017-01-01","to":"2017-12-31"}',
    )
    first, second, _ = found["years"]
    assert first["classes_by_type"] == {"new_member": 1}
    assert first["class_participants_by_type"] == {"awareness": 1}
    assert second["classes_by_type"] == {"unknown": 3}
    assert second["class_participants_by_type"] == {"awareness": 237, "new_member": 1}
    assert (second["certificates"], found["totals"]["class_participants"]) == (2, 239)


def test_admissions_by_decision_leave_cancelled_ones_out(tmp_path: Path) -> None:
    table = (
        "nominated 2015-06-01 P1 unit=C1\nadmission_decided 2016-02-01 P1 by_unit=TP\n"
        "admission_cancelled 2017-02-01 P1\nadmission_decided 2017-03-01 P1 by_unit=TP\n"
        "admitted 2018-01-01 P1 unit=C1"
    )
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        counts = {
            (str(as_of), basis): [
                row["admissions"]
                for row in term(reading, "2016-2018", "TP", as_of, basis=basis)["years"]
            ]
            for as_of in (END, date(2016, 12, 31))
            for basis in ("ceremony", "decision")
        }
    assert list(counts.values()) == [[0, 0, 1], [0, 1, 0], [0], [1]]


def test_a_flow_that_only_overlaps_is_left_out_and_said(tmp_path: Path) -> None:
    flow = (
        "unnamed_counted 2018-06-30 C1 measure=admissions count=7 "
        'period={"from":"2017-07-01","to":"2018-06-30"}'
    )
    with new_book(tmp_path, UNITS + flow) as book, Reading(book) as reading:
        found = term(reading, "2016-2018", "TP", END)
        assert found["totals"]["admissions"] == 7
        assert [row["admissions"] for row in found["years"]] == [0, 0, 0]
        assert [note.code for note in reading.notes] == ["flow_in_no_year"]
    nobody = flow.replace("count=7", "count=0")
    with new_book(tmp_path, UNITS + nobody, "0.db") as book, Reading(book) as reading:
        term(reading, "2016-2018", "TP", END)
        assert reading.notes == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("measure=admissions form=absolute amount=4", (3, "75")),
        ("measure=admissions form=floor amount=9", (3, "100/3")),
        ("measure=admissions form=range amount=[2,5]", (3, "150")),
        ("measure=admissions form=yearly_mean amount=2", (3, "50")),
        ("measure=admissions form=rate amount=3 base=200", (3, "50")),
        ("measure=admissions form=rate amount=3", (3, None)),
        (
            'measure=admissions form=rate amount=50 base={"as_of":"2016-12-31"}',
            (3, "600"),
        ),
        (
            f'measure=admissions form=rate amount=50 base={{"measure":"admissions",{IN_2017}}}',
            (3, "300"),
        ),
        ("measure=admissions form=floor amount=0", (3, None)),
        ('measure=admissions form=floor amount=4 filters={"sex":"female"}', (2, "50")),
        ('measure=admissions form=floor amount=4 filters={"sex":["male","female"]}', (3, "75")),
        ('measure=admissions form=floor amount=4 filters={"sector":"ward"}', (3, "75")),
        ("measure=members form=floor amount=4", (3, "75")),
        ("measure=units form=floor amount=4", (2, "50")),
        ("measure=external form=floor amount=4", (None, None)),
        ('measure=units form=floor amount=4 filters={"sex":"male"}', (None, None)),
    ],
)
def test_completion_by_form(tmp_path: Path, fields: str, expected: tuple[Any, Any]) -> None:
    assert completion(tmp_path, fields) == expected


def test_done_is_cut_at_the_day_asked(tmp_path: Path) -> None:
    asked = "measure=admissions form=floor amount=4"
    assert completion(tmp_path, asked, as_of=date(2016, 12, 31)) == (1, "25")


def test_targets_in_force_lie_inside_the_term_and_are_of_the_unit_itself(tmp_path: Path) -> None:
    base = "measure=admissions form=floor amount=4 source=own_congress"
    table = (
        f"target_set 2016-01-01 T1 unit=TP period={TERM_PERIOD} {base}\n"
        f"target_set 2016-01-01 T2 unit=TP period={TERM_PERIOD} {base}\n"
        f"target_set 2017-01-01 T3 unit=TP period={TERM_PERIOD} {base} supersedes=T2\n"
        f"target_set 2016-01-01 T4 unit=C1 period={TERM_PERIOD} {base}\n"
        f"target_set 2016-01-01 T5 unit=TP period={BEYOND} {base}\n"
        "target_withdrawn 2018-01-01 T1\n"
    )
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        in_force = [
            [row["target"] for row in term(reading, "2016-2018", "TP", as_of)["targets"]]
            for as_of in (date(2016, 12, 31), date(2017, 12, 31), END)
        ]
    assert in_force == [["T1", "T2"], ["T1", "T3"], ["T3"]]


def test_actions_are_counted_at_the_unit_of_their_day(tmp_path: Path) -> None:
    table = (
        "unit_founded 2015-01-01 PY\n"
        + admitted("P1", "2016-05-01")
        + "transferred 2017-01-01 P1 to=PY\ndied 2017-02-01 P1\n"
        + admitted("P2", "2016-06-01")
        + "unit_moved 2018-01-01 C1 parent=PY\ndied 2018-02-01 P2"
    )
    found = report(tmp_path, table)
    assert found["totals"]["admissions"] == 2
    assert found["totals"]["departures"] == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1669, 20), "83.45"),
        (Fraction(800, 9), "800/9"),
        (Fraction(80), "80"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(-25), "-25"),
        (Fraction(0), "0"),
        (None, None),
    ],
)
def test_numbers_are_exact(value: Fraction | None, text: str | None) -> None:
    assert exact_text(value) == text


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2020-01-01", "2024-12-31", Fraction(5)),
        ("2020-06-15", "2025-06-14", Fraction(5)),
        ("2021-01-01", "2021-01-01", Fraction(1, 365)),
        ("2020-02-29", "2021-02-28", Fraction(1)),
        ("2020-01-01", "2021-06-30", 1 + Fraction(181, 365)),
    ],
)
def test_years_of_a_period(first: str, last: str, years: Fraction) -> None:
    assert years_of(date.fromisoformat(first), date.fromisoformat(last)) == years
