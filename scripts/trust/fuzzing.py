"""The process in which parsers are fuzzed: `scripts/damage fuzz` starts it.

Coverage and mutations are those of libFuzzer, which Atheris drives; each parser has a process
of its own. A line of JSON is printed of each.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import atheris  # type: ignore[import-untyped]  # it ships no types

with atheris.instrument_imports(include=["ledger", "projections", "commands"]):
    from trust.parsers import PARSERS

from ledger.errors import Problem, RollbookError

COUNT = 1_000_000
_SECONDS, _MEGABYTES = 10, 2_000
_DONE = re.compile(rb"^Done (\d+) runs", re.MULTILINE)
_SAID_BYTES = 6_000


def _fuzz(name: str, count: int, seed: int, there: Path) -> None:
    """Fuzz one parser, in this process, which ends with it."""
    parser = PARSERS[name]
    corpus, words = there / "corpus", there / "words"
    corpus.mkdir()
    for place, data in enumerate(parser.seeds()):
        (corpus / f"{place:06}").write_bytes(data)
    words.write_text("".join(map(_quoted, ("\n", *parser.words))), encoding="ascii")
    read = parser.read

    def one(data: bytes) -> None:
        try:
            read(data)
        except (Problem, RollbookError):
            pass
        except BaseException:
            traceback.print_exc()
            (there / "crash-input").write_bytes(data)
            raise

    options = {
        "runs": count,
        "seed": seed,
        "max_len": parser.most_bytes,
        "timeout": _SECONDS,
        "rss_limit_mb": _MEGABYTES,
        "dict": words,
        "artifact_prefix": f"{there}/",
    }
    flags = [f"-{option}={value}" for option, value in options.items()]
    atheris.Setup(["fuzz", *flags, str(corpus)], one)
    atheris.Fuzz()


def _quoted(word: str) -> str:
    """Return a line of a dictionary of libFuzzer."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'


def _tried(name: str, count: int, seed: int, kept: Path) -> dict[str, Any]:
    """Return what came of fuzzing one parser."""
    there = kept / re.sub(r"\W+", "-", name)
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir(parents=True)
    began, log = time.monotonic(), there / "log"
    child = os.fork()
    if not child:
        with log.open("wb") as stream:
            os.dup2(stream.fileno(), 1)
            os.dup2(stream.fileno(), 2)
        try:
            _fuzz(name, count, seed, there)
        except BaseException:  # noqa: BLE001 - it ends here, whatever it is
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status, used = os.wait4(child, 0)
    said = log.read_bytes()
    done = _DONE.search(said)
    found = [path for path in there.iterdir() if "-" in path.name]
    if done and not status and not found:
        shutil.rmtree(there)
    return {
        "name": name,
        "runs": int(done[1]) if done else _runs(said),
        "seconds": time.monotonic() - began,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss // 1024,
        "fine": bool(done) and not status and not found,
        "found": [str(path) for path in found],
        "said": "" if done else said[-_SAID_BYTES:].decode("utf-8", "replace"),
    }


def _runs(said: bytes) -> int:
    """Return how many inputs a run had seen that was broken off."""
    return max((int(number) for number in re.findall(rb"^#(\d+)", said, re.MULTILINE)), default=0)


def _each(count: int, seed: int, only: str, kept: Path) -> Iterator[dict[str, Any]]:
    for name in PARSERS:
        if only in name:
            yield _tried(name, count, seed, kept)


def main(arguments: list[str]) -> int:
    """Fuzz each parser whose name has a text in it, and print a line of JSON of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=Path, required=True)
    asked = parser.parse_args(arguments)
    memory = Path("/dev/shm")  # noqa: S108 - it is a new folder in it, for its owner only
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as room:
        tempfile.tempdir = room  # of the parsers, each in a process that ends without tidying
        for tried in _each(asked.count, asked.seed, asked.only, asked.keep):
            print(json.dumps(tried), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
