"""``figures``: each published figure against the entries, with its verdict and reason."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Problem
from projections.figures import figures, opened_figures, rows
from projections.figures.comparing import holds, rounding
from projections.figures.narrower import both
from projections.reading import Reading
from tests.shelf import new_book

UNITS = """
    unit_founded 2015-01-01 TP type=grassroots_committee
    unit_founded 2015-01-01 C1 parent=TP sector=ward
    unit_founded 2015-01-01 C2 parent=TP sector=private_enterprise enterprise=Công_ty_A
"""
TODAY = date(2020, 6, 30)


def admitted(person: str, on: str, unit: str = "C1", sex: str = "female", decided: str = "") -> str:
    """Return a nomination and an admission, perhaps with its decision."""
    profile = f'{{"name":"A","sex":"{sex}","birth_year":1990}}'
    decision = f"admission_decided {decided} {person} by_unit=TP\n" if decided else ""
    return (
        f"nominated 2015-06-01 {person} unit={unit} profile={profile}\n"
        f"{decision}admitted {on} {person} unit={unit}\n"
    )


def year(number: int, last: int | None = None) -> str:
    """Return the days of a calendar year, or of several."""
    return f'{{"from":"{number}-01-01","to":"{last or number}-12-31"}}'


THREE = (
    admitted("P1", "2016-05-01", decided="2016-04-20")
    + admitted("P2", "2017-05-01", sex="male", decided="2016-12-20")
    + admitted("P3", "2017-12-31", "C2", decided="2017-12-01")
)
"""One admission in 2016 and two in 2017; by decision two in 2016 and one in 2017."""


def stated(fields: str, code: str = "F1", on: str = "2020-01-31") -> str:
    """Return a published figure; about TP and equal unless the fields say otherwise."""
    given = {field.partition("=")[0] for field in fields.split()}
    usual = {"unit": "TP", "comparator": "equal", "source": "báo"}
    rest = " ".join(f"{name}={value}" for name, value in usual.items() if name not in given)
    return f"figure_stated {on} {code} {rest} {fields}\n"


def judged(folder: Path, fields: str, table: str = THREE, as_of: date = TODAY, **more: Any) -> Any:
    """Return the row of one figure, with its reasons."""
    with (
        new_book(folder, UNITS + table + stated(fields)) as book,
        Reading(book, **more) as reading,
    ):
        (row,) = rows(figures(reading, as_of), reasons=True)
        return row


def verdict(folder: Path, fields: str, table: str = THREE, **more: Any) -> tuple[Any, ...]:
    """Return verdict, computed number and what is missing."""
    row = judged(folder, fields, table, **more)
    return row["verdict"], row["computed"], row["missing"]


# Comparators


@pytest.mark.parametrize(
    ("comparator", "value", "yes", "no"),
    [
        ("equal", "140", ["140"], ["139", "141", "1401/10"]),
        ("about", "100", ["95", "105", "100"], ["94", "106", "9499/100", "10501/100"]),
        ("about", "0", ["0"], ["1", "-1"]),
        ("about", "-100", ["-95", "-105"], ["-94", "-106", "100"]),
        ("nearly", "10", ["9", "99/10"], ["10", "11", "8", "899/100"]),
        ("nearly", "9000", ["8100", "8999"], ["8099", "9000"]),
        ("nearly", "-10", ["-9", "-99/10"], ["-10", "-8", "9"]),
        ("nearly", "0", [], ["0", "1", "-1"]),
        ("over", "260", ["261", "2601/10"], ["260", "259"]),
        ("at_least", "100", ["100", "101"], ["99", "9999/100"]),
        ("under", "5", ["4", "0"], ["5", "6"]),
        ("range", "5..9", ["5", "9", "7"], ["4", "10", "91/10"]),
        ("range", "5..5", ["5"], ["4", "6"]),
    ],
)
def test_comparators_are_exact_on_their_boundary(
    comparator: str, value: str, yes: list[str], no: list[str]
) -> None:
    numbers = tuple(Fraction(text) for text in value.split(".."))
    for text in (*yes, *no):
        assert holds(comparator, numbers, Fraction(text)) == (text in yes), text


@pytest.mark.parametrize(
    ("text", "computed", "expected"),
    [
        ("88.9", "800/9", ("half_up", 1)),
        ("88.8", "800/9", ("truncated", 1)),
        ("88.7", "800/9", None),
        ("88.88", "800/9", ("truncated", 2)),
        ("88.90", "800/9", None),
        ("89", "800/9", ("half_up", 0)),
        ("88", "800/9", ("truncated", 0)),
        ("5", "1100/231", ("half_up", 0)),
        ("4.8", "1100/231", ("half_up", 1)),
        ("4.7", "1100/231", ("truncated", 1)),
        ("3.1", "1100/231", None),
        ("0.5", "45/100", ("half_up", 1)),
        ("-4.8", "-475/100", ("half_up", 1)),
        ("-4.7", "-475/100", ("truncated", 1)),
        ("0", "-1/3", ("half_up", 0)),
        ("0", "2/3", ("truncated", 0)),
    ],
)
def test_rounding_is_half_up_or_truncated(text: str, computed: str, expected: Any) -> None:
    found = rounding(text, Fraction(computed))
    assert (found and (found.mode, found.digits)) == expected


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
        ("measure=members value=4 as_of=2016-01-31", ("not_checkable", None, "records")),
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
        ('value=5 derived=share against={"stage":"listed"}', ("contradicted", "0", None)),
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


def test_units_that_fall_short_are_counted(tmp_path: Path) -> None:
    targets = "".join(
        f"target_set 2016-12-01 {code} unit={unit} measure=admissions period={year(2017)} "
        f"form=floor amount={amount} source=TP\n"
        for code, unit, amount in (("T1", "C1", 4), ("T2", "C2", 1))
    )
    fields = 'measure=units as_of=2017-12-31 value=1 filters={"completion_under":"50"}'
    assert verdict(tmp_path, fields, THREE + targets) == ("holds", 1, None)


# Other readings


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
            ["completion", "target_period"],
        ),
        (
            f"measure=admissions value=75 derived=completion period={year(2017)} against=T2",
            ["target_period"],
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
    assert [held["reading"] for held in row["readings"]] == readings[:1]


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


def test_filters_of_the_whole_and_of_the_part_are_both_asked() -> None:
    sectors = {"sector": ["ward", "private_enterprise"]}
    assert both(sectors, {"sector": "ward"}) == {"sector": "ward"}
    assert both({"sector": "ward"}, sectors) == {"sector": "ward"}
    assert both({"sex": "male"}, {"age": "18-30"}) == {"sex": "male", "age": "18-30"}
    assert both({"religion": "any"}, {"religion": "catholic"}) == {"religion": "catholic"}
    assert both(sectors, {"sector": ["ward", "state_agency"]}) == {"sector": ["ward"]}
    assert both({"sex": "male"}, {"sex": "female"}) == {"sex": []}
    early, late = (
        {"founded_in": {"from": f"{y}-01-01", "to": f"{y + 2}-12-31"}} for y in (2015, 2016)
    )
    assert both(early, late) == {"founded_in": {"from": "2016-01-01", "to": "2017-12-31"}}
