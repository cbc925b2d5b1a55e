"""``rollbook audit export``: the log as static files, for auditors with programs of their own."""

from pathlib import Path

import click

from commands.auditing import checking, read_file, telling
from commands.books import opened
from commands.command import Argument, Command, Option
from commands.files import unwritable
from commands.language import say, say_number
from commands.parameters import PATH
from commands.session import Session
from ledger.audit.export import export_log
from ledger.audit.identity import signed_checkpoint, signing_key
from ledger.audit.proving import checkpoint_in, tree_of
from ledger.audit.structure import check_structure, subject_of


@click.command(
    cls=Command,
    short_help="write the log as static tiles that any auditor can read",
    examples=(
        "rollbook audit export tanphu-log",
        "rollbook audit export tanphu-log --checkpoint tanphu.checkpoint",
    ),
)
@click.argument(
    "folder", cls=Argument, type=click.Path(file_okay=False), metavar="DIR", help="The folder."
)
@click.option(
    "--checkpoint",
    "checkpoint_path",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="Export the book as far as this checkpoint, with its cosignatures, instead of signing "
    "one.",
)
@click.pass_obj
def export(session: Session, /, *, folder: str, checkpoint_path: str | None) -> None:
    """Write the log as static files: C2SP tlog-tiles, with a checkpoint.

    Whoever has the folder can check every entry, commit and signature without Rollbook; what
    is sealed stays sealed, and no keys are in it. Codes of persons and what happened to them
    are: give it to those who may know who is a member.

    Into a folder that has an earlier export of the book only what is new is written. A folder
    that the book is no continuation of is refused.
    """
    with opened(session) as book:
        if checkpoint_path is None:
            signing_key(book)  # what is missing is said before the book is gone through
        subject = subject_of(book)
        with checking(subject.head_no) as tell:
            result = check_structure(subject, tell)
        with tree_of(book) as tree:
            given = read_file(checkpoint_path) if checkpoint_path else None
            note = given or signed_checkpoint(book, result, signing_key(book))
            checkpoint = checkpoint_in(note, book, tree, checkpoint_path)
            with telling(say("Wrote {number} of {whole} entries"), checkpoint.size) as tell:
                try:
                    export_log(tree, Path(folder), checkpoint, note, tell)
                except OSError as error:
                    raise unwritable(Path(folder), error) from None
    what = say_number("Wrote {number} entry", "Wrote {number} entries", checkpoint.size)
    click.echo(f"{what}: {folder}", err=True)
