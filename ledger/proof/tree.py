"""The Merkle tree of RFC 6962 and RFC 9162 over SHA-256: roots, proofs, and their checks.

Section numbers are those of RFC 9162; RFC 6962 section 2.1 defines the same tree. Indices and
sizes are zero-based counts of leaves. A *complete subtree* (level, index) is that over the
leaves from index * 2**level on, 2**level of them.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from ledger.proof.errors import Unproven

HASH_BYTES = 32
HEIGHT = 8
"""The levels of one tile, as in tlog-tiles: a tile is a complete subtree of 256 hashes."""
WIDTH = 1 << HEIGHT
LARGEST = 2**63 - 1
"""The largest size of a tree: what SQLite, and the tools in Go, can count."""
EMPTY_ROOT = sha256().digest()

Node = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree (level, index)."""
StoredNode = tuple[int, int, bytes]
"""The root of a complete subtree to be stored: level (8, 16, 24 …), index, hash."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf that holds ``data`` (2.1.1: 0x00 before it)."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two others (2.1.1: 0x01 before them)."""
    return sha256(b"\1" + left + right).digest()


def complete_roots(hashes: Sequence[bytes], height: int = HEIGHT) -> list[bytes]:
    """Return the roots of the complete subtrees of 2**``height`` hashes each (2.1.1).

    The hashes behind the last complete one are left out. Nothing is checked, for speed.
    """
    sha, mark = sha256, b"\1"
    for _ in range(height):
        each = iter(hashes)
        pairs = zip(each, each, strict=False)
        hashes = [sha(mark + left + right).digest() for left, right in pairs]
    return list(hashes)


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over these leaf hashes, or over roots of complete subtrees (2.1.1).

    The last of an odd number goes up a level as it is, which gives the tree of the RFC.
    """
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > 1:
        above = complete_roots(hashes, 1)
        hashes = above + [hashes[-1]] * (len(hashes) % 2)
    return hashes[0]


def prove_inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Return the inclusion path of leaf ``index`` in the tree of ``size`` (2.1.3.1).

    Its hashes go from the leaf's sibling up; raises Unproven unless 0 <= index < size.
    """
    _number(size, 1, LARGEST)
    _number(index, 0, size - 1)
    first, last, path = 0, size, list[bytes]()
    while last - first > 1:
        middle = _middle(first, last)
        if index < middle:
            path.append(_subtree(middle, last, node))
            last = middle
        else:
            path.append(_subtree(first, middle, node))
            first = middle
    return path[::-1]


def prove_consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Return the consistency path from the tree of ``old`` leaves to that of ``new`` (2.1.4.1).

    It is empty if the sizes are equal; raises Unproven unless 1 <= old <= new.
    """
    _number(new, 1, LARGEST)
    _number(old, 1, new)
    first, last, path = 0, new, list[bytes]()
    while last != old:
        middle = _middle(first, last)
        if old <= middle:
            path.append(_subtree(middle, last, node))
            last = middle
        else:
            path.append(_subtree(first, middle, node))
            first = middle
    if first:  # else the old tree is itself a complete subtree: whoever checks knows its root
        path.append(_subtree(first, last, node))
    return path[::-1]


def check_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes
) -> None:
    """Raise Unproven unless ``path`` leads from the leaf hash to the root ``expected`` (2.1.3.2).

    ``index`` must lie below ``size``, and the path must have the one length that is right.
    """
    _number(size, 1, LARGEST)
    _number(index, 0, size - 1)
    inner, border = _lengths(index, size - 1)
    _path(path, inner + border)
    value = _hash(leaf)
    for level, item in enumerate(path):
        left = level >= inner or index >> level & 1
        value = node_hash(item, value) if left else node_hash(value, item)
    if value != _hash(expected):
        raise Unproven("proof_root")


def check_consistency(
    old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Raise Unproven unless the tree of ``new`` leaves continues that of ``old`` (2.1.4.2).

    An ``old`` of 0 proves nothing and is refused; equal sizes need an empty path and equal roots.
    """
    _number(new, 1, LARGEST)
    _number(old, 1, new)
    below = (old & -old).bit_length() - 1  # levels of the last complete subtree of the old tree
    complete = old == 1 << below
    index = old - 1 >> below
    inner, border = _lengths(index, new - 1 >> below)
    seeded = not complete and old != new
    _path(path, 0 if old == new else inner + border + seeded)
    was = now = path[0] if seeded else _hash(old_root)
    for level, item in enumerate(path[seeded:]):
        if level >= inner or index >> level & 1:
            was, now = node_hash(item, was), node_hash(item, now)
        else:
            now = node_hash(now, item)
    if was != _hash(old_root):
        raise Unproven("proof_old_root")
    if now != _hash(new_root):
        raise Unproven("proof_root")


