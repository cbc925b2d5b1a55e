"""The command line for tests: called in this process, or as a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner

from commands.main import rollbook
from commands.session import Session
from tests.scenarios import entries

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
START = "from commands.main import main; main()"
UNFORESEEN = 70


class Said(NamedTuple):
    """What a call left: its status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, read as JSON."""
        return json.loads(self.out)

    @property
    def code(self) -> str:
        """The code of the first problem on standard error, ``unknown_unit``."""
        return self.err.splitlines()[0].split(": ")[1]


def call(
    book: Path, *arguments: str, lang: str = "en", given: str = "", now: datetime = NOW
) -> Said:
    """Call the program in this process, at NOW by default; it must not be taken by surprise."""
    result = CliRunner().invoke(
        rollbook,
        list(arguments),
        input=given,
        env={"LANGUAGE": lang, "ROLLBOOK": str(book)},
        obj=Session(str(book), now=now),
    )
    assert result.exit_code != UNFORESEEN, result.stderr
    assert "Traceback" not in result.stderr
    return Said(result.exit_code, result.stdout, result.stderr)


def done(book: Path, *arguments: str, **options: Any) -> Said:
    """Call the program as ``call`` does; it must succeed."""
    said = call(book, *arguments, **options)
    assert said.status == 0, said.err
    return said


def environment(**variables: str) -> dict[str, str]:
    """Return an environment in English in which the program is found."""
    usual = {"PYTHONPATH": str(ROOT), "LANGUAGE": "en", "PYTHONIOENCODING": "utf-8"}
    return {**os.environ, **usual, **variables}


def process(*arguments: str, given: str = "", folder: Path | None = None, **variables: Any) -> Said:
    """Call the program as a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", START, *arguments],
        input=given.encode(),
        capture_output=True,
        cwd=folder,
        env=environment(**variables),
        check=False,
    )
    return Said(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def started(folder: Path, *lines: Sequence[str]) -> Path:
    """Return a new book in which the given command lines were typed, after ``record``."""
    book = folder / "book.db"
    done(book, "init")
    for line in lines:
        done(book, "record", *line)
    return book


def json_lines(table: str) -> str:
    """Return the entries of a scenario as JSON Lines; in it, an underscore in a name is a space."""
    found = []
    for values in entries(table):
        if isinstance(profile := values.get("profile"), dict):
            profile["name"] = profile["name"].replace("_", " ")
        found.append(json.dumps(values, ensure_ascii=False))
    return "\n".join(found)


def words(line: str) -> list[str]:
    """Return the words of a command line that has no quotes."""
    return line.split()
