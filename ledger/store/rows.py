"""The rows of a book's tables, as they come and go."""

from typing import Any, NamedTuple, TypeAlias

from ledger.errors import BookDamaged, Problem


class Head(NamedTuple):
    """The last entry of a book: its number and its leaf hash; 0 and 32 zero bytes if empty."""

    no: int
    leaf: bytes


class StoredEntry(NamedTuple):
    """One row of the log, and the hash of the file it came from.

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
    file_hash: bytes | None = None


class CommitRow(NamedTuple):
    """One row of the table of commits."""

    commit_no: int
    first_no: int
    last_no: int
    recorded_at: int
    operator: str
    file_name: str | None
    file_hash: bytes | None


class Last(NamedTuple):
    """The end of a book, zeros while it is empty."""

    head: Head
    recorded_at: int
    commit_no: int


Row: TypeAlias = tuple[Any, ...]


def damaged(no: int, reason: str) -> BookDamaged:
    """Return the error of an entry that is not as it was recorded, with the code of why."""
    return BookDamaged(Problem("damaged", value=no, detail=Problem(reason)))
