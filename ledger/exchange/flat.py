"""Writes the cells of an entry, so that ``typed.py`` reads the very same entry from them.

Which columns there are says ``columns.py``; what a plain cell cannot say without another
meaning stands in its exact form there described.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from ledger.catalogue import Base, Entry, kind_of
from ledger.codes import LIST_OF
from ledger.exchange.columns import Column, columns_of
from ledger.exchange.encodings import meant_by
from ledger.exchange.jsonlines import entry_values
from ledger.exchange.marks import ERRORS

Cell = str | int | Decimal | bool | date | None
"""What stands in a cell: None is an empty one. A ``datetime`` is never written."""
Meaning = Callable[[str, str], str | None]
"""Returns the identifier that a text means in a context (the name of a field, a filter's key,
``truth``, ``column``): the text itself, or what it is a word for; None where it means none."""
EXACT = "'"
"""Begins a cell in its exact form; JSON follows."""
BETWEEN = ".."
GUARDED = ("=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what a text begins that a spreadsheet takes for a formula, the wide forms too."""
SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2007\u2009\u202f\u3000"
"""Spaces that look like a plain one; in the cell of a sheet they are one."""
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
"""Characters that cannot be seen at all; in the cell of a sheet they are nothing."""
_PROSE = frozenset(
    {"note", "reason", "strengths", "weaknesses", "comments", "outcome", "opinion", "findings"}
)
"""Fields whose text may have several lines; any other has one."""
_GAP, _GAP_OF_LINES = re.compile(r"[ \t]+"), re.compile(r"[ \t\n]+")
_PLAIN_TEXT = re.compile(rf"(?![\s'])[^{SPACES}{UNSEEN}]*(?<!\s)")
"""Text that a cell holds as it is: nothing around it, and no space that looks like another."""
_PLAIN_ITEM = re.compile(rf"(?![\s'])[^,;=\n{SPACES}{UNSEEN}]+(?<!\s)")
_THOUSAND = re.compile(r"-?[1-9]\d{0,2},\d{3}")
_ROUNDED = re.compile(r"-?\d([.,]\d+)?[eE]\+?\d{1,3}", re.ASCII)
_CITIZEN_ID = re.compile(r"\d{9}|\d{12}", re.ASCII)
FAILED = frozenset(ERRORS.values())
"""What spreadsheets show where a formula failed, and write to CSV."""
TRUTHS = frozenset({"private_owner", "readmission"})
"""Filters that hold true or false, or unknown."""
NUMBERS = frozenset({"completion_under"})
"""Filters that hold a number."""
_SEVERAL = 2
_ENCODER = msgspec.json.Encoder()


def cells_of(entry: Entry, meaning: Meaning) -> dict[str, Cell]:
    """Return the cells of an entry by the names of their columns; empty ones are left out.

    Identifiers are those of the catalogue; text, numbers, truths and days are typed.
    """
    kind = kind_of(entry)
    values = entry_values(entry)
    cells: dict[str, Cell] = {}
    for column in columns_of(kind):
        value = value_at(values, column.path)
        if value is not None and not (isinstance(value, dict) and column.type == "decimal"):
            cells[column.name] = cell_of(column, value, meaning)
    if values.get("base") == {}:
        cells["base.measure"] = Base().measure
    if values.get("person") == "":
        del cells["person"]
    return cells


def value_at(values: Any, path: tuple[str, ...]) -> Any:
    """Return the value at a path in the map of an entry, None where there is none."""
    for name in path:
        if not isinstance(values, dict):
            return None
        values = values.get(name)
    return values


def cell_of(column: Column, value: Any, meaning: Meaning) -> Cell:
    """Return the cell of a value as JSON Lines has it; ``value`` is not None."""
    cell = _cell_of(column, value, meaning)
    if isinstance(cell, str) and (cell in FAILED or meant_by(cell)):
        return exact(value)
    return cell


def _cell_of(column: Column, value: Any, meaning: Meaning) -> Cell:
    form = _FORMS.get(column.type)
    if form is not None:
        return form(value, meaning)
    if column.field.many:
        items = list(value)
        plain = all(_is_plain_item(column.context, item, meaning) for item in items)
        return ", ".join(items) if plain and items else exact(items)
    if isinstance(value, str):
        return value if _is_plain_text(column, value, meaning) else exact(value)
    truth_or_whole: int = value
    return truth_or_whole


def exact(value: Any) -> str:
    """Return the exact form of a value: what a cell says of it that cannot be misread."""
    return EXACT + _ENCODER.encode(value).decode()


