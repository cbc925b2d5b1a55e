"""``roster``: who is a member, where, in what standing and since when."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Problem
from projections.reading import Reading
from projections.roster import roster
from tests.shelf import new_book

UNITS = """
    unit_founded 2015-01-01 TP
    unit_founded 2015-01-01 C1 parent=TP
    unit_founded 2015-01-01 C2 parent=TP
"""
WAY = """
    nominated 2016-01-01 P1 unit=C1
    admitted 2016-05-19 P1 unit=C1
    recognized_official 2017-05-19 P1
"""


def rows(folder: Path, table: str, as_of: str, unit: str | None = "TP", **more: Any) -> list[Any]:
    """Return the roster of a scenario."""
    with new_book(folder, table) as book, Reading(book) as reading:
        return roster(reading, unit, date.fromisoformat(as_of), **more)


def member(folder: Path, table: str, as_of: str) -> tuple[Any, ...] | None:
    """Return standing, unit and the three days of the only member of a scenario."""
    found = rows(folder, table, as_of)
    if not found:
        return None
    (row,) = found
    days = (row[name] and str(row[name]) for name in ("since", "joined_on", "official_on"))
    return row["standing"], row["unit"], *days


def test_a_member_from_the_ceremony_on(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + WAY) as book, Reading(book) as reading:
        for as_of, expected in (
            ("2016-05-18", []),
            ("2016-05-19", [("P1", "C1", "probationary", "2016-05-19", "2016-05-19", None)]),
            ("2017-05-18", [("P1", "C1", "probationary", "2016-05-19", "2016-05-19", None)]),
            ("2017-05-19", [("P1", "C1", "official", "2017-05-19", "2016-05-19", "2017-05-19")]),
        ):
            found = roster(reading, "TP", date.fromisoformat(as_of))
            told = [tuple(value and str(value) for value in row.values()) for row in found]
            assert told == expected
        assert roster(reading, "C2", date(2018, 1, 1)) == []


def test_a_member_carried_forward_has_stood_since_the_day_told(tmp_path: Path) -> None:
    table = UNITS + "carried_forward 2016-01-01 P1 unit=C1"
    told = ("official", "C1", "2001-01-01", "2000-01-01", "2001-01-01")
    assert member(tmp_path, table, "2016-01-01") == told


@pytest.mark.parametrize("leaving", ["expelled", "deleted", "left_on_request", "transferred_out"])
def test_who_left_is_no_member_and_may_come_back(tmp_path: Path, leaving: str) -> None:
    table = UNITS + WAY + f"{leaving} 2018-01-01 P1\nrestored 2019-01-01 P1 unit=C2"
    assert member(tmp_path, table, "2018-12-31") is None
    again = ("official", "C2", "2019-01-01", "2016-05-19", "2017-05-19")
    with new_book(tmp_path, table, "again.db") as book, Reading(book) as reading:
        (row,) = roster(reading, "TP", date(2019, 1, 1))
    assert (row["standing"], row["unit"], *map(str, list(row.values())[3:])) == again


def test_admitted_again_begins_a_new_probation(tmp_path: Path) -> None:
    table = UNITS + WAY + "expelled 2018-01-01 P1\nadmitted 2022-01-01 P1 unit=C1"
    told = ("probationary", "C1", "2022-01-01", "2022-01-01", None)
    assert member(tmp_path, table, "2022-06-01") == told


def test_a_transfer_and_a_merger_move_without_changing_the_standing(tmp_path: Path) -> None:
    table = UNITS + WAY + "transferred 2018-01-01 P1 to=C2\nunit_merged 2019-01-01 C2 into=TP"
    days = ("2017-05-19", "2016-05-19", "2017-05-19")
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        places = {
            as_of: [row["unit"] for row in roster(reading, None, date.fromisoformat(as_of))]
            for as_of in ("2017-12-31", "2018-01-01", "2018-12-31", "2019-01-01")
        }
        (row,) = roster(reading, None, date(2020, 1, 1))
    assert list(places.values()) == [["C1"], ["C2"], ["C2"], ["TP"]]
    assert tuple(map(str, list(row.values())[3:])) == days


def test_what_was_recorded_later_has_not_happened_yet(tmp_path: Path) -> None:
    table = UNITS + WAY + "voided 2018-01-01 6\ndied 2018-02-01 P1"
    with new_book(tmp_path, table) as book:
        standings = []
        for known in (5, 6, 7, 8):
            with Reading(book, known_entry=known) as reading:
                standings.append([r["standing"] for r in roster(reading, "TP", date(2020, 1, 1))])
    assert standings == [["probationary"], ["official"], ["probationary"], []]


def test_a_correction_takes_the_place_of_the_wrong_entry(tmp_path: Path) -> None:
    table = UNITS + WAY + "admitted 2016-05-19 P1 unit=C2 corrects=5"
    told = ("official", "C2", "2017-05-19", "2016-05-19", "2017-05-19")
    assert member(tmp_path, table, "2018-01-01") == told
    # On one day the correction comes where the wrong entry came: before the transfer.
    same_day = UNITS + WAY + "transferred 2018-01-01 P1 to=C2\ntransferred 2018-01-01 P1 to=TP"
    same_day += "\ntransferred 2018-01-01 P1 to=C1 corrects=7"
    with new_book(tmp_path, same_day, "same.db") as book, Reading(book) as reading:
        assert roster(reading, "TP", date(2018, 1, 1))[0]["unit"] == "TP"


def test_a_stage_may_be_asked_for(tmp_path: Path) -> None:
    table = UNITS + "nominated 2016-01-01 P1 unit=C1\nnominated 2016-01-01 P2 unit=C1"
    found = rows(tmp_path, table + "\nlisted 2016-02-01 P2", "2016-03-01", stage="listed")
    assert [(row["person"], row["standing"], row["stage"]) for row in found] == [
        ("P2", "applicant", "listed")
    ]


def test_names_only_where_asked_for_and_openable(tmp_path: Path) -> None:
    table = UNITS + WAY + 'profile_changed 2019-01-01 P1 profile={"name":"Tên\\u0020Mới"}'
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        assert "name" not in roster(reading, "TP", date(2019, 1, 1))[0]
        before, after = (
            roster(reading, "TP", date.fromisoformat(as_of), names=True)[0]["name"]
            for as_of in ("2018-12-31", "2019-01-01")
        )
    assert (before, after) == ("Người Giả Định", "Tên Mới")


def test_a_unit_unknown_or_not_there(tmp_path: Path) -> None:
    table = UNITS + WAY + "unit_merged 2019-01-01 C1 into=C2"
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        with pytest.raises(Problem, match="unknown_unit") as caught:
            roster(reading, "tp1", date(2020, 1, 1))
        assert caught.value.values["suggestion"] == "TP"
        assert roster(reading, "C1", date(2020, 1, 1)) == []
        assert [note.code for note in reading.notes] == ["unit_not_there"]
        assert "C1" in reading.notes[0].text
