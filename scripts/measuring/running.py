"""Runs the program, or a piece of work, in a process of its own: how long, how much memory."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

_PROC = Path("/proc")
_SAMPLED_SECONDS = 0.05
_SCRIPTS = Path(__file__).resolve().parent.parent


class Failed(Exception):
    """A process did not end as it should; the words are its own."""


class Ran(NamedTuple):
    """One run."""

    seconds: float
    peak_bytes: int
    """The most memory its processes held together, 0 where the system does not tell."""
    answer: Any = None


class Times(NamedTuple):
    """Several runs of the same work."""

    runs: tuple[Ran, ...]

    @property
    def best(self) -> float:
        """The shortest of them, in seconds."""
        return min(run.seconds for run in self.runs)

    @property
    def spread(self) -> float:
        """How much longer than the best the worst took, as a share of the best."""
        return max(run.seconds for run in self.runs) / self.best - 1

    @property
    def peak_bytes(self) -> int:
        """The most memory of any run."""
        return max(run.peak_bytes for run in self.runs)

    @property
    def answer(self) -> Any:
        """What came out of the first."""
        return self.runs[0].answer


def rounds(number: int, *works: Callable[[], Ran]) -> list[Times]:
    """Run several works in turn, round by round, so that they share the machine's moods."""
    found: list[list[Ran]] = [[] for _ in works]
    for _ in range(number):
        for runs, work in zip(found, works, strict=True):
            runs.append(work())
    return [Times(tuple(runs)) for runs in found]


def _tree(process: int) -> Iterator[int]:
    """Yield a process and all that it started, directly or not."""
    yield process
    with suppress(OSError):
        for task in (_PROC / str(process) / "task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _resident_bytes(process: int) -> int:
    page = os.sysconf("SC_PAGE_SIZE")
    total = 0
    for one in _tree(process):
        with suppress(OSError, IndexError):
            total += int((_PROC / str(one) / "statm").read_text().split()[1]) * page
    return total


class _Memory(threading.Thread):
    """Looks several times a second how much memory the processes hold."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._ended = threading.Event()
        self._peak_bytes = 0

    def run(self) -> None:
        while _PROC.is_dir() and not self._ended.wait(_SAMPLED_SECONDS):
            self._peak_bytes = max(self._peak_bytes, _resident_bytes(self._process))

    def end(self) -> int:
        """Return the most bytes that were seen."""
        self._ended.set()
        self.join()
        return self._peak_bytes


def can_be_bound() -> bool:
    """Return whether this system lets a process be kept to one core."""
    return hasattr(os, "sched_setaffinity")


@contextmanager
def _bound(cores: int | None) -> Iterator[None]:
    """Keep what is started in the block to so many cores."""
    if cores is None or not can_be_bound():
        yield
        return
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)


def _run(
    command: Sequence[str],
    *,
    cores: int | None = None,
    exits: Collection[int] = (0,),
    settings: Mapping[str, str] | None = None,
) -> Ran:
    environment = os.environ | {"PYTHONUTF8": "1"} | dict(settings or {})
    with _bound(cores):
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
        )
    memory = _Memory(process.pid)
    memory.start()
    out, err = process.communicate()
    seconds = time.perf_counter() - begun
    peak_bytes = memory.end()
    if process.returncode not in exits:
        message = f"{' '.join(command)}: {err}"
        raise Failed(message)
    return Ran(seconds, peak_bytes, out)


def rollbook(*arguments: str, exits: Collection[int] = (0,)) -> Ran:
    """Run the command from start to exit, as a shell would. Raises Failed."""
    code = "from commands.main import main; main()"
    return _run([sys.executable, "-c", code, *arguments], exits=exits)


def python(code: str) -> Ran:
    """Run Python with a line of code, from start to exit. Raises Failed."""
    return _run([sys.executable, "-c", code])


def work(name: str, *arguments: Any, cores: int | None = None, whole: bool = False) -> Ran:
    """Do a piece of ``work.py`` on so many cores; ``whole`` counts the process, too.

    Raises Failed.
    """
    paths = [str(_SCRIPTS), *filter(None, [os.environ.get("PYTHONPATH")])]
    command = [sys.executable, "-m", "measuring.work", name, *map(str, arguments)]
    ran = _run(command, cores=cores, settings={"PYTHONPATH": os.pathsep.join(paths)})
    said = json.loads(ran.answer)
    return Ran(ran.seconds if whole else said["seconds"], ran.peak_bytes, said["answer"])
