"""Cuts the power at every write of a working day, and opens what the disk may hold then."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

from trust.disk import Disk, Image
from trust.looking import Seen, look
from trust.operations import BOOK, Arguments, copied, filled, history, settled, variables
from trust.recorded import OPTIONS, Reader, Step
from trust.running import Patch, run

_BY = ("--by", "lan")
_UNIT = ("--type", "cell", "--on", "2015-01-01", "--name", "Chi bộ", *_BY)
_TRIES = 60
"""Images after each step of a day, at most."""
_SHARES = 8
_IMPORTED_LINES = (40, 25, 70, 33, 52, 18)
_DAY: tuple[Arguments, ...] = (
    ("init",),
    ("record", "unit_founded", "--unit", "A", *_UNIT),
    (
        "record",
        "nominated",
        "--person",
        "P900001",
        "--unit",
        "A",
        "--on",
        "2020-03-02",
        "--name",
        "Nguyễn Văn An",
        "--sex",
        "male",
        *_BY,
    ),
    ("import", "{}/vao.jsonl", *_BY),
    ("record", "unit_renamed", "--unit", "A", "--on", "2016-01-01", "--name", "Mới", *_BY),
    ("operator", "enrol", "lan", "--role", "chief", "--name", "Lan", "--no-passphrase", *_BY),
    ("record", "unit_founded", "--unit", "B", *_UNIT),
    ("erase", "P900001", "--reason", "theo đơn", *_BY),
    ("record", "unit_founded", "--unit", "C", *_UNIT),
    ("operator", "rotate-key", "--no-passphrase", *_BY),
    ("record", "unit_founded", "--unit", "D", *_UNIT),
)


class Day(NamedTuple):
    """What was done to the disk, and how the book was after each call."""

    folder: str
    steps: list[Step]
    books: list[Seen | None]
    """The book before the first call, and after each."""
    keys: list[bytes | None]
    """The operator's key at the same times."""


class Lost(NamedTuple):
    """An image in which something is wrong."""

    step: int
    call: int
    way: str
    names: str
    problem: str


def day(folder: Path, lines: int, patch: Patch = lambda: None) -> Day:
    """Do the calls of a day in ``folder``, and return what they did to the disk.

    ``lines``: how many are imported, so that no two days fill the same pages.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    work, said, trace = folder / "work", folder / "said", folder / "trace"
    work.mkdir()
    (folder / "vao.jsonl").write_bytes(history(lines))
    reader, steps = Reader(work), list[Step]()
    books: list[Seen | None] = [None]
    keys: list[bytes | None] = [None]
    for call in _DAY:
        arguments = [one.replace("{}/vao", f"{folder}/vao") for one in filled(call, Path("{}"))]
        ran = run(
            arguments,
            said,
            variables=variables(work),
            strace=[*OPTIONS, "-o", str(trace)],
            patch=patch,
        )
        assert ran.status == 0, (call, ran)
        steps += [*reader.steps(trace), Step("mark")]
        books.append(look(copied(work, folder / "copy") / BOOK))
        key = work / "so.lan.key"
        keys.append(key.read_bytes() if key.exists() else None)
    return Day(f"{work}/", steps, books, keys)


def _wrong(day: Day, call: int, folder: Path, *, begun: bool) -> str | None:
    """Return what is wrong with an image; ``call`` calls were acknowledged before it."""
    seen = look(folder / BOOK)
    if seen is not None and seen.problem:
        return seen.problem
    allowed = day.books[call : call + 1 + begun]
    if seen not in allowed:
        there, wanted = (one and (len(one.commits), one.epoch) for one in (seen, day.books[call]))
        return f"commits and epoch {there} instead of {wanted}"
    wanted_keys = [key for key in day.keys[call : call + 1 + begun] if key]
    there_keys = {path.read_bytes() for path in folder.glob("*.key")}
    if day.keys[call] and there_keys.isdisjoint(wanted_keys):
        return "no key of the operator"
    return None


def _put(image: Image, day: Day, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path, content in image.files.items():
        place = folder / path.removeprefix(day.folder)
        place.write_bytes(content)


_DAYS: list[Day] = []


def _share(asked: tuple[int, int, int, int, str]) -> tuple[int, list[Lost]]:
    """Look at one share of the images: how many different ones there were, and what was lost."""
    part, parts, tries, seed, name = asked
    day, disk, call, begun = _DAYS[0], Disk(), 0, False
    folder = Path(name) / str(os.getpid())
    known: set[bytes] = set()
    lost: list[Lost] = []
    for at, step in enumerate(day.steps):
        disk.do(step)
        call, begun = (call + 1, False) if step.what == "mark" else (call, True)
        if at % parts != part:
            continue
        random = Random(seed + at)  # noqa: S311 - chance makes faults here
        for _ in range(1 if disk.is_settled else tries):
            image = disk.image(random)
            content = repr((call, begun, sorted(image.files.items()))).encode()
            digest = sha256(content).digest()
            if digest in known:
                continue
            known.add(digest)
            _put(image, day, folder)
            problem = _wrong(day, call, folder, begun=begun)
            if problem:
                lost.append(Lost(at, call, image.way, image.names, problem))
    return len(known), lost


def cut_all(
    folder: Path, *, count: int, seed: int, safe: bool = True
) -> Iterator[tuple[int, list[Lost]]]:
    """Yield numbers of different images, and what was wrong with some of them.

    Day after day until there are ``count`` images. Without ``safe`` SQLite is told not to
    sync: a test of this test, which must find losses then.
    """
    patch: Patch = (lambda: None) if safe else settled(synchronous="OFF")
    many, done = len(os.sched_getaffinity(0)), 0
    for number in range(count):  # there is one image of a day, at least
        if done >= count:
            return
        lines = _IMPORTED_LINES[number % len(_IMPORTED_LINES)] + number // len(_IMPORTED_LINES)
        _DAYS[:] = [day(folder / "day", lines, patch)]
        tries = max(1, min(_TRIES, count // len(_DAYS[0].steps)))
        asked = (_SHARES * many, tries, seed + number * 1_000_003, str(folder))
        shares = [(part, *asked) for part in range(_SHARES * many)]
        with ProcessPoolExecutor(many, get_context("fork")) as pool:
            for images, lost in pool.map(_share, shares):
                done += images
                yield images, lost
