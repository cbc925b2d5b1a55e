"""A long file is read ahead, many lines at once, in another process: to the same effect."""

import os
import random
import signal
import subprocess
import sys
import time
from io import BytesIO
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given

from ledger.book import Book, Source
from ledger.catalogue import KINDS, fields_of, kind_of
from ledger.exchange import ahead, blocks, linefile
from ledger.exchange.blocks import Block, blocks_of
from ledger.exchange.jsonlines import each_line
from ledger.exchange.linefile import LineFile
from ledger.exchange.packing import packed, stored_of, unpacked
from ledger.recording.pieces import Piece, piece_of
from ledger.recording.placing import Stored, Wanted
from ledger.store.codec import Codec, take_personal
from ledger.store.prepared import prepared
from tests.histories import history
from tests.shelf import NOW, new_book, typed
from tests.test_jsonlines import KEPT_ENTRIES, line
from tests.test_laws import SEEDS, SIZES
from tests.test_pieces import spoiled, told

SPOILS = (
    lambda text: text.replace(b"{", b'{"note":"hai\\nd\xc3\xb2ng",', 1),
    lambda text: text.replace(b"{", b'{"note":"e\xcc\x81",', 1),
    lambda text: text.replace(b"{", b'{"no":77,', 1),
    lambda text: text.replace(b"{", b'{"note":"a","note":"b",', 1),
    lambda text: text.replace(b"{", b'{"sealed":["x"],', 1),
    lambda text: text.replace(b'":"', b'":" ', 2),
    lambda text: text[: len(text) // 2] + b"\n",
    lambda text: b"\n" + text.replace(b"\n", b"\r\n"),
    lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text.replace(b"{", b'{"note":"' + b"x" * 64_000 + b'",', 1),
)
"""What may be wrong, or only unusual, with a line."""


def alike(one: Piece, other: Piece) -> None:
    """Fail where two pieces do not say the same of any line."""
    wrong, its = (
        {at: (told(item.problem), item.claimed) for at, item in piece.failed.items()}
        for piece in (one, other)
    )
    assert wrong == its
    assert list(one.entries) == list(other.entries)
    assert list(one.streams) == list(other.streams)
    assert list(one.named) == list(other.named)
    able = [at for at, entry in enumerate(one.entries) if entry is not None]
    assert [one.places[at] for at in able] == [other.places[at] for at in able]
    assert [one.rows[at] for at in able] == [other.rows[at] for at in able]


@given(seed=SEEDS, size=SIZES)
def test_lines_read_at_once_are_judged_like_each_by_itself(seed: int, size: int) -> None:
    # given a history of which some lines are wrong, or written in unusual ways
    chance = random.Random(seed)
    texts = [line(entry) for entry in spoiled(chance, history(seed, size))]
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(len(texts))
        texts[at] = chance.choice(SPOILS)(texts[at])
    content = b"".join(texts)
    # when it is read many lines at once, and sent to another process
    at_once = Block(content, 1, "f").piece()
    # then each line says what it says by itself, and in that other process, too
    alike(at_once, piece_of(list(each_line(BytesIO(content), "f"))))
    wanted = Wanted(seals=True, owners=["person/P000001"])
    sent, still_wanted = unpacked(packed(at_once, wanted), "f")
    alike(sent, at_once)
    assert still_wanted == wanted


@given(seed=SEEDS, size=SIZES)
def test_states_made_before_are_those_made_of_the_entry(seed: int, size: int) -> None:
    for values in history(seed, size):
        entry = typed(values)
        kind, state = Codec().state(entry)
        personal = take_personal(kind, state)
        found = prepared(kind_of(entry), entry)
        assert found is not None
        assert found.fields == tuple(personal)
        if personal:
            assert msgpack.unpackb(found.personal) == personal
            assert found.personal == msgpack.packb(personal)
            state["sealed"] = {"fields": list(personal), "box": b"xyz"}
        assert (found.closed(b"xyz") if personal else found.state) == msgpack.packb(state)


def test_parts_are_maps_of_one_form() -> None:
    # msgspec writes a map that could have more fields in a form that is not the one we read
    for kind in KINDS.values():
        for field in fields_of(kind):
            assert len(field.parts) <= 15


def test_every_kind_is_prepared_or_goes_the_long_way() -> None:
    piece = Block(KEPT_ENTRIES, 1, "f").piece()
    assert not piece.failed
    alike(unpacked(packed(piece, Wanted(seals=False, owners=[])), "f")[0], piece)


def test_no_line_is_torn_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 300)
    found = list(blocks_of(BytesIO(KEPT_ENTRIES), "f"))
    assert len(found) > 1
    assert b"".join(block.content for block in found) == KEPT_ENTRIES
    assert [block.first_row for block in found[1:]] == [block.last_row + 1 for block in found[:-1]]


