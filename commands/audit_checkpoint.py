"""``rollbook audit checkpoint``: the root of the whole book, made anew and signed."""

import click

from commands.auditing import check_output, checking, file_options, write_text
from commands.books import opened
from commands.command import Command
from commands.language import say
from commands.session import Session
from ledger.audit.identity import signed_checkpoint, signing_key
from ledger.audit.structure import check_structure, subject_of


@click.command(
    cls=Command,
    short_help="sign how the book stands now, for others to keep",
    examples=("rollbook audit checkpoint", "rollbook audit checkpoint -o tanphu-2024.checkpoint"),
)
@file_options
@click.pass_obj
def checkpoint(session: Session, /, *, output: str | None, replace: bool) -> None:
    """Sign how the book stands now: how many entries it has, and the root over all of them.

    Every entry is hashed again from what is stored, and nothing is signed of a book that is
    damaged. Give the checkpoint to people who do not keep the book: an inspection commission,
    the committee above, a newspaper. It is a C2SP tlog-checkpoint; the key to check it with is
    said beside it, and should be on paper with whoever checks.
    """
    check_output(output, replace=replace)
    with opened(session) as book:
        key = signing_key(book)
        subject = subject_of(book)
        with checking(subject.head_no) as tell:
            result = check_structure(subject, tell)
        data = signed_checkpoint(book, result, key)
    write_text(data, output, say("Wrote the checkpoint"), replace=replace)
    told = say("Entries: {number}; root: {root}")
    click.echo(told.format(number=result.head.no, root=result.head.root.hex()), err=True)
    click.echo(say("Key of the book: {key}").format(key=key.key.text), err=True)
