"""Checks the shape of one entry before it may go into a book, and gives it its final form.

What one entry says by itself is checked here, whoever brings it (command line, JSON
Lines); what it means beside others is checked by the lifecycle. Pure functions: the first
thing that is wrong is raised as a Problem. What is checked follows from the declaration of
the kind wherever it can.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec.structs import replace

from ledger.authority.operators import key_of
from ledger.catalogue import KINDS, Entry, Field, fields_of, kind_of
from ledger.errors import Problem
from ledger.recording.narrowing import with_one_form
from ledger.recording.numbers import (
    are_integers,
    check_amount,
    check_count,
    check_figure,
    check_filters,
    check_integer,
    check_period,
    check_target,
    check_voiding,
)
from ledger.recording.text import bad_value, readable
from ledger.store.codec import personal_names

OPENING_KINDS = frozenset({"nominated", "carried_forward", "transferred_in"})
"""Kinds that open a person's file; the book hands out the id where it is left empty."""


class Check(NamedTuple):
    """What is to be true of a field."""

    alone: Callable[[Any], None]
    """Raises a Problem that says what is wrong with an entry."""
    together: Callable[[Sequence[Any]], bool] | None = None
    """Says whether surely nothing is wrong with any entry of several, where that is quicker."""


_EARLIEST_BIRTH_YEAR = 1800
_AT_LEAST_ONE = frozenset({"years", "entry", "corrects"})
_CODE = re.compile(r"[\w.\-]{1,64}")


def admit(entry: Entry) -> Entry:
    """Return ``entry`` as it may be recorded: text in NFC, birth_year from birth_date.

    Raises Problem with the code of what is wrong.
    """
    kind = kind_of(entry)
    entry = readable(kind, entry)
    if entry.sealed:
        _check_sealed(kind, entry)
    for check in checks(kind):
        check.alone(entry)
    return settled(entry)


def settled(entry: Entry) -> Entry:
    """Return ``entry`` with filters in their one form, and the year of birth; raise Problem."""
    entry = with_one_form(entry)
    return _with_birth_year(entry) if getattr(entry, "profile", None) else entry


# Each field, by its declaration


@cache
def checks(kind: str) -> tuple[Check, ...]:
    """Return what is to be checked on entries of ``kind``."""
    entry_type = KINDS[kind]
    fields = fields_of(entry_type)
    found = [
        check
        for field in fields
        for check in _checks_of(kind, field, is_stream=field.attribute == entry_type.stream)
    ]
    found += map(Check, _CHECKS_BY_KIND.get(kind, ()))
    names = {field.name for field in fields}
    if {"starts", "ends"} <= names:
        found.append(Check(_check_starts))
    if personal_names(kind):
        found += map(Check, _needed_personal(kind, fields))
    return tuple(found)


def _checks_of(kind: str, field: Field, *, is_stream: bool) -> Iterator[Check]:
    name = field.attribute
    given = attrgetter(name)
    if is_stream or (field.names and field.known):
        yield _code_check(name, many=field.many, may_be_empty=is_stream and kind in OPENING_KINDS)
    elif field.type == "text" and field.required:
        yield Check(
            lambda entry: _check_not_blank(kind, field.name, given(entry)),
            lambda entries: all(text is None or text.strip() for text in map(given, entries)),
        )
    if field.type == "integer":
        least = 1 if field.name in _AT_LEAST_ONE else 0
        yield Check(
            lambda entry: check_integer(kind, field.name, given(entry), least),
            lambda entries: are_integers({*map(given, entries)}, least),
        )
    if field.type in {"amount", "decimal"}:
        yield Check(lambda entry: check_amount(kind, field.name, given(entry)))
    if {part.attribute for part in field.parts} == {"from_", "to"}:
        yield Check(lambda entry: check_period(given(entry)))
    if field.name == "filters":
        yield Check(lambda entry: check_filters(kind, field.name, entry.filters))


def _code_check(name: str, *, many: bool, may_be_empty: bool) -> Check:
    given = attrgetter(name)

    def alone(entry: Any) -> None:
        value = given(entry)
        if value is None or (may_be_empty and value == ""):
            return
        for code in value if many else (value,):
            if not _is_code(code):
                raise Problem("bad_code", value=code)

    def together(entries: Sequence[Any]) -> bool:
        return all(map(_is_code, {*map(given, entries)} - {None}))

    return Check(alone, None if many else together)


