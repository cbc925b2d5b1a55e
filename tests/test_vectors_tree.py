"""The tree against the vectors of others: RFC 6962, transparency-dev, Google's CT, MTC drafts."""

from hashlib import sha256
from typing import Any

import pytest

from ledger.proof.errors import Unproven
from ledger.proof.tree import (
    check_consistency,
    check_inclusion,
    complete_roots,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root,
)
from tests.vectors import all_from_base64, from_base64, read

INCLUSION = read("transparency-dev-merkle/inclusion.all.json")["vectors"]
CONSISTENCY = read("transparency-dev-merkle/consistency.all.json")["vectors"]
SUBTREES = read("transparency-dev-merkle/subtreeinclusion.all.json")["vectors"]
KNOWN = read("rfc6962-known-answer.json")
GOOGLE = read("ct-python-known-answer.json")
MTC = read("mtc-subtree-accumulated.json")
SHORT_ROOTS = "testdata/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
"""The one vector that should hold and does not: its roots have 12 bytes. Ours have 32."""


@pytest.mark.parametrize("name", INCLUSION)
def test_inclusion(name: str) -> None:
    case = INCLUSION[name]
    given = (
        from_base64(case["leafHash"]),
        case["leafIdx"],
        case["treeSize"],
        all_from_base64(case["proof"]),
        from_base64(case["root"]),
    )
    if case["wantErr"]:
        with pytest.raises(Unproven):
            check_inclusion(*given)
    else:
        check_inclusion(*given)


@pytest.mark.parametrize("name", CONSISTENCY)
def test_consistency(name: str) -> None:
    case = CONSISTENCY[name]
    given = (
        case["size1"],
        case["size2"],
        all_from_base64(case["proof"]),
        from_base64(case["root1"]),
        from_base64(case["root2"]),
    )
    if case["wantErr"] or name == SHORT_ROOTS:
        with pytest.raises(Unproven):
            check_consistency(*given)
    else:
        check_consistency(*given)


def test_there_are_98_of_each() -> None:
    assert len(INCLUSION) == len(CONSISTENCY) == 98
    assert not CONSISTENCY[SHORT_ROOTS]["wantErr"]


@pytest.mark.parametrize("name", SUBTREES)
def test_inclusion_in_a_subtree(name: str) -> None:
    """A subtree is a tree of its own; that it may stand where it stands is asked apart."""
    case = SUBTREES[name]
    start, end = case["start"], case["end"]
    may_stand = start < end and start % (1 << (end - start - 1).bit_length()) == 0
    given = (
        from_base64(case["leafHash"]),
        case["leafIdx"] - start,
        end - start,
        all_from_base64(case["proof"]),
        from_base64(case["root"]),
    )
    if case["wantErr"] and may_stand:
        with pytest.raises(Unproven):
            check_inclusion(*given)
    elif not case["wantErr"]:
        assert may_stand
        check_inclusion(*given)


def test_the_reference_tree_of_rfc_6962() -> None:
    leaves = [leaf_hash(bytes.fromhex(each)) for each in KNOWN["leaf_inputs_hex"]]
    for level, expected in enumerate(KNOWN["node_hashes_hex_by_level"]):
        assert [each.hex() for each in complete_roots(leaves, level)] == expected
    for size, expected in enumerate(KNOWN["root_hash_hex_by_size"]):
        assert root(leaves[:size]).hex() == expected


def test_the_known_answers_of_google() -> None:
    for data, expected in GOOGLE["leaf_hashes"]:
        assert leaf_hash(bytes.fromhex(data)).hex() == expected
    for left, right, expected in GOOGLE["node_hashes"]:
        assert node_hash(bytes.fromhex(left), bytes.fromhex(right)).hex() == expected
    for old, new, old_root, new_root, path in GOOGLE["consistency_proofs"]:
        hashes = [bytes.fromhex(each) for each in path]
        check_consistency(old, new, hashes, bytes.fromhex(old_root), bytes.fromhex(new_root))


def test_a_certificate_in_a_log_of_three_million() -> None:
    case: dict[str, Any] = GOOGLE["real_inclusion"]
    leaf = leaf_hash(bytes.fromhex(case["leaf_hex"]))
    assert leaf.hex() == case["leaf_hash"]
    path = [bytes.fromhex(each) for each in case["audit_path"]]
    head = bytes.fromhex(case["root"])
    check_inclusion(leaf, case["leaf_index"], case["tree_size"], path, head)


BYTES = [leaf_hash(bytes([no])) for no in range(130)]


def subtrees() -> list[tuple[int, int]]:
    """Return the [start, end) that the drafts of Merkle tree certificates go through."""
    return [
        (start, end)
        for end in range(131)
        for start in range(end + 1)
        if start == end or start % (1 << (end - start - 1).bit_length()) == 0
    ]


def test_every_subtree_of_130_leaves() -> None:
    lines = (f"[{a}, {b}) {root(BYTES[a:b]).hex()}\n" for a, b in subtrees())
    digest = sha256("".join(lines).encode()).hexdigest()
    assert digest == MTC["sha256_of_all_lines"]["subtree_hash"]


def test_every_inclusion_in_a_subtree_of_130_leaves() -> None:
    levels = [complete_roots(BYTES, height) for height in range(8)]
    lines = []
    for start, end in subtrees():
        for index in range(start, end):

            def node(level: int, at: int, start: int = start) -> bytes:
                return levels[level][(start >> level) + at]

            path = prove_inclusion(index - start, end - start, node)
            hashes = "".join(f" {each.hex()}" for each in path)
            lines.append(f"{index} [{start}, {end}){hashes}\n")
    digest = sha256("".join(lines).encode()).hexdigest()
    assert digest == MTC["sha256_of_all_lines"]["subtree_inclusion"]


def test_flipping_a_bit_of_any_proof_of_a_small_tree_is_found() -> None:
    """The exhaustive rule of Go's tlog, for its 1 to 100 leaves."""
    leaves = [leaf_hash(f"leaf {no}".encode()) for no in range(100)]
    levels = [complete_roots(leaves, height) for height in range(7)]
    roots = [root(leaves[:size]) for size in range(101)]

    def node(level: int, at: int) -> bytes:
        return levels[level][at]

    def flipped(path: list[bytes]) -> list[list[bytes]]:
        return [
            [*path[:at], bytes([item[0] ^ 1]) + item[1:], *path[at + 1 :]]
            for at, item in enumerate(path)
        ]

    for size in range(1, 101):
        for index in range(size):
            path = prove_inclusion(index, size, node)
            check_inclusion(leaves[index], index, size, path, roots[size])
            for wrong in flipped(path):
                with pytest.raises(Unproven):
                    check_inclusion(leaves[index], index, size, wrong, roots[size])
        for old in range(1, size + 1):
            path = prove_consistency(old, size, node)
            check_consistency(old, size, path, roots[old], roots[size])
            for wrong in flipped(path):
                with pytest.raises(Unproven):
                    check_consistency(old, size, wrong, roots[old], roots[size])
