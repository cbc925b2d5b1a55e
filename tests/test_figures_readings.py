"""Figures that hold after rounding, and figures that hold when read otherwise."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from projections.figures import figures
from projections.reading import Reading
from tests.published import THREE, TODAY, UNITS, judged, stated, verdict, year
from tests.shelf import new_book

# Rounding


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"66.7"', ("holds_after_rounding", "half_up", 1)),
        ('"66.66"', ("holds_after_rounding", "truncated", 2)),
        ("67", ("holds_after_rounding", "half_up", 0)),
        ('"66.5"', ("contradicted", None, None)),
    ],
)
def test_a_derived_figure_may_be_rounded(tmp_path: Path, value: str, expected: Any) -> None:
    fields = (
        f'measure=members as_of=2018-06-30 value={value} derived=share against={{"sex":"female"}}'
    )
    row = judged(tmp_path, fields)
    assert (row["verdict"], row["rounding"], row["digits"]) == expected
    assert row["computed"] == "200/3"
    assert row["parts"] == {"count": 2, "whole": 3}


@pytest.mark.parametrize(
    ("done", "amount", "value", "expected"),
    [
        # Bình Thuận, Đức Linh and one printed cut off (DOMAIN §4.7).
        (1669, 2000, "83.45", ("holds", None)),
        (1932, 2000, "96.6", ("holds", None)),
        (65, 170, "38.2", ("holds_after_rounding", "half_up")),
        (11388, 12064, "94", ("holds_after_rounding", "half_up")),
        (8, 9, "88.8", ("holds_after_rounding", "truncated")),
        (8, 9, "88.7", ("contradicted", None)),
    ],
)
def test_completions_as_committees_print_them(
    tmp_path: Path, done: int, amount: int, value: str, expected: Any
) -> None:
    table = (
        f"unnamed_counted 2017-12-31 TP measure=admissions count={done} period={year(2017)}\n"
        f"target_set 2016-12-01 T1 unit=TP measure=admissions period={year(2017)} "
        f"form=floor amount={amount} source=own_congress\n"
    )
    fields = f'measure=admissions period={year(2017)} value="{value}" derived=completion against=T1'
    row = judged(tmp_path, fields, table)
    assert (row["verdict"], row["rounding"]) == expected
    assert row["parts"] == {"count": done, "target": amount}
    # The entry of the target stands behind it, too.
    assert row["entries"] == [4, 5]


def test_a_yearly_mean_goes_by_the_length_of_its_period(tmp_path: Path) -> None:
    table = (
        f"unnamed_counted 2019-12-31 TP measure=admissions count=64998 period={year(2015, 2019)}\n"
    )
    fields = f"measure=admissions period={year(2015, 2019)} derived=yearly_mean value=13000"
    row = judged(tmp_path, fields, table)
    assert (row["verdict"], row["computed"]) == ("holds_after_rounding", "12999.6")
    assert row["parts"] == {"count": 64998, "years": 5}


def test_only_equal_may_be_rounded_and_only_what_is_derived(tmp_path: Path) -> None:
    share = 'derived=share against={"sex":"female"}'
    table = THREE + "".join(
        stated(f"measure=members as_of=2018-06-30 {fields}", f"F{number}")
        for number, fields in enumerate(
            (
                f'value="66.7" comparator=at_least {share}',
                f'value="66.6" comparator=over {share}',
                f'value="66.7" comparator=under {share}',
                'value="2.6"',
            )
        )
    )
    with new_book(tmp_path, UNITS + table) as book, Reading(book) as reading:
        found = [item.verdict for item in figures(reading, TODAY)]
    assert found == ["contradicted", "holds", "holds", "contradicted"]


# Other readings


DOSSIERS = (
    "nominated 2016-01-01 P1 unit=C1\ndossier_opened 2016-05-01 P1\n"
    "nominated 2016-01-01 P2 unit=C2\ndossier_opened 2017-03-01 P2\n"
    "dossier_opened 2017-09-01 P2\nadmitted 2017-10-01 P2 unit=C2\n"
    f"unnamed_counted 2017-12-31 C1 measure=dossiers count=4 period={year(2017)}\n"
    "unnamed_counted 2017-06-30 C1 measure=dossiers count=7 as_of=2017-06-30\n"
)
"""Three opened and four counted in 2017; one and seven there are at its end."""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (f"value=6 period={year(2017)}", ("holds", 6, [7, 8, 10])),
        (f"value=1 period={year(2016)}", ("holds", 1, [5])),
        ("value=8 as_of=2017-12-31", ("holds", 8, [5, 11])),
        (f"value=500 derived=growth period={year(2017)} against={year(2016)}", ("holds", "500")),
        (f"value=2 derived=yearly_mean period={year(2016, 2017)}", ("contradicted", "3.5")),
        (f"value=8 period={year(2017)}", ("contradicted", 6, [7, 8, 10])),
        (f"value=5 period={year(2018)}", ("not_checkable", None, [])),
    ],
)
def test_dossiers_are_a_flow_over_a_period_and_a_stock_on_a_day(
    tmp_path: Path, fields: str, expected: Any
) -> None:
    row = judged(tmp_path, f"measure=dossiers {fields}", DOSSIERS)
    assert (row["verdict"], row["computed"], row["entries"])[: len(expected)] == expected


@pytest.mark.parametrize(
    ("fields", "readings"),
    [
        (f"measure=admissions value=2 period={year(2016)}", ["decision"]),
        (f"measure=admissions value=1 basis=decision period={year(2016)}", ["ceremony"]),
        ("measure=members value=2 as_of=2017-12-31", ["start_of_day"]),
        ("measure=members value=3 as_of=2017-06-30", ["day_published"]),
        (
            f"measure=admissions value=200 derived=growth period={year(2017)} against={year(2016)}",
            ["index"],
        ),
        (
            f"measure=admissions value=100 derived=index period={year(2017)} against={year(2016)}",
            ["growth"],
        ),
        (
            f"measure=admissions value=50 derived=excess period={year(2017)} against=T1",
            ["completion"],
        ),
        (
            f"measure=admissions value=75 derived=completion period={year(2017)} against=T2",
            ["target_period"],
        ),
        (
            f"measure=admissions value=25 derived=completion period={year(2017)} against=T1",
            ["decision"],
        ),
    ],
)
def test_another_reading_makes_a_figure_ambiguous(
    tmp_path: Path, fields: str, readings: list[str]
) -> None:
    targets = (
        f"target_set 2016-12-01 T1 unit=TP measure=admissions period={year(2017)} "
        "form=floor amount=4 source=own_congress\n"
        f"target_set 2016-01-01 T2 unit=TP measure=admissions period={year(2016, 2017)} "
        "form=floor amount=4 source=own_congress\n"
    )
    row = judged(tmp_path, fields, THREE + targets)
    assert (row["verdict"], row["missing"]) == ("ambiguous", None)
    assert [held["reading"] for held in row["readings"]] == readings


def test_the_stated_reading_decides_though_others_hold(tmp_path: Path) -> None:
    row = judged(tmp_path, f"measure=admissions value=2 basis=decision period={year(2016)}")
    assert (row["verdict"], row["readings"]) == ("holds", [])


def test_the_units_of_the_day_of_publication_are_another_reading(tmp_path: Path) -> None:
    table = THREE + "unit_merged 2019-07-01 C2 into=C1\n"
    fields = f"measure=admissions unit=C1 value=2 period={year(2017)}"
    row = judged(tmp_path, fields, table)
    assert (row["verdict"], row["computed"]) == ("ambiguous", 1)
    assert [held["reading"] for held in row["readings"]] == ["restated"]
    (tmp_path / "restated").mkdir()
    row = judged(tmp_path / "restated", fields, table, units_as_of=date(2020, 1, 1))
    assert (row["verdict"], row["computed"]) == ("holds", 2)


def test_a_reading_rests_on_what_is_recorded(tmp_path: Path) -> None:
    table = THREE + "unit_founded 2019-01-01 C3 parent=TP\n"
    fields = f"measure=admissions unit=C3 value=0 period={year(2017)}"
    assert verdict(tmp_path, fields, table) == ("not_checkable", None, "unit")


def test_units_of_an_earlier_day_stand_for_none_that_ended_since(tmp_path: Path) -> None:
    table = THREE + "unit_merged 2019-07-01 C2 into=C1\n"
    row = judged(
        tmp_path,
        "measure=members unit=C2 value=1 as_of=2019-12-31",
        table,
        units_as_of=date(2018, 1, 1),
    )
    assert (row["verdict"], row["missing"], row["detail"]) == ("not_checkable", "unit", "C2")
