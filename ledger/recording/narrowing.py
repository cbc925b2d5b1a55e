"""The one form of filters: what narrows a measure, checked and written alike every time.

Two counts of the same part must have equal filters, whoever wrote them: keys sorted, a list
sorted without repetition, one item bare, a truth as a truth, an age as text, the unions
of somebody who is in several at once (``a+b``) in alphabetical order.
"""

import re
from collections.abc import Callable
from typing import Any, get_args

from msgspec.structs import replace

from ledger.catalogue import Period, kind_of
from ledger.catalogue.base import Sex, UnitType
from ledger.codes import TOGETHER
from ledger.recording.text import bad_value

_AGE = re.compile(r"unknown|(under|over)_\d{1,3}|\d{1,3}(-\d{1,3})?", re.ASCII)
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,15})?", re.ASCII)
CLOSED: dict[str, tuple[str, ...]] = {
    "standing": ("applicant", "probationary", "official"),
    "sex": (*get_args(Sex), "unknown"),
    "unit_type": get_args(UnitType),
    "class_type": ("awareness", "new_member"),
    "stage": (
        *("nominated", "listed", "enrolled", "certified", "dossier"),
        *("vetting", "resolved", "submitted", "decided"),
    ),
    "cause": ("died", "expelled", "deleted", "left_on_request", "transferred_out"),
}
"""The codes of filters whose lists are closed (DESIGN §3, Codes): a code that is not among
them would count nobody, without a word."""
_TRUTHS = {True: True, False: False, "true": True, "false": False, "unknown": "unknown"}


def with_one_form(entry: Any) -> Any:
    """Return ``entry`` with its filters in their one form; raise Problem (bad_value)."""
    filters = getattr(entry, "filters", None)
    if not filters:
        return entry
    kind = kind_of(entry)
    written = {name: _one_form(kind, name, filters[name]) for name in sorted(filters)}
    return (
        entry if list(filters.items()) == list(written.items()) else replace(entry, filters=written)
    )


def _one_form(kind: str, name: str, value: Any) -> Any:
    found, reason = one_form(name, value)
    if reason:
        raise bad_value(kind, f"filters.{name}", value, reason, **choices_of(name))
    return found


def one_form(name: str, value: Any) -> tuple[Any, str]:
    """Return the value of a filter in its one form, and the code of what is wrong with it.

    The code is one of ``REASONS``, and empty if nothing is wrong.
    """
    found, reason = _READ.get(name, _codes)(value)
    if not reason and name in CLOSED:
        given = found if isinstance(found, list) else [found]
        reason = "" if set(given) <= set(CLOSED[name]) else "wants_choice"
    return found, reason


def choices_of(name: str) -> dict[str, str]:
    """Return what the reasons of ``one_form`` say beside their words: a closed list."""
    return {"choices": ", ".join(CLOSED.get(name, ())), "suggestion": ""}


def _period(value: Any) -> tuple[Any, str]:
    return value, "" if isinstance(value, Period) else "wants_period"


def _truth(value: Any) -> tuple[Any, str]:
    found = None if isinstance(value, list | Period) else _TRUTHS.get(value)
    return found, "wants_truth" if found is None else ""


def _number(value: Any) -> tuple[Any, str]:
    is_text = isinstance(value, str | int) and not isinstance(value, bool)
    return value, "" if is_text and _DECIMAL.fullmatch(str(value)) else "wants_decimal"


def _ages(value: Any) -> tuple[Any, str]:
    given = value if isinstance(value, list) else [value]
    codes = [str(code) for code in given]
    if not all(_AGE.fullmatch(code) and _is_upward(code) for code in codes):
        return value, "wants_age"
    return _codes(codes)


def _is_upward(code: str) -> bool:
    first, _, last = code.partition("-")
    return not last or int(first) <= int(last)


def _unions(value: Any) -> tuple[Any, str]:
    given = value if isinstance(value, list) else [value]
    if not all(isinstance(code, str) and all(code.split(TOGETHER)) for code in given):
        return value, "wants_text"
    return _codes([TOGETHER.join(sorted(set(code.split(TOGETHER)))) for code in given])


def _codes(value: Any) -> tuple[Any, str]:
    given = value if isinstance(value, list) else [value]
    if not given or not all(isinstance(code, str) and code for code in given):
        return value, "wants_text"
    codes = sorted(set(given))
    return (codes if len(codes) > 1 else codes[0]), ""


_READ: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "founded_in": _period,
    "private_owner": _truth,
    "readmission": _truth,
    "union": _unions,
    "completion_under": _number,
    "age": _ages,
}
"""How the value of a filter is read, where it is not a code or a list of codes: the value in
its one form, and the reason it is wrong, empty if it is not."""
