"""How a stated number is held against the exact one: comparators, and what rounding may explain.

All in fractions, so that the boundary itself is decided the same way every time.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

_ABOUT = Fraction(5, 100)
"""About is at most this part away, on either side (DESIGN §4)."""
_NEARLY = Fraction(90, 100)
"""Nearly is at least this part of the number, and below it."""

Mode = Literal["half_up", "truncated"]


class Rounding(NamedTuple):
    """How an exact number was shortened to what is printed."""

    mode: Mode
    digits: int
    """Digits after the decimal point."""


def holds(comparator: str, value: tuple[Fraction, ...], computed: Fraction) -> bool:
    """Return whether ``computed`` is what ``comparator`` says of ``value``, exactly.

    ``value`` is one number, or the two ends of a range, which both belong to it. About and
    nearly go by size, so that they also say something of a fall, which is negative; the
    others compare the numbers as they are.
    """
    if comparator == "range":
        return value[0] <= computed <= value[-1]
    return _HOLDS[comparator](computed, value[0])


def _is_about(computed: Fraction, stated: Fraction) -> bool:
    return abs(computed - stated) <= _ABOUT * abs(stated)


def _is_nearly(computed: Fraction, stated: Fraction) -> bool:
    same_side = computed * stated > 0
    return same_side and _NEARLY * abs(stated) <= abs(computed) < abs(stated)


_HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "equal": lambda computed, stated: computed == stated,
    "about": _is_about,
    "nearly": _is_nearly,
    "over": lambda computed, stated: computed > stated,
    "at_least": lambda computed, stated: computed >= stated,
    "under": lambda computed, stated: computed < stated,
}


def digits_of(text: str) -> int:
    """Return how many digits after the point a decimal is written with: 2 for ``4.80``."""
    exponent = Decimal(text).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounding(text: str, computed: Fraction) -> Rounding | None:
    """Return how ``computed`` becomes the decimal ``text`` by rounding; None if it does not.

    Half up first (88.888… is 88.9), then truncated (88.8), as committees print both
    (DOMAIN §4.7). A negative number is rounded by its size: -4.75 is -4.8 half up.
    """
    stated, digits = Fraction(Decimal(text)), digits_of(text)
    scaled = abs(computed) * 10**digits
    modes: tuple[tuple[Mode, int], ...] = (
        ("half_up", int(scaled + Fraction(1, 2))),
        ("truncated", int(scaled)),
    )
    sign = -1 if computed < 0 else 1
    for mode, shortened in modes:
        if Fraction(sign * shortened, 10**digits) == stated:
            return Rounding(mode, digits)
    return None
