"""The independent count of breakdowns and filters: the row of each subject, in plain Python."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.reference_people import MEMBER, Person

if TYPE_CHECKING:
    from tests.reference import Asked, Reference

Entry = dict[str, Any]
Row = tuple[str | None, ...]
OF_PEOPLE = (
    *("standing", "sex", "age", "ethnicity", "religion", "occupation", "private_owner"),
    *("education", "professional_education", "political_theory", "union"),
)
OF_UNITS = ("unit", "sector", "sector_group", "unit_type", "founded_in")
OF_MEASURE = {
    "members": (*OF_UNITS, *OF_PEOPLE, "join_era"),
    "sympathisers": (*OF_UNITS, *OF_PEOPLE),
    "dossiers": (*OF_UNITS, *OF_PEOPLE),
    "units": OF_UNITS,
    "enterprises": OF_UNITS,
    "admissions": (*OF_UNITS, *OF_PEOPLE, "readmission"),
    "recognitions": (*OF_UNITS, *OF_PEOPLE),
    "departures": (*OF_UNITS, *OF_PEOPLE, "cause"),
    "classes": (*OF_UNITS, "class_type"),
    "class_participants": (*OF_UNITS, *OF_PEOPLE, "class_type"),
    "certificates": (*OF_UNITS, *OF_PEOPLE, "class_type"),
    "units_founded": OF_UNITS,
}
"""What each measure can be narrowed and told apart by."""
GROUPS = {"ward": "commune_level", "state_agency": "agency", "joint_stock": "non_state_enterprise"}
"""Groups of the sectors of made-up histories; the others are their own."""


class Subject(NamedTuple):
    """Somebody on a day, or what was done on it: its entry, and unit as it was."""

    book: "Reference"
    unit: str
    on: date
    person: Person | None = None
    entry: Entry | None = None


def age_band(birth_year: int | None, on: date) -> str:
    if birth_year is None:
        return "unknown"
    age_years = on.year - birth_year
    if age_years < 18:
        return "under_18"
    if age_years <= 30:
        return "18-30"
    if age_years > 60:
        return "over_60"
    first = (age_years - 1) // 5 * 5 + 1
    return f"{first}-{first + 4}"


def join_era(joined_on: date | None) -> str:
    if joined_on is None:
        return "unknown"
    if joined_on < date(1945, 8, 19):
        return "before_1945_08_19"
    if joined_on <= date(1954, 7, 20):
        return "to_1954_07_20"
    return "to_1975_04_30" if joined_on <= date(1975, 4, 30) else "from_1975_05_01"


def unions_of(person: Person) -> set[str] | None:
    """Return the unions of somebody, empty if none, None if it is not known."""
    told = person.profile.get("unions")
    return None if told is None else {*told} - {"none"}


def union_row(unions: set[str] | None) -> str:
    return "unknown" if unions is None else "+".join(sorted(unions)) or "none"


def code_of(subject: Subject, name: str) -> str | None:
    """Return the row of a subject, by the profile at the end of the day."""
    if name in OF_UNITS:
        return of_unit(subject, name)
    if name in {"class_type", "cause", "readmission"}:
        return of_action(subject, name)
    assert subject.person is not None, name
    return of_person(subject.person, name, subject.on)


def of_unit(subject: Subject, name: str) -> str:
    book, unit = subject.book, subject.unit
    if name == "unit":
        return unit
    if name == "unit_type":
        return str(book.founded[unit]["type"])
    sector = book.sector(unit, subject.on) or "unknown"
    return sector if name == "sector" else GROUPS.get(sector, sector)


def of_action(subject: Subject, name: str) -> str:
    entry = subject.entry or {}
    if name == "cause":
        return str(entry["kind"])
    if name == "readmission":
        return "true" if readmits(subject.book, entry) else "false"
    return str(entry["type"] if "type" in entry else subject.book.classes[entry["class"]]["type"])


def of_person(person: Person, name: str, on: date) -> str:
    if name == "standing":
        return person.standing
    if name == "age":
        return age_band(person.profile.get("birth_year"), on)
    if name == "join_era":
        return join_era(person.joined_on)
    if name == "union":
        return union_row(unions_of(person))
    value = person.profile.get(name, "unknown")
    return str(value).lower() if isinstance(value, bool) else str(value)


def readmits(book: "Reference", entry: Entry) -> bool:
    """Whether somebody is admitted who says so, or who was a member before in this book."""
    own = book.people[entry["person"]]
    before = own[: own.index(entry)]
    was_member = Person.after(before, book.classes).membership in MEMBER
    return was_member or bool(entry.get("readmission"))


def many(wanted: Any) -> list[str]:
    items = wanted if isinstance(wanted, list) else [wanted]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]


def fulfils(subject: Subject, filters: dict[str, Any]) -> bool:
    return all(_fulfils(subject, name, wanted) for name, wanted in filters.items())


def _fulfils(subject: Subject, name: str, wanted: Any) -> bool:
    if name == "founded_in":
        founded_on = subject.book.founded[subject.unit]["effective_on"]
        return bool(wanted["from"] <= founded_on <= wanted["to"])
    if name == "stage":
        return subject.person is not None and subject.person.stage in many(wanted)
    code = code_of(subject, name)
    if name == "union" and code not in {"none", "unknown"}:
        return any(set(each.split("+")) <= set(str(code).split("+")) for each in many(wanted))
    if name == "religion" and wanted == "any":
        return code not in {"none", "unknown"}
    return code in many(wanted)


def told(name: str, own: dict[str, Any]) -> list[str] | None:
    """Return what the filters of an unnamed count say of a characteristic."""
    if name == "sector_group" and name not in own and "sector" in own:
        return [GROUPS.get(sector, sector) for sector in many(own["sector"])]
    return many(own[name]) if name in own else None


def covered(own: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether unnamed people are known to fulfil filters; ``wanted`` are those of this suite."""
    for name, asked in wanted.items():
        if name == "founded_in":
            if own.get(name) != asked:
                return False
            continue
        codes = told(name, own)
        if codes is None:
            return False
        if name == "religion" and asked == "any":
            if set(codes) & {"none", "unknown"}:
                return False
        elif name == "union":
            wants = [set(each.split("+")) for each in many(asked)]
            if not all(any(each <= set(code.split("+")) for each in wants) for code in codes):
                return False
        elif not set(codes) <= set(many(asked)):
            return False
    return True


