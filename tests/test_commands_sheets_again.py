"""What ``import`` of spreadsheets does with rows that the book has already, or nearly has."""

from pathlib import Path
from typing import Any

from tests.terminal import done, started
from tests.test_commands_sheets import entries
from tests.workbooks import AN, HEAD, NOMINATED, UNIT, workbook


def test_the_same_file_again_records_nothing_and_says_so(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    file = workbook(tmp_path / "thang9.xlsx", {NOMINATED: [HEAD, AN]})
    done(book, "import", str(file))
    for arguments in ((), ("--preview",), ("--dry-run",)):
        said = done(book, "import", str(file), *arguments)
        assert "was recorded before, on 2024-05-06, as entry 2" in said.err
    assert len(entries(book)) == 2


def test_of_a_file_that_has_grown_only_the_new_rows_are_recorded(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    new = [AN[0], None, "TP", "Trần Thị Bích", None, "nữ"]
    done(book, "import", str(workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, AN, new]})))
    more = [AN[0], None, "TP", "Lê Cường", None, "nam"]
    grown = workbook(tmp_path / "b.xlsx", {NOMINATED: [HEAD, AN, new, more, new]})
    said = done(book, "import", str(grown))
    left_out = f"2 rows are in the book already and were left out: b.xlsx:{NOMINATED}:2 is entry 2"
    assert said.err.startswith(left_out)
    assert [entry["profile"]["name"] for entry in entries(book)[3:]] == [
        "Lê Cường",
        "Trần Thị Bích",
    ]


def test_a_row_that_was_changed_since_is_told(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    was, now = ([AN[0], None, "TP", "Trần Thị Bích", None, sex] for sex in ("nam", "nữ"))
    done(book, "import", str(workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, was]})))
    file = workbook(tmp_path / "b.xlsx", {NOMINATED: [HEAD, now]})
    for arguments in (("--preview",), ()):
        said = done(book, "import", str(file), *arguments)
        assert f"b.xlsx:{NOMINATED}:2 as entry 2" in said.err
        assert "rollbook correct 2" in said.err
    # and nothing is said where each row has its entry, nor of a row that corrects one
    said = done(book, "import", str(workbook(tmp_path / "c.xlsx", {NOMINATED: [HEAD, now, was]})))
    assert "of the same name" not in said.err


def test_a_row_that_corrects_an_entry_is_of_its_person(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    new: list[Any] = [AN[0], None, "TP", "Trần Thị Bích", None, "nam"]
    done(book, "import", str(workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, new]})))
    mended = [*new[:5], "nữ", 2]
    rows: list[Any] = [[*HEAD, "Thay cho mục số"], mended]
    said = done(book, "import", str(workbook(tmp_path / "b.xlsx", {NOMINATED: rows})))
    assert "of the same name" not in said.err
    assert [entry["person"] for entry in entries(book)[1:]] == ["P000001", "P000001"]
    again = workbook(tmp_path / "c.xlsx", {NOMINATED: [[None], *rows]})
    assert "Recorded 0 entries." in done(book, "import", str(again)).err


def test_a_row_that_was_copied_is_told(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    new, other = ([AN[0], None, "TP", "Trần Thị Bích", None, sex] for sex in ("nữ", None))
    file = workbook(tmp_path / "a.xlsx", {NOMINATED: [HEAD, new, [], new, other, new]})
    for arguments in (("--preview",), ()):
        said = done(book, "import", str(file), *arguments)
        told = "2 rows are the same as one above, and count as other people of the same name"
        assert f"{told}: a.xlsx:{NOMINATED}:4 as a.xlsx:{NOMINATED}:2 …" in said.err
    assert len(entries(book)) == 5
    grown = workbook(tmp_path / "b.xlsx", {NOMINATED: [HEAD, new, new, new]})
    assert f":{NOMINATED}:2 is entry 2" in (said := done(book, "import", str(grown))).err
    assert "as one above" not in said.err
