"""What the commands of ``rollbook audit`` share: how they read, say how far they are, and write."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from commands.command import Option
from commands.files import check_free, whole_file, written
from commands.language import say
from commands.parameters import PATH
from commands.progress import Pace
from ledger.errors import Problem, Refused

MOST_FILE_BYTES = 2_000_000
"""The longest file of a checkpoint or proof that is read: a note has at most 1,000,000 bytes."""
_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def file_options(command: _Decorated) -> _Decorated:
    """Give a command ``output`` and ``replace``: the file it writes, and whether over another."""
    replace = click.option(
        "--replace",
        cls=Option,
        is_flag=True,
        help="Put the file in the place of one that is there.",
    )
    output = click.option(
        "-o",
        "--output",
        cls=Option,
        type=PATH,
        metavar="FILE",
        help="Write this file, whole or not at all; by default standard output.",
    )
    decorated: Any = output(replace(command))
    return cast("_Decorated", decorated)


def check_output(output: str | None, *, replace: bool) -> None:
    """Check that a file can be written, before anything is computed for it. Raises Refused."""
    if output is not None:
        check_free(Path(output), replaces=replace)


def write_text(data: bytes, output: str | None, what: str, *, replace: bool) -> None:
    """Write a text for programs of others: to a file, or as it is on standard output.

    ``what`` is a sentence such as Wrote the checkpoint, in the language spoken.
    """
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    path = Path(output)
    replaced = path.exists()
    with whole_file(path, replaces=replace) as temporary:
        temporary.write_bytes(data)
    click.echo(written(what, path, replaced=replaced), err=True)


def read_file(path: str) -> bytes:
    """Return a file that somebody else made. Raises Refused: file_unreadable, file_too_long."""
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("file_unreadable", value=path, detail=detail)) from None
    if len(data) > MOST_FILE_BYTES:
        raise Refused(Problem("note_long", value=len(data), limit=MOST_FILE_BYTES).at(path))
    return data


@contextmanager
def telling(text: str, whole: int) -> Iterator[Callable[[int], None]]:
    """Give what tells a terminal how far a work is: ``text`` with ``{number}`` and ``{whole}``."""
    pace = Pace(text, whole)
    try:
        yield pace.tell
    finally:
        pace.done()


def checking(whole: int) -> AbstractContextManager[Callable[[int], None]]:
    """Give what tells a terminal how many entries were checked, of how many."""
    return telling(say("Checked {number} of {whole} entries"), whole)
