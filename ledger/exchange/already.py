"""Which rows of a sheet the book has already: a month's sheet grows, and comes in again.

A row is in the book already if an entry that counts says the same: same kind, same day, and
the same in every field, personal ones too. Each entry answers for one row, so that of two
equal rows the second is new where the book has one. A row that opens a file and leaves the
id to the book is compared without it. Rows with the number ``no`` of an export are never
in the book already: they speak of their own book.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from ledger.book import Book
from ledger.catalogue import KINDS, Entry, kind_of
from ledger.catalogue.record import Voided
from ledger.errors import Problem
from ledger.exchange.jsonlines import entry_json
from ledger.exchange.unknown import stream_of
from ledger.recording.door import OPENING_KINDS, admit

_ROWS_A_READ = 10_000
_DAY_KEY = b"\xaceffective_on\xaa"
_DAY_BYTES = 10
Key = tuple[str, bytes]


class Known(NamedTuple):
    """What the book has of some entries, by their place: the number there."""

    same: dict[int, int]
    """Those that are in the book."""
    near: dict[int, int]
    """Of the others, those that bring in somebody of the same name, on the same day and into the
    same unit, as an entry that is none of the rows: mostly a row that was changed since."""


def already(book: Book, entries: Sequence[Entry]) -> Known:
    """Return which of ``entries`` are in the book, and which nearly are."""
    wanted: dict[Key, list[int]] = defaultdict(list)
    admitted: list[Entry] = []
    for place, entry in enumerate(entries):
        if entry.no is None:
            try:
                known = admit(entry)
            except Problem:
                continue  # it is refused anyhow
            wanted[_key(known, by_id=bool(_code(known)))].append(place)
            admitted.append(known)
    found: dict[int, int] = {}
    if not wanted or not book.head.no:
        return Known(found, {})
    seen: set[int] = set()
    others: dict[tuple[Any, ...], int] = {}
    displaced = book.displaced()
    for entry, by_id in _candidates(book, admitted):
        no = entry.no or 0
        places = wanted.get(_key(entry, by_id=by_id))
        if places and no not in displaced and no not in seen:
            seen.add(no)
            found[places.pop(0)] = no
        elif not by_id and no not in displaced and no not in seen:
            others[_person_key(entry)] = no
    left = sorted(place for places in wanted.values() for place in places)
    left = [at for at in left if not _code(entries[at]) and not entries[at].corrects]
    near = {place: others.get(_person_key(entries[place]), 0) for place in left}
    return Known(found, {place: no for place, no in near.items() if no})


def alike(entries: Sequence[Entry]) -> dict[int, int]:
    """Return which of ``entries`` bring somebody new as one before them does, word for word.

    By their place: the place of that one. Both are recorded, for two people of one name may be
    admitted on one day; but mostly a row was copied.
    """
    first: dict[Key, int] = {}
    found: dict[int, int] = {}
    for place, entry in enumerate(entries):
        if kind_of(entry) in OPENING_KINDS and not _code(entry):
            earlier = first.setdefault(_key(entry, by_id=False), place)
            if earlier != place:
                found[place] = earlier
    return found


def _person_key(entry: Any) -> tuple[Any, ...]:
    """Return what two entries that bring in the same person would share, as a rule."""
    name = getattr(getattr(entry, "profile", None), "name", None)
    return kind_of(entry), entry.effective_on, getattr(entry, "unit", None), name


def _code(entry: Any) -> str:
    """Return the code of the stream that an entry says it belongs to, "" where it says none."""
    stream = KINDS[kind_of(entry)].stream
    return str(getattr(entry, stream)) if stream else ""


def _key(entry: Any, *, by_id: bool) -> Key:
    """Return what makes two entries the same; without the id of the stream where not by it."""
    kind = kind_of(entry)
    plain = replace(entry, no=None, recorded_at=None, by=None)
    if not by_id and KINDS[kind].stream:
        plain = replace(plain, **{KINDS[kind].stream: ""})
    return kind, entry_json(plain)


def _candidates(book: Book, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bool]]:
    """Yield entries of the book that may be the same, and whether their ids count."""
    streams = {stream_of(entry) for entry in entries if _code(entry)}
    for entry in book.streams(sorted(streams), opened=True):
        yield entry, True
    dead = [entry.entry for entry in entries if isinstance(entry, Voided)]
    for no in book.displaced(dead).values():
        yield book.entry(no), False
    opening = [entry for entry in entries if kind_of(entry) in OPENING_KINDS and not _code(entry)]
    if opening:
        days = {entry.effective_on.isoformat().encode() for entry in opening}
        for no in _opened_on(book, sorted({kind_of(entry) for entry in opening}), days):
            yield book.entry(no, opened=True), False


def _opened_on(book: Book, kinds: Sequence[str], days: set[bytes]) -> Iterator[int]:
    """Yield the numbers of the entries of ``kinds`` that took effect on one of ``days``.

    Their bytes are looked at as they are: a day stands in them as text (docs/format.md).
    """
    start: int | None = None
    while True:
        page = book.recorder.select_notifications(
            start, _ROWS_A_READ, topics=kinds, inclusive_of_start=False
        )
        for row in page:
            place = row.state.find(_DAY_KEY) + len(_DAY_KEY)
            if row.state[place : place + _DAY_BYTES] in days:
                yield row.id
        if len(page) < _ROWS_A_READ:
            return
        start = page[-1].id
