"""The independent count of a term: its years, its totals, and what targets are done to."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.reference import MEASURES, Asked, Entry, Reference, day
from tests.reference_breakdown import OF_MEASURE, Subject, covered, fulfils, person_after
from tests.reference_people import MEMBER, STAGES

DETAILED = {
    "departures": "departures_by_cause",
    "classes": "classes_by_type",
    "class_participants": "class_participants_by_type",
}


FALLS_SHORT = "completion_under"
ON_THE_WAY = {"sympathisers", "dossiers", "class_participants", "certificates"}
"""What is counted of people who may be at a stage of the pipeline."""


def text_of(value: Fraction | None) -> str | None:
    """Return a decimal where it ends, else n/d."""
    if value is None:
        return None
    for places in range(60):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            sign = "-" if value < 0 else ""
            return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
    return f"{value.numerator}/{value.denominator}"


def years_of(first: date, last: date) -> Fraction:
    """Return whole years from the first day, and the part of the next that is left."""

    def anniversary(years: int) -> date:
        if (first.month, first.day) == (2, 29):
            return date(first.year + years, 2, 28) + timedelta(days=1)
        return date(first.year + years, first.month, first.day)

    whole, end = 0, last + timedelta(days=1)
    while anniversary(whole + 1) <= end:
        whole += 1
    begun, next_one = anniversary(whole), anniversary(whole + 1)
    return whole + Fraction((end - begun).days, (next_one - begun).days)


class TermReference:
    """The term report of a unit as of a day."""

    def __init__(self, book: Reference, as_of: date, basis: str = "ceremony") -> None:
        self.book = book
        self.as_of = as_of
        self.basis = basis

    def opened(self, name: str, unit: str | None) -> tuple[date, date] | None:
        """Return the days of the term of a unit, else of the nearest above it."""
        book = self.book
        terms = {
            e["unit"]: (day(e["starts"]), day(e["ends"]))
            for e in book.live
            if e["kind"] == "term_opened" and e["term"] == name
        }
        if unit is None:
            return next(iter(terms.values())) if len(set(terms.values())) == 1 else None
        on = max(self.as_of, day(book.founded[unit]["effective_on"]))
        if unit in book.ended:
            on = min(on, day(book.ended[unit]["effective_on"]) - timedelta(days=1))
            on = max(on, day(book.founded[unit]["effective_on"]))
        above: str | None = unit
        while above is not None and above not in terms:
            # A unit that ended on the day it was founded was never under any other.
            above = book.parent(above, on) if book.exists(above, on) else None
        return terms[above] if above is not None else None

    def term(self, name: str, unit: str | None) -> dict[str, Any] | None:
        """Return the report, None if there is no such term."""
        unit = unit or self.book.root(self.as_of)
        opened = self.opened(name, unit)
        if opened is None:
            return None
        first, last = opened[0], min(opened[1], self.as_of)
        years: list[dict[str, Any]] = []
        for year in range(first.year, last.year + 1) if first <= last else ():
            begins, ends = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
            row = {"year": year, "from": begins, "to": ends, **self.row(unit, begins, ends)}
            before = years[-1] if years else None
            whole = before and (before["to"] - before["from"]).days >= 364
            row["growth"], row["index"] = {}, {}
            for measure in MEASURES:
                base = before[measure] if before and whole else 0
                share = Fraction(100 * row[measure], base) if base else None
                row["index"][measure] = text_of(share)
                row["growth"][measure] = text_of(share - 100 if share is not None else None)
            years.append(row)
        totals = self.row(unit, first, last)
        mean = {
            measure: text_of(totals[measure] / years_of(first, last)) if years else None
            for measure in MEASURES
        }
        targets = self.targets(unit, *opened) if unit else []
        about = {"unit": unit, "term": name, "from": first, "to": last if years else None}
        return {**about, "years": years, "totals": totals, "yearly_mean": mean, "targets": targets}

    def row(self, unit: str | None, first: date, last: date) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for measure in MEASURES:
            counts = self.book.flow(measure, Asked(unit, first, last, self.as_of, self.basis))
            found[measure] = sum(counts.values())
            if measure in DETAILED:
                found[DETAILED[measure]] = counts
        return found

    # Targets

    def targets(self, unit: str, starts: date, ends: date) -> list[dict[str, Any]]:
        rows = []
        for entry in self.in_force():
            if entry["unit"] != unit:
                continue
            first, last = day(entry["period"]["from"]), day(entry["period"]["to"])
            if starts <= first and last <= ends:
                rows.append(self.target(entry, first, last))
        return sorted(rows, key=lambda row: row["target"])

    def target(self, entry: Entry, first: date, last: date) -> dict[str, Any]:
        filters = entry.get("filters", {})
        done = self.count(entry["measure"], entry["unit"], first, min(last, self.as_of), filters)
        amounts = entry["amount"] if isinstance(entry["amount"], list) else [entry["amount"]]
        wanted: Fraction | None = Fraction(amounts[0])
        if wanted is not None and entry["form"] == "yearly_mean":
            wanted *= years_of(first, last)
        if wanted is not None and entry["form"] == "rate":
            base = self.base(entry)
            wanted = None if base is None else wanted * base / 100
        known = done is not None and wanted
        numbers = [int(a) if Fraction(a).denominator == 1 else a for a in amounts]
        return {
            "target": entry["target"],
            "source": entry["source"],
            "measure": entry["measure"],
            "form": entry["form"],
            "amount": numbers if entry["form"] == "range" else numbers[0],
            "done": done,
            "completion": text_of(Fraction(100 * (done or 0)) / (wanted or 1)) if known else None,
        }

    def base(self, entry: Entry) -> Fraction | None:
        base = entry.get("base")
        if base is None or isinstance(base, str):
            return None if base is None else Fraction(base)
        if "as_of" in base:
            first = last = day(base["as_of"])
        else:
            first, last = day(base["period"]["from"]), day(base["period"]["to"])
        if last > self.as_of:
            return None
        measure, unit = base.get("measure", "members"), base.get("unit", entry["unit"])
        found = self.count(measure, unit, first, last, {}, over_period="as_of" not in base)
        return None if found is None else Fraction(found)

    def count(
        self,
        measure: str,
        unit: str,
        first: date,
        last: date,
        filters: dict[str, Any],
        *,
        over_period: bool = True,
    ) -> int | None:
        """Return a measure, a stock on the last day; None for what is not of the book."""
        book = self.book
        if measure == "units" and FALLS_SHORT in filters:
            return self.falling_short(unit, last, filters)
        staged = {"stage"} if measure in ON_THE_WAY else set[str]()
        if measure == "external" or not set(filters) <= {*OF_MEASURE[measure]} | staged:
            return None
        if measure in MEASURES or (measure == "dossiers" and over_period):
            found = book.flow(
                measure,
                Asked(unit, first, last, self.as_of, self.basis),
                wanted=lambda entry, place: self.fulfils(entry, place, filters),
                wanted_unnamed=lambda own: covered(own, filters),
            )
            return sum(found.values())
        named = self.stock(measure, unit, last, filters)
        unnamed = book.unnamed_on(measure, unit, last)
        return named + sum(count for _, own, count in unnamed if covered(own, filters))

    def falling_short(self, unit: str, on: date, filters: dict[str, Any]) -> int:
        """Return how many units on a day have a target, of another kind, done to less."""
        rest = {name: value for name, value in filters.items() if name != FALLS_SHORT}
        share, book = Fraction(str(filters[FALLS_SHORT])), self.book
        then = TermReference(book, on, self.basis)
        units = set()
        for entry in then.in_force():
            first, last = day(entry["period"]["from"]), day(entry["period"]["to"])
            if first <= on <= last and FALLS_SHORT not in entry.get("filters", {}):
                completion = then.target(entry, first, last)["completion"]
                if completion is not None and Fraction(completion) < share:
                    units.add(entry["unit"])
        units_as_of = getattr(book, "units_as_of", None) or date.min
        gone = {u for u in units if u in book.ended and self.ended_by(u, units_as_of)}
        there = [u for u in units - gone if book.is_under(u, unit, on)]
        return sum(fulfils(Subject(book, u, on), rest) for u in there)

    def ended_by(self, unit: str, on: date) -> bool:
        return day(self.book.ended[unit]["effective_on"]) <= on

    def in_force(self) -> list[Entry]:
        now = [e for e in self.book.live if day(e["effective_on"]) <= self.as_of]
        gone = {e["target"] for e in now if e["kind"] == "target_withdrawn"}
        gone |= {e["supersedes"] for e in now if e["kind"] == "target_set" and "supersedes" in e}
        return [e for e in now if e["kind"] == "target_set" and e["target"] not in gone]

    def stock(self, measure: str, unit: str, on: date, filters: dict[str, Any]) -> int:
        book = self.book
        if measure in {"units", "enterprises"}:
            places = [u for u in book.founded if book.is_under(u, unit, on)]
            places = [u for u in places if fulfils(Subject(book, u, on), filters)]
            firms = {book.founded[u].get("enterprise") for u in places} - {None}
            return len(places) if measure == "units" else len(firms)
        count = 0
        for _, place, person in book.people_on(unit, on):
            stage = STAGES.index(person.stage) if person.stage else -1
            wanted = {
                "members": person.standing in MEMBER,
                "sympathisers": person.is_listed and stage >= STAGES.index("listed"),
                "dossiers": stage >= STAGES.index("dossier"),
            }
            if wanted[measure] and fulfils(Subject(book, place, on, person), filters):
                count += 1
        return count

    def fulfils(self, entry: Entry, place: str, filters: dict[str, Any]) -> bool:
        """Whether an action fulfils filters, by the profile at the end of its day."""
        on = day(entry["effective_on"])
        person = person_after(self.book, entry, on)
        return fulfils(Subject(self.book, place, on, person, entry), filters)
