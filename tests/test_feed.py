"""The feed and its cache: every entry as columns, and a folder that may vanish at any time."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.catalogue import KINDS
from ledger.errors import BookDamaged, Problem
from ledger.exchange.jsonlines import entry_values
from projections import segments
from projections.columns import all_columns
from projections.feed import json_text, read
from projections.headcount import headcount
from projections.reading import Reading
from projections.segments import MANIFEST, Segments, refresh
from tests.histories import history
from tests.shelf import AN, UNIT, lines, new_book, record
from tests.test_laws import recorded

MEMBERS = "\n".join(
    f"""carried_forward 2016-01-0{no} P{no} unit=TP profile={{"name":"Tên\\u0020Giả{no}"}}"""
    for no in range(1, 6)
)


def members(book: Book, known: int | None = None) -> int:
    with Reading(book, known_entry=known) as reading:
        return int(headcount(reading, "TP", date(2020, 1, 1))[0]["members"])


def flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return an entry's plain values as the feed has them."""
    maps = {"filters", "base", "against"}
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and name not in maps:
            found |= flat(value, f"{prefix}{name}_")
        else:
            is_nested = isinstance(value, dict | list | tuple)
            found[prefix + name] = json_text(value) if is_nested else value
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize("seed", range(3))
def test_the_feed_holds_what_the_entries_say(seed: int) -> None:
    with recorded(history(seed, 150)) as book, Reading(book) as reading:
        names = [column.name for column in all_columns()]
        rows = reading.sql("SELECT * FROM log ORDER BY no")
        for row, entry in zip(rows, book.entries(), strict=True):
            found = {n: v for n, v in zip(names, row, strict=True) if v is not None}
            del found["commit_no"]
            found["recorded_at"] = found["recorded_at"].replace(tzinfo=UTC)
            expected = flat(entry_values(entry))
            expected.pop("sealed", None)
            told = {
                name: str(value) if isinstance(value, date | datetime) else value
                for name, value in found.items()
            }
            told["recorded_at"] = found["recorded_at"]
            expected["recorded_at"] = entry.recorded_at
            assert told == expected


