"""`rollbook backup` and `restore`: whole, verified, never silently behind, nobody comes back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.remains import epoch_key, found_in, secrets_of
from tests.shelf import forced
from tests.terminal import call, done, words
from tests.test_commands_erase import book_of, texts_of

FOUND = "record unit_founded --unit U{} --name x --type cell --on 2024-01-01"


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a book with four people, in a folder of its own."""
    monkeypatch.setenv("ROLLBOOK_PASSPHRASE", "bí mật của cấp ủy")
    folder = tmp_path / "office"
    folder.mkdir()
    return book_of(folder, 3)


def _names(book: Path) -> list[str | None]:
    rows = done(book, *words("roster --names --format json")).json
    return sorted(row["name"] for row in rows if row.get("name"))


def _kinds(book: Path) -> list[str]:
    return [line["kind"] for line in done(book, *words("log --format json")).json]


def _lost(book: Path) -> None:
    """Lose the folder of the book with all in it."""
    for path in book.parent.iterdir():
        if path.is_file():
            path.unlink()


def test_a_backup_is_the_book(book: Path, tmp_path: Path) -> None:
    before = done(book, "export").out
    done(book, "backup", "-o", str(tmp_path / "b.db"), "--keys", str(tmp_path / "b.keys.locked"))
    # the keys are nowhere in it, nor in the copy of the keys
    key = {"epoch": [epoch_key(book).key], "identity": [epoch_key(book).identity]}
    assert not any(
        secret[0] in path.read_bytes()
        for path in (tmp_path / "b.db", tmp_path / "b.keys.locked")
        for secret in key.values()
    )
    # given a lost folder, when both are put back, then it is the same book
    _lost(book)
    said = done(book, "restore", str(tmp_path / "b.db"), "--keys", str(tmp_path / "b.keys.locked"))
    assert "14 entries, every one checked" in said.err
    assert done(book, "export").out == before
    assert not list(book.parent.glob(".*"))
    done(book, *words("record profile_changed --person P000001 --name Mới --on 2024-01-01"))


