"""A log as static files, as C2SP tlog-tiles defines them: tiles of hashes, bundles of entries.

A tile is 256 consecutive hashes of a level, a bundle 256 entries; the last of each may be
partial. Level 0 are the leaf hashes; each hash of a level above is the root of a full tile below.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.proof.errors import Unproven
from ledger.proof.text import number_of
from ledger.proof.tree import HASH_BYTES, HEIGHT, WIDTH

ENTRIES = -1
"""Stands for the level of a bundle of entries, which has the place of a tile of level 0."""
MOST_LEVEL = 63
MOST_ENTRY_BYTES = 65_535
_LENGTH_BYTES = 2
_PATH = re.compile(
    r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


class Tile(NamedTuple):
    """Where a tile or bundle stands, and how many hashes or entries it has (1 to 256)."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix (tlog-tiles, "Merkle Tree", "Log entries")."""
        groups = [f"{self.number % 1000:03}"]
        above = self.number // 1000
        while above:
            groups.insert(0, f"x{above % 1000:03}")
            above //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{partial}"


def parse_path(path: str) -> Tile:
    """Return the tile or bundle of a path (tlog-tiles, "Merkle Tree"); raises Unproven."""
    found = _PATH.fullmatch(path)
    if not found:
        raise Unproven("tile_path", value=path[:200])
    level, number, width = found.groups(default=str(WIDTH))
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(number.replace("x", "").replace("/", "")),
        int(width),
    )
    possible = tile.level <= MOST_LEVEL and tile.width <= WIDTH
    if tile.path != path or not possible or number_of(str(tile.number)) is None:
        raise Unproven("tile_path", value=path[:200])
    return tile


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Yield the tiles of a tree, and the bundles of its entries (tlog-tiles, "Partial Tiles").

    With ``since`` only those that a tree of that size did not have. By level, from bundles up.
    """
    yield from (Tile(ENTRIES, number, width) for _, number, width in _tiles(0, size, since))
    level = 0
    while size:
        yield from _tiles(level, size, since)
        size, since, level = size >> HEIGHT, since >> HEIGHT, level + 1


def _tiles(level: int, size: int, since: int) -> Iterator[Tile]:
    """Yield the tiles of one level that has ``size`` hashes, and had ``since``."""
    if since < size:
        yield from (Tile(level, number) for number in range(since // WIDTH, size // WIDTH))
        if size % WIDTH:
            yield Tile(level, size // WIDTH, size % WIDTH)


def format_tile(hashes: Sequence[bytes]) -> bytes:
    """Return the file of a tile: its hashes, one after the other (tlog-tiles, "Merkle Tree")."""
    data = b"".join(hashes)
    if parse_tile(data, len(hashes)) != list(hashes):
        raise Unproven("tile_length", value=len(data), expected=len(hashes) * HASH_BYTES)
    return data


def parse_tile(data: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile of this width; raises Unproven where its length is another."""
    if not 1 <= width <= WIDTH or len(data) != width * HASH_BYTES:
        raise Unproven("tile_length", value=len(data), expected=width * HASH_BYTES)
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def format_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the file of a bundle: each entry after its length in two bytes, big-endian.

    (tlog-tiles, "Log entries".) Raises Unproven of an entry of more than 65,535 bytes, or
    unless there are 1 to 256.
    """
    if not 1 <= len(entries) <= WIDTH:
        raise Unproven("bundle_length", value=len(entries), expected=WIDTH)
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MOST_ENTRY_BYTES:
            raise Unproven("bundle_entry", value=len(entry), limit=MOST_ENTRY_BYTES)
        parts += (len(entry).to_bytes(_LENGTH_BYTES), entry)
    return b"".join(parts)


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle of this width (tlog-tiles, "Log entries").

    Raises Unproven unless it holds exactly so many and not a byte more.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) < width:
        first = at + _LENGTH_BYTES
        at = first + int.from_bytes(data[at:first])
        entries.append(data[first:at])
    if at != len(data) or len(entries) != width or not 1 <= width <= WIDTH:
        raise Unproven("bundle_length", value=len(entries), expected=width)
    return entries
