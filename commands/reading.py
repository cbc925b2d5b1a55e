"""A question to the projections: the book open, as it was known, with the day it is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from commands.about import about_basis, about_book, about_days, about_names, about_units, joined
from commands.books import opened, today
from commands.bounds import Known
from commands.dates import shown
from commands.failure import spoken_values
from commands.language import say, spoken
from commands.progress import reading_pace, slowly
from commands.session import Session
from ledger.book import Book
from ledger.errors import Problem
from projections.notes import NOTES
from projections.reading import Reading

_PLACES = {
    "unknown_entry": "--known-entry",
    "unknown_figure": "--figure",
    "unknown_person": "--person",
    "unknown_term": "TERM",
    "term_nowhere": "TERM",
    "term_of_several": "--unit",
    "unknown_unit": "--unit",
    "person_not_unit": "--unit",
}
"""The option that a reading refuses, by the code of the problem."""


class Question(NamedTuple):
    """An open reading, with the day it is asked on."""

    book: Book
    reading: Reading
    today: date

    def about(
        self,
        *,
        as_of: date | None = None,
        period: tuple[date, date] | None = None,
        basis: str | None = None,
        names: bool = False,
    ) -> list[str]:
        """Return the lines that a report says on itself, its notes last."""
        return joined(
            about_days(as_of, period),
            self._about_today(as_of),
            about_units(self.reading.units_as_of),
            about_basis(basis) if basis else (),
            about_names(self.book, names=names),
            self._notes(),
            about_book(self.book, self.reading.known),
        )

    def _about_today(self, as_of: date | None) -> Iterator[str]:
        if as_of is not None and as_of > self.today:
            yield say("{day} has not come yet: nothing is in the book after {today}").format(
                day=shown(as_of, spoken()), today=shown(self.today, spoken())
            )

    def _notes(self) -> Iterator[str]:
        for note in self.reading.notes:
            text = say(NOTES[note.code]).format(**spoken_values(note.values))
            yield f"{text[:1].upper()}{text[1:]}"


@contextmanager
def asked(session: Session, known: Known, *, units_as_of: date | None = None) -> Iterator[Question]:
    """Give the session's book, open for reading as it was known, restated if that is asked."""
    try:
        with (
            slowly(say("Reading the book …")),
            opened(session) as book,
            Reading(
                book, **known.bounds(book), units_as_of=units_as_of, tell=reading_pace()
            ) as reading,
        ):
            yield Question(book, reading, today(session, book))
    except Problem as problem:
        raise problem.at(problem.place or say(_PLACES.get(problem.code, "")) or None) from None
