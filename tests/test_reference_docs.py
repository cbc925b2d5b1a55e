"""The generated reference is up to date, and every code and command is in it."""

import subprocess
import sys
from pathlib import Path

from commands.main import COMMANDS
from commands.problems import USAGE
from ledger.catalogue import KINDS
from ledger.problems import PROBLEMS
from projections.problems import ASKING

ROOT = Path(__file__).resolve().parent.parent


def test_pages_written_by_scripts_reference_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "reference"), "--check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _headings(name: str) -> set[str]:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return {line[3:].partition(" ")[0] for line in text.splitlines() if line.startswith("## ")}


def test_every_kind_error_and_command_has_its_place() -> None:
    assert set(KINDS) <= _headings("catalogue.md")
    assert set(PROBLEMS | ASKING | USAGE) == _headings("errors.md")
    assert {name for room in COMMANDS.values() for name in room} == _headings("commands.md")
