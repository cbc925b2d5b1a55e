"""Pieces of a recording as bytes, on their way between two processes."""

import pickle
from functools import cache
from typing import Any, Union

import msgspec
from msgspec import Struct

from ledger.catalogue import KINDS
from ledger.recording.pieces import Failed, Piece, Places
from ledger.recording.placing import Stored, Wanted


class _Sent(Struct, array_like=True):
    """A piece between processes: what the lifecycle has to know of it, in columns."""

    entries: list[Any]
    streams: list[str | None]
    named: list[tuple[str, ...]]
    rows: list[int]
    failed: bytes
    """Pickled: problems hold values of any kind."""
    wanted: Wanted


ENCODER = msgspec.msgpack.Encoder()
_STORED = msgspec.msgpack.Decoder(Stored)


@cache
def _decoder() -> "msgspec.msgpack.Decoder[Any]":
    entry: Any = Union[(*KINDS.values(), None)]
    hints = _Sent.__annotations__ | {"entries": list[entry]}
    return msgspec.msgpack.Decoder(
        msgspec.defstruct("Received", list(hints.items()), array_like=True)
    )


def packed(piece: Piece, wanted: Wanted) -> bytes:
    """Return a piece of a file as bytes, for ``unpacked``; its states stay where they are."""
    sent = _Sent(
        list(piece.entries),
        list(piece.streams),
        list(piece.named),
        list(piece.rows),  # type: ignore[arg-type]  # lines of a file have rows
        pickle.dumps(piece.failed) if piece.failed else b"",
        wanted,
    )
    return ENCODER.encode(sent)


def unpacked(data: bytes, file_name: str) -> tuple[Piece, Wanted]:
    """Return the piece that was packed, without states, and what must be known to place it."""
    sent = _decoder().decode(data)
    failed: dict[int, Failed] = {}
    if sent.failed:
        failed = pickle.loads(sent.failed)  # noqa: S301 - written by a process of our own
    piece = Piece(
        sent.entries,
        failed,
        sent.streams,
        sent.named,
        [None] * len(sent.rows),
        [None] * len(sent.rows),
        sent.rows,
        Places(file_name, sent.rows),
    )
    return piece, sent.wanted


def stored_of(data: bytes) -> Stored:
    """Return what is to be stored of a piece that the other process has placed."""
    return _STORED.decode(data)
