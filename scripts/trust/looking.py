"""Looks at a book as an auditor would: everything there is to be checked, in every byte."""

from pathlib import Path
from typing import NamedTuple

from ledger.audit.everything import everything
from ledger.audit.structure import structure, subject_of
from ledger.book import Book
from ledger.errors import BookMissing, RollbookError
from ledger.store.epochs import epoch_key_of, is_unfinished
from ledger.store.sealing import Sealer, WrappedKey, keys_path


class Seen(NamedTuple):
    """A book as it was found."""

    commits: tuple[tuple[int, bytes], ...] = ()
    """Last number and root of each commit."""
    keys: frozenset[str] = frozenset()
    """Whose personal details can be opened."""
    epoch: int = 0
    problem: str | None = None
    """What is wrong with it, first of all."""

    @property
    def last_no(self) -> int:
        """The number of the last entry."""
        return self.commits[-1][0] if self.commits else 0


def look(path: Path) -> Seen | None:
    """Return a book as it is, after all checks; None where there is no book."""
    try:
        with Book.open(path, wait_seconds=1.0) as book:
            return _looked(book)
    except BookMissing:
        return None
    except RollbookError as error:
        return Seen(problem=str(error))


def _looked(book: Book) -> Seen:
    subject = subject_of(book)
    with book.recorder.datastore.reading() as cursor:
        rows = cursor.execute("SELECT last_no, root FROM commits ORDER BY commit_no")
        commits = tuple((no, root) for no, root in rows)
        epoch = epoch_key_of(cursor, keys_path(book.path), bytes.fromhex(book.id))
        rows = cursor.execute("SELECT owner, epoch, wrapped, commitment FROM data_keys")
        keys = list(map(WrappedKey._make, rows))
    Sealer(epoch).unwrap(keys)
    findings = structure(subject).findings
    findings = findings or everything(book, subject, epoch).findings
    problem = str(findings[0].error()) if findings else None
    if is_unfinished(book.path):
        problem = problem or "keys: unfinished after the book was opened"
    owners = frozenset(key.owner for key in keys)
    return Seen(commits, owners, epoch.epoch, problem)
