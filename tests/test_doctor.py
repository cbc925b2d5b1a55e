"""`rollbook doctor`: all that is wrong with how a book is kept is found, and nothing else."""

import base64
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from commands.main import rollbook
from commands.session import Session
from tests.forgeries import forged
from tests.terminal import NOW, call, done, words
from tests.test_commands_erase import book_of


def _wrong(book: Path, now: datetime = NOW) -> list[tuple[str, str]]:
    result = CliRunner().invoke(
        rollbook,
        ["doctor", "--format", "json"],
        env={"LANGUAGE": "en"},
        obj=Session(str(book), now=now),
    )
    rows = json.loads(result.stdout)
    found = [(row["check"], row["reason"]) for row in rows if row["state"] == "wrong"]
    assert result.exit_code == bool(found), result.stderr
    return found


def test_a_new_book_is_in_order(tmp_path: Path) -> None:
    book = book_of(tmp_path, 1)
    rows = {row["check"]: row for row in done(book, *words("doctor --format json")).json}
    assert {name for name, row in rows.items() if row["state"] == "wrong"} == set()
    assert rows["operators"]["reason"] == "unsigned"
    assert rows["last_backup"]["reason"] == "never_backed_up"
    done(book, "backup", "-o", str(tmp_path / "b.db"))
    rows = {row["check"]: row for row in done(book, *words("doctor --format json")).json}
    assert rows["last_backup"]["state"] == "ok"
    said = call(book, "doctor", lang="vi")
    assert "Không được bảo vệ" in said.out


def test_a_backup_that_is_of_no_use_or_not_there_is_noted(tmp_path: Path) -> None:
    book, backup = book_of(tmp_path, 2), tmp_path / "b.db"

    def last() -> tuple[str, str | None]:
        rows = call(book, *words("doctor --format json")).json
        return next((row["state"], row["reason"]) for row in rows if row["check"] == "last_backup")

    done(book, "backup", "-o", str(backup))
    assert last() == ("ok", None)
    backup.rename(tmp_path / "stick")
    assert last() == ("note", "not_at_hand")
    later = Session(str(book), now=NOW + timedelta(days=1))
    erasing = words("erase P000001 --reason x")
    assert CliRunner().invoke(rollbook, erasing, obj=later).exit_code == 0
    assert last() == ("note", "before_erasure")


def test_a_book_that_cannot_be_opened_is_looked_at_from_outside(tmp_path: Path) -> None:
    book = book_of(tmp_path, 1)
    book.write_bytes(b"no book" * 1_000)
    said = call(book, *words("doctor --format json"))
    assert said.status == 12
    assert "not_a_book" in said.err
    assert {"sqlite", "book_file", "keys_file", "folder", "free_space"} <= {
        row["check"] for row in said.json
    }
    assert "book_missing" in call(tmp_path / "none.db", *words("doctor --format json")).err


def _readable_key(book: Path) -> None:
    done(book, *words("operator enrol lan --role chief --no-passphrase --by lan"))
    book.with_name("book.lan.key").chmod(0o644)


def _readable(book: Path) -> None:
    book.with_suffix(".keys").chmod(0o644)


def _without_keys(book: Path) -> None:
    book.with_suffix(".keys").unlink()


def _other_keys(book: Path) -> None:
    (book.parent / "other").mkdir()
    other = book_of(book.parent / "other", 1)
    shutil.copy(other.with_suffix(".keys"), book.with_suffix(".keys"))


def _put_back(book: Path) -> None:
    before = book.read_bytes()
    done(book, *words("record unit_founded --unit U2 --name x --type cell --on 2024-01-01"))
    book.write_bytes(before)


def _forked(book: Path) -> None:
    _put_back(book)
    done(book, *words("record unit_founded --unit U3 --name y --type cell --on 2024-01-01"))


def _damaged(book: Path) -> None:
    done(book, *words("record unit_founded --unit U2 --name x --type cell --on 2024-01-01"))
    forged(book, "DELETE FROM stored_events WHERE no = 1")


def _erased_is_back(book: Path) -> None:
    copies = {path: path.read_bytes() for path in book.parent.iterdir() if path.is_file()}
    done(book, *words("erase P000001 --reason x"))
    for path, content in copies.items():
        path.write_bytes(content)
    book.with_suffix(".seen").unlink()


def _another_list(book: Path) -> None:
    book.with_suffix(".erased").write_text("rollbook-erased 1\nbook 00\n", encoding="ascii")


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        pytest.param(
            _readable,
            ("keys_file", "others_may_read"),
            marks=pytest.mark.skipif(os.name == "nt", reason="a mode means nothing on Windows"),
        ),
        pytest.param(
            _readable_key,
            ("operator_key", "others_may_read"),
            marks=pytest.mark.skipif(os.name == "nt", reason="a mode means nothing on Windows"),
        ),
        (_without_keys, ("keys", "keys_gone")),
        (_other_keys, ("keys", "keys_differ")),
        (_put_back, ("head", "head_behind")),
        (_forked, ("head", "head_forked")),
        (_damaged, ("head", "head_unread")),
        (_erased_is_back, ("erased", "erased_back")),
        (_another_list, ("erased", "erased_unread")),
    ],
)
def test_what_is_wrong_is_found(
    tmp_path: Path, harm: Callable[[Path], None], found: tuple[str, str]
) -> None:
    book = book_of(tmp_path, 1)
    harm(book)
    assert _wrong(book) == [found]


def test_a_wrong_clock_is_found(tmp_path: Path) -> None:
    book = book_of(tmp_path, 1)
    assert _wrong(book, NOW - timedelta(days=1)) == [("clock", "clock_behind")]
    assert _wrong(book, datetime(1980, 1, 1, tzinfo=UTC)) == [("clock", "clock_implausible")]


def test_a_key_that_opens_nothing_is_found_and_seals_nothing(tmp_path: Path) -> None:
    book = book_of(tmp_path, 1)
    path = book.with_suffix(".keys")
    lines = path.read_text(encoding="ascii").splitlines()
    key = base64.b64encode(bytes(32)).decode()
    wrong = [f"key {key}" if line.startswith("key ") else line for line in lines]
    path.write_text("".join(f"{line}\n" for line in wrong), encoding="ascii")
    assert ("keys", "keys_differ") in _wrong(book)
    for command in (
        "record nominated --unit TP --name B --on 2021-01-01",
        f"backup -o {tmp_path / 'b.db'} --keys {tmp_path / 'b.keys'}",
    ):
        said = call(book, *words(command))
        assert (said.status, said.code) == (12, "keys_mismatch")


def test_little_space_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_of(tmp_path, 1)
    usage: Any = type("Usage", (), {"free": 1024})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert _wrong(book) == [("free_space", "little_space")]
