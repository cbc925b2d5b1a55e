"""A disk that loses power: what was synced is there, of the rest whatever chance leaves.

The model is harsher than any file system: writes that were not synced may be there in any
choice and order, whole, torn at sectors, or with their length only; names that came and went
since the last sync of their folder may have done so or not, each by itself.
"""

from collections.abc import Iterator, Mapping
from random import Random
from typing import NamedTuple

from trust.recorded import Step

SECTORS_BYTES = (512, 4_096)
WAYS = (
    "dropped",
    "all",
    "prefix",
    "reordered",
    "reordered",
    "torn",
    "torn",
    "torn",
    "stale",
    "stale",
)
"""What becomes of what was not synced; the more there is to choose, the more often."""
_HALF, _WHOLE = 0.5, 0.3
_NAMES = ("none", "all", "prefix", "each")


class Image(NamedTuple):
    """What is on a disk after the power came back."""

    way: str
    names: str
    files: Mapping[str, bytes]
    """By path."""


class Disk:
    """The state of a disk while steps are done to it."""

    def __init__(self) -> None:
        self._durable: dict[int, bytearray] = {}
        self._pending: list[Step] = []
        """Writes and sizes that were not synced, of all inodes, in order."""
        self._names: dict[str, int] = {}
        self._moves: list[Step] = []

    def do(self, step: Step) -> None:
        """Do one step."""
        if step.what in {"write", "size"}:
            self._pending.append(step)
        elif step.what == "sync":
            content = self._durable.setdefault(step.inode, bytearray())
            for one in self._pending:
                if one.inode == step.inode:
                    _apply(content, one)
            self._pending = [one for one in self._pending if one.inode != step.inode]
        elif step.what == "folder":
            for one in self._moves:
                _move(self._names, one)
            self._moves = []
        elif step.what != "mark":
            self._moves.append(step)

    @property
    def is_settled(self) -> bool:
        """Whether everything is durable."""
        return not self._pending and not self._moves

    def image(self, random: Random) -> Image:
        """Return what the disk may hold if the power goes now."""
        way, how = random.choice(WAYS), random.choice(_NAMES)
        names = dict(self._names)
        cut = random.randint(0, len(self._moves))
        for at, move in enumerate(self._moves):
            if (
                how == "all"
                or (how == "prefix" and at < cut)
                or (how == "each" and random.random() < _HALF)
            ):
                _move(names, move)
        there = {*names.values()}
        contents = {inode: bytearray(self._durable.get(inode, b"")) for inode in there}
        pending = [one for one in self._pending if one.inode in there]
        cut, odds = random.randint(0, len(pending)), random.random()
        for at, step in enumerate(pending):
            if way == "all" or (way == "prefix" and at < cut):
                _apply(contents[step.inode], step)
            elif way in {"reordered", "torn", "stale"} and random.random() < odds:
                for part in _parts(step, way, random):
                    _apply(contents[step.inode], part)
        return Image(way, how, {path: bytes(contents[inode]) for path, inode in names.items()})


def _parts(step: Step, way: str, random: Random) -> Iterator[Step]:
    """Yield what of one step reached the disk."""
    if step.what != "write" or way == "reordered" or random.random() < _WHOLE:
        yield step
        return
    if way == "stale":  # the length is there, what was written is not
        yield step._replace(what="length", at=step.at + len(step.data), data=b"")
        return
    sector = random.choice(SECTORS_BYTES)
    begin = step.at
    while begin < step.at + len(step.data):
        end = min((begin // sector + 1) * sector, step.at + len(step.data))
        if random.random() < _HALF:
            yield step._replace(at=begin, data=step.data[begin - step.at : end - step.at])
        begin = end


def _apply(content: bytearray, step: Step) -> None:
    if step.what == "size":
        del content[step.at :]
    end = step.at + len(step.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if step.what == "write":
        content[step.at : end] = step.data


def _move(names: dict[str, int], step: Step) -> None:
    if step.what == "unname":
        names.pop(step.path, None)
        return
    names[step.path] = step.inode
    if step.what == "rename":
        names.pop(step.other, None)
