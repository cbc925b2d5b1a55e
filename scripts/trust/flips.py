"""Flips single bits: every change of what a book says must be found, and its entry named."""

import multiprocessing
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ledger.errors import Problem, RollbookError
from trust.flipped import Given, Lying, given, lying
from trust.saying import Line, duration
from trust.verdict import Log, Meaning, first_differences, logs, meaning, verified

FLIPS = 300_000
"""As TRUST.md asks, over everything."""
_BITS = 8
_A_PIECE = 500
_SHOWN = 20
_OF_THE_FILE = {"not_a_book", "not_continued"}
"""Codes of what is about no entry: SQLite cannot read the file, or its end is gone."""


class Ended(NamedTuple):
    """What became of some flips: how many ended how, and those that ended wrongly."""

    ends: dict[str, int]
    wrong: list[str]


def flipped(content: bytes, bit: int) -> bytes:
    """Return bytes with one bit the other way round."""
    changed = bytearray(content)
    changed[bit // _BITS] ^= 1 << bit % _BITS
    return bytes(changed)


def memory() -> str | None:
    """Return a folder that lies in memory, None where the system has none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - made unique there


def flips(count: int | None, seed: int, only: str | None) -> Iterator[Line]:
    """Yield a line for each kind of file; every bit of it, or ``count`` by chance."""
    began, whole, wrong = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        targets: list[Lying | Given] = [*lying(Path(folder)), *given(Path(folder))]
        for target in targets:
            if only and only not in target.name:
                continue
            since = time.monotonic()
            bits = _bits(target, count, seed)
            ended = _ended(target, bits, Path(folder))
            whole += len(bits)
            wrong += len(ended.wrong)
            for each in ended.wrong[:_SHOWN]:
                print(f"  {each}", flush=True)
            ends = ", ".join(f"{number:,} {end}" for end, number in sorted(ended.ends.items()))
            test = f"a bit of a {target.name} is flipped"
            yield Line(test, "0 wrong", f"{len(bits):,}: {ends}", duration(since), not ended.wrong)
    asked = count is not None or only is not None or whole >= FLIPS
    reached = f"{whole:,}, {wrong} wrong"
    yield Line("bits flipped", f"{FLIPS:,}", reached, duration(began), asked and not wrong)


def _bits(target: Lying | Given, count: int | None, seed: int) -> Sequence[int]:
    size = len(target.content if isinstance(target, Given) else target.files[target.victim])
    whole = range(size * _BITS)
    if count is None or count >= len(whole):
        return whole
    return sorted(random.Random(seed).sample(whole, count))  # noqa: S311 - no secret


def _ended(target: Lying | Given, bits: Sequence[int], folder: Path) -> Ended:
    if isinstance(target, Given):
        return _given_ended(target, bits)
    pieces = [bits[at : at + _A_PIECE] for at in range(0, len(bits), _A_PIECE)]
    ends, wrong = Counter[str](), list[str]()
    # Fresh processes: a connection of SQLite must not be carried over a fork.
    with multiprocessing.get_context("spawn").Pool() as pool:
        for one in pool.imap(partial(_lying_ended, target, folder), pieces):
            ends.update(one.ends)
            wrong += one.wrong
    return Ended(ends, wrong)


def _lying_ended(target: Lying, within: Path, bits: Sequence[int]) -> Ended:
    ends, wrong = Counter[str](), list[str]()
    with tempfile.TemporaryDirectory(dir=within) as folder:
        path = _laid(target, Path(folder), target.files[target.victim])
        said = meaning(path)
        before = logs(path, len(said.entries))
        for bit in bits:
            _laid(target, Path(folder), flipped(target.files[target.victim], bit))
            try:
                end, problem = _looked(path, target.note, said, before)
            except Exception as error:  # noqa: BLE001 - whatever is not ours is what is looked for
                end, problem = "wrong", f"{type(error).__name__}: {error}"
            ends[end] += 1
            if problem:
                wrong.append(f"{target.name}: bit {bit}: {problem}")
    return Ended(ends, wrong)


def _laid(target: Lying, folder: Path, victim: bytes) -> Path:
    """Lay the files of a book out, one of them as ``victim``, and nothing else."""
    for path in folder.iterdir():
        if path.name not in target.files:
            path.unlink()
    for name, content in target.files.items():
        (folder / name).write_bytes(victim if name == target.victim else content)
    return folder / target.book


def _looked(path: Path, note: bytes, said: Meaning, before: list[Log]) -> tuple[str, str | None]:
    """Return how a flip ended, and what is wrong with that."""
    verdict = verified(path, note)
    if verdict is None:
        now = meaning(path)
        return ("without meaning", None) if now == said else ("wrong", "the meaning changed unseen")
    hit = first_differences(before, logs(path, len(said.entries)))
    if not hit or not verdict.opened or verdict.code in _OF_THE_FILE:
        return "found", None
    is_before = verdict.no is not None and verdict.no < 1 and 1 in hit
    if verdict.no in hit or is_before:  # what has a number below 1 stands before the first
        return "found and named", None
    return "wrong", f"entry {min(hit)} was hit, and it says {verdict.no}: {verdict.code}"


def _given_ended(target: Given, bits: Sequence[int]) -> Ended:
    ends, wrong = Counter[str](), list[str]()
    said = target.proves(target.content)
    for bit in bits:
        try:
            now = target.proves(flipped(target.content, bit))
        except (Problem, RollbookError):
            ends["found"] += 1
            continue
        ends["without meaning" if now == said else "wrong"] += 1
        if now != said:
            wrong.append(f"{target.name}: bit {bit}: it proves something else")
    return Ended(ends, wrong)
