"""Tables for people: translated heads and values, fitted to the terminal."""

import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tabulate import tabulate

from commands.cells import cell
from commands.language import say, word

_NARROWEST = 12
"""No column is folded to fewer characters than this."""
_GAP = 2
_NUMBER = re.compile(r"(≈ )?-?\d+([.,/]\d+)?", re.ASCII)


def table(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], form: str, title: str = ""
) -> str:
    """Return rows as a table in the form ``table`` or ``markdown``, with its title above."""
    cells = [[cell(column, row.get(column)) for column in columns] for row in rows]
    heads = [_head(column) for column in columns]
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
    below = "" if cells else f"\n{say('Nothing to show.')}"
    return f"{'### ' if form == 'markdown' and title else ''}{above}{text}{below}"


def _head(column: str) -> str:
    """Return the head of a column; one that is no identifier, such as a year, is its own."""
    text = word("column", column)
    return f"{text[:1].upper()}{text[1:]}"


def _is_number(column: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a column holds numbers only, and so stands to the right."""
    values = [row.get(column) for row in rows if row.get(column) is not None]
    return bool(values) and all(
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, str) and _NUMBER.fullmatch(value))
        for value in values
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
