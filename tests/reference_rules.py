"""The independent count of breaches: the main rules, person by person, in plain Python.

Thresholds and days of papers are written here once more, from the field's own tables.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.reference import Reference, day
from tests.reference_people import Person

Entry = dict[str, Any]
Finding = tuple[str, str, int]
"""Rule, status and the number of the entry."""

QD_45, QD_29, QD_24 = date(2011, 11, 1), date(2016, 7, 25), date(2021, 7, 30)
QD_232, QD_294 = date(2025, 1, 20), date(2025, 7, 1)
HD_2021 = date(2021, 9, 28)
QD_296 = date(2025, 5, 30)
CLOSING = {
    *("admitted", "carried_forward", "transferred_in", "restored"),
    *("deleted", "expelled", "left_on_request", "transferred_out"),
}
LEFT = {"deleted", "expelled", "left_on_request"}


def on(entry: Entry) -> date:
    """Return the day of an entry."""
    return day(entry["effective_on"])


def month_on(start: date, months: int) -> date:
    """Return the day so many months on, the last of a month that lacks it."""
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    number = start.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def rounds(entries: list[Entry]) -> list[tuple[int, Entry]]:
    """Return entries with the number of their round: each closing entry ends one."""
    found, number = [], 0
    for entry in entries:
        found.append((number, entry))
        number += entry["kind"] in CLOSING
    return found


def is_cell(entry: Entry) -> bool:
    """Return whether a cell considers an admission."""
    case = entry["kind"], entry.get("body"), entry.get("matter")
    return case == ("resolved", "cell", "admission")


def findings(reference: Reference, as_of: date) -> set[Finding]:
    """Return what is found in the whole book as of a day, of the rules that are counted here."""
    found: set[Finding] = set()
    for entries in reference.people.values():
        known = [entry for entry in entries if on(entry) <= as_of]
        found |= set(_of_person(reference, known))
    return found


def _of_person(reference: Reference, entries: list[Entry]) -> Iterator[Finding]:
    numbered = rounds(entries)
    for number, entry in numbered:
        same = [other for other_number, other in numbered if other_number == number]
        if is_cell(entry):
            yield from _considered(reference, entries, entry, direct=True)
        if entry["kind"] == "admitted":
            if not any(is_cell(other) for other in same):
                yield from _considered(reference, entries, entry, direct=False)
            yield from _readmitted(entries, entry)
        if entry["kind"] == "admission_decided":
            yield from _decided(same, entry)
        if entry["kind"] in {"recognized_official", "disciplined", "card_issued"}:
            state = Person.after([e for e in entries if on(e) <= on(entry)], reference.classes)
            yield from _of_member(state, entry)
        if entry["kind"] == "expelled":
            before = Person.after(entries[: entries.index(entry)], reference.classes)
            yield from _expelled(before, entry)
    yield from _votes(numbered)


def _considered(
    reference: Reference, entries: list[Entry], entry: Entry, *, direct: bool
) -> Iterator[Finding]:
    no, today = entry["no"], on(entry)
    classes = [
        on(other)
        for other in entries
        if other["kind"] == "attended_class"
        and on(other) <= today
        and reference.classes[other["class"]]["type"] == "awareness"
    ]
    if today < HD_2021:
        yield "ADM-CERT-VALID", "not_checked", no
    elif not classes or today > month_on(max(classes), 60):
        yield "ADM-CERT-VALID", "breach" if direct else "not_checked", no
    years = [
        (on(other) >= date(2016, 8, 18), other["profile"]["birth_year"])
        for other in entries
        if "birth_year" in other.get("profile", {})
    ]
    before = [year for is_later, year in years if not is_later]
    born = before[-1] if before else years[0][1] if years else None
    if today < QD_45 or born is None:
        yield "ADM-AGE-MIN", "not_checked", no
        return
    age = today.year - born
    if age < 18:
        yield "ADM-AGE-MIN", "breach", no
    elif age == 18 or (not direct and age == 19):
        yield "ADM-AGE-MIN", "not_checked", no


def _decided(same: list[Entry], entry: Entry) -> Iterator[Finding]:
    today = on(entry)
    resolved = [
        on(other)
        for other in same
        if is_cell(other) and 3 * other["votes_for"] >= 2 * other["eligible"] and on(other) <= today
    ]
    known = QD_29 <= today < QD_24 or today >= QD_232
    days = 45 if today >= QD_294 else 60
    if not known or not resolved or (today - max(resolved)).days > days:
        yield "ADM-DECIDE-TIME", "not_checked", entry["no"]


def _readmitted(entries: list[Entry], entry: Entry) -> Iterator[Finding]:
    before = entries[: entries.index(entry)]
    left = [on(other) for other in before if other["kind"] in LEFT]
    if not left and not entry.get("readmission"):
        return
    if on(entry) < QD_294 or not left:
        yield "READM-WAIT", "not_checked", entry["no"]
    elif on(entry) < month_on(max(left), 36):
        yield "READM-WAIT", "breach", entry["no"]


def _of_member(state: Person, entry: Entry) -> Iterator[Finding]:
    kind, today, no = entry["kind"], on(entry), entry["no"]
    if kind == "recognized_official":
        assert state.joined_on is not None
        ends = month_on(state.joined_on, 12)
        if today < ends:
            yield "PRB-LENGTH", "breach", no
        if today < QD_24:
            yield "PRB-EFFECTIVE", "not_checked", no
        elif today != ends:
            yield "PRB-EFFECTIVE", "breach", no
    elif kind == "disciplined":
        if today < QD_296:
            yield "DISC-FORM", "not_checked", no
        elif state.standing == "probationary" and entry["form"] == "removed_from_post":
            yield "DISC-FORM", "breach", no
    elif state.standing == "probationary":
        yield "CARD-OFFICIAL", "breach", no


def _expelled(before: Person, entry: Entry) -> Iterator[Finding]:
    if on(entry) < QD_296:
        yield "DISC-FORM", "not_checked", entry["no"]
    elif before.standing == "probationary":
        yield "DISC-FORM", "breach", entry["no"]


def _votes(numbered: list[tuple[int, Entry]]) -> Iterator[Finding]:
    """Yield votes of cells on admission that failed before the case went on."""
    last: dict[int, Entry] = {}
    for number, entry in numbered:
        if is_cell(entry):
            last[number] = entry
        elif entry["kind"] in {"admission_decided", "admitted"} and number in last:
            vote = last.pop(number)
            if on(vote) < QD_45:
                yield "ADM-VOTE-CELL", "not_checked", vote["no"]
            elif 3 * vote["votes_for"] < 2 * vote["eligible"]:
                yield "ADM-VOTE-CELL", "breach", vote["no"]


COUNTED = (
    "ADM-CERT-VALID",
    "ADM-AGE-MIN",
    "ADM-DECIDE-TIME",
    "ADM-VOTE-CELL",
    "READM-WAIT",
    "PRB-LENGTH",
    "PRB-EFFECTIVE",
    "DISC-FORM",
    "CARD-OFFICIAL",
)
"""The rules that are counted here."""
