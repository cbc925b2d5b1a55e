"""A backup without its keys, or with those of another day."""

from pathlib import Path

from tests.terminal import call, done, words
from tests.test_backup import book

__all__ = ["book"]


def left(book: Path, end: str) -> None:
    """Lose the folder of the book with all in it but one file."""
    kept = book.with_suffix(end).read_bytes()
    for path in book.parent.iterdir():
        if path.is_file():
            path.unlink()
    book.with_suffix(end).write_bytes(kept)


def test_a_backup_without_its_keys_says_what_it_needs(book: Path, tmp_path: Path) -> None:
    backup = tmp_path / "b.db"
    done(book, "backup", "-o", str(backup))
    done(book, "erase", "P000001", "--reason", "theo đơn")
    left(book, ".keys")
    assert call(book, "restore", str(backup)).code == "restore_keys"
    assert not book.exists()


def test_a_backup_whose_keys_are_lost_is_restored_without_names(book: Path, tmp_path: Path) -> None:
    backup, counts = tmp_path / "b.db", done(book, *words("headcount --format json")).json
    done(book, "backup", "-o", str(backup))
    done(book, "erase", "P000001", "--reason", "theo đơn")
    left(book, ".erased")
    # given neither keys nor a copy of them
    assert call(book, "restore", str(backup)).code == "restore_without_keys"
    assert not book.exists()
    # when that is taken, then everything but the names is there, and who was erased stays so
    said = done(book, "restore", str(backup), "--force")
    assert "Erased again: P000001" in said.err
    assert done(book, *words("headcount --format json")).json == counts
    assert not any(
        row.get("name") for row in done(book, *words("roster --names --format json")).json
    )
    assert done(book, *words("log --format json")).json[-1]["kind"] == "subject_erased"
    assert not book.with_suffix(".keys").exists()
    assert call(book, *words("audit verify --depth full")).status == 0
