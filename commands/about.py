"""The lines that a report says on itself, so that anybody can make the same page (DESIGN §4)."""

from collections.abc import Iterable, Iterator
from datetime import date

from commands.cells import printable
from commands.dates import shown
from commands.language import say, spoken
from ledger.book import Book

Period = tuple[date, date]


def about_book(book: Book, known: int) -> Iterator[str]:
    """Yield which book, which head, and what was known: up to entry number ``known``."""
    head = book.head
    yield say("Book: {name}; head: entry {no}, {hash}").format(
        name=printable(book.title or book.path), no=head.no, hash=head.leaf.hex()
    )
    if known >= head.no:
        yield say("As known with all that is recorded, up to entry {no}").format(no=known)
    else:
        yield say("As known at entry {no}; what was recorded later is left out").format(no=known)


def about_days(as_of: date | None = None, period: Period | None = None) -> Iterator[str]:
    """Yield as of which day, or over which period."""
    if as_of is not None:
        yield say("As of the end of {day}").format(day=shown(as_of, spoken()))
    if period is not None:
        first, last = (shown(end, spoken()) for end in period)
        yield say("From {first} to {last}, both days included").format(first=first, last=last)


def about_unit(unit: str | None) -> str:
    """Return of which unit a report is, where no column of it says so."""
    if unit is None:
        return say("The whole book")
    return say("Unit {unit}, with all that is under it").format(unit=unit)


def about_units(units_as_of: date | None) -> Iterator[str]:
    """Yield that the past is read under later units, if that is so."""
    if units_as_of is not None:
        yield say("Restated: what was before {day} is read under the units of that day").format(
            day=shown(units_as_of, spoken())
        )


def about_names(book: Book, *, names: bool) -> Iterator[str]:
    """Yield that names were asked for and cannot be shown, if that is so."""
    if names and not book.can_open:
        yield say("Names stay sealed: there is no keys file beside the book")


def about_basis(basis: str) -> Iterator[str]:
    """Yield on which day an admission was counted."""
    if basis == "decision":
        yield say("Admissions are counted on the day of the decision")
    else:
        yield say("Admissions are counted on the day of the ceremony")


def joined(*parts: Iterable[str]) -> list[str]:
    """Return all lines in one list."""
    return [line for part in parts for line in part]
