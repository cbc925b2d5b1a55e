"""Everything that a book says: every state, seal and signature, and what lies beside the log."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from ledger.audit.findings import Finding, Listed, found
from ledger.audit.history import History
from ledger.audit.meaning import Part, extra_mention, understood
from ledger.audit.rows import Subject, reading
from ledger.audit.spans import SPAN
from ledger.audit.workers import in_parallel
from ledger.authority.auditing import CommitsChecked, Recorded
from ledger.book import Book
from ledger.errors import BookDamaged, Problem
from ledger.store.rows import CommitRow, StoredEntry
from ledger.store.sealing import EpochKey, Sealer, WrappedKey

_MENTIONS = """
SELECT count(*), count(CASE WHEN typeof(no) = 'integer' AND no BETWEEN 1 AND ? THEN 1 END),
       count(CASE WHEN typeof(no) = 'integer' AND no > ? THEN 1 END)
  FROM mentions
"""
_DISPLACED = "SELECT no, by_no FROM displaced WHERE by_no <= ? OR typeof(by_no) <> 'integer'"
_DISPLACED_LATER = """
SELECT min(no), max(by_no) FROM displaced WHERE typeof(by_no) = 'integer' AND by_no > ?
"""
_KEY_FORM = """
SELECT owner FROM data_keys
 WHERE typeof(owner) <> 'text' OR typeof(epoch) <> 'integer' OR typeof(wrapped) <> 'blob'
    OR typeof(commitment) <> 'blob' OR length(wrapped) <> 60 OR length(commitment) <> 32
"""
_KEY_OF_NOBODY = """
SELECT owner FROM data_keys WHERE owner NOT IN (SELECT originator_id FROM stored_events) LIMIT 1
"""
_KEYS = "SELECT owner, epoch, wrapped, commitment FROM data_keys"
_USUAL_EPOCH = "SELECT epoch FROM data_keys GROUP BY epoch ORDER BY count(*) DESC LIMIT 1"
_KEY_KEPT = """
SELECT e.no, e.originator_id FROM stored_events e CROSS JOIN data_keys k
    ON k.owner = e.originator_id
 WHERE e.topic = 'subject_erased' AND e.no <= ? ORDER BY e.no LIMIT 1
"""
_SIGNED = """
SELECT EXISTS (SELECT 1 FROM stored_events WHERE topic = 'operator_enrolled'),
       EXISTS (SELECT 1 FROM commits WHERE signature IS NOT NULL)