def unnamed_row(name: str, unit: str, own: dict[str, Any]) -> str | None:
    if name == "unit":
        return unit
    codes = told(name, own)
    if codes is None or len(set(codes)) != 1 or codes[0] == "any":
        return None  # several codes place nobody
    return codes[0]


def headcount(
    book: "Reference", unit: str | None, as_of: date, by: tuple[str, ...], filters: dict[str, Any]
) -> dict[Row, dict[str, Any]]:
    """Return the numbers of each row, and the mean age as a fraction."""
    top = unit or book.root(as_of)
    found: dict[Row, dict[str, int]] = {}
    ages: dict[Row, list[int]] = defaultdict(list)

    def line(row: Row) -> dict[str, int]:
        return found.setdefault(row, {"probationary": 0, "official": 0, "unnamed": 0})

    if not by:
        line(())
    for _, place, person in book.people_on(top, as_of):
        subject = Subject(book, place, as_of, person)
        if person.standing in MEMBER and fulfils(subject, filters):
            row = tuple(code_of(subject, name) for name in by)
            line(row)[person.standing] += 1
            if "birth_year" in person.profile:
                ages[row].append(as_of.year - person.profile["birth_year"])
    for place, own, count in book.unnamed_on("members", top, as_of):
        if covered(own, filters):
            line(tuple(unnamed_row(name, place, own) for name in by))["unnamed"] += count
    return {
        row: {**counts, "members": sum(counts.values()), "mean_age": mean(ages[row])}
        for row, counts in found.items()
    }


def mean(ages: list[int]) -> Fraction | None:
    return Fraction(sum(ages), len(ages)) if ages else None


def term_rows(
    book: "Reference", asked: "Asked", by: tuple[str, ...], filters: dict[str, Any]
) -> tuple[dict[tuple[Any, ...], dict[str, int]], dict[tuple[Any, ...], list[int]]]:
    """Return how many of each measure by year (or total) and row, and the ages of admitted."""
    found: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    ages: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    stocks = {"members", "sympathisers", "dossiers", "units", "enterprises"}
    for measure, aspects in OF_MEASURE.items():
        if measure in stocks or not set(filters) <= set(aspects):
            continue
        for subject in done(book, measure, asked):
            if not fulfils(subject, filters):
                continue
            row = tuple(code_of(subject, name) if name in aspects else None for name in by)
            for when in (subject.on.year, "total"):
                found[when, *row][measure] += 1
                if measure == "admissions" and subject.person:
                    born = subject.person.profile.get("birth_year")
                    ages[when, *row] += [subject.on.year - born] if born else []
        for place, own, count, year in unnamed_flows(book, measure, asked):
            if covered(own, filters):
                row = tuple(unnamed_row(name, place, own) for name in by)
                found["total", *row][measure] += count
                if year is not None:
                    found[year, *row][measure] += count
    kept = {key: dict(counts) for key, counts in found.items() if any(counts.values())}
    return kept, ages


def done(book: "Reference", measure: str, asked: "Asked") -> list[Subject]:
    """Return what was done in a period, as subjects."""
    found = []
    for entry, place, _ in book.actions(measure, asked.basis, asked.as_of):
        on = date.fromisoformat(entry["effective_on"])
        unit = book.holder(place, on)
        if asked.first <= on <= asked.last and book.is_under(unit, asked.top, on):
            found.append(Subject(book, unit, on, person_after(book, entry, on), entry))
    return found


def person_after(book: "Reference", entry: Entry, on: date) -> Person | None:
    """Return whom an entry is about: the profile of the day's end, the standing just after.

    Whoever leaves or dies stands as they did before.
    """
    if "person" not in entry:
        return None
    own = book.people[entry["person"]]
    until = [other for other in own if date.fromisoformat(other["effective_on"]) <= on]
    person = Person.after(own[: own.index(entry) + 1], book.classes)
    if person.standing in {"left", "dead"}:
        person.standing = Person.after(own[: own.index(entry)], book.classes).standing
    person.profile = Person.after(until, book.classes).profile
    return person


def unnamed_flows(
    book: "Reference", measure: str, asked: "Asked"
) -> list[tuple[str, dict[str, Any], int, int | None]]:
    """Return unit, filters, count and year of the unnamed flows within a period."""
    found = []
    for entry in book.live:
        if entry["kind"] != "unnamed_counted" or entry["measure"] != measure:
            continue
        if "period" not in entry:
            continue
        begins, ends = (date.fromisoformat(entry["period"][end]) for end in ("from", "to"))
        unit = book.holder(entry["unit"], ends)
        if asked.first <= begins <= ends <= asked.last and book.is_under(unit, asked.top, ends):
            year = begins.year if begins.year == ends.year else None
            found.append((unit, entry.get("filters") or {}, entry["count"], year))
    return found
