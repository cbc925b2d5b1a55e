"""What the rows that cannot be recorded name, and nobody has brought into the book.

The recording checks only rows that say an entry. So that all is told at once, the names in
the other rows are looked up here: a name is known if the book has it, or if a row of the
same file brings it in, be it a wrong one.
"""

from collections.abc import Iterator, Sequence

from ledger.book import Book
from ledger.catalogue import KINDS, Entry, Field, kind_of, own_fields
from ledger.errors import Problem
from ledger.exchange.sheets import Row, Wrong
from ledger.recording.door import OPENING_KINDS

_BRINGING = OPENING_KINDS | {"unit_founded", "class_opened", "target_set"}


def unknown_names(book: Book, rows: Sequence[Row]) -> Iterator[Wrong]:
    """Yield the cells of rows without an entry that name what is not known."""
    failed = [row for row in rows if row.entry is None]
    brought = {_brought(row) for row in rows if row.kind in _BRINGING}
    named = {
        stream for row in failed for _, what, code in _named(row) if (stream := f"{what}/{code}")
    } - brought
    there = {stream_of(entry) for entry in book.streams(sorted(named))}
    for row in failed:
        for field, what, code in _named(row):
            if f"{what}/{code}" in named - there:
                yield Wrong(row.spot_of(field.name), _problem(row, field, what, code))


def stream_of(entry: Entry) -> str:
    """Return the id of the stream that an entry belongs to: ``person/P000001``."""
    entry_type = KINDS[kind_of(entry)]
    code = getattr(entry, entry_type.stream) if entry_type.stream else ""
    return f"{entry_type.prefix or entry_type.stream}/{code}"


def _brought(row: Row) -> str:
    entry_type = KINDS[row.kind]
    if row.entry is not None:
        return stream_of(row.entry)
    code = (row.given or {}).get(entry_type.stream.rstrip("_"), "")
    return f"{entry_type.prefix or entry_type.stream}/{code}"


def _named(row: Row) -> Iterator[tuple[Field, str, str]]:
    """Yield field, what it names, and code, of everything that a row names and that must be."""
    given = row.given or {}
    for field in own_fields(row.kind):
        is_own = field.attribute == KINDS[row.kind].stream
        if field.names and field.known and field.name in given:
            if is_own and row.kind in _BRINGING:
                continue
            codes = given[field.name]
            for code in codes if isinstance(codes, list) else [codes]:
                yield field, field.names, str(code)


def _problem(row: Row, field: Field, what: str, code: str) -> Problem:
    if what == "person" and field.attribute == KINDS[row.kind].stream:
        return Problem("not_opened", kind=row.kind, person=code)
    return Problem(f"unknown_{what}", value=code, suggestion="")
