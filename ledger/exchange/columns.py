"""The columns of a kind: its fields laid flat, one cell each, and put together again.

Spreadsheets and CSV know no values inside values. Here an entry becomes one row:

=============  ==========================================================================
field          columns
=============  ==========================================================================
document       ``document.number``, ``document.issuer``, ``document.date``; consent too
profile        ``profile.name``, ``profile.birth_date`` …
period         ``period.from``, ``period.to``
base           ``base`` (a number), or ``base.measure``, ``base.as_of``, ``base.period.from`` …
lists          one cell: ``TP.CB1, TP.CB2``
amount, value  one cell: a number, or the two ends of a range: ``90..100,5``
filters        one cell: ``age=18-30, 31-35; sex=female``
against        one cell: a target's code, a period ``2020-01-01..2020-12-31``, or filters
=============  ==========================================================================

What a plain cell cannot say without another meaning stands in its exact form: an
apostrophe, then JSON. ``'[]`` is an empty list, ``'"  x"`` a text that begins with spaces.
So every entry comes back as it was, whatever it holds. ``flat.py`` writes cells,
``typed.py`` reads them.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from ledger.catalogue import KINDS, Base, Field, fields_of, own_fields
from ledger.recording.door import OPENING_KINDS

KIND = "kind"
"""The column that says the kind, where a sheet holds several."""
_FIRST = ("no", "effective_on", "recorded_at", "by")
_LAST = ("document", "note", "consent", "corrects", "sealed")
_GATHERED = frozenset({"filters", "against"})
"""Fields without parts of fixed names: each is one cell."""


class Column(NamedTuple):
    """One column of a kind."""

    name: str
    """``profile.name``: also its heading for programs."""
    path: tuple[str, ...]
    """Where its value stands in the map of JSON Lines."""
    type: str
    """text, integer, truth, date, moment, decimal, choice, amount, filters or against."""
    field: Field
    """The declaration of what the cell holds: help, choices, whether personal, a list …"""
    required: bool
    """Whether a row needs it, whenever it has the value that it is a part of."""

    @property
    def context(self) -> str:
        """The field whose words and codes the cell holds: ``sex``, ``ethnicity``."""
        return self.field.name


@cache
def columns_of(kind: str) -> tuple[Column, ...]:
    """Return the columns of ``kind``, all of them, in the order of export.

    What the book sets itself (``no``, ``recorded_at``, ``by``, ``sealed``) is among them; the
    column ``kind`` is not. KeyError if there is no such kind.
    """
    given = {field.name: field for field in fields_of(KINDS[kind])}
    fields = [given[name] for name in _FIRST]
    fields += [*own_fields(kind), *(given[name] for name in _LAST)]
    return tuple(
        column
        for field in fields
        for column in _columns((field.name,), field, needed=_is_needed(kind, field))
    )


@cache
def by_name(kind: str) -> Mapping[str, Column]:
    """Return the columns of ``kind`` by their names."""
    return {column.name: column for column in columns_of(kind)}


def _is_needed(kind: str, field: Field) -> bool:
    if kind == "unnamed_counted" and field.name == "effective_on":
        return False  # it is that of as_of, where that is given
    return field.required and not (field.name == "person" and kind in OPENING_KINDS)


def _columns(path: tuple[str, ...], field: Field, *, needed: bool) -> Iterator[Column]:
    parts = fields_of(Base) if path == ("base",) else field.parts
    if field.name == "base" or not parts:
        type_ = field.name if field.name in _GATHERED else field.type
        yield Column(".".join(path), path, type_, field, required=needed)
    for part in parts:
        # A part is needed where its value is: whoever gives a document gives its number.
        yield from _columns((*path, part.name), part, needed=needed and part.required)


@cache
def _always_there(kind: str) -> tuple[str, ...]:
    """Return the fields with parts that every entry of ``kind`` has."""
    return tuple(each.name for each in own_fields(kind) if each.type == "value" and each.required)


def values_of(kind: str, read: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an entry as JSON Lines has them, from those of its cells by name.

    ``read`` holds only what was given. A value that every entry of the kind has is there
    even without parts, so that what it lacks is said of its parts.
    """
    columns = by_name(kind)
    values: dict[str, Any] = {KIND: kind}
    for name, value in read.items():
        path = columns[name].path
        within = values
        for step in path[:-1]:
            inside = within.get(step)
            if not isinstance(inside, dict):
                inside = within[step] = {}
            within = inside
        within[path[-1]] = value
    for field in _always_there(kind):
        values.setdefault(field, {})
    for name in read.get("sealed", ()):
        field, has_parts, _ = name.partition(".")
        if has_parts:
            values.setdefault(field, {})
    if kind in OPENING_KINDS:
        values.setdefault("person", "")
    return values
