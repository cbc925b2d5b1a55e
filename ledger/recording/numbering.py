"""Gives the lines of one recording what the book sets: number, moment, operator, person id.

Pure: it knows the head of the book and the lines, and reads neither clock nor database.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from msgspec.structs import force_setattr, replace

from ledger.catalogue import Entry, kind_of
from ledger.catalogue.record import Voided
from ledger.errors import Problem
from ledger.recording.door import OPENING_KINDS
from ledger.recording.text import bad_value
from ledger.store.codec import microseconds

_NOT_THERE = 0
HANDED_OUT = re.compile(r"P([0-9]{6,9})")
"""An id of a person such as the book hands out."""


class Line(NamedTuple):
    """One entry to be recorded, and where it was written."""

    entry: Entry
    place: str | None = None
    """Where people find it: ``file:row``; an option's name or None when it was typed."""
    sheet: str | None = None
    row: int | None = None


class Claims(NamedTuple):
    """Who records when; and whether what the lines say of that is kept instead."""

    now: datetime
    by: str
    keep_recorded: bool = False


class _Claimed:
    """The numbers that the lines of a file give themselves, as numbers of the book.

    Kept as runs in which both go up by one: a whole export is a single run.
    """

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._runs: list[tuple[int, int]] = []
        """Of each run its first number in the book, and its length; by ``_firsts``."""

    def meant(self, claimed: int) -> int | None:
        """Return the number in the book of the line with a number, None if there is none."""
        at = bisect_right(self._firsts, claimed) - 1
        if at < 0:
            return None
        first, (no, length) = self._firsts[at], self._runs[at]
        return no + claimed - first if claimed < first + length else None

    def put(self, claimed: int, no: int) -> None:
        """Take down what a line calls itself, which no line before it does."""
        at = bisect_right(self._firsts, claimed) - 1
        if at >= 0 and no != _NOT_THERE:
            first, (first_no, length) = self._firsts[at], self._runs[at]
            if (first + length, first_no + length) == (claimed, no):
                self._runs[at] = first_no, length + 1
                return
        self._firsts.insert(at + 1, claimed)
        self._runs.insert(at + 1, (no, 1))


class Numbering:
    """Numbers lines that go on after ``last_no``, recorded not before ``last_moment``.

    ``highest_person`` returns the highest number in the ids of people, of the book and of
    all lines; it is asked when the first id must be handed out. What a line is to be
    called must be asked of one after another.
    """

    def __init__(
        self,
        claims: Claims,
        *,
        last_no: int,
        last_moment: datetime,
        highest_person: Callable[[], int],
    ) -> None:
        self.next_no = self._expected = last_no + 1
        """The number of the next line, if it is possible."""
        self._keep = claims.keep_recorded
        self._by = claims.by
        self._now = claims.now
        # A clock that was put back must not make the book's time run backwards.
        self.moment = last_moment if claims.keep_recorded else max(claims.now, last_moment)
        self._highest_person = highest_person
        self._last_person: int | None = None
        self._claimed = _Claimed()

    @property
    def now(self) -> tuple[int, str]:
        """When, in microseconds, and by whom lines are recorded that may not say so themselves."""
        return microseconds(self.moment), self._by

    def named(self, entry: Any) -> Entry:
        """Return an entry with the id of the person whose file it opens, if it has none."""
        is_new = kind_of(entry) in OPENING_KINDS and not entry.person
        named: Entry = replace(entry, person=self._new_person()) if is_new else entry
        return named

    def number(self, entry: Any) -> None:
        """Give the next line's entry all that the book sets, in place; raise Problem.

        ``taken`` or ``refused`` must say what became of it before the next one is numbered.
        """
        if entry.no is not None and self._claimed.meant(entry.no) is not None:
            raise Problem("number_twice", value=entry.no)
        moment, by = self._kept(entry) if self._keep else (self.moment, self._by)
        if entry.corrects is not None:
            force_setattr(entry, "corrects", self._meant(entry, entry.corrects))
        if type(entry) is Voided:
            force_setattr(entry, "entry", self._meant(entry, entry.entry))
        force_setattr(entry, "no", self.next_no)
        force_setattr(entry, "recorded_at", moment)
        force_setattr(entry, "by", by)

    def taken(self, claimed: int | None) -> None:
        """Take down that the line, which calls itself ``claimed``, has its number."""
        if claimed is not None:
            self._claimed.put(claimed, self.next_no)
        self.next_no += 1
        self._expected += 1

    def refused(self, claimed: int | None = None) -> None:
        """Pass over a line that is wrong: whatever names it is wrong, too."""
        if claimed is not None and self._claimed.meant(claimed) is None:
            self._claimed.put(claimed, _NOT_THERE)
        self._expected += 1

    def _new_person(self) -> str:
        if self._last_person is None:
            self._last_person = self._highest_person()
        self._last_person += 1
        return f"P{self._last_person:06d}"

    def _meant(self, entry: Entry, no: int) -> int:
        """Return the number in the book of the entry that a line calls ``no``.

        A line with a number of its own speaks of its file; elsewhere the book's numbers hold.
        """
        meant = self._claimed.meant(no)
        if meant == _NOT_THERE or (meant is None and entry.no is not None and not self._keep):
            raise Problem("unknown_in_file", value=no)
        return no if meant is None else meant

    def _kept(self, entry: Entry) -> tuple[datetime, str]:
        """Return when and by whom the line says it was recorded, once it is found possible."""
        kind = kind_of(entry)
        if entry.no is None or entry.recorded_at is None or not entry.by:
            missing = "no" if entry.no is None else "by" if entry.recorded_at else "recorded_at"
            raise Problem("missing_field", kind=kind, field=missing)
        if entry.no != self._expected:
            raise Problem("numbers_not_dense", value=entry.no, expected=self._expected)
        if entry.recorded_at.tzinfo is None:
            raise bad_value(kind, "recorded_at", entry.recorded_at.isoformat(), "wants_moment")
        moment = entry.recorded_at.astimezone(UTC)
        if moment > self._now:
            raise Problem("recorded_in_future", value=moment.isoformat())
        if moment < self.moment:
            raise Problem(
                "recorded_at_decreases", value=moment.isoformat(), before=self.moment.isoformat()
            )
        self.moment = moment
        return moment, entry.by


def highest_person(lines: Iterable[Any]) -> int:
    """Return the highest number in the ids of people whose files the lines open, else 0.

    Only ids that could have been handed out have one: ``P000012``. Lines that are problems
    are passed over.
    """
    highest = 0
    for line in lines:
        entry = getattr(line, "entry", None)
        if entry is not None and kind_of(entry) in OPENING_KINDS:
            found = HANDED_OUT.fullmatch(entry.person)
            highest = max(highest, int(found[1]) if found else 0)
    return highest
