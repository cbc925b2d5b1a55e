"""Which files were written from a book that hold personal details, or keys, or all of it.

``NAME.copies`` beside ``NAME.db`` has a line of JSON for each: when, what, where, and the
SHA-256 of the file, so that a file which somebody went on writing in is not taken for ours.
Output that a shell sent to a file is not known here.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from ledger.store.durable import plain_bytes, write_over
from ledger.store.sealing import keys_path

What = Literal["export", "backup", "keys"]
_MOST_BYTES = 1 << 26


class Copy(NamedTuple):
    """A file that was written from a book."""

    at: str
    """When, RFC 3339 in UTC."""
    what: What
    """``export``: with personal details in clear; ``backup`` of the book; ``keys``: its keys."""
    path: str
    sha256: str

    @property
    def is_there(self) -> bool:
        """Whether there is a file of that name."""
        return Path(self.path).is_file()

    @property
    def is_as_written(self) -> bool:
        """Whether the file is there and the same."""
        with suppress(OSError):
            return self.is_there and hash_of(Path(self.path)) == self.sha256
        return False


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """What a line of the list must be: a zone with the moment, all of it given."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    what: What
    path: str
    sha256: str


def copies_path(book_path: Path) -> Path:
    """Return where the list of copies lies: ``NAME.copies`` beside ``NAME.db``."""
    return keys_path(book_path).with_suffix(".copies")


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def note(book_path: Path, written: Path, what: What, now: datetime) -> bool:
    """Put a file that was just written on the list; return whether that could be."""
    with suppress(OSError):
        here = written.resolve()
        copy = Copy(now.isoformat(timespec="seconds"), what, str(here), hash_of(here))
        others = (other for other in copies(book_path) if other.path != copy.path)
        _write(book_path, [*others, copy])
        return True
    return False


def copies(book_path: Path) -> list[Copy]:
    """Return the files on the list, in the order in which they were written.

    A line that is none of ours is passed over.
    """
    found = []
    try:
        lines = plain_bytes(copies_path(book_path), _MOST_BYTES).decode().splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    for line in lines:
        with suppress(ValueError, RecursionError):  # of msgspec the former, too
            said: dict[str, Any] = json.loads(line)
            msgspec.convert(said, _Line)
            found.append(Copy(**said))
    return found


def forget(book_path: Path, gone: Iterable[Copy]) -> None:
    """Take files off the list."""
    paths = {copy.path for copy in gone}
    _write(book_path, [copy for copy in copies(book_path) if copy.path not in paths])


def _write(book_path: Path, found: Iterable[Copy]) -> None:
    # In ASCII: a path may hold a line end of Unicode, or bytes that are no text at all.
    lines = (json.dumps(copy._asdict()) for copy in found)
    write_over(copies_path(book_path), "".join(f"{line}\n" for line in lines).encode("ascii"))
