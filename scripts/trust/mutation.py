"""Mutation testing: how many mutants of a module the tests about it find.

A mutant is put in the place of its module in a forked process, never on the disk; the
libraries are loaded once, before. Two tools were looked at: mutmut 3 leaves out what is
decorated, and so every property here; cosmic-ray starts Python anew for each mutant, which
takes ten times as long.
"""

import importlib
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

from trust.mutants import Mutant, mutants
from trust.saying import Line, duration

ROOT = Path(__file__).resolve().parent.parent.parent
TESTS = {
    "ledger/proof/tree.py": ("tree", "tree_growing", "proofs", "vectors_tree"),
    "ledger/proof/notes.py": ("signed_notes", "checkpoints", "vectors_notes"),
    "ledger/proof/keys.py": ("keys", "signed_notes", "checkpoints", "vectors_ciphers"),
    "ledger/proof/checkpoints.py": ("checkpoints", "proofs", "vectors_notes"),
    "ledger/authority/facts.py": ("facts", "operators"),
    "ledger/authority/operators.py": ("enrolled", "commits", "operators", "commands_operator"),
    "ledger/authority/commits.py": ("commits", "operators", "commands_operator"),
    "ledger/authority/auditing.py": ("auditing", "commits", "operators"),
    "ledger/store/sealing.py": ("keys_file", "sealing", "book", "format"),
    "ledger/store/growth.py": ("growth", "tree_growing", "format"),
    "ledger/store/envelope.py": ("envelope", "format", "growth", "largest", "book"),
}
"""The modules, each with the tests about it, the quickest first."""
SHARE_PERCENT = 95
_SECONDS = 240
"""The longest that a mutant may wait: some never end."""
_TIMES, _MORE_SECONDS = 5, 10
"""The processor time that a mutant may use: so many times what the tests use without, and so much
more. Some take memory for as long as they are let."""
_LOADED = (
    "pytest",
    "hypothesis",
    "hypothesis.strategies",
    "click",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.ciphers.aead",
    "eventsourcing.sqlite",
    "msgpack",
    "msgspec",
)


class Mutated(NamedTuple):
    """How a module did."""

    module: str
    tried: int
    survivors: list[Mutant]


class _Instead:
    """Finds one module, and loads it from a source of its own; a meta path finder and loader."""

    def __init__(self, name: str, source: str, path: Path) -> None:
        self._name = name
        self._code: CodeType = compile(source, str(path), "exec")

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return how to load the module, None for any other."""
        del path, target
        if name != self._name:
            return None
        return spec_from_loader(name, self)  # type: ignore[arg-type]  # the loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to Python to make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the source."""
        exec(self._code, module.__dict__)  # noqa: S102 - mutant of our own source


def mutated(module: str, count: int | None, seed: int, jobs: int) -> Mutated:
    """Return how the mutants of a module did, all or ``count`` of them by chance.

    Raises AssertionError where the tests fail without any.
    """
    path, tests = ROOT / module, _tests_of(module)
    source = path.read_text(encoding="utf-8")
    for name in _LOADED:
        importlib.import_module(name)
    _, status, used = os.wait4(_begun(module, source, tests, _SECONDS), 0)
    assert not status, f"the tests of {module} fail without any mutant"
    most = _TIMES * (used.ru_utime + used.ru_stime) + _MORE_SECONDS
    chosen = list(mutants(source))
    if count is not None and count < len(chosen):
        chosen = random.Random(seed).sample(chosen, count)  # noqa: S311 - no secret
    return Mutated(module, len(chosen), list(_survivors(module, chosen, tests, jobs, most)))


def _tests_of(module: str) -> list[str]:
    paths = [ROOT / "tests" / f"test_{name}.py" for name in TESTS[module]]
    return [str(path) for path in paths if path.exists()]


def _survivors(
    module: str, chosen: Sequence[Mutant], tests: list[str], jobs: int, most: float
) -> Iterator[Mutant]:
    running: dict[int, Mutant] = {}
    for mutant in [*chosen, None]:
        while len(running) >= (jobs if mutant else 1):
            pid, status = os.wait()
            done = running.pop(pid)
            if not status:
                yield done
        if mutant:
            running[_begun(module, mutant.source, tests, most)] = mutant


def _begun(module: str, source: str, tests: list[str], most: float) -> int:
    """Start the tests of a module in a process of their own; return its id.

    It is ended after ``most`` seconds of processor time.
    """
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        status = 9
        try:
            signal.setitimer(signal.ITIMER_PROF, most)
            status = _tested(module, source, tests)
        finally:
            os._exit(status)
    return pid


def _tested(module: str, source: str, tests: list[str]) -> int:
    import pytest  # noqa: PLC0415 - loaded above, and of no use to the other programs here

    signal.alarm(_SECONDS)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.chdir(ROOT)
    name = module.removesuffix(".py").replace("/", ".")
    sys.meta_path.insert(0, _Instead(name, source, ROOT / module))
    plain = ["-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", "-W", "ignore"]
    return int(pytest.main([*plain, *tests]))


def mutation(count: int | None, seed: int, only: str | None) -> Iterator[Line]:
    """Yield a line for each module, and print the mutants that no test found."""
    tried = killed = 0
    began = time.monotonic()
    for module in TESTS:
        if only and only not in module:
            continue
        since = time.monotonic()
        done = mutated(module, count, seed, os.cpu_count() or 1)
        for mutant in done.survivors:
            print(f"  {module}:{mutant.line}: {mutant.what}", flush=True)
        tried += done.tried
        killed += done.tried - len(done.survivors)
        yield _line(module, done.tried, done.tried - len(done.survivors), since)
    yield _line("all", tried, killed, began)


def _line(what: str, tried: int, killed: int, since: float) -> Line:
    percent = 100 * killed / max(tried, 1)
    return Line(
        f"mutation of {what}",
        f"≥ {SHARE_PERCENT} %",
        f"{killed:,} of {tried:,} ({percent:.1f} %)",
        duration(since),
        holds=percent >= SHARE_PERCENT,
    )
