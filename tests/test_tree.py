"""The Merkle tree: as RFC 6962 defines it, for every small tree and for huge ones."""

import re
from functools import cache
from typing import Any

import pytest

from ledger.proof.errors import Unproven
from ledger.proof.tree import (
    EMPTY_ROOT,
    LARGEST,
    check_consistency,
    check_inclusion,
    complete_roots,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root,
)
from tests import merkle

SMALL = 34
"""Two beyond a power of two: every shape of a tree occurs below it."""
DATA = [bytes([no]) * (no % 5) for no in range(SMALL)]
LEAVES = [leaf_hash(each) for each in DATA]
ROOTS = [merkle.head(DATA[:size]) for size in range(SMALL + 1)]
SIZES = range(1, SMALL + 1)


def node(level: int, index: int) -> bytes:
    """Return the hash of a complete subtree, and fail where it is none of this tree."""
    assert 0 <= index < SMALL >> level
    return merkle.head(DATA[index << level : (index + 1) << level])


def refused(code: str, **values: object) -> Any:
    return pytest.raises(Unproven, match=re.escape(str(Unproven(code, **values))))


def range_of(value: object, least: int, most: int) -> Any:
    return refused("tree_number", value=value, least=least, most=most)


def changed(value: bytes, at: int = 0) -> bytes:
    return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]


# The eight leaves of Google's reference implementation of Certificate Transparency, with their
# roots (certificate-transparency/cpp/merkletree/merkle_tree_test.cc).
REFERENCE_LEAVES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
REFERENCE_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "expected"), REFERENCE_ROOTS.items())
def test_roots_of_the_reference_tree(size: int, expected: str) -> None:
    leaves = [leaf_hash(bytes.fromhex(each)) for each in REFERENCE_LEAVES[:size]]
    assert root(leaves).hex() == expected


def test_roots_are_those_of_the_definition() -> None:
    assert [root(LEAVES[:size]) for size in range(SMALL + 1)] == ROOTS
    assert root(tuple(LEAVES)) == ROOTS[SMALL]
    assert ROOTS[0] == EMPTY_ROOT


@pytest.mark.parametrize("height", range(6))
def test_roots_of_complete_subtrees(height: int) -> None:
    width = 1 << height
    parts = range(0, SMALL - width + 1, width)
    expected = [merkle.head(DATA[first : first + width]) for first in parts]
    assert complete_roots(LEAVES, height) == expected
    assert complete_roots(LEAVES[: len(expected) * width], height) == expected


def test_a_tree_has_less_than_2_to_63_leaves() -> None:
    assert LARGEST == 9_223_372_036_854_775_807


def test_a_tile_has_256_hashes() -> None:
    leaves = [leaf_hash(bytes([no])) for no in range(256)]
    assert complete_roots(leaves) == [root(leaves)]
    assert complete_roots(leaves[:255]) == []


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_is_that_of_the_definition_and_holds(size: int) -> None:
    for index in range(size):
        path = prove_inclusion(index, size, node)
        assert path == merkle.path(index, DATA[:size])
        check_inclusion(LEAVES[index], index, size, path, ROOTS[size])
        check_inclusion(LEAVES[index], index, size, tuple(path), ROOTS[size])


@pytest.mark.parametrize("new", SIZES)
def test_consistency_is_that_of_the_definition_and_holds(new: int) -> None:
    for old in range(1, new + 1):
        path = prove_consistency(old, new, node)
        assert path == merkle.proof(old, DATA[:new])
        check_consistency(old, new, path, ROOTS[old], ROOTS[new])
        check_consistency(old, new, tuple(path), ROOTS[old], ROOTS[new])


@pytest.mark.parametrize("size", SIZES)
def test_any_change_of_an_inclusion_is_found(size: int) -> None:
    for index in range(size):
        path = prove_inclusion(index, size, node)
        whole = LEAVES[index], index, size, path, ROOTS[size]
        for at, item in enumerate(path):
            path[at] = changed(item, at % 32)
            with refused("proof_root"):
                check_inclusion(*whole)
            path[at] = item
        with refused("proof_root"):
            check_inclusion(changed(LEAVES[index]), index, size, path, ROOTS[size])
        with refused("proof_root"):
            check_inclusion(LEAVES[index], index, size, path, changed(ROOTS[size], 31))
        for wrong in ([*path, ROOTS[size]], [ROOTS[size], *path], path[:-1] if path else path * 2):
            if len(wrong) != len(path):
                with refused("proof_length", value=len(wrong), expected=len(path)):
                    check_inclusion(LEAVES[index], index, size, wrong, ROOTS[size])


@pytest.mark.parametrize("new", SIZES)
def test_any_change_of_a_consistency_is_found(new: int) -> None:
    for old in range(1, new + 1):
        path = prove_consistency(old, new, node)
        for at, item in enumerate(path):
            path[at] = changed(item, at % 32)
            with pytest.raises(Unproven, match=r"proof_(old_)?root"):
                check_consistency(old, new, path, ROOTS[old], ROOTS[new])
            path[at] = item
        with pytest.raises(Unproven, match=r"proof_(old_)?root"):
            check_consistency(old, new, path, changed(ROOTS[old]), ROOTS[new])
        with refused("proof_root"):
            check_consistency(old, new, path, ROOTS[old], changed(ROOTS[new]))
        for wrong in ([*path, ROOTS[new]], [ROOTS[new], *path], path[1:]):
            if len(wrong) != len(path):
                with refused("proof_length", value=len(wrong), expected=len(path)):
                    check_consistency(old, new, wrong, ROOTS[old], ROOTS[new])


