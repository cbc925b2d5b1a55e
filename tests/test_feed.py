"""The feed: every entry as columns, as it was known, and what cannot be decoded is damage."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest

from ledger.book import Book
from ledger.catalogue import KINDS
from ledger.errors import BookDamaged, Problem
from ledger.exchange.jsonlines import entry_values
from projections import shapes
from projections.columns import all_columns
from projections.feed import json_text, read
from projections.headcount import headcount
from projections.reading import Reading
from projections.scanning import scan
from projections.segments import refresh
from tests.histories import history
from tests.shelf import AN, UNIT, lines, new_book, record
from tests.test_laws import recorded
from tests.test_segments import MEMBERS, members


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
@pytest.mark.parametrize("least", [2, shapes.LEAST_STATES])
def test_the_feed_holds_what_the_entries_say(
    seed: int, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "LEAST_STATES", least)
    with recorded(history(seed, 150)) as book, Reading(book) as reading:
        names = [column.name for column in all_columns()]
        reading.need("log")
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
            reading.need("log")
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


def test_more_bytes_than_one_value_may_have_come_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        with book.recorder.datastore.reading() as cursor:
            whole = read(cursor, 1, 6)
            monkeypatch.setattr("projections.scanning._MOST_BYTES", 600)
            assert len(scan(cursor, 1, 6)) == 2
            assert read(cursor, 1, 6).sort_by("no") == whole.sort_by("no")


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


def narrowed(filters: dict[Any, Any]) -> str:
    """Return the state of a target for what msgpack may hold, in hexadecimal digits."""
    state: bytes = msgpack.packb({"effective_on": "2016-01-02", "filters": filters})
    return state.hex()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("topic = 'os.system'", r"entry 3 .*no kind os\.system"),
        ("state = x'c0'", "entry 3 .*does not fit"),
        ("state = CAST(state || state AS BLOB)", "entry 3 .*does not fit"),
        (
            "state = CAST(replace(state, '2016-01-02', '2016-13-02') AS BLOB)",
            "entry 3 .*2016-13",
        ),
        ("state = 'text'", "entry 3 .*does not fit"),
        ("state = 'chữ'", "entry 3 .*stored_form_differs"),
        (f"topic = 'target_set', state = x'{narrowed({1: 'a', 'b': 'c'})}'", "entry 3 .*fit"),
        (f"topic = 'target_set', state = x'{narrowed({'b': b'c'})}'", "entry 3 .*bytes"),
        ("topic = 'listed,listed'", r"entry 3 .*no kind listed,listed"),
        ("state = CAST(replace(state, '2016-01-02', '0000-01-02') AS BLOB)", "entry 3 .*year"),
    ],
)
@pytest.mark.parametrize("least", [2, shapes.LEAST_STATES])
def test_what_cannot_be_decoded_is_damage(
    tmp_path: Path, change: str, message: str, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "LEAST_STATES", least)
    with new_book(tmp_path, UNIT) as book:
        record(book, MEMBERS)
        with book.recorder.datastore.writing() as cursor:
            cursor.execute("DROP TRIGGER stored_events_never_update")
            update = f"UPDATE stored_events SET {change} WHERE no = 3"  # noqa: S608 - our own
            cursor.execute(update)
        with pytest.raises(BookDamaged, match=message):
            members(book)


@pytest.mark.parametrize(
    ("action", "forged", "found"),
    [
        ("delete", "DELETE FROM stored_events WHERE no = 2", 2),
        ("update", "UPDATE stored_events SET commit_no = 1 WHERE no = 4", 1),
    ],
)
def test_a_missing_row_or_a_commit_out_of_its_order_is_damage(
    action: str, forged: str, found: int, tmp_path: Path
) -> None:
    with new_book(tmp_path, UNIT) as book:
        record(book, AN)
        record(book, "unit_renamed 2021-01-01 TP name=TP2")
    with closing(sqlite3.connect(book.path)) as connection:
        connection.execute(f"DROP TRIGGER stored_events_never_{action}")
        connection.execute(forged)
        connection.commit()
    with Book.open(book.path) as copy, pytest.raises(BookDamaged) as damaged, Reading(copy):
        pass
    assert damaged.value.problems[0].values["value"] == found
