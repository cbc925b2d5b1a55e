"""Operators as the log has them, and what counts as their key."""

from typing import Any

import msgspec
import pytest

from ledger.authority.operators import Operator, Operators, key_name, key_of, key_text, origin_of
from tests.desk import ORIGIN, enrolled
from tests.desk import key_of as signing_key
from tests.office import DAY, lines

PUBLIC = signing_key("lan").key.public
TEXT = key_text(PUBLIC)
LOG = [
    enrolled("minh", "clerk", "TP"),
    enrolled("lan", "chief"),
    f'{{"kind":"operator_key_rotated",DAY,"operator":"minh","public_key":"{TEXT}"}}',
    '{"kind":"operator_revoked",DAY,"operator":"minh"}',
]


def after(*dead: int) -> Operators:
    """Return the operators after the log, but for the entries that do not count."""
    found = Operators(ORIGIN, lambda no: no not in dead)
    for no, text in enumerate(LOG, 1):
        (line,) = lines(text.replace("DAY", DAY))
        found.add(msgspec.structs.replace(line.entry, no=no))
    return found


def minh(no: int, public: bytes, *, is_revoked: bool = False) -> Operator:
    """Return minh as an entry left them."""
    key = key_of(ORIGIN, "minh", key_text(public))
    return Operator("minh", "clerk", "TP", key, is_revoked, no)


OLD = signing_key("minh").key.public


@pytest.mark.parametrize(
    ("dead", "found"),
    [
        ([], minh(4, PUBLIC, is_revoked=True)),
        ([4], minh(3, PUBLIC)),
        ([3], minh(4, OLD, is_revoked=True)),
        ([3, 4], minh(1, OLD)),
        ([1], None),
        ([1, 3, 4], None),
    ],
)
def test_an_operator_is_what_the_entries_that_count_make_them(
    dead: list[int], found: Operator | None
) -> None:
    operators = after(*dead)
    assert operators.get("minh") == found
    assert [one.code for one in operators.all()] == (["lan", "minh"] if found else ["lan"])
    assert operators.get("nobody") is None


def test_as_if_one_entry_more_did_not_count() -> None:
    operators = after(4)
    assert operators.but(None).get("minh") == minh(3, PUBLIC)
    other = operators.but(3)
    assert other.get("minh") == minh(1, OLD)
    # what is added to one is not in the other
    (line,) = lines(enrolled("minh", "chief").replace("DAY", DAY))
    other.add(msgspec.structs.replace(line.entry, no=5))
    found: Any = other.get("minh")
    assert (found.role, found.no) == ("chief", 5)
    assert operators.get("minh") == minh(3, PUBLIC)


def test_keys_are_named_by_the_book_and_the_code() -> None:
    assert origin_of(b"\x01\xab") == "rollbook/01ab"
    assert key_name("rollbook/01ab", "Lan x/y") == "rollbook/01ab/Lan%20x%2Fy"
    found: Any = key_of(ORIGIN, "lan", TEXT)
    assert (found.name, found.public) == (f"{ORIGIN}/lan", PUBLIC)


LAST = TEXT[42]
"""The last digit of 43 leaves two bits over: those of 32 bytes are zero."""
NO_KEYS = [
    None,
    "",
    "x",
    "é" * 44,
    key_text(PUBLIC[:31]),
    key_text(PUBLIC + b"x"),
    key_text(bytes(32)),
    TEXT[:-1],
    TEXT + "\n",
    TEXT[:5] + "!" + TEXT[5:],
    TEXT[:42] + chr(ord(LAST) + 1) + "=",
]


@pytest.mark.parametrize("text", NO_KEYS)
def test_what_is_no_key_in_its_one_form_is_none(text: str | None) -> None:
    assert key_of(ORIGIN, "lan", text) is None
