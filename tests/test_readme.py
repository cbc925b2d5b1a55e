"""What the README and the pages of docs/reports show is what happens: their commands are run.

Those of one page are run in order, in one folder; a page of docs/reports begins beside the
sample book. A line of output on a page must be in what is printed, in the same order; lines
may be left out, and an ellipsis stands for anything.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from commands.main import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "docs" / "reports"


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


def _environment(language: str) -> dict[str, str]:
    settings = {key: value for key, value in os.environ.items() if key != "ROLLBOOK"}
    settings |= {"LANGUAGE": language, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    return settings | {"ROLLBOOK_PASSPHRASE": "what somebody would type"}


def _run(command: str, language: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from commands.main import main; main()", *shlex.split(command)],
        cwd=folder,
        env=_environment(language),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _check_page(page: Path, language: str, folder: Path, exits: set[int]) -> int:
    """Run the commands of a page and compare; return how many there were."""
    blocks = _blocks(page.read_text(encoding="utf-8"))
    for command, shown in blocks:
        done = _run(command, language, folder)
        printed = [*done.stdout.splitlines(), *done.stderr.splitlines()]
        assert done.returncode in exits, (command, done.stderr)
        assert _missing(shown, printed) is None, (command, printed)
    return len(blocks)


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.vi.md", "vi")])
def test_commands_of_the_readme_print_what_it_shows(
    name: str, language: str, tmp_path: Path
) -> None:
    assert _check_page(ROOT / name, language, tmp_path, {0, 3}) > 10


@pytest.mark.parametrize("name", [page.stem for page in sorted(REPORTS.glob("*.md"))])
def test_commands_of_a_report_print_what_its_page_shows(name: str, tmp_path: Path) -> None:
    _run("demo --book rollbook.db", "en", tmp_path)
    assert _check_page(REPORTS / f"{name}.md", "en", tmp_path, {0, 1}) > 0


def test_every_report_has_a_page() -> None:
    without = {"query"}
    assert {page.stem for page in REPORTS.glob("*.md")} >= {*COMMANDS["Report"]} - without
