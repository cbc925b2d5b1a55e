"""What can be counted, each measure declared once: by whom or what, and under which condition."""

from typing import NamedTuple

from projections.filters import FILTERS

DEPARTURES = ("died", "expelled", "deleted", "left_on_request", "transferred_out")
"""The kinds by which a member leaves; the cause of a departure is its kind."""


class Measure(NamedTuple):
    """How something is counted: over ``people`` or ``places`` on a day, or over ``actions``."""

    subjects: str
    condition: str
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


MEASURES: dict[str, Measure] = {
    "members": Measure("people", "standing IN ('probationary', 'official')"),
    "sympathisers": Measure("people", "listed AND stage >= 2"),
    "dossiers": Measure("people", "stage >= 5"),
    "units": Measure("places", "TRUE"),
    "enterprises": Measure("places", "TRUE", "enterprise"),
    "admissions": Measure("actions", "kind = 'admitted'"),
    "recognitions": Measure("actions", "kind = 'recognized_official'"),
    "departures": Measure(
        "actions",
        f"kind IN {DEPARTURES} AND standing_before IN ('probationary', 'official')",
    ),
    "classes": Measure("actions", "kind = 'class_opened'"),
    # Whoever is enrolled and attends takes part once, on the first of the two days.
    "class_participants": Measure(
        "actions", "kind IN ('enrolled_in_class', 'attended_class') AND first_of_class"
    ),
    "certificates": Measure("actions", "kind = 'attended_class'"),
    "units_founded": Measure("actions", "kind = 'unit_founded'"),
}
"""Every measure of the catalogue but ``external``, which the book knows nothing of."""

FLOWS = tuple(name for name, measure in MEASURES.items() if not measure.is_stock)

BY_DECISION = Measure(
    "actions",
    "kind = 'admission_decided' AND (cancelled_on IS NULL OR cancelled_on > $as_of)",
)
"""Admissions counted on the day of the decision, those cancelled by the day asked left out."""

BASES = ("ceremony", "decision")


def measure_of(name: str, basis: str = "ceremony") -> Measure:
    """Return how a measure is counted; ``basis`` is the day an admission is counted by."""
    return BY_DECISION if (name, basis) == ("admissions", "decision") else MEASURES[name]


def inapplicable(measure: Measure, filters: dict[str, object]) -> str | None:
    """Return the first filter that the measure cannot be narrowed by, None if there is none."""
    for name in filters:
        if name not in FILTERS or measure.subjects not in FILTERS[name].subjects:
            return name
    return None
