"""``targets``: ranked by completion over the units below."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Problem
from projections.ranking import Selection, entry_rows, ranked, rows
from projections.reading import Reading
from tests.shelf import new_book

IN_TERM = 'period={"from":"2016-01-01","to":"2020-12-31"}'
END = date(2020, 12, 31)
UNITS = """
    unit_founded 2015-01-01 TP
    unit_founded 2015-01-01 C1 parent=TP
    unit_founded 2015-01-01 C2 parent=TP
"""


def target(code: str, unit: str, amount: Any, *more: str, on: str = "2016-01-01") -> str:
    """Return a target for admissions over the term."""
    given = {"measure": "admissions", "form": "absolute", "source": "own_congress"}
    given |= dict(item.split("=", 1) for item in more)
    told = " ".join(f"{name}={value}" for name, value in given.items())
    period = "" if "period" in given else IN_TERM
    return f"target_set {on} {code} unit={unit} amount={amount} {told} {period}\n"


def admissions(unit: str, count: int, on: str = "2017-05-19", first: int = 1) -> str:
    """Return nominations and admissions of so many people."""
    return "".join(
        f"nominated 2016-02-01 {unit}P{no} unit={unit}\nadmitted {on} {unit}P{no} unit={unit}\n"
        for no in range(first, first + count)
    )


def listed(
    folder: Path,
    table: str,
    as_of: date = END,
    unit: str | None = "TP",
    selection: Selection | None = None,
    **options: Any,
) -> list[dict[str, Any]]:
    """Return the rows of a scenario."""
    with new_book(folder, UNITS + table) as book, Reading(book, **options) as reading:
        return rows(ranked(reading, unit, as_of, selection or Selection()))


def short(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["rank"], row["target"], row["done"], row["completion"]) for row in found]


def test_fifty_nine_units_are_ranked_by_completion(tmp_path: Path) -> None:
    # Unit n admits n mod 4 of the 3 that it is to admit, so that many share a rank.
    table = "".join(
        f"unit_founded 2015-01-01 W{no:02} parent=TP\n"
        + target(f"T{no:02}", f"W{no:02}", 3)
        + admissions(f"W{no:02}", no % 4)
        for no in range(1, 60)
    )
    found = listed(tmp_path, table)
    assert len(found) == 59
    assert list(found[0]) == [
        *("rank", "unit", "target", "source", "measure", "form", "amount", "done", "completion")
    ]
    ranks = [row["rank"] for row in found]
    assert ranks == [1] * 15 + [16] * 15 + [31] * 15 + [46] * 14
    assert [row["completion"] for row in found[::15]] == ["100", "200/3", "100/3", "0"]
    assert [row["unit"] for row in found[:3]] == ["W03", "W07", "W11"]


def test_two_targets_of_one_unit_in_one_term_stand_beside_each_other(tmp_path: Path) -> None:
    table = target("ASSIGNED", "C1", 8, "source=TP") + target("OWN", "C1", 5) + admissions("C1", 4)
    found = listed(tmp_path, table)
    assert [(row["rank"], row["source"], row["done"], row["completion"]) for row in found] == [
        (1, "own_congress", 4, "80"),
        (2, "TP", 4, "50"),
    ]


def test_without_a_completion_a_target_comes_last_and_has_no_rank(tmp_path: Path) -> None:
    table = (
        target("T1", "C1", 3, "form=rate")
        + target("T2", "C2", 10)
        + target("T3", "TP", 4, "measure=external")
        + admissions("C1", 1)
    )
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        assert short(rows(ranked(reading, "TP", END))) == [
            (1, "T2", 0, "0"),
            (None, "T1", 1, None),
            (None, "T3", None, None),
        ]
        assert [note.code for note in reading.notes] == ["not_counted", "base_unknown"]


def test_a_unit_counts_what_is_done_below_it(tmp_path: Path) -> None:
    table = target("T1", "TP", 4) + target("T2", "C1", 4) + admissions("C1", 1)
    table += admissions("C2", 1)
    assert short(listed(tmp_path, table)) == [(1, "T1", 2, "50"), (2, "T2", 1, "25")]
    own = Selection(is_own=True)
    with new_book(tmp_path, UNITS + table, "own.db") as book, Reading(book) as reading:
        assert [row["target"] for row in rows(ranked(reading, "TP", END, own))] == ["T1"]
        assert [row["target"] for row in rows(ranked(reading, "C1", END))] == ["T2"]


@pytest.mark.parametrize(
    ("since", "last_on", "as_of", "found"),
    [
        (None, None, "2018-06-30", ["TERM", "YEAR"]),
        (None, None, "2019-01-01", ["TERM"]),
        (None, None, "2021-01-01", []),
        ("2016-01-01", "2020-12-31", "2021-01-01", ["TERM", "YEAR"]),
        ("2016-01-02", "2020-12-31", "2021-01-01", ["YEAR"]),
        ("2018-01-01", None, "2021-01-01", ["YEAR"]),
        (None, "2020-12-30", "2021-01-01", ["YEAR"]),
    ],
)
def test_which_periods_are_meant(
    tmp_path: Path, since: str | None, last_on: str | None, as_of: str, found: list[str]
) -> None:
    table = target("TERM", "TP", 10)
    table += target("YEAR", "TP", 2, 'period={"from":"2018-01-01","to":"2018-12-31"}')
    first, last = (date.fromisoformat(day) if day else None for day in (since, last_on))
    told = listed(tmp_path, table, date.fromisoformat(as_of), selection=Selection(first, last))
    assert sorted(row["target"] for row in told) == found


def test_what_is_done_is_cut_at_the_day_asked(tmp_path: Path) -> None:
    table = target("T1", "C1", 4) + admissions("C1", 1) + admissions("C1", 1, "2019-05-19", 2)
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        done = [
            rows(ranked(reading, "TP", date.fromisoformat(day)))[0]["done"]
            for day in ("2016-12-31", "2017-05-18", "2017-05-19", "2020-12-31")
        ]
    assert done == [0, 0, 1, 2]


def test_a_superseded_or_withdrawn_target_is_out_from_its_day_on(tmp_path: Path) -> None:
    table = (
        target("T1", "C1", 4)
        + target("T2", "C1", 6, "supersedes=T1", on="2018-01-01")
        + target("T3", "C2", 4)
        + "target_withdrawn 2019-01-01 T3\n"
    )
    with new_book(tmp_path, UNITS + table) as book:
        with Reading(book) as reading:
            live = [
                sorted(item.progress.target.target for item in ranked(reading, "TP", day))
                for day in (date(2017, 12, 31), date(2018, 1, 1), date(2019, 1, 1))
            ]
        with Reading(book, known_entry=4) as reading:
            assert [row["target"] for row in rows(ranked(reading, "TP", END))] == ["T1"]
    assert live == [["T1", "T3"], ["T2", "T3"], ["T2"]]


def test_a_target_withdrawn_by_mistake_is_back_when_that_is_voided(tmp_path: Path) -> None:
    table = target("T1", "C1", 4) + "target_withdrawn 2019-01-01 T1\nvoided 2019-02-01 5\n"
    assert short(listed(tmp_path, table)) == [(1, "T1", 0, "0")]


def test_targets_of_a_unit_that_ended_are_frozen_and_told(tmp_path: Path) -> None:
    table = (
        target("T1", "C1", 4)
        + target("T2", "C2", 4)
        + admissions("C1", 3)
        + "unit_merged 2018-07-01 C1 into=C2\n"
        + admissions("C2", 1, "2019-05-19")
    )
    with new_book(tmp_path, UNITS + table) as book:
        with Reading(book) as reading:
            assert short(rows(ranked(reading, "TP", END))) == [
                (1, "T1", 3, "75"),
                (2, "T2", 1, "25"),
            ]
            assert [(note.code, note.values["count"]) for note in reading.notes] == [
                ("targets_frozen", 1)
            ]
        with Reading(book, units_as_of=date(2018, 7, 1)) as reading:
            assert short(rows(ranked(reading, "TP", END))) == [(1, "T2", 4, "100")]
            assert [note.code for note in reading.notes] == ["targets_succeeded"]


def test_a_unit_that_moved_away_takes_its_targets_along(tmp_path: Path) -> None:
    table = "unit_founded 2015-01-01 PY\n" + target("T1", "C1", 4)
    table += "unit_moved 2018-01-01 C1 parent=PY\nunit_dissolved 2019-01-01 C1\n"
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        for unit, day, found in (
            ("TP", date(2017, 12, 31), 1),
            ("TP", date(2018, 1, 1), 0),
            ("PY", date(2018, 1, 1), 1),
            ("TP", END, 0),
            ("PY", END, 1),
            (None, END, 1),
        ):
            assert len(ranked(reading, unit, day)) == found


def test_only_targets_of_a_measure_or_done_to_less(tmp_path: Path) -> None:
    table = (
        target("T1", "C1", 2)
        + target("T2", "C2", 2)
        + target("T3", "TP", 1, "measure=members")
        + target("T4", "TP", 3, "form=rate")
        + admissions("C1", 1)
    )
    of_admissions = Selection(measure="admissions")
    found = listed(tmp_path, table, selection=of_admissions)
    assert [row["target"] for row in found] == ["T1", "T2", "T4"]
    with new_book(tmp_path, UNITS + table, "under.db") as book, Reading(book) as reading:
        under = {
            share: [
                (row["rank"], row["target"])
                for row in rows(ranked(reading, "TP", END, Selection(under=Fraction(share))))
            ]
            for share in ("50", "50.000000000000001", "0")
        }
    assert under == {"50": [(3, "T2")], "50.000000000000001": [(2, "T1"), (3, "T2")], "0": []}


def test_what_is_done_can_be_opened(tmp_path: Path) -> None:
    table = target("T1", "C1", 2) + target("T2", "TP", 10) + admissions("C1", 2)
    table += (
        "unnamed_counted 2018-12-31 C2 measure=admissions count=5 "
        'period={"from":"2018-01-01","to":"2018-12-31"}'
    )
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        found = entry_rows(reading, ranked(reading, "TP", END), END)
    assert [(row["target"], row["kind"], row["count"]) for row in found] == [
        *[("T1", "admitted", 1)] * 2,
        *[("T2", "admitted", 1)] * 2,
        ("T2", "unnamed_counted", 5),
    ]


def test_an_unknown_unit_is_refused_and_one_not_there_is_noted(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS + target("T1", "C1", 2)) as book, Reading(book) as reading:
        with pytest.raises(Problem, match="unknown_unit"):
            ranked(reading, "XX", END)
        assert ranked(reading, "C1", date(2014, 1, 1)) == []
        assert [note.code for note in reading.notes] == ["unit_not_there"]
