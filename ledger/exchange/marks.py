"""What is found in the file of a workbook beside what its reader tells."""

from typing import NamedTuple

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
