"""Tables for people: translated heads and values, fitted to the terminal."""

import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from types import NoneType
from typing import Any

import tabulate

from commands.cells import Exact, cell, head
from commands.language import say

_NARROWEST = 12
"""No column is folded to fewer characters than this."""
_LONGEST_WORD = 24
"""No word up to this length is cut in two: codes are copied, and searched for."""
_GAP = 2
_HEAD_PADDING = 2
_LONG = 500
"""Beyond so many lines the library is asked for the layout only."""
_NUMBER = re.compile(r"(≈ )?-?\d+([.,/]\d+)?", re.ASCII)


def table(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    form: str,
    title: str = "",
    *,
    fitted: bool = True,
) -> str:
    """Return rows as a table in the form ``table`` or ``markdown``, with its title above.

    ``fitted``: folded to the width of the terminal, if it goes to one.
    """
    texts = [_texts(column, rows) for column in columns]
    cells = [list(line) for line in zip(*texts, strict=True)] if columns else [[] for _ in rows]
    heads = [head(column) for column in columns]
    right = [_is_number(column, rows) for column in columns]
    is_markdown = form == "markdown"
    if is_markdown:
        cells = [[text.replace("|", "\\|") for text in line] for line in cells]
    widths: Any = _widths(heads, cells) if fitted and not is_markdown else None
    # Where room is short, the heads do without the spaces that the library adds to each.
    tabulate.MIN_PADDING = _HEAD_PADDING if widths is None else 0
    is_long = len(cells) > _LONG and not is_markdown and widths is None
    text = tabulate.tabulate(
        [_widest(cells)] if is_long else cells,
        headers=heads,
        tablefmt="github" if is_markdown else "simple",
        disable_numparse=True,
        colalign=["right" if number else "left" for number in right] if cells else None,
        maxcolwidths=widths if cells else None,
        maxheadercolwidths=widths,
    )
    if is_long:
        text = _lengthened(text, cells, right)
    above = f"{say(title)}\n\n" if title else ""
    # In markdown a line right under a table would be one more row of it.
    gap = "\n\n" if is_markdown else "\n"
    below = "" if cells else f"{gap}{say('Nothing to show.')}"
    return f"{'### ' if is_markdown and title else ''}{above}{text}{below}"


def _widest(cells: Sequence[Sequence[str]]) -> list[str]:
    """Return the widest text of each column."""
    return [max((line[place].strip() for line in cells), key=len) for place in range(len(cells[0]))]


def _lengthened(text: str, cells: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """Return a table of one line with all lines in its place, under its heads and rules.

    The library takes some 50 µs a line to find out what it is told here: that all is text.
    """
    *above, rules, _ = text.split("\n")
    forms = [
        f"{{:{'>' if r else '<'}{len(rule)}}}" for r, rule in zip(right, rules.split(), strict=True)
    ]
    form = (" " * _GAP).join(forms).format
    return "\n".join([*above, rules, *(form(*map(str.strip, line)).rstrip() for line in cells)])


def _texts(column: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the cells of a column; in a long one most values come again and again."""
    values = [row.get(column) for row in rows]
    if not {type(value) for value in values} <= {str, date, NoneType}:
        return [cell(column, value) for value in values]
    known = {value: cell(column, value) for value in set(values)}
    return [known[value] for value in values]


def _is_number(column: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a column holds numbers only, and so stands to the right."""
    values = [row.get(column) for row in rows if row.get(column) is not None]
    return bool(values) and all(
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, str) and _NUMBER.fullmatch(value) and not _has_unit(value))
        for value in values
    )


def _has_unit(value: str) -> bool:
    return isinstance(value, Exact) and bool(value.unit)


def _widths(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int | None] | None:
    """Return the widths that make the table fit the terminal; None if it fits as it is.

    The widest columns are folded first, and all evenly, between words. A width is None
    where nothing is folded.
    """
    if not sys.stdout.isatty() or not heads:
        return None
    room = shutil.get_terminal_size().columns - _GAP * (len(heads) - 1)
    columns = [(head, *(line[place] for line in cells)) for place, head in enumerate(heads)]
    natural = [max(map(len, texts)) for texts in columns]
    spacious = (
        max(width, len(head) + _HEAD_PADDING) for width, head in zip(natural, heads, strict=True)
    )
    if sum(spacious) <= room:
        return None
    least = [
        min(width, max(_NARROWEST, _longest_word(texts)))
        for width, texts in zip(natural, columns, strict=True)
    ]
    widths = list(natural)
    too_wide = sum(widths) - room
    while too_wide > 0:
        widest = max(range(len(widths)), key=lambda place: widths[place] - least[place])
        if widths[widest] <= least[widest]:
            break
        widths[widest] -= 1
        too_wide -= 1
    return [width if width < full else None for width, full in zip(widths, natural, strict=True)]


def _longest_word(texts: Sequence[str]) -> int:
    """Return the length of the longest word that is not cut."""
    lengths = (len(part) for text in texts for part in text.split())
    return max((length for length in lengths if length <= _LONGEST_WORD), default=0)
