"""Checks the shape of one entry before it may go into a book, and gives it its final form.

What one entry says by itself is checked here, whoever brings it (command line, JSON
Lines); what it means beside others is checked by the lifecycle. Pure functions: the first
thing that is wrong is raised as a Problem. What is checked follows from the declaration of
the kind wherever it can.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache, partial
from typing import Any, get_args

from msgspec import ValidationError, convert
from msgspec.structs import replace

from ledger.catalogue import KINDS, Entry, Field, Filters, Period, fields_of, kind_of
from ledger.catalogue.base import Base, Filter
from ledger.errors import Problem
from ledger.measures import FLOWS, STOCKS
from ledger.recording.narrowing import with_one_form
from ledger.recording.text import bad_value, readable
from ledger.store.codec import personal_names

OPENING_KINDS = frozenset({"nominated", "carried_forward", "transferred_in"})
"""Kinds that open a person's file; the book hands out the id where it is left empty."""

Check = Callable[[Any], None]

_LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON keeps exact."""
_MOST_DIGITS = 30
_DIGITS_OF_THOUSANDS = 3
_EARLIEST_BIRTH_YEAR = 1800
_AT_LEAST_ONE = frozenset({"years", "entry", "corrects"})
_CODE = re.compile(r"[\w.\-]{1,64}")


def admit(entry: Entry, written: bytes | None = None) -> Entry:
    """Return ``entry`` as it may be recorded: text in NFC, birth_year from birth_date.

    ``written``: the entry as compact JSON, where that is at hand.
    Raises Problem with the code of what is wrong.
    """
    kind = kind_of(entry)
    entry = readable(kind, entry, written)
    if entry.sealed:
        _check_sealed(kind, entry)
    for check in _checks(kind):
        check(entry)
    entry = with_one_form(entry)
    return _with_birth_year(entry) if getattr(entry, "profile", None) else entry


# Each field, by its declaration


@cache
def _checks(kind: str) -> tuple[Check, ...]:
    """Return what is to be checked on entries of ``kind``."""
    entry_type = KINDS[kind]
    fields = fields_of(entry_type)
    found = [
        check
        for field in fields
        for check in _checks_of(kind, field, is_stream=field.attribute == entry_type.stream)
    ]
    found += _CHECKS_BY_KIND.get(kind, ())
    names = {field.name for field in fields}
    if {"starts", "ends"} <= names:
        found.append(_check_starts)
    if personal_names(kind):
        found += _needed_personal(kind, fields)
    return tuple(found)


def _checks_of(kind: str, field: Field, *, is_stream: bool) -> Iterator[Check]:
    name = field.attribute
    if is_stream or (field.names and field.known):
        yield _code_check(name, many=field.many, may_be_empty=is_stream and kind in OPENING_KINDS)
    elif field.type == "text" and field.required:
        yield lambda entry: _check_not_blank(kind, field.name, getattr(entry, name))
    if field.type == "integer":
        least = 1 if field.name in _AT_LEAST_ONE else 0
        yield lambda entry: _check_integer(kind, field.name, getattr(entry, name), least)
    if field.type in {"amount", "decimal"}:
        yield lambda entry: _check_amount(kind, field.name, getattr(entry, name))
    if {part.attribute for part in field.parts} == {"from_", "to"}:
        yield lambda entry: _check_period(getattr(entry, name))
    if field.name == "filters":
        yield lambda entry: _check_filters(kind, field.name, entry.filters)


def _code_check(name: str, *, many: bool, may_be_empty: bool) -> Check:
    def check(entry: Any) -> None:
        value = getattr(entry, name)
        if value is None or (may_be_empty and value == ""):
            return
        for code in value if many else (value,):
            if not _is_code(code):
                raise Problem("bad_code", value=code)

    return check


@lru_cache(maxsize=65_536)
def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def _check_not_blank(kind: str, field: str, value: str | None) -> None:
    if value is not None and not value.strip():
        raise bad_value(kind, field, value, "wants_some_text")


def _check_integer(kind: str, field: str, value: int | None, least: int) -> None:
    if value is not None and not least <= value <= _LARGEST_INTEGER:
        raise bad_value(kind, field, value, "wants_whole_number", least=least)


def _check_amount(kind: str, field: str, value: Any) -> None:
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, Decimal) and not (
            number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS
        ):
            raise bad_value(kind, field, number, "wants_decimal")


def _check_period(period: Period | None) -> None:
    if period is not None and period.to < period.from_:
        raise Problem("bad_period", value=f"{period.from_}..{period.to}")


def _check_starts(entry: Any) -> None:
    if entry.ends is not None and entry.ends < entry.starts:
        raise Problem("bad_period", value=f"{entry.starts}..{entry.ends}")


def _check_filters(kind: str, field: str, filters: Mapping[Any, Any] | None) -> None:
    for name, value in (filters or {}).items():
        if isinstance(value, Period):
            _check_period(value)
        elif isinstance(value, int):
            _check_integer(kind, f"{field}.{name}", value, 0)


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


def _needed_personal(kind: str, fields: tuple[Field, ...]) -> Iterator[Check]:
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
    profile = entry.profile
    if profile is None:
        return
    year = profile.birth_year
    if year is not None and not _EARLIEST_BIRTH_YEAR <= year <= entry.effective_on.year:
        raise bad_value(
            kind_of(entry),
            "profile.birth_year",
            year,
            "wants_whole_number",
            least=_EARLIEST_BIRTH_YEAR,
        )
    born = profile.birth_date
    if born is not None and year is not None and born.year != year:
        raise Problem("birth_year_differs", value=year, year=born.year)


def _with_birth_year(entry: Any) -> Any:
    """Return ``entry`` with the year of birth beside its date: statistics outlive the date."""
    profile = entry.profile
    if profile.birth_date is None or profile.birth_year is not None:
        return entry
    return replace(entry, profile=replace(profile, birth_year=profile.birth_date.year))


# Numbers and what they count


def _check_when(kind: str, measure: str, as_of: date | None, period: Period | None) -> None:
    """Refuse a stock with a period, a flow with a day, and anything with both or neither."""
    stock = measure in STOCKS or (measure not in FLOWS and as_of is not None)
    needed, other = ("as_of", "period") if stock else ("period", "as_of")
    given = {"as_of": as_of, "period": period}
    if given[needed] is None or given[other] is not None:
        raise Problem("stock_or_flow", kind=kind, value=measure, needed=needed, other=other)


def _check_count(entry: Any) -> None:
    _check_when("unnamed_counted", entry.measure, entry.as_of, entry.period)
    if entry.as_of is not None and entry.as_of != entry.effective_on:
        raise Problem("as_of_differs", value=entry.as_of, effective_on=entry.effective_on)


def _check_figure(entry: Any) -> None:
    if entry.measure != "external" or (entry.as_of and entry.period):
        _check_when("figure_stated", entry.measure, entry.as_of, entry.period)
    _check_numbers("figure_stated", "value", entry.value, two=entry.comparator == "range")
    if entry.derived is None and entry.measure != "external":
        for number in entry.value if isinstance(entry.value, tuple) else (entry.value,):
            _check_no_thousands("figure_stated", "value", number)
    against = entry.against
    if isinstance(against, dict):
        _check_against(against)


def _check_no_thousands(kind: str, field: str, number: Decimal) -> None:
    """Refuse 1.234 for a count: it is printed for 1234 and would be read as a little over one."""
    if number.as_tuple().exponent == -_DIGITS_OF_THOUSANDS:
        whole = number.scaleb(_DIGITS_OF_THOUSANDS)
        raise bad_value(kind, field, number, "wants_no_thousands", whole=f"{whole:f}")


def _check_against(against: dict[str, Any]) -> None:
    """Refuse what is neither a period nor filters; no figure with a fraction in it."""
    if set(against) == {"from", "to"}:
        try:
            first, last = (date.fromisoformat(against[end]) for end in ("from", "to"))
        except (TypeError, ValueError):
            raise bad_value("figure_stated", "against", against, "wants_period") from None
        _check_period(Period(from_=first, to=last))
        return
    try:
        filters = convert(against, Filters)
    except ValidationError:
        choices = ", ".join(get_args(Filter))
        raise bad_value(
            "figure_stated", "against", against, "wants_filters", choices=choices
        ) from None
    _check_filters("figure_stated", "against", filters)


def _check_target(entry: Any) -> None:
    _check_numbers("target_set", "amount", entry.amount, two=entry.form == "range")
    if isinstance(entry.base, Base):
        _check_period(entry.base.period)
    elif entry.base is not None:
        _check_amount("target_set", "base", entry.base)


def _check_voiding(entry: Any) -> None:
    if entry.corrects is not None:
        raise bad_value("voided", "corrects", entry.corrects, "wants_no_correction")


def _check_numbers(kind: str, field: str, value: Any, *, two: bool) -> None:
    if isinstance(value, tuple) != two:
        reason = "wants_two_numbers" if two else "wants_one_number"
        raise bad_value(kind, field, value, reason)
    if two and value[1] < value[0]:
        raise bad_value(kind, field, value, "wants_two_numbers")


_CHECKS_BY_KIND: dict[str, tuple[Check, ...]] = {
    "voided": (_check_voiding,),
    "unnamed_counted": (_check_count,),
    "figure_stated": (_check_figure,),
    "target_set": (_check_target,),
    "nominated": (_check_birth_year,),
    "carried_forward": (_check_birth_year,),
    "transferred_in": (_check_birth_year,),
    "profile_changed": (_check_birth_year,),
}
