"""Holds a book against checkpoints that were kept elsewhere."""

from collections.abc import Sequence

from ledger.audit.identity import book_key
from ledger.audit.proving import tree_of
from ledger.book import Book
from ledger.errors import BookDamaged
from ledger.proof.checkpoints import Opened, open_checkpoint, parse_text
from ledger.proof.errors import Unproven
from ledger.proof.keys import Key
from ledger.proof.notes import parse_note
from ledger.proof.policy import Policy


def check_since(
    book: Book, note: bytes, place: str, keys: Sequence[Key], policy: Policy | None
) -> list[str]:
    """Check that a book continues a kept checkpoint; return the names of who signed that.

    With ``keys`` one of them must have signed it, with a ``policy`` those that it asks for,
    else the book itself. The book's structure must have been found in order. Raises Unproven,
    BookDamaged (not_continued, or checkpoint_origin: another book is in the place of the one
    that the checkpoint was made of), all at ``place``.
    """
    try:
        opened = opened_note(book, note, place, keys, policy)
    except Unproven as problem:
        if problem.code == "checkpoint_origin":
            raise BookDamaged(problem) from None
        raise
    checkpoint = opened.checkpoint
    with tree_of(book) as tree:
        if checkpoint.size > tree.size or tree.root(checkpoint.size) != checkpoint.root:
            differs = Unproven("not_continued", value=checkpoint.size, expected=tree.size)
            raise BookDamaged(differs.at(place))
    return [signer.key.name for signer in opened.signers]


def opened_note(
    book: Book, note: bytes, place: str, keys: Sequence[Key] = (), policy: Policy | None = None
) -> Opened:
    """Return a kept checkpoint of a book with who signed it; the book is not held against it.

    Raises Unproven, at ``place``, as ``check_since`` does.
    """
    own = book_key(book)
    try:
        origin = parse_text(parse_note(note).text).origin
        if policy and origin == own.name:
            return policy.open(note, [key for key in keys if key.name == own.name])
        return open_checkpoint(note, own.name, keys or [own])
    except Unproven as problem:
        raise problem.at(place) from None
