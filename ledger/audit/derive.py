"""Puts together what was made again of the spans of a log: order, commits, tree, the root."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ledger.audit.findings import Finding, found
from ledger.audit.rows import Subject, diagnosed, reading
from ledger.audit.spans import SPAN, SPAN_HEIGHT, Span, derived_span
from ledger.audit.workers import in_parallel
from ledger.proof.tree import EMPTY_ROOT, HASH_BYTES, HEIGHT, node_hash
from ledger.store.rows import CommitRow, Head

_SIGNATURE_BYTES = 64
_COMMITS = """
SELECT commit_no, first_no, last_no, recorded_at, operator, file_name, file_hash, root, signature
  FROM commits WHERE commit_no > ? ORDER BY commit_no LIMIT 10000
"""
_LAST_MOMENT = "SELECT recorded_at FROM stored_events WHERE no = ?"
_MORE_COMMITS = """
SELECT 1 FROM commits
 WHERE commit_no > ? AND NOT (typeof(last_no) = 'integer' AND last_no > ?) LIMIT 1
"""
Tell = Callable[[int], None]
"""Is told how many entries are done."""


class Derived(NamedTuple):
    """What the stored bytes of a book make, and what they contradict."""

    head: Head
    """The number of the last entry, and the root over all: not that which is stored."""
    findings: list[Finding]
    """In the order of entries; only with none of them the head means anything."""


class Peaks:
    """The complete subtrees that a growing tree of spans stands on, the largest first."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, root: bytes) -> list[tuple[int, bytes]]:
        """Append the root of a complete span; return the nodes that became complete."""
        made = [(SPAN_HEIGHT, root)]
        while self._peaks and self._peaks[-1][0] == made[-1][0]:
            height, left = self._peaks.pop()
            made.append((height + 1, node_hash(left, made[-1][1])))
        self._peaks.append(made[-1])
        return made

    def folded(self, edge: bytes | None) -> bytes:
        """Return the root of all spans with ``edge`` right of them (RFC 9162, 2.1.1)."""
        for _, left in reversed(self._peaks):
            edge = left if edge is None else node_hash(left, edge)
        return EMPTY_ROOT if edge is None else edge


class Joined:
    """Takes in span after span, from the first on, and finds what they contradict together."""

    def __init__(self, cursor: sqlite3.Cursor, subject: Subject) -> None:
        self._cursor = cursor
        self._subject = subject
        self._peaks = Peaks()
        self._moment = -(2**63)
        self._versions: dict[str, int] = {}
        self._commits = _commits(cursor, subject)
        self.findings: list[Finding] = []
        self.root = EMPTY_ROOT
        self._commit_no = 0

    def take(self, span: Span) -> None:
        """Take in the next span; once something is wrong, only what is wrong by itself."""
        if not self.findings:
            self._check_order(span)
            self._check_commits(span)
            if span.root:
                self._check_nodes(span.first - 1 + SPAN, self._peaks.add(span.root))
        self.findings += span.findings

    def _check_commits(self, span: Span) -> None:
        for commit_no, edge in span.edges:
            if not self._commit_holds(commit_no, self._peaks.folded(edge)):
                return

    def end(self) -> None:
        """Look for commits that belong to none of the entries."""
        cursor = self._cursor.execute(_MORE_COMMITS, (self._commit_no, self._subject.head_no))
        if not self.findings and cursor.fetchone():
            self.findings.append(found(None, "stored_commits_differ"))

    def _check_order(self, span: Span) -> None:
        """Check what goes on from the span before: moments, and the versions of streams."""
        if span.sound and span.first_moment < self._moment:
            self.findings.append(found(span.first, "stored_moment_differs"))
        self._moment = span.last_moment
        versions, wrong = self._versions, list[tuple[int, str]]()
        for stream, part in span.streams.items():
            if part.first_version != versions.get(stream, 0) + 1:
                wrong.append((part.first_no, stream))
            versions[stream] = part.last_version
        if wrong:
            no, stream = min(wrong)
            self.findings.append(found(no, "stored_version_differs", value=stream))

    def _commit_holds(self, commit_no: int, root: bytes) -> bool:
        """Take the next commit; return whether it is this one, with this root."""
        self.root = root
        commit = next(self._commits, None)
        if isinstance(commit, Finding):
            self.findings.append(commit)
            return False
        if commit is None or commit.commit_no != commit_no:
            self.findings.append(found(None, "stored_commits_differ"))
            return False
        if commit.root != root:
            problem = found(
                commit.first_no, "stored_root_differs", value=commit_no, last=commit.last_no
            )
            self.findings.append(problem)
            return False
        self._commit_no = commit_no
        return True

    def _check_nodes(self, size: int, made: list[tuple[int, bytes]]) -> None:
        for height, node in made:
            if height % HEIGHT:
                continue
            no = (size >> height) - 1
            self._cursor.execute("SELECT hash FROM tree WHERE height = ? AND no = ?", (height, no))
            if self._cursor.fetchone() != (node,):
                self.findings.append(found((no << height) + 1, "stored_tree_differs"))


