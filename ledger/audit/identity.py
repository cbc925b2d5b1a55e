"""The book as a log of others: its origin, the key it signs with, and its checkpoints."""

from ledger.audit.derive import Derived
from ledger.book import Book
from ledger.errors import BookDamaged, Problem, Refused
from ledger.proof.checkpoints import Checkpoint, sign_checkpoint
from ledger.proof.keys import Key, SigningKey, public_key
from ledger.store.sealing import keys_path, read_keys
from ledger.store.settings import read_settings


def origin_of(book_id: bytes) -> str:
    """Return the name of a book among logs: its ``origin`` (C2SP tlog-checkpoint)."""
    return f"rollbook/{book_id.hex()}"


def book_key(book: Book) -> Key:
    """Return the public key of a book's identity: what a checkpoint of it is checked with.

    Raises Unproven where anybody could sign for it.
    """
    settings = read_settings(book.recorder.datastore)
    return public_key(origin_of(settings.book_id), settings.public_key)


def signing_key(book: Book) -> SigningKey:
    """Return the key that a book signs its checkpoints with.

    Raises Refused (keys_missing_to_sign) without the keys file, BookDamaged (keys_mismatch).
    """
    path = keys_path(book.path)
    key = book_key(book)
    if not path.is_file():
        raise Refused(Problem("keys_missing_to_sign", value=str(path)))
    found = SigningKey(key.name, read_keys(path, bytes.fromhex(book.id)).identity)
    if found.key != key:
        raise BookDamaged(
            Problem("keys_mismatch", value=str(path), detail=Problem("keys_identity_differs"))
        )
    return found


def checkpoint_of(book: Book, result: Derived) -> Checkpoint:
    """Return the checkpoint of a book as its stored bytes make it."""
    return Checkpoint(origin_of(bytes.fromhex(book.id)), result.head.no, result.head.root)


def signed_checkpoint(book: Book, result: Derived, key: SigningKey) -> bytes:
    """Return the checkpoint of a book, re-derived and signed by its identity."""
    return sign_checkpoint(checkpoint_of(book, result), key)
