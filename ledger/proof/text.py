"""What every text format here is made of: base64 and decimal numbers, each in one form only."""

import re
from base64 import b64decode, b64encode

from ledger.proof.tree import LARGEST

_DECIMAL = re.compile("0|[1-9][0-9]{0,18}")


def base64_of(data: bytes) -> str:
    """Return the standard base64 of RFC 4648 section 4, with padding."""
    return b64encode(data).decode("ascii")


def bytes_of(text: str) -> bytes | None:
    """Return what a base64 text holds, or None unless it is what ``base64_of`` gives."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64_of(data) == text else None


def number_of(text: str) -> int | None:
    """Return a number in ASCII digits without leading zeros, or None.

    The most is 2**63 - 1, for sizes of trees and for times alike.
    """
    number = int(text) if _DECIMAL.fullmatch(text) else None
    return number if number is not None and number <= LARGEST else None
