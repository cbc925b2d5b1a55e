"""Spans put together: whatever lies in which span, the same root, and the same first bad entry."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import verified
from ledger.audit import derive, everything, meaning, spans, workers
from ledger.proof.tree import leaf_hash, root
from tests.forgeries import copied, forged
from tests.terminal import ROOT, call, done

FOUNDED = '{"kind":"unit_founded","effective_on":"2015-01-01","type":"cell","name":"A","unit":"%s"}'
RENAMED = '{"kind":"unit_renamed","effective_on":"2016-01-01","name":"B","unit":"%s"}'
WHOLE = 1_037
"""Entries: four spans of 256 and a bit, in commits of all lengths."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("whole") / "book.db"
    done(book, "init")
    lines = [FOUNDED % f"U{no}" for no in range(WHOLE // 2)]
    lines += [RENAMED % f"U{no % 7}" for no in range(WHOLE - len(lines))]
    first = 0
    for last in (1, 2, 200, 256, 257, 600, 768, 1_000, WHOLE):
        done(book, "import", "-", given="\n".join(lines[first:last]))
        first = last
    return book


@pytest.fixture
def book(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the book, looked at in spans of 256 and in this process."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for module in (derive, everything, meaning, spans, verified):
        monkeypatch.setattr(module, "SPAN", 256)
    monkeypatch.setattr(derive, "SPAN_HEIGHT", 8)
    monkeypatch.setattr(workers, "processors", lambda: 1)
    return copied(whole, tmp_path / "copy")


@given(st.integers(1, 600), st.integers(0, 2))
def test_the_edge_of_a_span_is_the_root_over_what_stands_there(count: int, before: int) -> None:
    hashes = [leaf_hash(no.to_bytes(4)) for no in range(before * 1_024 + count)]
    peaks = derive.Peaks()
    for first in range(0, before * 1_024, 1_024):
        peaks.add(spans.Leaves(hashes[first : first + 1_024]).edge(1_024))
    leaves = spans.Leaves(hashes[before * 1_024 :])
    assert peaks.folded(leaves.edge(count)) == root(hashes)


def test_a_book_is_whole_span_by_span(book: Path) -> None:
    said = done(book, "audit", "verify", "--depth", "full")
    assert str(WHOLE) in said.out


@pytest.mark.parametrize("no", [1, 2, 255, 256, 257, 258, 512, 513, 769, 1_024, 1_025, WHOLE])
def test_the_first_bad_entry_is_named_in_every_span(book: Path, whole: Path, no: int) -> None:
    for statement in (
        "UPDATE stored_events SET operator = 'x' WHERE no >= ?",
        "UPDATE stored_events SET leaf = zeroblob(8) WHERE no IN (?, 1037)",
        "DELETE FROM stored_events WHERE no = ?",
    ):
        book.write_bytes(whole.read_bytes())
        forged(book, statement, values=(no,))
        said = call(book, "audit", "verify", "--format", "json")
        assert (said.status, said.json[0]["no"]) == (12, no), statement


def test_nodes_of_the_tree_are_made_again(book: Path, whole: Path) -> None:
    for no in range(4):
        book.write_bytes(whole.read_bytes())
        forged(book, "UPDATE tree SET hash = zeroblob(32) WHERE no = ?", values=(no,))
        said = call(book, "audit", "verify", "--format", "json")
        assert (said.status, said.json[0]["no"]) == (12, no * 256 + 1)


def state(book: Path) -> Path:
    (found,) = (book.parent.parent / "config").rglob("verified/*.json")
    return found


def test_full_verification_goes_on_where_it_was(book: Path) -> None:
    full = ["audit", "verify", "--depth", "full"]
    assert "read before" not in done(book, *full).out
    assert json.loads(state(book).read_bytes())["size"] == 1_024
    assert "up to 1024 were read before" in done(book, *full).out
    assert "read before" not in done(book, *full, "--from-start").out
    done(book, "record", *["unit_renamed", "--unit", "U1", "--name", "C", "--on", "2017-01-01"])
    assert "read before" in done(book, *full).out
    # what lies beside the log is looked at all the same
    forged(book, "INSERT INTO displaced VALUES (3, 10)")
    assert call(book, *full, "--format", "json").json[0]["no"] == 3


def test_full_verification_that_was_interrupted_goes_on_where_it_was(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given somebody who interrupts it in the fourth span
    def understood(part: meaning.Part) -> meaning.Understood:
        if part.first > 768:
            raise KeyboardInterrupt
        return meaning.understood(part)

    monkeypatch.setattr(everything, "understood", understood)
    assert call(book, "audit", "verify", "--depth", "full").status == 130
    monkeypatch.setattr(everything, "understood", meaning.understood)
    # then the three before are not read again
    assert "up to 768 were read before" in done(book, "audit", "verify", "--depth", "full").out


@pytest.mark.parametrize("key", ["size", "root", "opened", "beside", "format"])
def test_what_was_kept_is_believed_only_as_it_was(book: Path, key: str) -> None:
    full = ["audit", "verify", "--depth", "full"]
    done(book, *full)
    kept = json.loads(state(book).read_bytes())
    kept[key] = {"size": 512, "opened": False, "format": 1}.get(key, "00")
    state(book).write_text(json.dumps(kept))
    assert "read before" not in done(book, *full).out
    state(book).write_text("[]")
    assert "read before" not in done(book, *full).out


def test_what_was_kept_of_a_book_that_was_written_anew_is_not_believed(
    book: Path, whole: Path
) -> None:
    full = ["audit", "verify", "--depth", "full"]
    done(book, *full)
    assert "read before" in done(book, *full).out
    forged(book, "UPDATE stored_events SET state = x'80' WHERE no = 4")
    assert call(book, *full, "--format", "json").json[0]["no"] == 4
    # the keys are gone, so that what was opened before cannot be known
    book.write_bytes(whole.read_bytes())
    book.with_suffix(".keys").unlink()
    said = done(book, *full)
    assert "read before" not in said.out
    assert "no keys file" in said.out


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="how to see a process is Linux's")
def test_no_process_waits_for_one_that_was_killed() -> None:
    # given processes that work for another
    program = (
        "import time\n"
        "from multiprocessing import active_children\n"
        "from ledger.audit import workers\n"
        "workers.processors = lambda: 2\n"
        "for _ in workers.in_parallel(time.sleep, [0, 60, 60]):\n"
        "    print(*(child.pid for child in active_children()), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT
    ) as asker:
        assert asker.stdout
        workers_there = [
            Path(f"/proc/{pid}/stat") for pid in asker.stdout.readline().decode().split()
        ]
        assert len(workers_there) == 2
        # when that one is killed
        asker.kill()
    # then they end, too
    until = time.monotonic() + 30
    while any(map(_runs, workers_there)):
        assert time.monotonic() < until
        time.sleep(0.05)


def _runs(about: Path) -> bool:
    try:
        return about.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_processes_answer_in_the_order_of_the_questions() -> None:
    asked = list(range(-20, 20))
    assert list(workers.in_parallel(abs, asked)) == [abs(one) for one in asked]
    assert list(workers.in_parallel(abs, [-3])) == [3]
