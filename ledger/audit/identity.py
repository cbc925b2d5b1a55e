"""The book as a log of others: the key it signs with, and its checkpoints."""

from ledger.audit.derive import Derived
from ledger.authority.operators import PREFIX, is_about_operators, key_of, origin_of
from ledger.book import Book
from ledger.errors import BookDamaged, Problem, Refused
from ledger.proof.checkpoints import Checkpoint, sign_checkpoint
from ledger.proof.errors import Unproven
from ledger.proof.keys import Key, SigningKey, public_key
from ledger.proof.notes import Note, Signature, format_note, parse_note
from ledger.store.sealing import keys_path, read_keys
from ledger.store.settings import read_settings


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
        detail = Problem("keys_identity_differs")
        raise BookDamaged(Problem("keys_mismatch", value=str(path), detail=detail))
    return found


def signed_checkpoint(book: Book, result: Derived, key: SigningKey) -> bytes:
    """Return the checkpoint of a book as its stored bytes make it, signed by its identity.

    Under that stands the signature of the operator who made the last commit, if there is one.
    """
    checkpoint = Checkpoint(key.key.name, result.head.no, result.head.root)
    note = parse_note(sign_checkpoint(checkpoint, key))
    return format_note(Note(note.text, (*note.signatures, *_operator_lines(book, checkpoint))))


def _operator_lines(book: Book, checkpoint: Checkpoint) -> list[Signature]:
    """Return the line of the operator of the commit that ends at a checkpoint, if it was signed.

    It may have been signed with any key that the operator had: with the one before, when this
    commit is about their key.
    """
    with book.recorder.datastore.reading() as cursor:
        cursor.execute(
            "SELECT operator, signature FROM commits WHERE last_no = ? AND root = ?",
            (checkpoint.size, checkpoint.root),
        )
        operator, signature = cursor.fetchone() or ("", None)
    if signature is None:
        return []
    for entry in reversed(book.stream(PREFIX + operator)):
        given = getattr(entry, "public_key", None) if is_about_operators(entry) else None
        key = key_of(checkpoint.origin, operator, given)
        try:
            if key is not None:
                key.verify(checkpoint.text, signature)
                return [Signature(key.name, key.id, signature)]
        except Unproven:
            continue
    return []
