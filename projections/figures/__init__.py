"""Published figures, each computed again from the entries and given a verdict.

What counts is decided where everything is counted (``projections.counting``); what a
derived figure is made of, in ``formulas``; the comparators, in ``comparing``; which other
readings there are, in ``readings``; the verdict, in ``judging``.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from projections.exact import exact_text
from projections.figures.counts import Counts
from projections.figures.formulas import Knowledge, Life
from projections.figures.judging import VERDICTS, Judged, judged
from projections.figures.readings import READINGS
from projections.figures.stated import Stated, stated_figures
from projections.measures import BASES
from projections.opening import Behind, opened
from projections.reading import Reading
from projections.targets import Progress, progress
from projections.targets_set import named

__all__ = ["COLUMNS", "REASONS", "VERDICTS", "WORDS", "figures", "opened_figures", "rows"]

COLUMNS = (
    "figure",
    "unit",
    "measure",
    "stated",
    "comparator",
    "computed",
    "verdict",
    "missing",
    "entries",
)
"""The keys of a row (DESIGN §7)."""
REASONS = (
    *("no", "source", "published_on", "from", "to", "filters", "derived", "against", "basis"),
    *("rounding", "digits", "detail", "parts", "readings"),
)
"""The keys that give what was stated and the reason of the verdict, after ``COLUMNS``."""

PARTS = ("count", "earlier", "whole", "target", "years")
"""The numbers that a figure is computed from, by name; the last two are not counted."""
WORDS = {"verdict": VERDICTS, "reading": READINGS, "part": PARTS}
"""The identifiers that a report of figures says in words, by context."""


def figures(
    reading: Reading,
    as_of: date,
    unit: str | None = None,
    codes: Sequence[str] = (),
    *,
    opened: bool = True,
) -> list[Judged]:
    """Return the figures published by the end of a day with their verdicts.

    ``unit``: those about it and all that lay under it when they were published; ``codes``:
    only these figures. A period is cut at ``as_of``. ``opened``: with the entries behind
    each. Raises unknown_unit, unknown_figure.
    """
    found = stated_figures(reading, as_of, unit, codes)
    known = Knowledge(
        as_of=as_of,
        lives=_lives(reading),
        targets=_targets(reading, found, as_of),
        units_as_of=reading.units_as_of,
        reorganised_on=_reorganised_on(reading),
    )
    return judged(found, known, Counts(reading, as_of), opened=opened)


def _lives(reading: Reading) -> dict[str, Life]:
    reading.need("lives")
    found = reading.sql("SELECT code, founded_on, ended_on FROM lives")
    return {code: Life(founded_on, ended_on) for code, founded_on, ended_on in found}


def _reorganised_on(reading: Reading) -> list[date]:
    reading.need("lives", "tree")
    found = reading.sql(
        "SELECT founded_on FROM lives UNION SELECT ended_on FROM lives UNION SELECT since FROM tree"
    )
    return sorted(day for (day,) in found)


def _targets(reading: Reading, found: list[Stated], as_of: date) -> dict[tuple[str, str], Progress]:
    """Return the targets that figures are held against, by code and basis.

    What 100 % of a rate is may depend on the basis, and a figure may be read by either.
    """
    codes = {
        stated.against
        for stated in found
        if stated.derived in {"completion", "excess"} and isinstance(stated.against, str)
    }
    targets = named(reading, codes, as_of) if codes else []
    return {
        (item.target.target, basis): item
        for basis in BASES
        for item in progress(reading, targets, as_of, basis)
    }


def rows(found: Sequence[Judged], *, reasons: bool = False) -> list[dict[str, Any]]:
    """Return figures as rows with the keys ``COLUMNS``, and ``REASONS`` where asked for.

    ``computed`` is an integer for what is only counted, else exact text, and None where the
    figure is not checkable. ``entries`` has the numbers of the entries behind it, for a
    derived figure of all its parts and of its target; empty where they were not opened.
    """
    return [_row(item) | (_reasons(item) if reasons else {}) for item in found]


def _entries(item: Judged) -> list[int]:
    lists = [[no for no, _ in behind] for behind in item.behind.values()]
    if len(lists) == 1 and not item.also:  # then it is in order, each entry once
        return lists[0]
    return sorted(set().union(item.also, *lists)) if lists else []


def _row(item: Judged) -> dict[str, Any]:
    stated = item.stated
    return {
        "figure": stated.figure,
        "unit": stated.unit,
        "measure": stated.measure,
        "stated": stated.shown,
        "comparator": stated.comparator,
        "computed": _computed(item),
        "verdict": item.verdict,
        "missing": item.missing.what if item.missing else None,
        "entries": _entries(item),
    }


def _reasons(item: Judged) -> dict[str, Any]:
    stated, rounded = item.stated, item.rounding
    return {
        "no": stated.no,
        "source": stated.source,
        "published_on": stated.published_on,
        "from": stated.since,
        "to": stated.last_on,
        "filters": stated.filters,
        "derived": stated.derived,
        "against": stated.against,
        "basis": stated.basis if stated.measure == "admissions" else None,
        "rounding": rounded.mode if rounded else None,
        "digits": rounded.digits if rounded else None,
        "detail": item.missing.detail or None if item.missing else None,
        "parts": item.numbers | {name: _shortest(number) for name, number in item.told},
        "readings": [
            {
                "reading": held.reading,
                "computed": exact_text(held.computed),
                "rounding": held.rounding.mode if held.rounding else None,
            }
            for held in item.readings
        ],
    }


def opened_figures(reading: Reading, found: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return the entries behind each number that figures are computed from, an entry a row.

    Keys ``figure`` and ``part`` (one of ``PARTS``), then those of ``projections.opening``.
    The counts of a part add up to its number; the entry of a target counts itself.
    """

    def behind() -> Iterator[Behind]:
        for item in found:
            for name, entries in item.behind.items():
                figure = {"figure": item.stated.figure, "part": name}
                yield from (Behind(figure, no, count) for no, count in entries)
            for no in item.also:
                yield Behind({"figure": item.stated.figure, "part": "target"}, no)

    return opened(reading, behind())


def _shortest(number: Fraction) -> int | str | None:
    return int(number) if number.denominator == 1 else exact_text(number)


def _computed(item: Judged) -> int | str | None:
    if item.computed is not None and item.stated.derived is None:
        return int(item.computed)
    return exact_text(item.computed)
