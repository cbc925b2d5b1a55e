"""Opens a figure: the entries that stand behind each number of a report.

The ``count`` of the rows of a number adds up to that number: an entry counts one, but for
the entry of people or actions counted without names, which counts as many as it says.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from projections.reading import Reading

COLUMNS = ("no", "kind", "effective_on", "person", "entry_unit", "count")
"""What is told of each entry, after what tells the number."""


class Behind(NamedTuple):
    """One entry behind one number."""

    figure: Mapping[str, Any]
    """What tells the number from the others of the report: ``{"number": "members"}``."""
    no: int
    how_many: int = 1
    beside: Mapping[str, Any] = MappingProxyType({})
    """What is told of it after the figure, and does not tell the figure from others."""


def opened(reading: Reading, behind: Iterable[Behind]) -> list[dict[str, Any]]:
    """Return a row an entry: the keys of its figure, what is told beside it, then ``COLUMNS``.

    Figures come in the order they are given, the entries of each in the book's order, which
    is that of their numbers. ``entry_unit`` is the unit that the entry names, None if it
    names none.
    """
    items = list(behind)
    about = _entries(reading, {item.no for item in items})
    order = {figure: place for place, figure in enumerate(dict.fromkeys(map(_told, items)))}
    items.sort(key=lambda item: (order[_told(item)], item.no))
    return [
        {
            **item.figure,
            **item.beside,
            **dict(zip(COLUMNS, (item.no, *about[item.no], item.how_many), strict=True)),
        }
        for item in items
    ]


def _told(item: Behind) -> tuple[tuple[str, Any], ...]:
    return tuple(item.figure.items())


def _entries(reading: Reading, numbers: set[int]) -> dict[int, tuple[Any, ...]]:
    """Return kind, day, person and unit of each entry."""
    reading.need("log")
    found = reading.sql(
        'SELECT no, kind, effective_on, person, coalesce(unit, "to", organiser) FROM log '
        "WHERE no IN (SELECT unnest($numbers))",
        numbers=sorted(numbers),
    )
    return {no: tuple(rest) for no, *rest in found}