class Tree:
    """The tree of a growing log of which the roots of complete tiles are stored.

    ``leaves(first, last)`` gives the leaf hashes from ``first`` up to and without ``last``;
    ``stored(level, first, last)`` the stored roots of complete subtrees of that level (8, 16,
    24 …) likewise. Of each level at most the tile on the way to the leaf and the open tile
    at the end are read, each once an answer.
    """

    def __init__(
        self,
        leaves: Callable[[int, int], list[bytes]],
        stored: Callable[[int, int, int], list[bytes]],
    ) -> None:
        self._leaves = leaves
        self._stored = stored

    def root(self, size: int) -> bytes:
        """Return the root of the first ``size`` leaves (2.1.1)."""
        return self.grow(size, [])[1]

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the inclusion path of a leaf in the tree of ``size``; see prove_inclusion."""
        return prove_inclusion(index, size, self._node(size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the consistency path between two sizes; see prove_consistency."""
        return prove_consistency(old, new, self._node(new))

    def grow(self, size: int, new: Sequence[bytes]) -> tuple[list[StoredNode], bytes]:
        """Return what is to be stored when leaves are added to ``size`` others, and the root.

        The nodes come by level and index. Only open tiles are read: at most 255 hashes a level.
        """
        _number(size, 0, LARGEST)
        fresh, rest, level = list[StoredNode](), list[bytes](), 0
        while size or new:
            here = [*self._read(level, size - size % WIDTH, size), *new]
            if level:
                fresh += ((level, size + no, value) for no, value in enumerate(new))
            new = complete_roots(here)
            rest = here[len(new) * WIDTH :] + rest
            rest = [root(rest)] if rest else []
            size, level = size // WIDTH, level + HEIGHT
        return fresh, root(rest)

    def _node(self, size: int) -> Node:
        """Return a reader of complete subtrees within ``size`` that keeps the tiles it read."""
        tiles: dict[tuple[int, int], list[bytes]] = {}

        def node(level: int, index: int) -> bytes:
            up = level % HEIGHT
            bottom = level - up
            tile, first = divmod(index << up, WIDTH)
            if (bottom, tile) not in tiles:
                end = min((tile + 1) * WIDTH, size >> bottom)
                tiles[bottom, tile] = self._read(bottom, tile * WIDTH, end)
            return complete_roots(tiles[bottom, tile][first : first + (1 << up)], up)[0]

        return node

    def _read(self, level: int, first: int, last: int) -> list[bytes]:
        if first == last:
            return []
        found = self._stored(level, first, last) if level else self._leaves(first, last)
        if len(found) != last - first:
            raise Unproven("tree_incomplete", value=len(found), expected=last - first)
        return [_hash(value) for value in found]


def _middle(first: int, last: int) -> int:
    """Return where a subtree parts: after the largest power of two below its size (2.1.1)."""
    return first + (1 << (last - first - 1).bit_length() - 1)


def _subtree(first: int, last: int, node: Node) -> bytes:
    """Return the hash over the leaves from ``first`` up to and without ``last`` (2.1.1)."""
    level = (last - first - 1).bit_length()
    if last - first == 1 << level:
        return node(level, first >> level)
    middle = _middle(first, last)
    return node_hash(_subtree(first, middle, node), _subtree(middle, last, node))


def _lengths(index: int, last: int) -> tuple[int, int]:
    """Return how many items of a path stand beside a way of its own, and left of the shared one.

    The way up from ``index`` meets that from the ``last`` leaf after the first of the two.
    """
    inner = (index ^ last).bit_length()
    return inner, (index >> inner).bit_count()


def _number(value: int, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise Unproven("tree_number", value=value, least=least, most=most)


def _hash(value: bytes) -> bytes:
    if type(value) is not bytes or len(value) != HASH_BYTES:
        raise Unproven("tree_hash", value=repr(value)[:80])
    return value


def _path(path: Sequence[bytes], length: int) -> None:
    if type(path) not in {list, tuple}:
        raise Unproven("tree_hash", value=type(path).__name__)
    if len(path) != length:
        raise Unproven("proof_length", value=len(path), expected=length)
    for item in path:
        _hash(item)
