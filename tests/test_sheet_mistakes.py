"""Cells with the mistakes that offices make: each is named, none is guessed at."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from ledger.exchange.marks import format_mark
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
    (0, Shown(date(2026, 10, 1), "mmm-yy"), "day_made_up"),
    (0, Shown(date(2026, 10, 1), "mm/yyyy"), "day_made_up"),
    (0, Shown(date(1990, 1, 1), "yyyy"), "day_made_up"),
    (0, Shown(45000.5, "dd/mm/yyyy"), "time_for_day"),
    (0, Formula("#N/A"), "cell_broken"),
    (0, Formula(None), "cell_uncomputed"),
    (4, Formula(None), "cell_uncomputed"),
    (3, "#N/A", "cell_broken"),
    (1, 123, "number_for_text"),
    (1, date(2026, 9, 5), "day_for_text"),
    (3, "1,2E+11", "cell_rounded"),
    (3, 1.2e20, "cell_rounded"),
    (3, "NguyÔn V¨n An", "text_garbled"),
    (3, "Nguyeãn Vaên An", "text_garbled"),
    (3, "Nguyá»…n VÄƒn An", "text_garbled"),
    (3, "Nguy\ufffdn Văn An", "letters_lost"),
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
    (0, Shown(date(2026, 10, 7), "7 tháng 10"), "year_made_up"),
    (0, Shown(date(2026, 10, 1), "10/2026"), "day_made_up"),
    (0, Shown(date(2026, 10, 1), "Tháng 10 2026"), "day_made_up"),
    (0, Shown(date(1990, 1, 1), "1990"), "day_made_up"),
    (0, Formula("#N/A"), "cell_broken"),
    (4, Formula(None), "cell_uncomputed"),
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
    (0, Shown(date(2026, 10, 1), "mmm-yy"), "day_made_up"),
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


def test_a_formula_without_its_result_stays_one_in_the_marked_copy(tmp_path: Path) -> None:
    book, marked = started(tmp_path, UNIT), tmp_path / "b.xlsx"
    # given a cell whose formula comes to no text at all, and one that nobody computed
    rows: list[Any] = [HEAD, [*AN[:4], Formula(""), AN[5]], [*AN[:4], Formula(None), AN[5]]]
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: rows})
    # when it is imported
    said = call(book, "import", str(file), "--marked", str(marked))
    # then only the second is wrong, and its formula is to be seen in the copy
    assert codes(said) == [[f"{NOMINATED}:3:E", "cell_uncomputed"]]
    with load_workbook(marked) as copy:
        assert copy.get_sheet_by_index(0).to_python()[2][4] == "=A1"


@pytest.mark.parametrize("text", ["Cộng", "Tổng số: 2 người", "TOTAL", "Người lập biểu", "T/M BTV"])
def test_the_last_rows_of_a_list_are_told_to_be_none_of_it(tmp_path: Path, text: str) -> None:
    book = started(tmp_path, UNIT)
    rows: list[Any] = [HEAD, AN, [None, None, text]]
    said = call(book, "import", str(workbook(tmp_path / "a.xlsx", {NOMINATED: rows})))
    assert codes(said) == [[f"{NOMINATED}:3", "row_of_total"]]
    # and a person of that name is one, whose mistakes are told as those of anybody
    named: list[Any] = [HEAD, ["7/10", *AN[1:3], text, *AN[4:]]]
    said = call(book, "import", str(workbook(tmp_path / "b.xlsx", {NOMINATED: named})))
    assert codes(said) == [[f"{NOMINATED}:2:A", "bad_date"]]
    named[1][0] = AN[0]
    done(book, "import", str(workbook(tmp_path / "c.xlsx", {NOMINATED: named})))


def test_a_text_that_looks_like_an_end_without_end_is_read_in_time(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    text = "x, ngày " + " tháng năm " * 2_900 + "\n!"
    rows: list[Any] = [HEAD, [None, None, text]]
    said = call(book, "import", str(workbook(tmp_path / "a.xlsx", {NOMINATED: rows})))
    assert [f"{NOMINATED}:2:A", "missing_field"] in codes(said)


def test_merged_cells_and_broken_formulas_are_named(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    merges = [(0, 0, 0, 3, "DANH SÁCH"), (2, 2, 3, 2, "TP")]
    rows: list[Any] = [[], HEAD, [*AN[:2], None, *AN[3:]], [AN[0], "P2", None, "Lê C", None, "nam"]]
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: rows}, merged={NOMINATED: merges})
    said = call(book, "import", str(file))
    assert [f"{NOMINATED}:3:C", "cells_merged"] in codes(said)
    # and in the copy that has them marked they still are
    marked = tmp_path / "b.xlsx"
    call(book, "import", str(file), "--marked", str(marked))
    said = call(book, "import", str(marked))
    assert [f"{NOMINATED}:3:C", "cells_merged"] in codes(said)


def test_cells_that_are_merged_without_end_are_marked_in_time(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    merges = [(2, 0, 1_000_000, 0, "x"), (1, 6, 1, 16_000, "y")]
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, AN]}, merged={NOMINATED: merges})
    marked = tmp_path / "b.xlsx"
    said = call(book, "import", str(file), "--marked", str(marked))
    assert codes(call(book, "import", str(marked))) == codes(said)


def test_a_row_without_a_kind_and_a_file_without_one_are_told(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    rows: list[Any] = [["Loại mục", *HEAD], [None, *AN]]
    said = call(book, "import", str(workbook(tmp_path / "a.xlsx", {"Mục": rows})))
    assert codes(said) == [["Mục:2:A", "kind_missing"]]
    (tmp_path / "thang9.csv").write_text(",".join(HEAD), encoding="utf-8")
    assert call(book, "import", str(tmp_path / "thang9.csv")).code == "no_kind"


def test_what_was_not_recorded_is_named_by_its_row(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    rows: list[Any] = [HEAD, [AN[0], "P7", "TX", *AN[3:]], AN, [AN[0], "P2", *AN[2:]], AN]
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: rows})
    said = call(book, "import", str(file))
    assert [f"{NOMINATED}:5:B", "already_on_file"] in codes(said)
    assert f"by row a.xlsx:{NOMINATED}:3 (nominated, 2020-03-02)" in said.err
    assert "entry" not in said.err


def test_a_preview_counts_no_row_under_a_wrong_head_as_to_be_recorded(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    twice = workbook(tmp_path / "a.xlsx", {NOMINATED: [[*HEAD, HEAD[3]], [*AN, AN[3]]]})
    said = call(book, "import", str(twice), "--preview")
    assert said.out.splitlines()[-1].split()[-3:] == ["0", "0", "1"]
    empty = workbook(tmp_path / "b.xlsx", {NOMINATED: [HEAD]})
    said = done(book, "import", str(empty), "--preview")
    assert said.out.splitlines()[-1].split()[-3:] == ["0", "0", "0"]


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


@pytest.mark.parametrize(
    ("code", "mark"),
    [
        ("dd/mm/yyyy", ""),
        ("[$-42A]d mmmm yyyy;@", ""),
        ('"ngày" dd "tháng" mm "năm" yyyy', ""),
        ("m/d/yy h:mm", ""),
        ("hh:mm", ""),
        ("0.00", ""),
        ("General", ""),
        ("0.0%", "percent"),
        ('dd "tháng" mm', "shows_dm"),
        ("mmm-yy", "shows_my"),
        ("yyyy", "shows_y"),
    ],
)
def test_what_a_number_format_shows_of_a_day_is_known(code: str, mark: str) -> None:
    assert format_mark(code) == mark
