"""The furthest head that was seen here: it shows a book that was put back, and stays."""

import shutil
from pathlib import Path

import pytest

from tests.terminal import call, done, words
from tests.test_commands_erase import book_of

RECORD = "record unit_founded --unit {} --name x --type cell --on 2024-01-01"


def doctor(book: Path) -> str:
    """Return what the check-up says of the head."""
    rows = call(book, *words("doctor --format json")).json
    return next(str(row["reason"] or row["state"]) for row in rows if row["check"] == "head")


@pytest.fixture
def earlier(tmp_path: Path) -> tuple[Path, Path]:
    """Return a book, and a copy of it as it was five entries before."""
    book = book_of(tmp_path, 3)
    copy = tmp_path / "copy"
    shutil.copyfile(book, copy)
    for no in range(5):
        done(book, *words(RECORD.format(f"A{no}")))
    assert doctor(book) == "ok"
    return book, copy


def test_a_book_that_was_put_back_is_told_for_as_long_as_it_is_there(
    earlier: tuple[Path, Path],
) -> None:
    book, copy = earlier
    shutil.copyfile(copy, book)
    assert "Warning: this machine has seen this book otherwise" in done(book, "log").err
    # when it goes on past the head that was seen, then that is not forgotten
    for no in range(7):
        said = done(book, *words(RECORD.format(f"B{no}")))
        assert "Warning: this machine" in said.err
    assert doctor(book) == "head_forked"


def test_a_book_that_was_restored_is_the_one_that_is_known(
    earlier: tuple[Path, Path], tmp_path: Path
) -> None:
    book, copy = earlier
    backup = tmp_path / "b.db"
    shutil.copyfile(copy, backup)
    done(book, "restore", str(backup), "--force")
    said = done(book, *words(RECORD.format("C")))
    assert "Warning" not in said.err
    assert doctor(book) == "ok"
