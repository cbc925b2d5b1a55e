"""``rollbook backup`` and ``rollbook restore``: a copy of the book, and the way back."""

import os
from errno import ENOENT
from pathlib import Path
from typing import Any

import click

from commands.auditing import read_file
from commands.books import opened
from commands.command import Argument, Command, Option
from commands.copies import note_copy
from commands.files import check_free, unwritable, whole_file
from commands.language import say
from commands.parameters import PATH, TEXT
from commands.progress import slowly
from commands.recording import Writing
from commands.session import Session
from commands.signing import key_for, new_passphrase, typed_passphrase
from ledger.book import Book
from ledger.errors import Problem, Refused, WrongUsage
from ledger.keeping import officers
from ledger.keeping.backup import back_up
from ledger.store.epochs import epoch_key_of
from ledger.store.rows import Head
from ledger.store.sealing import keys_path

_PUBLIC_KEY = "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8="


@click.command(
    cls=Command,
    examples=(
        "rollbook backup -o /media/usb/so-2024-05-06.db",
        "rollbook backup -o /media/usb/so.db --keys /media/usb-2/so.chia-khoa",
        f"rollbook backup -o so.db --keys so.chia-khoa --officer {_PUBLIC_KEY}",
    ),
)
@click.option(
    "-o",
    "--output",
    cls=Option,
    type=PATH,
    metavar="FILE",
    required=True,
    help="Write the backup to this file, whole or not at all.",
)
@click.option(
    "--keys",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="Write a copy of the keys, too, locked with a passphrase: keep it apart.",
)
@click.option(
    "--officer",
    "officers_given",
    cls=Option,
    type=TEXT,
    multiple=True,
    metavar="KEY",
    help="Public key of an officer, who opens the copy of the keys with their own key instead of"
    " a passphrase; may be given several times.",
)
@click.option("--replace", cls=Option, is_flag=True, help="Replace files that are there.")
@click.pass_obj
def backup(
    session: Session,
    /,
    output: str,
    keys: str | None,
    officers_given: tuple[str, ...],
    *,
    replace: bool,
) -> None:
    """Copy the book into one file, and check every byte of the copy.

    Others may record meanwhile. Personal details are sealed in the copy, and the keys are not
    in it: without a copy of the keys of the same day it is a book without names. With
    --keys they are written to a file of their own, locked with a passphrase
    ($ROLLBOOK_PASSPHRASE, or typed twice): for officers to keep, apart from the backup. With
    --officer no passphrase is shared: each officer opens the file with a key of their own.
    """
    public_keys = [officers.public_of(text) for text in officers_given]
    if public_keys and not keys:
        raise WrongUsage(Problem("officers_without_copy"))
    path = Path(output)
    apart = Path(keys) if keys else None
    for each in filter(None, (path, apart)):
        check_free(each, replaces=replace)
    if apart and os.path.realpath(path) == os.path.realpath(apart):
        raise WrongUsage(Problem("one_file_twice", value=output).at("--keys"))
    with opened(session) as book:
        locked = _locked(book, apart, public_keys) if apart else None
        with (
            slowly(say("Writing {path} …").format(path=path)),
            whole_file(path, replaces=replace) as temporary,
        ):
            head = back_up(book, temporary)
        note_copy(session, path, "backup")
        told = say("Backed up {number} entries, every one checked: {path}")
        click.echo(told.format(number=head.no, path=path), err=True)
        if apart is not None and locked is not None:
            with whole_file(apart, replaces=replace) as temporary:
                temporary.write_bytes(locked)
            note_copy(session, apart, "keys")
            told = say("A copy of the keys, locked: {path}. Keep it apart from the backup.")
            click.echo(told.format(path=apart), err=True)


def _locked(book: Book, apart: Path, public_keys: list[bytes]) -> bytes:
    """Return the copy of the keys, for officers or for whoever knows a passphrase."""
    path = keys_path(book.path)
    with book.recorder.datastore.reading() as cursor:
        epoch_key_of(cursor, path, bytes.fromhex(book.id))  # raises where none opens the book
    content = path.read_bytes()
    if public_keys:
        return officers.seal(content, book.id, public_keys)
    passphrase = new_passphrase(apart)
    if not passphrase:
        raise Refused(Problem("passphrase_needed", value=str(apart)))
    return officers.lock(content, book.id, passphrase)


