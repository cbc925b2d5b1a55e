"""Edits every entry of a book in twelve ways, carelessly and with all made to fit."""

import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from trust.editing import EDITS, ROLL_BACK
from trust.flips import Ended, memory
from trust.forging import Written, fitting, read, write
from trust.samples import Sample, files, sample
from trust.saying import Line, duration
from trust.verdict import continues, structural, unentitled

ENTRIES = 1_000
_A_PIECE = 25
_SHOWN = 10
CARELESS, SIGNED, PLAIN = "careless", "made to fit", "made to fit where nobody signs"


class Books(NamedTuple):
    """The same history, signed by operators and by nobody."""

    signed: Sample
    plain: Sample


def edits(count: int | None, seed: int, only: str | None) -> Iterator[Line]:
    """Yield a line for each kind of edit; of every entry, or of ``count`` by chance."""
    chosen = list(range(1, ENTRIES + 1))
    if count is not None:
        chosen = sorted(random.Random(seed).sample(chosen, count))  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(dir=memory()) as name:
        folder = Path(name)
        for each in ("signed", "plain"):
            (folder / each).mkdir()
        books = Books(
            sample(folder / "signed", ENTRIES, signed=True),
            sample(folder / "plain", ENTRIES, signed=False),
        )
        # Fresh processes: a connection of SQLite must not be carried over a fork.
        with multiprocessing.get_context("spawn").Pool() as pool:
            for kind in EDITS:
                if only and only not in kind:
                    continue
                since = time.monotonic()
                ends, wrong = Counter[str](), list[str]()
                pieces = [chosen[at : at + _A_PIECE] for at in range(0, len(chosen), _A_PIECE)]
                for one in pool.imap(partial(_ended, books, folder, kind), pieces):
                    ends.update(one.ends)
                    wrong += one.wrong
                for each in wrong[:_SHOWN]:
                    print(f"  {each}", flush=True)
                yield _line(kind, Ended(ends, wrong), len(chosen), since)


def _line(kind: str, ended: Ended, entries: int, since: float) -> Line:
    told = ", ".join(f"{number:,} {end}" for end, number in sorted(ended.ends.items()))
    reached = f"{len(ended.wrong)} not found ({told})"
    return Line(
        f"of {entries:,} entries each {kind}",
        "all found",
        reached,
        duration(since),
        not ended.wrong,
    )


def _ended(books: Books, within: Path, kind: str, numbers: list[int]) -> Ended:
    ends, wrong = Counter[str](), list[str]()
    forms = [(CARELESS, books.signed), (SIGNED, books.signed), (PLAIN, books.plain)]
    with tempfile.TemporaryDirectory(dir=within) as folder:
        for form, book in forms:
            whole, content = read(book.path), files(book.path)
            for no in numbers:
                edited = EDITS[kind](whole, no)
                if edited is None or (kind == ROLL_BACK and form == CARELESS):
                    continue
                for name, each in content.items():
                    (Path(folder) / name).write_bytes(each)
                path = Path(folder) / book.path.name
                end = _found(path, form, kind, edited, book.note)
                ends[f"{form}: {end}"] += 1
                if end == "NOT FOUND":
                    wrong.append(f"{kind}: entry {no}, {form}")
    return Ended(ends, wrong)


def _found(path: Path, form: str, kind: str, edited: Written, note: bytes) -> str:
    """Return by what an edit was found."""
    forged = edited if form == CARELESS else fitting(edited)
    write(path, forged, as_older=kind == ROLL_BACK)
    if structural(path):
        return "by its structure"
    if unentitled(path):
        return "by signatures"
    return "NOT FOUND" if continues(path, note) else "by an earlier checkpoint"
