"""What an audit says of a book that was damaged, and what the book says of itself."""

import sqlite3
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from ledger.audit.everything import check_authority, everything
from ledger.audit.findings import Finding, Listed
from ledger.audit.pinned import check_since
from ledger.audit.structure import structure, subject_of
from ledger.authority.listing import Roll, operators_of
from ledger.book import Book
from ledger.errors import Problem, RollbookError
from ledger.exchange.jsonlines import entry_json
from ledger.store.epochs import epoch_key_of
from ledger.store.sealing import keys_path

_ROWS = "SELECT * FROM stored_events"
Log: TypeAlias = list[tuple[Any, ...] | None]


class Verdict(NamedTuple):
    """The first that is wrong: the entry, if it is one, and the code of why."""

    no: int | None
    code: str
    opened: bool
    """Whether the book could be opened at all."""


def _verdict(problem: Problem, *, opened: bool) -> Verdict:
    no = problem.values.get("value") if problem.code == "damaged" else None
    detail = problem.values.get("detail")
    return Verdict(no, detail.code if isinstance(detail, Problem) else problem.code, opened)


def verified(path: Path, note: bytes | None = None) -> Verdict | None:
    """Return what full verification says, None of a book that is whole.

    With ``note`` also whether it continues that checkpoint. Any error but ours comes through:
    there must be none.
    """
    opened = False
    try:
        with Book.open(path, wait_seconds=1.0) as book:
            opened = True
            first = _first(book, note)
    except Problem as problem:
        return _verdict(problem, opened=opened)
    except RollbookError as error:
        return _verdict(error.problems[0], opened=opened)
    return None if first is None else Verdict(first.no, first.problem.code, opened=True)


def _first(book: Book, note: bytes | None) -> Finding | None:
    subject = subject_of(book)
    findings = structure(subject).findings
    if findings:
        return findings[0]
    if note is not None:
        check_since(book, note, "kept", (), None)
    with book.recorder.datastore.reading() as cursor:
        keys = epoch_key_of(cursor, keys_path(book.path), subject.book_id)
    findings = everything(book, subject, keys).findings
    return findings[0] if findings else None


def structural(path: Path) -> Verdict | None:
    """Return what the structure of a book says: bytes, order, commits, tree."""
    with Book.open(path) as book:
        findings = structure(subject_of(book)).findings
    return Verdict(findings[0].no, findings[0].problem.code, opened=True) if findings else None


def unentitled(path: Path) -> Verdict | None:
    """Return the first commit that was not its operator's, or is not signed as it must be."""
    with Book.open(path) as book:
        listed = Listed()
        _, unread = check_authority(book, subject_of(book), listed)
    findings = [*listed.findings, *([unread] if unread else [])]
    return Verdict(findings[0].no, findings[0].problem.code, opened=True) if findings else None


def continues(path: Path, note: bytes) -> bool:
    """Return whether a book, whose structure is in order, continues a checkpoint."""
    with Book.open(path) as book:
        try:
            check_since(book, note, "kept", (), None)
        except (Problem, RollbookError):
            return False
    return True


class Meaning(NamedTuple):
    """What a book says."""

    settings: tuple[str | None, ...]
    operators: Roll
    entries: list[bytes]
    """As they are exported, opened where they can be."""


def meaning(path: Path) -> Meaning:
    """Return what a book says."""
    with Book.open(path) as book:
        entries = [*map(entry_json, book.entries(opened=True))]
        return Meaning((book.id, book.timezone, book.title), operators_of(book), entries)


def logs(path: Path, size: int) -> list[Log]:
    """Return the log as SQLite alone reads it: in one go, and each entry by its number.

    Where the pages of the file do not hang together the two may differ. None where it cannot.
    """
    found: list[Log] = []
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes  # which may be no text any more
        try:
            found.append(connection.execute(f"{_ROWS} ORDER BY no").fetchall())
            numbers = range(1, size + 1)
            each = [connection.execute(f"{_ROWS} WHERE no = ?", (no,)).fetchone() for no in numbers]
            found.append(each)
        except (sqlite3.Error, UnicodeDecodeError):  # the latter: of its own message
            return []
    return found


def first_differences(before: list[Log], after: list[Log]) -> set[int]:
    """Return the numbers of the first entries that are not as they were, by either reading."""
    found = set[int]()
    for one, other in zip(before, after, strict=False):
        for no, (was, now) in enumerate(zip_longest(one, other), 1):
            if was != now:
                found.add(no)
                break
    return found
