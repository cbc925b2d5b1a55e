"""``export`` for spreadsheets and tools: the same entries come back, and whole files only."""

import csv
import io
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from commands import workbook as workbooks
from commands.headings import column_names, kind_meant, meaning, normal
from ledger.book import Book
from ledger.catalogue import KINDS
from ledger.exchange.columns import KIND, by_name, values_of
from ledger.exchange.jsonlines import entry_json
from ledger.exchange.typed import value_of
from ledger.store import sealing
from ledger.store.recorder import BookRecorder
from projections import feed
from tests.histories import history
from tests.shelf import forced
from tests.terminal import call, done, json_lines, process, started, words

LINES = json_lines("""
    unit_founded 2015-01-01 TP
    nominated 2020-03-02 P000001 unit=TP profile={"name":"=Nguyễn_An","citizen_id":"001096000123"}
    admitted 2021-05-19 P000001 unit=TP document={"number":"12-QĐ/TU","date":"1899-05-03"}
""")
READINGS = (
    *("roster --names", "headcount --by sex", "units --ended", "units --lineage", "pipeline"),
    *("movement --years 2010..2024", "targets", "figures", "rules check", "due", "log --names"),
)


def book_of(folder: Path, seed: int, size: int = 300) -> Path:
    """Return a book with a generated history in it."""
    book = started(folder)
    lines = "\n".join(json.dumps(values, ensure_ascii=False) for values in history(seed, size))
    done(book, "import", given=lines)
    return book


