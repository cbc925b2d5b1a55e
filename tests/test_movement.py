"""``movement``: form 1 by cause; what is a move, what is reorganised, what is nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from projections.movement import (
    LINES,
    behind,
    by_unit,
    detailed,
    movement,
    movements,
    whole,
    yearly,
)
from projections.opening import opened
from projections.reading import Reading
from tests.shelf import new_book

UNITS = """
    unit_founded 2015-01-01 TU type=centrally_run
    unit_founded 2015-01-01 TP parent=TU
    unit_founded 2015-01-01 C1 parent=TP
    unit_founded 2015-01-01 C2 parent=TP
    unit_founded 2015-01-01 QV parent=TU
"""
PEOPLE = """
    carried_forward 2016-01-01 P1 unit=C1
    carried_forward 2016-01-01 P2 unit=C1
    carried_forward 2016-01-01 P3 unit=QV
"""
YEAR = (date(2017, 1, 1), date(2017, 12, 31))


def changes(row: dict[str, Any]) -> dict[str, int]:
    """Return the lines of a movement that are not zero."""
    return {line: row[line] for line in LINES if row[line]}


def moved(folder: Path, table: str, unit: str | None = "TP", **more: Any) -> dict[str, int]:
    """Return what moved in 2017, of the units and people above and what is told of them."""
    with (
        new_book(folder, UNITS + PEOPLE + table) as book,
        Reading(book, units_as_of=more.pop("units_as_of", None)) as reading,
    ):
        return changes(movement(reading, unit, *more.pop("period", YEAR), **more))


def test_keys_are_those_of_the_contract(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS) as book, Reading(book) as reading:
        assert list(movement(reading, "TP", *YEAR)) == [
            *("unit", "from", "to", "opening", "carried_forward", "admitted", "readmitted"),
            *("restored", "transferred_in", "died", "expelled", "deleted", "left_on_request"),
            *("transferred_out", "reorganised_in", "reorganised_out", "unnamed_change"),
            "closing",
        ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("", {"opening": 2, "closing": 2}),
        (
            "carried_forward 2017-01-01 P4 unit=TP",
            {"opening": 2, "carried_forward": 1, "closing": 3},
        ),
        ("carried_forward 2018-01-01 P4 unit=TP", {"opening": 2, "closing": 2}),
        ("died 2017-12-31 P1", {"opening": 2, "died": 1, "closing": 1}),
        ("died 2016-12-31 P1", {"opening": 1, "closing": 1}),
        ("transferred 2017-05-01 P1 to=C2", {"opening": 2, "closing": 2}),
        ("transferred 2017-05-01 P1 to=QV", {"opening": 2, "transferred_out": 1, "closing": 1}),
        ("transferred 2017-05-01 P3 to=C2", {"opening": 2, "transferred_in": 1, "closing": 3}),
        # Several on one day, each counted by what it did.
        (
            "transferred 2017-05-01 P1 to=QV\ntransferred 2017-05-01 P1 to=C2",
            {"opening": 2, "transferred_in": 1, "transferred_out": 1, "closing": 2},
        ),
        (
            "deleted 2017-05-01 P1\nrestored 2017-05-01 P1 unit=C2\nexpelled 2017-05-01 P1",
            {"opening": 2, "restored": 1, "expelled": 1, "deleted": 1, "closing": 1},
        ),
        (
            "left_on_request 2017-02-01 P1\nadmitted 2017-06-01 P1 unit=C1",
            {"opening": 2, "readmitted": 1, "left_on_request": 1, "closing": 2},
        ),
        (
            "transferred_out 2017-02-01 P1\ntransferred_in 2017-06-01 P1 unit=C1",
            {"opening": 2, "transferred_in": 1, "transferred_out": 1, "closing": 2},
        ),
        ("temporary_transfer_began 2017-02-01 P1 host=QV", {"opening": 2, "closing": 2}),
        # What was recorded by mistake has not happened; a correction has, where it says.
        ("died 2017-05-01 P1\nvoided 2018-01-01 9 reason=x", {"opening": 2, "closing": 2}),
        (
            "died 2017-05-01 P1\ndeleted 2017-05-01 P2 corrects=9",
            {"opening": 2, "deleted": 1, "closing": 1},
        ),
    ],
)
def test_causes(table: str, expected: dict[str, int], tmp_path: Path) -> None:
    assert moved(tmp_path, table) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("unit_moved 2017-05-01 C1 parent=QV", {"opening": 2, "reorganised_out": 2}),
        ("unit_moved 2017-05-01 QV parent=C2", {"opening": 2, "reorganised_in": 1, "closing": 3}),
        ("unit_merged 2017-05-01 C1 into=C2", {"opening": 2, "closing": 2}),
        ("unit_merged 2017-05-01 C1 into=QV", {"opening": 2, "reorganised_out": 2}),
        ("unit_merged 2017-01-01 C1 into=QV", {"opening": 2, "reorganised_out": 2}),
        ("unit_merged 2016-12-31 C1 into=QV", {}),
        (
            "unit_dissolved 2017-12-31 QV members_to=TP",
            {"opening": 2, "reorganised_in": 1, "closing": 3},
        ),
        # The unit asked ends: its people are gone from it, wherever they went.
        ("unit_merged 2017-05-01 TP into=QV", {"opening": 2, "reorganised_out": 2}),
        # In and out again within the period: both are told.
        (
            "unit_moved 2017-05-01 C1 parent=QV\nunit_moved 2017-06-01 C1 parent=TP",
            {"opening": 2, "reorganised_in": 2, "reorganised_out": 2, "closing": 2},
        ),
        # Units change first on a day, then people act in the tree of that day.
        (
            "unit_merged 2017-05-01 C1 into=QV\ntransferred 2017-05-01 P1 to=C2",
            {"opening": 2, "transferred_in": 1, "reorganised_out": 2, "closing": 1},
        ),
        (
            "unit_merged 2017-05-01 C1 into=QV\ndied 2017-05-01 P1",
            {"opening": 2, "reorganised_out": 2},
        ),
        (
            "unit_moved 2017-05-01 QV parent=TP\ndied 2017-05-01 P3",
            {"opening": 2, "died": 1, "reorganised_in": 1, "closing": 2},
        ),
        # A chain of mergers on one day, back to where it began, is nothing.
        (
            "unit_merged 2017-05-01 C1 into=QV\nunit_merged 2017-05-01 QV into=TP",
            {"opening": 2, "reorganised_in": 1, "closing": 3},
        ),
    ],
)
def test_what_crosses_with_its_unit_is_reorganised(
    table: str, expected: dict[str, int], tmp_path: Path
) -> None:
    assert moved(tmp_path, table) == expected


def test_each_crossing_of_one_member_is_opened(tmp_path: Path) -> None:
    table = """
        unit_founded 2015-01-01 A
        unit_founded 2015-01-01 B
        unit_founded 2015-01-01 C parent=A
        carried_forward 2015-02-01 P1 unit=C
        unit_moved 2016-01-01 C parent=B
        unit_moved 2017-01-01 C parent=A
        unit_moved 2018-01-01 C parent=B
    """
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        part = whole(reading, "A", date(2016, 1, 1), date(2018, 12, 31))
        (row,) = movements(reading, [part])
        assert (row["reorganised_out"], row["reorganised_in"]) == (2, 1)
        rows = opened(reading, behind(reading, [part], ["reorganised_out"]))
        assert [(entry["no"], entry["count"]) for entry in rows] == [(4, 1), (4, 1)]


def test_inner_moves_cancel_at_the_common_ancestor(tmp_path: Path) -> None:
    table = "transferred 2017-05-01 P1 to=QV\nunit_moved 2017-06-01 C1 parent=QV"
    assert moved(tmp_path, table, "TU") == {"opening": 3, "closing": 3}


def test_the_founding_day_and_the_day_of_the_first_people(tmp_path: Path) -> None:
    table = "unit_founded 2017-05-01 C3 parent=TP\ncarried_forward 2017-05-01 P4 unit=C3"
    assert moved(tmp_path, table, "C3") == {"carried_forward": 1, "closing": 1}
    (folder := tmp_path / "moved").mkdir()
    table = "unit_founded 2017-05-01 C3 parent=TP\nunit_moved 2017-05-01 C1 parent=C3"
    assert moved(folder, table, "C3") == {"reorganised_in": 2, "closing": 2}


def test_people_without_names_have_one_line(tmp_path: Path) -> None:
    table = """
        unnamed_counted 2016-06-30 C1 measure=members count=40 as_of=2016-06-30
        unnamed_counted 2017-06-30 C1 measure=members count=50 as_of=2017-06-30
        unnamed_counted 2017-06-30 TU measure=members count=9 as_of=2017-06-30
        unit_moved 2017-08-01 C2 parent=QV
    """
    found = moved(tmp_path, table)
    assert found == {"opening": 42, "unnamed_change": 10, "closing": 52}
    (folder := tmp_path / "gone").mkdir()
    table += "unit_moved 2017-09-01 C1 parent=QV"
    found = moved(folder, table)
    assert found == {"opening": 42, "reorganised_out": 2, "unnamed_change": -40}


def test_without_a_unit_the_whole_book_is_meant(tmp_path: Path) -> None:
    table = """
        unit_founded 2017-03-01 XX
        carried_forward 2017-03-01 P4 unit=XX
        unit_moved 2017-09-01 XX parent=TU
    """
    with new_book(tmp_path, UNITS + PEOPLE + table) as book, Reading(book) as reading:
        row = movement(reading, None, *YEAR)
        assert (row["unit"], changes(row)) == (
            None,
            {"opening": 3, "carried_forward": 1, "closing": 4},
        )
        later = movement(reading, None, date(2018, 1, 1), date(2018, 12, 31))
        assert (later["unit"], changes(later)) == ("TU", {"opening": 4, "closing": 4})


def test_the_period_is_cut_at_the_day_asked(tmp_path: Path) -> None:
    table = UNITS + PEOPLE + "died 2017-07-01 P1"
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        row = movement(reading, "TP", *YEAR, as_of=date(2017, 6, 30))
        assert (row["to"], changes(row)) == (date(2017, 6, 30), {"opening": 2, "closing": 2})
        assert not reading.notes
        row = movement(reading, "TP", *YEAR, as_of=date(2016, 6, 30))
        assert (row["to"], changes(row)) == (date(2016, 6, 30), {"opening": 2, "closing": 2})
        assert [note.code for note in reading.notes] == ["period_not_begun"]


def test_an_empty_book_and_a_unit_that_is_not_there(tmp_path: Path) -> None:
    with new_book(tmp_path) as book, Reading(book) as reading:
        row = movement(reading, None, *YEAR)
        assert (row["unit"], changes(row)) == (None, {})
    with new_book(tmp_path, UNITS, "other.db") as book, Reading(book) as reading:
        assert changes(movement(reading, "TP", date(2001, 1, 1), date(2001, 12, 31))) == {}
        assert [note.code for note in reading.notes] == ["unit_not_there"]


def test_details_say_of_which(tmp_path: Path) -> None:
    table = """
        nominated 2016-01-01 P4 unit=C1
        admitted 2016-12-01 P4 unit=C1
        deleted 2017-02-01 P4
        deleted 2017-02-01 P1
        transferred 2017-05-01 P2 to=QV
        transferred_out 2017-06-01 P2
        transferred_in 2017-07-01 P2 unit=C2
    """
    with new_book(tmp_path, UNITS + PEOPLE + table) as book, Reading(book) as reading:
        (row,) = detailed(reading, [whole(reading, "TP", *YEAR)])
        assert (row["deleted"], row["deleted_probationary"]) == (2, 1)
        assert (row["transferred_in"], row["transferred_in_book"]) == (1, 0)
        assert (row["transferred_out"], row["transferred_out_book"]) == (1, 1)


def test_a_row_a_year_and_a_row_a_unit(tmp_path: Path) -> None:
    table = "transferred 2017-05-01 P1 to=QV\nunit_moved 2018-06-01 C1 parent=QV"
    with new_book(tmp_path, UNITS + PEOPLE + table) as book, Reading(book) as reading:
        rows = movements(reading, yearly(reading, "TP", range(2016, 2030), date(2018, 12, 31)))
        assert [(row["year"], row["opening"], row["closing"]) for row in rows] == [
            (2016, 0, 2),
            (2017, 2, 1),
            (2018, 1, 0),
        ]
        assert [note.code for note in reading.notes] == ["years_left_out"]
        rows = movements(reading, by_unit(reading, whole(reading, "TU", *YEAR)))
        assert [(row["unit"], row["alone"], changes(row)) for row in rows] == [
            ("TU", True, {}),
            ("QV", False, {"opening": 1, "transferred_in": 1, "closing": 2}),
            ("TP", False, {"opening": 2, "transferred_out": 1, "closing": 1}),
        ]