@click.command(
    cls=Command,
    examples=(
        "rollbook restore /media/usb/so.db",
        "rollbook restore /media/usb/so.db --keys /media/usb-2/so.chia-khoa",
        "rollbook restore /media/usb/so.db --keys so.chia-khoa --officer-key binh.key",
    ),
)
@click.argument("file", cls=Argument, type=PATH, metavar="BACKUP", help="The backup.")
@click.option(
    "--keys",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="The copy of the keys that was made with it; by default the keys beside the book.",
)
@click.option(
    "--officer-key",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="The officer's own key, where the copy of the keys was made for officers.",
)
@click.option(
    "--checkpoint",
    cls=Option,
    type=PATH,
    metavar="FILE",
    help="A checkpoint of the book kept elsewhere, which the backup must continue.",
)
@click.option(
    "--force",
    cls=Option,
    is_flag=True,
    help="Give up what is known to have come after the backup; the book will say so.",
)
@click.option("--by", cls=Option, type=str, help="Operator who restores; else the login name.")
@click.option("--key", cls=Option, type=PATH, metavar="FILE", help="File with the operator's key.")
@click.pass_obj
def restore(session: Session, /, file: str, **given: Any) -> None:
    """Put a backup in the place of the book, once every byte of it is checked.

    Refused when the book at the place, a checkpoint, or what this machine has seen of the
    book goes further than the backup, or differs from it: then --force takes the backup all the
    same, and the book says so in an entry. Who was erased since is erased again. The book that
    was at the place is kept beside it under another name.
    """
    from ledger.audit.pinned import opened_note  # noqa: PLC0415 - slow import
    from ledger.keeping import restoring  # noqa: PLC0415 - slow import

    place = Path(session.book_path)
    if not Path(file).exists():
        detail = os.strerror(ENOENT)
        raise Refused(Problem("file_unreadable", value=file, detail=detail))
    known: tuple[Head, ...] = ()
    if given["checkpoint"]:
        note = read_file(given["checkpoint"])
        with Book.open(file) as copied:
            checkpoint = opened_note(copied, note, given["checkpoint"]).checkpoint
        known = (Head(checkpoint.size, checkpoint.root),)
    by = given["by"] or session.operator
    how = Writing(by=by, dry_run=False, expect=None, key=given["key"])
    orders = restoring.Orders(
        by,
        session.now,
        session.now.date(),
        given["force"],
        lambda book: key_for(book, how, place),
        known,
    )
    keys = _unlocked(given["keys"], given["officer_key"]) if given["keys"] else None
    with slowly(say("Checking {path} …").format(path=file)):
        try:
            done = restoring.restore(Path(file), place, keys, orders)
        except OSError as error:  # a backup that cannot be read is told otherwise
            raise unwritable(place, error) from None
    told = say("Restored {path}: {number} entries, every one checked.")
    click.echo(told.format(path=place, number=done.head.no), err=True)
    if done.given_up:
        told = say("What came after the backup, up to entry {no}, is given up; the book says so.")
        click.echo(told.format(no=done.given_up), err=True)
    if done.is_unfinished:
        told = say(
            "The keys file still holds the key before; the next command that can write removes it."
        )
        click.echo(told, err=True)
    if done.erased:
        told = say("Erased again: {people}")
        click.echo(told.format(people=", ".join(done.erased)), err=True)
    if done.aside:
        told = say("The book that was there is now {path}; delete it when nobody needs it.")
        click.echo(told.format(path=done.aside), err=True)


def _unlocked(place: str, officer_key: str | None) -> bytes:
    """Return the content of the keys file in a copy that was locked, or made for officers."""
    content = read_file(place)
    if not officers.is_for_officers(content):
        passphrase = typed_passphrase(Path(place))
        if passphrase is None:
            raise Refused(Problem("passphrase_needed", value=place))
        return officers.unlock(content, passphrase, place)
    from ledger.authority.keyfiles import read_officer_key  # noqa: PLC0415 - seldom needed

    if officer_key is None:
        raise Refused(Problem("officer_key_needed", value=place))
    path = Path(officer_key)
    return officers.unseal(content, read_officer_key(path, lambda: typed_passphrase(path)), place)
