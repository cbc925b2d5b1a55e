"""What is done towards targets, and which units fall short of theirs."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from projections.ranking import entry_rows, ranked, rows
from projections.reading import Reading
from projections.targets import units_done_to_less
from tests.shelf import new_book
from tests.test_ranking import END, UNITS, admissions, listed, short, target


def test_units_that_are_behind_with_a_target(tmp_path: Path) -> None:
    table = (
        target("T1", "C1", 2)
        + target("T2", "C1", 8, "source=TP")
        + target("T3", "C2", 4, "form=rate")
        + target("T4", "TP", 2)
        + admissions("C1", 2)
    )
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        found = units_done_to_less(reading, "TP", END, Fraction(50))
        assert [(item.unit, item.no, item.targets) for item in found] == [("C1", 2, ("T2",))]
        before = units_done_to_less(reading, "TP", date(2017, 5, 18), Fraction(50))
        assert [item.unit for item in before] == ["TP", "C1"]
        assert units_done_to_less(reading, "TP", date(2021, 1, 1), Fraction(50)) == []
        of_cells = {"founded_in": {"from": "2016-01-01", "to": "2017-01-01"}}
        assert units_done_to_less(reading, "TP", END, Fraction(50), filters=of_cells) == []


def test_a_target_for_units_that_fall_short_counts_them_as_figures_do(tmp_path: Path) -> None:
    short_of = 'filters={"completion_under":"50"}'
    table = (
        target("T1", "C1", 8)
        + target("T2", "C2", 2)
        + target("T3", "TP", 4, "measure=units", short_of)
        + target("T4", "TP", 4, "measure=members", short_of)
        + admissions("C1", 2)
        + admissions("C2", 2)
    )
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        found = ranked(reading, "TP", END)
        opened = entry_rows(reading, found, END)
    assert {row["target"]: (row["done"], row["completion"]) for row in rows(found)} == {
        "T2": (2, "100"),
        "T1": (2, "25"),
        # C1 alone: what T3 itself is done to counts for nothing. Members have no targets.
        "T3": (1, "25"),
        "T4": (None, None),
    }
    assert [row["no"] for row in opened if row["target"] == "T3"] == [2]


def test_a_target_for_dossiers_is_for_opening_them(tmp_path: Path) -> None:
    table = (
        target("T1", "TP", 8, "measure=dossiers")
        + target("T2", "TP", 50, "measure=dossiers", "form=rate", 'base={"measure":"dossiers",'
                 '"as_of":"2016-12-31"}')
        + target("T3", "TP", 50, "measure=dossiers", "form=rate", 'base={"measure":"dossiers",'
                 '"period":{"from":"2016-01-01","to":"2016-12-31"}}')
        + admissions("C1", 2)
        + "dossier_opened 2016-03-01 C1P1\ndossier_opened 2016-04-01 C1P1\n"
        "dossier_opened 2017-05-01 C1P2\n"
        "unnamed_counted 2018-12-31 C2 measure=dossiers count=1 "
        'period={"from":"2018-01-01","to":"2018-12-31"}\n'
        "unnamed_counted 2016-12-31 C2 measure=dossiers count=9 as_of=2016-12-31\n"
    )  # fmt: skip
    assert short(listed(tmp_path, table)) == [
        # Of the two opened in 2016 half is one; of the one and the nine there are, five.
        (1, "T3", 4, "400"),
        (2, "T2", 4, "80"),
        (3, "T1", 4, "50"),
    ]
    with new_book(tmp_path, UNITS + table, "2.db") as book, Reading(book) as reading:
        found = ranked(reading, "TP", END)
        opened = entry_rows(reading, found, END)
        speed = {row["target"]: row["pace"] for row in rows(found, paced_on=END)}
    assert [(row["kind"], row["count"]) for row in opened if row["target"] == "T1"] == [
        *[("dossier_opened", 1)] * 3,
        ("unnamed_counted", 1),
    ]
    assert speed["T1"] == "50"
