"""What the README shows is what happens: its commands are run, in order, in one folder.

A line of output in the README must be in what is printed, in the same order; lines may be
left out, and an ellipsis stands for anything.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _blocks(text: str) -> list[tuple[str, list[str]]]:
    """Return each command of the console blocks with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ rollbook "):
                found.append((line.removeprefix("$ rollbook "), []))
            elif line.strip():
                found[-1][1].append(line.rstrip())
    return found


def _missing(shown: list[str], printed: list[str]) -> str | None:
    """Return the first line shown that is not printed after the one before it."""
    rest = iter(printed)
    for line in shown:
        parts = (re.escape(part.rstrip()) for part in line.split("…"))
        pattern = re.compile(r"\s*.*".join(parts) + r"\s*")
        if line.strip("… ") and not any(pattern.fullmatch(candidate) for candidate in rest):
            return line
    return None


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.vi.md", "vi")])
def test_commands_of_the_readme_print_what_it_shows(
    name: str, language: str, tmp_path: Path
) -> None:
    settings = {key: value for key, value in os.environ.items() if key != "ROLLBOOK"}
    settings |= {"LANGUAGE": language, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    blocks = _blocks((ROOT / name).read_text(encoding="utf-8"))
    assert len(blocks) > 10
    for command, shown in blocks:
        done = subprocess.run(
            [sys.executable, "-c", "from commands.main import main; main()", *shlex.split(command)],
            cwd=tmp_path,
            env=settings,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        printed = [*done.stdout.splitlines(), *done.stderr.splitlines()]
        assert done.returncode in {0, 3}, (command, done.stderr)
        assert _missing(shown, printed) is None, (command, printed)