def grids(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the name and rows of each sheet; of CSV there is one."""
    if path.suffix == ".csv":
        text = path.read_text(encoding="utf-8-sig")
        separator = ";" if text.startswith("no;") else ","
        yield "", list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        return
    found = CalamineWorkbook.from_path(str(path))
    for name in found.sheet_names[:-1]:
        yield name, found.get_sheet_by_name(name).to_python()


def entries_in(path: Path) -> list[bytes]:
    """Return the entries that the rows of a file say, as JSON Lines, by number."""
    found: dict[int, bytes] = {}
    for name, (heads, *rows) in grids(path):
        of_sheet = kind_meant(name)
        for row in rows:
            cells = dict(zip(map(str, heads), row, strict=True))
            names = column_names(None)
            raw = {names[normal(head)]: cell for head, cell in cells.items() if cell != ""}
            kind = kind_meant(raw.pop(KIND)) if KIND in raw else of_sheet
            assert kind
            columns = by_name(kind)
            read = {each: value_of(kind, columns[each], raw[each], meaning) for each in raw}
            entry = msgspec.convert(values_of(kind, read), KINDS[kind])
            found[entry.no or 0] = entry_json(entry)
    return [found[no] for no in sorted(found)]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "options", ["-o a.xlsx", "-o a.csv", "-o a.csv --excel --separator ;", "-o a.xlsx --lang vi"]
)
def test_every_entry_comes_back_from_sheets(
    seed: int, options: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book = book_of(tmp_path, seed)
    name = words(options)[1]
    said = done(book, "export", *words(options))
    exported = done(book, "export").out.encode().splitlines()
    assert entries_in(tmp_path / name) == exported
    assert said.err.rstrip().endswith(f"{name}")


@pytest.mark.parametrize("seed", [7, 8])
@pytest.mark.parametrize(
    "options", ["-o a.xlsx --lang vi", "-o a.xlsx", "-o a.csv", "-o b.csv --excel --separator ;"]
)
def test_a_book_made_of_sheets_answers_alike(
    seed: int, options: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book = book_of(tmp_path, seed)
    done(book, "export", *words(options))
    copy = tmp_path / "copy.db"
    done(copy, "init")
    done(copy, "import", "--keep-recorded", words(options)[1])
    assert done(copy, "export").out == done(book, "export").out
    for reading in READINGS:
        line = [*words(reading), "--format", "json", "--as-of", "2024-05-06"]
        assert call(copy, *line).out == call(book, *line).out


def test_keys_that_were_let_go_are_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = book_of(tmp_path, 9)
    exported = done(book, "export").out
    monkeypatch.setattr(sealing, "KEYS_AT_HAND", 2)
    monkeypatch.setattr("ledger.book._ENTRIES_A_READ", 3)
    asked: list[str] = []
    fetched = BookRecorder.keys

    def counted(self: BookRecorder, cursor: Any, owners: list[str]) -> Any:
        asked.extend(owner for owner in owners if owner.startswith("person/"))
        return fetched(self, cursor, owners)

    monkeypatch.setattr(BookRecorder, "keys", counted)
    assert done(book, "export").out == exported
    assert len(asked) > len(set(asked))


def test_cells_are_typed_and_guarded(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    done(book, "export", "-o", str(tmp_path / "a.xlsx"), lang="vi")
    found = dict(grids(tmp_path / "a.xlsx"))
    assert list(found) == ["Thành lập tổ chức đảng", "Giới thiệu vào nguồn phát triển", "Kết nạp"]
    heads, row = found["Giới thiệu vào nguồn phát triển"]
    cells = dict(zip(heads, row, strict=True))
    assert cells["Số mục"] == 2
    assert cells["Ngày hiệu lực"] == date(2020, 3, 2)
    assert cells["Họ và tên"] == "=Nguyễn An"
    assert cells["Số định danh cá nhân"] == "001096000123"
    assert cells["Ghi lúc"] == "2024-05-06T07:08:09Z"
    heads, row = found["Kết nạp"]
    assert dict(zip(heads, row, strict=True))["Ngày văn bản"] == "03/05/1899"
    done(book, "export", "-o", str(tmp_path / "a.csv"))
    assert ",'=Nguyễn An," in (tmp_path / "a.csv").read_text(encoding="utf-8")


def test_the_last_sheet_says_how_it_was_made(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    target = tmp_path / "a.xlsx"
    done(book, "export", "-o", str(target), "--known-entry", "2")
    rows = CalamineWorkbook.from_path(str(target)).get_sheet_by_name("How this was made")
    told = {str(row[0]): row[1] for row in rows.to_python()}
    assert told["Command"] == f"rollbook export -o {target} --known-entry 2"
    assert (told["Last entry of the book"], told["As known up to entry"]) == (3, 2)
    assert [name for name, _ in grids(target)] == ["Unit founded", "Nominated"]


def test_more_entries_than_a_sheet_holds_go_on_on_sheets_that_say_the_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "ROWS_OF_A_SHEET", 20)
    book = book_of(tmp_path, 1)
    target = tmp_path / "a.xlsx"
    done(book, "export", "-o", str(target))
    assert any(name.endswith(" (2)") for name, _ in grids(target))
    assert all(len(rows) <= 20 for _, rows in grids(target))
    exported = done(book, "export").out
    assert entries_in(target) == exported.encode().splitlines()
    copy = tmp_path / "copy.db"
    done(copy, "init")
    done(copy, "import", "--keep-recorded", str(target))
    assert done(copy, "export").out == exported


def test_a_text_longer_than_a_cell_is_refused_with_what_holds_it(tmp_path: Path) -> None:
    book = started(tmp_path)
    values = json.loads(LINES.splitlines()[0]) | {"note": "x" * 40_000}
    done(book, "import", given=json.dumps(values))
    said = call(book, "export", "-o", str(tmp_path / "a.xlsx"))
    assert (said.status, said.code) == (3, "too_long_for_cell")
    assert "note of entry 1" in said.err
    assert not list(tmp_path.glob("*a.xlsx*"))
    done(book, "export", "-o", str(tmp_path / "a.csv"))
    assert json.loads(entries_in(tmp_path / "a.csv")[0])["note"] == "x" * 40_000


def test_parquet_has_the_columns_of_the_feed_in_order_and_no_names(tmp_path: Path) -> None:
    book = book_of(tmp_path, 2)
    target = tmp_path / "a.parquet"
    done(book, "export", "-o", str(target))
    table = parquet.read_table(target)
    assert table.column_names == feed.SCHEMA.names
    with Book.open(book) as opened, opened.recorder.datastore.reading() as cursor:
        head = opened.head
        expected = feed.read(cursor, 1, head.no).sort_by("no")
    for name in expected.column_names:
        assert table[name].to_pylist() == expected[name].to_pylist()
    assert table["no"].to_pylist() == list(range(1, head.no + 1))
    assert not {"profile_name", "name_of_person", "profile_citizen_id"} & set(table.column_names)
    said = json.loads(table.schema.metadata[b"rollbook"])
    assert (said["head_no"], said["head_hash"]) == (head.no, head.root.hex())


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_an_empty_book_can_be_exported(ending: str, tmp_path: Path) -> None:
    book = started(tmp_path)
    target = tmp_path / f"a.{ending}"
    assert done(book, "export", "-o", str(target)).err == f"Wrote 0 entries: {target}\n"
    assert target.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_every_form_can_be_piped(form: str, tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    if form == "csv":
        said = process("export", "--format", form, ROLLBOOK=str(book))
        (tmp_path / "a.csv").write_text(said.out, encoding="utf-8", newline="")
        assert len(entries_in(tmp_path / "a.csv")) == 3
        assert not said.err
    else:
        done(book, "export", "--format", form)


def test_names_that_cannot_be_opened_are_said_and_listed(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    book.with_suffix(".keys").unlink()
    said = done(book, "export", "-o", str(tmp_path / "a.csv"))
    assert "1 entry has personal details that could not be opened" in said.err
    assert b'"sealed":["profile.citizen_id","profile.name"]' in entries_in(tmp_path / "a.csv")[1]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
def test_damage_met_on_the_way_leaves_no_file(ending: str, tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    forced(book, ("UPDATE stored_events SET state = x'00' WHERE no = 3", ()))
    said = call(book, "export", "-o", str(tmp_path / f"a.{ending}"))
    assert said.status == 12
    assert not list(tmp_path.glob(f"*a.{ending}*"))


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx", "parquet"])
@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_goes_wrong_leaves_no_file(
    ending: str, failure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise failure

    book = started(tmp_path)
    monkeypatch.setattr(os, "fsync", fails)
    said = call(book, "export", "-o", str(tmp_path / f"a.{ending}"))
    assert said.status == (130 if failure is KeyboardInterrupt else 3)
    assert not list(tmp_path.glob(f"*a.{ending}*"))


def test_what_no_export_can_be_is_refused(tmp_path: Path) -> None:
    book = started(tmp_path)
    for name in ("a.json", "a.md", "a.txt", "a"):
        said = call(book, "export", "-o", str(tmp_path / name))
        assert (said.status, said.code) == (2, "unknown_extension")
        assert ".csv, .xlsx, .jsonl, .parquet" in said.err
