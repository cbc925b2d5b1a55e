"""What is found in the file of a workbook beside what its reader tells."""

import re
from typing import NamedTuple

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
"""What of a number format is shown as it stands."""
BUILT_IN = {9: "0%", 10: "0.00%", 16: "d-mmm", 17: "mmm-yy"}
"""Formats that have a number and no text in the file (ECMA-376 18.8.30), of those looked for."""

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""What a cell shows whose formula failed, by its number in XLS (MS-XLS, BErr)."""
SHOWS = "shows_"
_PARTS = "dmy"

Cells = dict[tuple[int, int], tuple[str, str]]
"""Mark and shown text by row and column, counted from 0: ``("error", "#N/A")``.

The marks are ``error``, ``uncomputed`` with the formula, ``percent``, and ``shows_`` with the
letters of what is shown of a day: ``shows_dm``, ``shows_y``.
"""


class Marks(NamedTuple):
    """What was found, by the name of the sheet."""

    cells: dict[str, Cells]
    sizes: dict[str, int]
    """How many cells a sheet spans, where its file says so."""
    merged: dict[str, list[tuple[int, int, int, int]]]
    """Cells that are one, of ODS: first row, first column, last row, last column."""
    hidden: dict[str, int]
    """How many rows are hidden, of XLSX and ODS; they are read."""


def format_mark(code: str) -> str:
    """Return the mark of cells with a number format: ``percent``, ``shows_dm``, or nothing."""
    shown = _LITERAL.sub("", code).partition(";")[0].lower()
    if "%" in shown:
        return "percent"
    if "h" in shown and "d" not in shown and "y" not in shown:
        return ""  # a time of day: its m are minutes
    parts = "".join(part for part in _PARTS if part in shown)
    return f"{SHOWS}{parts}" if parts not in {"", _PARTS} else ""
