"""Two sets of filters at once: what fulfils both."""

from collections.abc import Mapping
from typing import Any

from projections.filters import codes_asked, period_asked
from projections.placing import covers


def both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return filters that ask for what both ask for; no codes left means nobody.

    Where both narrow by the same characteristic, the narrower of the two stays; of two lists
    of codes, the codes that are in both.
    """
    found = {**one, **other}
    for name in set(one) & set(other):
        mine, others = {name: one[name]}, {name: other[name]}
        if covers(mine, others):
            continue
        if covers(others, mine):
            found[name] = one[name]
        elif name == "founded_in":
            (first, last), (since, until) = period_asked(one[name]), period_asked(other[name])
            found[name] = {"from": f"{max(first, since)}", "to": f"{min(last, until)}"}
        else:
            codes = set(codes_asked(other[name]))
            found[name] = [code for code in codes_asked(one[name]) if code in codes]
    return found
