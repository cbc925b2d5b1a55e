"""Re-derives a span of the log: every leaf hashed again, with what stands beside it in order.

A span is 65,536 entries, a complete subtree of the tree over the book: what one process finds
out of its span, another puts together with those of the others.
"""

import sqlite3
from hashlib import sha256
from typing import Any, NamedTuple

from ledger.audit.findings import Finding, found
from ledger.audit.rows import ROWS, Subject, diagnosed, is_empty, reading
from ledger.proof.tree import EMPTY_ROOT, HEIGHT, WIDTH, complete_roots, node_hash
from ledger.store.envelope import KEPT_BYTES, MAX_LEAF_BYTES, Commit, leaf_content

SPAN_HEIGHT = 2 * HEIGHT
SPAN = 1 << SPAN_HEIGHT
_BEGINNING = -(2**63)
_COMMITS = """
SELECT commit_no, first_no, last_no, operator, file_name, file_hash FROM commits
 WHERE commit_no >= (SELECT commit_no FROM stored_events WHERE no = ?) AND first_no <= ?
 ORDER BY commit_no
"""
_NODES = "SELECT no, hash FROM tree WHERE height = 8 AND no >= ? AND no < ? ORDER BY no"


class Stream(NamedTuple):
    """The part of a stream that lies in a span."""

    first_no: int
    first_version: int
    last_version: int


class Span(NamedTuple):
    """What was made again of a span of the log."""

    first: int
    sound: int
    """How many entries of it are as they should be, from the first on."""
    findings: list[Finding]
    first_moment: int
    last_moment: int
    streams: dict[str, Stream]
    edges: list[tuple[int, bytes]]
    """For each commit that ends in the span: its number, and the hash over the leaves of the
    span up to its last entry (see ``folded``)."""
    root: bytes
    """That over the whole span, where it is complete."""


class Leaves:
    """The leaf hashes of a span, and the complete subtrees over them."""

    def __init__(self, hashes: list[bytes]) -> None:
        self._levels = [hashes]
        while len(self._levels[-1]) > 1:
            self._levels.append(complete_roots(self._levels[-1], 1))

    def nodes(self, height: int) -> list[bytes]:
        """Return the complete subtrees of a height."""
        return self._levels[height] if height < len(self._levels) else []

    def edge(self, count: int) -> bytes:
        """Return the hash over the first ``count`` leaves, at least one (RFC 9162, 2.1.1)."""
        found: bytes | None = None
        height = 0
        while count:
            if count & 1:
                left = self._levels[height][count - 1]
                found = left if found is None else node_hash(left, found)
            count, height = count >> 1, height + 1
        return found or EMPTY_ROOT


def derived_span(part: tuple[Subject, int]) -> Span:
    """Return what the stored bytes of the span say that begins with an entry."""
    subject, first = part
    with reading(subject.path) as cursor:
        return derived(cursor, subject, first, min(first + SPAN - 1, subject.head_no))


def derived(cursor: sqlite3.Cursor, subject: Subject, first: int, last: int) -> Span:
    """Return what the stored bytes of entries ``first`` to ``last`` say.

    ``first`` is the first of a span. The first entry that is not as it was recorded ends it.
    """
    walk = Walk(subject.book_id, first, last)
    findings = []
    try:
        walk.over(cursor)
        complete = len(walk.hashes) == last - first + 1
        wrong = None
    except Wrong as stopped:
        complete, wrong = False, stopped.finding
    except Exception:  # noqa: BLE001 - whatever it stumbled over is found out below, of that row
        complete, wrong = False, None
    if not complete:
        no = first + len(walk.hashes)
        # Rows are read one ahead, so that what could not be read may be the next one.
        findings.append(
            diagnosed(cursor, subject.book_id, no)
            or wrong
            or diagnosed(cursor, subject.book_id, no + 1)
            or found(no, "stored_form_differs")
        )
    leaves = Leaves(walk.hashes)
    findings += _nodes_differ(cursor, first - 1, leaves)
    edges = [(no, leaves.edge(count)) for no, count in walk.ends if count <= len(walk.hashes)]
    root = leaves.edge(SPAN) if len(walk.hashes) == SPAN else b""
    return Span(
        first,
        len(walk.hashes),
        findings,
        walk.first_moment,
        walk.moment,
        walk.streams,
        edges,
        root,
    )