def test_another_passphrase_opens_nothing(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(book, "backup", "-o", str(tmp_path / "b.db"), "--keys", str(tmp_path / "b.keys.locked"))
    restoring = ("restore", str(tmp_path / "b.db"), "--keys", str(tmp_path / "b.keys.locked"))
    monkeypatch.setenv("ROLLBOOK_PASSPHRASE", "khác")
    assert call(book, *restoring).code == "backup_keys_locked"
    (tmp_path / "b.keys.locked").write_bytes(
        b"rollbook-keys-backup 1\nbook\nscrypt 1 8 1 x\nbox \n"
    )
    assert call(book, *restoring).code == "backup_keys_malformed"


def _officer(folder: Path, name: str) -> tuple[Path, str]:
    """Make the key of an officer; return its file and its public half."""
    file = folder / f"{name}.officer.key"
    return file, done(file, "operator", "new-key", str(file), "--officer").out.strip()


def test_each_officer_opens_the_same_backup_with_their_own_key(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, sealed = tmp_path / "b.db", tmp_path / "b.keys.sealed"
    (lan, of_lan), (minh, of_minh), (hoa, _) = (_officer(tmp_path, x) for x in ("lan", "minh", "h"))
    monkeypatch.delenv("ROLLBOOK_PASSPHRASE")  # none is shared
    officers = ("--officer", of_lan, "--officer", of_minh)
    done(book, "backup", "-o", str(backup), "--keys", str(sealed), *officers)
    secrets = [epoch_key(book).key, epoch_key(book).identity]
    assert not any(secret in sealed.read_bytes() for secret in secrets)
    names = _names(book)
    restoring = ("restore", str(backup), "--keys", str(sealed))
    assert call(book, *restoring).code == "officer_key_needed"
    assert call(book, *restoring, "--officer-key", str(lan)).code == "key_locked"
    monkeypatch.setenv("ROLLBOOK_PASSPHRASE", "bí mật của cấp ủy")
    for file in (lan, minh):
        _lost(book)
        done(book, *restoring, "--officer-key", str(file))
        assert _names(book) == names
    # and nobody else does, nor does any key that signs, nor anything that was changed
    assert call(book, *restoring, "--officer-key", str(hoa)).code == "backup_keys_of_others"
    signing = tmp_path / "signing.key"
    done(book, "operator", "new-key", str(signing))
    assert call(book, *restoring, "--officer-key", str(signing)).code == "key_unreadable"
    content = sealed.read_bytes()
    for wrong in (
        content.replace(b"book ", b"book 0"),
        content[:-20] + b"\n",
        content.replace(b"officer ", b"officer  "),
        content[:40] + b"\n" + of_minh.encode(),
        content.split(b"\nofficer")[0] + b"\nofficer %b \xff\n" % of_minh.encode(),
    ):
        sealed.write_bytes(wrong)
        said = call(book, *restoring, "--officer-key", str(minh))
        assert said.code == "backup_keys_malformed", wrong


def test_an_officer_needs_a_key_that_not_everybody_has(book: Path, tmp_path: Path) -> None:
    backing_up = ("backup", "-o", str(tmp_path / "b.db"))
    keys = ("--keys", str(tmp_path / "b.keys"))
    for wrong in ("", "x", "A" * 43 + "=", "4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA="):
        assert call(book, *backing_up, *keys, "--officer", wrong).code == "wants_officer_key"
    _, public = _officer(tmp_path, "lan")
    said = call(book, *backing_up, "--officer", public)
    assert (said.status, said.code) == (2, "officers_without_copy")
    assert not (tmp_path / "b.db").exists()


def test_a_backup_that_is_not_there_is_no_missing_book(book: Path) -> None:
    assert call(book, "restore", "nowhere.db").code == "file_unreadable"


def test_a_damaged_backup_is_not_restored(book: Path, tmp_path: Path) -> None:
    backup = tmp_path / "b.db"
    done(book, "backup", "-o", str(backup))
    forced(backup, ("UPDATE stored_events SET operator = 'x' WHERE no = 4", ()))
    before = {path.name: path.read_bytes() for path in book.parent.iterdir() if path.is_file()}
    said = call(book, "restore", str(backup), "--force")
    assert (said.status, said.code) == (12, "damaged")
    after = {path.name: path.read_bytes() for path in book.parent.iterdir() if path.is_file()}
    assert after == before


def test_a_book_goes_back_only_by_force_and_says_so(book: Path, tmp_path: Path) -> None:
    backup = tmp_path / "b.db"
    done(book, "backup", "-o", str(backup))
    done(book, *words("record unit_founded --unit U2 --name x --type cell --on 2024-01-01"))
    # given a book that went on, when an older backup is to be restored, then it is refused
    said = call(book, "restore", str(backup))
    assert (said.status, said.code) == (3, "restore_behind")
    # and also when the book is lost: this machine has seen it
    seen = book.with_suffix(".seen").read_bytes()
    keys = book.with_suffix(".keys").read_bytes()
    _lost(book)
    book.with_suffix(".seen").write_bytes(seen)
    book.with_suffix(".keys").write_bytes(keys)
    assert call(book, "restore", str(backup)).code == "restore_behind"
    # when it is restored by force, then the book says so, and no figure knows of it
    said = done(book, "restore", str(backup), "--force", "--by", "lan")
    assert "up to entry 15" in said.err
    assert _kinds(book)[14:] == ["book_restored"]
    assert len(_names(book)) == 4
    assert done(book, *words("roster --format json")).json
    # and what it gave up is another history now
    assert call(book, "restore", str(backup)).code == "restore_behind"


def test_a_signed_book_is_restored_with_the_key_that_lies_beside_it(
    book: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "elsewhere" / "b.db"
    backup.parent.mkdir()
    done(book, *words("operator enrol lan --role chief --no-passphrase"))
    done(book, "backup", "-o", str(backup))
    done(
        book, *words("record unit_founded --unit U2 --name x --type cell --on 2024-01-01 --by lan")
    )
    done(book, "restore", str(backup), "--force", "--by", "lan")
    assert _kinds(book)[15:] == ["book_restored"]
    done(book, *words("audit verify --depth full"))


def test_another_history_is_refused(book: Path, tmp_path: Path) -> None:
    backup = tmp_path / "b.db"
    done(book, "backup", "-o", str(backup))
    for at in ("a", "b"):
        done(book, *words(FOUND.format(at)))
    with closing(sqlite3.connect(backup)) as connection:
        copied = tmp_path / "fork.db"
        connection.execute("VACUUM INTO ?", (str(copied),))
    copied.with_suffix(".keys").write_bytes(book.with_suffix(".keys").read_bytes())
    for at in ("c", "d", "e"):
        done(
            copied, *words(f"record unit_founded --unit U{at} --name x --type cell --on 2024-01-01")
        )
    assert call(book, "restore", str(copied)).code == "restore_forked"


def test_a_checkpoint_kept_elsewhere_is_held(book: Path, tmp_path: Path) -> None:
    backup, note = tmp_path / "b.db", tmp_path / "checkpoint"
    done(book, "backup", "-o", str(backup))
    done(book, *words("record unit_founded --unit U2 --name x --type cell --on 2024-01-01"))
    done(book, "audit", "checkpoint", "-o", str(note))
    keys = book.with_suffix(".keys").read_bytes()
    _lost(book)
    book.with_suffix(".keys").write_bytes(keys)
    restoring = ("restore", str(backup), "--checkpoint", str(note))
    assert call(book, *restoring).code == "restore_behind"


def test_a_checkpoint_must_be_of_the_book_and_signed_by_it(book: Path, tmp_path: Path) -> None:
    backup, note = tmp_path / "b.db", tmp_path / "checkpoint"
    done(book, "audit", "checkpoint", "-o", str(note))
    done(book, "backup", "-o", str(backup))
    other = tmp_path / "other"
    other.mkdir()
    of_another = done(book_of(other, 3), "audit", "checkpoint").out
    text, signature = note.read_text().split("\n\n")
    origin, _, root = text.split("\n")
    # signed by another book; with another size; of another book; not signed
    for wrong, code in (
        (f"{text}\n\n{of_another.partition(chr(10) * 2)[2]}", "signature_unknown"),
        (f"{origin}\n1\n{root}\n\n{signature}", "signature_false"),
        (of_another, "checkpoint_origin"),
        (text, "note_text"),
    ):
        note.write_text(wrong)
        said = call(book, "restore", str(backup), "--checkpoint", str(note), "--force")
        assert (said.status, said.code, str(note) in said.err) == (3, code, True)
    note.write_text(f"{text}\n\n{signature}")
    done(book, "restore", str(backup), "--checkpoint", str(note))


def test_whoever_was_erased_stays_erased(book: Path, tmp_path: Path) -> None:
    # given last week's backup, with the keys of that day
    backup, locked = tmp_path / "b.db", tmp_path / "b.keys.locked"
    done(book, "backup", "-o", str(backup), "--keys", str(locked))
    secrets = secrets_of(book, {"P000001": texts_of(1), "P000002": texts_of(2)})
    for person in ("P000001", "P000002"):
        said = done(book, "erase", person, "--reason", "theo đơn")
    assert str(locked) in said.err
    # when it is restored, with these keys or with those beside the book
    for given in ((), ("--keys", str(locked))):
        said = done(book, "restore", str(backup), "--force", "--by", "lan", *given)
        # then the erased are erased again, by entries of the book
        assert "P000001, P000002" in said.err
        assert _kinds(book)[14:] == ["subject_erased", "subject_erased", "book_restored"]
        assert _names(book) == [texts_of(3)[0], texts_of(4)[0]]
        # and nothing of them is in any byte beside the book
        assert found_in(book.parent, secrets) == {}


def test_a_backup_of_another_book_is_refused(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    backup = tmp_path / "b.db"
    done(book_of(other, 1), "backup", "-o", str(backup))
    assert call(book, "restore", str(backup), "--force").code == "backup_differs"


def test_there_is_a_book_at_every_moment_of_restoring(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(book, "backup", "-o", str(tmp_path / "b.db"))
    was_there: list[bool] = []

    def watched(move: Any) -> Any:
        def moved(self: Path, to: Path) -> Path:
            there: Path = move(self, to)
            was_there.append(book.exists())
            return there

        return moved

    for name in ("rename", "replace"):
        monkeypatch.setattr(Path, name, watched(getattr(Path, name)))
    done(book, "restore", str(tmp_path / "b.db"))
    assert was_there
    assert all(was_there)
