"""Cells with the mistakes that offices make: each is named, none is guessed at."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.old_workbooks import xls
from tests.terminal import call, done, started
from tests.workbooks import AN, HEAD, NOMINATED, UNIT, Formula, Shown, codes, ods, workbook


def entries(book: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(book, "log", "--format", "json").json
    return found


END = ["own_congress", "01/01/2020"]
MISTAKES: list[tuple[int, Any, str]] = [
    (0, "7/10", "bad_date"),
    (0, "5-9", "bad_date"),
    (0, 46000, "number_for_day"),
    (0, "46000", "number_for_day"),
    (0, "1996", "bad_date"),
    (0, Shown(date(2026, 10, 7), "d-mmm"), "year_made_up"),
    (0, Shown(45000.5, "dd/mm/yyyy"), "time_for_day"),
    (0, Formula("#N/A"), "cell_broken"),
    (1, 123, "number_for_text"),
    (1, date(2026, 9, 5), "day_for_text"),
    (3, "1,2E+11", "cell_rounded"),
    (3, 1.2e20, "cell_rounded"),
    (3, "NguyÔn V¨n An", "text_garbled"),
    (3, "Nguyeãn Vaên An", "text_garbled"),
    (3, "Nguyá»…n VÄƒn An", "text_garbled"),
    (3, True, "bad_value"),
    (5, "nam giới", "bad_value"),
    (5, 1, "bad_value"),
]


@pytest.mark.parametrize(("column", "value", "code"), MISTAKES)
def test_a_wrong_cell_is_named(tmp_path: Path, column: int, value: Any, code: str) -> None:
    book = started(tmp_path, UNIT)
    row = [*AN[:column], value, *AN[column + 1 :]]
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, row]})
    for language in ("vi", "en"):
        said = call(book, "import", str(file), lang=language)
        assert said.status == 3
        assert codes(said) == [[f"{NOMINATED}:2:{'ABCDEF'[column]}", code]]


ODS_MISTAKES: list[tuple[int, Any, str]] = [
    (0, Shown(date(2026, 10, 7), "7/10"), "year_made_up"),
    (0, Formula("#N/A"), "cell_broken"),
    (0, Shown(0.5, "50%"), "number_in_percent"),
    (0, 46000, "number_for_day"),
    (1, date(2026, 9, 5), "day_for_text"),
]


@pytest.mark.parametrize(("column", "value", "code"), ODS_MISTAKES)
def test_a_wrong_cell_of_an_ods_is_named(
    tmp_path: Path, column: int, value: Any, code: str
) -> None:
    book = started(tmp_path, UNIT)
    row = [*AN[:column], value, *AN[column + 1 :]]
    said = call(book, "import", str(ods(tmp_path / "a.ods", {"nominated": [HEAD, row]})))
    assert codes(said) == [[f"nominated:2:{'ABCDEF'[column]}", code]]


XLS_MISTAKES: list[tuple[int, Any, str]] = [
    (0, Shown(date(2026, 10, 7), "d-mmm"), "year_made_up"),
    (0, Formula("#N/A"), "cell_broken"),
    (0, Shown(0.5, "0%"), "number_in_percent"),
    (0, 46000, "number_for_day"),
    (1, 123, "number_for_text"),
]


@pytest.mark.parametrize(("column", "value", "code"), XLS_MISTAKES)
def test_a_wrong_cell_of_an_xls_is_named(
    tmp_path: Path, column: int, value: Any, code: str
) -> None:
    book = started(tmp_path, UNIT)
    row = [*AN[:column], value, *AN[column + 1 :]]
    good = xls(tmp_path / "good.xls", "nominated", [HEAD, AN])
    said = call(book, "import", str(xls(tmp_path / "a.xls", "nominated", [HEAD, row])))
    assert codes(said) == [[f"nominated:2:{'ABCDEF'[column]}", code]]
    done(book, "import", str(good))
    assert entries(book)[1]["effective_on"] == "2020-03-02"


def test_merged_cells_and_broken_formulas_are_named(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    merges = [(0, 0, 0, 3, "DANH SÁCH"), (2, 2, 3, 2, "TP")]
    rows: list[Any] = [[], HEAD, [*AN[:2], None, *AN[3:]], [AN[0], "P2", None, "Lê C", None, "nam"]]
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: rows}, merged={NOMINATED: merges})
    said = call(book, "import", str(file))
    assert [f"{NOMINATED}:3:C", "cells_merged"] in codes(said)


def test_numbers_are_read_as_vietnamese_writes_them(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    head = ["target", "unit", "measure", "period.from", "period.to", "form", "amount", "source"]
    head.append("effective_on")
    rows = [
        [f"C{place}", "TP", "members", "01/01/2020", "31/12/2025", "floor", amount, *END]
        for place, amount in enumerate(["1.234", "1,5", 1234.5, "1.234,5", "12", 7])
    ]
    done(book, "import", str(workbook(tmp_path / "a.xlsx", {"target_set": [head, *rows]})))
    found = [entry["amount"] for entry in entries(book)[1:]]
    assert found == ["1234", "1.5", "1234.5", "1234.5", "12", "7"]
    for unclear in ("1,234", "1.5", "1,234.5", "1 234", "1.2345"):
        wrong = [["C9", *rows[0][1:6], unclear, *rows[0][7:]]]
        file = workbook(tmp_path / f"{unclear}.xlsx", {"target_set": [head, *wrong]})
        assert codes(call(book, "import", str(file))) == [["target_set:2:G", "number_unclear"]]
    percent = [["C9", *rows[0][1:6], Shown(0.5, "0%"), *rows[0][7:]]]
    file = workbook(tmp_path / "p.xlsx", {"target_set": [head, *percent]})
    assert codes(call(book, "import", str(file))) == [["target_set:2:G", "number_in_percent"]]
