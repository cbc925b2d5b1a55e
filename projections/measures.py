"""What can be counted, each measure declared once: by whom or what, and under which condition."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ledger.measures import SUBJECTS, Subjects
from projections.filters import FILTERS, Aspect

DEPARTURES = ("died", "expelled", "deleted", "left_on_request", "transferred_out")
"""The kinds by which a member leaves; the cause of a departure is its kind."""


class Measure(NamedTuple):
    """How something is counted: over ``people`` or ``places`` on a day, or over ``actions``."""

    subjects: Subjects
    condition: str
    aspects: frozenset[Aspect]
    """What its subjects have, by which they can be narrowed and told apart."""
    one_each: str = ""
    """What is counted once however many subjects have it; empty where each subject counts."""

    @property
    def number(self) -> str:
        """SQL for how many there are among the subjects."""
        return f"count(DISTINCT {self.one_each})" if self.one_each else "count(*)"

    @property
    def is_stock(self) -> bool:
        """Whether it is counted as of a day, not over a period."""
        return self.subjects != "actions"


def _measure(
    name: str, condition: str, *aspects: Aspect, one_each: str = "", over_period: bool = False
) -> Measure:
    """Return a measure as declared; ``over_period``: the flow of one that has a stock, too."""
    subjects: Subjects = "actions" if over_period else SUBJECTS[name][0]
    assert subjects in SUBJECTS[name], name
    return Measure(subjects, condition, frozenset({"unit", *aspects}), one_each)


MEASURES: dict[str, Measure] = {
    "members": _measure(
        "members", "standing IN ('probationary', 'official')", "person", "membership"
    ),
    "sympathisers": _measure("sympathisers", "listed AND stage >= 2", "person", "pipeline"),
    "dossiers": _measure("dossiers", "stage >= 5", "person", "pipeline"),
    "units": _measure("units", "TRUE"),
    "enterprises": _measure("enterprises", "TRUE", one_each="enterprise"),
    "admissions": _measure("admissions", "kind = 'admitted'", "person", "admission"),
    "recognitions": _measure("recognitions", "kind = 'recognized_official'", "person"),
    "departures": _measure(
        "departures",
        f"kind IN {DEPARTURES} AND standing_before IN ('probationary', 'official')",
        "person",
        "departure",
    ),
    "classes": _measure("classes", "kind = 'class_opened'", "class"),
    # Whoever is enrolled and attends takes part once, on the first of the two days.
    "class_participants": _measure(
        "class_participants",
        "kind IN ('enrolled_in_class', 'attended_class') AND first_of_class",
        "person",
        "pipeline",
        "class",
    ),
    "certificates": _measure(
        "certificates", "kind = 'attended_class'", "person", "pipeline", "class"
    ),
    "units_founded": _measure("units_founded", "kind = 'unit_founded'"),
}
"""Every measure of the catalogue but ``external``, which the book knows nothing of."""

OVER_PERIOD: dict[str, Measure] = {
    "dossiers": _measure(
        "dossiers", "kind = 'dossier_opened'", "person", "pipeline", over_period=True
    ),
}
"""The flow of each measure of ``MEASURES`` that is a stock there."""

BY_DECISION = _measure(
    "admissions",
    "kind = 'admission_decided' AND (cancelled_on IS NULL OR cancelled_on > $as_of)",
    "person",
    "admission",
)
"""Admissions counted on the day of the decision, those cancelled by the day asked left out."""

BASES = ("ceremony", "decision")


def measure_of(name: str, basis: str = "ceremony", *, over_period: bool = True) -> Measure:
    """Return how a measure is counted; ``basis`` is the day an admission is counted by.

    ``over_period``: what can be counted both ways is then a flow, else a stock. What is only
    a stock is counted at the end of a period.
    """
    if over_period and name in OVER_PERIOD:
        return OVER_PERIOD[name]
    return BY_DECISION if (name, basis) == ("admissions", "decision") else MEASURES[name]


def can_be_told(measure: Measure, name: str) -> bool:
    """Return whether the subjects of a measure have what a filter looks at."""
    return name in FILTERS and FILTERS[name].aspect in measure.aspects


def inapplicable(measure: Measure, filters: Mapping[str, Any]) -> str | None:
    """Return the first filter that the measure cannot be narrowed by, None if there is none."""
    return next((name for name in filters if not can_be_told(measure, name)), None)
