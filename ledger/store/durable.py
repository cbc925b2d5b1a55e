"""New files that are there whole or not at all, and still there after a power cut."""

import os
import time
from contextlib import suppress
from glob import escape
from pathlib import Path

_LEFT_SECONDS = 24 * 3_600
"""Nobody builds a file for so long."""


def temporary_beside(path: Path) -> Path:
    """Return a name in the folder of ``path`` to build the file under.

    What a process that was killed left there under such a name is removed: it may hold names.
    """
    for left in path.parent.glob(f".{escape(path.name)}.*.new"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LEFT_SECONDS:
                left.unlink()
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def sync_folder(folder: Path) -> None:
    """Make names given in ``folder`` durable; where folders cannot be opened, do nothing."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except (PermissionError, IsADirectoryError):
        return  # Windows: its file systems keep names by themselves
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(temporary: Path, path: Path) -> None:
    """Give the finished file ``temporary`` the name ``path``, durably.

    Raises FileExistsError, and leaves both as they are, when there is a file already.
    """
    try:
        # A link is refused when the name is taken; renaming would overwrite it silently.
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():  # a file system without links, such as that of a USB stick
            raise FileExistsError(str(path)) from None
        temporary.rename(path)
    else:
        temporary.unlink()
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; raise FileExistsError if there is one.

    Durable at return. On Windows the mode means nothing: the folder's rights decide.
    """
    temporary = temporary_beside(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
