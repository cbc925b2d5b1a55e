"""Files that a command writes: whole or not at all, and never over another one unasked."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj, rmtree
from tempfile import TemporaryDirectory

import click

from commands.language import say
from commands.session import session_of
from ledger.errors import Problem, Refused
from ledger.store.beside import is_of_book
from ledger.store.durable import put_in_place, sync_folder, temporary_beside


def check_free(path: Path, *, replaces: bool) -> None:
    """Check that a file can be made at ``path``, before anything is computed for it.

    Raises Refused: file_exists, unless it ``replaces`` what is there; file_unwritable;
    file_of_book: nothing but the program itself writes to those.
    """
    context = click.get_current_context(silent=True)
    try:
        if context and is_of_book(path, Path(session_of(context).book_path)):
            raise Refused(Problem("file_of_book", value=str(path)))
        if path.is_dir() or not path.parent.is_dir():
            detail = say("that is a folder") if path.is_dir() else say("there is no such folder")
            raise Refused(Problem("file_unwritable", value=str(path), detail=detail))
        if path.exists() and not replaces:
            raise Refused(Problem("file_exists", value=str(path)))
    except OSError as error:
        raise unwritable(path, error) from None


@contextmanager
def whole_file(path: Path, *, replaces: bool = False) -> Iterator[Path]:
    """Give a path to write to; what was written there is at ``path`` when all went well.

    Whatever ends the writing, an interruption too, leaves no part of the file. Only its
    owner may read it, like the keys: it may hold names. Durable at the end. Raises Refused:
    file_exists, file_unwritable.
    """
    check_free(path, replaces=replaces)
    temporary = temporary_beside(path)
    try:
        try:
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            yield temporary
            _sync(temporary)
            _settle(temporary, path, replaces=replaces)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError:
        raise Refused(Problem("file_exists", value=str(path))) from None
    except OSError as error:
        raise unwritable(path, error) from None


@contextmanager
def piped(form: str) -> Iterator[Path]:
    """Give a path to write to; what was written there goes to standard output, once whole."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"result.{form}"
        yield path
        with path.open("rb") as stream:
            copyfileobj(stream, sys.stdout.buffer)


@contextmanager
def workroom(beside: Path) -> Iterator[Path]:
    """Give a folder for the parts of a file, gone at the end: they may hold names, too."""
    folder = beside.with_name(f"{beside.name}.parts")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def written(what: str, path: Path, *, replaced: bool) -> str:
    """Return the sentence that a file was written: ``what`` is such as Wrote 3 rows."""
    told = say("{what}, in the place of the file that was there") if replaced else "{what}"
    return f"{told.format(what=what)}: {path}"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _settle(temporary: Path, path: Path, *, replaces: bool) -> None:
    if replaces:
        temporary.replace(path)
        sync_folder(path.parent)
    else:
        put_in_place(temporary, path)


def unwritable(path: Path, error: OSError) -> Refused:
    """Return the error of a file that could not be written, in the system's own words."""
    # Libraries put more than the system's own sentence into ``strerror``.
    detail = os.strerror(error.errno) if error.errno else str(error)
    return Refused(Problem("file_unwritable", value=str(path), detail=detail))
