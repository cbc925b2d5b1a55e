"""``rollbook audit verify``: whether the book is the book, and how far that can be known."""

from collections.abc import Iterator

import click

from commands.auditing import checking, read_file
from commands.books import opened
from commands.command import Command, Option
from commands.failure import problem_text
from commands.language import say, say_number
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import PATH, TEXT, OneOf
from commands.session import Session
from commands.verified import Verified
from ledger.audit.derive import Derived
from ledger.audit.everything import everything
from ledger.audit.findings import Finding
from ledger.audit.identity import signing_key
from ledger.audit.pinned import check_since
from ledger.audit.structure import structure, subject_of
from ledger.book import Book
from ledger.errors import BookDamaged, Problem
from ledger.proof.errors import Unproven
from ledger.proof.keys import parse_key
from ledger.proof.policy import Policy, parse_policy
from ledger.store.sealing import EpochKey, keys_path, read_keys

COLUMNS = ("no", "problem", "detail")
STRUCTURE, FULL = "structure", "full"


@click.command(
    cls=Command,
    short_help="check every entry, and name the first that is not as it was recorded",
    examples=(
        "rollbook audit verify",
        "rollbook audit verify --depth full",
        "rollbook audit verify --since kept.checkpoint --vkey 'rollbook/6a21…+0469b7a5+AdMm…'",
    ),
)
@click.option(
    "--depth",
    cls=Option,
    type=OneOf((STRUCTURE, FULL)),
    default=STRUCTURE,
    show_default=True,
    help="structure: every byte hashed again, order, commits, tree; full: also what the entries "
    "say, seals, signatures, and all that is derived.",
)
@click.option(
    "--since",
    "kept",
    cls=Option,
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="A checkpoint kept elsewhere, which the book must continue; may be given several times.",
)
@click.option(
    "--vkey",
    "vkeys",
    cls=Option,
    type=TEXT,
    multiple=True,
    metavar="KEY",
    help="A key that must have signed the checkpoints: that of the book or of a keeper.",
)
@click.option(
    "--policy",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="Whom to trust about checkpoints, as C2SP tlog-policy writes it.",
)
@click.option(
    "--from-start",
    cls=Option,
    is_flag=True,
    help="Read all entries again, also those that were found right before.",
)
@output_options
@click.pass_obj
def verify(
    session: Session,
    /,
    *,
    form: str,
    depth: str,
    kept: tuple[str, ...],
    vkeys: tuple[str, ...],
    policy: str | None,
    from_start: bool,
) -> None:
    """Check the book against itself, and against checkpoints that were kept elsewhere.

    The first entry that is not as it was recorded is named, and what is wrong with it; the
    exit status is then 12. Every entry is always hashed again from what is stored. What full
    verification found right before is not read again while the root over it is the same.

    Without --since nothing can be known about a book that was written anew as a whole, or cut
    at its end.
    """
    notes = [(path, read_file(path)) for path in kept]
    trusted = _policy(policy)
    keys = [parse_key(text) for text in vkeys]
    with opened(session) as book:
        subject = subject_of(book)
        with checking(subject.head_no) as tell:
            result = structure(subject, tell)
        findings = list(result.findings)
        about = [_entries_told(result)] if not findings else []
        if not findings:
            for path, note in notes:
                signers = check_since(book, note, path, keys, trusted)
                about.append(_since_told(path, signers))
        if depth == FULL and not findings:
            findings += _full(book, result, about, from_start=from_start)
        elif not findings:
            about.append(say("Not looked at: what the entries say, seals, signatures, reports"))
    if not notes and not findings:
        about.append(
            say(
                "Without a checkpoint kept elsewhere a book that was cut or written anew looks the "
                "same; see docs/trust/auditing.md"
            )
        )
    rows = [
        {"no": no, "problem": problem.code, "detail": problem_text(problem)}
        for no, problem in findings
    ]
    if rows or form not in FOR_PEOPLE:
        write(form, [Sheet(COLUMNS, rows)], about=about)
    else:
        click.echo("\n".join([say("The book is whole."), *about]))
    if findings:
        raise findings[0].error()


def _policy(path: str | None) -> Policy | None:
    try:
        return parse_policy(read_file(path)) if path else None
    except Unproven as problem:
        raise problem.at(path) from None


def _entries_told(result: Derived) -> str:
    told = say("Entries: {number}; root: {root}")
    return told.format(number=result.head.no, root=result.head.root.hex())


def _since_told(path: str, signers: list[str]) -> str:
    told = say("It continues {path}, signed by {names}")
    return told.format(path=path, names=", ".join(signers))


def _full(book: Book, result: Derived, about: list[str], *, from_start: bool) -> Iterator[Finding]:
    """Yield what is wrong with what the book says; tell what could not be looked at."""
    subject = subject_of(book)._replace(head_no=result.head.no)
    keys = _keys(book)
    if isinstance(keys, Finding):
        yield keys
        return
    if keys is None:
        about.append(say("Not looked at: what is sealed; there is no keys file beside the book"))
    verified = Verified(book, subject, opened=keys is not None)
    done = verified.before(from_start=from_start)
    with checking(subject.head_no) as tell, verified.saving() as save:
        found = everything(book, subject, keys, done=done, tell=tell, save=save)
    yield from found.findings
    if found.more:
        told = say_number(
            "And {number} more like these", "And {number} more like these", found.more
        )
        about.append(told.format(number=found.more))
    if found.unsure_from is not None:
        told = say("Not looked at: signatures and who was entitled, from entry {no} on")
        about.append(told.format(no=found.unsure_from))
    if done.size:
        told = say("Entries up to {number} were read before, and the root over them is the same")
        about.append(told.format(number=done.size))
    if not found.is_signed:
        about.append(say("Not signed: nobody began to sign the book; it cannot prove who recorded"))
    if not found.findings:
        yield from _projections(book)


def _projections(book: Book) -> Iterator[Finding]:
    from projections.verifying import differing  # noqa: PLC0415 - heavy, and not of the structure

    for name in differing(book):
        yield Finding(None, Problem("cache_differs", value=name))


def _keys(book: Book) -> EpochKey | Finding | None:
    """Return what opens what is sealed, None without it, or what is wrong with the keys file."""
    path = keys_path(book.path)
    if not path.is_file():
        return None
    try:
        signing_key(book)  # its identity, with which nothing is opened
        return read_keys(path, bytes.fromhex(book.id))
    except BookDamaged as error:
        return Finding(None, error.problems[0])
    except Unproven as problem:
        return Finding(None, problem)
