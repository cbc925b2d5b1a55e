"""``template``: what it writes can be filled in and imported, in both languages."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from commands.headings import heading, normal
from commands.language import say_in, word_in
from ledger.catalogue import KINDS
from tests.terminal import call, done, started, words

UNIT = words("unit_founded --unit TP --name TânPhú --type grassroots_committee --on 2015-01-01")


def rows_of(path: Path, sheet: int = 0) -> list[list[Any]]:
    """Return the cells of one sheet."""
    with python_calamine.load_workbook(path) as book:
        found: list[list[Any]] = book.get_sheet_by_index(sheet).to_python()
        return found


def filled(template: Path, copy: Path, rows: dict[str, Any], sheet: int = 0) -> Path:
    """Write a copy of a sheet of a template with one more row, by headings."""
    with python_calamine.load_workbook(template) as read, xlsxwriter.Workbook(copy) as book:
        found = read.get_sheet_by_index(sheet)
        target = book.add_worksheet(found.name)
        cells = found.to_python()
        for place, row in enumerate(cells):
            target.write_row(place, 0, row)
        heads = [str(text).rstrip(" *") for text in cells[0]]
        for name, value in rows.items():
            column = heads.index(name)
            if isinstance(value, date):
                form = book.add_format({"num_format": "dd/mm/yyyy"})
                target.write_datetime(len(cells), column, value, form)
            else:
                target.write(len(cells), column, value)
    return copy


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_template_of_every_kind_is_read_without_its_row_of_help(
    tmp_path: Path, lang: str
) -> None:
    book = started(tmp_path)
    for number, options in enumerate(([], ["--one-sheet"])):
        file = tmp_path / f"{number}.xlsx"
        done(book, "template", *KINDS, *options, "-o", str(file), lang=lang)
        for reader in ("vi", "en"):
            said = done(book, "import", str(file), lang=reader)
            assert "0" in said.err.splitlines()[0]
    assert done(book, "log", "--format", "json").json == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_filled_template_is_recorded(tmp_path: Path, lang: str) -> None:
    book = started(tmp_path, UNIT)
    file = tmp_path / "mau.xlsx"
    said = done(book, "template", "nominated", "admitted", "-o", str(file), lang=lang)
    assert f"rollbook import {file} --preview" in said.err
    values = {
        heading("effective_on", lang): date(2020, 3, 2),
        heading("unit", lang): "TP",
        heading("profile.name", lang): "Nguyễn Văn An",
        heading("profile.sex", lang): word_in(lang, "sex", "male"),
        heading("profile.private_owner", lang): word_in(lang, "truth", "yes"),
        heading("profile.ethnicity", lang): word_in(lang, "ethnicity", "tay"),
        heading("profile.unions", lang): word_in(lang, "unions", "youth_union"),
        heading("document.number", lang): "5-QĐ/ĐU",
    }
    done(book, "import", str(filled(file, tmp_path / "filled.xlsx", values)))
    entry = done(book, "log", "--names", "--format", "json").json[1]
    assert entry["person"] == "P000001"
    assert entry["profile"] == {
        "sex": "male",
        "ethnicity": "tay",
        "private_owner": True,
        "unions": ["youth_union"],
        "name": "Nguyễn Văn An",
    }
    assert entry["document"] == {"number": "5-QĐ/ĐU"}


def test_headings_say_what_is_required_and_lists_stand_on_a_hidden_sheet(tmp_path: Path) -> None:
    book = started(tmp_path)
    file = tmp_path / "mau.xlsx"
    done(book, "template", "nominated", "-o", str(file), lang="vi")
    heads = rows_of(file)[0]
    assert heads[:4] == ["Ngày hiệu lực *", "Mã người", "Mã đơn vị *", "Giới tính"]
    assert not {"Số mục", "Ghi lúc", "Người ghi"} & {*heads}
    with python_calamine.load_workbook(file) as read:
        names = [(each.name, str(each.visible)) for each in read.sheets_metadata]
    title = say_in("vi", "Lists of words")
    assert names[1] == (title, "SheetVisibleEnum.Hidden")
    assert ["nam", "nữ"] in [list(column) for column in zip(*rows_of(file, 1)[:2], strict=True)]


def test_a_template_never_overwrites_and_knows_its_kinds(tmp_path: Path) -> None:
    book = started(tmp_path)
    file = tmp_path / "mau.xlsx"
    assert call(book, "template", "admited", "-o", str(file)).code == "unknown_kind"
    assert not file.exists()
    done(book, "template", "unit-founded", "-o", str(file))
    assert call(book, "template", "died", "-o", str(file)).code == "file_exists"


def test_headings_are_told_apart_in_any_case() -> None:
    assert normal("  Họ và\n TÊN ") == normal("họ và tên")
