"""The lines that a report says on itself, so that anybody can make the same page (DESIGN §4)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Self

from commands.cells import printable
from commands.dates import shown
from commands.language import say, spoken, word
from ledger.book import Book

Period = tuple[date, date]
FACT_COLUMNS = (
    "as_of",
    "from",
    "to",
    "units_as_of",
    "counted_by",
    "book_name",
    "book_file",
    "head_no",
    "head_hash",
    "known_no",
)
"""What a report says on itself, by name, where its lines are set out as a table."""


class Line(str):
    """A line that a report says on itself, with the facts in it by their names."""

    __slots__ = ("facts",)

    facts: Mapping[str, Any]

    def __new__(cls, text: str, facts: Mapping[str, Any]) -> Self:
        """Return a line with what it says: names of ``FACT_COLUMNS``, days as days."""
        made = super().__new__(cls, text)
        made.facts = facts
        return made


def about_book(book: Book, known: int) -> Iterator[str]:
    """Yield which book, which head, and what was known: up to entry number ``known``."""
    head = book.head
    yield Line(
        say("Book: {name}; head: entry {no}, {hash}").format(
            name=printable(book.title or book.path), no=head.no, hash=head.root.hex()
        ),
        {
            "book_name": book.title,
            "book_file": str(book.path),
            "head_no": head.no,
            "head_hash": head.root.hex(),
            "known_no": min(known, head.no),
        },
    )
    if known >= head.no:
        yield say("As known with all that is recorded, up to entry {no}").format(no=known)
    else:
        yield say("As known at entry {no}; what was recorded later is left out").format(no=known)


def about_days(as_of: date | None = None, period: Period | None = None) -> Iterator[str]:
    """Yield as of which day, or over which period."""
    if as_of is not None:
        text = say("As of the end of {day}").format(day=shown(as_of, spoken()))
        yield Line(text, {"as_of": as_of})
    if period is not None:
        first, last = (shown(end, spoken()) for end in period)
        text = say("From {first} to {last}, both days included").format(first=first, last=last)
        yield Line(text, {"from": period[0], "to": period[1]})


def about_unit(unit: str | None) -> str:
    """Return of which unit a report is, where no column of it says so."""
    if unit is None:
        return say("The whole book")
    return say("Unit {unit}, with all that is under it").format(unit=unit)


def about_units(units_as_of: date | None) -> Iterator[str]:
    """Yield that the past is read under later units, if that is so."""
    if units_as_of is not None:
        text = say("Restated: what was before {day} is read under the units of that day").format(
            day=shown(units_as_of, spoken())
        )
        yield Line(text, {"units_as_of": units_as_of})


def about_names(book: Book, *, names: bool) -> Iterator[str]:
    """Yield that names were asked for and cannot be shown, if that is so."""
    if names and not book.can_open:
        yield say("Names stay sealed: there is no keys file beside the book")


def about_erased(book: Book, persons: Iterable[str]) -> Iterator[str]:
    """Yield which of some people were erased, and by which entry."""
    from ledger.keeping.erasure import erasures  # noqa: PLC0415 - few commands need it

    for person, no in erasures(book, persons).items():
        text = say("The personal details of {person} were erased by entry {no}")
        yield text.format(person=person, no=no)


def about_basis(basis: str) -> Iterator[str]:
    """Yield on which day an admission was counted."""
    if basis == "decision":
        text = say("Admissions are counted on the day of the decision")
    else:
        text = say("Admissions are counted on the day of the ceremony")
    yield Line(text, {"counted_by": word("basis", basis)})


def joined(*parts: Iterable[str]) -> list[str]:
    """Return all lines in one list."""
    return [line for part in parts for line in part]
