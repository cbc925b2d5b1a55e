"""The files that are a book's own, and that nothing else is ever written to."""

import os
from contextlib import suppress
from pathlib import Path

from ledger.store.sealing import keys_path

_OF_SQLITE = ("", "-journal", "-wal", "-shm")
_OURS = (".keys", ".seen", ".erased", ".copies", ".cache")


def is_of_book(path: Path, book_path: Path) -> bool:
    """Return whether a path is that of a book, of what lies beside it, or of an operator's key.

    Also where there is no such file yet, or it has another name or folder by a link.
    """
    own = [book_path.with_name(f"{book_path.name}{end}") for end in _OF_SQLITE]
    own += [keys_path(book_path).with_suffix(end) for end in _OURS]
    own += book_path.parent.glob("*.key") if path.suffix == ".key" else ()
    here = Path(os.path.realpath(path))
    return any(here == Path(os.path.realpath(each)) or _is_same(path, each) for each in own)


def _is_same(path: Path, other: Path) -> bool:
    with suppress(OSError):
        return path.samefile(other)
    return False
