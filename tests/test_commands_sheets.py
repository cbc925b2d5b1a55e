"""``import`` of spreadsheets: all or nothing, every mistake at its cell, nothing twice."""

import json
import subprocess
import sys
import zipfile
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from ledger.book import Book
from ledger.exchange.cell_marks import marks_of
from tests.histories import history
from tests.terminal import START, call, done, environment, started
from tests.workbooks import AN, HEAD, NOMINATED, UNIT, codes, ods, workbook


def entries(book: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(book, "log", "--names", "--format", "json").json
    return found


def test_a_sheet_is_recorded_and_each_entry_keeps_its_file_sheet_and_row(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    admitted: list[Any] = [["person", "unit", "effective_on"], [None], ["P1", "TP", "19/05/2021"]]
    file = workbook(tmp_path / "thang9.xlsx", {NOMINATED: [HEAD, AN], "admitted": admitted})
    said = done(book, "import", str(file))
    assert said.err.startswith("Recorded 2 entries, under the numbers 2 to 3.")
    with Book.open(book) as opened:
        row: Any = opened.recorder.select_events("person/P1")[1]
    assert (row.sheet, row.row, row.file_hash) == (
        "admitted",
        3,
        sha256(file.read_bytes()).digest(),
    )
    assert entries(book)[1]["profile"] == {
        "sex": "male",
        "birth_year": 1996,
        "name": "Nguyễn Văn An",
        "birth_date": "1996-05-01",
    }


def test_hidden_rows_are_read_and_that_is_said(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, AN]}, hidden_rows=[1, 5])
    said = done(book, "import", str(file))
    assert f"{NOMINATED}: 2 rows are hidden, and are read" in said.err
    assert len(entries(book)) == 2


def test_hidden_rows_of_an_ods_are_counted(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", {"nominated": [HEAD, AN]})
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").replace(
            b"<table:table-row", b'<table:table-row table:visibility="filter"'
        )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", content)
    assert marks_of(path.read_bytes()).hidden == {"nominated": 2}


def test_what_was_voided_is_not_in_the_book_any_more(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    done(book, "import", str(workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, AN]})))
    done(book, "void", "2", "--reason", "nhầm")
    again = workbook(tmp_path / "b.xlsx", {NOMINATED: [HEAD, [], AN]})
    assert "Recorded 1 entry" in done(book, "import", str(again)).err


def test_every_mistake_of_a_file_is_said_at_once(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    nominated = [
        ["DANH SÁCH"],
        ["STT", *HEAD, "Tôn giáoo", "Ngày sinh"],
        [1, *AN],
        [2, "7/10", "P2", "TP", None, 46000],
        [],
        [3, date(2030, 1, 1), "P3", "TPX", "Lê Cường", None, None, None, None, "?"],
    ]
    admitted = [["person", "unit"], ["P2", "TP"], ["P9", "TP"]]
    died = [["person", "on"], ["P1", "x"]]
    sheets: dict[str, Any] = {
        NOMINATED: nominated,
        "admitted": admitted,
        "died": died,
        "nháp": [["x"]],
    }
    file = workbook(tmp_path / "a.xlsx", {**sheets, "Sổ": [["y"]]}, hidden=["nháp"])
    said = call(book, "import", str(file))
    assert said.status == 3
    assert codes(said) == [
        [f"{NOMINATED}:2:H", "unknown_head"],
        [f"{NOMINATED}:2:I", "head_twice"],
        [f"{NOMINATED}:4:B", "bad_date"],
        [f"{NOMINATED}:4:E", "missing_field"],
        [f"{NOMINATED}:4:F", "number_for_day"],
        [f"{NOMINATED}:6:D", "unknown_unit"],
        [f"{NOMINATED}:6:J", "no_heading"],
        ["admitted:1", "column_missing"],
        ["admitted:3:A", "not_opened"],
        ["died:1", "column_missing"],
        ["died:1:B", "unknown_head"],
        ["Sổ", "unknown_sheet"],
    ]
    assert "The sheet nháp is hidden and is not read" in said.err
    assert not entries(book)[1:]


def test_rows_that_rest_on_a_wrong_one_are_not_called_wrong(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    admitted: list[Any] = [["person", "unit", "effective_on"], ["P1", "TP", "19/05/2021"]]
    wrong = ["7/10", *AN[1:]]
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, wrong], "admitted": admitted})
    said = call(book, "import", str(file))
    assert codes(said) == [[f"{NOMINATED}:2:A", "bad_date"]]
    assert "1 more row rests on one of these" in said.err


