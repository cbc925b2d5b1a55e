"""Compares a book with what it was: a checkpoint, another copy of it, or an export."""

import json
import struct
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ledger.audit.identity import book_key
from ledger.audit.proving import BookTree
from ledger.errors import Problem, Refused
from ledger.proof.checkpoints import Checkpoint, parse_text
from ledger.proof.errors import Unproven
from ledger.proof.notes import MOST_BYTES, parse_note
from ledger.proof.text import base64_of
from ledger.proof.tiles import ENTRIES, MOST_ENTRY_BYTES, Tile, parse_bundle
from ledger.proof.tree import WIDTH, leaf_hash
from ledger.store.durable import open_plain
from ledger.store.growth import Growth

CHANGED, CUT, FORKED, COMMIT = "changed", "cut", "forked", "commit"
MOST_CHANGES = 1_000
"""How many changed entries are named; after them only whether the book was forked or cut."""
_ITEMS = (
    *("book", "no", "stream", "version", "kind", "recorded_at", "by", "commit_no"),
    *("committed_by", "file_name", "file_hash", "sheet", "row"),
)
_COMMITS = "SELECT commit_no, first_no, last_no, root, signature FROM commits ORDER BY commit_no"
_COMMIT_NAMES = ("commit_no", "first_no", "last_no", "root", "signature")
_LENGTH = struct.Struct(">I")
_MOST_LINE_BYTES = 1_000


class Difference(NamedTuple):
    """Something that is not as it was."""

    no: int | None
    """The entry; of what was cut or forked the first."""
    commit_no: int | None
    change: str
    parts: tuple[str, ...]
    """What of it is different, by name."""


class Old(NamedTuple):
    """What a book was: its entries as they are hashed, and its commits."""

    size: int
    contents: Iterator[bytes]
    commits: Iterator[tuple[Any, ...]]


def against_checkpoint(tree: BookTree, old: Checkpoint) -> list[Difference]:
    """Return how a book, whose structure is in order, differs from a checkpoint of it.

    A checkpoint cannot tell which of its entries was changed.
    """
    if old.origin != book_key(tree.book).name:
        raise Refused(
            Unproven("checkpoint_origin", value=old.origin, expected=book_key(tree.book).name)
        )
    if old.size > tree.size:
        return [Difference(tree.size + 1, None, CUT, ())]
    if tree.root(old.size) != old.root:
        return [Difference(None, None, FORKED, ())]
    return []


def against_entries(tree: BookTree, old: Old) -> list[Difference]:
    """Return how a book differs from what it was, by entries first, then by commits."""
    found: list[Difference] = []
    since: list[Difference] = []
    common = min(old.size, tree.size)
    pairs = zip(old.contents, tree.contents(1, common), strict=False)
    for no, (was, now) in enumerate(pairs, 1):
        if was == now:
            found += since[: MOST_CHANGES - len(found)]
            since = []
        elif len(since) <= MOST_CHANGES:
            since.append(Difference(no, None, CHANGED, _parts(was, now)))
    deque(old.contents, maxlen=0)  # whether it is what it was is known at its end
    if since:
        found.append(since[0]._replace(change=FORKED))
    if tree.size < old.size:
        found.append(Difference(tree.size + 1, None, CUT, ()))
    sound = min((one.no or 0 for one in found), default=common + 1) - 1
    with closing(_commits_of(tree)) as commits:
        return found + list(_commits(old.commits, commits, sound))


def old_copy(tree: BookTree) -> Old:
    """Return another copy of a book as it was."""
    return Old(tree.size, tree.contents(1, tree.size), _commits_of(tree))


class Exported(NamedTuple):
    """An export of a book as it was."""

    note: bytes
    """The signed note of its checkpoint; whose signature that is, is not looked at here."""
    checkpoint: Checkpoint
    old: Old


