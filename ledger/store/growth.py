"""The growing edge of the tree over a book: what the next root needs, and no more.

Of the inner nodes a book keeps the roots of complete subtrees of 256 leaves, of 256 times as
many, and so on: the hashes above the leaves in the full tiles of C2SP tlog-tiles. What lies
right of them is made anew of the entries, at most 255 of them, once a command.
"""

from collections.abc import Callable, Iterable

from ledger.proof.tree import HEIGHT, WIDTH, StoredNode, complete_roots, root


class Growth:
    """The open tile of each level, from the leaves up. It grows, and gives what is to be kept."""

    def __init__(self, size: int, stored: Callable[[int, int, int], list[bytes]]) -> None:
        """Begin with a tree of ``size`` leaves.

        ``stored(level, first, last)`` returns the hashes from ``first`` up to and without
        ``last`` of a level, those of level 0 made anew; there may be none.
        """
        self._size = size
        self._open: dict[int, list[bytes]] = {}
        level = 0
        while count := size >> level:
            self._open[level] = stored(level, count - count % WIDTH, count)
            level += HEIGHT

    def add(self, leaf_hashes: Iterable[bytes]) -> list[StoredNode]:
        """Append leaves; return the nodes that became complete, to be kept."""
        kept: list[StoredNode] = []
        new, size, level = list(leaf_hashes), self._size, 0
        self._size += len(new)
        while new:
            if level:
                kept += ((level, size + at, node) for at, node in enumerate(new))
            tile = self._open.setdefault(level, [])
            tile += new
            new = complete_roots(tile)
            del tile[: len(new) * WIDTH]
            size, level = size // WIDTH, level + HEIGHT
        return kept

    def root(self) -> bytes:
        """Return the root of the whole tree as it stands (RFC 9162, 2.1.1)."""
        rest: list[bytes] = []
        for tile in self._open.values():
            rest = [root(tile + rest)] if tile or rest else []
        return root(rest)
