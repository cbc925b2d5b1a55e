"""Exact numbers as text, and the length of a period in years. No float on the way."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

_MONTHS_A_YEAR = 12


def exact_text(value: Fraction | None) -> str | None:
    """Return a rational as text: a decimal where it ends, else ``n/d`` in lowest terms.

    None stays None. 1669/20 is ``83.45``, 800/9 is ``800/9``, 80 is ``80``.
    """
    if value is None:
        return None
    places, rest = 0, value.denominator
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    scaled = abs(value.numerator) * 10**places // value.denominator
    whole, part = divmod(scaled, 10**places)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:0{places}}" if places else f"{sign}{whole}"


def plain_number(text: str) -> int | str:
    """Return a decimal given as text as an integer where it is one, else the text."""
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else text


def index(value: int, earlier: int | None) -> Fraction | None:
    """Return 100 · value / earlier, in per cent; None when there is nothing to compare with."""
    return Fraction(100 * value, earlier) if earlier else None


def growth(value: int, earlier: int | None) -> Fraction | None:
    """Return 100 · (value - earlier) / earlier, in per cent: the index less 100."""
    return Fraction(100 * (value - earlier), earlier) if earlier else None


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, in a year that has none
        return date(day.year + years, 3, 1)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on; the last of the month where that day is missing."""
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
    longest = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, longest))


def years_of(first: date, last: date) -> Fraction:
    """Return the length of a period in years, both its ends held.

    Whole years run from the first day to the day before its anniversary; the days left
    over are a part of the year that they begin. 2020-06-15 to 2025-06-14 are 5 years.
    """
    end = last + timedelta(days=1)
    whole = end.year - first.year
    if _anniversary(first, whole) > end:
        whole -= 1
    begun = _anniversary(first, whole)
    return whole + Fraction((end - begun).days, (_anniversary(first, whole + 1) - begun).days)


def calendar_years(first: date, last: date) -> Iterator[tuple[int, date, date]]:
    """Yield each calendar year that a period touches, with its days cut to the period."""
    if first > last:
        return
    for year in range(first.year, last.year + 1):
        yield year, max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