def test_spaces_and_letters_of_other_forms_are_put_right(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    row: list[Any] = [
        AN[0],
        " P1\u00a0",
        "TP ",
        normalize("NFD", " Nguyễn\u00a0Văn An "),
        "",
        "NAM ",
    ]
    head = [*HEAD[:3], normalize("NFD", "họ và  TÊN *"), *HEAD[4:]]
    rows: list[Any] = [head, row]
    file = workbook(tmp_path / "a.xlsx", {"Nominated ": rows})
    done(book, "import", str(file))
    assert entries(book)[1]["profile"] == {"sex": "male", "name": "Nguyễn Văn An"}


def test_rows_of_all_sheets_are_recorded_in_an_order_that_can_be(tmp_path: Path) -> None:
    book = started(tmp_path)
    sheets: dict[str, list[list[Any]]] = {
        "admitted": [
            ["person", "unit", "effective_on"],
            ["P1", "C1", "01/06/2023"],
            ["P1", "C1", "01/06/2021"],
        ],
        "left_on_request": [["person", "effective_on"], ["P1", "01/06/2022"]],
        "nominated": [["person", "unit", "profile.name", "effective_on"]],
        "unit_founded": [
            ["unit", "name", "type", "parent", "effective_on"],
            ["C1", "Chi bộ 1", "chi bộ", "TP", "01/01/2016"],
            ["TP", "Đảng bộ", "đảng bộ cơ sở", None, "01/01/2015"],
        ],
    }
    sheets["nominated"].append(["P1", "C1", "An", "01/06/2020"])
    done(book, "import", str(workbook(tmp_path / "a.xlsx", sheets)))
    assert [entry["kind"] for entry in entries(book)] == [
        *("unit_founded", "unit_founded", "nominated"),
        *("admitted", "left_on_request", "admitted"),
    ]


def test_an_ods_and_one_sheet_of_several_kinds(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    rows: list[Any] = [
        ["Loại mục", "Ngày hiệu lực", "Mã người", "Mã đơn vị", "Họ và tên"],
        ["kết nạp", date(2021, 5, 19), "P1", "TP", None],
        ["nominated", date(2020, 3, 2), "P1", "TP", "An"],
    ]
    done(book, "import", str(ods(tmp_path / "a.ods", {"Tháng 9": rows})))
    assert [entry["kind"] for entry in entries(book)[1:]] == ["nominated", "admitted"]
    rows.append(["kết nạpp", date(2021, 5, 19), "P2", "TP", None])
    rows.append(["từ trần", date(2021, 5, 20), "P1", "TP", None])
    said = call(book, "import", str(ods(tmp_path / "b.ods", {"Tháng 9": rows})))
    assert codes(said) == [["Tháng 9:4:A", "unknown_kind"], ["Tháng 9:5:D", "unknown_field"]]
    assert "Mã đơn vị" in said.err


ROUND_TRIPS = ("-o a.xlsx", "-o a.csv", "-o a.csv --excel --separator ;")


@pytest.mark.parametrize("options", ROUND_TRIPS)
def test_a_book_comes_back_from_its_export(tmp_path: Path, options: str) -> None:
    book = started(tmp_path)
    found = (json.dumps(values, ensure_ascii=False) for values in history(7, 300))
    done(book, "import", given="\n".join(found))
    name, *rest = options.removeprefix("-o ").split()
    for lang in ("vi", "en"):
        file = tmp_path / lang / name
        file.parent.mkdir()
        done(book, "export", "-o", str(file), *rest, lang=lang)
        copy = tmp_path / lang / "copy.db"
        done(copy, "init")
        done(copy, "import", str(file), "--keep-recorded")
        assert done(copy, "export").out == done(book, "export").out


def test_two_who_import_the_same_file_record_it_once(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    rows = [[AN[0], f"P{number}", *AN[2:]] for number in range(200)]
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, *rows]})
    commands = [sys.executable, "-c", START, "import", str(file)]
    both = [
        subprocess.Popen(commands, env=environment(ROLLBOOK=str(book)), stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [each.communicate()[1].decode() for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert len(entries(book)) == 201


def test_a_sheet_of_a_file_of_which_another_was_recorded_is_recorded(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    admitted = [["person", "unit", "effective_on"], ["P1", "TP", "19/05/2021"]]
    file = workbook(tmp_path / "a.xlsx", {"nominated": [HEAD, AN], "admitted": admitted})
    done(book, "import", str(file), "--sheet", "nominated")
    assert "was recorded before" in done(book, "import", str(file), "--sheet", "nominated").err
    said = done(book, "import", str(file))
    assert "1 row is in the book already" in said.err
    assert "Recorded 1 entry" in said.err
    done(book, "void", "3", "--reason", "nhầm")
    assert "was recorded before" in done(book, "import", str(file)).err


def test_a_text_file_is_what_it_holds(tmp_path: Path) -> None:
    book = started(tmp_path)
    file = tmp_path / "a.txt"
    line = (
        '{"kind":"unit_founded","effective_on":"2015-01-01","unit":"%s","name":"x","type":"cell"}'
    )
    file.write_text(line % "A", encoding="utf-8")
    done(book, "import", str(file))
    sheet = "kind\tunit\tname\ttype\teffective_on\nunit_founded\tB\tx\tcell\t01/01/2015\n"
    file.write_text(sheet, encoding="utf-8")
    done(book, "import", str(file))
    assert [entry["unit"] for entry in entries(book)] == ["A", "B"]


def test_an_encoding_of_csv_is_refused_of_a_workbook(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    file = workbook(tmp_path / "thang9.xlsx", {NOMINATED: [HEAD, AN]})
    said = call(book, "import", str(file), "--encoding", "cp1258")
    assert said.status == 2
    assert "--encoding: encoding_of_workbook: cp1258 " in said.err
    assert len(entries(book)) == 1


def test_an_entry_says_from_which_row_of_which_file_it_came(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    file = workbook(tmp_path / "thang9.xlsx", {NOMINATED: [HEAD, AN]})
    done(book, "import", str(file))
    hashed = sha256(file.read_bytes()).hexdigest()
    where = f"From thang9.xlsx, sheet {NOMINATED}, row 2 (SHA-256 {hashed})"
    assert where in done(book, "show", "2").out
    assert where in done(book, "show", "2", "--format", "json").err
    assert "SHA-256" not in done(book, "show", "1").out
