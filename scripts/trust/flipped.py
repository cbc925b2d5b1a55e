"""What single bits are flipped in: books as they lie on a disk, and what is given out of them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from ledger.audit.identity import book_key
from ledger.audit.proving import tree_of
from ledger.book import Book
from ledger.proof.checkpoints import open_checkpoint
from ledger.proof.proofs import (
    format_consistency,
    format_inclusion,
    parse_consistency,
    parse_inclusion,
    verify_consistency,
    verify_inclusion,
)
from ledger.proof.tree import leaf_hash
from trust.samples import LATER, Sample, files, founded, noted, sample, typed

_SIZE, _A_COMMIT, _PROVEN = 24, 6, 7


class Lying(NamedTuple):
    """Files of a book as they lie in a folder; bits of one of them are flipped."""

    name: str
    files: dict[str, bytes]
    victim: str
    book: str
    note: bytes


class Given(NamedTuple):
    """Bytes that were given out, and what says what they prove; it raises where they do not."""

    name: str
    content: bytes
    proves: Callable[[bytes], object]


def lying(folder: Path) -> Iterator[Lying]:
    """Yield all files of books whose bits are flipped; they are made in ``folder``."""
    signed = sample(_new(folder / "signed"), _SIZE, signed=True, entries_a_commit=_A_COMMIT)
    plain = sample(_new(folder / "plain"), _SIZE, signed=False, entries_a_commit=_A_COMMIT)
    for name, made in (("book", signed), ("book without operators", plain)):
        yield Lying(name, files(made.path), made.path.name, made.path.name, made.note)
    keys = signed.path.with_suffix(".keys").name
    yield Lying("keys file", files(signed.path), keys, signed.path.name, signed.note)
    yield _with_journal(signed, _new(folder / "journal"))
    yield _with_log(plain, _new(folder / "log"))


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _copied(made: Sample, folder: Path) -> Path:
    for name, content in files(made.path).items():
        (folder / name).write_bytes(content)
    return folder / made.path.name


def _with_journal(signed: Sample, folder: Path) -> Lying:
    """Return a book in the middle of a transaction, with the journal that takes it back."""
    path = _copied(signed, folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.execute("PRAGMA cache_size = 1")  # so that pages go to the file at once
        connection.execute("BEGIN IMMEDIATE")
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE stored_events SET operator = 'x' || hex(randomblob(900))")
        connection.execute("DELETE FROM commits")
        there = {each.name: each.read_bytes() for each in folder.iterdir()}
        connection.execute("ROLLBACK")
    return Lying("rollback journal", there, f"{path.name}-journal", path.name, signed.note)


def _with_log(plain: Sample, folder: Path) -> Lying:
    """Return a book whose last commits lie in a write-ahead log only."""
    path = _copied(plain, folder)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    with patch("ledger.store.storage.wal_is_safe", return_value=True), Book.open(path) as book:
        for code in ("TP8", "TP9"):
            book.record(typed(founded(code, "TP")), now=LATER, by="minh")
        note = noted(book)
        names = (path.name, f"{path.name}-wal", path.with_suffix(".keys").name)
        there = {name: (folder / name).read_bytes() for name in names}
    return Lying("write-ahead log", there, f"{path.name}-wal", path.name, note)


def given(folder: Path) -> Iterator[Given]:
    """Yield what is given out of a book: a checkpoint of it, and proofs."""
    made = sample(_new(folder / "given"), _SIZE, signed=True, entries_a_commit=_A_COMMIT)
    with Book.open(made.path) as book, tree_of(book) as tree:
        key = book_key(book)
        newer = open_checkpoint(made.note, key.name, [key]).checkpoint
        older = newer._replace(size=_PROVEN, root=tree.root(_PROVEN))
        inclusion = format_inclusion(tree.inclusion(_PROVEN, newer, made.note))
        consistency = format_consistency(tree.consistency(older, newer, made.note))

    def checkpoint_says(content: bytes) -> object:
        opened = open_checkpoint(content, key.name, [key])
        return opened.checkpoint, opened.signers

    def inclusion_says(content: bytes) -> object:
        proof = parse_inclusion(content)
        opened = verify_inclusion(proof, leaf_hash(proof.extra), key.name, [key])
        return proof.leaf_index, proof.extra, opened.checkpoint, opened.signers

    def consistency_says(content: bytes) -> object:
        opened = verify_consistency(parse_consistency(content), older, [key])
        return opened.checkpoint, opened.signers

    yield Given("checkpoint", made.note, checkpoint_says)
    yield Given("proof of an entry", inclusion, inclusion_says)
    yield Given("proof that it continues", consistency, consistency_says)
