"""What the cell of a sheet says, as the value of its column; never guessed.

Numbers are read as Vietnamese writes them: a dot between thousands, a comma before
decimals. A number is never taken for a day nor for a code, a day never for a number or a
text: spreadsheets make the one of the other behind people's backs, and drop the zeros that
a number begins with. Identifiers of the catalogue and the words of people mean the same.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, get_args

import msgspec

from ledger.catalogue.base import Filter
from ledger.days import day
from ledger.errors import Problem
from ledger.exchange.columns import Column
from ledger.exchange.encodings import meant_by
from ledger.exchange.flat import (
    BETWEEN,
    EXACT,
    FAILED,
    GUARDED,
    NUMBERS,
    TRUTHS,
    Meaning,
    is_citizen_id,
    is_rounded,
    means_codes,
    shortest,
    spaced,
)
from ledger.exchange.raw import Broken, Raw, Special, clean, shown, special_problem
from ledger.recording.text import bad_value
from ledger.similar import similar

_VIETNAMESE = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", re.ASCII)
_BARE = re.compile(r"-?\d+(,\d+)?", re.ASCII)
_TWO_READINGS = re.compile(r"-?[1-9]\d{0,2},\d{3}", re.ASCII)
_NUMBERLIKE = re.compile(r"-?\d[\d.,\s]*", re.ASCII)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$", re.ASCII)
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of the days that spreadsheets count."""
_DAY_NUMBERS = range(3_000, 2_958_466)
"""Numbers that may be meant as days, as far as spreadsheets count; fewer are years."""
_LOST = "\ufffd"
"""Stands where a program could not read a letter."""
_MOST_DIGITS = 1_000
"""Python refuses to read numbers of 4,300."""
_TRUE = frozenset({"true", "yes", "1", "x"})
_FALSE = frozenset({"false", "no", "0"})
_DECODER = msgspec.json.Decoder()


def value_of(kind: str, column: Column, raw: Raw, meaning: Meaning) -> Any:
    """Return what a cell says, as JSON Lines has it; None for an empty one. Raises Problem."""
    if isinstance(raw, Special):
        raise special_problem(raw)
    if isinstance(raw, str):
        if raw.startswith(EXACT):
            found, raw = _exact(raw)
            if found is not None:
                return found
        if _LOST in raw:
            raise Problem("letters_lost", value=raw)
        if font := meant_by(raw):
            raise Problem("text_garbled", value=raw, encoding=font)
        raw = clean(raw)
        if raw in FAILED:
            raise special_problem(Broken(raw))
    if raw is None or raw == "":
        return None
    return _Reader(kind, column, meaning).read(raw)


def _exact(text: str) -> tuple[Any, str]:
    """Return the value of a cell in its exact form, else the text without its guard."""
    rest = text[len(EXACT) :]
    if rest[:1] in {'"', "[", "{"}:
        try:
            return _DECODER.decode(rest.strip()), text
        except (msgspec.DecodeError, RecursionError):
            return None, text
    return None, rest if rest.startswith(GUARDED) else text


