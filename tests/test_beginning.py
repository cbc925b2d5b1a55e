"""Signing: with which entry it begins, and that it does not end."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.sqlite import SQLiteConnection

from ledger.authority.listing import operators_of
from ledger.authority.operators import key_text
from ledger.errors import BookDamaged
from ledger.store.storage import BookConnection
from tests.office import DAY, NOW, Office, lines, refused
from tests.shelf import forced
from tests.terminal import call, done


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Return a book that its chief lan and a clerk, minh, have signed."""
    made = Office(tmp_path / "book.db")
    with made.book:
        made.enrol("lan", "chief")
        made.enrol("minh", "clerk", "TP")
        yield made


def test_nothing_is_signed_before_the_first_chief_enrols_themself(tmp_path: Path) -> None:
    office = Office(tmp_path / "book.db")
    with office.book:
        public = key_text(office.key("x").key.public)
        enrolling = f'{{"kind":"operator_enrolled",{DAY},"operator":"OP","name":"x","role":"ROLE",'
        enrolling += f'"public_key":"{public}"}}'
        # by somebody else, or as clerk, or with another entry, or from a file: nothing begins
        office.keys.clear()
        office.record("x", enrolling.replace("OP", "y").replace("ROLE", "chief"))
        office.record("x", enrolling.replace("OP", "x").replace("ROLE", "clerk"))
        chief = enrolling.replace("OP", "x").replace("ROLE", "chief")
        office.record("x", chief + "\n" + chief.replace('"x","name"', '"z","name"'))
        from_file = [line._replace(row=1) for line in lines(chief)]
        office.book.record(from_file, now=NOW, by="x")
        # and then it does, and needs the key
        assert refused(office, "x", chief) == ["key_needed"]
        office.key("x")
        assert refused(office, "x", chief) == ["key_differs"]
    assert office.found() == []


@pytest.mark.parametrize(
    ("commits", "no"), [("commit_no = 4", 11), ("commit_no > 2", 10), ("commit_no > 1", 9)]
)
def test_signing_does_not_end_with_the_signatures(office: Office, commits: str, no: int) -> None:
    office.record("minh", f'{{"kind":"died",{DAY},"person":"A"}}')
    taken_out = f"UPDATE commits SET signature = NULL WHERE {commits}"  # noqa: S608 - no value
    forced(office.path, (taken_out, ()))
    # then nobody goes on without, as if the book had never been signed
    for by in ("minh", "lan", "root"):
        with pytest.raises(BookDamaged) as caught:
            office.record(by, f'{{"kind":"died",{DAY},"person":"B"}}')
        problem = caught.value.problems[0]
        assert (problem.values["value"], problem.values["detail"].code) == (no, "signature_missing")
    with pytest.raises(BookDamaged):
        operators_of(office.book)


def test_a_key_is_kept_where_the_book_may_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a disk that fails at the very end of a commit, when the book has the entry already
    book = tmp_path / "book.db"
    done(book, "init")

    def failing(connection: BookConnection) -> None:
        SQLiteConnection.commit(connection)
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_DIR_FSYNC
        raise error

    enrol = ("operator", "enrol", "lan", "--role", "chief", "--no-passphrase")
    with monkeypatch.context() as broken:
        broken.setattr(BookConnection, "commit", failing)
        said = call(book, *enrol)
    # then nobody is told that nothing was recorded, and the only key of the only chief is there
    assert (said.status, said.code) == (3, "commit_unsure")
    done(book, "record", "unit_founded", "--unit", "T", "--type", "cell", "--name", "A",
         "--on", "2015-01-01", "--by", "lan")  # fmt: skip
    # and what was surely not recorded leaves no key
    assert call(book, *enrol[:2], "minh", *enrol[3:], "--by", "hoa").status == 3
    assert sorted(path.name for path in tmp_path.glob("*.key")) == ["book.lan.key"]
