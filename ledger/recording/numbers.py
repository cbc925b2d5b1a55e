"""Numbers, periods and what they count: what an entry says of them by itself.

Each check raises the Problem of what is wrong.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from msgspec import ValidationError, convert

from ledger.catalogue import Filters, Period
from ledger.catalogue.base import Base, Filter
from ledger.errors import Problem
from ledger.measures import FLOWS, STOCKS
from ledger.recording.text import bad_value

_LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON keeps exact."""
_MOST_DIGITS = 30
_DIGITS_OF_THOUSANDS = 3


def are_integers(values: set[int | None], least: int) -> bool:
    """Return whether all of ``values`` are whole numbers from ``least`` on, or not given."""
    return all(value is None or least <= value <= _LARGEST_INTEGER for value in values)


def check_integer(kind: str, field: str, value: int | None, least: int) -> None:
    """Refuse a whole number below ``least``, or too large for some readers of JSON."""
    if value is not None and not least <= value <= _LARGEST_INTEGER:
        raise bad_value(kind, field, value, "wants_whole_number", least=least)


def check_amount(kind: str, field: str, value: Any) -> None:
    """Refuse numbers that are none, or of very many digits."""
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, Decimal) and not (
            number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS
        ):
            raise bad_value(kind, field, number, "wants_decimal")


def check_period(period: Period | None) -> None:
    """Refuse a period that ends before it begins."""
    if period is not None and period.to < period.from_:
        raise Problem("bad_period", value=f"{period.from_}..{period.to}")


def check_filters(kind: str, field: str, filters: Mapping[Any, Any] | None) -> None:
    """Refuse filters with a period or number that cannot be."""
    for name, value in (filters or {}).items():
        if isinstance(value, Period):
            check_period(value)
        elif isinstance(value, int):
            check_integer(kind, f"{field}.{name}", value, 0)


def _check_when(kind: str, measure: str, as_of: date | None, period: Period | None) -> None:
    """Refuse a stock with a period, a flow with a day, and anything with both or neither."""
    stock = measure in STOCKS or (measure not in FLOWS and as_of is not None)
    needed, other = ("as_of", "period") if stock else ("period", "as_of")
    given = {"as_of": as_of, "period": period}
    if given[needed] is None or given[other] is not None:
        raise Problem("stock_or_flow", kind=kind, value=measure, needed=needed, other=other)


def check_count(entry: Any) -> None:
    """Check what a count is of, and when."""
    _check_when("unnamed_counted", entry.measure, entry.as_of, entry.period)
    if entry.as_of is not None and entry.as_of != entry.effective_on:
        raise Problem("as_of_differs", value=entry.as_of, effective_on=entry.effective_on)


def check_figure(entry: Any) -> None:
    """Check what a figure is of, and its numbers."""
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
        check_period(Period(from_=first, to=last))
        return
    try:
        filters = convert(against, Filters)
    except ValidationError:
        choices = ", ".join(get_args(Filter))
        raise bad_value(
            "figure_stated", "against", against, "wants_filters", choices=choices
        ) from None
    check_filters("figure_stated", "against", filters)


def check_target(entry: Any) -> None:
    """Check the numbers of a target, and what they are a rate of."""
    _check_numbers("target_set", "amount", entry.amount, two=entry.form == "range")
    if isinstance(entry.base, Base):
        check_period(entry.base.period)
    elif entry.base is not None:
        check_amount("target_set", "base", entry.base)


def check_voiding(entry: Any) -> None:
    """Refuse a voiding that would correct something as well."""
    if entry.corrects is not None:
        raise bad_value("voided", "corrects", entry.corrects, "wants_no_correction")


def _check_numbers(kind: str, field: str, value: Any, *, two: bool) -> None:
    if isinstance(value, tuple) != two:
        reason = "wants_two_numbers" if two else "wants_one_number"
        raise bad_value(kind, field, value, reason)
    if two and value[1] < value[0]:
        raise bad_value(kind, field, value, "wants_two_numbers")
