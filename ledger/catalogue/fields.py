"""What is derived from the declarations: the kinds by name, and the fields of each.

This is the one place that reads type annotations. Everything that needs to know the
fields of a kind (options, columns, documentation, sealing) asks here.
"""

import types
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import fields as struct_fields

from ledger.catalogue import membership, pipeline, record, statistics, units
from ledger.catalogue.base import Entry, Value

_MODULES = (units, pipeline, membership, statistics, record)
_SIMPLE: dict[Any, str] = {
    str: "text",
    int: "integer",
    bool: "truth",
    date: "date",
    datetime: "moment",
    Decimal: "decimal",
}


class Field(NamedTuple):
    """One field of a kind, or of a value inside it."""

    name: str
    """Its name in JSON Lines, the command line (with dashes) and the feed."""
    attribute: str
    """Its name in Python: with a trailing underscore where the name is a reserved word."""
    help: str
    """One line in English: the message id of its translation."""
    type: str
    """text, integer, truth, date, moment, decimal, choice, value (has parts), map or amount."""
    required: bool
    personal: bool
    many: bool
    """Whether it holds a list."""
    names: str | None
    """What it names: person, unit, class, target; None if nothing."""
    alive: bool
    """Whether what it names must exist on the entry's effective day."""
    known: bool
    """Whether what it names must be in the book at all."""
    choices: tuple[str, ...]
    parts: "tuple[Field, ...]"
    """The fields inside a value, such as those of ``document``."""


def _kinds() -> dict[str, type[Entry]]:
    found: dict[str, type[Entry]] = {}
    for module in _MODULES:
        for item in vars(module).values():
            if (
                isinstance(item, type)
                and issubclass(item, Entry)
                and item.__module__ == module.__name__
                and not item.__name__.endswith("Entry")
            ):
                found[str(item.__struct_config__.tag)] = item
    return found


KINDS: dict[str, type[Entry]] = _kinds()
"""Every kind of entry by its identifier, in the order of the catalogue."""


def _unwrapped(annotation: Any) -> tuple[list[Any], list[Meta]]:
    """Return the alternatives of an annotation, None left out, and all marks on it."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        alternatives, more = _unwrapped(inner)
        return alternatives, [*more, *(mark for mark in marks if isinstance(mark, Meta))]
    if get_origin(annotation) in {Union, types.UnionType}:
        alternatives, marks = [], []
        for part in get_args(annotation):
            if part is not type(None):
                inner_alternatives, inner_marks = _unwrapped(part)
                alternatives += inner_alternatives
                marks += inner_marks
        return alternatives, marks
    return [annotation], []


def _type_name(
    alternatives: list[Any],
) -> tuple[str, bool, tuple[str, ...], tuple[Field, ...], list[Meta]]:
    """Return type name, whether a list, choices, parts, and marks on the items."""
    first = alternatives[0]
    if {Decimal, tuple} <= {get_origin(item) or item for item in alternatives}:
        return "amount", False, (), (), []
    if get_origin(first) is dict or dict in {get_origin(item) for item in alternatives}:
        return "map", False, (), (), []
    if get_origin(first) in {tuple, list}:
        inner, marks = _unwrapped(get_args(first)[0])
        name, _, choices, parts, more = _type_name(inner)
        return name, True, choices, parts, [*marks, *more]
    if get_origin(first) is Literal:
        return "choice", False, tuple(map(str, get_args(first))), (), []
    if isinstance(first, type) and issubclass(first, Value):
        return "value", False, (), fields_of(first), []
    return _SIMPLE[first], False, (), (), []


@cache
def fields_of(record_type: type[Struct]) -> tuple[Field, ...]:
    """Return the fields of a kind or value, in the order they are declared."""
    hints = get_type_hints(record_type, include_extras=True)
    found: list[Field] = []
    for info in struct_fields(record_type):
        alternatives, marks = _unwrapped(hints[info.name])
        type_name, many, choices, parts, item_marks = _type_name(alternatives)
        extra: dict[str, Any] = {}
        for mark in (*item_marks, *marks):
            extra |= mark.extra or {}
        found.append(
            Field(
                name=info.encode_name,
                attribute=info.name,
                help=next((m.description for m in reversed(marks) if m.description), ""),
                type=type_name,
                required=info.required or bool(extra.get("required")),
                personal=bool(extra.get("personal")),
                many=many,
                names=extra.get("names"),
                alive=bool(extra.get("alive")),
                known=bool(extra.get("known")),
                choices=choices,
                parts=parts,
            )
        )
    return tuple(found)


COMMON: frozenset[str] = frozenset(field.name for field in fields_of(Entry))
"""Names of the fields that every entry has."""


@cache
def own_fields(kind: str) -> tuple[Field, ...]:
    """Return the fields special to ``kind``; KeyError if there is no such kind."""
    own = [field for field in fields_of(KINDS[kind]) if field.name not in COMMON]
    if kind == "voided":
        return tuple(own)
    stream = KINDS[kind].stream
    return tuple(sorted(own, key=lambda field: field.attribute != stream))


@cache
def personal_paths(kind: str) -> tuple[tuple[str, ...], ...]:
    """Return the paths of the personal fields of ``kind``: ``("profile", "name")``."""
    found: list[tuple[str, ...]] = []
    for field in own_fields(kind):
        if field.personal:
            found.append((field.name,))
        found += [(field.name, part.name) for part in field.parts if part.personal]
    return tuple(found)


@cache
def references(kind: str) -> tuple[Field, ...]:
    """Return the fields of ``kind`` that name another record, its own stream's left out."""
    stream = KINDS[kind].stream
    return tuple(field for field in own_fields(kind) if field.names and field.attribute != stream)


_NAMES = {entry_type: kind for kind, entry_type in KINDS.items()}


def kind_of(entry: Entry) -> str:
    """Return the kind of an entry: ``admitted``."""
    return _NAMES.get(type(entry)) or str(entry.__struct_config__.tag)


def help_of(kind: str) -> str:
    """Return the line of help of ``kind``, in English: the message id of its translation."""
    return (KINDS[kind].__doc__ or "").partition("\n")[0]
