"""Rows as lines of CSV: for programs as they are, for Excel made safe.

For programs (RFC 4180) nothing is altered. For Excel (``--excel``) there is a byte order
mark, so that it reads UTF-8, and an apostrophe before every text that it would take for a
formula (``=``, ``+``, ``-``, ``@``, tab, return at its beginning), or for a number or a day
that the text is not (``001096000123``, ``1-2``, ``3/4``). Numbers stay numbers: with ``;``
between cells they have the decimal comma of the countries whose Excel expects ``;``, and
``200/3``, which Excel would take for a day or a text, is rounded half up to two digits.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import NoneType
from typing import Any, NamedTuple

from commands.cells import exact, hundredths
from commands.json_lines import json_text

BYTE_ORDER_MARK = "\ufeff"
SEPARATORS = {",": ",", ";": ";", "tab": "\t"}
"""What can stand between cells, by how the command line writes it."""
_END = "\r\n"
"""The writer quotes what holds these two, so that a cell of several lines stays one."""
_NESTED = (bool, dict, list, tuple)
"""What CSV writes as JSON."""
_AS_IS = frozenset({str, int, date, NoneType})
"""What the writer writes as it is wanted: days in ISO form, nothing where there is nothing."""
_FORMULA = re.compile("[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")
"""How a text begins that a spreadsheet may take for a formula, the wide forms of its signs too
(OWASP, CSV injection)."""
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?", re.ASCII)
"""A number that a spreadsheet keeps: no leading zero, and not more digits than a double has."""
_MISREAD = re.compile(r"\s*[\d(.][\d\s.,:/()%-]*(E[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
"""What a spreadsheet may take for a number, a day or a time."""
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Dialect(NamedTuple):
    """How CSV is written."""

    separator: str = ","
    excel: bool = False
    """For a spreadsheet, which guesses, and not for a program, which does not."""


class _Line:
    """A file that keeps the last line written to it, without its end."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text.removesuffix(_END)


def csv_lines(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], dialect: Dialect
) -> Iterator[str]:
    """Yield the lines of CSV without their ends, column names first; nested values as JSON."""
    if not dialect.excel:
        cells = (map(row.get, columns) for row in rows)
        plain = (
            [value if type(value) in _AS_IS else _plain(value) for value in line] for line in cells
        )
        return text_lines(columns, plain, dialect)
    heads = [_guarded("", name, dialect) for name in columns]
    guarded = ([_guarded(name, row.get(name), dialect) for name in columns] for row in rows)
    return text_lines(heads, guarded, dialect)


def text_lines(
    heads: Sequence[str], rows: Iterable[Sequence[Any]], dialect: Dialect
) -> Iterator[str]:
    """Yield the lines of CSV without their ends, of cells that are text or ``_AS_IS``."""
    line = _Line()
    writer = csv.writer(line, delimiter=dialect.separator, lineterminator=_END)
    writer.writerow(heads)
    yield f"{BYTE_ORDER_MARK if dialect.excel else ''}{line.text}"
    for row in rows:
        writer.writerow(row)
        yield line.text


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, _NESTED):
        return json_text(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _guarded(column: str, value: Any, dialect: Dialect) -> str:
    """Return a cell that a spreadsheet reads as what it is."""
    text = _plain(value)
    if isinstance(value, (date, *_NESTED)) or not text:
        return text
    number = hundredths(text) if exact(column, value) is not None else None
    if number or _NUMBER.fullmatch(text):
        found = number or text
        return found.replace(".", ",") if dialect.separator == ";" else found
    if _FORMULA.match(text) or (_MISREAD.fullmatch(text) and not _ISO_DAY.fullmatch(text)):
        return f"'{text}"
    return text
