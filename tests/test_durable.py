"""New files: what was left by a killed process goes, what is being built stays."""

import os
import time
from pathlib import Path

import pytest

from ledger.book import Book
from ledger.errors import Refused
from ledger.store.durable import temporary_beside


def test_what_a_killed_process_left_is_removed_after_a_day(tmp_path: Path) -> None:
    path = tmp_path / "so[1].xlsx"
    left, journal, others, built = (
        tmp_path / name
        for name in (
            f".{path.name}.1.new",
            f".{path.name}.1.new-journal",
            ".khác.1.new",
            f".{path.name}.2.new",
        )
    )
    for each in (left, journal, others, built):
        each.write_text("Nguyễn Văn An", encoding="utf-8")
    two_days_ago = time.time() - 2 * 86_400
    for each in (left, journal, others):
        os.utime(each, (two_days_ago, two_days_ago))
    assert temporary_beside(path) not in {left, built}
    assert [each.exists() for each in (left, journal, others, built)] == [False, False, True, True]


def test_a_book_in_its_place_is_never_without_its_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(folder: Path) -> None:
        if (folder / "book.db").exists():
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("ledger.store.durable.sync_folder", failing)
    with pytest.raises(Refused):
        Book.create(tmp_path / "book.db")
    assert (tmp_path / "book.keys").exists()
    with Book.open(tmp_path / "book.db") as book:
        assert book.can_open


def test_a_second_name_that_a_killed_process_left_goes_when_the_book_is_opened(
    tmp_path: Path,
) -> None:
    # given book and keys that still have the names they were built under, and a file of others
    with Book.create(tmp_path / "book.db"):
        pass
    for name in ("book.db", "book.keys"):
        os.link(tmp_path / name, tmp_path / f".{name}.1.new")
    (tmp_path / ".book.db.2.new").write_text("being built by another process")
    # when the book is opened, then only what is the very same file goes
    Book.open(tmp_path / "book.db").close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".book.db.2.new",
        "book.db",
        "book.keys",
    ]
