"""Short forms of `scripts/damage`: flipped bits, edits and malformed input are found."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COUNTS = {"flips": 150, "edits": 3, "fuzz": 400}


@pytest.mark.parametrize("kind", COUNTS)
def test_damage_is_found(kind: str) -> None:
    if kind == "fuzz" and find_spec("atheris") is None:
        pytest.skip("Atheris, the fuzzer, is not there for this system")
    command = [str(ROOT / "scripts" / "damage"), kind, "--count", str(COUNTS[kind])]
    ended = subprocess.run(
        [sys.executable, *command], capture_output=True, encoding="utf-8", check=False, cwd=ROOT
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert len(ended.stdout.splitlines()) > 5
