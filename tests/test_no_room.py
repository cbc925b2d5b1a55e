"""A disk that takes no more of a file: one sentence of ours, none of a library's, and no file."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.terminal import START, done, environment, started, words
from tests.test_commands_read import LINES

resource = pytest.importorskip("resource", reason="files are bounded by setrlimit")
MOST_BYTES = 1_000
WRONG = "kind,effective_on,unit\nunit_founded,7/10,TP\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a book whose tables are in its cache already: that needs room of its own."""
    found = started(tmp_path)
    done(found, "import", given=LINES)
    done(found, *words("term 2020-2025 --unit TP"))
    with closing(sqlite3.connect(found)) as connection:
        # A write-ahead log needs more room than the files here.
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    return found


def bounded() -> None:
    """Have every file that this process writes end at so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))


@pytest.mark.parametrize(
    "line",
    [
        "term 2020-2025 --unit TP -o a.xlsx",
        "term 2020-2025 --unit TP -o a.parquet",
        "template admitted nominated -o a.xlsx",
        "import wrong.csv --marked a.xlsx",
        "export -o a.xlsx",
        "log -o a.csv",
        "backup -o a.db",
    ],
)
def test_a_file_that_does_not_fit_is_told_in_one_sentence(book: Path, line: str) -> None:
    (book.parent / "wrong.csv").write_text(WRONG, encoding="utf-8")
    before = sorted(book.parent.iterdir())
    ended = subprocess.run(
        [sys.executable, "-c", START, *words(line)],
        capture_output=True,
        encoding="utf-8",
        cwd=book.parent,
        env=environment(ROLLBOOK=str(book), LANGUAGE="en"),
        check=False,
        preexec_fn=bounded,
    )
    told = [each for each in ended.stderr.splitlines() if each.startswith("rollbook: ")]
    assert len(told) == 1, ended.stderr
    assert "file_unwritable" in told[0]
    assert told[0].endswith(("a.db cannot be written: disk I/O error", "File too large"))
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr
    assert ended.returncode == 3
    assert sorted(book.parent.iterdir()) == before
