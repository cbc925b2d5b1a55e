"""The keys file and the data keys, byte for byte as docs/format.md has them."""

import struct
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.errors import BookDamaged, Problem, Refused
from ledger.store.codec import Unreadable, pack
from ledger.store.sealing import (
    KEYS_AT_HAND,
    EpochKey,
    Sealer,
    WrappedKey,
    create_keys,
    read_keys,
    written,
)

BOOK = bytes(range(16))
KEY, IDENTITY, NEXT = (bytes([no]) * 32 for no in (1, 2, 3))
KEYS = EpochKey(BOOK, 4, KEY, IDENTITY)
BOTH = KEYS._replace(following=NEXT, following_epoch=7)
TEXT = (
    "rollbook-keys 1\n"
    "book 000102030405060708090a0b0c0d0e0f\n"
    "epoch 4\n"
    "key AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
    "identity AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n"
)
FOLLOWING = "following 7 AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n"
OWNER = "person/P000001"
OTHER = "person/P000002"


def item(content: bytes) -> bytes:
    """Return an item: its length in four bytes, and its bytes."""
    return struct.pack(">I", len(content)) + content


def number(value: int) -> bytes:
    """Return the item of a number."""
    return item(struct.pack(">Q", value))


def told(call: Callable[..., object], *given: object) -> tuple[str, str]:
    """Return the codes of the problem that a call ends in, and of its detail."""
    with pytest.raises((BookDamaged, Refused)) as caught:
        call(*given)
    problem: Problem = caught.value.problems[0]
    detail = problem.values.get("detail")
    return problem.code, detail.code if isinstance(detail, Problem) else ""


# The file


@pytest.mark.parametrize(("keys", "text"), [(KEYS, TEXT), (BOTH, TEXT + FOLLOWING)])
def test_a_keys_file_has_its_one_form(tmp_path: Path, keys: EpochKey, text: str) -> None:
    assert written(keys) == text.encode()
    path = tmp_path / "so.keys"
    path.write_bytes(text.encode())
    assert read_keys(path, BOOK) == keys


def test_a_new_book_has_a_key_nobody_had(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        create_keys(tmp_path / name, BOOK, IDENTITY)
        found.append(read_keys(tmp_path / name, BOOK))
    assert [keys._replace(key=b"") for keys in found] == [EpochKey(BOOK, 1, b"", IDENTITY)] * 2
    assert found[0].key != found[1].key


def _replaced(before: str, after: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert before in text
        return text.replace(before, after, 1)

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _: "", "keys_malformed"),
        (_replaced("rollbook-keys 1", "rollbook-keys 2"), "keys_malformed"),
        (_replaced("epoch 4\n", ""), "keys_malformed"),
        (_replaced("epoch 4\n", "epoch 4\nepoch 4\n"), "keys_malformed"),
        (_replaced("epoch 4\n", "epoch 4\nsince 2020\n"), "keys_malformed"),
        (_replaced("epoch 4", "epoch 0"), "keys_malformed"),
        (_replaced("epoch 4", "epoch -4"), "keys_malformed"),
        (_replaced("epoch 4", "epoch four"), "keys_malformed"),
        (_replaced("book 00", "book zz"), "keys_malformed"),
        (_replaced("key AQE", "key AQE*"), "keys_malformed"),
        (_replaced("identity AgI", "identity AgI*"), "keys_malformed"),
        (_replaced("following 7 AwM", "following 7 AwM*"), "keys_malformed"),
        (_replaced("key AQEB", "key "), "keys_malformed"),
        (_replaced("identity AgIC", "identity "), "keys_malformed"),
        (_replaced("following 7 AwMD", "following 7 "), "keys_malformed"),
        (_replaced(FOLLOWING, "following 7\n"), "keys_malformed"),
        (_replaced("following 7 A", "following seven A"), "keys_malformed"),
        (_replaced("book 00", "book 01"), "keys_of_another"),
        (_replaced("book", "böök"), "keys_unreadable"),
        (lambda text: text.ljust(10_000, "x"), "keys_malformed"),
        (lambda text: text.ljust(10_001, "x"), "keys_unreadable"),
    ],
)
def test_another_form_is_told(tmp_path: Path, change: Callable[[str], str], code: str) -> None:
    path = tmp_path / "so.keys"
    path.write_text(change(TEXT + FOLLOWING), encoding="utf-8")
    assert told(read_keys, path, BOOK) == ("keys_mismatch", code)


def test_no_file_and_no_plain_file_are_told(tmp_path: Path) -> None:
    assert told(read_keys, tmp_path / "so.keys", BOOK) == ("keys_missing", "")
    assert told(read_keys, tmp_path, BOOK) == ("keys_mismatch", "keys_unreadable")


