"""``rollbook audit compare``: what of an earlier state is no longer so."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from commands.auditing import checking, read_file
from commands.books import opened
from commands.command import Argument, Command
from commands.language import say, word
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.session import Session
from ledger.audit.comparing import (
    Difference,
    against_checkpoint,
    against_entries,
    old_copy,
    old_export,
)
from ledger.audit.identity import book_key
from ledger.audit.proving import BookTree, tree_of
from ledger.audit.structure import check_structure, subject_of
from ledger.book import Book
from ledger.errors import BookDamaged, Problem, Refused
from ledger.proof.checkpoints import Checkpoint, open_checkpoint
from ledger.proof.errors import Unproven

COLUMNS = ("no", "commit_no", "change", "parts")
_SQLITE = b"SQLite format 3\0"


@click.command(
    cls=Command,
    short_help="say what of an earlier checkpoint, copy or export is no longer so",
    examples=(
        "rollbook audit compare 2023.checkpoint",
        "rollbook audit compare backup/tanphu.db",
        "rollbook audit compare tanphu-log",
    ),
)
@click.argument(
    "old",
    cls=Argument,
    type=click.Path(),
    metavar="OLD",
    help="An earlier checkpoint, another copy of the book, or the folder of an export.",
)
@output_options
@click.pass_context
def compare(ctx: click.Context, /, *, form: str, old: str) -> None:
    """Say what of an earlier state of the book is no longer so.

    It leaves with 0 when the book continues it, else with 1: entries were changed (and which
    parts of them), the end was cut off, or the book went another way from an entry on
    (forked). A checkpoint alone cannot tell which entry it was; a copy and an export can.
    """
    session: Session = ctx.obj
    path = Path(old)
    with opened(session) as book, tree_of(book) as tree:
        found = _found(book, tree, path)
        rows = [
            {
                "no": one.no,
                "commit_no": one.commit_no,
                "change": word("change", one.change) if form in FOR_PEOPLE else one.change,
                "parts": list(one.parts),
            }
            for one in found
        ]
        if rows or form not in FOR_PEOPLE:
            write(form, [Sheet(COLUMNS, rows)])
        else:
            told = say("The book, of {number} entries, continues {path}.")
            click.echo(told.format(number=tree.size, path=old))
    if found:
        ctx.exit(1)


def _found(book: Book, tree: BookTree, path: Path) -> Sequence[Difference]:
    if path.is_dir():
        export = old_export(path)
        _check_same(export.checkpoint.origin, book)
        _open(export.note, book, path / "checkpoint")
        return against_entries(tree, export.old)
    if _is_book(path):
        with closing(Book.open(path)) as other, tree_of(other) as before:
            _check_same(book_key(other).name, book)
            _check_whole(other, path)
            return against_entries(tree, old_copy(before))
    checkpoint = _open(read_file(str(path)), book, path)
    subject = subject_of(book)
    with checking(subject.head_no) as tell:
        check_structure(subject, tell)
    return against_checkpoint(tree, checkpoint)


def _open(note: bytes, book: Book, path: Path) -> Checkpoint:
    """Return a checkpoint that the book has signed."""
    key = book_key(book)
    try:
        return open_checkpoint(note, key.name, [key]).checkpoint
    except Unproven as problem:
        raise problem.at(str(path)) from None


def _check_whole(other: Book, path: Path) -> None:
    """Raise BookDamaged where the other copy is: what differs would be laid to this one."""
    subject = subject_of(other)
    try:
        with checking(subject.head_no) as tell:
            check_structure(subject, tell)
    except BookDamaged as error:
        raise BookDamaged(*(problem.at(str(path)) for problem in error.problems)) from None


def _is_book(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("file_unreadable", value=str(path), detail=detail)) from None


def _check_same(origin: str, book: Book) -> None:
    expected = book_key(book).name
    if origin != expected:
        raise Refused(Unproven("checkpoint_origin", value=origin, expected=expected))
