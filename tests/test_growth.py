"""The growing edge of the tree: its root is that of RFC 9162, and nothing is kept twice."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.tree import WIDTH as TILE
from ledger.store.growth import Growth

LEAVES = [sha256(f"leaf {number}".encode()).digest() for number in range(TILE * TILE + 300)]
Kept = dict[tuple[int, int], bytes]


def plain_root(leaves: list[bytes]) -> bytes:
    """Return the root as the RFC defines it, in 2.1.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + plain_root(leaves[:half]) + plain_root(leaves[half:])).digest()


def grown(sizes: list[int]) -> Iterator[tuple[int, bytes, Kept]]:
    """Grow to each size with an edge read anew; yield size, root and all that was kept."""
    kept: Kept = {}

    def stored(height: int, first: int, last: int) -> list[bytes]:
        assert last - first < TILE
        if height == 0:
            return LEAVES[first:last]
        return [kept[height, no] for no in range(first, last)]

    for before, size in pairwise([0, *sizes]):
        growth = Growth(before, stored)
        for height, no, node in growth.add(LEAVES[before:size]):
            assert (height, no) not in kept
            kept[height, no] = node
        yield size, growth.root(), kept


@given(st.lists(st.integers(0, 1_200), min_size=1, max_size=6).map(sorted))
def test_the_root_is_that_of_the_rfc_however_it_grew(sizes: list[int]) -> None:
    for size, root, kept in grown(sizes):
        assert root == plain_root(LEAVES[:size])
        assert sorted(kept) == [(8, no) for no in range(size // TILE)]


@pytest.mark.parametrize("step", [-1, 0, 1, 299])
def test_full_subtrees_of_full_subtrees_are_kept_too(step: int) -> None:
    size = TILE * TILE + step
    *_, (_, root, kept) = grown([700, 40_000, TILE * TILE - 1, size])
    assert root == plain_root(LEAVES[:size])
    assert [place for place in kept if place[0] > 8] == ([(16, 0)] if step >= 0 else [])
    for no in (0, 1, 254):
        assert kept[8, no] == plain_root(LEAVES[no * TILE : (no + 1) * TILE])
    if step >= 0:
        assert kept[16, 0] == plain_root(LEAVES[: TILE * TILE])


@given(st.lists(st.integers(0, 400), min_size=2, max_size=6), st.integers(0, 700))
def test_one_edge_that_grows_again_and_again_keeps_the_same(steps: list[int], begin: int) -> None:
    *_, (_, _, before) = grown([begin])
    growth, size, kept = Growth(begin, lambda _, first, last: LEAVES[first:last]), begin, before
    if begin >= TILE:  # one level up there are nodes, and no leaves
        nodes = [before[8, no] for no in range(begin // TILE)]
        growth = Growth(begin, lambda level, a, b: nodes[a:b] if level else LEAVES[a:b])
    for step in steps:
        found = growth.add(LEAVES[size : size + step])
        assert {(height, no) for height, no, _ in found}.isdisjoint(kept)
        kept |= {(height, no): node for height, no, node in found}
        size += step
        assert growth.root() == plain_root(LEAVES[:size])
    *_, (_, _, at_once) = grown([size])
    assert kept == at_once
