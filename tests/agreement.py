"""Whether our own verification and the second auditor find the same wrong with a random log."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import NamedTuple

from ledger.audit.everything import everything
from ledger.audit.identity import signed_checkpoint, signing_key
from ledger.audit.pinned import check_since
from ledger.audit.problems import AUDITS
from ledger.audit.structure import check_structure, structure, subject_of
from ledger.authority.commits import signed_text
from ledger.authority.facts import displaced_by
from ledger.authority.operators import origin_of
from ledger.authority.problems import AUTHORITY
from ledger.book import Book
from ledger.errors import BookDamaged
from ledger.lifecycle.references import named_streams
from ledger.proof.tree import root
from ledger.store.codec import Codec
from ledger.store.envelope import leaf_of
from ledger.store.mapper import BookMapper
from ledger.store.rows import StoredEntry
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


_SHARED = frozenset(AUTHORITY) | (
    frozenset(code for code in AUDITS if code.startswith("stored_"))
    - {"stored_mention_differs", "stored_impossible"}
)
UNSIGNED, BY_ANOTHER, AS_ANOTHER = "signatures as they were", "signed by another", "as another"
"""What a forger can do about the signatures under what they wrote anew: nothing; sign with the key
of another operator, which they have; say that the other recorded it."""


class Judged(NamedTuple):
    """What each of both found: the entries it names, in their order."""

    what: str
    ours: list[int | None]
    theirs: list[int | None]
    first_counts: bool
    is_kept: bool = True
    """Whether both find it with a checkpoint of before that was kept elsewhere."""

    @property
    def agrees(self) -> bool:
        """Whether both find it good, or bad with the same first entry where that is told."""
        if not self.is_kept:
            return False
        if not self.first_counts:
            return bool(self.ours) == bool(self.theirs)
        return self.ours[:1] == self.theirs[:1]


def ours(path: Path, note: bytes | None = None, *, shared: bool = False) -> list[int | None]:
    """Return the entries that our own verification finds something wrong with.

    ``note``: a checkpoint that the book must continue. ``shared``: only what the second auditor
    looks at, too; it does not look at whether all fields of an entry make sense, nor whether
    what it says can have happened.
    """
    try:
        with Book.open(path) as book:
            subject = subject_of(book)
            found = list(structure(subject).findings)
            found = found or list(everything(book, subject, None).findings)
            if note and not found:
                check_since(book, note, "kept", (), None)
    except BookDamaged:
        return [None]
    return [finding.no for finding in found if not shared or finding.problem.code in _SHARED]


def theirs(
    path: Path, codes: tuple[str, ...] = (), kept: tuple[Path, ...] = ()
) -> list[int | None]:
    """Return the entries that the second auditor finds something wrong with, or a certain thing.

    ``kept``: files of checkpoints that the log must continue.
    """
    import auditor  # noqa: PLC0415 - program, found in its folder

    found = auditor.audit(path, list(kept), [])[0]
    return [finding.no for finding in found if not codes or finding.code in codes]


def judged(folder: Path, seed: int) -> Judged:
    """Return what both say of the log of a seed; three of four are damaged after they were made."""
    log = RandomLog(folder, seed)
    random = Random(-1 - seed)
    damages = random.choice((None, LEAVES, OTHERS, "forged"))
    if damages == "forged":
        return forged(log, random)
    sql = random.choice(damages) if damages else ""
    if sql:
        with Book.open(log.path) as book:
            last = book.head.no
        sql = sql.format(no=random.randint(1, last), commit=1)
        forced(log.path, (sql, ()))
    # Ours looks at authority only in a log whose hashes are in order.
    second = theirs(log.path, ("leaf", "form") if damages is LEAVES else ())
    return Judged(sql, ours(log.path), second, damages is not OTHERS)


def forged(log: RandomLog, random: Random) -> Judged:
    """Edit an entry of a log, write all that can be made to fit anew, and return what both say.

    The forger has no key of the book, and of operators at most another one's.
    """
    from trust.editing import EDITS  # noqa: PLC0415 - programs, found in their folder
    from trust.forging import fitting, read, write  # noqa: PLC0415 - as above

    kept = log.path.with_suffix(".checkpoint")
    with Book.open(log.path) as book:
        before = check_structure(subject_of(book))
        kept.write_bytes(signed_checkpoint(book, before, signing_key(book)))
    whole = read(log.path)
    name, no = random.choice([*EDITS]), random.randint(1, len(whole.rows))
    how = random.choice((UNSIGNED, BY_ANOTHER, AS_ANOTHER))
    edited = EDITS[name](whole, no)
    if edited is None or not edited.rows:
        return Judged("", ours(log.path), theirs(log.path), first_counts=True)
    true = {(commit.last_no, commit.root) for commit in whole.commits}
    if how == AS_ANOTHER:
        other = random.choice([*log.office.keys] or ["root"])
        since = edited.rows[min(no, len(edited.rows)) - 1].commit_no
        renamed = [
            commit._replace(operator=other) if commit.commit_no >= since else commit
            for commit in edited.commits
        ]
        edited = edited._replace(commits=renamed)
    made = fitting(edited)
    if how != UNSIGNED:
        commits = []
        for commit in made.commits:
            others = [code for code in log.office.keys if code != commit.operator]
            signer = commit.operator if how == AS_ANOTHER else random.choice(others or [""])
            key = log.office.keys.get(signer)
            if key and commit.signature and (commit.last_no, commit.root) not in true:
                text = signed_text(origin_of(made.book_id), commit.last_no, commit.root)
                commit = commit._replace(signature=key.sign(text))  # noqa: PLW2901 - signed anew
            commits.append(commit)
        made = made._replace(commits=commits)
    write(log.path, made)
    write_beside(log.path, made.book_id, made.rows)
    # What only goes on after the checkpoint continues it: nothing of before was forged then.
    first = [leaf_of(made.book_id, row.envelope, row.state) for row in made.rows[: before.head.no]]
    goes_on = len(first) == before.head.no and root(first) == before.head.root
    note = kept.read_bytes()
    is_kept = goes_on or bool(ours(log.path, note) and theirs(log.path, (), (kept,)))
    what, second = f"{name} at {no}, {how}", theirs(log.path)
    return Judged(
        what, ours(log.path, shared=not second), second, first_counts=False, is_kept=is_kept
    )


def write_beside(path: Path, book_id: bytes, rows: Iterable[StoredEntry]) -> None:
    """Write anew what stands beside the log of a closed book: what is named and displaced."""
    mapper = BookMapper(book_id, Codec())
    mentions, displaced = set[tuple[str, int]](), dict[int, int]()
    for row in rows:
        try:
            entry = mapper.read(row)
        except BookDamaged:
            continue
        mentions |= {(named, row.no) for named in named_streams(entry)}
        dead = displaced_by(entry)
        if dead is not None:
            displaced[dead] = row.no
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM mentions")
        connection.execute("DELETE FROM displaced")
        connection.executemany("INSERT INTO mentions VALUES (?, ?)", mentions)
        connection.executemany("INSERT INTO displaced VALUES (?, ?)", displaced.items())
        connection.commit()
