"""`rollbook operator`: enrolling, the keys and where they are, and what the others then ask."""

import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from tests.terminal import call, done, started, words

FOUND = "record unit_founded --unit {} --name x --type cell --on 2015-01-01 --by {}"


class InMemory(KeyringBackend):
    """A keyring that lasts as long as the test: the real library before a place to keep."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library declares it so
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        del self.kept[service, username]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemory]:
    """Return a keyring, and give keys in files the passphrase ``bí mật``."""
    before, found = keyring.get_keyring(), InMemory()
    keyring.set_keyring(found)
    monkeypatch.setenv("ROLLBOOK_PASSPHRASE", "bí mật")
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def book(tmp_path: Path, kept: InMemory) -> Path:
    """Return a book that its chief lan began to sign; she is at home in a folder of its own."""
    del kept
    path = started(tmp_path)
    done(path, *words("operator enrol lan --role chief"))
    return path


def test_the_first_to_be_enrolled_is_a_chief_by_themself(tmp_path: Path, kept: InMemory) -> None:
    path = started(tmp_path)
    for wrong in ("--role clerk", "--role chief --scope TP", "--role chief --by an"):
        assert call(path, *words(f"operator enrol lan {wrong}")).code == "first_is_chief"
    assert [file.name for file in tmp_path.glob("*.key")] == []
    assert "is not signed" in done(path, "operator", "list").err
    said = done(path, *words("operator enrol lan --role chief --keyring"))
    [(_, kept_name)] = kept.kept
    assert kept_name.endswith("/lan")
    assert not list(tmp_path.glob("*.key"))
    [row] = done(path, *words("operator list --format json")).json
    assert (row["operator"], row["role"], row["state"]) == ("lan", "chief", "enrolled")
    assert row["fingerprint"] in said.err
    done(path, *words(FOUND.format("TP", "lan")))
    kept.kept.clear()
    assert call(path, *words(FOUND.format("TP1", "lan"))).code == "key_needed"


def test_a_key_is_locked_for_its_owner_and_never_overwritten(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book.with_name(f"{book.stem}.lan.key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in path.read_bytes()
    before = path.read_bytes()
    again = call(book, *words(f"operator enrol lan --role chief --by lan --new-key {path}"))
    assert (again.code, path.read_bytes()) == ("key_exists", before)
    assert "leave the file where it is" in again.err
    monkeypatch.setenv("ROLLBOOK_PASSPHRASE", "khác")
    assert call(book, *words(FOUND.format("TP", "lan"))).code == "passphrase_differs"
    monkeypatch.delenv("ROLLBOOK_PASSPHRASE")
    assert call(book, *words(FOUND.format("TP", "lan"))).code == "key_locked"
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    assert call(book, *words(FOUND.format("TP", "lan"))).code == "key_unreadable"
    assert call(book, *words(FOUND.format("TP", "lan") + " --key không.key")).code == (
        "key_unreadable"
    )


def test_an_operator_brings_a_public_key_of_their_own(book: Path, tmp_path: Path) -> None:
    file = tmp_path / "hoa.key"
    public = done(book, "operator", "new-key", str(file), "--no-passphrase").out.strip()
    done(book, *words(f"operator enrol hoa --role clerk --by lan --public-key {public}"))
    assert call(book, *words(FOUND.format("TP", "hoa"))).code == "key_needed"
    done(book, *words(FOUND.format("TP", "hoa") + f" --key {file}"))
    wrong = call(book, *words(f"operator enrol x --role clerk --by lan --public-key {public[:-4]}"))
    assert wrong.code == "bad_value"


def test_a_refused_enrolment_leaves_no_key_and_a_trial_none(book: Path) -> None:
    folder = book.parent
    before = sorted(folder.glob("*.key"))
    assert call(book, *words("operator enrol x --role clerk --by minh")).code == "not_enrolled"
    assert call(book, *words("operator enrol x --role clerk --scope NO --by lan")).status == 3
    done(book, *words("operator enrol x --role clerk --by lan --dry-run"))
    assert sorted(folder.glob("*.key")) == before


def test_after_a_rotation_only_the_new_key_signs(book: Path) -> None:
    usual = book.with_name(f"{book.stem}.lan.key")
    old = usual.read_bytes()
    done(book, *words("operator rotate-key --by lan"))
    assert usual.read_bytes() != old
    assert usual.with_name(f"{book.stem}.lan.old.key").read_bytes() == old
    done(book, *words(FOUND.format("TP", "lan")))
    older = usual.with_name(f"{book.stem}.lan.old.key")
    said = call(book, *words(FOUND.format("TP1", "lan")), "--key", str(older))
    assert said.code == "key_differs"


@pytest.mark.parametrize("is_moved", [False, True])
def test_a_rotation_that_was_broken_off_is_finished(book: Path, *, is_moved: bool) -> None:
    usual = book.with_name(f"{book.stem}.lan.key")
    new, old = usual.with_suffix(".new.key"), usual.with_suffix(".old.key")
    done(book, *words("operator rotate-key --by lan"))
    # given the process ended after it was recorded, and before the files had their names
    usual.rename(new)
    if not is_moved:
        old.rename(usual)
    done(book, *words(FOUND.format("TP", "lan")))
    assert (new.exists(), old.exists(), usual.exists()) == (False, True, True)
    done(book, *words("operator rotate-key --by lan"))


def test_a_key_that_the_book_does_not_know_is_left_where_it_is(book: Path) -> None:
    usual = book.with_name(f"{book.stem}.lan.key")
    before = usual.read_bytes()
    new = usual.with_suffix(".new.key")
    done(book, "operator", "new-key", str(new))
    done(book, *words(FOUND.format("TP", "lan")))
    assert usual.read_bytes() == before
    assert call(book, *words("operator rotate-key --by lan")).code == "key_exists"


def test_what_somebody_else_records_is_refused(book: Path) -> None:
    assert call(book, *words(FOUND.format("TP", "root"))).code == "not_enrolled"
    line = (
        '{"kind":"unit_founded","effective_on":"2015-01-01","unit":"TP","name":"x","type":"cell"}'
    )
    assert call(book, "import", "--by", "root", given=line).status == 3
    done(book, "import", "--by", "lan", given=line)
    assert call(book, *words("operator revoke lan --by lan")).code == "last_chief"
