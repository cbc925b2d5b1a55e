"""Workbooks, opened again with another library: types, values, names, and never a formula."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from commands import workbook as workbooks
from commands.cells import Exact
from commands.language import speak
from commands.workbook import Workbook
from ledger.errors import Refused

MORNING = datetime(2021, 5, 19, 7, 8, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


def written(path: Path, *rows: Iterable[Any], heads: tuple[str, ...] = ("A",)) -> None:
    with Workbook(path) as book:
        sheet = book.sheet("Sheet", heads)
        for row in rows:
            sheet.add(row)
        sheet.finish()


def read(path: Path) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet by its name."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parts(path: Path) -> str:
    """Return all the XML of a workbook."""
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode() for name in sorted(packed.namelist()))


@pytest.mark.parametrize(
    ("value", "back"),
    [
        (3, 3.0),
        (-5, -5.0),
        (0, 0.0),
        (2.5, 2.5),
        (Decimal("6.50"), 6.5),
        (Exact("83.45"), 83.45),
        (Exact("200/3"), 66.67),
        (Exact("-1/3", "%"), -0.33),
        (Exact("100", "%"), 100.0),
        (date(2021, 5, 19), date(2021, 5, 19)),
        (date(1900, 3, 1), date(1900, 3, 1)),
        (date(9999, 12, 31), date(9999, 12, 31)),
        (MORNING, MORNING.replace(tzinfo=None)),
        ("Nguyễn Văn Ánh", "Nguyễn Văn Ánh"),
        ("two\nlines", "two\nlines"),
        (" spaces ", " spaces "),
        ("1" * 32_767, "1" * 32_767),
        (None, ""),
        ("", ""),
    ],
)
def test_a_value_comes_back_as_what_it_was(tmp_path: Path, value: Any, back: Any) -> None:
    written(tmp_path / "a.xlsx", [value, "end"], heads=("A", "B"))
    assert read(tmp_path / "a.xlsx")["Sheet"][1] == [back, "end"]


@pytest.mark.parametrize(
    "text",
    [
        *("001096000123", "1234567890123456", "1E5", "1-2", "7/10", "TRUE", "#N/A", "'quoted"),
        *("=1+1", "+84", "-1", "@SUM(A1)", "\tx", "{=1}", "=HYPERLINK(1)", "https://example.org"),
        *("_x0041_", "a\x01b", "<b>&amp;</b>", "mailto:a@b.c", "internal:Sheet!A1"),
    ],
)
def test_a_text_stays_that_text_and_is_no_formula_nor_link(tmp_path: Path, text: str) -> None:
    written(tmp_path / "a.xlsx", [text])
    assert read(tmp_path / "a.xlsx")["Sheet"][1] == [text]
    assert not re.search(r"<(f|hyperlink)[ >]", parts(tmp_path / "a.xlsx"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**15, "1000000000000000"),
        (-(10**15), "-1000000000000000"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (Exact("0.1234567890123456"), "0.1234567890123456"),
        (date(1900, 2, 28), "1900-02-28"),
        (date(1, 1, 1), "0001-01-01"),
    ],
)
def test_what_a_cell_cannot_hold_exactly_is_text(tmp_path: Path, value: Any, text: str) -> None:
    written(tmp_path / "a.xlsx", [value])
    assert read(tmp_path / "a.xlsx")["Sheet"][1] == [text]


def test_days_are_shown_as_the_language_writes_them(tmp_path: Path) -> None:
    for language, form in (("vi", "dd/mm/yyyy"), ("en", "yyyy-mm-dd")):
        speak(language)
        path = tmp_path / f"{language}.xlsx"
        written(path, [date(2021, 5, 19)])
        assert f'formatCode="{form}"' in parts(path)


def test_a_text_too_long_for_a_cell_is_cut_and_counted(tmp_path: Path) -> None:
    with Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.sheet("Sheet", ("A",))
        sheet.add(["x" * 32_768])
        assert book.cut == 1
    assert read(tmp_path / "a.xlsx")["Sheet"][1] == ["x" * 32_766 + "…"]


def test_heads_are_frozen_and_repeated_on_paper(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", [1])
    found = parts(tmp_path / "a.xlsx")
    assert 'state="frozen"' in found
    assert "Print_Titles" in found


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "ROWS_OF_A_SHEET", 4)
    written(tmp_path / "a.xlsx", *([number] for number in range(7)))
    found = read(tmp_path / "a.xlsx")
    assert {name: [row[0] for row in rows] for name, rows in found.items()} == {
        "Sheet": ["A", 0, 1, 2],
        "Sheet (2)": ["A", 3, 4, 5],
        "Sheet (3)": ["A", 6],
    }


def test_more_columns_than_a_sheet_holds_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        written(tmp_path / "a.xlsx", heads=("A",) * 16_385)
    assert caught.value.problems[0].code == "too_wide"
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (["History"], ["History_"]),
        (["a/b:c?d*e[f]g\\h"], ["a b c d e f g h"]),
        (["'quoted'"], ["quoted"]),
        ([""], ["1"]),
        (["Same", "same", "SAME"], ["Same", "same (2)", "SAME (3)"]),
        (
            ["Tăng so với năm trước, tính theo phần trăm"] * 2,
            ["Tăng so với năm trước, tính…", "Tăng so với năm trước… (2)"],
        ),
        (["x" * 40] * 2, ["x" * 30 + "…", "x" * 26 + "… (2)"]),
    ],
)
def test_sheets_have_the_nearest_name_that_is_allowed(
    tmp_path: Path, asked: list[str], given: list[str]
) -> None:
    with Workbook(tmp_path / "a.xlsx") as book:
        for name in asked:
            book.sheet(name, ("A",)).finish()
    assert list(read(tmp_path / "a.xlsx")) == given
    assert all(len(name) <= 31 for name in given)


def test_what_is_interrupted_leaves_nothing_beside_it(tmp_path: Path) -> None:
    def rows() -> Iterator[str]:
        yield "Nguyễn Văn An"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        written(tmp_path / "a.xlsx", rows())
    assert list(tmp_path.iterdir()) == []


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        written(tmp_path / name, [date(2021, 5, 19)], ["An"])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
