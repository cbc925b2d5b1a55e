"""What is found in the file of a workbook beside what its reader tells."""

import re
from typing import NamedTuple

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
"""What of a number format is shown as it stands."""
BUILT_IN = {9: "0%", 10: "0.00%", 16: "d-mmm"}
"""Formats that have a number and no text in the file (ECMA-376 18.8.30), of those looked for."""

Cells = dict[tuple[int, int], tuple[str, str]]
"""Mark and shown text by row and column, counted from 0: ``("error", "#N/A")``.

The marks are ``error``, ``day_month`` and ``percent``.
"""


class Marks(NamedTuple):
    """What was found, by the name of the sheet."""

    cells: dict[str, Cells]
    sizes: dict[str, int]
    """How many cells a sheet spans, where its file says so."""
    merged: dict[str, list[tuple[int, int, int, int]]]
    """Cells that are one, of ODS: first row, first column, last row, last column."""


def format_mark(code: str) -> str:
    """Return what a number format hides: ``day_month``, ``percent``, or nothing."""
    shown = _LITERAL.sub("", code).partition(";")[0].lower()
    if "%" in shown:
        return "percent"
    return "day_month" if "d" in shown and "m" in shown and "y" not in shown else ""
