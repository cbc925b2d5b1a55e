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
    widths: Any = _widths(heads, cells) if cells and form != "markdown" else None
    text = tabulate(
        cells,
        headers=heads,
        tablefmt="github" if form == "markdown" else "simple",
        disable_numparse=True,
        colalign=["right" if number else "left" for number in right] if cells else None,
        maxcolwidths=widths,
        maxheadercolwidths=widths,
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
    """Return the widths that make the table fit the terminal; None where nothing is folded.

    The widest columns are folded first, and all evenly.
    """
    if not sys.stdout.isatty():
        return None
    columns = [(head, *texts) for head, texts in zip(heads, zip(*cells, strict=True), strict=True)]
    natural = [max(map(len, texts)) for texts in columns]
    least = [min(_NARROWEST, width) for width in natural]
    widths = list(natural)
    too_wide = sum(widths) + _GAP * (len(heads) - 1) - shutil.get_terminal_size().columns
    while too_wide > 0:
        widest = max(range(len(widths)), key=lambda place: widths[place] - least[place])
        if widths[widest] <= least[widest]:
            break
        widths[widest] -= 1
        too_wide -= 1
    return [width if width < full else None for width, full in zip(widths, natural, strict=True)]
