"""The same history told otherwise: parts left out, or recorded in another order."""

from collections.abc import Iterable
from typing import Any

from ledger.catalogue import KINDS
from tests.reference import Reference

Entry = dict[str, Any]


def renumbered(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries with numbers from 1 on, in the order given, and what they name by number."""
    kept = list(entries)
    numbers = {entry["no"]: no for no, entry in enumerate(kept, 1)}
    found = []
    for entry in kept:
        told = {**entry, "no": numbers[entry["no"]]}
        for field in ("entry", "corrects"):
            if field in told:
                told[field] = numbers[told[field]]
        found.append(told)
    return found


def without_unnamed_flows(entries: list[Entry]) -> list[Entry]:
    """Return a history without the counts over a period, and without what mended them."""
    dropped = {e["no"] for e in entries if e["kind"] == "unnamed_counted" and "period" in e}
    return renumbered(
        entry
        for entry in entries
        if not dropped & {entry["no"], entry.get("entry"), entry.get("corrects")}
    )


def in_another_order(entries: list[Entry]) -> list[Entry]:
    """Return what counts of a history, recorded by the days it took effect.

    Those of one day stay in their order; what others rest on (units, classes, targets) is
    recorded first. Mentors are left out: they must be official on the day, which is found
    out when an assignment is recorded. When each was recorded is forgotten.
    """
    left_out = {"voided", "mentor_assigned"}
    live = [entry for entry in Reference(entries).live if entry["kind"] not in left_out]
    # A flow may be counted for a time at which its unit was not there yet.
    streams = {e["no"]: "" if "period" in e else KINDS[e["kind"]].stream for e in live}
    units = [entry for entry in live if streams[entry["no"]] == "unit"]
    people = [entry for entry in live if streams[entry["no"]] == "person"]
    others = sorted(
        (entry for entry in live if streams[entry["no"]] not in {"unit", "person"}),
        key=lambda entry: int(entry["no"]),
    )
    told = [
        {name: value for name, value in entry.items() if name not in {"corrects", "recorded_at"}}
        for entry in (*units, *others, *people)
    ]
    return renumbered(told)
