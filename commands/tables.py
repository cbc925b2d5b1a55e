"""Tables for people: translated heads and values, fitted to the terminal."""

import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tabulate import tabulate

from commands.dates import shown
from commands.language import say, spoken, word

_NARROWEST = 12
"""No column is folded to fewer characters than this."""
_GAP = 2
_RATIONAL = re.compile(r"(-?\d+)/(\d+)", re.ASCII)
_DECIMAL = re.compile(r"-?\d+\.\d+", re.ASCII)
EXACT_COLUMNS = frozenset({"completion", "growth", "index", "yearly_mean"})
"""Columns whose values are exact numbers as text, ``83.45`` or ``200/3``."""


def table(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], form: str, title: str = ""
) -> str:
    """Return rows as a table in the form ``table`` or ``markdown``, with its title above."""
    cells = [[cell(column, row.get(column)) for column in columns] for row in rows]
    heads = [word("column", column) for column in columns]
    right = [_is_number(column, rows) for column in columns]
    if form == "markdown":
        cells = [[text.replace("|", "\\|") for text in line] for line in cells]
    text = tabulate(
        cells,
        headers=heads,
        tablefmt="github" if form == "markdown" else "simple",
        disable_numparse=True,
        colalign=["right" if number else "left" for number in right] if cells else None,
        maxcolwidths=_widths(heads, cells) if cells and form != "markdown" else None,
    )
    above = f"{say(title)}\n\n" if title else ""
    return f"{'### ' if form == 'markdown' and title else ''}{above}{text}"


def cell(column: str, value: Any) -> str:
    """Return a value as people read it: days and words in their language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return word("truth", "yes" if value else "no")
    if isinstance(value, datetime):
        return f"{shown(value.date(), spoken())} {value:%H:%M:%S}"
    if isinstance(value, date):
        return shown(value, spoken())
    if isinstance(value, list | tuple):
        return ", ".join(cell(column, item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{word('column', k)}: {cell(k, v)}" for k, v in value.items())
    text = str(value)
    if column in EXACT_COLUMNS:
        return number_shown(text)
    return "".join(c if c.isprintable() else " " for c in word(column, text))


def number_shown(text: str) -> str:
    """Return an exact number as people read it.

    A decimal that ends is shown whole, with a comma in Vietnamese; one that does not is
    rounded half up to two digits and marked so: ``200/3`` is ``≈ 66,67``.
    """
    if found := _RATIONAL.fullmatch(text):
        hundredths = Fraction(int(found[1]), int(found[2])) * 100
        rounded = int(abs(hundredths) + Fraction(1, 2))
        sign = "-" if hundredths < 0 else ""
        text = f"≈ {sign}{rounded // 100}.{rounded % 100:02}"
    elif not _DECIMAL.fullmatch(text):
        return text
    return text.replace(".", ",") if spoken() == "vi" else text


def _is_number(column: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    if column in EXACT_COLUMNS:
        return True
    values = [row.get(column) for row in rows]
    return any(isinstance(value, int) and not isinstance(value, bool) for value in values) and all(
        value is None or isinstance(value, int) for value in values
    )


def _widths(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int | None] | None:
    """Return the widths that make the table fit the terminal; None where nothing is folded."""
    if not sys.stdout.isatty():
        return None
    natural = [
        max(len(text) for text in (head, *column))
        for head, column in zip(heads, zip(*cells, strict=True), strict=True)
    ]
    room = shutil.get_terminal_size().columns - _GAP * (len(heads) - 1)
    widths: list[int | None] = [None] * len(natural)
    while sum(natural) > room:
        widest = max(range(len(natural)), key=natural.__getitem__)
        if natural[widest] <= _NARROWEST:
            break
        narrower = max(_NARROWEST, natural[widest] - (sum(natural) - room))
        natural[widest] = widths[widest] = narrower
    return widths
