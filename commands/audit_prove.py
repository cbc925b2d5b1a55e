"""``rollbook audit prove`` and ``confirm``: one entry, or the way between checkpoints."""

from datetime import UTC, datetime, timedelta

import click

from commands.auditing import check_output, checking, file_options, read_file, write_text
from commands.books import opened
from commands.command import Argument, Command, Option
from commands.language import say
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import ENTRY, PATH, TEXT
from commands.session import Session
from ledger.audit.confirming import Confirmed, confirm
from ledger.audit.identity import signed_checkpoint, signing_key
from ledger.audit.proving import checkpoint_in, tree_of
from ledger.audit.structure import check_structure, subject_of
from ledger.book import Book
from ledger.errors import BookDamaged, Problem, WrongUsage
from ledger.proof.checkpoints import Checkpoint, parse_text
from ledger.proof.errors import Unproven
from ledger.proof.keys import parse_key
from ledger.proof.notes import parse_note
from ledger.proof.proofs import format_consistency, format_inclusion

COLUMNS = ("no", "kind", "stream", "recorded_at", "by", "old", "size", "root", "signed_by")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@click.command(
    cls=Command,
    short_help="write a proof that an entry is in the book, or that it continues a checkpoint",
    examples=(
        "rollbook audit prove 12 -o 12.tlog-proof",
        "rollbook audit prove --since 2023.checkpoint -o 2024.proof",
    ),
)
@click.argument("no", cls=Argument, type=ENTRY, required=False, help="Number of the entry.")
@click.option(
    "--since",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="The earlier checkpoint, which the book continues.",
)
@click.option(
    "--checkpoint",
    "checkpoint_path",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="The checkpoint that the proof leads to, instead of signing one of the head.",
)
@file_options
@click.pass_obj
def prove(
    session: Session,
    /,
    *,
    no: int | None,
    since: str | None,
    checkpoint_path: str | None,
    output: str | None,
    replace: bool,
) -> None:
    """Write a proof that can be checked without the book, by `confirm` or by other programs.

    Of an entry it is a C2SP tlog-proof; the entry goes with it as it is stored, its personal
    details sealed. Of two checkpoints it is what C2SP tlog-witness sends to a witness.
    """
    if (no is None) == (since is None):
        raise WrongUsage(Problem("one_of_two", value="NO", other="--since"))
    check_output(output, replace=replace)
    with opened(session) as book:
        note = read_file(checkpoint_path) if checkpoint_path else _signed(book)
        with tree_of(book) as tree:
            checkpoint = checkpoint_in(note, book, tree, checkpoint_path)
            if no is not None:
                data = format_inclusion(tree.inclusion(no, checkpoint, note))
            else:
                old = checkpoint_of(since or "")
                data = format_consistency(tree.consistency(old, checkpoint, note))
    write_text(data, output, say("Wrote the proof"), replace=replace)


def _signed(book: Book) -> bytes:
    """Return the checkpoint of the head, re-derived and signed."""
    key = signing_key(book)
    subject = subject_of(book)
    with checking(subject.head_no) as tell:
        return signed_checkpoint(book, check_structure(subject, tell), key)


def checkpoint_of(path: str) -> Checkpoint:
    """Return the checkpoint in a file, or that a proof leads to; its signatures are not checked."""
    data = read_file(path)
    try:
        return parse_text(parse_note(data.partition(b"\n\n")[2] if _is_proof(data) else data).text)
    except Unproven as problem:
        raise problem.at(path) from None


def _is_proof(data: bytes) -> bool:
    return data.startswith((b"old ", b"c2sp.org/tlog-proof"))


@click.command(
    name="confirm",
    cls=Command,
    short_help="check a proof or checkpoint, without the book",
    examples=(
        "rollbook audit confirm 12.tlog-proof --vkey 'rollbook/6a21…+0469b7a5+AdMm…'",
        "rollbook audit confirm 2024.proof --since 2023.checkpoint --vkey 'rollbook/6a21…+04…'",
    ),
)
@click.argument(
    "path", cls=Argument, type=PATH, metavar="FILE", help="The proof, or a checkpoint alone."
)
@click.option(
    "--vkey",
    "vkeys",
    cls=Option,
    type=TEXT,
    multiple=True,
    required=True,
    metavar="KEY",
    help="The key that must have signed it, from paper; several if any of them will do.",
)
@click.option(
    "--since",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="Your own earlier checkpoint, which a proof of continuation is from.",
)
@output_options
def confirm_(*, form: str, path: str, vkeys: tuple[str, ...], since: str | None) -> None:
    """Check a proof or a checkpoint. No book is needed, and nothing else of whoever made it.

    The exit status is 12 where it does not prove what it should.
    """
    keys = [parse_key(text) for text in vkeys]
    data = read_file(path)
    old = checkpoint_of(since) if since else None
    try:
        found = confirm(data, keys, old)
    except Unproven as problem:
        raise BookDamaged(problem.at(path)) from None
    about = []
    if form in FOR_PEOPLE:
        about.append(say("Proven, as far as the key is whose you take it to be."))
    write(
        form,
        [Sheet(COLUMNS if form not in FOR_PEOPLE else _told(found), [_row(found)])],
        about=about,
    )


def _told(found: Confirmed) -> list[str]:
    """Return the columns that people see."""
    row = _row(found)
    return [name for name in COLUMNS if row[name] is not None and name != "root"]


def _row(found: Confirmed) -> dict[str, object]:
    entry, checkpoint = found.entry, found.opened.checkpoint
    moment = entry and _EPOCH + timedelta(microseconds=entry.recorded_at)
    return {
        "no": entry and entry.no,
        "kind": entry and entry.kind,
        "stream": entry and entry.stream,
        "recorded_at": moment,
        "by": entry and entry.by,
        "old": found.old and found.old.size,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "signed_by": [signer.key.name for signer in found.opened.signers],
    }
