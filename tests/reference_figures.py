"""The independent count of verdicts: every published figure computed again in plain Python.

Written from the design's meanings and docs/reports/figures.md, not from the code that it is
held against: each number is counted by the fold of ``reference_term``, one at a time.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from tests.reference import Asked, Entry, day
from tests.reference_comparing import holds, numbers, rounded
from tests.reference_targets import STOCKS, RestatedTree
from tests.reference_term import TermReference, years_of

OPPOSITE = {
    "growth": "index",
    "index": "growth",
    "completion": "excess",
    "excess": "completion",
}


class NotCheckable(Exception):
    """What is missing, so that a number cannot be computed."""


class Verdict(NamedTuple):
    """What is said of a figure."""

    verdict: str
    computed: Fraction | None
    missing: str | None
    rounding: str | None
    readings: list[str]


class FiguresReference:
    """The verdicts of a book as known at an entry, as of a day."""

    def __init__(self, entries: list[Entry], known: int, as_of: date) -> None:
        self.entries, self.known, self.as_of = entries, known, as_of
        self.book = RestatedTree(entries, known)
        self.books: dict[date | None, RestatedTree] = {None: self.book}
        self.targets = {
            e["target"]: e
            for e in self.book.live
            if e["kind"] == "target_set" and day(e["effective_on"]) <= as_of
        }

    def verdicts(self) -> dict[str, Verdict]:
        return {
            entry["figure"]: self.verdict(entry)
            for entry in self.book.live
            if entry["kind"] == "figure_stated" and day(entry["effective_on"]) <= self.as_of
        }

    def verdict(self, figure: Entry) -> Verdict:
        try:
            computed = self.computed(figure)
        except NotCheckable as lacking:
            return Verdict("not_checkable", None, str(lacking), None, [])
        if holds(figure, computed):
            return Verdict("holds", computed, None, None, [])
        if mode := rounded(figure, computed):
            return Verdict("holds_after_rounding", computed, None, mode, [])
        readings = list(dict.fromkeys(self.readings(figure)))
        if readings:
            return Verdict("ambiguous", computed, None, None, readings)
        return Verdict("contradicted", computed, None, None, [])

    # Other readings

    def readings(self, figure: Entry) -> Iterator[str]:
        """Yield the readings under which a figure that fails would hold."""
        for name, other, units_as_of in self.others(figure):
            try:
                computed = self.computed(other, units_as_of, is_other=True)
                if holds(other, computed) or rounded(other, computed):
                    yield name
            except NotCheckable:
                pass

    def others(self, figure: Entry) -> Iterator[tuple[str, Entry, date | None]]:
        derived, published = figure.get("derived"), figure["effective_on"]
        if figure["measure"] == "admissions":
            basis = "ceremony" if figure.get("basis") == "decision" else "decision"
            yield basis, {**figure, "basis": basis}, None
        if is_stock(figure) and derived not in {"growth", "index", "yearly_mean"}:
            before = f"{day(figure['as_of']) - timedelta(days=1)}"
            yield "start_of_day", {**figure, "as_of": before}, None
            if published != figure["as_of"]:
                yield "day_published", {**figure, "as_of": published}, None
        if derived in OPPOSITE:
            yield OPPOSITE[derived], {**figure, "derived": OPPOSITE[derived]}, None
        target = self.targets.get(str(figure.get("against")))
        if derived in {"completion", "excess"} and target:
            ends = figure["as_of"] if "as_of" in figure else figure["period"]["to"]
            first, last = target["period"]["from"], min(target["period"]["to"], ends)
            rest = {k: v for k, v in figure.items() if k != "as_of"}
            if first <= last and figure["measure"] in STOCKS:
                yield "target_period", {**figure, "as_of": last}, None
            elif first <= last:
                yield "target_period", {**rest, "period": {"from": first, "to": last}}, None
        begins = figure["as_of"] if "as_of" in figure else figure["period"]["from"]
        if derived in {"growth", "index"} and "from" in figure.get("against", {}):
            begins = min(begins, figure["against"]["from"])
        if begins < published:
            yield "restated", figure, day(published)

    # One reading

    def computed(
        self, figure: Entry, units_as_of: date | None = None, *, is_other: bool = False
    ) -> Fraction:
        """Return the exact number that a figure stands for; raise NotCheckable.

        Another reading than the stated one must rest on something that is recorded.
        """
        if figure["measure"] == "external":
            raise NotCheckable("external")
        asked = self.asked(figure, units_as_of)
        form = figure.get("derived")
        if form in {"growth", "index"}:
            filters, per_one = self.against_earlier(figure, asked, units_as_of)
        elif form in {"completion", "excess"}:
            filters, per_one = self.against_target(figure, asked)
        elif form == "share":
            filters, per_one = self.against_whole(figure, asked, units_as_of)
        elif form == "yearly_mean":
            if "period" not in figure:
                raise NotCheckable("period")
            filters = figure.get("filters", {})
            per_one = 1 / years_of(asked.first, asked.last)
        else:
            filters, per_one = figure.get("filters", {}), Fraction(1)
        number = self.count(figure, asked, filters, units_as_of)
        found = number * per_one - (100 if form in {"growth", "excess"} else 0)
        says_nothing = set(numbers(figure)) == {found} and holds(figure, found)
        if not number and (is_other or not says_nothing):
            self.check_recorded(figure, asked, filters, units_as_of)
        return found

    def asked(self, figure: Entry, units_as_of: date | None) -> Asked:
        """Return unit and days of a figure; raise NotCheckable where there is neither."""
        if "period" in figure:
            first, last = day(figure["period"]["from"]), day(figure["period"]["to"])
        else:
            first = last = day(figure["as_of"])
        begins = last if is_stock(figure) else first
        if begins > self.as_of:
            raise NotCheckable("day")
        last, unit = min(last, self.as_of), figure["unit"]
        days = [begins + timedelta(days=n) for n in range((last - begins).days + 1)]
        if units_as_of is not None and begins < units_as_of:
            days.append(units_as_of)
        if not any(self.book.exists(unit, on) for on in days):
            raise NotCheckable("unit")
        return Asked(unit, first, last, self.as_of, figure.get("basis", "ceremony"))

    def against_earlier(
        self, figure: Entry, asked: Asked, units_as_of: date | None
    ) -> tuple[dict[str, Any], Fraction]:
        """Return the filters, and what one is in per cent of the number of the earlier period."""
        against, filters = figure.get("against"), figure.get("filters", {})
        if not isinstance(against, dict) or "from" not in against:
            raise NotCheckable("against")
        if day(against["to"]) > self.as_of:
            raise NotCheckable("day")
        before = asked._replace(first=day(against["from"]), last=day(against["to"]))
        base = self.count(figure, before, filters, units_as_of)
        if not base:
            raise NotCheckable("base")
        return filters, Fraction(100, base)

    def against_target(self, figure: Entry, asked: Asked) -> tuple[dict[str, Any], Fraction]:
        """Return the filters of both, and what one is in per cent of the target."""
        target = self.targets.get(str(figure.get("against")))
        if target is None or target["measure"] != figure["measure"]:
            raise NotCheckable("target")
        filters = {**target.get("filters", {}), **figure.get("filters", {})}
        return filters, 100 / self.wanted(target, asked.basis)

    def against_whole(
        self, figure: Entry, asked: Asked, units_as_of: date | None
    ) -> tuple[dict[str, Any], Fraction]:
        """Return the filters of the part, and what one is in per cent of the whole."""
        against, filters = figure.get("against"), figure.get("filters", {})
        if not isinstance(against, dict) or "from" in against:
            raise NotCheckable("against")
        whole = self.count(figure, asked, filters, units_as_of)
        if not whole:
            raise NotCheckable("whole")
        return {**filters, **against}, Fraction(100, whole)

    def wanted(self, target: Entry, basis: str) -> Fraction:
        """Return what 100 % of a target is; raise NotCheckable where that is not known."""
        amounts = target["amount"] if isinstance(target["amount"], list) else [target["amount"]]
        found: Fraction | None = Fraction(amounts[0])
        first, last = day(target["period"]["from"]), day(target["period"]["to"])
        if found is not None and target["form"] == "yearly_mean":
            found *= years_of(first, last)
        if found is not None and target["form"] == "rate":
            base = TermReference(self.book, self.as_of, basis).base(target)
            found = None if base is None else found * base / 100
        if not found:
            raise NotCheckable("amount")
        return found

    # Counts

    def count(
        self, figure: Entry, asked: Asked, filters: dict[str, Any], units_as_of: date | None
    ) -> int:
        fold = TermReference(self.restated(units_as_of), self.as_of, asked.basis)
        found = fold.count(
            figure["measure"],
            str(asked.top),
            asked.first,
            asked.last,
            filters,
            over_period="period" in figure,
        )
        assert found is not None
        return found

    def restated(self, units_as_of: date | None) -> RestatedTree:
        if units_as_of not in self.books:
            self.books[units_as_of] = RestatedTree(self.entries, self.known, units_as_of)
        return self.books[units_as_of]

    def check_recorded(
        self, figure: Entry, asked: Asked, filters: dict[str, Any], units_as_of: date | None
    ) -> None:
        """Raise NotCheckable if nothing is recorded from which a zero would follow."""
        measure = figure["measure"]
        if not is_stock(figure):
            found = self.is_flow_recorded(measure, asked, filters, units_as_of)
        else:
            found = self.is_stock_recorded(measure, asked, filters, units_as_of)
        if not found:
            raise NotCheckable("records")

    def is_flow_recorded(
        self, measure: str, asked: Asked, filters: dict[str, Any], units_as_of: date | None
    ) -> bool:
        """Whether anything was done in the period, by ceremony or by decision."""
        unnamed: list[dict[str, Any]] = []

        def keep(own: dict[str, Any]) -> bool:
            unnamed.append(own)
            return False

        named = [
            self.restated(units_as_of).flow(
                measure, asked._replace(basis=basis), wanted_unnamed=keep
            )
            for basis in ("ceremony", "decision")
        ]
        return any(sum(found.values()) for found in named) or any(
            tells(own, filters) for own in unnamed
        )

    def is_stock_recorded(
        self, measure: str, asked: Asked, filters: dict[str, Any], units_as_of: date | None
    ) -> bool:
        """Whether there ever was anything up to the day."""
        book = self.restated(units_as_of)
        fold = TermReference(book, self.as_of)
        changes = {day(e["effective_on"]) for e in book.live} | {asked.last}
        changes |= {units_as_of} if units_as_of else set()
        return any(
            fold.stock(measure, str(asked.top), on, {})
            or any(tells(own, filters) for _, own, _ in book.unnamed_on(measure, asked.top, on))
            for on in changes
            if on <= asked.last
        )


def is_stock(figure: Entry) -> bool:
    """Whether a figure is of a day: dossiers are only where it states one."""
    return figure["measure"] in STOCKS or (figure["measure"] == "dossiers" and "as_of" in figure)


def tells(own: dict[str, Any], filters: dict[str, Any]) -> bool:
    """Whether a count without names tells people apart by all that is asked."""
    return all(name in own or (name == "sector_group" and "sector" in own) for name in filters)
