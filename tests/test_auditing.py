"""What an audit finds wrong with commits: at which entry, and once."""

from typing import Any

import pytest

from ledger.authority.auditing import CommitsChecked
from tests.desk import BOOK_ID, ORIGIN, Desk, enrolled, key_of

FOUNDED = '{"kind":"unit_founded",DAY,"unit":"A","name":"x","type":"cell"}'
RENAMED = '{"kind":"unit_renamed",DAY,"unit":"A","name":"y"}'
VOIDED = '{"kind":"voided",DAY,"entry":1,"reason":"x"}'


@pytest.fixture
def desk() -> Desk:
    """Return a log of one unit, and its chief lan, who begins to sign with the second entry."""
    made = Desk()
    assert made.record("x", FOUNDED) == []
    made.keys = {"lan": key_of("lan")}
    assert made.record("lan", enrolled("lan", "chief")) == []
    return made


@pytest.mark.parametrize(
    ("signature", "wrong"),
    [
        (None, "4 signature_missing lan"),
        ("x", "4 signature_missing lan"),
        (b"", f"4 signature_false {ORIGIN}/lan"),
        (bytes(64), f"4 signature_false {ORIGIN}/lan"),
    ],
)
def test_a_wrong_signature_is_found_at_the_end_of_its_commit(
    desk: Desk, signature: Any, wrong: str
) -> None:
    assert desk.record("lan", RENAMED, RENAMED, signature=signature) == [wrong]
    assert desk.record("lan", RENAMED) == []


def test_a_stranger_is_found_once_at_the_first_entry_whatever_they_signed(desk: Desk) -> None:
    for signature in (None, bytes(64)):
        first = len(desk.streams) + 1
        found = desk.record("x", RENAMED, RENAMED, signature=signature)
        assert found == [f"{first} not_enrolled x"]


def test_before_signing_begins_a_signature_is_all_that_is_wrong() -> None:
    desk = Desk()
    assert desk.record("x", FOUNDED, RENAMED, signature=bytes(64)) == ["2 signature_unwanted"]
    assert not desk.checked.is_signed


def test_before_signing_begins_nobody_asks_where_what_is_voided_stands() -> None:
    desk = Desk()
    nowhere: dict[int, str] = {}
    desk.checked = CommitsChecked(BOOK_ID, nowhere.__getitem__)
    assert desk.record("x", FOUNDED) == desk.record("x", VOIDED) == []


def test_each_entry_beyond_a_scope_is_found(desk: Desk) -> None:
    desk.keys["minh"] = key_of("minh")
    desk.record("lan", FOUNDED.replace('"A"', '"B"'), enrolled("minh", "clerk", "B"))
    founded = FOUNDED.replace('"A"', '"C"').replace("}", ',"parent":"B"}')
    # two displace an entry of a unit that is not theirs
    correcting, voiding = founded.replace("}", ',"corrects":5}'), VOIDED.replace("1", "5")
    found = desk.record("minh", RENAMED, correcting, founded, voiding)
    assert found == [f"{no} beyond_scope minh B A" for no in (5, 6, 8)]
    assert desk.checked.is_signed