class _Reader:
    """Reads one cell of one column."""

    def __init__(self, kind: str, column: Column, meaning: Meaning) -> None:
        self._kind = kind
        self._column = column
        self._meaning = meaning

    def read(self, raw: Any) -> Any:
        if self._column.type in {"text", "filters", "against", "moment"} or self._column.field.many:
            return self._of_text(self._text(raw))
        return getattr(self, f"_{self._column.type}")(raw)

    def _wrong(self, value: Any, reason: str, **values: Any) -> Problem:
        return bad_value(self._kind, self._column.name, value, reason, **values)

    # Texts

    def _text(self, raw: Any) -> str:
        """Return the text of a cell that must be one."""
        if isinstance(raw, bool):
            raise self._wrong(str(raw).upper(), "wants_text")
        if isinstance(raw, int | float):
            text = shortest(raw)
            if is_rounded(f"{raw:G}") and abs(raw) > 2**53:
                raise Problem("cell_rounded", value=text)
            if self._column.field.name == "citizen_id" and not is_citizen_id(text):
                raise Problem("zeros_lost", value=text, count=len(text))
            raise Problem("number_for_text", value=text)
        if not isinstance(raw, str):
            raise Problem("day_for_text", value=shown(raw))
        return raw

    def _of_text(self, text: str) -> Any:
        column = self._column
        if column.type == "filters":
            return self._filters(text)
        if column.type == "against":
            return self._against(text)
        if column.field.many:
            return [self._code(item) for item in _items(text)]
        if column.type != "text":
            return text
        text = spaced(column, text)
        if is_rounded(text):
            raise Problem("cell_rounded", value=text)
        if column.field.name == "citizen_id" and text.isdecimal() and not is_citizen_id(text):
            raise Problem("zeros_lost", value=text, count=len(text))
        return self._code(text)

    def _code(self, text: str) -> str:
        """Return the code that a text means; itself where no list has it."""
        if means_codes(self._column):
            return self._meaning(self._column.context, text) or text
        return text

    def _choice(self, raw: Any) -> str:
        text = raw if isinstance(raw, str) else shown(raw)
        choices = self._column.field.choices
        found = self._meaning(self._column.context, text)
        if found in choices:
            return found
        near = similar(text, choices)
        raise self._wrong(text, "wants_choice", choices=", ".join(choices), suggestion=near)

    # Days

    def _date(self, raw: Any) -> str:
        if isinstance(raw, datetime):
            if raw.time() != time.min:
                raise Problem("time_for_day", value=shown(raw))
            raw = raw.date()
        if isinstance(raw, date):
            return raw.isoformat()
        if isinstance(raw, str) and not _NUMBERLIKE.fullmatch(raw):
            return day(_MIDNIGHT.sub("", raw)).isoformat()
        if isinstance(raw, bool | time | timedelta):
            raise Problem("bad_date", value=shown(raw))
        text = raw if isinstance(raw, str) else shortest(raw)
        if text.isdecimal() and len(text) < _MOST_DIGITS and int(text) in _DAY_NUMBERS:
            meant = _FIRST_DAY + timedelta(days=int(text))
            raise Problem("number_for_day", value=text, day=meant)
        raise Problem("bad_date", value=text)

    # Numbers

    def _number(self, raw: Any, reason: str, **values: Any) -> str:
        """Return a number as plain text, with a point before decimals."""
        if isinstance(raw, bool):
            raise self._wrong(str(raw).upper(), reason, **values)
        if isinstance(raw, int | float):
            if abs(raw) > 2**53:
                raise Problem("cell_rounded", value=f"{raw:G}")
            return shortest(raw)
        if not isinstance(raw, str):
            raise Problem("day_for_number", value=shown(raw))
        if is_rounded(raw):
            raise Problem("cell_rounded", value=raw)
        if len(raw) > _MOST_DIGITS and _NUMBERLIKE.fullmatch(raw):
            raise Problem("number_unclear", value=raw)
        if _VIETNAMESE.fullmatch(raw):
            return raw.replace(".", "").replace(",", ".")
        if _BARE.fullmatch(raw) and not _TWO_READINGS.fullmatch(raw):
            return raw.replace(",", ".")
        if _NUMBERLIKE.fullmatch(raw):
            raise Problem("number_unclear", value=raw)
        raise self._wrong(raw, reason, **values)

    def _integer(self, raw: Any) -> int:
        text = self._number(raw, "wants_whole_number", least=0)
        if "." in text:
            raise self._wrong(text.replace(".", ","), "wants_whole_number", least=0)
        return int(text)

    def _decimal(self, raw: Any) -> str:
        return self._number(raw, "wants_decimal")

    def _amount(self, raw: Any) -> Any:
        if isinstance(raw, str) and BETWEEN in raw:
            ends = [end.strip() for end in raw.split(BETWEEN)]
            return [self._number(end, "wants_two_numbers") for end in ends]
        return self._number(raw, "wants_decimal")

    def _truth(self, raw: Any) -> bool:
        if isinstance(raw, bool):
            return raw
        text = (raw if isinstance(raw, str) else shown(raw)).casefold()
        text = self._meaning("truth", text) or text
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        raise self._wrong(raw, "wants_truth")

    # What narrows a measure

    def _filters(self, text: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in re.split(r"[;\n]", text):
            if part.strip():
                name, value = self._filter(part.strip())
                if name in found:
                    detail = Problem("wants_keys_once", value=name)
                    field = self._column.name
                    raise Problem(
                        "bad_value", kind=self._kind, field=field, value=text, detail=detail
                    )
                found[name] = value
        return found

    def _filter(self, part: str) -> tuple[str, Any]:
        key, _, value = (piece.strip() for piece in part.partition("="))
        name = self._meaning("column", key) or key
        if name not in get_args(Filter) or not value:
            raise self._wrong(part, "wants_filters", choices=", ".join(get_args(Filter)))
        if name == "founded_in":
            return name, self._period(value)
        if name in NUMBERS and value.isdecimal() and len(value) < _MOST_DIGITS:
            return name, int(value)
        if name in TRUTHS:
            text = self._meaning("truth", value) or value
            if text in {"true", "yes", "false", "no"}:
                return name, text in _TRUE
            return name, text
        items = [self._meaning(name, item) or item for item in _items(value)]
        return name, items if len(items) > 1 else items[0]

    def _period(self, text: str) -> dict[str, str]:
        first, between, last = text.partition(BETWEEN)
        if not between:
            raise self._wrong(text, "wants_period")
        return {"from": day(first).isoformat(), "to": day(last).isoformat()}

    def _against(self, text: str) -> Any:
        if "=" in text:
            return self._filters(text)
        return self._period(text) if BETWEEN in text else text


def _items(text: str) -> list[str]:
    found = [item.strip() for item in re.split(r"[,;\n]", text)]
    return [item for item in found if item]
