"""The independent comparison of a stated number with an exact one, by decimals."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from tests.reference import Entry


def numbers(figure: Entry) -> list[Fraction]:
    value = figure["value"]
    return [Fraction(text) for text in (value if isinstance(value, list) else [value])]


def holds(figure: Entry, computed: Fraction) -> bool:
    values = numbers(figure)
    stated = values[0]
    size, stated_size = abs(computed), abs(stated)
    return {
        "equal": computed == stated,
        "about": 100 * abs(computed - stated) <= 5 * stated_size,
        "nearly": 100 * size >= 90 * stated_size > 0
        and size < stated_size
        and (computed > 0) == (stated > 0),
        "over": computed > stated,
        "at_least": computed >= stated,
        "under": computed < stated,
        "range": values[0] <= computed <= values[-1],
    }[figure["comparator"]]


def rounded(figure: Entry, computed: Fraction) -> str | None:
    """Return the mode by which a derived figure was rounded to what is stated, None if none."""
    if "derived" not in figure or figure["comparator"] != "equal":
        return None
    stated = Decimal(figure["value"])
    with localcontext() as context:
        context.prec = 80
        exact = Decimal(computed.numerator) / Decimal(computed.denominator)
        one = Decimal(1).scaleb(-len(figure["value"].partition(".")[2]))
        for mode, name in ((ROUND_HALF_UP, "half_up"), (ROUND_DOWN, "truncated")):
            if exact.quantize(one, rounding=mode) == stated:
                return name
    return None
