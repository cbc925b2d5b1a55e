"""The tree of a growing log: only the roots of tiles are stored, and little is read."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.proof.errors import Unproven
from ledger.proof.tree import (
    EMPTY_ROOT,
    LARGEST,
    Tree,
    check_consistency,
    check_inclusion,
    complete_roots,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root,
)

WHOLE = 65_536 * 2 + 256 * 3 + 5
"""Leaves on four levels of tiles; the open tiles have 5, 3, 2 hashes, from below."""
LEAVES = [leaf_hash(no.to_bytes(4)) for no in range(WHOLE)]
NODES = [LEAVES]
"""The complete subtrees of every level, made level by level."""
while len(NODES[-1]) > 1:
    NODES.append(complete_roots(NODES[-1], 1))


def node(level: int, index: int) -> bytes:
    return NODES[level][index]


def head(size: int) -> bytes:
    """Return the root over the first ``size`` leaves, from the largest subtrees down."""
    parts, first = list[bytes](), 0
    for level in reversed(range(len(NODES))):
        if size >> level & 1:
            parts.append(node(level, first >> level))
            first += 1 << level
    value = parts.pop() if parts else EMPTY_ROOT
    while parts:
        value = node_hash(parts.pop(), value)
    return value


class Log:
    """A log in memory that notes what was read of it."""

    def __init__(self, size: int = 0) -> None:
        self.leaves = LEAVES[:size]
        self.nodes = {level: NODES[level][: size >> level] for level in (8, 16)}
        self.read: list[tuple[int, int, int]] = []
        self.tree = Tree(self._leaves, self._stored)

    def _leaves(self, first: int, last: int) -> list[bytes]:
        self.read.append((0, first, last))
        assert 0 <= first < last <= len(self.leaves)
        return self.leaves[first:last]

    def _stored(self, level: int, first: int, last: int) -> list[bytes]:
        self.read.append((level, first, last))
        assert 0 <= first < last <= len(self.nodes[level])
        return self.nodes[level][first:last]

    def append(self, new: list[bytes]) -> bytes:
        fresh, after = self.tree.grow(len(self.leaves), new)
        self.leaves = self.leaves + new
        for level, index, value in fresh:
            assert index == len(self.nodes[level])
            self.nodes[level].append(value)
        return after


def tiles_read(log: Log) -> dict[int, list[int]]:
    """Return the tiles read of every level, and check that each was read once, on its own."""
    found: dict[int, list[int]] = {}
    for level, first, last in log.read:
        assert first % 256 == 0, "a tile is read from its beginning"
        assert last - first <= 256, "one tile at a time"
        found.setdefault(level, []).append(first // 256)
    assert all(len(tiles) == len(set(tiles)) for tiles in found.values()), "none is read twice"
    return found


EDGES = [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 131_072, WHOLE - 1, WHOLE]
sizes = st.sampled_from(EDGES) | st.integers(0, WHOLE)


@given(sizes)
@settings(max_examples=60, deadline=None)
def test_the_root_reads_open_tiles_only(size: int) -> None:
    log = Log(WHOLE)
    assert log.tree.root(size) == head(size)
    open_tiles = {level: (size >> level) % 256 for level in (0, 8, 16)}
    assert {level: last - first for level, first, last in log.read} == {
        level: count for level, count in open_tiles.items() if count
    }
    tiles_read(log)


@given(sizes, sizes)
@settings(max_examples=150, deadline=None)
def test_inclusion_reads_the_way_to_the_leaf_and_the_open_tiles(one: int, other: int) -> None:
    size = max(one, other, 1)
    index = min(one, other, size - 1)
    log = Log(WHOLE)
    path = log.tree.inclusion(index, size)
    assert path == prove_inclusion(index, size, node)
    check_inclusion(LEAVES[index], index, size, path, head(size))
    for level, tiles in tiles_read(log).items():
        assert set(tiles) <= {index >> level + 8, size >> level + 8}


@given(sizes, sizes)
@settings(max_examples=150, deadline=None)
def test_consistency_reads_the_open_tiles_of_both(one: int, other: int) -> None:
    old, new = max(1, min(one, other)), max(one, other, 1)
    log = Log(WHOLE)
    path = log.tree.consistency(old, new)
    assert path == prove_consistency(old, new, node)
    check_consistency(old, new, path, head(old), head(new))
    for level, tiles in tiles_read(log).items():
        assert set(tiles) <= {old - 1 >> level + 8, new >> level + 8}


@given(st.lists(st.sampled_from([0, 1, 2, 255, 256, 257, 600]) | st.integers(0, 700), max_size=8))
@settings(max_examples=60, deadline=None)
def test_growing_in_steps_gives_the_same_as_at_once(steps: list[int]) -> None:
    log = Log()
    for step in steps:
        size = len(log.leaves)
        log.read.clear()
        assert log.append(LEAVES[size : size + step]) == head(size + step)
        assert log.read == [
            (level, (size >> level) - count, size >> level)
            for level in (0, 8)
            if (count := (size >> level) % 256)
        ]
    assert log.nodes[8] == NODES[8][: len(log.leaves) >> 8]


@pytest.mark.parametrize("size", [0, 1, 255, 65_535, 65_536, 131_071])
def test_growing_past_the_edges_of_higher_tiles(size: int) -> None:
    log = Log(size)
    assert log.append(LEAVES[size:]) == root(LEAVES) == head(WHOLE)
    assert log.nodes == {level: NODES[level] for level in (8, 16)}


def test_an_empty_log_has_the_root_of_nothing_and_reads_nothing() -> None:
    log = Log()
    assert log.tree.root(0) == EMPTY_ROOT
    assert log.tree.grow(0, []) == ([], EMPTY_ROOT)
    assert log.read == []


@pytest.mark.parametrize("size", [-1, LARGEST + 1, True, "1"])
def test_a_size_that_cannot_be_is_refused(size: int) -> None:
    said = Unproven("tree_number", value=size, least=0, most=LARGEST)
    with pytest.raises(Unproven, match=re.escape(str(said))):
        Log().tree.grow(size, [])


@pytest.mark.parametrize("size", [3, 258])
@pytest.mark.parametrize("lost", [1, -1])
def test_a_tree_that_gives_too_few_or_too_many_hashes_is_incomplete(size: int, lost: int) -> None:
    tree = Tree(
        lambda first, last: LEAVES[first : last - lost],
        lambda level, first, last: NODES[level][first : last - lost],
    )
    wanted = size % 256
    said = Unproven("tree_incomplete", value=wanted - lost, expected=wanted)
    with pytest.raises(Unproven, match=re.escape(str(said))):
        tree.root(size)
    with pytest.raises(Unproven, match="tree_incomplete"):
        tree.inclusion(0, size)


def test_a_byte_moved_from_one_stored_node_to_the_next_is_found() -> None:
    log = Log(1024)
    first, second = log.nodes[8][:2]
    log.nodes[8][:2] = [first[:-1], first[-1:] + second]
    with pytest.raises(Unproven, match="tree_hash"):
        log.tree.root(1024)
