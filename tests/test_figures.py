"""``figures``: each published figure against the entries, with its verdict and reason."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Problem
from projections.figures import figures, opened_figures, rows
from projections.reading import Reading
from tests.published import THREE, TODAY, UNITS, admitted, judged, stated, verdict, year
from tests.shelf import new_book

# What is counted


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (f"measure=admissions value=2 period={year(2017)}", ("holds", 2, None)),
        (f"measure=admissions value=3 period={year(2017)}", ("contradicted", 2, None)),
        (f"measure=admissions value=2.0 period={year(2017)}", ("holds", 2, None)),
        ("measure=members value=3 as_of=2018-06-30", ("holds", 3, None)),
        ("measure=members value=4 as_of=2018-06-30", ("contradicted", 3, None)),
        ("measure=members value=1 as_of=2018-06-30 unit=C2", ("holds", 1, None)),
        (
            'measure=members value=2 as_of=2018-06-30 filters={"sex":"female"}',
            ("holds", 2, None),
        ),
        ("measure=units value=3 as_of=2018-06-30", ("holds", 3, None)),
        ("measure=enterprises value=1 as_of=2018-06-30", ("holds", 1, None)),
        (f"measure=units_founded value=3 period={year(2015)}", ("holds", 3, None)),
        (
            f"measure=admissions value=[2,3] comparator=range period={year(2017)}",
            ("holds", 2, None),
        ),
        (
            f"measure=admissions value=2 comparator=over period={year(2017)}",
            ("contradicted", 2, None),
        ),
        # A part of what is recorded may be zero; of nothing recorded nothing follows.
        (
            f'measure=admissions value=3 period={year(2016)} filters={{"sex":"male"}}',
            ("contradicted", 0, None),
        ),
        (f"measure=admissions value=1 period={year(2018)}", ("not_checkable", None, "records")),
        (f"measure=admissions value=0 period={year(2018)}", ("holds", 0, None)),
        (f"measure=recognitions value=4 period={year(2017)}", ("not_checkable", None, "records")),
        ("measure=members value=4 as_of=2016-04-30", ("not_checkable", None, "records")),
        (
            'measure=members value=4 as_of=2016-05-01 filters={"sex":"male"}',
            ("contradicted", 0, None),
        ),
        ("measure=members value=4 as_of=2014-12-31", ("not_checkable", None, "unit")),
        ("measure=members value=4 as_of=2020-07-01", ("not_checkable", None, "day")),
        ("measure=external value=4 as_of=2018-06-30", ("not_checkable", None, "external")),
        ("measure=external value=4", ("not_checkable", None, "external")),
        (
            'measure=units value=4 as_of=2018-06-30 filters={"sex":"male"}',
            ("not_checkable", None, "filter"),
        ),
    ],
)
def test_a_figure_that_is_counted(tmp_path: Path, fields: str, expected: tuple[Any, ...]) -> None:
    assert verdict(tmp_path, fields) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # 1 in 2016, 2 in 2017: growth 100 %, index 200.
        (f"value=100 derived=growth against={year(2016)}", ("holds", "100", None)),
        (f"value=200 derived=index against={year(2016)}", ("holds", "200", None)),
        (f"value=101 derived=growth against={year(2016)}", ("contradicted", "100", None)),
        (f"value=100 derived=growth against={year(2015)}", ("not_checkable", None, "base")),
        (f"value=100 derived=growth against={year(2021)}", ("not_checkable", None, "day")),
        ("value=100 derived=growth", ("not_checkable", None, "against")),
        ("value=100 derived=growth against=T1", ("not_checkable", None, "against")),
        ('value=50 derived=share against={"sex":"male"}', ("holds", "50", None)),
        ('value=50 derived=share against={"sector":"ward"}', ("holds", "50", None)),
        ('value=0 derived=share against={"sex":"unknown"}', ("holds", "0", None)),
        ('value=5 derived=share against={"sex":"unknown"}', ("contradicted", "0", None)),
        ('value=5 derived=share against={"age":"old"}', ("not_checkable", None, "filter")),
        ('value=5 derived=share against={"stage":"listed"}', ("not_checkable", None, "filter")),
        ("value=50 derived=share", ("not_checkable", None, "against")),
        ("value=2 derived=yearly_mean", ("holds", "2", None)),
        ("value=50 derived=completion against=T1", ("holds", "50", None)),
        ("value=-50 derived=excess against=T1", ("holds", "-50", None)),
        ("value=51 derived=completion against=T1", ("contradicted", "50", None)),
        ("value=100 comparator=at_least derived=completion", ("not_checkable", None, "target")),
        ("value=100 derived=completion against=T9", ("not_checkable", None, "target")),
        ("value=100 derived=completion against=T2", ("not_checkable", None, "amount")),
        ("value=100 derived=completion against=T3", ("not_checkable", None, "target")),
        ("value=20 derived=completion against=T4", ("holds", "20", None)),
    ],
)
def test_a_derived_figure_is_checked_from_its_parts(
    tmp_path: Path, fields: str, expected: tuple[Any, ...]
) -> None:
    target = f"source=own_congress unit=TP period={year(2017)}"
    targets = (
        f"target_set 2016-12-01 T1 {target} measure=admissions form=absolute amount=4\n"
        f"target_set 2016-12-01 T2 {target} measure=admissions form=rate amount=3\n"
        f"target_set 2016-12-01 T3 {target} measure=recognitions form=floor amount=3\n"
        f"target_set 2016-12-01 T4 {target} measure=admissions form=floor amount=5 "
        'filters={"sex":"female"}\n'
    )
    fields = f"measure=admissions period={year(2017)} {fields}"
    assert verdict(tmp_path, fields, THREE + targets) == expected


def test_units_that_fall_short_are_counted(tmp_path: Path) -> None:
    targets = "".join(
        f"target_set 2016-12-01 {code} unit={unit} measure=admissions period={year(2017)} "
        f"form=floor amount={amount} source=TP\n"
        for code, unit, amount in (("T1", "C1", 4), ("T2", "C2", 1))
    )
    fields = 'measure=units as_of=2017-12-31 value=1 filters={"completion_under":"50"}'
    assert verdict(tmp_path, fields, THREE + targets) == ("holds", 1, None)


# Which figures, as of when, as known when


def test_figures_are_those_published_by_the_day_asked(tmp_path: Path) -> None:
    table = stated(f"measure=admissions value=2 period={year(2017)}", "F1", "2018-01-31")
    table += stated(f"measure=admissions value=2 period={year(2017)}", "F2", "2019-01-31")
    with new_book(tmp_path, UNITS + THREE + table) as book, Reading(book) as reading:
        assert [item.stated.figure for item in figures(reading, date(2018, 12, 31))] == ["F1"]


def test_a_period_is_cut_at_the_day_asked(tmp_path: Path) -> None:
    table = admitted("P1", "2017-05-01") + admitted("P2", "2017-12-31")
    table += stated(f"measure=admissions value=1 period={year(2017)}", "F1", "2017-06-01")
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        assert [item.verdict for item in figures(reading, date(2017, 6, 30))] == ["holds"]
        (late,) = rows(figures(reading, TODAY))
        assert (late["verdict"], late["computed"]) == ("contradicted", 2)


def test_figures_of_a_unit_are_those_of_what_lay_under_it(tmp_path: Path) -> None:
    table = (
        stated("measure=members value=3 as_of=2018-06-30", "F1")
        + stated("measure=members value=1 as_of=2018-06-30 unit=C2", "F2")
        + stated("measure=members value=2 as_of=2018-06-30 unit=C1", "F3", "2018-07-01")
        + "unit_moved 2019-01-01 C1\n".replace("C1", "C1 parent=C2")
    )
    with new_book(tmp_path, UNITS + THREE + table) as book, Reading(book) as reading:
        assert [item.stated.figure for item in figures(reading, TODAY, "C2")] == ["F2"]
        assert len(figures(reading, TODAY, "TP")) == 3
        assert [item.stated.figure for item in figures(reading, TODAY, None, ["F3"])] == ["F3"]
        with pytest.raises(Problem, match="unknown_figure") as caught:
            figures(reading, TODAY, None, ["F33"])
        assert caught.value.values["suggestion"] == "F3"
        with pytest.raises(Problem, match="unknown_unit"):
            figures(reading, TODAY, "C9")


def test_what_was_recorded_later_is_not_known_yet(tmp_path: Path) -> None:
    table = stated(f"measure=admissions value=2 period={year(2017)}")
    with new_book(tmp_path, UNITS + THREE + table + admitted("P4", "2017-03-01")) as book:
        known = book.head.no - 2
        with Reading(book, known_entry=known) as reading:
            assert [item.verdict for item in figures(reading, TODAY)] == ["holds"]
        with Reading(book) as reading:
            assert [item.verdict for item in figures(reading, TODAY)] == ["contradicted"]


# The entries behind, and people without names


def test_entries_behind_a_figure_are_those_of_its_parts(tmp_path: Path) -> None:
    fields = f"measure=admissions value=100 derived=growth period={year(2017)} against={year(2016)}"
    with (
        new_book(tmp_path, UNITS + THREE + stated(fields)) as book,
        Reading(book) as reading,
    ):
        found = figures(reading, TODAY)
        (row,) = rows(found)
        assert row["entries"] == [6, 9, 12]
        assert list(row) == [
            *("figure", "unit", "measure", "stated", "comparator"),
            *("computed", "verdict", "missing", "entries"),
        ]
        opened = [(row["part"], row["no"]) for row in opened_figures(reading, found)]
        assert opened == [("count", 9), ("count", 12), ("earlier", 6)]


def test_people_without_names_count_where_their_filters_say_so(tmp_path: Path) -> None:
    unnamed = f"unnamed_counted 2018-12-31 C1 measure=admissions count=7 period={year(2018)} "
    told = unnamed + 'filters={"sex":"female"}\n'
    asked = f"measure=admissions value=7 period={year(2018)}"
    (tmp_path / "not_told").mkdir()
    (tmp_path / "male").mkdir()
    row = judged(tmp_path, asked + ' filters={"sex":"female"}', told)
    assert (row["verdict"], row["computed"], row["entries"]) == ("holds", 7, [4])
    # Of seven people whose sex is not told, nobody knows how many are women.
    found = verdict(tmp_path / "not_told", asked + ' filters={"sex":"female"}', unnamed + "\n")
    assert found == ("not_checkable", None, "records")
    found = verdict(tmp_path / "male", asked + ' filters={"sex":"male"}', told)
    assert found == ("contradicted", 0, None)


def test_a_share_of_units_that_fall_short_among_those_that_fall_short_of_more(
    tmp_path: Path,
) -> None:
    """C1 has done 50 per cent of its target of 2017, and C2 a quarter."""
    targets = "".join(
        f"target_set 2017-01-01 {unit} unit={unit} measure=admissions period={year(2017)} "
        f"form=floor amount={amount} source=own_congress\n"
        for unit, amount in (("C1", 2), ("C2", 4))
    )
    fields = (
        "measure=units value=50 as_of=2017-12-31 derived=share "
        'filters={"completion_under":60} against={"completion_under":50}'
    )
    row = judged(tmp_path, fields, THREE + targets)
    assert (row["verdict"], row["parts"]) == ("holds", {"count": 1, "whole": 2})