def test_nothing_personal_is_in_the_cache(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        refresh(book)
        with Reading(book) as reading:
            found = reading.sql("SELECT * FROM log")
        assert "Giả" not in repr(found)
        kept = b"".join(path.read_bytes() for path in (tmp_path / "book.cache").iterdir())
        assert "Giả".encode() not in kept
        assert not [column for column in all_columns() if column.name.endswith("profile_name")]


def test_columns_are_derived_from_the_catalogue() -> None:
    names = {column.name for column in all_columns()}
    assert {"profile_sex", "document_number", "period_from", "filters", "into"} <= names
    assert not {"profile_name", "profile_birth_date", "ground", "certificate", "sealed"} & names


def test_a_kind_that_changed_is_read_as_of_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_book(tmp_path, UNIT) as book:
        monkeypatch.setattr(KINDS["unit_founded"], "version", 2)
        monkeypatch.setattr(
            KINDS["unit_founded"],
            "upcast",
            classmethod(lambda _, state, version: {**state, "sector": f"since {version}"}),
        )
        with book.recorder.datastore.reading() as cursor:
            table = read(cursor, 1, 1)
    assert table.column("sector").to_pylist() == ["since 1"]


# The folder


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
    monkeypatch.setattr(segments, "CHUNK_ENTRIES", 2)
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        for _ in range(2):
            assert members(book) == 5
        assert len(Segments(book).kept) == 3


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
    with new_book(tmp_path, UNIT) as book:
        earlier = (tmp_path / "book.db").read_bytes()
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


def test_derived_tables_are_kept_at_the_head_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.reading.KEPT_FROM_ENTRIES", 1)
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        assert members(book) == 5
        kept = Segments(book).tables
        assert "spells" in kept
        assert members(book) == 5
        assert members(book, known=4) == 3
        assert Segments(book).tables == kept
        record(book, "died 2019-01-01 P1")
        assert members(book) == 4
        assert Segments(book).tables["spells"].last == 7


def test_files_that_nobody_needs_are_removed_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_book(tmp_path, UNIT) as book:
        assert members(book) == 0
        record(book, MEMBERS)
        assert members(book) == 5
        assert len(list((tmp_path / "book.cache").glob("*.parquet"))) == 2
        monkeypatch.setattr(segments, "KEPT_SECONDS", -1)
        record(book, "died 2019-01-01 P1")
        assert members(book) == 4
        assert len(list((tmp_path / "book.cache").glob("*.parquet"))) == 1


# What was known


def test_known_is_an_entry_or_a_moment(tmp_path: Path) -> None:
    first = datetime(2024, 1, 1, 12, tzinfo=UTC)
    with new_book(tmp_path) as book:
        for number, line in enumerate([UNIT, *MEMBERS.splitlines()]):
            book.record(lines(line), now=first + timedelta(hours=number), by="lan")
        assert known_at(book, first - timedelta(seconds=1)) == 0
        assert known_at(book, first) == 1
        assert known_at(book, first + timedelta(hours=2, seconds=1)) == 3
        assert known_at(book, first + timedelta(days=9)) == 6
        assert members(book, known=3) == 2
        with pytest.raises(Problem, match="unknown_entry"):
            Reading(book, known_entry=7)


def known_at(book: Book, moment: datetime) -> int:
    with Reading(book, known_at=moment) as reading:
        assert reading.stamp()["known"] == reading.known
        assert reading.stamp()["head"] == book.head.no
        return reading.known


def test_an_empty_book_can_be_read(tmp_path: Path) -> None:
    with new_book(tmp_path) as book, Reading(book) as reading:
        rows = headcount(reading, None, date(2020, 1, 1))
    assert rows == [
        {
            "unit": None,
            "as_of": date(2020, 1, 1),
            "members": 0,
            "probationary": 0,
            "official": 0,
            "unnamed": 0,
        }
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("topic = 'os.system'", r"entry 3 .*no kind os\.system"),
        ("state = x'c0'", "entry 3 .*does not fit"),
        ("state = CAST(state || state AS BLOB)", "entry 3 .*does not fit"),
        ("state = CAST(replace(state, '2016-01-02', '2016-13-02') AS BLOB)", "entry 3 .*month"),
        ("state = 'text'", "entry 3 .*does not fit"),
    ],
)
def test_what_cannot_be_decoded_is_damage(tmp_path: Path, change: str, message: str) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        with book.recorder.datastore.writing() as cursor:
            cursor.execute("DROP TRIGGER stored_events_never_update")
            update = f"UPDATE stored_events SET {change} WHERE no = 3"  # noqa: S608 - our own
            cursor.execute(update)
        with pytest.raises(BookDamaged, match=message):
            members(book)


def test_commits_out_of_their_order_are_damage(tmp_path: Path) -> None:
    # given a book in which somebody put an entry into an earlier commit
    with new_book(tmp_path, UNIT) as book:
        record(book, AN)
        record(book, "unit_renamed 2021-01-01 TP name=TP2")
        path = book.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER stored_events_never_update")
        connection.execute("UPDATE stored_events SET commit_no = 1 WHERE no = 4")
        connection.commit()
    # then no figure is made from them
    with Book.open(path) as book, pytest.raises(BookDamaged) as damaged, Reading(book):
        pass
    assert damaged.value.problems[0].values["value"] == 1


def test_a_missing_row_is_damage(tmp_path: Path) -> None:
    # given a book from which somebody took a row
    with new_book(tmp_path, UNIT + AN) as book:
        path = book.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER stored_events_never_delete")
        connection.execute("DELETE FROM stored_events WHERE no = 2")
        connection.commit()
    # then no figure is made from what is left
    with Book.open(path) as book, pytest.raises(BookDamaged) as damaged, Reading(book):
        pass
    assert damaged.value.problems[0].values["value"] == 2
