"""Reads a long file ahead in a process of its own, while this one checks what was read.

Python works on one processor at a time. What a line says by itself rests on nothing else, so
that it can be found out beside: the other process is sent a block of lines, and sends back
the piece they make, as msgpack that is decoded in C. It holds nothing that could be lost: it
is ended at any moment, and ends by itself when nobody is left at the other end. Whatever
goes wrong with it, the block is read here.
"""

import multiprocessing
import os
import pickle
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection
from typing import Any, Union

import msgspec

from ledger.catalogue import KINDS
from ledger.exchange.blocks import Block
from ledger.recording.collection import no_collection
from ledger.recording.pieces import Failed, Piece, Places
from ledger.store.prepared import Prepared

_ASKED_AHEAD = 2
"""How many blocks are on their way: one that is being read, and one more."""
_READY = b""


class _Sent(msgspec.Struct, array_like=True):
    """A piece between processes: columns, those of the states as parts of their own."""

    entries: list[Any]
    streams: list[str | None]
    named: list[tuple[str, ...]]
    states: list[bytes | None]
    fields: dict[int, tuple[str, ...]]
    personal: dict[int, bytes]
    rows: list[int]
    failed: bytes
    """Pickled: problems hold values of any kind."""


_ENCODER = msgspec.msgpack.Encoder()


@cache
def _decoder() -> "msgspec.msgpack.Decoder[Any]":
    entry: Any = Union[(*KINDS.values(), None)]
    hints = _Sent.__annotations__ | {"entries": list[entry]}
    return msgspec.msgpack.Decoder(
        msgspec.defstruct("Received", list(hints.items()), array_like=True)
    )


def packed(piece: Piece) -> bytes:
    """Return a piece of a file as bytes, for ``unpacked``."""
    sealed = {
        at: state for at, state in enumerate(piece.states) if state is not None and state.fields
    }
    sent = _Sent(
        list(piece.entries),
        list(piece.streams),
        list(piece.named),
        [state and state.state for state in piece.states],
        {at: state.fields for at, state in sealed.items()},
        {at: state.personal for at, state in sealed.items()},
        list(piece.rows),  # type: ignore[arg-type]  # lines of a file have rows
        pickle.dumps(piece.failed) if piece.failed else b"",
    )
    return _ENCODER.encode(sent)


def unpacked(data: bytes, file_name: str) -> Piece:
    """Return the piece that was packed."""
    sent = _decoder().decode(data)
    states = [state and Prepared(state) for state in sent.states]
    for at, fields in sent.fields.items():
        states[at] = Prepared(states[at].state, fields, sent.personal[at])
    failed: dict[int, Failed] = {}
    if sent.failed:
        failed = pickle.loads(sent.failed)  # noqa: S301 - written by a process of our own
    return Piece(
        sent.entries,
        failed,
        sent.streams,
        sent.named,
        states,
        [None] * len(sent.rows),
        sent.rows,
        Places(file_name, sent.rows),
    )


def _serve(connection: "Connection[bytes, Block]") -> None:
    """Make pieces of blocks until nobody asks any more; in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    try:
        connection.send_bytes(_READY)
        while True:
            block = connection.recv()
            with no_collection():
                connection.send_bytes(packed(block.piece()))
    except (EOFError, OSError):
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


class Reader:
    """A process that makes pieces of blocks, until closed. Raises OSError if it cannot start."""

    def __init__(self) -> None:
        # A fresh process: one that is copied would have the locks of threads and databases.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _interrupts_later():
            self._process.start()
        theirs.close()
        self._talk = ThreadPoolExecutor(max_workers=1)
        self._begun = self._talk.submit(self._connection.recv_bytes)

    @property
    def is_ready(self) -> bool:
        """Whether the process has started."""
        return self._begun.done()

    def ask(self, block: Block) -> "Future[bytes]":
        """Have a block read; what comes is the piece, packed."""
        return self._talk.submit(self._asked, block)

    def _asked(self, block: Block) -> bytes:
        self._connection.send(block)
        return self._connection.recv_bytes()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.terminate()
        self._process.join()
        self._talk.shutdown(cancel_futures=True)
        self._connection.close()


def can_read_ahead() -> bool:
    """Return whether there is a second processor to read on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


def pieces_ahead(blocks: Iterator[Block]) -> Iterator[Piece]:
    """Yield the pieces that blocks make, in their order, read by another process."""
    try:
        reader = Reader()
    except OSError:
        yield from (block.piece() for block in blocks)
        return
    asked: deque[tuple[Block, Future[bytes]]] = deque()
    try:
        for block in blocks:
            asked.append((block, reader.ask(block)))
            if len(asked) > _ASKED_AHEAD or not reader.is_ready:
                yield _answer(reader, *asked.popleft())
        while asked:
            yield _answer(reader, *asked.popleft())
    finally:
        reader.close()


def _answer(reader: Reader, block: Block, answer: "Future[bytes]") -> Piece:
    """Return the piece of a block: made by the reader, or here, where it cannot yet or any more."""
    if not reader.is_ready and answer.cancel():
        return block.piece()
    try:
        return unpacked(answer.result(), block.file_name)
    except Exception:  # noqa: BLE001 - whatever it was, it is done again here, and tells
        return block.piece()
