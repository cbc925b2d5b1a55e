"""Where counts stand in a breakdown: rows of codes, and unnamed people by their filters only."""

from collections.abc import Callable, Mapping
from typing import Any

from ledger.codes import LIST_OF, TOGETHER, code_list
from projections.bands import AGE_BANDS, UNKNOWN, age_range
from projections.filters import (
    ANY,
    FILTERS,
    NO_RELIGION,
    codes_asked,
    period_asked,
    sector_group,
)

Codes = list[str]


def covers(asked: Mapping[str, Any], own: Mapping[str, Any]) -> bool:
    """Return whether unnamed people with the filters ``own`` all fulfil what is asked."""
    for name, wanted in asked.items():
        told = _told(name, own)
        if told is None:
            return False
        if name == "founded_in":
            (first, last), (since, until) = period_asked(wanted), period_asked(told)
            if not first <= since <= until <= last:
                return False
        else:
            codes = codes_asked(told)
            if not codes or not _WITHIN.get(name, _within)(codes, codes_asked(wanted)):
                return False
    return True


def placed_under(name: str, own: Mapping[str, Any]) -> str | None:
    """Return the row of ``name`` in which filters put unnamed people, None if not one."""
    told = _told(name, own)
    codes = [] if told is None else sorted(set(codes_asked(told)))
    if len(codes) != 1 or codes == [ANY]:
        return None
    if name == "union":
        return TOGETHER.join(sorted(set(codes[0].split(TOGETHER))))
    if name != "age" or codes[0] in AGE_BANDS:
        return codes[0]
    mine = age_range(codes[0])
    inside = (band for band in AGE_BANDS if mine and _age_within([codes[0]], [band]))
    return next(inside, None)


def _told(name: str, own: Mapping[str, Any]) -> Any:
    """Return what filters tell of ``name``, None if nothing; a sector tells its group."""
    if name == "sector_group" and name not in own and "sector" in own:
        return [sector_group(code) for code in codes_asked(own["sector"])]
    return own.get(name)


def _within(codes: Codes, asked: Codes) -> bool:
    return set(codes) <= set(asked)


def _age_within(codes: Codes, asked: Codes) -> bool:
    wanted = [age_range(code) for code in asked]
    return all(
        any(
            mine == other or (mine and other and other[0] <= mine[0] and mine[1] <= other[1])
            for other in wanted
        )
        for mine in map(age_range, codes)
    )


def _religion_within(codes: Codes, asked: Codes) -> bool:
    return all(code in asked or (ANY in asked and code not in NO_RELIGION) for code in codes)


def _union_within(codes: Codes, asked: Codes) -> bool:
    """Whoever is in all of ``a+b`` is in ``a``."""
    wanted = [set(code.split(TOGETHER)) for code in asked]
    return all(any(each <= set(code.split(TOGETHER)) for each in wanted) for code in codes)


_WITHIN: dict[str, Callable[[Codes, Codes], bool]] = {
    "age": _age_within,
    "religion": _religion_within,
    "union": _union_within,
}


def row_of(name: str, value: Any) -> str | None:
    """Return the row in which a named subject stands, from what the filter's SQL gave.

    None where the subject cannot be told apart by ``name`` at all.
    """
    read = FILTERS[name].row if name in FILTERS else None
    # Nobody's unions are null, and yet they stand in a row: unknown.
    return read(value) if read is not None else value


def sort_key(name: str) -> Callable[[str | None], tuple[Any, ...]]:
    """Return how the rows of a breakdown are sorted: codes as listed, the unlisted after them.

    Those not known stand last but one, and last of all the row with the key None.
    """
    known = FILTERS[name].codes if name in FILTERS else ()
    if not known and name in LIST_OF:
        known = tuple(code_list(LIST_OF[name]).codes)
    order = {code: number for number, code in enumerate(known)}

    def key(code: str | None) -> tuple[Any, ...]:
        parts = (code or "").split(TOGETHER) if name == "union" else [code or ""]
        ranks = tuple(order.get(part, len(order)) for part in parts)
        return code is None, code == UNKNOWN, ranks, code or ""

    return key
