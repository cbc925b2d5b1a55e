"""Runs the program in a copy of this process, under strace: as quick as a call, and as mortal.

The program is imported once; each run is a fork of it that waits until strace is attached.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from commands.main import COMMANDS, rollbook

CALLS = (
    "write,pwrite64,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2,"
    "link,linkat,mkdir,mkdirat,openat,fchmod,chmod,copy_file_range,sendfile"
)
"""What changes a file, a folder, or whether either survives."""
_CALL = re.compile(r"(\d+) +(\w+)\((.*)")
_OUT, _ERR = "out", "err"
NOT_BEGUN = 99
"""How a run ends that was hit before the program began: a call was counted in another thread."""
Patch = Callable[[], None]


class Ran(NamedTuple):
    """How a run ended: its exit status, negative for a signal, and what it wrote."""

    status: int
    out: str
    err: str


class Point(NamedTuple):
    """A system call of a run: its name, and the how-maniest of that name in its thread."""

    call: str
    place: int


def is_able() -> bool:
    """Return whether there is an strace that may look at a process of ours."""
    strace = shutil.which("strace")
    if not sys.platform.startswith("linux") or strace is None:
        return False
    tried = subprocess.run(
        [strace, "-o", os.devnull, "-e", "inject=fsync:error=EIO:when=1", "true"],
        check=False,
        capture_output=True,
    )
    return tried.returncode == 0


def warm() -> None:
    """Import every command, so that the runs need not."""
    from importlib import import_module  # noqa: PLC0415 - used once

    import_module("commands.failure")
    import_module("cryptography.hazmat.primitives.ciphers.aead")
    import_module("cryptography.hazmat.primitives.serialization")
    import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
    for room in COMMANDS.values():
        for module, _ in room.values():
            import_module(f"commands.{module}")


def _nothing() -> None:
    pass


def _be_the_program(
    arguments: Sequence[str], said: Path, variables: Mapping[str, str], begin: int, patch: Patch
) -> None:
    """Run a call in this process and end it; never returns."""
    status = NOT_BEGUN
    try:
        for name, number in ((os.devnull, 0), (said / _OUT, 1), (said / _ERR, 2)):
            opened = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8", closefd=False)
            for number, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        os.environ.update({"LANGUAGE": "en", **variables})
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        patch()
        os.read(begin, 1)
        try:
            rollbook.main(list(arguments))
        except SystemExit as left:
            status = int(left.code or 0)
    finally:
        os._exit(status)


def run(
    arguments: Sequence[str],
    said: Path,
    *,
    variables: Mapping[str, str] | None = None,
    strace: Sequence[str] = (),
    patch: Patch = _nothing,
) -> Ran:
    """Run one call under strace with some options, without where there are none.

    ``said``: a folder for what it writes on its standard output and error. ``patch`` is done
    in the process first. One processor is used, so that there is one process to follow.
    """
    said.mkdir(exist_ok=True)
    for name in (_OUT, _ERR):
        (said / name).unlink(missing_ok=True)
    begin, release = os.pipe()
    child = os.fork()
    if not child:
        os.close(release)
        _be_the_program(arguments, said, variables or {}, begin, patch)
    os.close(begin)
    watcher = None
    if strace:
        command = ["strace", "-f", "-p", str(child), *strace]
        watcher = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert watcher.stderr is not None
        first = watcher.stderr.readline()
        assert "attached" in first, first
    os.write(release, b"x")
    os.close(release)
    _, ended = os.waitpid(child, 0)
    if watcher is not None:
        watcher.communicate()
    out, err = ((said / name).read_text("utf-8", "replace") for name in (_OUT, _ERR))
    return Ran(os.waitstatus_to_exitcode(ended), out, err)


def calls_of(trace: Path) -> list[tuple[Point, str]]:
    """Return the calls that a trace holds with their arguments, in their order.

    Counted as strace counts for ``when``: each name by itself, each thread by itself.
    """
    counts: Counter[tuple[str, str]] = Counter()
    found = []
    for line in trace.read_text("latin-1").splitlines():
        matched = _CALL.match(line)
        if matched:
            thread, call, rest = matched.groups()
            counts[thread, call] += 1
            found.append((Point(call, counts[thread, call]), rest))
    return found


def points_of(trace: Path) -> list[Point]:
    """Return where a run can be hit: each point once, openat only where it makes a file."""
    return list(
        dict.fromkeys(
            point for point, rest in calls_of(trace) if point.call != "openat" or "O_CREAT" in rest
        )
    )
