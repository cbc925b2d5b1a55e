"""Proofs as files: what they hold, and that each line is needed as it is."""

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.checkpoints import Checkpoint, sign_checkpoint
from ledger.proof.errors import Unproven
from ledger.proof.keys import SigningKey
from ledger.proof.notes import MOST_BYTES
from ledger.proof.proofs import (
    Consistency,
    Inclusion,
    format_consistency,
    format_inclusion,
    parse_consistency,
    parse_inclusion,
    verify_consistency,
    verify_inclusion,
)
from ledger.proof.text import base64_of
from ledger.proof.tree import (
    EMPTY_ROOT,
    complete_roots,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root,
)

LEAVES = [leaf_hash(bytes([no])) for no in range(11)]
LEVELS = [complete_roots(LEAVES, height) for height in range(4)]
BOOK = SigningKey("so.example", bytes(32))
KEYS = [BOOK.key]
ITEM = base64_of(LEAVES[0])


def node(level: int, index: int) -> bytes:
    return LEVELS[level][index]


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint(BOOK.key.name, size, root(LEAVES[:size]))


SIGNED = {size: sign_checkpoint(checkpoint(size), BOOK) for size in range(12)}


def inclusion(index: int, size: int) -> Inclusion:
    return Inclusion(index, tuple(prove_inclusion(index, size, node)), SIGNED[size])


def consistency(old: int, new: int) -> Consistency:
    return Consistency(old, tuple(prove_consistency(old, new, node)), SIGNED[new])


def refused(code: str, **values: object) -> Any:
    return pytest.raises(Unproven, match="^" + re.escape(str(Unproven(code, **values))) + "$")


def test_an_inclusion_as_tlog_proof_writes_it() -> None:
    path = "".join(f"{base64_of(item)}\n" for item in prove_inclusion(4, 11, node))
    text = f"c2sp.org/tlog-proof@v1\nindex 4\n{path}\n".encode() + SIGNED[11]
    assert format_inclusion(inclusion(4, 11)) == text
    assert parse_inclusion(text) == inclusion(4, 11)
    extra = text.replace(b"index", b"extra aGkh\nindex", 1)
    assert format_inclusion(inclusion(4, 11)._replace(extra=b"hi!")) == extra
    assert parse_inclusion(extra) == inclusion(4, 11)._replace(extra=b"hi!")


def test_the_only_entry_of_a_log_needs_no_path() -> None:
    text = b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + SIGNED[1]
    assert format_inclusion(inclusion(0, 1)) == text
    assert verify_inclusion(parse_inclusion(text), LEAVES[0], "so.example", KEYS)


def test_a_consistency_as_a_witness_reads_it() -> None:
    path = "".join(f"{base64_of(item)}\n" for item in prove_consistency(3, 11, node))
    text = f"old 3\n{path}\n".encode() + SIGNED[11]
    assert format_consistency(consistency(3, 11)) == text
    assert parse_consistency(text) == consistency(3, 11)


def test_every_inclusion_holds_and_holds_for_its_leaf_only() -> None:
    for size in range(1, 12):
        for index in range(size):
            proof = parse_inclusion(format_inclusion(inclusion(index, size)))
            opened = verify_inclusion(proof, LEAVES[index], "so.example", KEYS)
            assert opened.checkpoint == checkpoint(size)
            with refused("proof_root"):
                verify_inclusion(proof, LEAVES[(index + 1) % 11], "so.example", KEYS)


def test_every_consistency_holds_and_holds_for_its_old_tree_only() -> None:
    for new in range(1, 12):
        for old in range(1, new + 1):
            proof = parse_consistency(format_consistency(consistency(old, new)))
            assert verify_consistency(proof, checkpoint(old), KEYS).checkpoint == checkpoint(new)
            other = checkpoint(old)._replace(root=LEAVES[0] if old > 1 else LEAVES[1])
            with pytest.raises(Unproven, match=r"proof_(old_)?root"):
                verify_consistency(proof, other, KEYS)


def test_a_proof_from_another_size_is_refused() -> None:
    with refused("proof_old_size", value=3, expected=4):
        verify_consistency(consistency(3, 11), checkpoint(4), KEYS)


def test_from_an_empty_book_nothing_is_proven() -> None:
    proof = parse_consistency(b"old 0\n\n" + SIGNED[5])
    assert proof == Consistency(0, (), SIGNED[5])
    with refused("tree_number", value=0, least=1, most=5):
        verify_consistency(proof, Checkpoint("so.example", 0, EMPTY_ROOT), KEYS)