def test_of_two_keys_the_one_of_the_book_is_taken() -> None:
    path = Path("so.keys")
    later = EpochKey(BOOK, 7, NEXT, IDENTITY)
    assert later.following_epoch == 0
    assert (KEYS.fitting(path, 4), KEYS.fitting(path, None)) == (KEYS, KEYS)
    assert (BOTH.fitting(path, 4), BOTH.fitting(path, 7)) == (KEYS, later)
    assert BOTH.fitting(path, None) == later  # no data key says which
    for keys, epoch in ((KEYS, 7), (KEYS, 0), (BOTH, 5)):
        assert told(keys.fitting, path, epoch) == ("keys_mismatch", "keys_of_epoch")


# Data keys


def unwrapped(wrapped: WrappedKey, epoch_key: bytes) -> bytes:
    """Return a data key, as docs/format.md says it is to be had."""
    bound = item(BOOK) + item(wrapped.owner.encode()) + number(wrapped.epoch)
    assert len(wrapped.wrapped) == 12 + 32 + 16
    key = AESGCM(epoch_key).decrypt(wrapped.wrapped[:12], wrapped.wrapped[12:], bound)
    committed = item(BOOK) + item(wrapped.owner.encode()) + item(key)
    assert sha256(committed).digest() == wrapped.commitment
    return key


def test_a_data_key_is_wrapped_and_seals_as_the_format_says() -> None:
    sealer = Sealer(KEYS)
    wrapped = sealer.create_key(OWNER)
    assert (wrapped.owner, wrapped.epoch, sealer.epoch) == (OWNER, 4, 4)
    fields, values = ["birth_year", "profile.name"], pack({"birth_year": 1950})
    box = sealer.seal(OWNER, 3, "profile_changed", fields, values)
    bound = item(BOOK) + item(OWNER.encode()) + number(3) + item(b"profile_changed")
    bound += b"".join(item(name.encode()) for name in fields)
    assert AESGCM(unwrapped(wrapped, KEY)).decrypt(box[:12], box[12:], bound) == values
    assert sealer.open(OWNER, 3, "profile_changed", fields, box) == {"birth_year": 1950}
    with pytest.raises(Unreadable, match=r"^stored_seal_differs"):
        sealer.open(OWNER, 4, "profile_changed", fields, box)
    with pytest.raises(Unreadable, match=r"^stored_seal_differs"):
        sealer.open(OWNER, 3, "profile_changed", fields, b"")


def test_data_keys_go_over_to_another_epoch_key() -> None:
    before, after = Sealer(KEYS), Sealer(EpochKey(BOOK, 7, NEXT, IDENTITY))
    wrapped = [before.create_key(owner) for owner in (OWNER, OTHER)]
    again = before.rewrapped(wrapped, EpochKey(BOOK, 7, NEXT, IDENTITY))
    assert [key.owner for key in again] == [OWNER, OTHER]
    for old, new in zip(wrapped, again, strict=True):
        assert (new.epoch, new.commitment) == (7, old.commitment)
        assert unwrapped(new, NEXT) == unwrapped(old, KEY)
        assert [one.opens(key) for one in (before, after) for key in (old, new)] == [
            *(True, False),
            *(False, True),
        ]
        assert told(before.rewrapped, [new], KEYS) == ("stored_key_differs", "")


def test_what_is_at_hand_is_known() -> None:
    sealer = Sealer(KEYS)
    wrapped = sealer.create_key(OWNER)
    reader = Sealer(KEYS)
    assert (reader.owners(), reader.has_key(OWNER)) == ([], False)
    assert reader.unknown([OWNER, OTHER]) == [OWNER, OTHER]
    with pytest.raises(AssertionError, match=r"^the key of a stream is at hand before"):
        reader.seal(OWNER, 1, "died", [], b"\x80")
    reader.unwrap([wrapped])
    assert (reader.owners(), reader.has_key(OWNER)) == ([OWNER], True)
    assert reader.unknown([OWNER, OTHER]) == [OTHER]
    assert not reader.lost


def test_keys_not_used_of_late_are_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEYS_AT_HAND >= 10_000  # a long file is recorded without fetching each again
    monkeypatch.setattr("ledger.store.sealing.KEYS_AT_HAND", 2)
    sealer = Sealer(KEYS)
    found: list[Any] = []
    for no in range(3):
        for owner in (f"person/A{no}", f"person/B{no}"):
            sealer.create_key(owner)
        sealer.turn()
        found.append((sealer.lost, len(sealer.owners())))
    assert found == [(False, 2), (True, 2), (True, 2)]