def old_export(folder: Path) -> Exported:
    """Return an export of a book as it was, and the checkpoint it goes with.

    The entries are checked against that when all of them are read. Raises Unproven where they
    do not make its root, Refused where the folder cannot be read.
    """
    try:
        with open_plain(folder / "checkpoint") as stream:
            note = stream.read(MOST_BYTES + 1)
        checkpoint = parse_text(parse_note(note).text)
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("export_unreadable", value=str(folder), detail=detail)) from None
    old = Old(checkpoint.size, _bundles(folder, checkpoint), _lines(folder, checkpoint.size))
    return Exported(note, checkpoint, old)


def _bundles(folder: Path, checkpoint: Checkpoint) -> Iterator[bytes]:
    growth, size = Growth(0, lambda *_: []), checkpoint.size
    for first in range(0, size, WIDTH):
        width = min(WIDTH, size - first)
        path = folder / Tile(ENTRIES, first // WIDTH, width).path
        try:
            with open_plain(path) as stream:
                data = stream.read(WIDTH * (MOST_ENTRY_BYTES + 2) + 1)
        except OSError as error:
            detail = error.strerror or str(error)
            raise Refused(Problem("export_unreadable", value=str(path), detail=detail)) from None
        try:
            entries = parse_bundle(data, width)
        except Unproven as problem:
            raise problem.at(str(path)) from None
        growth.add(map(leaf_hash, entries))
        yield from entries
        if first + width == size and growth.root() != checkpoint.root:
            raise Unproven("proof_root").at(str(folder))


def _lines(folder: Path, size: int) -> Iterator[tuple[Any, ...]]:
    """Yield the commits of an export; raise Unproven where a line is none, or the last is gone."""
    path, ended = folder / "commits.jsonl", 0
    try:
        with open_plain(path) as stream:
            for no, line in enumerate(iter(lambda: stream.readline(_MOST_LINE_BYTES), b""), 1):
                try:
                    said = json.loads(line)
                    ended = said["last_no"]
                    commit = tuple(said[name] for name in _COMMIT_NAMES)
                except (ValueError, KeyError, TypeError, RecursionError):
                    raise Unproven("proof_line", value=no).at(str(path)) from None
                yield commit
        if ended != size:
            raise Unproven("export_commits", value=ended, expected=size).at(str(path))
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("export_unreadable", value=str(path), detail=detail)) from None


def _commits_of(tree: BookTree) -> Generator[tuple[Any, ...], None, None]:
    with tree.book.recorder.datastore.reading() as cursor:
        for *numbers, root, signature in cursor.execute(_COMMITS):
            hashes = (root, signature)
            yield (*numbers, *(base64_of(one) if isinstance(one, bytes) else one for one in hashes))


def _commits(
    old: Iterator[tuple[Any, ...]], new: Iterator[tuple[Any, ...]], sound: int
) -> Iterator[Difference]:
    """Yield the commits that differ, though all their entries are the same."""
    pairs = zip(old, new, strict=False)
    for was, now in islice((pair for pair in pairs if pair[0] != pair[1]), MOST_CHANGES):
        if isinstance(was[2], int) and was[2] <= sound:
            parts = tuple(
                name
                for name, one, other in zip(_COMMIT_NAMES, was, now, strict=True)
                if one != other
            )
            yield Difference(now[1], now[0], COMMIT, parts)


def _parts(was: bytes, now: bytes) -> tuple[str, ...]:
    """Return the names of what differs between two entries as they are hashed."""
    first, second = _split(was), _split(now)
    return tuple(
        name
        for name, one, other in zip((*_ITEMS, "state"), first, second, strict=True)
        if one != other
    )


def _split(content: bytes) -> list[bytes]:
    parts, at = list[bytes](), 0
    for _ in _ITEMS:
        length = _LENGTH.unpack_from(content.ljust(at + _LENGTH.size, b"\0"), at)[0]
        at += _LENGTH.size
        parts.append(content[at : at + length])
        at += length
    return [*parts, content[at:]]
