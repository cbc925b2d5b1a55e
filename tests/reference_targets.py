"""The independent count of targets: which are meant, their rank, their pace, as a plain fold.

Written from docs/reports/targets.md; what is done towards one comes from ``reference_term``.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.reference import Entry, day
from tests.reference_movement import Restated
from tests.reference_term import FALLS_SHORT, TermReference, text_of

STOCKS = {"members", "sympathisers", "units", "enterprises"}
"""What a period has only at its end. Dossiers are a stock on a day, but a flow over a period."""
ONE_DAY = timedelta(days=1)


class RestatedTree(Restated):
    """A restated book in which every question about a subtree is answered restated."""

    def is_under(self, unit: str | None, top: str | None, on: date) -> bool:
        if self.units_as_of is None or on >= self.units_as_of or unit is None or top is None:
            return super().is_under(unit, top, on)
        if not self.exists(unit, on):
            return False
        return super().is_under(self.successor(unit), top, self.units_as_of)


class TargetsReference:
    """The targets of a unit and of those below it, as of a day."""

    def __init__(self, book: RestatedTree, as_of: date, basis: str) -> None:
        self.book = book
        self.as_of = as_of
        self.counting = TermReference(book, as_of, basis)

    def ended_on(self, unit: str) -> date:
        return day(self.book.ended[unit]["effective_on"]) if unit in self.book.ended else date.max

    def is_meant(self, unit: str, top: str | None, on: date) -> bool:
        """Whether a unit is below on a day, or ended there before; restated, has no successor."""
        ended_on, units_as_of = self.ended_on(unit), self.book.units_as_of
        if units_as_of is not None and ended_on <= units_as_of:
            return False
        if self.book.is_under(unit, top, on):
            return True
        return ended_on <= on and self.book.is_under(unit, top, ended_on - ONE_DAY)

    def rows(
        self, unit: str | None, since: date | None, last_on: date | None, *, own: bool = False
    ) -> list[dict[str, Any]]:
        """Return the rows ranked, with pace."""
        top = unit or self.book.root(self.as_of)
        on = min(self.as_of, last_on or self.as_of)
        found: list[tuple[Fraction | None, dict[str, Any]]] = []
        for entry in self.counting.in_force():
            first, last = day(entry["period"]["from"]), day(entry["period"]["to"])
            if since or last_on:
                inside = (since or first) <= first and last <= (last_on or last)
            else:
                inside = first <= self.as_of <= last
            is_own = not own or top is None or entry["unit"] == top
            if inside and is_own and self.is_meant(entry["unit"], top, on):
                row = self.counting.target(entry, first, last)
                share = row["completion"]
                value = None if share is None else Fraction(share)
                row = {"unit": entry["unit"], **row, **self.pace(entry, value, first, last)}
                found.append((value, row))
        found.sort(key=lambda item: item[1]["target"])
        values = [value for value, _ in found if value is not None]
        ranks = [
            None if value is None else 1 + sum(other > value for other in values)
            for value, _ in found
        ]
        ranked = [{"rank": rank, **row} for rank, (_, row) in zip(ranks, found, strict=True)]
        return sorted(ranked, key=lambda row: (row["rank"] is None, row["rank"]))

    def pace(
        self, entry: Entry, completion: Fraction | None, first: date, last: date
    ) -> dict[str, Any]:
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        elapsed = Fraction(100 * sum(on <= self.as_of for on in days), len(days))
        pace = None
        if elapsed and completion is not None and entry["measure"] not in STOCKS:
            pace = 100 * completion / elapsed
        told = {"elapsed": text_of(elapsed), "pace": text_of(pace), "course": None}
        if pace is not None:
            told["course"] = "on_time" if pace == 100 else "ahead" if pace > 100 else "behind"
        return told

    def units_done_to_less(self, unit: str | None, share_percent: Fraction) -> list[str]:
        """Return the units on the day that have a target done to less, by their founding."""
        rows = self.rows(unit, None, None)
        about_others = {
            entry["target"]
            for entry in self.counting.in_force()
            if FALLS_SHORT in entry.get("filters", {})
        }
        short = {
            row["unit"]
            for row in rows
            if row["target"] not in about_others
            and row["completion"] is not None
            and Fraction(row["completion"]) < share_percent
        }
        top = unit or self.book.root(self.as_of)
        units = [u for u in short if self.book.is_under(u, top, self.as_of)]
        return sorted(units, key=lambda code: int(self.book.founded[code]["no"]))