def is_rounded(text: str) -> bool:
    """Return whether a text is what spreadsheets make of a long number: ``1.2E+11``."""
    return _ROUNDED.fullmatch(text) is not None


def is_citizen_id(digits: str) -> bool:
    """Return whether there are as many digits as a personal number has: 12, or 9 of old cards."""
    return _CITIZEN_ID.fullmatch(digits) is not None


def spaced(column: Column, text: str) -> str:
    """Return the text of a cell with one space wherever several stand.

    So is a line end, but in prose: it was put there to make a name fit its cell.
    """
    gap = _GAP if column.field.name in _PROSE else _GAP_OF_LINES
    return gap.sub(" ", text)


def _is_plain_text(column: Column, text: str, meaning: Meaning) -> bool:
    """Return whether a cell of ``column`` with this text is read as the very same text."""
    if not _PLAIN_TEXT.fullmatch(text) or not text or is_rounded(text):
        return False
    if spaced(column, text) != text:
        return False
    if column.field.name == "citizen_id" and text.isdecimal():
        return is_citizen_id(text)
    return not means_codes(column) or meaning(column.context, text) in {None, text}


def means_codes(column: Column) -> bool:
    """Return whether the text of a cell may be a word for a code: of an open list, or a body."""
    return column.context in LIST_OF or bool(column.field.names and not column.field.known)


def _is_plain_item(context: str, item: Any, meaning: Meaning) -> bool:
    if not isinstance(item, str) or not _PLAIN_ITEM.fullmatch(item):
        return False
    return meaning(context, item) in {None, item}


def _amount(value: Any, _: Meaning) -> Cell:
    if not isinstance(value, list | tuple):
        return Decimal(value)
    ends = [number_text(Decimal(end)) for end in value]
    return exact(list(value)) if any(end.startswith(EXACT) for end in ends) else BETWEEN.join(ends)


def number_text(number: Decimal) -> str:
    """Return a number as a cell of text has it, with a decimal comma and nothing at thousands.

    What could also be read as thousands (``66,667``), or has another form, is exact.
    """
    text = f"{number:f}".replace(".", ",")
    same = str(number).replace(".", ",") == text
    return text if same and not _THOUSAND.fullmatch(text) else exact(str(number))


def as_float(number: Decimal) -> float | None:
    """Return a number as a cell of numbers holds it, None where it would come back as another."""
    found = float(number)
    return found if shortest(found) == str(number) else None


def shortest(number: float) -> str:
    """Return the shortest decimal that is read as ``number``: what a cell of numbers means."""
    text = f"{Decimal(repr(number)):f}"
    return text.removesuffix(".0")


def _period(value: Mapping[str, str]) -> str:
    return f"{value['from']}{BETWEEN}{value['to']}"


def _filters(value: Mapping[str, Any], meaning: Meaning) -> str:
    parts = [_filter(name, part, meaning) for name, part in value.items()]
    return "; ".join(map(str, parts)) if parts and None not in parts else exact(value)


def _filter(name: str, value: Any, meaning: Meaning) -> str | None:
    """Return one filter as text, None if it cannot be said so that it is read alike."""
    if isinstance(value, dict):
        return f"{name}={_period(value)}" if name == "founded_in" else None
    if isinstance(value, bool):
        return f"{name}={str(value).lower()}" if name in TRUTHS else None
    if isinstance(value, int):
        return f"{name}={value}" if name in NUMBERS and value >= 0 else None
    items = value if isinstance(value, list) else [value]
    if name in NUMBERS or not all(_is_plain_item(name, item, meaning) for item in items):
        return None
    if (isinstance(value, list) and len(items) < _SEVERAL) or {"true", "false"} & {*items}:
        return None
    return f"{name}={', '.join(items)}"


def _against(value: Any, meaning: Meaning) -> str:
    if isinstance(value, str):
        plain = _is_plain_item("against", value, meaning) and BETWEEN not in value
        return value if plain else exact(value)
    if set(value) == {"from", "to"} and all(isinstance(end, str) for end in value.values()):
        return _period(value)
    return _filters(value, meaning)


_FORMS: dict[str, Callable[[Any, Meaning], Cell]] = {
    "date": lambda value, _: date.fromisoformat(value),
    "decimal": lambda value, _: Decimal(value),
    "amount": _amount,
    "filters": _filters,
    "against": _against,
}


def as_text(cell: Cell) -> str:
    """Return a cell as CSV has it, safe to open in a spreadsheet.

    A text that a spreadsheet would take for a formula has an apostrophe before it, which is
    taken off when the file is read.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return number_text(cell)
    text = str(cell)
    return f"{EXACT}{text}" if text.startswith(GUARDED) else text
