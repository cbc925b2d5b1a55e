"""What another process places is what is placed here, whatever is wrong and however it is cut."""

import random
from collections.abc import Iterator
from io import BytesIO
from multiprocessing import Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ledger.book import Source
from ledger.errors import Refused
from ledger.exchange import ahead, blocks, linefile
from ledger.exchange.linefile import LineFile
from ledger.lifecycle import timelines
from ledger.recording import transaction
from ledger.store import sealing
from tests.histories import history
from tests.shelf import new_book
from tests.test_jsonlines import line
from tests.test_laws import NOW as LATER
from tests.test_laws import SEEDS, SIZES
from tests.test_pieces import spoiled, told


class Beside(ahead.Helper):
    """The other process as a thread, in which constants can be set."""

    is_ready = True

    def __init__(self) -> None:
        self._connection, theirs = Pipe()
        self._thread = Thread(target=ahead.serve, args=(theirs,))
        self._thread.start()
        self.is_lost = False

    def close(self) -> None:
        """End the thread."""
        self._connection.close()
        self._thread.join()


def outcomes(files: list[bytes]) -> Iterator[Any]:
    """Yield what comes of importing files, each into the book as it is then; last what it holds."""
    with TemporaryDirectory() as folder, new_book(Path(folder), name="made_up.db") as book:
        for content in files:
            lines = LineFile(BytesIO(content), "f")
            source = Source("f", bytes(32))
            try:
                receipt = book.record(lines, now=LATER, by="lan", source=source)
            except Refused as refused:
                yield [told(problem) for problem in refused.problems]
            else:
                yield receipt.entries
        yield [*book.entries(opened=True)]
        yield [(key, sorted(book.naming(key), key=repr)) for key in ("unit/U1", "person/P000001")]
        yield book.displaced()


def test_the_key_that_signs_for_a_book_stays_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []

    class Overheard(Beside):
        def send(self, what: Any) -> None:
            sent.append(what)
            super().send(what)

    # given a file that is read by another process
    for module, name, value in (
        (blocks, "BLOCK_BYTES", 2_000),
        (linefile, "WORTH_A_PROCESS_BYTES", 0),
        (linefile, "can_read_ahead", lambda: True),
        (ahead, "Helper", Overheard),
    ):
        monkeypatch.setattr(module, name, value)
    with new_book(tmp_path, name="made_up.db") as book:
        lines = LineFile(BytesIO(b"".join(line(entry) for entry in history(7, 300))), "f")
        book.record(lines, now=LATER, by="lan", source=Source("f", bytes(32)))
    # then of the keys it is sent those that seal, and no other
    keys = [work.known.epoch_key for work in sent[1:] if work.known.epoch_key]
    assert keys
    assert {key.identity for key in keys} == {b""}


@given(
    seed=SEEDS, size=SIZES, block=some.integers(200, 3_000), at_hand=some.integers(1, 5), cut=SIZES
)
def test_what_is_placed_ahead_is_what_is_placed_here(
    seed: int, size: int, block: int, at_hand: int, cut: int
) -> None:
    # given a history in two files, of which some lines are wrong
    texts = [line(entry) for entry in spoiled(random.Random(seed), history(seed, size))]
    files = [b"".join(texts[:cut]), b"".join(texts[cut:])]
    found: list[list[Any]] = []
    for is_long in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(blocks, "BLOCK_BYTES", block)
            patch.setattr(linefile, "WORTH_A_PROCESS_BYTES", 0)
            patch.setattr(linefile, "can_read_ahead", lambda is_long=is_long: is_long)
            patch.setattr(ahead, "Helper", Beside)
            for module, name in (
                (transaction, "PEOPLE_AT_HAND"),
                (timelines, "PEOPLE_AT_HAND"),
                (timelines, "ENTRIES_AT_HAND"),
                (sealing, "KEYS_AT_HAND"),
            ):
                patch.setattr(module, name, at_hand)
            found.append([*outcomes(files)])
    # when it is imported with another process and without, then it is the same book
    assert found[0] == found[1]
