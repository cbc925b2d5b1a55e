"""Entries written down in the order of the telling, then put in the order of recording."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from ledger.catalogue import Document, Entry
from ledger.catalogue.pipeline import EnrolledInClass

OPERATOR = "demo"
_OFFICE_OPENS = time(1, tzinfo=UTC)
"""Eight in the morning in Vietnam."""


class Draft(NamedTuple):
    """One entry, and what is known about its recording."""

    entry: Entry
    recorded_on: date
    label: str | None
    mends: str | None
    """The label of the entry that this one voids or corrects."""


def _turn(draft: Draft) -> tuple[date, int]:
    """Return when a draft is recorded: within a day units first, then classes, then people."""
    rank = {"unit": 0, "class_": 1}.get(draft.entry.stream, 2)
    return draft.recorded_on, rank


class Notebook:
    """Collects entries; ``entries`` gives them numbered, as an export would.

    A clerk writes an action down on the day after, unless ``recorded_on`` says later.
    Whatever would be recorded after ``last_day`` is left out: it has not happened yet.
    """

    def __init__(self, last_day: date) -> None:
        self._last_day = last_day
        self._drafts: list[Draft] = []
        self._papers = 0
        self.people = 0

    def next_person(self) -> str:
        """Return the id of the next invented person."""
        self.people += 1
        return f"P{self.people:06}"

    def enrolled(self, course: str) -> int:
        """Return how many people have been enrolled in a class."""
        return sum(
            isinstance(draft.entry, EnrolledInClass) and draft.entry.class_ == course
            for draft in self._drafts
        )

    def paper(self, kind: str, issuer: str, day: date) -> Document:
        """Return an invented document of ``day``: ``kind`` is the sign in its number."""
        self._papers += 1
        return Document(number=f"{self._papers}-{kind}", issuer=issuer, date_=day)

    def write(
        self,
        entry: Entry,
        *,
        recorded_on: date | None = None,
        label: str | None = None,
        mends: str | None = None,
    ) -> None:
        """Add one entry.

        ``label``: a name by which a later entry mends this one; ``mends``: such a name.
        """
        recorded_on = recorded_on or entry.effective_on + timedelta(days=1)
        if recorded_on <= self._last_day:
            self._drafts.append(Draft(entry, recorded_on, label, mends))

    def entries(self) -> list[Entry]:
        """Return all entries with number, moment of recording and operator set."""
        numbers: dict[str | None, int] = {}
        entries: list[Entry] = []
        day, since_opening = None, 0
        for no, draft in enumerate(sorted(self._drafts, key=_turn), 1):
            since_opening = since_opening + 1 if draft.recorded_on == day else 0
            day = draft.recorded_on
            opening = datetime.combine(day, _OFFICE_OPENS)
            numbers[draft.label] = no
            changes: dict[str, Any] = {
                "no": no,
                "recorded_at": opening + timedelta(seconds=10 * since_opening),
                "by": OPERATOR,
            }
            if draft.mends:
                field = "entry" if hasattr(draft.entry, "entry") else "corrects"
                changes[field] = numbers[draft.mends]
            entries.append(replace(draft.entry, **changes))
        return entries
