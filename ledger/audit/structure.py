"""The structure of a book: that it is whole, in order, and as its own tree says.

Nothing is decoded. What the entries mean, and everything that lies beside them, is looked at
by ``everything.py``.
"""

import sqlite3
from collections.abc import Iterator

from ledger.audit.derive import Derived, Tell, derive
from ledger.audit.findings import Finding, found
from ledger.audit.rows import Subject, reading
from ledger.book import Book
from ledger.proof.tree import HASH_BYTES, HEIGHT
from ledger.store import schema

_SETTINGS = {"id": "blob", "format": "integer", "timezone": "text", "name": "text", "key": "blob"}
"""What a book says of itself, with the type of each."""
_ENDS = """
SELECT (SELECT count(*) FROM stored_events), (SELECT min(no) FROM stored_events),
       (SELECT max(no) FROM stored_events), (SELECT count(*) FROM commits),
       (SELECT min(commit_no) FROM commits), (SELECT max(commit_no) FROM commits),
       (SELECT last_no FROM commits ORDER BY commit_no DESC LIMIT 1)
"""
_ROWS = "SELECT count(*) FROM stored_events NOT INDEXED"
"""Not what an index says of how many there are."""
_TREE = "SELECT height, no, typeof(height), typeof(no), typeof(hash), length(hash) FROM tree"
_LEVELS = range(HEIGHT, 64, HEIGHT)


def subject_of(book: Book) -> Subject:
    """Return what there is to be looked at in a book: all that its log or its commits hold.

    Of a log with a gap, as far as the gap.
    """
    with reading(str(book.path)) as cursor:
        count, _, last, _, _, _, committed = cursor.execute(_ENDS).fetchone()
    ends = [end for end in (last, committed) if isinstance(end, int)]
    return Subject(str(book.path), bytes.fromhex(book.id), min(max(ends, default=0), count + 1))


def structure(subject: Subject, tell: Tell = lambda _: None) -> Derived:
    """Return what a book's stored bytes make, and everything about it that is not in order.

    Raises BookDamaged where the file cannot be read at all.
    """
    result = derive(subject, tell)
    findings = [*result.findings]
    with reading(subject.path) as cursor:
        for check in (_ends, _tree, _settings, _objects, _file):
            try:
                findings += check(cursor)
            except (sqlite3.Error, UnicodeDecodeError) as error:
                findings.append(found(None, "stored_unreadable", value=str(error)))
    return result._replace(findings=sorted(findings, key=lambda finding: finding.order))


def check_structure(subject: Subject, tell: Tell = lambda _: None) -> Derived:
    """Return what a book's stored bytes make; raise BookDamaged with the first that is wrong."""
    result = structure(subject, tell)
    if result.findings:
        raise result.findings[0].error()
    return result


def _ends(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    """Find gaps in the log and its commits, and whether they end at different entries."""
    count, first, last, commits, first_commit, last_commit, ended = cursor.execute(_ENDS).fetchone()
    if count and (first, last) != (1, count) and count != cursor.execute(_ROWS).fetchone()[0]:
        for (text,) in cursor.execute("PRAGMA integrity_check(1)"):
            yield found(None, "stored_file_differs", value=text)
    elif count and (first, last) != (1, count):
        # Where rows are out of order, or have no numbers, the end says nothing of where that is.
        is_other = isinstance(first, int) and first != 1
        is_further = isinstance(last, int) and last > count
        no = first if is_other else count + 1 if is_further else None
        yield found(no, "stored_ends_differ")
    elif ended != last:  # which entry that begins with is found where commits are followed
        yield found(None, "stored_commits_differ")
    if commits and (first_commit, last_commit) != (1, commits):
        yield found(None, "stored_commits_differ")


def _tree(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    """Find a node of the tree that so many entries do not make."""
    count = cursor.execute("SELECT count(*) FROM stored_events").fetchone()[0]
    expected = sum(count >> height for height in _LEVELS)
    if cursor.execute("SELECT count(*) FROM tree").fetchone()[0] == expected:
        levels = dict(cursor.execute("SELECT height, count(*) FROM tree GROUP BY height"))
        if levels == {height: count >> height for height in _LEVELS if count >> height}:
            return
    for height, no, *types, length in cursor.execute(_TREE):
        typed = [*types] == ["integer", "integer", "blob"] and length == HASH_BYTES
        if not typed or height not in _LEVELS or not 0 <= no < count >> height:
            yield found(None, "stored_tree_more", value=f"{height}/{no}")
            return


def _settings(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    """Find what the book says of itself that its id does not answer for."""
    for key, kind in cursor.execute("SELECT key, typeof(value) FROM book"):
        if _SETTINGS.get(key) != kind:
            yield found(None, "stored_setting_unknown", value=key)


def _objects(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    """Find tables and triggers that are not those of a book: by them it only grows."""
    for name in sorted({*schema.strange(cursor), *schema.missing(cursor)}):
        yield found(None, "stored_schema_differs", value=name)
    header = cursor.execute("PRAGMA application_id").fetchone()[0]
    if header != schema.APPLICATION_ID:
        yield found(None, "stored_schema_differs", value="application_id")


def _file(cursor: sqlite3.Cursor) -> Iterator[Finding]:
    """Find pages of the file that do not hang together, as far as SQLite can tell quickly."""
    for (text,) in cursor.execute("PRAGMA quick_check(1)"):
        if text != "ok":
            yield found(None, "stored_file_differs", value=text)
