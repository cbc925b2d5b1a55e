"""Whether our own verification and the second auditor find the same wrong with a random log."""

from pathlib import Path
from random import Random
from typing import NamedTuple

from ledger.audit.everything import everything
from ledger.audit.structure import structure, subject_of
from ledger.book import Book
from ledger.errors import BookDamaged
from tests.random_logs import RandomLog
from tests.shelf import forced

LEAVES = (
    "UPDATE stored_events SET state = CAST(state || x'00' AS BLOB) WHERE no = {no}",
    "UPDATE stored_events SET state = CAST(state AS TEXT) WHERE no = {no}",
    "UPDATE stored_events SET operator = 'x' WHERE no = {no}",
    "UPDATE stored_events SET topic = 'x' WHERE no = {no}",
    "UPDATE stored_events SET recorded_at = recorded_at + 1 WHERE no = {no}",
    "UPDATE stored_events SET row = 7777 WHERE no = {no}",
    "UPDATE stored_events SET leaf = zeroblob(8) WHERE no = {no}",
    "UPDATE stored_events SET originator_id = 'person/Z' WHERE no = {no}",
    "UPDATE commits SET operator = 'somebody' WHERE commit_no = {commit}",
    "UPDATE commits SET file_name = 'other' WHERE commit_no = {commit}",
)
"""What changes the hash of an entry: both must name the same one first."""
OTHERS = (
    "DELETE FROM stored_events WHERE no = {no}",
    "DELETE FROM stored_events WHERE no >= {no}",
    "UPDATE commits SET root = zeroblob(32) WHERE commit_no = {commit}",
    "UPDATE commits SET signature = zeroblob(64) WHERE commit_no = {commit}",
    "UPDATE commits SET last_no = last_no + 1 WHERE commit_no = {commit}",
    "DELETE FROM commits WHERE commit_no = {commit}",
    "UPDATE book SET value = 'UTC' WHERE key = 'timezone'",
    "UPDATE book SET value = zeroblob(32) WHERE key = 'key'",
    "INSERT INTO tree VALUES (8, 0, zeroblob(32))",
)
"""What shows itself elsewhere: both must find something."""


class Judged(NamedTuple):
    """What each of both found: the entries it names, in their order."""

    what: str
    ours: list[int | None]
    theirs: list[int | None]
    first_counts: bool

    @property
    def agrees(self) -> bool:
        """Whether both find it good, or bad with the same first entry where that is told."""
        if not self.first_counts:
            return bool(self.ours) == bool(self.theirs)
        return self.ours[:1] == self.theirs[:1]


def ours(path: Path) -> list[int | None]:
    """Return the entries that our own verification finds something wrong with."""
    try:
        with Book.open(path) as book:
            subject = subject_of(book)
            found = list(structure(subject).findings)
            found = found or list(everything(book, subject, None).findings)
    except BookDamaged:
        return [None]
    return [finding.no for finding in found]


def theirs(path: Path, codes: tuple[str, ...] = ()) -> list[int | None]:
    """Return the entries that the second auditor finds something wrong with, or a certain thing."""
    import auditor  # noqa: PLC0415 - program, found in its folder

    found = auditor.audit(path, [], [])[0]
    return [finding.no for finding in found if not codes or finding.code in codes]


def judged(folder: Path, seed: int) -> Judged:
    """Return what both say of the log of a seed; two of three are damaged after they were made."""
    log = RandomLog(folder, seed)
    random = Random(-1 - seed)
    damages = random.choice((None, LEAVES, OTHERS))
    sql = random.choice(damages) if damages else ""
    if sql:
        with Book.open(log.path) as book:
            last = book.head.no
        sql = sql.format(no=random.randint(1, last), commit=1)
        forced(log.path, (sql, ()))
    # Ours looks at authority only in a log whose hashes are in order.
    second = theirs(log.path, ("leaf", "form") if damages is LEAVES else ())
    return Judged(sql, ours(log.path), second, damages is not OTHERS)
