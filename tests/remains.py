"""Looks for what should be gone: in every byte of every file, packed ones unpacked."""

import base64
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from unicodedata import normalize

import pyarrow.parquet as pq

from ledger.book import Book
from ledger.store.sealing import EpochKey, Sealer, WrappedKey, keys_path, read_keys


def forms_of_text(text: str) -> Iterator[bytes]:
    """Yield the bytes that a text may stand in a file as."""
    for form in ("NFC", "NFD"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield normalize(form, text).encode(encoding)


def forms_of_secret(secret: bytes) -> Iterator[bytes]:
    """Yield the bytes that a key may stand in a file as."""
    yield from (secret, secret.hex().encode(), base64.b64encode(secret))


def epoch_key(book: Path) -> EpochKey:
    """Return what the keys file of a book holds."""
    with Book.open(book) as opened:
        return read_keys(keys_path(book), bytes.fromhex(opened.id))


def wrapped_keys(book: Path) -> dict[str, WrappedKey]:
    """Return the wrapped data keys of a book, by their owners."""
    with closing(sqlite3.connect(book)) as connection:
        rows = connection.execute("SELECT owner, epoch, wrapped, commitment FROM data_keys")
        return {row[0]: WrappedKey._make(row) for row in rows}


def secrets_of(book: Path, persons: Mapping[str, Iterable[str]]) -> dict[str, list[bytes]]:
    """Return what should be gone once ``persons`` are erased, by what it is.

    ``persons``: by id, the texts that only they have.
    """
    epoch, keys = epoch_key(book), wrapped_keys(book)
    sealer = Sealer(epoch)
    found = {"the epoch key": list(forms_of_secret(epoch.key))}
    for person, texts in persons.items():
        key = keys[f"person/{person}"]
        bare = sealer._unwrapped(key)
        found[f"the key of {person}"] = list(forms_of_secret(bare))
        found[f"the wrapped key of {person}"] = [key.wrapped]
        for text in texts:
            found[f"{text} of {person}"] = list(forms_of_text(text))
    return found


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of every file under a folder, and of what is packed in it."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = str(path.relative_to(folder))
        yield name, path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as packed:
                for member in packed.namelist():
                    yield f"{name}:{member}", packed.read(member)
        elif path.suffix == ".parquet":
            rows = pq.read_table(path).to_pylist()
            yield f"{name}:rows", "\n".join(map(repr, rows)).encode()


def found_in(folder: Path, secrets: Mapping[str, list[bytes]]) -> dict[str, set[str]]:
    """Return which secrets stand in which files under a folder; those found nowhere left out."""
    found: dict[str, set[str]] = {}
    for name, content in contents(folder):
        for what, forms in secrets.items():
            if any(form in content for form in forms):
                found.setdefault(what, set()).add(name)
    return found
