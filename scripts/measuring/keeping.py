"""What Rollbook keeps beside a book, and how to be without it."""

import shutil
from pathlib import Path


def forget(book: Path) -> None:
    """Delete what is kept beside a book and can be made again."""
    shutil.rmtree(book.with_suffix(".cache"), ignore_errors=True)
