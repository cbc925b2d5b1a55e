"""The cache of what was decoded: a folder beside the book that may vanish at any time."""

import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from ledger.book import Book
from projections import scanning, segments
from projections.headcount import headcount
from projections.reading import Reading
from projections.segments import MANIFEST, Segments, refresh
from projections.statements import KEPT
from tests.histories import history
from tests.shelf import UNIT, new_book, record
from tests.test_laws import recorded

MEMBERS = "\n".join(
    f"""carried_forward 2016-01-0{no} P{no} unit=TP profile={{"name":"Tên\\u0020Giả{no}"}}"""
    for no in range(1, 6)
)


def members(book: Book, known: int | None = None) -> int:
    with Reading(book, known_entry=known) as reading:
        return int(headcount(reading, "TP", date(2020, 1, 1))[0]["members"])


def test_a_book_that_grew_is_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SMALL_ENTRIES", 3)
    with new_book(tmp_path, UNIT) as book:
        assert members(book) == 0
        for number, line in enumerate(MEMBERS.splitlines(), 1):
            record(book, line)
            assert members(book) == number
        assert [(kept.first, kept.last) for kept in Segments(book).kept] == [(1, 4), (5, 6)]
        assert members(book, known=3) == 2


def test_large_books_are_decoded_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "CHUNK_ENTRIES", 4)
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        for _ in range(2):
            assert members(book) == 5
        assert len(Segments(book).kept) == 3


def test_pieces_are_the_same_as_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        refresh(book)
        whole = Segments(book)
        rows = [parquet.read_table(whole.path(kept)) for kept in whole.kept]
        shutil.rmtree(whole.folder)
        monkeypatch.setattr(scanning, "CHUNK_ENTRIES", 4)
        told: list[tuple[int, int]] = []
        made = Segments(book, lambda *how_far: told.append(how_far))
        made.flush()
        assert told == [(2, 6), (4, 6), (6, 6)]
        assert [kept.first for kept in made.kept] == [1, 3, 5]
        pieces = [parquet.read_table(made.path(kept)) for kept in made.kept]
        together = pa.concat_tables(pieces, promote_options="default").sort_by("no")
        assert together == pa.concat_tables(rows).sort_by("no").select(together.column_names)
        left = {file.name for file in made.folder.iterdir()}
        assert left == {kept.file for kept in made.kept}


def test_without_the_folder_everything_comes_back(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        assert members(book) == 5
        before = {path.name: path.read_bytes() for path in (tmp_path / "book.cache").iterdir()}
        for path in (tmp_path / "book.cache").iterdir():
            path.unlink()
        assert members(book) == 5
        assert before == {p.name: p.read_bytes() for p in (tmp_path / "book.cache").iterdir()}


@pytest.mark.parametrize("victim", ["manifest.json", "parquet"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_cache_is_made_anew(tmp_path: Path, victim: str, damage: str) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        assert members(book) == 5
        path = next(p for p in (tmp_path / "book.cache").iterdir() if p.name.endswith(victim))
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        if damage == "remove":
            path.unlink()
        else:
            path.write_bytes(content if damage == "flip" else content[: len(content) // 2])
        assert members(book) == 5


def test_the_cache_of_another_book_is_not_believed(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT, "one.db") as one, new_book(tmp_path, UNIT, "two.db") as two:
        record(one, MEMBERS)
        record(two, "nominated 2016-01-01 P1 unit=TP\nlisted 2016-01-02 P1")
        assert members(one) == 5
        (tmp_path / "one.cache").rename(tmp_path / "two.cache")
        assert members(two) == 0
        manifest = json.loads((tmp_path / "two.cache" / MANIFEST).read_text())
        assert manifest["book"] == two.id


def test_a_book_put_back_to_an_earlier_state_is_read_as_it_is(tmp_path: Path) -> None:
    new_book(tmp_path, UNIT).close()
    earlier = (tmp_path / "book.db").read_bytes()
    with Book.open(tmp_path / "book.db") as book:
        record(book, MEMBERS)
        assert members(book) == 5
    (tmp_path / "book.db").write_bytes(earlier)
    with Book.open(tmp_path / "book.db") as book:
        assert members(book) == 0
        record(book, MEMBERS.replace("P5", "P6"), by="somebody else")
        assert members(book) == 5


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        (tmp_path / "book.cache").write_text("in the way")
        assert members(book) == 5
        refresh(book)
        assert members(book) == 5


def test_derived_tables_are_kept(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        assert members(book) == 5
        kept = Segments(book).tables
        assert {"spells", "flows"} <= kept.keys()  # of the same steps
        assert members(book) == 5
        assert members(book, known=4) == 3
        assert Segments(book).tables == kept
        record(book, "died 2019-01-01 P1")
        assert members(book) == 4
        assert Segments(book).tables["spells"].last == 7  # too much is new in so small a book


def test_kept_tables_have_one_order() -> None:
    with recorded(history(7, 400)) as book, Reading(book) as reading:
        reading.need(*KEPT)
        for name, key in KEPT.items():
            twice = f"FROM {name} SELECT {key} GROUP BY {key} HAVING count(*) > 1"
            assert reading.sql(twice) == [], name


def test_files_that_nobody_needs_are_removed_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_book(tmp_path, UNIT) as book:
        assert members(book) == 0
        record(book, MEMBERS)
        assert members(book) == 5
        assert len(list((tmp_path / "book.cache").glob("entries-*"))) == 2
        monkeypatch.setattr(segments, "KEPT_SECONDS", -1)
        record(book, "died 2019-01-01 P1")
        assert members(book) == 4
        assert len(list((tmp_path / "book.cache").glob("entries-*"))) == 1
