"""The published test vectors, which lie beside the project on some machines and are never in it.

Their README names the source and licence of each file. Tests that need one are skipped, and
say so, where the folder is not there.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "vectors"


def read(name: str) -> Any:
    """Return what a file of vectors holds, or skip the test module that asks."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the vectors are not there: {path}", allow_module_level=True)
    return json.loads(path.read_text(encoding="utf-8"))


def from_base64(text: str | None) -> bytes:
    """Return the bytes of a value that Go wrote to JSON; null is no bytes."""
    return b64decode(text or "", validate=True)


def all_from_base64(texts: list[str] | None) -> list[bytes]:
    """Return the bytes of a list that Go wrote to JSON; null is an empty one."""
    return [from_base64(text) for text in texts or []]
