"""Mutation testing, in short: the tests about authority notice when its code is changed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.skipif(sys.platform == "win32", reason="mutants live in forked processes")
def test_changes_of_the_code_are_noticed() -> None:
    command = [str(ROOT / "scripts" / "mutants"), "--count", "3", "--only", "authority/commits"]
    ended = subprocess.run(
        [sys.executable, *command], capture_output=True, encoding="utf-8", check=False, cwd=ROOT
    )
    assert "commits.py: 3 of 3" in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == 0
