"""Short forms of `scripts/faults`: kills, errors, power cuts and writers at once lose nothing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
_CANNOT = 2
COUNTS = {"kill": 12, "errors": 12, "power": 300, "writers": 200}
ONLY = {"kill": "record,erase", "errors": "record-signed,erase"}


def _reported(kind: str, count: int) -> dict[str, Any]:
    if not sys.platform.startswith("linux"):
        pytest.skip("faults are injected on Linux only")
    command = [sys.executable, str(ROOT / "scripts" / "faults"), kind, "--count", str(count)]
    if kind in ONLY:
        command += ["--only", ONLY[kind]]
    ended = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    if ended.returncode == _CANNOT:
        pytest.skip(ended.stderr.strip())
    assert not ended.stderr
    report: dict[str, Any] = json.loads(ended.stdout)
    return report


@pytest.mark.parametrize("kind", COUNTS)
def test_nothing_is_lost(kind: str) -> None:
    report = _reported(kind, COUNTS[kind])
    assert report["wrong"] == []
    assert report["number"] >= COUNTS[kind] // 3


def test_a_store_that_does_not_sync_is_found_out() -> None:
    assert _reported("unsynced", 1)["wrong"]
