"""The program as a process: exit statuses, pipes, interrupts, completion by the shell."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import START, call, done, environment, process, started, words

UNIT = words("unit_founded --unit TP --type cell --on 2015-01-01 --name Phường")
ADD = words("record unit_founded --type cell --on 2015-01-01 --name A --unit")
only_posix = pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return started(tmp_path, UNIT)


def test_done_is_0_and_help_too(book: Path) -> None:
    assert process("log", ROLLBOOK=str(book)).status == 0
    assert process("--help").status == 0
    assert process("--version").out.startswith("rollbook ")


def test_wrong_usage_is_2(book: Path) -> None:
    for arguments in (["log", "--nonsense"], ["logg"], ["log", "--as-of", "7/10"], []):
        said = process(*arguments, ROLLBOOK=str(book))
        assert said.status == 2
        assert not said.out
        assert "Traceback" not in said.err


def test_refused_is_3_and_writes_nothing(book: Path) -> None:
    before = book.read_bytes()
    assert process(*ADD, "TP", ROLLBOOK=str(book)).status == 3
    assert book.read_bytes() == before


def test_a_head_that_moved_is_4_and_writes_nothing(book: Path) -> None:
    said = process(*ADD, "B", "--expect", "7", ROLLBOOK=str(book))
    assert (said.status, said.code) == (4, "head_moved")
    assert process(*ADD, "B", "--expect", "1", ROLLBOOK=str(book)).status == 0
    assert process(*ADD, "C", "--expect", "1", ROLLBOOK=str(book)).status == 4


def test_a_missing_book_is_10(tmp_path: Path) -> None:
    said = process("log", folder=tmp_path)
    assert (said.status, said.code) == (10, "book_missing")
    assert "rollbook init" in said.err


def test_a_damaged_book_is_12(tmp_path: Path) -> None:
    path = tmp_path / "rollbook.db"
    path.write_text("not a book at all, whatever its name says", encoding="utf-8")
    said = process("log", folder=tmp_path)
    assert (said.status, said.code) == (12, "not_a_book")


def test_a_locked_book_is_11_after_waiting(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.book.WAIT_SECONDS", 0.2)
    monkeypatch.setattr("ledger.book.Book.open.__func__.__kwdefaults__", {"wait_seconds": 0.2})
    with closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = call(book, *ADD, "B")
    assert (said.status, said.code) == (11, "book_locked")


def test_a_book_is_never_started_over_another(book: Path) -> None:
    said = process("init", ROLLBOOK=str(book))
    assert (said.status, said.code) == (3, "book_exists")


def test_init_asks_nothing_and_says_what_comes_next(tmp_path: Path) -> None:
    said = process("init", "--name", "Sổ", folder=tmp_path)
    assert said.status == 0
    assert "rollbook record --help" in said.err
    assert {path.name for path in tmp_path.iterdir()} >= {"rollbook.db", "rollbook.keys"}
    assert process("init", "--timezone", "Asia/Hanoi", folder=tmp_path / "..").status == 3


@only_posix
@pytest.mark.parametrize("arguments", [["log", "--format", "jsonl"], ["log"], ["export"]])
def test_a_reader_that_goes_away_is_141_without_a_word(book: Path, arguments: list[str]) -> None:
    lines = "".join(
        f'{{"kind":"unit_founded","effective_on":"2015-01-01","unit":"U{n}","name":"{"x" * 300}",'
        '"type":"cell"}\n'
        for n in range(1_500)
    )
    done(book, "import", given=lines)
    with subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(ROLLBOOK=str(book)),
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 141


@only_posix
@pytest.mark.parametrize(
    ("closed", "status"), [(">&-", 0), ("2>&-", 0), (">/dev/full", 3), ("--nonsense 2>&-", 2)]
)
def test_a_stream_that_is_closed_or_full_is_no_surprise(
    closed: str, status: int, book: Path
) -> None:
    ended = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -c '{START}' log {closed}"],
        capture_output=True,
        env=environment(ROLLBOOK=str(book)),
        check=False,
    )
    assert ended.returncode == status
    assert b"Traceback" not in ended.stderr


@only_posix
def test_an_interrupt_is_130_and_writes_nothing(book: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START, "import"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(ROLLBOOK=str(book)),
    ) as running:
        assert running.stdin is not None
        assert running.stderr is not None
        running.stdin.write(b'{"kind":"unit_founded"')
        running.stdin.flush()
        time.sleep(1.5)  # it has begun to read by then; nothing depends on how long it took
        running.send_signal(signal.SIGINT)
        said = running.stderr.read().decode()
        assert running.wait() == 130
    assert "Interrupted." in said
    assert "Traceback" not in said
    assert len(done(book, "log", "--format", "json").json) == 1


_WHILE_LOADING = """
import sys
from commands.__main__ import main

class Interrupting:
    def find_spec(self, name, *_):
        if name == "commands.command":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
main()
"""


def test_an_interrupt_while_the_program_is_loaded_is_quiet() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _WHILE_LOADING], capture_output=True, env=environment(), check=False
    )
    assert (ended.returncode, ended.stderr) == (130, b"")


def test_the_book_is_what_book_says_else_the_environment_else_the_folder(
    book: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = started(tmp_path / "other")
    for arguments in (["--book", str(book), "log"], ["log", "--book", str(book)]):
        said = process(*arguments, "--format", "jsonl", ROLLBOOK=str(other))
        assert len(said.out.splitlines()) == 1


def completed(typed: str, **variables: str) -> list[str]:
    """Return what bash would be offered after ``typed``, the last word unfinished."""
    shell: dict[str, Any] = {"_ROLLBOOK_COMPLETE": "bash_complete", "COMP_WORDS": typed}
    shell |= {"COMP_CWORD": str(len(typed.split(" ")) - 1), **variables}
    lines = process(**shell).out.splitlines()
    return [line.partition(",")[2] for line in lines if line]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("rollbook ro", ["roster"]),
        ("rollbook record admit", ["admitted"]),
        ("rollbook record nominated --birth-d", ["--birth-date"]),
        ("rollbook record nominated --sex f", ["female"]),
        ("rollbook record nominated --ethnicity ki", ["kinh"]),
        ("rollbook roster --unit T", ["TP", "TP.1"]),
    ],
)
def test_the_shell_completes_commands_options_values_and_codes(
    typed: str, offered: list[str], book: Path
) -> None:
    done(book, *ADD, "TP.1")
    assert completed(typed, ROLLBOOK=str(book)) == offered


def test_the_shell_completes_from_the_book_that_is_named_and_from_none(book: Path) -> None:
    assert completed(f"rollbook --book {book} roster --unit T") == ["TP"]
    assert completed("rollbook roster --unit T", ROLLBOOK=str(book.with_name("none.db"))) == []
    assert "_ROLLBOOK_COMPLETE" in process(_ROLLBOOK_COMPLETE="zsh_source").out


def test_what_nobody_foresaw_is_said_without_a_traceback(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*_: object) -> None:
        raise RuntimeError("\x1b[31m")

    monkeypatch.setattr("commands.log.lines_of", surprise)
    with pytest.raises(AssertionError, match="unforeseen"):
        call(book, "log")
    monkeypatch.setenv("ROLLBOOK_TRACE", "1")
    with pytest.raises(AssertionError, match="Traceback"):
        call(book, "log")
