"""Values as people read them: days, numbers and identifiers in their language."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Self

from commands.dates import days_shown, shown
from commands.language import spoken, word

_RATIONAL = re.compile(r"(-?\d+)/(\d+)", re.ASCII)
_DECIMAL = re.compile(r"-?\d+\.\d+", re.ASCII)
_LONGEST = 200
_PAPERS = frozenset({"source", "version"})
"""Columns that name papers, with the day in the name: ``294-QĐ/TW 2025-05-26``."""
EXACT_COLUMNS = frozenset(
    {"completion", "elapsed", "growth", "index", "mean_age", "median_days", "pace", "yearly_mean"}
)
"""Columns whose values are exact numbers as text, ``83.45`` or ``200/3``."""


class Exact(str):
    """An exact number as text, ``83.45`` or ``200/3``, in any column; with a unit after it."""

    __slots__ = ("unit",)

    unit: str
    """``%``, or nothing."""

    def __new__(cls, text: str, unit: str = "") -> Self:
        """Return ``text`` as a number with its unit."""
        made = super().__new__(cls, text)
        made.unit = unit
        return made


def exact(column: str, value: Any) -> Exact | None:
    """Return the exact number that a value of a column is, None where it is none."""
    if isinstance(value, Exact):
        return value
    return Exact(value) if isinstance(value, str) and column in EXACT_COLUMNS else None


def head(column: str) -> str:
    """Return the head of a column; one that is no identifier, such as a year, is its own."""
    text = word("column", column)
    return f"{text[:1].upper()}{text[1:]}"


def cell(column: str, value: Any) -> str:
    """Return a value as people read it: days and words in their language."""
    if isinstance(value, list | tuple):
        return ", ".join(cell(column, item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{word('column', k)}: {cell(k, v)}" for k, v in value.items())
    text = _moment(value) if isinstance(value, date) else _word(column, value)
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def _moment(value: date) -> str:
    if isinstance(value, datetime):
        return f"{shown(value.date(), spoken())} {value:%H:%M:%S}"
    return shown(value, spoken())


def _word(column: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return word("truth", "yes" if value else "no")
    if number := exact(column, value):
        return f"{number_shown(number)} {number.unit}".rstrip()
    text = word(column, str(value))
    return days_shown(text, spoken()) if column in _PAPERS else text


def number_shown(text: str) -> str:
    """Return an exact number as people read it.

    A decimal that ends is shown whole, with a comma in Vietnamese; one that does not is
    rounded half up to two digits and marked so: ``200/3`` is ``≈ 66,67``.
    """
    if rounded := hundredths(text):
        text = f"≈ {rounded}"
    elif not _DECIMAL.fullmatch(text):
        return str(text)
    return text.replace(".", ",") if spoken() == "vi" else str(text)


def hundredths(text: str) -> str | None:
    """Return ``200/3`` rounded half up to two digits, ``66.67``; None of any other text."""
    found = _RATIONAL.fullmatch(text)
    if not found:
        return None
    whole = Fraction(int(found[1]), int(found[2])) * 100
    rounded = int(abs(whole) + Fraction(1, 2))
    return f"{'-' if whole < 0 else ''}{rounded // 100}.{rounded % 100:02}"


def printable(value: Any) -> str:
    """Return a value as text that is safe on a terminal and not longer than a line or two."""
    text = str(value)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
