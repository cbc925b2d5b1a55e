"""Malformed input to everything that is read: each parser under a coverage-guided fuzzer.

What it finds is an error that is not ours, an answer that another reader or the writer does not
agree with, more than ten seconds, or more than two gigabytes.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from trust.saying import Line

_SCRIPTS = Path(__file__).resolve().parent.parent
_COUNT = 1_000_000


def fuzz(count: int | None, seed: int, only: str | None) -> Iterator[Line]:
    """Yield a line for each parser.

    What was found is kept in a new folder, and standard error names it. Where there is no Atheris
    for the system or for its Python, nothing can be tried.
    """
    if find_spec("atheris") is None:
        yield Line("fuzzing", "atheris", "nothing: it is not there", "0 s", holds=False)
        return
    count = count or _COUNT
    kept = Path(tempfile.mkdtemp(prefix="rollbook-fuzz-"))
    command = [
        *(sys.executable, "-m", "trust.fuzzing", "--count", str(count), "--seed", str(seed)),
        *("--only", only or "", "--keep", str(kept)),
    ]
    paths = os.pathsep.join((str(_SCRIPTS), str(_SCRIPTS.parent)))
    environment = os.environ | {"PYTHONPATH": paths, "RUST_BACKTRACE": "0"}
    with (
        (kept / "log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment) as child,
    ):
        assert child.stdout is not None
        found = 0
        for said in child.stdout:
            tried = json.loads(said)
            found += not tried["fine"]
            yield _line(tried, count)
    if not found and not child.returncode:
        shutil.rmtree(kept)
    if child.returncode:
        told = (kept / "log").read_text(encoding="utf-8", errors="replace")[-2_000:]
        yield Line("fuzzing", "an end", told, "0 s", holds=False)


def _line(tried: dict[str, object], count: int) -> Line:
    runs, seconds = int(str(tried["runs"])), float(str(tried["seconds"]))
    rate = f"{runs / max(seconds, 0.001):,.0f} a second"
    if not tried["fine"]:
        print(tried["said"], tried["found"], sep="\n", file=sys.stderr)
    reached = f"{runs:,} inputs, {0 if tried['fine'] else 1} findings, {rate}"
    return Line(
        f"fuzz {tried['name']}",
        f"{count:,}",
        reached,
        f"{seconds:.0f} s",
        holds=bool(tried["fine"]),
    )
