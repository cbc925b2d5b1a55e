"""``rollbook figures``: what it prints for programs and people, and how a check ends."""

import csv
import io
from pathlib import Path

import pytest

from tests.terminal import call, done, json_lines, started, words

LINES = json_lines("""
    unit_founded 2015-01-01 TU type=upper_of_grassroots
    unit_founded 2015-01-01 TP type=grassroots_committee parent=TU
    unit_founded 2015-01-01 TP.1 parent=TP
    nominated 2020-03-02 P000001 unit=TP.1 profile={"name":"A","birth_year":1996,"sex":"female"}
    nominated 2020-03-02 P000002 unit=TP.1 profile={"name":"B","birth_year":1990,"sex":"male"}
    nominated 2020-03-02 P000003 unit=TP profile={"name":"C","birth_year":1991,"sex":"female"}
    admission_decided 2020-12-20 P000001 by_unit=TU
    admitted 2021-01-19 P000001 unit=TP.1
    admitted 2021-05-19 P000002 unit=TP.1
    admitted 2021-05-19 P000003 unit=TP
    figure_stated 2022-01-31 G1 unit=TP measure=admissions comparator=equal value=3 source=báo \
        period={"from":"2021-01-01","to":"2021-12-31"}
    figure_stated 2022-01-31 G2 unit=TP measure=admissions comparator=range value=[1,2] source=báo \
        period={"from":"2021-01-01","to":"2021-12-31"}
    figure_stated 2022-01-31 G3 unit=TP measure=admissions comparator=equal value="66.6" \
        source=báo period={"from":"2021-01-01","to":"2021-12-31"} derived=share \
        against={"sex":"female"}
    figure_stated 2022-01-31 G4 unit=TP measure=external comparator=nearly value=67000 source=báo
    figure_stated 2022-01-31 G5 unit=TP measure=admissions comparator=equal value=1 source=báo \
        period={"from":"2020-01-01","to":"2020-12-31"}
    figure_stated 2022-01-31 G6 unit=TP measure=admissions comparator=at_least value=90 source=báo \
        period={"from":"2021-01-01","to":"2021-12-31"} derived=completion
""")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = started(tmp_path_factory.mktemp("figures"))
    done(found, "import", given=LINES)
    return found


def test_figures_have_the_keys_of_the_contract(book: Path) -> None:
    said = done(book, *words("figures --unit TP --format json"))
    assert said.json[:3] == [
        {
            "figure": "G1",
            "unit": "TP",
            "measure": "admissions",
            "stated": 3,
            "comparator": "equal",
            "computed": 3,
            "verdict": "holds",
            "missing": None,
            "entries": [8, 9, 10],
        },
        {
            "figure": "G2",
            "unit": "TP",
            "measure": "admissions",
            "stated": [1, 2],
            "comparator": "range",
            "computed": 3,
            "verdict": "contradicted",
            "missing": None,
            "entries": [8, 9, 10],
        },
        {
            "figure": "G3",
            "unit": "TP",
            "measure": "admissions",
            "stated": "66.6",
            "comparator": "equal",
            "computed": "200/3",
            "verdict": "holds_after_rounding",
            "missing": None,
            "entries": [8, 9, 10],
        },
    ]
    verdicts = {row["figure"]: (row["verdict"], row["missing"]) for row in said.json[3:]}
    assert verdicts == {
        "G4": ("not_checkable", "external"),
        "G5": ("ambiguous", None),
        "G6": ("not_checkable", "target"),
    }
    assert "As of the end of" in said.err


def test_reasons_are_there_for_programs_that_ask_for_them(book: Path) -> None:
    found = done(book, *words("figures --figure G3 --figure G5 --reasons --format json")).json
    share, ambiguous = found
    assert list(share)[:9] == list(done(book, *words("figures --format json")).json[0])
    assert (share["rounding"], share["digits"]) == ("truncated", 1)
    assert share["parts"] == {"count": 2, "whole": 3}
    assert (share["from"], share["to"]) == ("2021-01-01", "2021-12-31")
    assert (ambiguous["no"], ambiguous["source"]) == (15, "báo")
    assert ambiguous["readings"] == [{"reading": "decision", "computed": "1", "rounding": None}]