@lru_cache(maxsize=65_536)
def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def _check_not_blank(kind: str, field: str, value: str | None) -> None:
    if value is not None and not value.strip():
        raise bad_value(kind, field, value, "wants_some_text")


def _check_starts(entry: Any) -> None:
    if entry.ends is not None and entry.ends < entry.starts:
        raise Problem("bad_period", value=f"{entry.starts}..{entry.ends}")


# What is personal


def _check_sealed(kind: str, entry: Entry) -> None:
    """Refuse names in ``sealed`` that are not of personal fields, or whose field is given."""
    known = personal_names(kind)
    for name in entry.sealed:
        if name not in known or _value_at(entry, name) is not None:
            raise bad_value(kind, "sealed", name, "wants_personal_name")


def _value_at(entry: Any, name: str) -> Any:
    field, _, part = name.partition(".")
    value = getattr(entry, field)
    return getattr(value, part) if part and value is not None else value


def _needed_personal(kind: str, fields: tuple[Field, ...]) -> Iterator[Callable[[Any], None]]:
    """Yield the checks that personal fields are given, or came sealed from another book."""
    for field in fields:
        for within in field.parts or (field,):
            if within.personal and within.required:
                name = f"{field.name}.{within.name}" if field.parts else field.name
                yield partial(_check_given, kind, name, field)


def _check_given(kind: str, name: str, field: Field, entry: Any) -> None:
    if field.parts and getattr(entry, field.attribute) is None:
        return
    value = _value_at(entry, name)
    if value is None and name not in entry.sealed:
        raise Problem("missing_field", kind=kind, field=name)
    _check_not_blank(kind, name, value)


def _check_birth_year(entry: Any) -> None:
    """Refuse births in times of nobody alive, or after what they say of the person took effect."""
    profile = entry.profile
    if profile is None:
        return
    born, year, on = profile.birth_date, profile.birth_year, entry.effective_on
    if born is not None and born > on:
        raise Problem("later_than_entry", field="profile.birth_date", value=born, on=on)
    if year is not None and year > on.year:
        raise Problem("later_than_entry", field="profile.birth_year", value=year, on=on)
    earliest = born.year if year is None and born is not None else year
    if earliest is not None and earliest < _EARLIEST_BIRTH_YEAR:
        raise bad_value(
            kind_of(entry),
            "profile.birth_year",
            earliest,
            "wants_whole_number",
            least=_EARLIEST_BIRTH_YEAR,
        )
    if born is not None and year is not None and born.year != year:
        raise Problem("birth_year_differs", value=year, year=born.year)


def _check_official(entry: Any) -> None:
    """Refuse a member who became official before they joined."""
    joined_on, official_on = entry.joined_on, entry.official_on
    if joined_on is not None and official_on is not None and official_on < joined_on:
        raise Problem("official_too_early", value=official_on, on=joined_on)


def _with_birth_year(entry: Any) -> Any:
    """Return ``entry`` with the year of birth beside its date: statistics outlive the date."""
    profile = entry.profile
    if profile.birth_date is None or profile.birth_year is not None:
        return entry
    return replace(entry, profile=replace(profile, birth_year=profile.birth_date.year))


def _check_public_key(entry: Any) -> None:
    """Refuse what is no public key to sign with, and keys that everybody could sign with."""
    if entry.public_key is not None and key_of("-", "-", entry.public_key) is None:
        kind = kind_of(entry)
        raise bad_value(kind, "public_key", entry.public_key, "wants_public_key")


_CHECKS_BY_KIND: dict[str, tuple[Callable[[Any], None], ...]] = {
    "operator_enrolled": (_check_public_key,),
    "operator_key_rotated": (_check_public_key,),
    "voided": (check_voiding,),
    "unnamed_counted": (check_count,),
    "figure_stated": (check_figure,),
    "target_set": (check_target,),
    "nominated": (_check_birth_year,),
    "carried_forward": (_check_birth_year, _check_official),
    "transferred_in": (_check_birth_year, _check_official),
    "profile_changed": (_check_birth_year,),
}
