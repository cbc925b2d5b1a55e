"""The cells of a sheet as they were read, before any column says what they should hold."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from unicodedata import normalize

from ledger.errors import Problem
from ledger.exchange.flat import SPACES, UNSEEN, shortest


class Broken(NamedTuple):
    """A cell whose formula failed."""

    text: str
    """What the spreadsheet shows: ``#N/A``."""


class Uncomputed(NamedTuple):
    """A cell with a formula whose result is not in the file."""

    formula: str
    """As the file has it, without what it begins with."""


class PartOfDay(NamedTuple):
    """A day of which the spreadsheet shows only a part: what was typed, mostly."""

    day: Any
    parts: str
    """Which: ``dm``, ``my``, ``y`` …"""

    @property
    def shown(self) -> str:
        """What is shown, in numbers: ``7/10``."""
        if not isinstance(self.day, date):
            return str(self.day)
        numbers = {"d": self.day.day, "m": self.day.month, "y": self.day.year}
        return "/".join(str(numbers[part]) for part in self.parts)


class Percent(NamedTuple):
    """A number that the spreadsheet shows in per cent."""

    number: float


class Unclear(NamedTuple):
    """A text that makes sense in an old font and out of it."""

    text: str


Special = Broken | Uncomputed | PartOfDay | Percent | Unclear
Raw = str | float | bool | date | time | timedelta | Special | None
"""A cell as it was read; a moment (``datetime``) is a day, too."""

_UNCLEAN = dict.fromkeys(map(ord, SPACES), " ") | dict.fromkeys(map(ord, UNSEEN))
_BLANK = f" \t\r\n{SPACES}{UNSEEN}"


def clean(text: str) -> str:
    """Return a text as it is kept: composed, its spaces plain, nothing around it."""
    if not text.isascii():
        text = normalize("NFC", text.translate(_UNCLEAN))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def is_blank(raw: Raw) -> bool:
    """Return whether nothing stands in a cell, or only what cannot be seen."""
    return raw is None or raw == "" or (isinstance(raw, str) and not raw.strip(_BLANK))


def special_problem(raw: Special) -> Problem:
    """Return what is wrong with a cell that no column can hold."""
    match raw:
        case Broken(text):
            return Problem("cell_broken", value=text)
        case Uncomputed(formula):
            return Problem("cell_uncomputed", value=f"={formula}")
        case PartOfDay(day, parts):
            code = "year_made_up" if parts == "dm" else "day_made_up"
            return Problem(code, value=raw.shown, day=shown(day))
        case Percent(number):
            return Problem("number_in_percent", value=f"{shortest(number * 100)}%", number=number)
        case Unclear(text):
            return Problem("text_unclear", value=text)


def shown(raw: Any) -> str:
    """Return a cell that is no text as people see it."""
    if isinstance(raw, datetime):
        return f"{raw:%d/%m/%Y %H:%M:%S}"
    if isinstance(raw, date):
        return f"{raw:%d/%m/%Y}"
    if isinstance(raw, float):
        return shortest(raw)
    return str(raw)
