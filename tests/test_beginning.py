"""Signing: with which entry it begins, and that it does not end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.authority.listing import operators_of
from ledger.authority.operators import key_text
from ledger.errors import BookDamaged
from tests.office import DAY, NOW, Office, lines, refused
from tests.shelf import forced


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
