"""Scenarios as small tables: entries written in a line each, recorded in a real book.

``entry("admitted 2021-05-19 P1 unit=TP")`` is the admission of P1; the third word is the
stream's own field. A value in JSON stands for itself.
"""

import json
from typing import Any

from ledger.catalogue import KINDS
from ledger.errors import Problem

DEFAULTS: dict[str, dict[str, Any]] = {
    "unit_founded": {"name": "Chi bộ giả định", "type": "cell"},
    "unit_dissolved": {"cause": "task_done"},
    "nominated": {"profile": {"name": "Người Giả Định", "birth_year": 1990, "sex": "female"}},
    "carried_forward": {
        "profile": {"name": "Người Giả Định", "birth_year": 1970, "sex": "male"},
        "joined_on": "2000-01-01",
        "official_on": "2001-01-01",
    },
    "transferred_in": {"elsewhere": "Nơi khác"},
    "transferred_out": {"elsewhere": "Nơi khác"},
    "class_opened": {"type": "awareness", "organiser": "TP", "starts": "2015-01-01"},
    "voided": {"reason": "ghi nhầm"},
    "subject_erased": {"reason": "theo yêu cầu"},
    "mentor_reported": {"assessment": "ready"},
    "resolved": {
        "body": "cell",
        "matter": "admission",
        "votes_for": 8,
        "votes_against": 1,
        "eligible": 9,
    },
}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def entry(line: str) -> dict[str, Any]:
    """Return an entry as in JSON Lines from one line of a scenario."""
    kind, effective_on, subject, *rest = line.split()
    stream = "entry" if kind == "voided" else KINDS[kind].stream.rstrip("_")
    found: dict[str, Any] = {"kind": kind, "effective_on": effective_on, stream: _value(subject)}
    found |= DEFAULTS.get(kind, {})
    for item in rest:
        name, _, text = item.partition("=")
        found[name] = _value(text)
    return found


def entries(table: str) -> list[dict[str, Any]]:
    """Return the entries of a scenario, one a line; blank lines and # remarks left out."""
    lines = (line.partition("#")[0].strip() for line in table.splitlines())
    return [entry(line) for line in lines if line]


def codes(problems: "tuple[Problem, ...]") -> list[str]:
    """Return the codes of problems, in their order."""
    return [problem.code for problem in problems]