def _commits(cursor: sqlite3.Cursor, subject: Subject) -> Iterator[CommitRow | Finding]:
    """Yield the commits up to the head, in order; a finding, as the last, where one cannot be."""
    head_no = subject.head_no
    before = CommitRow(0, 0, 0, 0, "", None, None, b"")
    while before.last_no < head_no:
        try:
            rows = cursor.execute(_COMMITS, (before.commit_no,)).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            yield found(before.last_no + 1, "stored_unreadable", value=str(error))
            return
        for row in rows:
            commit = CommitRow._make(row)
            if not _follows(commit, before):
                number = before.commit_no + 1
                yield found(before.last_no + 1, "stored_commit_differs", value=number)
                return
            if not _is_of_its_entries(cursor, commit):
                yield _wrong_of(cursor, subject.book_id, commit)
                return
            yield commit
            before = commit
            if before.last_no >= head_no:
                return
        if not rows:
            yield found(before.last_no + 1, "stored_commit_missing", value=before.commit_no + 1)
            return


def _follows(commit: CommitRow, before: CommitRow) -> bool:
    """Return whether a commit has its types, and begins where the one before ended."""
    typed = (
        all(isinstance(value, int) for value in commit[:4])
        and isinstance(commit.operator, str)
        and isinstance(commit.file_name, str | None)
        and isinstance(commit.file_hash, bytes | None)
        and isinstance(commit.root, bytes)
        and isinstance(commit.signature, bytes | None)
    )
    return (
        typed
        and commit.commit_no == before.commit_no + 1
        and commit.first_no == before.last_no + 1 <= commit.last_no
        and commit.file_name != ""
        and (commit.file_hash is None or len(commit.file_hash) == HASH_BYTES)
        and len(commit.root) == HASH_BYTES
        and len(commit.signature or bytes(_SIGNATURE_BYTES)) == _SIGNATURE_BYTES
    )


def _is_of_its_entries(cursor: sqlite3.Cursor, commit: CommitRow) -> bool:
    """Return whether a commit says the moment of its last entry."""
    row = cursor.connection.execute(_LAST_MOMENT, (commit.last_no,)).fetchone()
    moments: tuple[object, ...] | None = row
    return moments == (commit.recorded_at,)


def _wrong_of(cursor: sqlite3.Cursor, book_id: bytes, commit: CommitRow) -> Finding:
    """Return what is wrong with a commit, or with the first of its entries that is not right."""
    numbers = range(commit.first_no, commit.last_no + 1)
    entries = (diagnosed(cursor.connection.cursor(), book_id, no) for no in numbers)
    problem = next(filter(None, entries), None)
    return problem or found(commit.first_no, "stored_commit_differs", value=commit.commit_no)


def derive(subject: Subject, tell: Tell = lambda _: None) -> Derived:
    """Return what the stored bytes of a book make; ``tell`` learns how far it is.

    Every leaf is hashed again, on all processors. Raises BookDamaged where the file cannot
    be read at all.
    """
    with reading(subject.path) as cursor:
        joined = Joined(cursor, subject)
        parts = [(subject, first) for first in range(1, subject.head_no + 1, SPAN)]
        for span in in_parallel(derived_span, parts):
            joined.take(span)
            tell(min(span.first + SPAN - 1, subject.head_no))
        joined.end()
    return Derived(Head(subject.head_no, joined.root), sorted(joined.findings, key=_order))


def _order(finding: Finding) -> tuple[bool, int]:
    return finding.order