"""
_ENTRIES_A_PIECE = 2_000


class Everything(NamedTuple):
    """What was found out about a book."""

    findings: list[Finding]
    more: int
    """How many findings there are beside those that are listed."""
    is_signed: bool
    """Whether the operators sign what they record, so that it can be told who recorded it."""
    unsure_from: int | None
    """The first entry of which could not be told whose it was, as it cannot be read."""


class Done(NamedTuple):
    """How far entries were read already: the first ``size``, with what followed from them."""

    size: int = 0
    mentions: int = 0
    displaced: dict[int, int] = {}  # noqa: RUF012 - never changed


_NOTHING = Done()
Save = Callable[[Done], None]


def everything(
    book: Book,
    subject: Subject,
    keys: EpochKey | None,
    *,
    done: Done = _NOTHING,
    tell: Callable[[int], None] = lambda _: None,
    save: Save = lambda _: None,
) -> Everything:
    """Return what is wrong with what a book says; its structure must be in order.

    ``keys`` open what is sealed. ``done`` says what was read before, and ``save`` is told how
    far reading is. Raises BookDamaged where the file cannot be read at all.
    """
    findings, more = list[Finding](), 0
    firsts = range(done.size + 1, subject.head_no + 1, SPAN)
    parts = [Part(subject, first, keys) for first in firsts]
    mentions, displaced = done.mentions, dict(done.displaced)
    history, impossible = History(book, done.size), list[Finding]()
    for part, result in zip(parts, in_parallel(understood, parts), strict=True):
        findings += result.findings
        more += result.more
        mentions += result.mentions
        for no in sorted(displaced.keys() & result.displaced.keys()):
            findings.append(found(result.displaced[no], "stored_target_differs", value=no))
        displaced |= result.displaced
        if not findings and not impossible:  # while others read the next spans
            wrong = history.impossible(part.last)
            impossible += [wrong] if wrong else []
        tell(part.last)
        if not (findings or impossible) and (part.last - part.first + 1 == SPAN):
            save(Done(part.last, mentions, displaced))
    if not findings:
        findings += _beside(subject, keys, mentions, displaced)
    findings += impossible
    findings += _indices(subject)
    listed = Listed()
    signed, unread = check_authority(book, subject, listed)
    findings += listed.findings
    if unread and unread.no not in {finding.no for finding in findings}:
        findings.append(unread)
    findings.sort(key=lambda finding: finding.order)
    return Everything(findings, more + listed.more, signed, unread and unread.no)


def _beside(
    subject: Subject, keys: EpochKey | None, mentions: int, displaced: dict[int, int]
) -> Iterator[Finding]:
    """Find what stands beside the log and does not follow from it."""
    with reading(subject.path) as cursor:
        try:
            yield from _mentions(cursor, subject, mentions)
            there: dict[Any, Any] = dict(cursor.execute(_DISPLACED, (subject.head_no,)))
            wrong = {no for no in {*there, *displaced} if there.get(no) != displaced.get(no)}
            if wrong:
                yield found(min(wrong), "stored_displaced_differs")
            no, most = cursor.execute(_DISPLACED_LATER, (subject.head_no,)).fetchone()
            if most is not None and not _was_recorded(cursor, subject, most):
                yield found(no, "stored_displaced_differs")
            for (owner,) in [
                *cursor.execute(_KEY_FORM).fetchall()[:1],
                *cursor.execute(_KEY_OF_NOBODY).fetchall(),
            ]:
                yield found(_first_of(cursor, owner), "stored_key_differs", value=owner)
            for owner in islice(_strange_keys(cursor, keys), 1):
                yield found(_first_of(cursor, owner), "stored_key_differs", value=owner)
            for no, owner in cursor.execute(_KEY_KEPT, (subject.head_no,)).fetchall():
                yield found(no, "stored_key_kept", value=owner)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            yield found(None, "stored_unreadable", value=str(error))


def _mentions(cursor: sqlite3.Cursor, subject: Subject, expected: int) -> Iterator[Finding]:
    cursor.execute(_MENTIONS, (subject.head_no, subject.head_no))
    whole, count, later = cursor.fetchone()
    if count != expected:
        for first in range(1, subject.head_no + 1, SPAN):
            no = extra_mention(Part(subject, first, None))
            if no is not None:
                yield found(no, "stored_mention_differs")
                return
    (most,) = cursor.execute("SELECT max(no) FROM mentions").fetchone()
    if whole != count + later or (later and not _was_recorded(cursor, subject, most)):
        yield found(None, "stored_mention_differs")


def _was_recorded(cursor: sqlite3.Cursor, subject: Subject, no: int) -> bool:
    """Return whether an entry was recorded while the book was looked at."""
    (last,) = cursor.execute("SELECT max(no) FROM stored_events").fetchone()
    return bool(subject.head_no < no <= (last or 0))


def _indices(subject: Subject) -> Iterator[Finding]:
    """Find an index that leaves out a row of its table, or whatever else the file contradicts."""
    with reading(subject.path) as cursor:
        try:
            for (text,) in cursor.execute("PRAGMA integrity_check(1)"):
                if text != "ok":
                    yield found(None, "stored_file_differs", value=text)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            yield found(None, "stored_unreadable", value=str(error))


def _strange_keys(cursor: sqlite3.Cursor, keys: EpochKey | None) -> Iterator[str]:
    """Yield the owners of data keys that are of another epoch, or that the epoch key opens not."""
    sealer = Sealer(keys) if keys else None
    (usual,) = cursor.execute(_USUAL_EPOCH).fetchone() or (None,)
    for key in map(WrappedKey._make, cursor.execute(_KEYS)):
        if key.epoch != usual or (sealer and not sealer.opens(key)):
            yield key.owner


def _first_of(cursor: sqlite3.Cursor, stream_id: object) -> int | None:
    cursor.execute("SELECT min(no) FROM stored_events WHERE originator_id = ?", (stream_id,))
    no: int | None = cursor.fetchone()[0]
    return no


def check_authority(book: Book, subject: Subject, listed: Listed) -> tuple[bool, Finding | None]:
    """Find what was not its operator's to record, and what is not signed as it must be.

    Returns whether the book is signed, and what stopped it: an entry that cannot be read. Who
    was entitled to what follows from all entries before, in their order: nothing of it can be
    done in parallel, and nothing be told after that entry.
    """
    with reading(subject.path) as cursor:
        if not any(cursor.execute(_SIGNED).fetchone()):
            return False, None
    checked = CommitsChecked(subject.book_id, lambda no: _stream_of(book, no))
    try:
        for commit, entries in _commits(book, subject.head_no):
            for wrong in checked.check(commit, entries):
                listed.add(Finding(*wrong))
    except BookDamaged as error:
        problem = error.problems[0]
        detail = problem.values.get("detail")
        reason = detail if isinstance(detail, Problem) else problem
        return checked.is_signed, Finding(problem.values.get("value"), reason)
    return checked.is_signed, None


def _stream_of(book: Book, no: int) -> str:
    with book.recorder.datastore.reading() as cursor:
        return book.recorder.by_numbers(cursor, no, no)[0].originator_id


def _commits(book: Book, head_no: int) -> Iterator[tuple[CommitRow, Iterator[Recorded]]]:
    """Yield every commit up to an entry with the entries of it, to be read before the next."""
    entries = _entries(book, head_no)
    done = 0
    while done < head_no:
        with book.recorder.datastore.reading() as cursor:
            cursor.execute(
                "SELECT * FROM commits WHERE first_no > ? ORDER BY commit_no LIMIT ?",
                (done, _ENTRIES_A_PIECE),
            )
            commits = [CommitRow._make(row) for row in cursor.fetchall()]
        for commit in commits:
            if commit.last_no > head_no:
                return
            members = (next(entries) for _ in range(commit.first_no, commit.last_no + 1))
            yield commit, members
            done = commit.last_no
        if not commits:
            return


def _entries(book: Book, head_no: int) -> Iterator[Recorded]:
    for first in range(1, head_no + 1, _ENTRIES_A_PIECE):
        last = min(head_no, first + _ENTRIES_A_PIECE - 1)
        with book.recorder.datastore.reading() as cursor:
            rows: list[StoredEntry] = book.recorder.by_numbers(cursor, first, last)
        for row, entry in zip(rows, book.entries(first=first, last=last), strict=True):
            yield Recorded(row.originator_id, entry, row.row is None)
