"""Checkpoints: one form, one origin, signed by the log and by outside keepers."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.checkpoints import (
    Checkpoint,
    cosign,
    open_checkpoint,
    parse_text,
    sign_checkpoint,
)
from ledger.proof.errors import Unproven
from ledger.proof.keys import COSIGNATURE, SigningKey, parse_key
from ledger.proof.notes import Signer, parse_note
from ledger.proof.text import base64_of, bytes_of, number_of
from ledger.proof.tree import EMPTY_ROOT, LARGEST

# A real checkpoint of the Go checksum database, signed by it (sum.golang.org/latest, 2025).
GO_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_CHECKPOINT = (
    "go.sum database tree\n"
    "35225469\n"
    "vt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=\n"
    "\n"
    "\u2014 sum.golang.org Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbT"
    "M75QTtPydhKCExixSfwQ=\n"
).encode()
BOOK = SigningKey("so.example/tan-phu", bytes(32))
KEEPER = SigningKey("uykt.example", bytes([1]) * 32, COSIGNATURE)
SOME = Checkpoint("so.example/tan-phu", 5, bytes(range(32)))
ROOT = base64_of(SOME.root)


def refused(code: str, **values: object) -> Any:
    return pytest.raises(Unproven, match="^" + re.escape(str(Unproven(code, **values))) + "$")


def test_a_real_checkpoint() -> None:
    key = parse_key(GO_KEY)
    opened = open_checkpoint(GO_CHECKPOINT, "go.sum database tree", [key])
    assert opened.checkpoint.size == 35_225_469
    assert opened.checkpoint.origin == "go.sum database tree"
    assert opened.checkpoint.root.hex().startswith("bede53e8668b097b")
    assert opened.signers == [Signer(key, None)]
    assert opened.note == parse_note(GO_CHECKPOINT)


def test_the_text() -> None:
    assert SOME.text == f"so.example/tan-phu\n5\n{ROOT}\n"
    assert parse_text(SOME.text) == SOME
    more = SOME._replace(extensions=("một", "hai"))
    assert more.text == f"so.example/tan-phu\n5\n{ROOT}\nmột\nhai\n"
    assert parse_text(more.text) == more


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"o\n5\n{ROOT}",
        "o\n5\n",
        f"\n5\n{ROOT}\n",
        f"o\n\n{ROOT}\n",
        f"o\n5\n{ROOT}\n\n",
        f"o\n5\n{ROOT}\n\nx\n",
        "o\n5\n\n",
        f"o\n5\n{ROOT}\nx",
    ],
)
def test_lines_are_three_or_more_ended_and_not_empty(text: str) -> None:
    with refused("checkpoint_lines"):
        parse_text(text)


@pytest.mark.parametrize(
    "size", ["x", "05", "00", "-1", "+1", " 5", "5 ", "0x5", "\u0665", "1_0", "5.0"]
)
def test_what_is_no_size(size: str) -> None:
    with refused("checkpoint_size", value=size):
        parse_text(f"o\n{size}\n{ROOT}\n")


def test_the_largest_size() -> None:
    assert parse_text(f"o\n{LARGEST}\n{ROOT}\n").size == LARGEST
    with refused("checkpoint_size", value=str(LARGEST + 1)):
        parse_text(f"o\n{LARGEST + 1}\n{ROOT}\n")
    with refused("checkpoint_size", value="1" * 80):
        parse_text(f"o\n{'1' * 5000}\n{ROOT}\n")


@pytest.mark.parametrize("root", [bytes(31), bytes(33), b"x"])
def test_a_root_has_32_bytes(root: bytes) -> None:
    with refused("checkpoint_root", value=base64_of(root)):
        parse_text(f"o\n5\n{base64_of(root)}\n")


@pytest.mark.parametrize("root", ["A" * 43, "A" * 42 + "B=", "A" * 42 + "-=", " " + "A" * 43 + "="])
def test_base64_has_one_form(root: str) -> None:
    with refused("checkpoint_root", value=root):
        parse_text(f"o\n5\n{root}\n")


def test_an_empty_tree_has_one_root() -> None:
    assert parse_text(f"o\n0\n{base64_of(EMPTY_ROOT)}\n") == Checkpoint("o", 0, EMPTY_ROOT)
    with refused("checkpoint_root", value=ROOT):
        parse_text(f"o\n0\n{ROOT}\n")
    assert parse_text(f"o\n1\n{base64_of(EMPTY_ROOT)}\n").size == 1


def test_a_log_signs_and_a_keeper_cosigns() -> None:
    signed = sign_checkpoint(SOME, BOOK)
    both = cosign(signed, KEEPER, 1_700_000_000)
    assert both.startswith(signed)
    opened = open_checkpoint(both, SOME.origin, [KEEPER.key, BOOK.key])
    assert opened.checkpoint == SOME
    assert opened.signers == [Signer(BOOK.key, None), Signer(KEEPER.key, 1_700_000_000)]
    assert [each.name for each in opened.note.signatures] == [BOOK.key.name, KEEPER.key.name]


def test_a_checkpoint_of_another_log_is_refused() -> None:
    signed = sign_checkpoint(SOME, BOOK)
    with refused("checkpoint_origin", value=SOME.origin, expected="so.example/tan-phu2"):
        open_checkpoint(signed, "so.example/tan-phu2", [BOOK.key])


def test_a_checkpoint_that_no_known_key_signed_is_refused() -> None:
    with refused("signature_unknown"):
        open_checkpoint(sign_checkpoint(SOME, BOOK), SOME.origin, [KEEPER.key])
    forged = sign_checkpoint(SOME, BOOK).replace(b"\n5\n", b"\n6\n")
    with refused("signature_false", name=BOOK.key.name):
        open_checkpoint(forged, SOME.origin, [BOOK.key])


WRONG: list[Checkpoint] = [
    SOME._replace(origin=""),
    SOME._replace(origin="a\nb"),
    SOME._replace(extensions=("",)),
    SOME._replace(extensions=("a\nb",)),
    SOME._replace(size=-1),
    SOME._replace(size=LARGEST + 1),
    SOME._replace(size=0),
    SOME._replace(root=bytes(31)),
    SOME._replace(size=True),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_could_not_be_read_again_is_not_signed(wrong: Checkpoint) -> None:
    with pytest.raises(Unproven, match="checkpoint_"):
        sign_checkpoint(wrong, BOOK)


def test_a_keeper_signs_nothing_but_checkpoints_and_with_its_own_kind_of_key() -> None:
    signed = sign_checkpoint(SOME, BOOK)
    other = SigningKey("uykt.example", bytes([1]) * 32)
    with refused("key_algorithm", value=1):
        cosign(signed, other, 5)
    with refused("checkpoint_lines"):
        cosign(signed.replace(b"\n5\n", b"\n"), KEEPER, 5)
    with refused("note_text"):
        cosign(SOME.text.encode(), KEEPER, 5)


def test_a_log_key_gives_no_time() -> None:
    with refused("key_algorithm", value=COSIGNATURE):
        sign_checkpoint(SOME, KEEPER)


@given(st.binary(max_size=40))
def test_base64_comes_back(data: bytes) -> None:
    assert bytes_of(base64_of(data)) == data


@given(st.text("AB+/=-_ \n", max_size=9))
def test_base64_is_read_in_one_form(text: str) -> None:
    data = bytes_of(text)
    assert data is None or base64_of(data) == text


@given(st.integers(0, LARGEST))
def test_numbers_come_back(number: int) -> None:
    assert number_of(str(number)) == number
    assert number_of(f"0{number}") is None
    assert number_of(f"{number}\n") is None
    assert number_of(str(number + LARGEST + 1)) is None
