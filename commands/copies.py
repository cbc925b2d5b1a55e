"""Taking down which files were written with personal details: erasing names them."""

from importlib import import_module
from pathlib import Path

from commands.session import Session


def note_copy(session: Session, path: Path, what: str = "export") -> None:
    """Put a file just written on the list beside the session's book."""
    import_module("ledger.keeping.copies").note(Path(session.book_path), path, what, session.now)
