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
from collections.abc import Iterator
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


class Reader:
    """A process that makes pieces of blocks, until closed. Raises OSError if it cannot start.

    It is asked for one at a time, and goes on with that while the one before is checked. No
    thread stands between, which would have to wait for Python again and again.
    """

    def __init__(self) -> None:
        # A fresh process: one that is copied would have the locks of threads and databases.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _interrupts_later():
            self._process.start()
        theirs.close()
        self._is_lost = False

    @property
    def is_ready(self) -> bool:
        """Whether the process has started, and goes on."""
        try:
            return not self._is_lost and self._connection.poll()
        except OSError:
            return False

    def ask(self, block: Block) -> None:
        """Have a block read; what was asked before must have been answered."""
        try:
            self._connection.send(block)
        except OSError:
            self._is_lost = True

    def answer(self, block: Block) -> Piece:
        """Return the piece of the block that was asked for; it is made here if need be."""
        try:
            while not self._is_lost:
                if (data := self._connection.recv_bytes()) != _READY:
                    return unpacked(data, block.file_name)
        except (EOFError, OSError):
            self._is_lost = True
        return block.piece()

    @property
    def is_lost(self) -> bool:
        """Whether the process does not answer any more."""
        return self._is_lost

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.terminate()
        self._process.join()
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
    asked: Block | None = None
    try:
        for block in blocks:
            if asked is not None:
                piece = reader.answer(asked)
                asked = None if reader.is_lost else block
                if asked is not None:
                    reader.ask(asked)
                yield piece
            elif reader.is_ready:
                asked = block
                reader.ask(asked)
                continue
            if asked is None:
                yield block.piece()
        if asked is not None:
            yield reader.answer(asked)
    finally:
        reader.close()
