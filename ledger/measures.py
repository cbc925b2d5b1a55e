"""Which measures are counted as of a day, and which over a period (DESIGN §3, Measures)."""

STOCKS = frozenset({"members", "sympathisers", "units", "enterprises"})
"""Counted as of a day."""

FLOWS = frozenset(
    {
        "admissions",
        "recognitions",
        "departures",
        "classes",
        "class_participants",
        "certificates",
        "units_founded",
    }
)
"""Counted over a period. ``dossiers`` and ``external`` may be counted either way."""
