"""Proofs of a book: that an entry is in it, that it continues what it was."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.audit.identity import book_key
from ledger.book import Book
from ledger.errors import Refused
from ledger.proof.checkpoints import Checkpoint, open_checkpoint
from ledger.proof.errors import Unproven
from ledger.proof.proofs import Consistency, Inclusion
from ledger.proof.tree import EMPTY_ROOT, Tree, check_consistency, check_inclusion, leaf_hash
from ledger.store.envelope import MAX_LEAF_BYTES, leaf_content
from ledger.store.rows import StoredEntry, damaged

_ROWS_AT_ONCE = 2_048


class BookTree:
    """The tree over a book, by its stored nodes and by leaves that are hashed again.

    Stored nodes are believed: a proof is checked before it is given away, and a root only
    means something beside one that was re-derived.
    """

    def __init__(self, book: Book, cursor: sqlite3.Cursor) -> None:
        self.book = book
        self._recorder = book.recorder
        self._cursor = cursor
        self._book_id = bytes.fromhex(book.id)
        self._tree = Tree(self._leaves, self._stored)
        self.size = book.recorder.head(cursor).no
        """How many entries the book has."""

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` entries. Raises BookDamaged."""
        return self._tree.root(size) if size else EMPTY_ROOT

    def inclusion(self, no: int, checkpoint: Checkpoint, note: bytes) -> Inclusion:
        """Return the proof that an entry is in the tree of a checkpoint, whose note is ``note``.

        What is hashed of the entry goes with it. Raises BookDamaged where the book is not what
        the checkpoint says, Refused (checkpoint_longer, tree_number).
        """
        self._check(checkpoint)
        if not 1 <= no <= checkpoint.size:
            raise Refused(Unproven("tree_number", value=no, least=1, most=checkpoint.size))
        path = self._tree.inclusion(no - 1, checkpoint.size)
        (content,) = self.contents(no, no)
        try:
            check_inclusion(leaf_hash(content), no - 1, checkpoint.size, path, checkpoint.root)
        except Unproven:
            raise damaged(no, "stored_tree_differs") from None
        return Inclusion(no - 1, tuple(path), note, content)

    def consistency(self, old: Checkpoint, new: Checkpoint, note: bytes) -> Consistency:
        """Return the proof that the tree of one checkpoint continues that of an ``old`` one.

        ``note``: that of the new one. Raises Refused (not_continued) where it does not.
        """
        self._check(new)
        if old.size > new.size or old.origin != new.origin or old.size == 0:
            raise Refused(Unproven("not_continued", value=old.size, expected=new.size))
        path = self._tree.consistency(old.size, new.size)
        try:
            check_consistency(old.size, new.size, path, old.root, new.root)
        except Unproven:
            raise Refused(Unproven("not_continued", value=old.size, expected=new.size)) from None
        return Consistency(old.size, tuple(path), note)

    def contents(self, first: int, last: int) -> Iterator[bytes]:
        """Yield what is hashed of each entry from number ``first`` to ``last``, without the mark.

        Raises BookDamaged with the first that is not as it was recorded.
        """
        for start in range(first, last + 1, _ROWS_AT_ONCE):
            end = min(last, start + _ROWS_AT_ONCE - 1)
            for row in self._recorder.by_numbers(self._cursor, start, end):
                yield self._content(row)[1:]

    def _check(self, checkpoint: Checkpoint) -> None:
        if checkpoint.size > self.size:
            raise Refused(Unproven("checkpoint_longer", value=checkpoint.size, expected=self.size))

    def _content(self, row: StoredEntry) -> bytes:
        try:
            content = leaf_content(self._book_id, row.envelope, row.state)
        except (struct.error, TypeError, AttributeError, UnicodeError):
            content = b""
        if not 0 < len(content) <= MAX_LEAF_BYTES + 1:
            raise damaged(row.no, "stored_form_differs")
        return content

    def _leaves(self, first: int, last: int) -> list[bytes]:
        return [leaf_hash(content) for content in self.contents(first + 1, last)]

    def _stored(self, height: int, first: int, last: int) -> list[bytes]:
        return self._recorder.nodes(self._cursor, height, first, last)


def checkpoint_in(note: bytes, book: Book, tree: BookTree, place: str | None) -> Checkpoint:
    """Return a checkpoint that the book signed, and that its tree continues.

    ``place``: where it is from. Raises Unproven, Refused (not_continued).
    """
    key = book_key(book)
    try:
        checkpoint = open_checkpoint(note, key.name, [key]).checkpoint
    except Unproven as problem:
        raise problem.at(place) from None
    if checkpoint.size > tree.size or tree.root(checkpoint.size) != checkpoint.root:
        differs = Unproven("not_continued", value=checkpoint.size, expected=tree.size)
        raise Refused(differs.at(place))
    return checkpoint


@contextmanager
def tree_of(book: Book) -> Iterator[BookTree]:
    """Give the tree over a book as it is at one moment."""
    with book.recorder.datastore.reading() as cursor:
        yield BookTree(book, cursor)
