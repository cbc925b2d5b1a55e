"""Tiles and bundles: their paths, their widths, their bytes."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import Unproven
from ledger.proof.tiles import (
    ENTRIES,
    Tile,
    format_bundle,
    format_tile,
    parse_bundle,
    parse_path,
    parse_tile,
    tiles_of,
)

HASHES = [bytes([no]) * 32 for no in range(256)]


def refused(code: str, **values: object) -> Any:
    return pytest.raises(Unproven, match="^" + re.escape(str(Unproven(code, **values))) + "$")


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(1, 1234067), "tile/1/x001/x234/067"),  # tlog-tiles, "Merkle Tree"
        (Tile(0, 5, 1), "tile/0/005.p/1"),
        (Tile(7, 1_000_000, 255), "tile/7/x001/x000/000.p/255"),
        (Tile(63, 0, 112), "tile/63/000.p/112"),
        (Tile(ENTRIES, 1000), "tile/entries/x001/000"),
        (Tile(ENTRIES, 0, 12), "tile/entries/000.p/12"),
        (Tile(0, 2**63 - 1), "tile/0/x009/x223/x372/x036/x854/x775/807"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/001/000",
        "tile/0/x000/000",
        "tile/0/x001/00",
        "tile/0/x001/x000",
        "tile/00/000",
        "tile/-1/000",
        "tile/64/000",
        "tile/99/000",
        "tile/100/000",
        "tile/data/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/1000",
        "tile/0/000.p/-1",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/../000",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/x001/x000/x000/x000/x000/x000/x000/000",
        "tile/entries/x/000",
    ],
)
def test_what_is_no_path(path: str) -> None:
    with refused("tile_path", value=path):
        parse_path(path)


def test_of_a_long_path_only_the_beginning_is_shown() -> None:
    with refused("tile_path", value="x" * 200):
        parse_path("x" * 300)


def paths_of(size: int, since: int = 0) -> list[str]:
    return [tile.path for tile in tiles_of(size, since)]


def test_the_tiles_of_small_trees() -> None:
    assert paths_of(0) == []
    assert paths_of(1) == ["tile/entries/000.p/1", "tile/0/000.p/1"]
    assert paths_of(255) == ["tile/entries/000.p/255", "tile/0/000.p/255"]
    assert paths_of(256) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert paths_of(257) == [
        *("tile/entries/000", "tile/entries/001.p/1"),
        *("tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"),
    ]


def test_the_tiles_of_70000_entries() -> None:
    """The example of tlog-tiles, "Partial Tiles"."""
    tiles = list(tiles_of(70_000))
    for level in (ENTRIES, 0):
        assert [t for t in tiles if t.level == level] == [
            *(Tile(level, number) for number in range(273)),
            Tile(level, 273, 112),
        ]
    assert [t for t in tiles if t.level > 0] == [Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]


def test_what_a_tree_has_that_a_smaller_one_had_not() -> None:
    assert paths_of(300, 300) == []
    assert paths_of(300, 0) == paths_of(300)
    assert paths_of(256, 255) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert paths_of(300, 256) == ["tile/entries/001.p/44", "tile/0/001.p/44"]
    assert paths_of(300, 299) == ["tile/entries/001.p/44", "tile/0/001.p/44"]
    assert paths_of(600, 300) == [
        *("tile/entries/001", "tile/entries/002.p/88"),
        *("tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"),
    ]


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_only_new_tiles_since(one: int, other: int) -> None:
    since, size = sorted((one, other))
    before, now = paths_of(since), paths_of(size)
    assert paths_of(size, since) == [path for path in now if path not in set(before)]


@pytest.mark.parametrize("width", [1, 2, 255, 256])
def test_tiles(width: int) -> None:
    data = format_tile(HASHES[:width])
    assert data == b"".join(HASHES[:width])
    assert parse_tile(data, width) == HASHES[:width]
    for other in {width - 1, width + 1}:
        with refused("tile_length", value=len(data), expected=other * 32):
            parse_tile(data, other)
    for wrong in (data[:-1], data + b"x"):
        with refused("tile_length", value=len(wrong), expected=width * 32):
            parse_tile(wrong, width)


def test_what_is_no_tile() -> None:
    with refused("tile_length", value=0, expected=0):
        parse_tile(b"", 0)
    with refused("tile_length", value=257 * 32, expected=257 * 32):
        parse_tile(bytes(257 * 32), 257)
    with refused("tile_length", value=0, expected=0):
        format_tile([])
    with refused("tile_length", value=64, expected=64):
        format_tile([bytes(31), bytes(33)])
    assert format_tile((HASHES[0],)) == HASHES[0]


def test_bundles() -> None:
    entries = [b"", b"a", b"x" * 300, b"y" * 65_535]
    data = format_bundle(entries)
    assert data.startswith(b"\0\0" + b"\0\1a" + b"\1\x2cxxx")
    assert data.endswith(b"\xff\xff" + b"y" * 65_535)
    assert parse_bundle(data, 4) == entries
    for width in (0, 3, 5, 257):
        with pytest.raises(Unproven, match="bundle_length"):
            parse_bundle(data, width)
    for wrong in (data[:-1], data + b"\0", data + b"\0\0", data[1:]):
        with pytest.raises(Unproven, match="bundle_length"):
            parse_bundle(wrong, 4)


def test_what_is_no_bundle() -> None:
    with refused("bundle_entry", value=65_536, limit=65_535):
        format_bundle([b"", b"y" * 65_536])
    for count in (0, 257):
        with refused("bundle_length", value=count, expected=256):
            format_bundle([b""] * count)
        with refused("bundle_length", value=count, expected=count):
            parse_bundle(b"\0\0" * count, count)
    assert parse_bundle(format_bundle([b""] * 256), 256) == [b""] * 256


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_bundles_come_back(entries: list[bytes]) -> None:
    assert parse_bundle(format_bundle(entries), len(entries)) == entries


@given(st.binary(max_size=60), st.integers(1, 9))
def test_whatever_is_read_of_a_bundle_is_what_would_be_written(data: bytes, width: int) -> None:
    try:
        entries = parse_bundle(data, width)
    except Unproven:
        return
    assert format_bundle(entries) == data
