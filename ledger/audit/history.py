"""Whether what was recorded can have happened, each entry after all those before it.

Recording lets in nothing else; here its timelines are gone through once more, for what was put
into the file past the program. They know the rules of this version.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ledger.audit.findings import Finding, found
from ledger.book import Book
from ledger.catalogue import Entry
from ledger.errors import Problem
from ledger.lifecycle.arrivals import PERSON, arrival
from ledger.lifecycle.timelines import Timelines

_ENTRIES_A_PIECE = 2_000


class History:
    """The entries of a book in the order of their numbers; up to ``began_at`` they are possible.

    It ends with the first that is not: what comes after that one cannot be judged.
    """

    def __init__(self, book: Book, began_at: int) -> None:
        self._book = book
        self._earlier = _Earlier(book, began_at)
        self._timelines = Timelines(self._earlier)
        self._zone = ZoneInfo(book.timezone)

    def impossible(self, last: int) -> Finding | None:
        """Go on to entry ``last``; return the first that those before it make impossible.

        Raises BookDamaged where an entry cannot be read.
        """
        for first in range(self._earlier.last + 1, last + 1, _ENTRIES_A_PIECE):
            wrong = self._piece(first, min(last, first + _ENTRIES_A_PIECE - 1))
            if wrong:
                return wrong
        return None

    def _piece(self, first: int, last: int) -> Finding | None:
        arrivals = [*map(arrival, self._book.entries(first=first, last=last))]
        streams, named = [each.stream_id for each in arrivals], [each.named for each in arrivals]
        self._timelines.load(streams, named)
        for entry, stream, names in arrivals:
            try:
                if stream is not None and entry.sealed:
                    self._check_not_erased(stream, entry)
                self._timelines.add(entry, stream, names, self._day(entry))
            except Problem as problem:
                return found(entry.no, "stored_impossible", detail=problem)
        self._earlier.last = last
        self._timelines.settle()
        return None

    def _check_not_erased(self, stream: str, entry: Any) -> None:
        """Raise a Problem where details are sealed of somebody who was erased before."""
        erased = self._timelines.known(stream).erased if stream.startswith(PERSON) else None
        if erased is not None:
            raise Problem("erased", value=entry.person, clash=erased)

    def _day(self, entry: Entry) -> date:
        if entry.recorded_at is None:
            return date.max
        return entry.recorded_at.astimezone(self._zone).date()


class _Earlier:
    """What the log held when the entry ``last`` was its end: a Loader."""

    def __init__(self, book: Book, began_at: int) -> None:
        self._book = book
        self.began_at = self.last = began_at

    def streams(self, stream_ids: Iterable[str]) -> dict[str, list[Entry]]:
        """Return the entries of each stream, dead ones too."""
        found_in: dict[str, list[Entry]] = {}
        with self._book.recorder.datastore.reading() as cursor:
            rows: list[Any] = self._book.recorder.by_streams(cursor, stream_ids)
        for row in rows:
            if row.no <= self.last:
                entry: Any = self._book.mapper.to_domain_event(row)
                found_in.setdefault(row.originator_id, []).append(entry)
        return found_in

    def naming(self, stream_id: str) -> list[Entry]:
        """Return the entries of other streams that name the one given, dead ones too."""
        return [entry for entry in self._book.naming(stream_id) if (entry.no or 0) <= self.last]

    def entry(self, no: int) -> Entry | None:
        """Return the entry with a number, None if there is none."""
        return self._book.entry(no) if 0 < no <= self.last else None

    def displaced(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return, of the given numbers, those that no longer count, and what displaced them."""
        return {no: by for no, by in self._book.displaced(numbers).items() if by <= self.last}

    def mentioned(self, stream_ids: Iterable[str]) -> set[str]:
        """Return those of the streams that entries of others name, also later ones."""
        with self._book.recorder.datastore.reading() as cursor:
            return self._book.recorder.mentioned(cursor, stream_ids)

    def similar(self, prefix: str, code: str) -> None:
        """Return None: suggestions are for those who type."""
        del prefix, code
