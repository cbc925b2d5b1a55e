"""What each measure counts, and so whether as of a day or over a period (DESIGN §3, Measures)."""

from typing import Literal

Subjects = Literal["people", "places", "actions"]

SUBJECTS: dict[str, Subjects] = {
    "members": "people",
    "sympathisers": "people",
    "dossiers": "people",
    "units": "places",
    "enterprises": "places",
    "admissions": "actions",
    "recognitions": "actions",
    "departures": "actions",
    "classes": "actions",
    "class_participants": "actions",
    "certificates": "actions",
    "units_founded": "actions",
}
"""Every measure but ``external``: whether people or units are counted as of a day (a stock), or
actions over a period (a flow)."""

_EITHER = "dossiers"
"""Stated as of a day, and as of a period in which they were made."""

STOCKS = frozenset(
    name for name, subjects in SUBJECTS.items() if subjects != "actions" and name != _EITHER
)
"""Counted as of a day. ``dossiers`` and ``external`` may be told either way."""

FLOWS = frozenset(name for name, subjects in SUBJECTS.items() if subjects == "actions")
"""Counted over a period."""
