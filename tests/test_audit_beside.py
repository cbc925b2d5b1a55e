"""What stands beside the log, or is said of commits, and does not follow from the entries."""

import os
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.forgeries import book, forged, grown
from tests.remains import epoch_key
from tests.terminal import call, done, words
from tests.test_audit_full import full

__all__ = ["book"]


@pytest.mark.parametrize("by", [14, 1_000_000_000])
def test_what_a_later_entry_is_said_to_displace_is_found(book: Path, by: int) -> None:
    forged(book, "INSERT INTO displaced VALUES (6, ?)", values=(by,))
    said = full(book)
    assert (said.status, said.json[0]["no"]) == (12, 6)
    # also where an entry was taken on the strength of it
    done(book, *words("record listed --person P000001 --on 2020-03-03"))
    assert full(book).json[0]["no"] == 6


@pytest.mark.parametrize("owner", ["unit/TP", "person/P000001"])
@pytest.mark.parametrize("epoch", [1, 7])
def test_a_key_of_another_epoch_or_that_is_none_is_found(
    book: Path, owner: str, epoch: int
) -> None:
    row = "INSERT OR REPLACE INTO data_keys VALUES (?, ?, zeroblob(60), zeroblob(32))"
    forged(book, row, values=(owner, epoch))
    said = full(book)
    assert said.status == 12
    assert "stored_key_differs" in str(said.json)
    if epoch != epoch_key(book).epoch:  # told without the keys file, too
        book.with_suffix(".keys").unlink()
        assert full(book).status == 12


def test_an_export_whose_commits_are_gone_is_not_taken(book: Path, tmp_path: Path) -> None:
    export = tmp_path / "x"
    done(book, "audit", "export", str(export))
    assert call(book, "audit", "compare", str(export)).status == 0
    lines = (export / "commits.jsonl").read_bytes().splitlines(keepends=True)
    for left in ([], lines[:-1]):
        (export / "commits.jsonl").write_bytes(b"".join(left))
        assert call(book, "audit", "compare", str(export)).code == "export_commits"


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders there")
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_an_export_follows_no_name_that_was_put_there(
    book: Path, tmp_path: Path, kind: str
) -> None:
    export, victim = tmp_path / "x", tmp_path / "victim"
    done(book, "audit", "export", str(export))
    victim.write_text("precious", encoding="ascii")
    planted = export / ".checkpoint.new"
    if kind == "link":
        planted.symlink_to(victim)
    else:
        os.mkfifo(planted)
    grown(book, "Z")
    done(book, "audit", "export", str(export))
    assert victim.read_text(encoding="ascii") == "precious"
    assert not (export / "checkpoint").is_symlink()
    assert not planted.exists()


def test_a_list_of_copies_that_cannot_be_kept_is_told(book: Path) -> None:
    book.with_suffix(".copies").mkdir()
    said = done(book, "export", "-o", str(book.parent / "e.jsonl"))
    assert "could not be put on the list beside the book" in said.err


def test_a_copy_of_the_keys_that_is_elsewhere_now_is_named(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLBOOK_PASSPHRASE", "x")
    keys, names = book.parent / "stick.keys", book.parent / "names.csv"
    done(book, "backup", "-o", str(book.parent / "b.db"), "--keys", str(keys))
    done(book, *words("roster --stage nominated --names -o"), str(names))
    keys.rename(book.parent / "elsewhere")
    names.rename(book.parent / "moved.csv")
    said = done(book, *words("erase P000001 --reason x --delete-exports"))
    assert str(keys) in said.err
    assert str(names) in said.err


def test_an_index_that_lacks_a_row_is_told_as_that(book: Path) -> None:
    # given an index of which somebody took a row through a table laid over it
    index, over = "sqlite_autoindex_stored_events_1", "PRAGMA writable_schema = ON"
    with closing(sqlite3.connect(book, isolation_level=None)) as connection:
        connection.execute(over)
        connection.execute(
            "INSERT INTO sqlite_master SELECT 'table', 'lay', 'lay', rootpage, 'CREATE TABLE lay("
            "a TEXT, b INTEGER, c INTEGER, PRIMARY KEY (a, b, c)) WITHOUT ROWID' "
            "FROM sqlite_master WHERE name = ?",
            (index,),
        )
        (version,) = connection.execute("PRAGMA schema_version").fetchone()
        connection.execute(f"PRAGMA schema_version = {version + 1}")
    with closing(sqlite3.connect(book, isolation_level=None)) as connection:
        connection.execute("DELETE FROM lay WHERE c = 4")
        connection.execute(over)
        connection.execute("DELETE FROM sqlite_master WHERE name = 'lay'")
        connection.execute(f"PRAGMA schema_version = {version + 2}")
    found = call(book, *words("audit verify --format json"))
    assert found.status == 12
    assert f"missing from index {index}" in str(found.json)
    assert [row["no"] for row in found.json] == [None]


def test_a_hash_of_a_file_that_is_none_is_found(book: Path) -> None:
    short = sha256(b"").digest()[:3]
    forged(book, "UPDATE commits SET file_hash = ? WHERE commit_no = 1", values=(short,))
    assert full(book).status == 12
