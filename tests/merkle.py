"""The tree of RFC 6962 section 2.1, written down as the RFC defines it: what ours is tested by."""

from collections.abc import Sequence
from hashlib import sha256


def split(size: int) -> int:
    """Return the largest power of two smaller than ``size``."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def head(data: Sequence[bytes]) -> bytes:
    """Return MTH(D[n]) of RFC 6962 section 2.1."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    at = split(len(data))
    return sha256(b"\x01" + head(data[:at]) + head(data[at:])).digest()


def path(index: int, data: Sequence[bytes]) -> list[bytes]:
    """Return PATH(m, D[n]) of RFC 6962 section 2.1.1."""
    if len(data) == 1:
        return []
    at = split(len(data))
    if index < at:
        return [*path(index, data[:at]), head(data[at:])]
    return [*path(index - at, data[at:]), head(data[:at])]


def proof(old: int, data: Sequence[bytes]) -> list[bytes]:
    """Return PROOF(m, D[n]) of RFC 6962 section 2.1.2."""
    return _subproof(old, data, known=True)


def _subproof(old: int, data: Sequence[bytes], *, known: bool) -> list[bytes]:
    if old == len(data):
        return [] if known else [head(data)]
    at = split(len(data))
    if old <= at:
        return [*_subproof(old, data[:at], known=known), head(data[at:])]
    return [*_subproof(old - at, data[at:], known=False), head(data[:at])]
