"""What each measure counts, and so whether as of a day or over a period (DESIGN §3, Measures)."""

from typing import Literal

Subjects = Literal["people", "places", "actions"]

SUBJECTS: dict[str, tuple[Subjects, ...]] = {
    "members": ("people",),
    "sympathisers": ("people",),
    "dossiers": ("people", "actions"),
    "units": ("places",),
    "enterprises": ("places",),
    "admissions": ("actions",),
    "recognitions": ("actions",),
    "departures": ("actions",),
    "classes": ("actions",),
    "class_participants": ("actions",),
    "certificates": ("actions",),
    "units_founded": ("actions",),
}
"""Every measure but ``external``: whether people or units are counted as of a day (a stock), or
actions over a period (a flow). Dossiers are both: who has one, and how many were opened."""

STOCKS = frozenset(name for name, subjects in SUBJECTS.items() if "actions" not in subjects)
"""Counted as of a day. ``dossiers`` and ``external`` may be told either way."""

FLOWS = frozenset(name for name, subjects in SUBJECTS.items() if subjects == ("actions",))
"""Counted over a period."""