def imported(folder: Path, content: bytes) -> list[Any]:
    """Return what a book holds after the import of a file, and its commit."""
    with new_book(folder, name="made_up.db") as book:
        lines = LineFile(BytesIO(content), "f")
        book.record(lines, now=NOW, by="lan", source=Source("f", bytes(32)), keep_recorded=False)
        return list(book.entries(opened=True))


@pytest.fixture
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file be a long one."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 2_000)
    monkeypatch.setattr(linefile, "WORTH_A_PROCESS_BYTES", 0)
    monkeypatch.setattr(linefile, "can_read_ahead", lambda: True)


@pytest.mark.usefixtures("short_blocks")
def test_another_process_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead.Helper, "is_ready", True)  # it is waited for, from the first line
    content = b"".join(line(entry) for entry in history(7, 300))
    (tmp_path / "a").mkdir()
    found = imported(tmp_path / "a", content)
    assert len(found) == content.count(b"\n")
    # then nobody is left behind, and it is as without
    assert not active_children()
    monkeypatch.setattr(linefile, "can_read_ahead", lambda: False)
    (tmp_path / "b").mkdir()
    assert imported(tmp_path / "b", content) == found


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # libraries have threads here
def test_a_copy_of_this_process_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a file that is worth a copy, and that nothing else goes on here
    monkeypatch.setattr(linefile, "WORTH_A_COPY_BYTES", 0)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    content = b"".join(line(entry) for entry in history(7, 300))
    lines = LineFile(BytesIO(content), "f")
    placed: list[Stored] = []

    def noted(data: bytes) -> Stored:
        placed.append(stored_of(data))
        return placed[-1]

    monkeypatch.setattr(ahead, "stored_of", noted)
    # when the copy is made, and then the book, then the lines are read there
    with lines.read_ahead(), new_book(tmp_path, name="made_up.db") as book:
        assert len(active_children()) == 1
        book.record(lines, now=NOW, by="lan", source=Source("f", bytes(32)))
        assert len(list(book.entries())) == content.count(b"\n")
    assert placed
    assert not active_children()


def test_nothing_is_copied_while_another_thread_may_hold_a_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert ahead.copied() is None
    assert not active_children()


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.parametrize("lives", [1, 2, 5])
@pytest.mark.parametrize("where", ["unpacked", "stored_of"])
def test_a_process_that_dies_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, lives: int
) -> None:
    # given that the other process is killed after some pieces, read or placed
    made: list[Any] = []
    before = getattr(ahead, where)

    def dies(*given: Any) -> Any:
        made.append(before(*given))
        if len(made) == lives:
            for child in active_children():
                child.kill()
                child.join()
        return made[-1]

    monkeypatch.setattr(ahead.Helper, "is_ready", True)
    monkeypatch.setattr(ahead, where, dies)
    content = b"".join(line(entry) for entry in history(7, 300))
    # when a file is imported, then all of it is
    assert len(imported(tmp_path, content)) == content.count(b"\n")
    assert lives <= len(made) <= lives + 1


IMPORT = "from commands.main import main; main()"
CHILDREN = Path("/proc") / "{0}" / "task" / "{0}" / "children"


def wait_for(what: Any) -> Any:
    """Return what comes of asking again and again."""
    for _ in range(600):
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(what)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks up processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_import_that_is_ended_leaves_the_book_as_it_was_and_nobody_behind(
    tmp_path: Path, how: signal.Signals
) -> None:
    # given an import of many lines, read by another process
    table = tmp_path / "many.jsonl"
    founded = {"kind": "unit_founded", "effective_on": "2015-01-01", "type": "cell"}
    with table.open("wb") as stream:
        stream.writelines(
            line(founded | {"unit": f"U{no}", "name": "x" * 200}) for no in range(60_000)
        )
    Book.create(tmp_path / "book.db").close()
    command = [sys.executable, "-c", IMPORT, "import", str(table), "--book", "book.db"]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    children = Path(str(CHILDREN).format(running.pid))
    others = [Path("/proc") / name for name in wait_for(lambda: children.read_text().split())]
    wait_for(lambda: list(tmp_path.glob("book.db-*")))
    # when it is ended, by Ctrl-C with all that it has started
    if how == signal.SIGINT:
        os.killpg(running.pid, how)
    else:
        running.send_signal(how)
    said = running.communicate()[1]
    status = running.returncode
    assert b"Traceback" not in said
    # then the book is as it was, and the other processes end, too
    assert status in {-how, 130}
    with Book.open(tmp_path / "book.db") as book:
        assert book.head.no == 0
    wait_for(lambda: not any(other.exists() for other in others))
