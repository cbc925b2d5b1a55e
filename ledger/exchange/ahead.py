"""Reads a long file in a process of its own, and places what this one has found possible.

Python works on one processor at a time. What a line says by itself, and what is to be stored of
it once it has its place, rests on nothing else; so both are done beside, while this process
checks what the lines mean beside others. They take turns: this one sends what it found of a
piece and the block after the next; the other one sends what is to be stored of that piece, and
the next piece, as msgpack that is decoded in C. It holds nothing that could be lost: it is ended
at any moment, and ends by itself when nobody is left at the other end. Whatever goes wrong with
it, the work is done here.
"""

import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from ledger.exchange.blocks import Block
from ledger.exchange.packing import ENCODER, packed, stored_of, unpacked
from ledger.recording.collection import no_collection
from ledger.recording.pieces import Piece
from ledger.recording.placing import Accepted, Known, Placing, Wanted
from ledger.recording.steps import Steps
from ledger.recording.writing import Writing

_READY = b""


class _Work(NamedTuple):
    """What the other process is to do; each part is answered by itself, in this order."""

    source: Block | None
    """Of what the piece was made that is to be placed; it stays here."""
    accepted: Accepted | None
    """What was found of it: the eldest that is not placed yet."""
    known: Known
    block: Block | None
    """What is to be read."""


def _serve_alone(connection: Connection, asking: Connection | None) -> None:
    """Serve in a process of its own; ``asking`` is the other end, if that is open here, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    if asking is not None:
        asking.close()  # or nobody would be told that who asks has ended
    serve(connection)


def serve(connection: Connection) -> None:
    """Place and make pieces until nobody asks any more."""
    try:
        connection.send_bytes(_READY)
        placing: Placing = connection.recv()
        made: deque[Piece] = deque()
        while True:
            with no_collection():
                _, accepted, known, block = connection.recv()
                placing.learn(known)
                if accepted is not None:
                    piece = made.popleft()
                    if accepted.versions:
                        connection.send_bytes(ENCODER.encode(placing.placed(piece, accepted)))
                if block is not None:
                    made.append(block.piece())
                    connection.send_bytes(packed(made[-1], placing.wanted(made[-1])))
    except Exception:  # noqa: BLE001 - who asked does it again, and tells
        return


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Keep Ctrl-C from a process that is being started, until it can leave it alone."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Helper:
    """The other process, until closed. Raises OSError if it cannot start.

    No thread stands between, which would have to wait for Python again and again. Whatever it
    is asked when it is lost is answered by None.
    """

    def __init__(self, *, is_copy: bool = False) -> None:
        """Start it afresh, or as a copy of this process, for which see ``copied``."""
        # Afresh unless asked otherwise: a copy has the locks of threads and databases.
        context: Any = multiprocessing.get_context("fork" if is_copy else "spawn")
        theirs: Connection
        self._connection: Connection
        self._connection, theirs = context.Pipe()
        asking = self._connection if is_copy else None
        self._process = context.Process(target=_serve_alone, args=(theirs, asking), daemon=True)
        if not is_copy:
            resource_tracker.ensure_running()  # what starts that lets signals through again
        with _interrupts_later():
            self._process.start()
        theirs.close()
        self.is_lost = False

    @property
    def is_ready(self) -> bool:
        """Whether the process has started, and goes on."""
        try:
            return not self.is_lost and self._connection.poll()
        except OSError:
            return False

    def send(self, what: Placing | _Work) -> None:
        """Send what places pieces, or work; all answers before must have been received."""
        try:
            if not self.is_lost:
                if isinstance(what, _Work):
                    what = what._replace(source=None)
                self._connection.send(what)
        except OSError:
            self.is_lost = True

    def receive(self) -> bytes | None:
        """Return the next answer, None if there will be none."""
        try:
            while not self.is_lost:
                if (data := self._connection.recv_bytes()) != _READY:
                    return data
        except (EOFError, OSError):
            self.is_lost = True
        return None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.is_lost = True
        self._process.terminate()
        self._process.join()
        self._connection.close()


class StepsAhead(Steps):
    """The steps of the blocks of a file, most of them done in another process."""

    def __init__(self, blocks: Iterator[Block], writing: Writing, helper: Helper) -> None:
        super().__init__((), writing)
        self._blocks = blocks
        self._helper = helper
        self._there: tuple[Block, Wanted] | None = None
        """Of what the piece yielded last was made, if that was there."""
        self._work = _Work(None, None, Known(), None)
        """What was found of it, to be sent next."""
        self._asked: _Work | None = None
        """What is being placed there."""

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces, in their order; made here until the other process is ready."""
        for block in self._blocks:
            if self._helper.is_ready:
                yield from self._pieces_there(block)
            else:
                yield block.piece()

    def _pieces_there(self, first: Block) -> Iterator[Piece]:
        """Yield the pieces that the other process makes; the next one too if it is lost."""
        self._start()
        block: Block | None = first
        self._send(first)
        while block is not None and (data := self._helper.receive()) is not None:
            following = next(self._blocks, None)
            self._send(following)
            piece, wanted = unpacked(data, block.file_name)
            self._there = block, wanted
            yield piece
            self._there = None
            self.catch_up()
            block = following
        self._send(None)
        self.catch_up()
        if block is not None:
            yield block.piece()

    def _start(self) -> None:
        """Have the other process go on placing where this one is."""
        placing = self._writing.placing()
        owners: list[str] = []
        if self._placing is not None:
            owners, placing.is_whole = self._placing.owners(), self._placing.is_whole
            self._placing = None  # it does not know what the other one goes on with
        self._helper.send(placing)
        self._work = self._work._replace(known=self._writing.known(Wanted(bool(owners), owners)))

    def _send(self, block: Block | None) -> None:
        """Ask for what was found of a piece to be placed, and for the piece of a block."""
        work = self._work._replace(block=block)
        self._work = _Work(None, None, Known(), None)
        self._helper.send(work)
        self._asked = work if work.accepted is not None else None

    def place(self, piece: Piece, accepted: Accepted) -> None:
        """Have placed and written what was found possible of the piece yielded last."""
        if self._there is None:
            super().place(piece, accepted)
        else:
            block, wanted = self._there
            self._work = _Work(block, accepted, self._writing.known(wanted), None)

    def catch_up(self) -> None:
        """Return when all that was placed is handed over to be written."""
        asked, self._asked = self._asked, None
        if asked is None or asked.accepted is None or not asked.accepted.versions:
            return
        data = self._helper.receive()
        if data is not None:
            self._writing.write(stored_of(data))
        elif asked.source is not None:
            super().place(asked.source.piece(), asked.accepted)

    def close(self) -> None:
        """End the other process."""
        self._helper.close()


def copied() -> Helper | None:
    """Return a copy of this process that helps, None where there can be none.

    A copy is there at once. It must have no lock of anybody: so nothing else may go on here,
    and no database be open. macOS has threads that nobody started.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return None
    try:
        return Helper(is_copy=True)
    except OSError:
        return None


def steps_ahead(blocks: Iterator[Block], writing: Writing, helper: Helper | None) -> Steps:
    """Return the steps of blocks, in their order, done by another process where one starts."""
    try:
        return StepsAhead(blocks, writing, helper or Helper())
    except OSError:
        return Steps((block.piece() for block in blocks), writing)
