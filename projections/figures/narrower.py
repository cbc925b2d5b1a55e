"""Two sets of filters at once: what fulfils both."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from ledger.codes import TOGETHER
from projections.bands import UNKNOWN, age_range
from projections.filters import (
    ANY,
    FALLS_SHORT,
    IN_NO_UNION,
    NO_RELIGION,
    codes_asked,
    period_asked,
)
from projections.placing import covers

Codes = list[str]


def both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return filters that ask for what both ask for; no codes left means nobody.

    Where both narrow by the same characteristic, the narrower of the two stays; of two lists
    of codes, the codes that are in both.
    """
    found = {**one, **other}
    for name in set(one) & set(other):
        mine, others = one[name], other[name]
        if name == FALLS_SHORT:
            found[name] = min(mine, others, key=lambda share: Fraction(str(share)))
        elif covers({name: mine}, {name: others}):
            continue
        elif covers({name: others}, {name: mine}):
            found[name] = mine
        elif name == "founded_in":
            (first, last), (since, until) = period_asked(mine), period_asked(others)
            found[name] = {"from": f"{max(first, since)}", "to": f"{min(last, until)}"}
        else:
            found[name] = _MEET.get(name, _meet)(codes_asked(mine), codes_asked(others))
    return found


def _meet(mine: Codes, others: Codes) -> Codes:
    return [code for code in mine if code in others]


def _ages_meet(mine: Codes, others: Codes) -> Codes:
    """Return the years that are in a band of each: ``18-24`` of ``18-30`` and ``under_25``."""
    found = _meet(mine, others)
    for one, other in product(map(age_range, mine), map(age_range, others)):
        if one is not None and other is not None and one != other:
            first, last = max(one[0], other[0], 0), min(one[1], other[1])
            if first <= last:
                found.append(f"{first}-{last}")
    return found


def _religions_meet(mine: Codes, others: Codes) -> Codes:
    found = _meet(mine, others)
    for one, other in ((mine, others), (others, mine)):
        if ANY in one:
            found += [code for code in other if code not in (*NO_RELIGION, *found)]
    return found


def _unions_meet(mine: Codes, others: Codes) -> Codes:
    """Return the unions of those who are in one of each: they are in both at once."""
    found = _meet(mine, others)
    found += [
        TOGETHER.join(sorted({*one.split(TOGETHER), *other.split(TOGETHER)}))
        for one, other in product(mine, others)
        if one != other and not {one, other} & {UNKNOWN, IN_NO_UNION}
    ]
    return found


_MEET: dict[str, Callable[[Codes, Codes], Codes]] = {
    "age": _ages_meet,
    "religion": _religions_meet,
    "union": _unions_meet,
}
"""What fulfils both of two lists, where codes mean more than themselves."""
