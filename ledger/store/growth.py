"""The growing edge of the tree over a book: what the next root needs, and no more.

The tree is that of RFC 9162, section 2.1.1, over the leaf hashes of all entries. Of its
inner nodes a book keeps the roots of full subtrees of 256 leaves, of 256 times as many, and
so on: those of the full tiles of C2SP tlog-tiles. What lies right of them is made anew of
the entries, at most 255 of them.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

TILE_HEIGHT = 8
TILE = 1 << TILE_HEIGHT
"""How many hashes a full tile has."""
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162, 2.1.1)."""


class Node(NamedTuple):
    """An inner node that is kept: the root of a full subtree."""

    height: int
    """8, 16, 24 …: it has 2 to the power of that many leaves."""
    no: int
    """Its place among those of its height, from 0."""
    hash: bytes


def over(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two others."""
    return sha256(b"\1" + left + right).digest()


def full_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a full subtree's ``hashes``: a power of two of them, not none."""
    row, make = list(hashes), sha256
    while len(row) > 1:
        ends = iter(row)
        row = [make(b"\1" + left + right).digest() for left, right in zip(ends, ends, strict=True)]
    return row[0]


class Growth:
    """The open tile of each height, from the leaves up. It grows, and gives what is to be kept."""

    def __init__(self, size: int, stored: Callable[[int, int, int], list[bytes]]) -> None:
        """Begin with a tree of ``size`` leaves.

        ``stored(height, first, last)`` returns the hashes of nodes of a height by their
        places, those of height 0 made anew.
        """
        self._size = size
        self._open: list[list[bytes]] = []
        height = 0
        while (count := size >> height) or not height:
            first = count - count % TILE
            self._open.append(stored(height, first, count - 1) if count > first else [])
            height += TILE_HEIGHT

    def add(self, leaf_hashes: Iterable[bytes]) -> list[Node]:
        """Append leaves; return the nodes that became full, to be kept."""
        leaves = self._open[0]
        before = len(leaves)
        leaves.extend(leaf_hashes)
        first = (self._size - before) >> TILE_HEIGHT
        self._size += len(leaves) - before
        return self._close(0, first)

    def _close(self, level: int, first: int) -> list[Node]:
        """Take what is full out of a level; ``first``: the place of its root one level up."""
        hashes = self._open[level]
        full = len(hashes) // TILE
        if not full:
            return []
        height = (level + 1) * TILE_HEIGHT
        roots = [full_root(hashes[at * TILE : (at + 1) * TILE]) for at in range(full)]
        del hashes[: full * TILE]
        if level + 1 == len(self._open):
            self._open.append([])
        above = self._open[level + 1]
        above_first = (first - len(above)) >> TILE_HEIGHT
        above.extend(roots)
        kept = [Node(height, first + at, root) for at, root in enumerate(roots)]
        return kept + self._close(level + 1, above_first)

    def root(self) -> bytes:
        """Return the root of the whole tree as it stands."""
        found = b""
        for hashes in self._open:
            end = len(hashes)
            while end:
                width = end & -end  # the last full subtree: RFC 9162 splits at powers of two
                last = full_root(hashes[end - width : end])
                found = over(last, found) if found else last
                end -= width
        return found or EMPTY_ROOT
