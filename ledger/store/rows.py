"""The rows of a book's tables, as they come and go."""

from typing import Any, NamedTuple, TypeAlias

from ledger.errors import BookDamaged, Problem
from ledger.store.envelope import Commit, Envelope


class Head(NamedTuple):
    """How far a book goes: the number of its last entry, and the root of its tree."""

    no: int
    root: bytes
    """32 bytes that every entry so far has a part in; of an empty book the hash of nothing."""


class StoredEntry(NamedTuple):
    """One row of the log, and what its commit says of it.

    It has the attributes of the library's StoredEvent and takes its place; as a tuple it
    goes into the database as it is.
    """

    no: int
    originator_id: str
    originator_version: int
    topic: str
    state: bytes
    recorded_at: int
    operator: str
    commit_no: int
    sheet: str | None
    row: int | None
    leaf: bytes
    """The first eight bytes of the leaf hash."""
    committed_by: str = ""
    file_name: str | None = None
    file_hash: bytes | None = None

    @property
    def commit(self) -> Commit:
        """What the entries of its commit share."""
        return Commit(self.commit_no, self.committed_by, self.file_name, self.file_hash)

    def within(self, commit: Commit) -> "StoredEntry":
        """Return the row as it will be read when ``commit``, whose own row comes last, is done."""
        if self.commit_no != commit.commit_no:
            return self
        return self._replace(
            committed_by=commit.by, file_name=commit.file_name, file_hash=commit.file_hash
        )

    @property
    def envelope(self) -> Envelope:
        """Where it stands in the book."""
        return Envelope(*self[:4], self.recorded_at, self.operator, self.commit, *self[8:10])


class CommitRow(NamedTuple):
    """One row of the table of commits."""

    commit_no: int
    first_no: int
    last_no: int
    recorded_at: int
    operator: str
    file_name: str | None
    file_hash: bytes | None
    root: bytes
    """The root of the tree over all entries up to ``last_no``."""
    signature: bytes | None = None
    """Ed25519, by the operator, over the checkpoint of that size and root."""


class Last(NamedTuple):
    """The end of a book, zeros while it is empty."""

    head: Head
    recorded_at: int
    commit_no: int
    is_signed: bool
    """Whether an operator signed the last commit: then every later one must be signed."""


Row: TypeAlias = tuple[Any, ...]


def damaged(no: int, reason: str) -> BookDamaged:
    """Return the error of an entry that is not as it was recorded, with the code of why."""
    return BookDamaged(Problem("damaged", value=no, detail=Problem(reason)))