class Wrong(Exception):
    """A row is not what it should be; ``finding`` where the row by itself would not tell why."""

    def __init__(self, finding: Finding | None = None) -> None:
        super().__init__()
        self.finding = finding


class Walk:
    """Goes over the rows of a span, and stops at the first that is not what it should be."""

    def __init__(self, book_id: bytes, first: int, last: int) -> None:
        self._book_id = book_id
        self._first = first
        self._last = last
        self.hashes: list[bytes] = []
        self.ends: list[tuple[int, int]] = []
        """Commits, each with how many entries of the span stand up to its end."""
        self.streams: dict[str, Stream] = {}
        self.first_moment = self.moment = _BEGINNING

    def over(self, cursor: sqlite3.Cursor) -> None:
        """Go over the rows.

        Raises Wrong, or whatever else a value of another type leads to: it is about the row
        after those that are hashed.
        """
        book_id, hashes, versions = self._book_id, self.hashes, dict[str, int]()
        sha, expected, until = sha256, self._first, 0
        commits = iter(cursor.execute(_COMMITS, (self._first, self._last)).fetchall())
        cursor.execute(f"{ROWS} WHERE no BETWEEN ? AND ? ORDER BY no", (self._first, self._last))
        for no, stream, version, kind, state, at, by, commit_no, sheet, row, leaf in cursor:
            if no > until:
                commit, until = self._next_commit(no, next(commits))
            envelope = (no, stream, version, kind, at, by, commit, sheet, row)
            content = leaf_content(book_id, envelope, state)
            made = sha(content).digest()
            if (
                no != expected
                or made[:KEPT_BYTES] != leaf
                or len(content) > MAX_LEAF_BYTES + 1
                or is_empty(sheet)
            ):
                raise Wrong
            if commit_no != commit.commit_no:
                raise Wrong(found(no, "stored_commit_differs", value=commit.commit_no))
            if at < self.moment:
                raise Wrong(found(no, "stored_moment_differs"))
            before = versions.get(stream)
            if before is None:
                self.streams[stream] = Stream(no, version, version)
            elif version != before + 1:
                raise Wrong(found(no, "stored_version_differs", value=stream))
            versions[stream] = version
            if not hashes:
                self.first_moment = at
            self.moment = at
            hashes.append(made)
            expected += 1
        self._settle(versions)

    def _next_commit(self, no: int, row: tuple[Any, ...]) -> tuple[Commit, int]:
        """Return the commit that an entry must belong to, and its last number."""
        commit_no, first_no, last_no, operator, file_name, file_hash = row
        if not first_no <= no <= last_no or is_empty(file_name) or is_empty(file_hash):
            raise Wrong
        if last_no <= self._last:
            self.ends.append((commit_no, last_no - self._first + 1))
        return Commit(commit_no, operator, file_name, file_hash), last_no

    def _settle(self, versions: dict[str, int]) -> None:
        for stream, version in versions.items():
            begun = self.streams[stream]
            if begun.last_version != version:
                self.streams[stream] = begun._replace(last_version=version)


def _nodes_differ(cursor: sqlite3.Cursor, before: int, leaves: Leaves) -> list[Finding]:
    """Return the first stored node over 256 leaves of a span that is not what they make."""
    made, first = leaves.nodes(HEIGHT), before >> HEIGHT
    try:
        stored = dict(cursor.execute(_NODES, (first, first + len(made))).fetchall())
    except sqlite3.Error:
        stored = {}
    for no, node in enumerate(made, first):
        if stored.get(no) != node:
            return [found(no * WIDTH + 1, "stored_tree_differs")]
    return []