def test_an_earlier_root_that_is_another_is_named() -> None:
    path = prove_consistency(6, 9, node)
    with refused("proof_old_root"):
        check_consistency(6, 9, path, changed(ROOTS[6]), ROOTS[9])


def test_equal_sizes_need_no_path_and_equal_roots() -> None:
    check_consistency(7, 7, [], ROOTS[7], ROOTS[7])
    with refused("proof_root"):
        check_consistency(7, 7, [], ROOTS[7], ROOTS[6])
    with refused("proof_length", value=1, expected=0):
        check_consistency(7, 7, [ROOTS[7]], ROOTS[7], ROOTS[7])


NO_NUMBERS: list[Any] = [True, 1.0, "1", None, b"1"]


@pytest.mark.parametrize("index", [-1, 5, 6, LARGEST, *NO_NUMBERS])
def test_an_index_outside_of_the_tree_is_refused(index: Any) -> None:
    with range_of(index, 0, 4):
        prove_inclusion(index, 5, node)
    with range_of(index, 0, 4):
        check_inclusion(LEAVES[0], index, 5, [], ROOTS[5])


@pytest.mark.parametrize("size", [0, -1, LARGEST + 1, *NO_NUMBERS])
def test_a_size_that_cannot_be_is_refused(size: Any) -> None:
    with range_of(size, 1, LARGEST):
        prove_inclusion(0, size, node)
    with range_of(size, 1, LARGEST):
        check_inclusion(LEAVES[0], 0, size, [], ROOTS[1])
    with range_of(size, 1, LARGEST):
        prove_consistency(1, size, node)
    with range_of(size, 1, LARGEST):
        check_consistency(1, size, [], ROOTS[1], ROOTS[1])


@pytest.mark.parametrize("old", [0, -1, 6, LARGEST, *NO_NUMBERS])
def test_an_earlier_size_that_cannot_be_is_refused(old: Any) -> None:
    with range_of(old, 1, 5):
        prove_consistency(old, 5, node)
    with range_of(old, 1, 5):
        check_consistency(old, 5, [], EMPTY_ROOT, ROOTS[5])


NO_HASHES: list[Any] = [b"", bytes(31), bytes(33), bytearray(32), "a" * 32, None, 32, [1] * 32]


@pytest.mark.parametrize("wrong", NO_HASHES)
def test_what_is_no_hash_is_refused_wherever_it_stands(wrong: Any) -> None:
    path, old_path = prove_inclusion(1, 5, node), prove_consistency(3, 5, node)
    as_said = refused("tree_hash", value=repr(wrong)[:80])
    for at in range(len(path)):
        with as_said:
            check_inclusion(LEAVES[1], 1, 5, [*path[:at], wrong, *path[at + 1 :]], ROOTS[5])
    with as_said:
        check_inclusion(wrong, 1, 5, path, ROOTS[5])
    with as_said:
        check_inclusion(LEAVES[1], 1, 5, path, wrong)
    for at in range(len(old_path)):
        whole = [*old_path[:at], wrong, *old_path[at + 1 :]]
        with as_said:
            check_consistency(3, 5, whole, ROOTS[3], ROOTS[5])
    for old in 3, 4, 5:
        path = prove_consistency(old, 5, node)
        with as_said:
            check_consistency(old, 5, path, wrong, ROOTS[5])
        with as_said:
            check_consistency(old, 5, path, ROOTS[old], wrong)


@pytest.mark.parametrize("wrong", [None, "", b"", b"a" * 32, {}, iter([])])
def test_a_path_that_is_no_list_is_refused(wrong: Any) -> None:
    as_said = refused("tree_hash", value=type(wrong).__name__)
    with as_said:
        check_inclusion(LEAVES[0], 0, 1, wrong, ROOTS[1])
    with as_said:
        check_consistency(1, 1, wrong, ROOTS[1], ROOTS[1])


@cache
def same(level: int) -> bytes:
    """Return the root of a complete tree whose leaves are all alike."""
    return node_hash(same(level - 1), same(level - 1)) if level else leaf_hash(b"same")


@cache
def same_root(size: int) -> bytes:
    at = merkle.split(size)
    return same(0) if size == 1 else node_hash(same_root(at), same_root(size - at))


@pytest.mark.parametrize("size", [2**40, 2**62 + 2**8 + 1, LARGEST - 1, LARGEST])
def test_huge_trees(size: int) -> None:
    def alike(level: int, index: int) -> bytes:
        assert (index + 1) << level <= size
        return same(level)

    for index in 0, 1, size // 3, size // 2, size - 2, size - 1:
        path = prove_inclusion(index, size, alike)
        check_inclusion(same(0), index, size, path, same_root(size))
    for old in 1, 2, 3, size // 3, size // 2, size - 1, size:
        path = prove_consistency(old, size, alike)
        check_consistency(old, size, path, same_root(old), same_root(size))
