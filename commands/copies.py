"""Taking down which files were written with personal details: erasing names them."""

from importlib import import_module
from pathlib import Path

import click

from commands.cells import printable
from commands.language import say
from commands.session import Session


def note_copy(session: Session, path: Path, what: str = "export") -> None:
    """Put a file just written on the list beside the session's book."""
    copies = import_module("ledger.keeping.copies")
    if not copies.note(Path(session.book_path), path, what, session.now):
        told = say("{path} could not be put on the list beside the book: erasing will not name it.")
        click.echo(told.format(path=printable(str(path))), err=True)
