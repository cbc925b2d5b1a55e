"""The order in which the rows of sheets are recorded, however they stand there.

Each line of a recording is checked against those before it. Sheets of one kind each tear
apart what belongs together: the admission of somebody may stand before the nomination.
So what brings something into the book comes first (units, classes, people, targets), each
by its day, then all the rest by its day. Rows that carry the number ``no`` of an export are
recorded by that number.
"""

from collections.abc import Sequence
from typing import Any

from ledger.catalogue import KINDS, kind_of
from ledger.exchange.sheets import Row
from ledger.recording.door import OPENING_KINDS

_FIRST = ("unit_founded", "class_opened", *sorted(OPENING_KINDS), "operator_enrolled", "target_set")
_LAST = len(_FIRST)


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Return rows in the order of recording; those that say no entry come first."""
    failed = [row for row in rows if row.entry is None]
    able = [(row, row.entry) for row in rows if row.entry is not None]
    if all(entry.no is not None for _, entry in able):
        able.sort(key=lambda pair: pair[1].no or 0)
        return [*failed, *(row for row, _ in able)]
    several = len({row.spot.sheet for row, _ in able}) > 1
    places = {kind: place for place, kind in enumerate(KINDS)}
    able.sort(key=lambda pair: (pair[1].effective_on, places[pair[0].kind] if several else 0))
    opened: set[tuple[str, str]] = set()
    ranks = [_rank(entry, opened) for _, entry in able]
    ordered = sorted(zip(ranks, range(len(able)), strict=True))
    return [*failed, *(able[place][0] for _, place in ordered)]


def _rank(entry: Any, opened: set[tuple[str, str]]) -> int:
    """Return 0 for what is recorded first; what opens the same thing again waits."""
    kind = kind_of(entry)
    if kind not in _FIRST:
        return _LAST
    stream = KINDS[kind].stream
    code = getattr(entry, stream)
    key = (KINDS[kind].prefix or stream, code)
    if code and key in opened:
        return _LAST
    opened.add(key)
    rank = _FIRST.index(kind)
    opening = [_FIRST.index(each) for each in OPENING_KINDS]
    return min(opening) if kind in OPENING_KINDS else rank
