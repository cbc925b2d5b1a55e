"""With which key a command signs what it records, and how its passphrase is asked for."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from commands.language import say
from ledger.authority.listing import is_signed, operators_of, origin
from ledger.book import Book
from ledger.errors import RollbookError

if TYPE_CHECKING:
    from ledger.proof.keys import SigningKey

PASSPHRASE_VARIABLE = "ROLLBOOK_PASSPHRASE"  # noqa: S105 - the name of one


class Asked(Protocol):
    """How to write, as far as signing is concerned."""

    @property
    def by(self) -> str:
        """The operator."""

    @property
    def dry_run(self) -> bool:
        """Whether nothing is to be written."""

    @property
    def key(self) -> str | None:
        """The file of the key, where it was said."""


def key_for(book: Book, how: Asked, beside: Path | None = None) -> "SigningKey | None":
    """Return the key of who records; None where nothing is signed, or no key is found.

    It is looked for in ``--key``, then beside the book (or the place that the book is to have),
    then in the keyring of the system.
    Raises Refused: key_unreadable, key_locked, passphrase_differs.
    """
    if how.dry_run or not is_signed(book):
        return None
    from ledger.authority.keyfiles import (  # noqa: PLC0415 - most books are not signed
        default_path,
        key_in_keyring,
        read_key,
    )
    from ledger.authority.operators import key_name  # noqa: PLC0415 - as above

    name = key_name(origin(book), how.by)
    path = Path(how.key) if how.key else default_path(beside or book.path, how.by)
    if not how.key:
        finish_rotation(book, how.by)
    if how.key or path.exists():
        return read_key(path, name, lambda: typed_passphrase(path))
    return key_in_keyring(name)


def finish_rotation(book: Book, code: str) -> None:
    """Take up a new key that the book has, where that was broken off after it was recorded.

    Does nothing where no key waits beside the book, or the book does not know it.
    """
    from ledger.authority.keyfiles import (  # noqa: PLC0415 - most books are not signed
        default_path,
        new_path,
        read_key,
        take_up,
    )

    usual = default_path(book.path, code)
    waiting = new_path(usual)
    if not waiting.exists():
        return
    known = [one.key.public for one in operators_of(book).operators if one.code == code and one.key]
    with suppress(RollbookError):
        if read_key(waiting, "-", lambda: typed_passphrase(waiting)).key.public in known:
            take_up(usual)


def typed_passphrase(path: Path) -> str | None:
    """Return the passphrase of a key: of the environment, else typed; None if nobody can type."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None or not sys.stdin.isatty():
        return given
    asked = say("Passphrase of the key {path}").format(path=path)
    typed: str = click.prompt(asked, hide_input=True, err=True)
    return typed


def new_passphrase(path: Path) -> str | None:
    """Return the passphrase for what is new at ``path``, typed twice; None if nobody can type."""
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given is not None or not sys.stdin.isatty():
        return given
    asked = say("New passphrase for {path}").format(path=path)
    typed: str = click.prompt(
        asked, hide_input=True, confirmation_prompt=say("The same once more"), err=True
    )
    return typed
