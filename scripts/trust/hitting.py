"""Hits an operation at one system call after another, and judges what is left of the book."""

import os
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

from trust.looking import Seen, look
from trust.operations import BOOK, OPERATIONS, Operation, copied, filled, prepared, variables
from trust.running import CALLS, NOT_BEGUN, Point, Ran, points_of, run

KILLED = -9
_KNOWN = {0, 3, 10}
"""How a run may end whose call failed: done all the same, or refused in words of ours."""
_REFUSED = 3
_SILENCED = 141
"""How it ends when what it has to say cannot be written."""
_IN_THE_WAY = re.compile(r": (?:file|key|book)_exists: .*? (/\S+\w)")
_NOTES = (".restoring", "so.copies", ".new-journal>", ">(deleted)")
"""What is made for the time being; what is only noted where it can be; the journal of a file that
is synced as a whole before it gets its name; and what has no name any more: the old content of a
keys file, which is overwritten as well as that can be done."""
_ASIDE = re.compile(r"so\.replaced-\d+\.db-journal")
"""What could not be taken into the book that a restore puts aside, and goes with it."""
_LATER = "The keys file still holds the key before"
"""How a restore says that it is not finished."""
_FILES = 3
"""How many files an operation makes, at most."""
_TWO_DAYS = 2 * 86_400
_AFTER = (
    "record",
    "unit_founded",
    "--unit",
    "SAU",
    "--type",
    "cell",
    "--name",
    "Sau",
    "--on",
    "2015-01-01",
    "--by",
    "lan",
)


class Base(NamedTuple):
    """An operation that was done once without being hit."""

    operation: Operation
    folder: Path
    """As it is before the operation."""
    before: Seen | None
    after: Seen | None
    points: list[Point]


class Hit(NamedTuple):
    """One operation to be hit: how, and where."""

    name: str
    how: str
    """``KILL``; ``EIO`` or ``ENOSPC``, once; with a plus: from there on."""
    point: Point
    seed: int
    again: bool = False
    """Whether the retry, too, is killed somewhere."""

    @property
    def option(self) -> str:
        """What strace is told."""
        what = "signal=KILL" if self.how == "KILL" else f"error={self.how.rstrip('+')}"
        more = "+" if self.how.endswith("+") else ""
        return f"inject={self.point.call}:{what}:when={self.point.place}{more}"


class Judged(NamedTuple):
    """What became of a book."""

    hit: Hit
    injections: int
    status: int
    problem: str | None


def base_of(operation: Operation, folder: Path) -> Base:
    """Prepare an operation in ``folder``, do it once in a copy, and return how it went."""
    folder.mkdir()
    base, said, trace = folder / "base", folder / "said", folder / "trace"
    prepared(operation, base, said)
    # Looked at in a copy: what is looked at may be changed by it.
    before = look(copied(base, folder / "copy") / BOOK)
    work = copied(base, folder / "work")
    ran = _run(operation, work, said, ["-e", f"trace={CALLS}", "-o", str(trace)])
    assert ran.status == 0, (operation.name, ran)
    return Base(operation, base, before, look(work / BOOK), points_of(trace))


def _run(operation: Operation, folder: Path, said: Path, strace: Sequence[str] = ()) -> Ran:
    call = filled(operation.arguments, folder)
    return run(call, said, variables=variables(folder), strace=strace, patch=operation.patch)


def _injecting(option: str, trace: Path) -> list[str]:
    call = option.partition("=")[2].partition(":")[0]
    return ["-y", "-o", str(trace), "-e", f"trace={call}", "-e", option]


def _badly_ended(hit: Hit, ran: Ran, trace: Path) -> str | None:
    """Return what is wrong with the end of a run one of whose calls failed."""
    if ran.status == NOT_BEGUN:
        return None
    is_silenced = hit.point.call == "write" and ran.status == _SILENCED
    if "Traceback" in ran.err or not (ran.status in _KNOWN or is_silenced):
        return "ended otherwise than refused"
    if ran.status and ": " not in ran.err and not is_silenced:
        return "refused without a word"
    if "sync" in hit.point.call and not ran.status:
        lines = trace.read_text("latin-1").splitlines()
        failed = [
            line
            for at, line in enumerate(lines)
            if "INJECTED" in line
            and not any(map(line.__contains__, _NOTES))
            and not _synced(_place(line), lines[at + 1 :])
            and not _is_logged(_place(line), lines[:at])
            and not (hit.name == "restore" and _place(line).endswith("so.db-journal"))
            and not (".so.keys." in line and _LATER in ran.err)
        ]
        # SQLite does not look at what comes of syncing the folder of a new journal. A restore
        # does not need the book that it puts aside.
        if not all(Path(_place(line)).is_dir() for line in failed):
            return f"said to be done though a sync failed: {failed}"
    return None


def _place(line: str) -> str:
    """Return the path of the file that a line of strace is about."""
    return line.partition("<")[2].partition(">")[0]


def _synced(place: str, lines: Sequence[str]) -> bool:
    """Return whether a file of that name was synced in these lines, such as one made anew."""
    return any(f"<{place}>)" in line and line.rstrip().endswith("= 0") for line in lines)


def _is_logged(place: str, before: Sequence[str]) -> bool:
    """Return whether what a book's file was to be synced for was in its write-ahead log before.

    The log was synced with the commit, and stays when taking it into the book fails.
    """
    log = f"{place.removesuffix('-wal')}-wal"
    return Path(log).exists() and _synced(log, before)


