"""New files that are there whole or not at all, and still there after a power cut."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EFBIG, EINVAL
from glob import escape
from io import BufferedReader
from pathlib import Path

_LEFT_SECONDS = 24 * 3_600
"""Nobody builds a file for so long."""


def temporary_beside(path: Path) -> Path:
    """Return a name in the folder of ``path`` to build the file under.

    What a process that was killed left there under such a name is removed, with the journal of
    a book that was being built: it may hold names.
    """
    for left in _temporaries(path, "*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LEFT_SECONDS:
                left.unlink()
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def open_plain(path: Path) -> BufferedReader:
    """Return a plain file open for reading; raise OSError where it is another thing.

    A pipe or a device in the place of a file would be waited for, or never end.
    """
    if not path.is_file():
        path.stat()  # raises where there is nothing
        raise OSError(EINVAL, "that is no plain file", str(path))
    return path.open("rb")


def plain_bytes(path: Path, most: int | None = None) -> bytes:
    """Return the content of a plain file; raise OSError where it is another thing, or longer."""
    with open_plain(path) as stream:
        content = stream.read() if most is None else stream.read(most + 1)
    if most is not None and len(content) > most:
        raise OSError(EFBIG, "the file is too long", str(path))
    return content


def _temporaries(path: Path, end: str = "") -> Iterator[Path]:
    yield from path.parent.glob(f".{escape(path.name)}.*.new{end}")


def left_beside(path: Path) -> list[Path]:
    """Return the files that processes build under the name ``path``, or left when killed."""
    return sorted(_temporaries(path))


def leave_one_name(path: Path) -> None:
    """Take from the file at ``path`` the name it was built under, if a killed process left it.

    Only a name of the very same file goes; what others are building stays.
    """
    with suppress(OSError):
        about = path.stat()
        for left in _temporaries(path) if about.st_nlink > 1 else ():
            if os.path.samestat(left.lstat(), about):
                left.unlink()


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
        temporary.unlink(missing_ok=True)  # whoever opened the file meanwhile may have done it
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; raise FileExistsError if there is one.

    Durable at return. On Windows the mode means nothing: the folder's rights decide.
    """
    with _built(path, content) as temporary:
        put_in_place(temporary, path)


def write_over(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read in the place of the one there, if there is one.

    Durable at return. What was in the old one is overwritten where it lies, as far as the
    file system keeps the place of what is written over.
    """
    with _built(path, content) as temporary:
        # Windows replaces no file that is open.
        old = os.open(path, os.O_RDWR) if os.name != "nt" and path.exists() else None
        try:
            temporary.replace(path)
            sync_folder(path.parent)
            if old is not None:
                os.write(old, bytes(os.fstat(old).st_size))
                os.fsync(old)
        finally:
            if old is not None:
                os.close(old)


@contextmanager
def _built(path: Path, content: bytes) -> Iterator[Path]:
    """Give a synced file of that content beside ``path``, gone at the end unless renamed."""
    temporary = temporary_beside(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
