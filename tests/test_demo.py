"""``rollbook demo`` as a person runs it: a process of its own, in a folder of its own."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest


def _rollbook(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "ROLLBOOK"}
    root = str(Path(__file__).resolve().parent.parent)
    return subprocess.run(
        [sys.executable, "-c", "from commands.main import main; main()", *arguments],
        cwd=folder,
        env=environment | {"LANGUAGE": "vi", "PYTHONUTF8": "1", "PYTHONPATH": root},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Return the folder in which the demo ran, with what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    done = _rollbook("demo", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout, done.stderr


def test_demo_prints_the_report_and_what_to_try(demo: tuple[Path, str, str]) -> None:
    folder, report, beside = demo
    assert (folder / "rollbook-demo.db").exists()
    assert "TANPHU" in report
    assert "giả định" in beside
    tried = [line.strip() for line in beside.splitlines() if line.startswith("  rollbook ")]
    assert tried
    for line in tried:
        command = line.removeprefix("rollbook ").split()
        done = _rollbook(*command, folder=folder)
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout


def test_demo_never_overwrites(demo: tuple[Path, str, str]) -> None:
    folder, _, _ = demo
    before = (folder / "rollbook-demo.db").read_bytes()
    done = _rollbook("demo", folder=folder)
    assert done.returncode == 3
    assert (folder / "rollbook-demo.db").read_bytes() == before


def test_term_report_of_tan_phu_by_json(demo: tuple[Path, str, str]) -> None:
    folder, _, _ = demo
    done = _rollbook(
        *("term", "2020-2025", "--unit", "TANPHU", "--as-of", "2023-09-18"),
        *("--format", "json", "--book", "rollbook-demo.db"),
        folder=folder,
    )
    report = json.loads(done.stdout)
    assert report["totals"]["admissions"] == 50
    by_year = {year["year"]: year["admissions"] for year in report["years"]}
    assert by_year[2023] == 8
    assert sum(by_year.values()) == 50
    targets = {target["target"]: target for target in report["targets"]}
    whole = targets["TANPHU.NK2020"]
    assert Decimal(str(whole["amount"])) == Decimal(60)
    assert whole["done"] == 50
    assert whole["completion"] == "250/3"
    assert targets["TANPHU.2023"]["completion"] == "100"


def test_headcount_at_the_end_of_2015_by_json(demo: tuple[Path, str, str]) -> None:
    folder, _, _ = demo
    done = _rollbook(
        *("headcount", "--unit", "TANPHU", "--as-of", "31/12/2015"),
        *("--format", "json", "--book", "rollbook-demo.db"),
        folder=folder,
    )
    (row,) = json.loads(done.stdout)
    assert row["members"] > row["unnamed"] == 260
