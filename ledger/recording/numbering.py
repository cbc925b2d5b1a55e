"""Gives the lines of one recording what the book sets: number, moment, operator, person id.

Pure: it knows the head of the book and the lines, and reads neither clock nor database.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from ledger.catalogue import Entry, kind_of
from ledger.errors import Problem
from ledger.recording.door import OPENING_KINDS
from ledger.recording.text import bad_value

_HANDED_OUT = re.compile(r"P([0-9]{6,9})")


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


class Numbering:
    """Numbers lines that go on after ``last_no``, recorded not before ``last_moment``."""

    def __init__(
        self,
        lines: Sequence[Line],
        claims: Claims,
        *,
        last_no: int,
        last_moment: datetime,
        last_person: int,
    ) -> None:
        self._first_no = last_no + 1
        self._keep = claims.keep_recorded
        self._by = claims.by
        self._now = claims.now
        # A clock that was put back must not make the book's time run backwards.
        self._moment = last_moment if claims.keep_recorded else max(claims.now, last_moment)
        self._last_person = max([last_person, *(_person_number(line.entry) for line in lines)])
        self._numbers: dict[int, int] = {}
        """The numbers that the file gives its lines, as numbers of the book."""
        self._twice: set[int] = set()
        for index, line in enumerate(lines):
            claimed = line.entry.no
            if claimed is not None:
                if claimed in self._numbers:
                    self._twice.add(index)
                self._numbers.setdefault(claimed, self._first_no + index)

    def numbered(self, index: int, entry: Any) -> Entry:
        """Return the line's entry with all that the book sets; raise Problem."""
        if index in self._twice:
            raise Problem("number_twice", value=entry.no)
        no = self._first_no + index
        changes: dict[str, Any] = {"no": no, "recorded_at": self._moment, "by": self._by}
        if self._keep:
            changes |= self._kept(entry, no)
        if entry.corrects is not None:
            changes["corrects"] = self._meant(entry, entry.corrects)
        kind = kind_of(entry)
        if kind == "voided":
            changes["entry"] = self._meant(entry, entry.entry)
        elif kind in OPENING_KINDS and not entry.person:
            self._last_person += 1
            changes["person"] = f"P{self._last_person:06d}"
        numbered: Entry = replace(entry, **changes)
        return numbered

    def _meant(self, entry: Entry, no: int) -> int:
        """Return the number in the book of the entry that a line calls ``no``.

        A line with a number of its own speaks of its file; elsewhere the book's numbers hold.
        """
        if no not in self._numbers and entry.no is not None and not self._keep:
            raise Problem("unknown_in_file", value=no)
        return self._numbers.get(no, no)

    def _kept(self, entry: Entry, expected: int) -> dict[str, Any]:
        """Return what the line itself says of its recording, once it is found possible."""
        kind = kind_of(entry)
        if entry.no is None or entry.recorded_at is None or not entry.by:
            missing = "no" if entry.no is None else "by" if entry.recorded_at else "recorded_at"
            raise Problem("missing_field", kind=kind, field=missing)
        if entry.no != expected:
            raise Problem("numbers_not_dense", value=entry.no, expected=expected)
        if entry.recorded_at.tzinfo is None:
            raise bad_value(kind, "recorded_at", entry.recorded_at.isoformat(), "wants_moment")
        moment = entry.recorded_at.astimezone(UTC)
        if moment > self._now:
            raise Problem("recorded_in_future", value=moment.isoformat())
        if moment < self._moment:
            raise Problem(
                "recorded_at_decreases", value=moment.isoformat(), before=self._moment.isoformat()
            )
        self._moment = moment
        return {"recorded_at": moment, "by": entry.by}


def _person_number(entry: Any) -> int:
    """Return the number in a person id that could have been handed out, else 0."""
    if kind_of(entry) not in OPENING_KINDS:
        return 0
    found = _HANDED_OUT.fullmatch(entry.person)
    return int(found[1]) if found else 0
