"""Where the key of an operator is put when it is made, and what is said of it."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click

from commands.command import Option
from commands.language import say
from commands.parameters import TEXT
from commands.recording import Writing
from commands.signing import new_passphrase
from ledger.authority.keyfiles import fingerprint, keep_in_keyring, new_key, write_key
from ledger.authority.listing import operators_of
from ledger.authority.operators import key_text
from ledger.book import Book
from ledger.errors import Problem, Refused, RollbookError
from ledger.proof.keys import SigningKey


class Place(NamedTuple):
    """Where a new key is to be kept."""

    path: Path
    keyring: bool
    unlocked: bool


def place_options(command: Any) -> Any:
    """Give a command the options of where a new key goes."""
    options = (
        click.option(
            "--new-key",
            cls=Option,
            type=TEXT,
            metavar="FILE",
            help="File for the new key; by default NAME.CODE.key beside the book.",
        ),
        click.option(
            "--keyring", cls=Option, is_flag=True, help="Keep the new key in the system's keyring."
        ),
        click.option(
            "--no-passphrase",
            cls=Option,
            is_flag=True,
            help="Leave the file of the key unlocked, for programs.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def place_of(parameters: dict[str, Any], usual: Path) -> Place:
    """Return where a new key goes, from the options; ``usual`` where none was said."""
    path = Path(parameters["new_key"]) if parameters["new_key"] else usual
    return Place(path, parameters["keyring"], parameters["no_passphrase"])


@contextmanager
def key_made_for(
    book: Book, name: str, public: str | None, place: Place, how: Writing
) -> Iterator[tuple[str, SigningKey | None]]:
    """Make a key and keep it before the book names it; give its public half, and the key.

    With a ``public`` key none is made. A trial keeps none, and what was refused leaves none.
    """
    if public is not None:
        yield public, None
        return
    seed, key = new_key(name)
    if how.dry_run:
        yield key_text(key.key.public), key
        return
    if place.keyring:
        keep_in_keyring(name, seed)
    else:
        write_key(place.path, seed, lock(place.path, unlocked=place.unlocked))
    try:
        yield key_text(key.key.public), key
    except RollbookError:
        if not (place.keyring or _may_be_known(book, key)):
            place.path.unlink()
        raise


def _may_be_known(book: Book, key: SigningKey) -> bool:
    """Return whether the book has a key, also where it could not be said that it was recorded.

    In doubt it does: nothing brings back a key that was thrown away.
    """
    try:
        known = [one.key.public for one in operators_of(book).operators if one.key]
    except RollbookError:
        return True
    return key.key.public in known


def lock(path: Path, *, unlocked: bool) -> str | None:
    """Return the passphrase for a new key; None leaves it unlocked. Raises Refused."""
    if unlocked:
        return None
    given = new_passphrase(path)
    if not given:
        raise Refused(Problem("key_locked", value=str(path)))
    return given


def tell_made(
    code: str, place: Place, made: SigningKey | None, public: str, *, dry_run: bool
) -> None:
    """Say where the key is, and what goes on paper; nothing of one that was made for a trial."""
    if made and dry_run:
        return
    if made and not place.keyring and place.path.exists():
        kept = say("The key of {operator} is in {path}: keep a copy, apart from the book.")
        click.echo(kept.format(operator=code, path=place.path), err=True)
    told = say("Fingerprint of {operator}, for the paper: {digits}")
    digits = fingerprint(b64decode(public))
    click.echo(told.format(operator=code, digits=digits), err=True)
