"""The words of an error code: what is wrong and what to do about it, in English."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of one error code."""

    text: str
    remedy: str