def test_a_check_fails_where_a_figure_is_contradicted(book: Path) -> None:
    assert call(book, "figures").status == 0
    assert call(book, "figures", "check").status == 1
    assert call(book, *words("figures check --figure G1")).status == 0
    assert call(book, *words("figures --figure G2 check --format json")).status == 1
    # What is shown does not decide what is found.
    assert call(book, *words("figures check --verdict holds --format json")).status == 1
    assert call(book, *words("figures check --unit TP.1")).status == 0


def test_figures_are_selected(book: Path) -> None:
    def codes(line: str) -> list[str]:
        return [row["figure"] for row in done(book, *words(f"figures {line} --format json")).json]

    assert codes("--verdict contradicted --verdict ambiguous") == ["G2", "G5"]
    assert codes("--unit TP.1") == []
    assert codes("--as-of 2021-12-31") == []
    assert codes("--known-entry 11") == ["G1"]


def test_the_entries_behind_each_part(book: Path) -> None:
    rows = done(book, *words("figures --figure G3 --entries --format json")).json
    assert [(row["part"], row["no"]) for row in rows] == [
        ("count", 8),
        ("count", 10),
        ("whole", 8),
        ("whole", 9),
        ("whole", 10),
    ]
    assert {row["figure"] for row in rows} == {"G3"}


def test_csv_has_the_entries_in_one_cell(book: Path) -> None:
    text = done(book, *words("figures --format csv")).out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["entries"] == "[8, 9, 10]"
    assert rows[1]["stated"] == "[1, 2]"


def test_people_read_the_reason_in_their_language(book: Path) -> None:
    english = done(book, "figures").out
    for words_of_it in (
        "1 to 2",
        "holds after rounding",
        "cut off, digits after the point: 1",
        "nearly 67000",
        "it holds read so: admissions on the day of the decision (1)",
        "at least 90 %",
        "the target is not stated",
    ):
        assert words_of_it in english
    vietnamese = done(book, "figures", lang="vi").out
    for words_of_it in (
        "trái với sổ",
        "66,6 %",
        "≈ 66,67 %",
        "gần 67000",
        "kết nạp tính theo ngày quyết định",
        "chưa kiểm tra được",
        "31/12/2021",
    ):
        assert words_of_it in vietnamese


def test_people_read_what_a_figure_is_held_against(tmp_path: Path) -> None:
    other = started(tmp_path)
    done(other, "import", given=LINES + "\n" + json_lines("""
        target_set 2021-01-01 T1 unit=TP measure=admissions form=floor amount=4 \
            source=own_congress period={"from":"2021-01-01","to":"2021-12-31"}
        figure_stated 2022-01-31 H1 unit=TP measure=admissions comparator=equal value=75 \
            source=báo period={"from":"2021-01-01","to":"2021-12-31"} derived=completion against=T1
        figure_stated 2022-01-31 H2 unit=TP measure=admissions comparator=equal value=3 \
            source=báo period={"from":"2021-01-01","to":"2021-12-31"} derived=growth \
            against={"from":"2020-01-01","to":"2020-12-31"}
        figure_stated 2022-01-31 H3 unit=TP measure=units comparator=equal value=2 source=báo \
            as_of=2021-12-31 filters={"founded_in":{"from":"2015-01-01","to":"2015-12-31"}}
    """))  # fmt: skip
    english = done(other, "figures").out
    assert "admissions, completion, T1" in english
    assert "admissions, growth, against 2020-01-01 to 2020-12-31" in english
    assert "units, founded in: 2015-01-01..2015-12-31" in english
    assert (
        "kết nạp, mức tăng, so với 01/01/2020 đến 31/12/2020"
        in done(other, "figures", lang="vi").out
    )


def test_what_is_not_there_is_told(book: Path) -> None:
    said = call(book, *words("figures --figure G11"))
    assert (said.status, said.code) == (3, "unknown_figure")
    assert "G1" in said.err
    assert call(book, *words("figures --unit TP.11")).code == "unknown_unit"
    assert call(book, *words("figures chek")).status == 2


def test_a_book_without_figures_has_none(tmp_path: Path) -> None:
    empty = started(tmp_path)
    assert done(empty, *words("figures --format json")).json == []
    assert call(empty, "figures", "check").status == 0
