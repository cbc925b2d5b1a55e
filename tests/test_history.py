"""``history``: the entries of a person or a unit, and what each changed."""

from datetime import date
from pathlib import Path

import pytest

from ledger.catalogue import kind_of
from ledger.errors import Problem
from projections.history import history_of_person, history_of_unit
from projections.reading import Reading
from tests.shelf import new_book

TABLE = """
    unit_founded 2015-01-01 TP
    unit_founded 2015-01-01 C1 parent=TP
    unit_founded 2015-01-01 C2 parent=TP
    nominated 2016-01-01 P1 unit=C1
    admitted 2016-05-19 P1 unit=C1
    recognized_official 2017-05-19 P1
    transferred 2018-01-01 P1 to=C2
    listed 2016-02-01 P1
    voided 2018-01-01 7
    unit_renamed 2017-01-01 C1 name="Chi\\u0020bộ\\u00201"
    unit_moved 2018-01-01 C1 parent=C2
    unit_founded 2019-01-01 C3 parent=C1
"""


def test_a_person_with_what_each_entry_changed(tmp_path: Path) -> None:
    with new_book(tmp_path, TABLE) as book, Reading(book) as reading:
        changes = history_of_person(reading, "P1")
    told = [(c.entry.no, kind_of(c.entry), c.displaced_by, c.before, c.after) for c in changes]
    assert told == [
        (
            4,
            "nominated",
            None,
            {"standing": "none", "unit": None, "stage": None},
            {"standing": "applicant", "unit": "C1", "stage": "nominated"},
        ),
        (8, "listed", None, {"stage": "nominated"}, {"stage": "listed"}),
        (
            5,
            "admitted",
            None,
            {"standing": "applicant", "stage": "listed"},
            {"standing": "probationary", "stage": None},
        ),
        (6, "recognized_official", None, {"standing": "probationary"}, {"standing": "official"}),
        (7, "transferred", 9, {}, {}),
        (9, "voided", None, {}, {}),
    ]


def test_a_person_as_of_a_day_and_as_known(tmp_path: Path) -> None:
    with new_book(tmp_path, TABLE) as book:
        with Reading(book, known_entry=8) as reading:
            moved = history_of_person(reading, "P1")[-1]
            assert (moved.displaced_by, moved.after) == (None, {"unit": "C2"})
            until = history_of_person(reading, "P1", date(2016, 12, 31))
            assert [change.entry.no for change in until] == [4, 8, 5]
        with (
            Reading(book, known_entry=3) as reading,
            pytest.raises(Problem, match="unknown_person"),
        ):
            history_of_person(reading, "P1")


def test_names_are_opened_only_where_asked_for(tmp_path: Path) -> None:
    with new_book(tmp_path, TABLE) as book, Reading(book) as reading:
        sealed, opened = (
            history_of_person(reading, "P1", opened=opened)[0].entry for opened in (False, True)
        )
    assert "profile.name" in sealed.sealed
    assert not opened.sealed


def test_a_unit_with_what_each_entry_changed(tmp_path: Path) -> None:
    with new_book(tmp_path, TABLE) as book, Reading(book) as reading:
        changes = history_of_unit(reading, "C1")
        with pytest.raises(Problem, match="unknown_unit"):
            history_of_unit(reading, "C9")
    assert [(change.entry.no, change.after) for change in changes] == [
        (2, {"name": "Chi bộ giả định", "type": "cell", "above": "TP"}),
        (10, {"name": "Chi bộ 1"}),
        (11, {"above": "C2"}),
        (12, {}),
    ]


def test_a_correction_stands_where_the_wrong_entry_stood(tmp_path: Path) -> None:
    corrected = """
        unit_founded 2015-01-01 C1
        carried_forward 2016-01-01 P1 unit=C1 joined_on=1999-01-01 profile={"name":"An"}
        transferred_out 2016-01-01 P1 elsewhere=X
        carried_forward 2016-01-01 P1 unit=C1 joined_on=1998-01-01 profile={"name":"An"} corrects=2
    """
    with new_book(tmp_path, corrected) as book, Reading(book) as reading:
        changes = history_of_person(reading, "P1")
    told = [(change.entry.no, change.displaced_by) for change in changes]
    assert told == [(2, 4), (4, None), (3, None)]
