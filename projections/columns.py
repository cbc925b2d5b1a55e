"""The columns of the feed, derived from the catalogue's fields.

Nested values are flattened with underscores (``profile_sex``, ``document_number``,
``period_from``); maps, lists and amounts are kept as JSON text; personal fields have no
column at all, so that nothing in the cache can name anybody.
"""

from functools import cache
from typing import Any, Literal, NamedTuple

from msgspec import Struct, defstruct

from ledger.catalogue import COMMON, ENVELOPE, KINDS, Field, fields_of

Form = Literal["text", "integer", "truth", "date", "moment", "json"]
"""How a column is kept: ``json`` is text, with maps and lists written as JSON."""

_FORMS: dict[str, Form] = {
    "text": "text",
    "choice": "text",
    "integer": "integer",
    "truth": "truth",
    "date": "date",
}
_DECODED: dict[Form, Any] = {
    "text": str | None,
    "integer": int | None,
    "truth": bool | None,
    "date": str | None,
    "json": Any,
}
_NOT_IN_STATE = frozenset({*ENVELOPE, "sealed"})


class Column(NamedTuple):
    """One column of the feed."""

    name: str
    form: Form


class Part(NamedTuple):
    """A field of a decoded state: a column, or a value whose parts, by name, are columns."""

    column: Column | None
    parts: "dict[str, Part]"


ALWAYS = (
    Column("no", "integer"),
    Column("kind", "text"),
    Column("recorded_at", "moment"),
    Column("by", "text"),
    Column("commit_no", "integer"),
)
"""Columns that do not come from the state but from the row of the log."""


_SQL_TYPES: dict[Form, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "truth": "BOOLEAN",
    "date": "DATE",
    "moment": "TIMESTAMP",
    "json": "VARCHAR",
}


def _form(field: Field) -> Form:
    return "json" if field.many else _FORMS.get(field.type, "json")


def _kept(fields: tuple[Field, ...]) -> list[Field]:
    return [field for field in fields if not field.personal and field.name not in _NOT_IN_STATE]


def _parts(fields: tuple[Field, ...], prefix: str = "") -> dict[str, Part]:
    return {
        field.name: Part(None, _parts(field.parts, f"{prefix}{field.name}_"))
        if field.parts
        else Part(Column(prefix + field.name, _form(field)), {})
        for field in _kept(fields)
    }


def _record(name: str, fields: tuple[Field, ...]) -> type[Struct]:
    """Return a bare struct that decodes what has a column and skips all else."""
    kept = _kept(fields)
    declared: list[tuple[str, Any, Any]] = []
    for field in kept:
        inner = _record(field.name, field.parts) | None if field.parts else None
        declared.append((field.attribute, inner or _DECODED[_form(field)], None))
    renamed = {field.attribute: field.name for field in kept}
    return defstruct(name, declared, rename=renamed, gc=False)


@cache
def record_of(kind: str) -> type[Struct]:
    """Return the struct into which states of ``kind`` are decoded, dates left as text."""
    return _record(kind, fields_of(KINDS[kind]))


@cache
def parts_of(kind: str) -> dict[str, Part]:
    """Return what the fields of ``record_of(kind)`` become, by name and in their order."""
    return _parts(fields_of(KINDS[kind]))


def _flat(parts: dict[str, Part]) -> list[Column]:
    found: list[Column] = []
    for part in parts.values():
        found += [part.column] if part.column else _flat(part.parts)
    return found


@cache
def all_columns() -> tuple[Column, ...]:
    """Return every column of the feed: those of the log, the common ones, then each kind's.

    A name that kinds use in different forms (``into`` is one unit or several) is kept as
    JSON text, where a bare text stands for itself.
    """
    forms: dict[str, Form] = {column.name: column.form for column in ALWAYS}
    flat = [(kind, column) for kind in KINDS for column in _flat(parts_of(kind))]
    for _, column in sorted(flat, key=lambda item: item[1].name not in COMMON):
        known = forms.setdefault(column.name, column.form)
        if known != column.form:
            if not {known, column.form} <= {"text", "json"}:
                message = f"{column.name} is both {known} and {column.form}"
                raise TypeError(message)
            forms[column.name] = "json"
    return tuple(Column(name, form) for name, form in forms.items())


def selected(held: set[str]) -> str:
    """Return all columns as a SELECT names them; those that nothing holds are null."""
    return ", ".join(
        f'"{name}"' if name in held else f'CAST(NULL AS {_SQL_TYPES[form]}) AS "{name}"'
        for name, form in all_columns()
    )