def _shape(seen: Seen | None) -> tuple[object, ...]:
    return (len(seen.commits), seen.last_no, seen.keys, seen.epoch) if seen else ()


def _wrong(base: Base, seen: Seen | None, *, done: bool) -> str | None:
    """Return what is wrong with a book that should be as before, or as after the operation."""
    if seen is not None and seen.problem:
        return seen.problem
    shape = _shape(seen)
    if shape == _shape(base.after) and base.after is not None and seen is not None:
        is_kept = seen.commits[:-1] == base.after.commits[:-1]
        return None if is_kept else "other commits than were acknowledged"
    if done:
        return f"acknowledged and not there: {shape} instead of {_shape(base.after)}"
    if shape != _shape(base.before):
        return f"neither before nor after: {shape}"
    is_kept = seen is None or base.before is None or seen.commits == base.before.commits
    return None if is_kept else "other commits than were acknowledged"


def _aged(folder: Path) -> None:
    """Make what a killed process left old enough to be removed."""
    then = time.time() - _TWO_DAYS
    for left in folder.glob(".*"):
        os.utime(left, (then, then))


def judged(base: Base, hit: Hit, folder: Path) -> Judged:
    """Do an operation, hit it, look at the book, do it again, and use the book."""
    operation = base.operation
    work, said, trace = copied(base.folder, folder / "work"), folder / "said", folder / "trace"
    ran = _run(operation, work, said, _injecting(hit.option, trace))
    injections, status = 1, ran.status

    def found(problem: str | None) -> Judged:
        detail = problem and f"{problem} [{status}: {ran.err.strip()[:300]}]"
        return Judged(hit, injections, status, detail)

    if hit.how == "KILL" and ran.status not in {KILLED, 0}:
        return found("not killed")
    if hit.how != "KILL":
        problem = _badly_ended(hit, ran, trace)
        if problem:
            return found(problem)
    _aged(work)
    seen = look(work / BOOK)
    problem = _wrong(base, seen, done=ran.status == 0)
    if problem or (hit.how == "KILL" and ran.status == 0):
        return found(problem)
    if hit.again and _shape(seen) != _shape(base.after):
        chosen = Random(hit.seed).choice(base.points)  # noqa: S311 - chance makes faults here
        ran = _run(operation, work, said, _injecting(hit._replace(point=chosen).option, trace))
        injections += ran.status == KILLED
        _aged(work)
        seen = look(work / BOOK)
        problem = _wrong(base, seen, done=ran.status == 0)
        if problem:
            return found(f"after the second: {problem}")
    return found(_used(base, work, said, is_done=_shape(seen) == _shape(base.after)))


def _used(base: Base, work: Path, said: Path, *, is_done: bool) -> str | None:
    """Do the operation again without a hit, then record an entry; return what went wrong."""
    again = _run(base.operation, work, said)
    changes = _shape(base.before) != _shape(base.after)
    for _ in range(_FILES):
        found = _IN_THE_WAY.search(again.err)
        if again.status and found and not (is_done and changes):  # as the remedy says
            Path(found[1]).rename(f"{found[1]}.away")
            again = _run(base.operation, work, said)
    if again.status and not (is_done and changes and again.status == _REFUSED):
        return f"done again: {again.status}: {again.err.strip()[:300]}"
    after = run([*_AFTER], said, variables=variables(work))
    if after.status:
        return f"used after it: {after.status}: {after.err.strip()[:300]}"
    left = sorted(
        one.name
        for one in work.rglob("*")
        if one.name.startswith(".") or one.name.endswith("-journal")
        if not _ASIDE.fullmatch(one.name)
    )
    seen = look(work / BOOK)
    if left:
        return f"left behind: {left}"
    return seen.problem if seen else "no book"


def _hits(bases: Sequence[Base], hows: Sequence[str], seed: int) -> Iterator[Hit]:
    """Yield all hits: every point of every operation, in every way; then those hit twice."""
    for how in hows:
        for base in bases:
            for at, point in enumerate(base.points):
                if point.call == "openat" and how.endswith("+"):
                    continue  # from there on nothing could be read, either
                yield Hit(
                    base.operation.name,
                    how.removesuffix("&"),
                    point,
                    seed + at,
                    again=how.endswith("&"),
                )


_BASES: dict[str, Base] = {}


def _work(hit: Hit) -> Judged:
    """Judge a hit, in a folder of this process."""
    base = _BASES[hit.name]
    folder = base.folder.parent / str(os.getpid())
    folder.mkdir(exist_ok=True)
    return judged(base, hit, folder)


def hit_all(
    folder: Path, hows: Sequence[str], *, count: int | None, seed: int, names: Sequence[str] = ()
) -> Iterator[Judged]:
    """Yield the judgement of every hit, in no order; ``count``: at most so many, by chance.

    ``hows``: as in ``Hit``; with an ``&`` the retry is hit, too. ``names``: of operations.
    """
    chosen = [one for one in OPERATIONS if not names or one.name in names]
    bases = [base_of(operation, folder / operation.name) for operation in chosen]
    _BASES.update({base.operation.name: base for base in bases})
    hits = list(_hits(bases, hows, seed))
    if count is not None and count < len(hits):
        hits = Random(seed).sample(hits, count)  # noqa: S311 - chance makes faults here
    # Copied processes: they have the program imported already.
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), get_context("fork")) as pool:
        yield from pool.map(_work, hits, chunksize=4)