def test_a_proof_of_another_log_or_unsigned_is_refused() -> None:
    with refused("checkpoint_origin", value="so.example", expected="x"):
        verify_inclusion(inclusion(4, 11), LEAVES[4], "x", KEYS)
    with refused("checkpoint_origin", value="so.example", expected="x"):
        verify_consistency(consistency(4, 11), checkpoint(4)._replace(origin="x"), KEYS)
    for keys in ([], [SigningKey("so.example", bytes([1]) * 32).key]):
        with refused("signature_unknown"):
            verify_inclusion(inclusion(4, 11), LEAVES[4], "so.example", keys)
        with refused("signature_unknown"):
            verify_consistency(consistency(4, 11), checkpoint(4), keys)


HEADER = "c2sp.org/tlog-proof@v1\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("\n\n", 1),
        ("c2sp.org/tlog-proof@v2\nindex 0\n\n", 1),
        (f" {HEADER}index 0\n\n", 1),
        (f"{HEADER}index 0\n", 1),
        ("é\n\n", 1),
        (f"{HEADER}\nindex 0\n\n", 2),
        (f"{HEADER}index\n\n", 2),
        (f"{HEADER}index \n\n", 2),
        (f"{HEADER}index 00\n\n", 2),
        (f"{HEADER}index -1\n\n", 2),
        (f"{HEADER}index 9223372036854775808\n\n", 2),
        (f"{HEADER}0\n\n", 2),
        (f"{HEADER}old 0\n\n", 2),
        (f"{HEADER}extra \nindex 0\n\n", 2),
        (f"{HEADER}extra AA\nindex 0\n\n", 2),
        (f"{HEADER}extra AAA=\n\n", 3),
        (f"{HEADER}extra AAA=\nextra AAA=\nindex 0\n\n", 3),
        (f"{HEADER}index 0\n{ITEM}\nAAAA\n\n", 4),
        (f"{HEADER}index 0\nx\n{ITEM}\n\n", 3),
        (f"{HEADER}index 0\n {ITEM}\n\n", 3),
        (f"{HEADER}extra AAA=\nindex 0\n{ITEM}\n{ITEM}x\n\n", 5),
        (f"{HEADER}index 0\n{ITEM}\n" + f"{ITEM}\n" * 63 + "\n", 66),
        (f"{HEADER}index 0\n{ITEM}\n" + f"{ITEM}\n" * 6300 + "\n", 66),
    ],
)
def test_a_malformed_inclusion_is_refused_with_its_line(text: str, line: int) -> None:
    with refused("proof_line", value=line):
        parse_inclusion(text.encode() + SIGNED[1].replace(b"\n\n", b"\n"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("old\n\n", 1),
        ("index 3\n\n", 1),
        ("3\n\n", 1),
        ("old 03\n\n", 1),
        ("old 3\n\x80\n\n", 1),
        (f"old 3\n{ITEM}\nAA\n\n", 3),
    ],
)
def test_a_malformed_consistency_is_refused_with_its_line(text: str, line: int) -> None:
    with refused("proof_line", value=line):
        parse_consistency(text.encode("latin-1") + SIGNED[1].replace(b"\n\n", b"\n"))


def test_the_longest_path_has_63_hashes() -> None:
    path = (LEAVES[0],) * 63
    assert parse_consistency(format_consistency(Consistency(1, path, b""))).path == path
    assert parse_inclusion(format_inclusion(Inclusion(1, path, b""))).path == path


def test_at_most_a_million_bytes_are_read() -> None:
    most = b"old 3\n\n".ljust(MOST_BYTES, b"x")
    assert parse_consistency(most).old == 3
    with refused("note_long", value=MOST_BYTES + 1, limit=MOST_BYTES):
        parse_consistency(most + b"x")


WRONG: list[Any] = [(-1, ()), (LEAVES, ()), (1, (b"x",)), (1, (LEAVES[0],) * 64)]


@pytest.mark.parametrize(("number", "path"), WRONG)
def test_what_could_not_be_read_again_is_not_written(number: Any, path: Any) -> None:
    with pytest.raises(Unproven, match="proof_line"):
        format_inclusion(Inclusion(number, path, b""))
    with pytest.raises(Unproven, match="proof_line"):
        format_consistency(Consistency(number, path, b""))


HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=5).map(tuple)


@given(st.integers(0, 2**63 - 1), HASHES, st.binary(max_size=50), st.binary(max_size=9))
def test_what_is_written_is_read_again(
    number: int, path: tuple[bytes, ...], note: bytes, extra: bytes
) -> None:
    proof = Inclusion(number, path, note, extra)
    assert parse_inclusion(format_inclusion(proof)) == proof
    since = Consistency(number, path, note)
    assert parse_consistency(format_consistency(since)) == since


@given(st.binary(max_size=80))
def test_whatever_is_read_is_what_would_be_written(data: bytes) -> None:
    for whole in (data, b"old " + data, HEADER.encode() + data):
        with suppress(Unproven):
            assert format_consistency(parse_consistency(whole)) == whole
        with suppress(Unproven):
            assert format_inclusion(parse_inclusion(whole)) == whole
