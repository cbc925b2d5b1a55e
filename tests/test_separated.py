"""CSV: for programs as it is, for Excel so that nothing is run, rounded or taken for a day."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commands.cells import Exact
from commands.separated import BYTE_ORDER_MARK, Dialect, csv_lines

PROGRAMS = Dialect()
EXCEL = Dialect(excel=True)
VIETNAMESE = Dialect(separator=";", excel=True)


def cell(value: Any, dialect: Dialect, column: str = "a") -> str:
    """Return the one cell of a table, as a reader of CSV finds it."""
    lines = "\n".join(csv_lines([column, "b"], [{column: value}], dialect))
    _, row = csv.reader(io.StringIO(lines, newline=""), delimiter=dialect.separator)
    return row[0]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+84",
        "-1",
        "@SUM",
        "\tx",
        "'a",
        "001096000123",
        "1-2",
        "7/10",
        "1E5",
        "a\nb",
        "a\rb",
    ],
)
def test_nothing_is_altered_for_programs(text: str) -> None:
    assert cell(text, PROGRAMS) == text


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+84 901", "-", "- từ trần", "@SUM(A1)", "\tx", "\rx", "\nx", "=cmd|'/c'!A1"),
        *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201"),
    ],
)
def test_no_text_is_a_formula_in_excel(text: str) -> None:
    assert cell(text, EXCEL) == f"'{text}"
    assert cell(text, VIETNAMESE) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        *("001096000123", "1234567890123456", "1E5", "1e-3", "1-2", "7/10", "1.234.567"),
        *("5:30", "(5)", "50%", "1,5", "2020-2025", "00", "1 000"),
    ],
)
def test_a_text_that_excel_would_take_for_another_value_stays_text(text: str) -> None:
    assert cell(text, EXCEL) == f"'{text}"


@pytest.mark.parametrize("text", ["Nguyễn Văn An", "TP.1", "12-QĐ/TU", "P000001", "2021-05-19", ""])
def test_other_texts_and_days_are_as_they_are(text: str) -> None:
    assert cell(text, EXCEL) == text


@pytest.mark.parametrize(
    ("value", "english", "vietnamese"),
    [
        (3, "3", "3"),
        (-3, "-3", "-3"),
        ("83.45", "83.45", "83,45"),
        ("-0.5", "-0.5", "-0,5"),
        (Decimal("6.50"), "6.50", "6,50"),
        (1.5, "1.5", "1,5"),
        (Exact("200/3"), "66.67", "66,67"),
        (Exact("-1/3"), "-0.33", "-0,33"),
        (date(2021, 5, 19), "2021-05-19", "2021-05-19"),
        (None, "", ""),
        (True, "true", "true"),
        (["=1", "b"], '["=1", "b"]', '["=1", "b"]'),
    ],
)
def test_numbers_stay_numbers(value: Any, english: str, vietnamese: str) -> None:
    assert cell(value, EXCEL) == english
    assert cell(value, VIETNAMESE) == vietnamese


def test_an_exact_number_is_known_by_its_column() -> None:
    assert cell("200/3", EXCEL, "completion") == "66.67"
    assert cell("200/3", EXCEL, "note") == "'200/3"
    assert cell("200/3", PROGRAMS, "completion") == "200/3"


def test_heads_of_a_query_are_no_formulas_either() -> None:
    (line,) = csv_lines(["=1", "a"], [], EXCEL)
    assert line == f"{BYTE_ORDER_MARK}'=1,a"
    (line,) = csv_lines(["=1", "a"], [], PROGRAMS)
    assert line == "=1,a"


def test_the_separator_stands_between_cells_and_is_quoted_inside_them() -> None:
    rows = [{"a": "x;y", "b": 'say "ho"'}]
    assert list(csv_lines(["a", "b"], rows, Dialect(";"))) == ["a;b", '"x;y";"say ""ho"""']
    assert next(iter(csv_lines(["a", "b"], rows, Dialect("\t")))) == "a\tb"
