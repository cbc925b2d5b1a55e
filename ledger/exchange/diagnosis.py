"""Says what is wrong with the plain values of an entry, field by field."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import msgspec
from msgspec.structs import fields as struct_fields

from ledger.catalogue import KINDS, Field, fields_of
from ledger.catalogue.base import Filter, Value
from ledger.errors import Problem
from ledger.recording.text import bad_value
from ledger.similar import similar

_REASONS = {
    "text": "wants_text",
    "truth": "wants_truth",
    "moment": "wants_moment",
    "decimal": "wants_decimal",
    "amount": "wants_decimal",
    "value": "wants_parts",
}


def wrong_in(kind: str, values: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with the values of one entry: a problem for each field."""
    return list(_wrong_fields(kind, KINDS[kind], "", values))


@cache
def _types(record: type[msgspec.Struct]) -> dict[str, tuple[Any, bool]]:
    """Return type and whether it must be given, of each field by its name outside Python."""
    return {info.encode_name: (info.type, info.required) for info in struct_fields(record)}


def _record_in(annotation: Any) -> type[Value] | None:
    """Return the kind of value that a field of this type holds, None if it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return annotation
    found = (_record_in(part) for part in get_args(annotation))
    return next((record for record in found if record), None)


def _wrong_fields(
    kind: str, record: type[msgspec.Struct], above: str, values: dict[str, Any]
) -> Iterator[Problem]:
    types = _types(record)
    for name in values:
        if name not in types and (above or name != "kind"):
            near = similar(name, types)
            yield Problem(
                "unknown_field",
                kind=kind,
                value=above + name,
                suggestion=above + near if near else "",
            )
    for field in fields_of(record):
        annotation, required = types[field.name]
        if field.name not in values:
            if required:
                yield Problem("missing_field", kind=kind, field=above + field.name)
            continue
        try:
            msgspec.convert(values[field.name], annotation)
        except (msgspec.ValidationError, RecursionError):
            yield from _wrong_value(kind, field, above, values[field.name], annotation)


def _wrong_value(
    kind: str, field: Field, above: str, value: Any, annotation: Any
) -> Iterator[Problem]:
    name = above + field.name
    record = _record_in(annotation) if field.type == "value" else None
    if record is not None and isinstance(value, dict):
        yield from _wrong_fields(kind, record, f"{name}.", value)
    elif field.many and not isinstance(value, list):
        yield bad_value(kind, name, value, "wants_list")
    elif field.type == "date":
        yield Problem("bad_json_date", field=name, value=value)
    elif field.type == "choice":
        near = similar(str(value), field.choices)
        choices = ", ".join(field.choices)
        yield bad_value(kind, name, value, "wants_choice", choices=choices, suggestion=near)
    elif field.type == "integer":
        yield bad_value(kind, name, value, "wants_whole_number", least=0)
    elif {part.name for part in field.parts} == {"from", "to"}:
        yield bad_value(kind, name, value, "wants_period")
    elif field.type == "map":
        yield bad_value(kind, name, value, "wants_filters", choices=", ".join(get_args(Filter)))
    else:
        yield bad_value(kind, name, value, _REASONS[field.type])
