"""What the programs here say: one line a test, as docs/trust/numbers.md has them."""

import time
from typing import NamedTuple


class Line(NamedTuple):
    """A test, what was asked of it, and what it reached."""

    test: str
    asked: str
    reached: str
    took: str
    holds: bool

    def __str__(self) -> str:
        return f"{self.test}: {self.reached}, asked {self.asked}, in {self.took}" + (
            "" if self.holds else " — NOT REACHED"
        )


def duration(since: float) -> str:
    """Return the time since a moment of ``time.monotonic``, such as ``4 min 05 s``."""
    minutes, seconds = divmod(round(time.monotonic() - since), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
