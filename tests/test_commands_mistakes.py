"""Mistakes that people make when they ask: what is said, where, and what to do."""

from datetime import timedelta
from pathlib import Path

import pytest

from commands import tables
from ledger.authority import keyfiles
from tests.forgeries import copied
from tests.terminal import NOW, call, done, started, words

LINES = """
{"kind":"unit_founded","effective_on":"2015-01-01","unit":"B","name":"Hai","type":"cell"}
{"kind":"term_opened","effective_on":"2015-01-01","unit":"A","term":"2015-2020",\
"starts":"2015-06-01","ends":"2020-05-31"}
{"kind":"term_opened","effective_on":"2015-01-01","unit":"B","term":"2015-2020",\
"starts":"2015-07-01","ends":"2020-06-30"}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = started(tmp_path)
    done(path, "record", "unit_founded", "--unit", "A", "--name", "Một", "--type", "cell",
         "--on", "2015-01-01")  # fmt: skip
    done(path, "import", given=LINES.lstrip())
    return path


@pytest.mark.parametrize(
    ("given", "first_line"),
    [
        ("term", "NHIỆM_KỲ: missing_option: `rollbook term` cần NHIỆM_KỲ"),
        ("term 2020-2025 --unit A", "NHIỆM_KỲ: unknown_term: A "),
        ("term 2020-2025", "NHIỆM_KỲ: term_nowhere: trong sổ không đơn vị nào mở"),
        ("term 2015-2020", "--unit: term_of_several: nhiệm kỳ 2015-2020 có ngày"),
        ("rules show X", "MÃ: unknown_rule: "),
        ("rules check --rule X", "--rule: unknown_rule: "),
        ("figures chek", "check: bad_choice: "),
        (
            "movement --line died",
            "--line: option_needs: --line chỉ có nghĩa khi dùng cùng --entries",
        ),
        ("pipeline --within 24m", "--within: option_needs: "),
        ("pipeline --overdue --calendar x", "--calendar: file_unreadable: không đọc được x: không"),
        (
            "movement --from 31/12/2022 --to 1/1/2022",
            "--to: bad_period: thời kỳ 31/12/2022..01/01/",
        ),
        ("rules check --from 31/12/2022 --to 1/1/2022", "--to: bad_period: thời kỳ 31/12/2022..01"),
        ("headcount --filter sex=nữ", "--filter: bad_filter: sex=nữ "),
        ("show 99", "SỐ: unknown_entry: "),
        ("operator enrol hoa --role chef", "--role: bad_choice: chef "),
        ("correct x", "SỐ: bad_number: "),
        ("void 1 --reason=", "--reason: bad_value: "),
        ("void 1 --reason x --on 7/10", "--on: bad_date: "),
        ("import thang9 --preview", "rollbook: file_unreadable: không đọc được thang9: không có"),
        ("import --marked x.csv x.xlsx", "--marked: not_xlsx: x.csv "),
        ("template admitted -o x.ods", "--output: not_xlsx: x.ods "),
        ("term 2015-2020 --unit A --filter cause=chết", "--filter: bad_filter: cause=chết "),
    ],
)
def test_a_mistake_is_said_with_its_place(given: str, first_line: str, book: Path) -> None:
    said = call(book, *given.split(), lang="vi")
    assert said.err.startswith(first_line), said.err


def test_a_value_that_no_book_can_have_is_refused_with_the_one_meant(book: Path) -> None:
    said = call(book, "headcount", "--filter", "sex=nữ", lang="vi")
    assert (said.status, "có phải ý là female?" in said.err) == (2, True)
    assert done(book, "headcount", "--filter", "sex=unknown", "--format", "json").json


def test_a_code_of_no_list_is_counted_and_said(book: Path) -> None:
    out = done(book, "headcount", "--filter", "ethnicity=Tày", lang="vi").out
    assert "Tày không có trong danh mục ethnicity" in out
    assert "có phải ý là tay?" in out
    for usual in ("tay", "unknown"):
        out = done(book, "headcount", "--filter", f"ethnicity={usual}", lang="vi").out
        assert "danh mục" not in out


def test_all_choices_are_said(book: Path) -> None:
    assert "unit_type (loại tổ chức)" in call(book, "headcount", "--by", "x", lang="vi").err


def test_a_day_to_come_is_said(book: Path) -> None:
    assert "2030-01-01 has not come yet" in done(book, "headcount", "--as-of", "2030-01-01").out
    assert "has not come" not in done(book, "headcount", "--as-of", "2024-01-01").out


def test_reports_say_of_which_unit_they_are(book: Path) -> None:
    for asked in ("term 2015-2020", "pipeline", "headcount --by sex --by age", "movement"):
        assert "Unit A, with all that is under it" in done(book, *asked.split(), "--unit", "A").out


def test_targets_say_by_which_days_they_were_chosen(book: Path) -> None:
    assert "Targets whose own period holds the day asked" in done(book, "targets").out
    out = done(book, "targets", "--from", "2020-01-01", "--to", "2020-12-31", lang="vi").out
    assert "bắt đầu từ ngày 01/01/2020 trở đi" in out
    assert "không muộn hơn ngày 31/12/2020" in out


def test_numbers_of_entries_are_named_in_words(book: Path) -> None:
    line = done(book, "units", "--entries", lang="vi").out.splitlines()
    assert (line[0].split()[:2], line[2].split()[:3]) == (["Con", "số"], ["tổ", "chức", "đảng"])


@pytest.mark.parametrize("given", ["-h", "headcount -h", "rules -h", "rules show -h"])
def test_help_is_short_too(given: str, book: Path) -> None:
    assert done(book, *given.split()).out.startswith("Usage: ")


def test_a_table_is_folded_between_words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    row = {"target": "TANPHU.NK2020.NU", "name": "nghị quyết đại hội của đơn vị " * 2, "2020": 7}
    text = tables.table(("target", "name", "2020"), [row], "table")
    assert "TANPHU.NK2020.NU" in text
    assert max(map(len, text.splitlines())) <= 60


def test_days_of_papers_are_read_in_the_language(book: Path) -> None:
    asked = ("rules", "show", "ADM-AGE-MAX")
    assert "294-QĐ/TW 26/05/2025" in done(book, *asked, lang="vi").out
    assert "294-QĐ/TW 2025-05-26" in done(book, *asked).out


def test_what_libraries_say_in_english_is_said_in_vietnamese(book: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("chữ")
    said = call(book, "import", str(tmp_path / "a.xlsx"), lang="vi")
    assert (said.code, "tệp không thuộc dạng nào đọc được" in said.err) == (
        "sheet_unreadable",
        True,
    )
    (tmp_path / "died.csv").write_text('person,effective_on\n"P1,2020-01-01\n')
    said = call(book, "import", str(tmp_path / "died.csv"), lang="vi")
    assert (said.code, "có dấu ngoặc kép chưa đóng" in said.err) == ("csv_unreadable", True)


def test_a_key_that_cannot_be_written_is_not_said_to_be_unreadable(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, _content: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(keyfiles, "write_new", refused)
    enrol = "operator enrol lan --role chief --no-passphrase"
    said = call(book, *enrol.split(), lang="vi")
    assert (said.status, said.code) == (3, "book_full"), said.err
    assert "lan.key: không có quyền truy cập" in said.err


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (timedelta(days=300), None),
        (timedelta(seconds=-2), None),
        (timedelta(days=3_652), "The entry before was recorded on 2024-05-06 07:08:09 UTC, and"),
        (timedelta(days=-1), "The clock of this machine is behind: it says 2024-05-05 07:08:09 U"),
    ],
)
def test_a_clock_that_does_not_fit_the_book_is_told(
    book: Path, later: timedelta, told: str | None
) -> None:
    line = '{"kind":"unit_renamed","effective_on":"2020-01-01","unit":"A","name":"Ba"}'
    renamed = words("record unit_renamed --unit A --name Tư --on 2020-01-01")
    for arguments in (renamed, ["import"]):
        copy = copied(book, book.parent / arguments[0])
        said = done(copy, *arguments, now=NOW + later, given=line)
        assert (told in said.err) if told else ("clock" not in said.err)
