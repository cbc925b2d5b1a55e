"""The furthest head that this machine has seen of a book: ``NAME.seen`` beside ``NAME.db``."""

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import RollbookError
from ledger.store.durable import plain_bytes, temporary_beside
from ledger.store.rows import Head
from ledger.store.sealing import keys_path

if TYPE_CHECKING:
    from ledger.book import Book

FORMAT = "rollbook-seen 1"
_MOST_BYTES = 1_000
_HEAD = re.compile(r"head (0|[1-9][0-9]{0,18}) ([0-9a-f]{64})")


def seen_path(book_path: Path) -> Path:
    """Return where it is kept."""
    return keys_path(book_path).with_suffix(".seen")


def seen(book_path: Path, book_id: str) -> Head | None:
    """Return the furthest head seen of the book with that id, None where none is kept."""
    try:
        lines = plain_bytes(seen_path(book_path), _MOST_BYTES).decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    is_ours = lines[:2] == [FORMAT, f"book {book_id}"]
    said = _HEAD.fullmatch("".join(lines[2:])) if is_ours else None
    return Head(int(said[1]), bytes.fromhex(said[2])) if said else None


def continues(book: "Book") -> bool:
    """Return whether a book is as it was seen here, or goes on from there; True if it never was.

    What ends in damage elsewhere is no matter of this, and True.
    """
    before = seen(book.path, book.id)
    if before is None or not before.no:
        return True
    with suppress(RollbookError), book.recorder.datastore.reading() as cursor:
        cursor.execute("SELECT root FROM commits WHERE last_no = ?", (before.no,))
        return bool(cursor.fetchone() == (before.root,))
    return True


def remember(book_path: Path, book_id: str, head: Head) -> None:
    """Keep a head that continues the one kept, if it is further; where that cannot be, leave it."""
    before = seen(book_path, book_id)
    if before is None or before.no < head.no:
        write(book_path, book_id, head)


def write(book_path: Path, book_id: str, head: Head) -> None:
    """Keep a head, whatever was kept before."""
    text = f"{FORMAT}\nbook {book_id}\nhead {head.no} {head.root.hex()}\n"
    path = seen_path(book_path)
    temporary = temporary_beside(path)
    with suppress(OSError):  # not synced: what is lost of it is only seen again
        temporary.write_text(text, encoding="ascii")
        temporary.replace(path)
