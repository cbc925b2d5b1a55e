"""Results in the forms of DESIGN §7: for programs always the same, for people translated."""

import csv
import io
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import click
import pytest
from click.testing import CliRunner

from commands.cells import cell, number_shown
from commands.json_lines import json_text
from commands.language import speak
from commands.output import Sheet, used, write
from commands.tables import table

COLUMNS = ("person", "standing", "since", "count")
ROWS: list[dict[str, Any]] = [
    {"person": 'P1, "An"', "standing": "probationary", "since": date(2021, 5, 19), "count": 3},
    {"person": "a|b", "standing": "official", "since": None, "count": None},
]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


def written(form: str, rows: list[dict[str, Any]], about: tuple[str, ...] = ()) -> tuple[str, str]:
    @click.command()
    def command() -> None:
        write(form, [Sheet(COLUMNS, rows)], about=about)

    result = CliRunner().invoke(command)
    assert result.exit_code == 0
    return result.stdout, result.stderr


def test_json_is_one_array_with_identifiers_and_iso_days() -> None:
    out, err = written("json", ROWS, ("As of today",))
    found = json.loads(out)
    assert found[0] == {**ROWS[0], "since": "2021-05-19"}
    assert found[1]["since"] is None
    assert err == "As of today\n"


@pytest.mark.parametrize("count", [0, 1, 2, 1_001])
def test_json_of_any_length_is_an_array(count: int) -> None:
    out, _ = written("json", [{"count": number} for number in range(count)])
    assert [row["count"] for row in json.loads(out)] == list(range(count))


def test_json_lines_have_one_row_a_line() -> None:
    out, _ = written("jsonl", ROWS)
    assert [json.loads(line)["standing"] for line in out.splitlines()] == [
        "probationary",
        "official",
    ]


def test_csv_has_column_names_and_survives_quotes_and_commas() -> None:
    out, _ = written("csv", ROWS)
    found = list(csv.DictReader(io.StringIO(out)))
    assert list(found[0]) == list(COLUMNS)
    assert found[0] == {
        "person": 'P1, "An"',
        "standing": "probationary",
        "since": "2021-05-19",
        "count": "3",
    }
    assert found[1]["since"] == ""


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_what_programs_read_is_the_same_in_every_language(form: str) -> None:
    english_out, _ = written(form, ROWS)
    speak("vi")
    assert written(form, ROWS)[0] == english_out


def test_a_table_is_in_the_language_of_the_person_with_the_reports_own_lines_below() -> None:
    speak("vi")
    out, err = written("table", ROWS, ("Tính đến hết ngày 19/05/2021",))
    assert "Tình trạng" in out
    assert "dự bị" in out
    assert "19/05/2021" in out
    assert out.rstrip().endswith("Tính đến hết ngày 19/05/2021")
    assert not err


def test_markdown_keeps_a_bar_inside_its_cell() -> None:
    out, _ = written("markdown", ROWS, ("As of today",))
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(ROWS)
    assert "a\\|b" in rows[-1]
    assert "- As of today" in out


def test_an_empty_table_says_so() -> None:
    out, _ = written("table", [])
    assert "Standing" in out
    assert "Nothing to show." in out


@pytest.mark.parametrize(
    ("text", "vietnamese"),
    [
        ("100", "100"),
        ("83.45", "83,45"),
        ("200/3", "≈ 66,67"),
        ("-2/3", "≈ -0,67"),
        ("1/3", "≈ 0,33"),
        ("1/1000", "≈ 0,00"),
        ("12345/6", "≈ 2057,50"),
        ("TP.1", "TP.1"),
    ],
)
def test_exact_numbers_are_rounded_for_people_only_and_marked(text: str, vietnamese: str) -> None:
    speak("vi")
    assert number_shown(text) == vietnamese
    speak("en")
    assert number_shown(text) == vietnamese.replace(",", ".")


def test_values_are_shown_as_people_read_them() -> None:
    speak("vi")
    assert cell("sex", "female") == "nữ"
    assert cell("sex", "a_code_of_their_own") == "a_code_of_their_own"
    assert cell("unions", ["youth_union", "x"]) == "Đoàn Thanh niên, x"
    assert cell("readmission", True) == "có"  # noqa: FBT003 - the value that is shown
    assert cell("recorded_at", datetime(2021, 5, 19, 7, 8, 9, tzinfo=UTC)) == "19/05/2021 07:08:09"
    assert cell("period", {"from": date(2020, 1, 1)}) == "từ ngày: 01/01/2020"
    assert cell("note", "one\x1b[31m\ntwo") == "one [31m two"
    assert cell("note", None) == ""


def test_json_text_writes_days_and_letters_as_they_are() -> None:
    assert json_text({"on": date(2021, 5, 19), "name": "Ánh"}) == (
        '{"on": "2021-05-19", "name": "Ánh"}'
    )


def test_columns_that_hold_nothing_are_left_out_on_wish() -> None:
    assert used(COLUMNS, [{"person": "P1", "count": 0}]) == ["person", "count"]


@pytest.mark.parametrize("seed", range(5))
def test_a_long_table_is_what_the_library_makes_of_it(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    values = (None, 7, -12, "Ánh", "  rộng hơn", "200/3", date(2021, 5, 19), "=1", "x" * 30, True)
    rows = [
        {name: chance.choice(values) for name in ("person", "found", "count")} | {"entry": number}
        for number in range(40)
    ]
    columns = ("person", "found", "count", "entry", "reason")
    whole = table(columns, rows, "table", "By rule")
    monkeypatch.setattr("commands.tables._LONG", 3)
    assert table(columns, rows, "table", "By rule") == whole
