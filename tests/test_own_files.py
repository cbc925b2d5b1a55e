"""No output is written over the book, or over anything that belongs to it."""

import os
from pathlib import Path

import pytest

from tests.terminal import call, done, words
from tests.test_commands_erase import book_of

ENDS = (".db", ".keys", ".seen", ".erased", ".copies", ".db-wal", ".db-journal")
COMMANDS = (
    "backup -o {} --replace",
    "backup -o other.db --keys {} --replace",
    "roster --format csv -o {} --replace",
    "export --format jsonl -o {} --replace",
    "audit checkpoint -o {} --replace",
    "audit prove 1 -o {} --replace",
    "doctor --format json -o {} --replace",
)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a book with three people, in the folder that the program is called in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROLLBOOK_PASSPHRASE", "x")
    return book_of(tmp_path, 3)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in the files that belong to a book."""
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.suffix != ".seen"}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_file_of_the_book_is_replaced(book: Path, command: str) -> None:
    done(book, *words("operator enrol lan --role chief --no-passphrase --by lan"))
    before = contents(book.parent)
    names = [f"{book.stem}{end}" for end in ENDS] + [f"{book.stem}.lan.key"]
    for name in [*names, f"./{book.name}", str(book)]:
        said = call(book, *words(command.format(name)))
        assert (said.status, said.code) == (3, "file_of_book"), name
    assert contents(book.parent) == before


@pytest.mark.parametrize("by", [os.symlink, os.link])
def test_another_name_of_the_book_is_known(book: Path, by: object) -> None:
    assert callable(by)
    by(book, book.parent / "other.csv")
    assert call(book, *words("roster -o other.csv --replace")).code == "file_of_book"


def test_a_backup_and_its_keys_are_two_files(book: Path) -> None:
    said = call(book, *words("backup -o b --keys ./b"))
    assert (said.status, said.code) == (2, "one_file_twice")
    assert not Path("b").exists()


def test_a_backup_replaces_an_earlier_one(book: Path) -> None:
    done(book, *words("backup -o b.db --keys b.keys"))
    done(book, *words("backup -o b.db --keys b.keys --replace"))


def test_an_output_without_a_name_is_refused(book: Path) -> None:
    for command in ("operator new-key", "roster -o"):
        assert call(book, *words(command), "").status == 2
