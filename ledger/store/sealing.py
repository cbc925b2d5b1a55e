"""Seals personal fields, with one random key a person (docs/format.md, "Sealing").

Three things hold each other: the *epoch key* lies in ``NAME.keys`` beside the book; it
wraps the *data keys*, one a stream, which lie wrapped in the book; a data key seals the
personal fields of that stream's entries. A copy of the book alone opens nothing. A new
data key is committed together with the first entry that it seals.
"""

import base64
import binascii
import hmac
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import BookDamaged, Problem, Refused
from ledger.recent import Recent
from ledger.store.codec import Unreadable, unpack
from ledger.store.durable import plain_bytes, write_new
from ledger.store.envelope import item, number_item

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEYS_AT_HAND = 20_000
"""How many data keys, at least, stay in memory when a long file is recorded."""
KEY_BYTES = 32
MOST_KEYS_BYTES = 10_000
"""The longest keys file that is read."""
NONCE_BYTES = 12
KEYS_FORMAT = "rollbook-keys 1"


class EpochKey(NamedTuple):
    """What the keys file holds."""

    book_id: bytes
    epoch: int
    """1 for the first; higher after each rotation."""
    key: bytes
    identity: bytes
    """The book's own Ed25519 private key, which signs its checkpoints."""
    following: bytes = b""
    """The key of the next epoch, while the keys of the book pass from this one to it."""
    following_epoch: int = 0

    def fitting(self, path: Path, epoch: int | None) -> "EpochKey":
        """Return the key alone that opens the data keys of ``epoch``; None: there are none.

        Raises BookDamaged (keys_mismatch) when it is neither this epoch nor the next.
        """
        keys = {self.epoch: self.key}
        if self.following:
            keys[self.following_epoch] = self.following
        wanted = max(keys) if epoch is None else epoch
        if wanted not in keys:
            raise _mismatch(path, Problem("keys_of_epoch", value=self.epoch, expected=wanted))
        return EpochKey(self.book_id, wanted, keys[wanted], self.identity)


class WrappedKey(NamedTuple):
    """A data key as the book keeps it: a row of the table ``data_keys``."""

    owner: str
    """The stream whose entries it seals."""
    epoch: int
    wrapped: bytes
    """Nonce and AES-256-GCM ciphertext of the key, under the epoch key."""
    commitment: bytes
    """SHA-256 that only this key fits: AES-GCM alone would open under several keys."""


def keys_path(book_path: Path) -> Path:
    """Return where the keys of a book lie: ``NAME.keys`` beside ``NAME.db``."""
    if book_path.suffix == ".keys":
        return book_path.with_name(book_path.name + ".keys")
    return book_path.with_suffix(".keys")


def create_keys(path: Path, book_id: bytes, identity: bytes) -> None:
    """Write the keys file of a new book: epoch 1, a random key, readable by its owner only.

    ``identity``: the 32 bytes of the book's own Ed25519 private key.

    Raises FileExistsError: a keys file is never overwritten.
    """
    write_new(path, written(EpochKey(book_id, 1, os.urandom(KEY_BYTES), identity)))


def written(keys: EpochKey) -> bytes:
    """Return the content of a keys file."""
    lines = [KEYS_FORMAT, f"book {keys.book_id.hex()}", f"epoch {keys.epoch}"]
    secrets = {"key": keys.key, "identity": keys.identity}
    if keys.following:
        secrets[f"following {keys.following_epoch}"] = keys.following
    lines += [
        f"{name} {base64.b64encode(secret).decode('ascii')}" for name, secret in secrets.items()
    ]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def read_keys(path: Path, book_id: bytes) -> EpochKey:
    """Return the epoch key of the book ``book_id``.

    Raises Refused (keys_missing) when there is no file, BookDamaged (keys_mismatch) when it
    is not one of ours or belongs to another book.
    """
    try:
        lines = plain_bytes(path, MOST_KEYS_BYTES).decode("ascii").splitlines()
    except FileNotFoundError:
        raise Refused(Problem("keys_missing", value=str(path))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise _mismatch(path, Problem("keys_unreadable", value=str(error))) from None
    fields = dict(line.partition(" ")[::2] for line in lines[1:])
    needed = {"book", "epoch", "key", "identity"}
    is_ours = lines[:1] == [KEYS_FORMAT] and len(fields) == len(lines) - 1
    if not is_ours or set(fields) - {"following"} != needed:
        raise _mismatch(path, Problem("keys_malformed"))
    next_epoch, _, next_key = fields.get("following", "").partition(" ")
    try:
        found = EpochKey(
            bytes.fromhex(fields["book"]),
            int(fields["epoch"]),
            base64.b64decode(fields["key"], validate=True),
            base64.b64decode(fields["identity"], validate=True),
            base64.b64decode(next_key, validate=True),
            int(next_epoch or 0),
        )
    except (ValueError, binascii.Error):
        raise _mismatch(path, Problem("keys_malformed")) from None
    if found.book_id != book_id:
        raise _mismatch(path, Problem("keys_of_another", value=found.book_id.hex()))
    lengths = {len(secret) for secret in (found.key, found.identity, found.following or found.key)}
    if lengths != {KEY_BYTES} or found.epoch < 1 or (next_epoch and not next_key):
        raise _mismatch(path, Problem("keys_malformed"))
    return found


def _mismatch(path: Path, detail: Problem) -> BookDamaged:
    return BookDamaged(Problem("keys_mismatch", value=str(path), detail=detail))


def _cipher(key: bytes) -> "AESGCM":
    # Imported when first needed: reading without opening works without the library.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow import

    return AESGCM(key)


class Sealer:
    """Seals and opens the personal fields of one book."""

    def __init__(self, epoch_key: EpochKey) -> None:
        self._book_item = item(epoch_key.book_id)
        self._epoch = epoch_key.epoch
        self._epoch_cipher = _cipher(epoch_key.key)
        self._ciphers: Recent[AESGCM] = Recent(KEYS_AT_HAND)

    def unknown(self, owners: Iterable[str]) -> list[str]:
        """Return those of ``owners`` whose data key is not at hand; the others stay so."""
        return [owner for owner in owners if self._ciphers[owner] is None]

    def owners(self) -> list[str]:
        """Return those whose data key is at hand."""
        return self._ciphers.all()

    def has_key(self, owner: str) -> bool:
        """Return whether the data key of ``owner`` is at hand."""
        return owner in self._ciphers

    @property
    def epoch(self) -> int:
        """The epoch whose data keys it opens."""
        return self._epoch

    @property
    def lost(self) -> bool:
        """Whether a key that was at hand may be so no longer."""
        return self._ciphers.lost

    def turn(self) -> None:
        """Let go of keys that were not used of late, if there are many."""
        self._ciphers.turn()

    def create_key(self, owner: str) -> WrappedKey:
        """Make the data key of ``owner``; return it wrapped, to be committed with its entry."""
        key = os.urandom(KEY_BYTES)
        nonce = os.urandom(NONCE_BYTES)
        bound = self._wrapping(owner, self._epoch)
        self._ciphers[owner] = _cipher(key)
        return WrappedKey(
            owner,
            self._epoch,
            nonce + self._epoch_cipher.encrypt(nonce, key, bound),
            self._commitment(owner, key),
        )

    def opens(self, wrapped: WrappedKey) -> bool:
        """Return whether a stored data key is opened by the epoch key."""
        try:
            self._unwrapped(wrapped)
        except BookDamaged:
            return False
        return True

    def unwrap(self, wrapped_keys: Iterable[WrappedKey]) -> None:
        """Take stored data keys into use; raise BookDamaged when one is not what was stored."""
        for wrapped in wrapped_keys:
            self._ciphers[wrapped.owner] = _cipher(self._unwrapped(wrapped))

    def rewrapped(self, wrapped_keys: Iterable[WrappedKey], under: EpochKey) -> list[WrappedKey]:
        """Return stored data keys wrapped by another epoch key, their commitments as they were.

        Raises BookDamaged when one is not what was stored.
        """
        cipher, found = _cipher(under.key), []
        for wrapped in wrapped_keys:
            key, nonce, owner = self._unwrapped(wrapped), os.urandom(NONCE_BYTES), wrapped.owner
            box = nonce + cipher.encrypt(nonce, key, self._wrapping(owner, under.epoch))
            found.append(WrappedKey(owner, under.epoch, box, wrapped.commitment))
        return found

    def _unwrapped(self, wrapped_key: WrappedKey) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow import

        owner, epoch, wrapped, commitment = wrapped_key
        try:
            key = self._epoch_cipher.decrypt(
                wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], self._wrapping(owner, epoch)
            )
            is_the_one = hmac.compare_digest(self._commitment(owner, key), commitment)
        except (InvalidTag, ValueError, TypeError, AttributeError, struct.error):
            # One of them may be stored as something else than it must be.
            is_the_one = False
        if not is_the_one:
            raise BookDamaged(Problem("stored_key_differs", value=owner))
        return key

    def seal(
        self, stream_id: str, version: int, kind: str, fields: Sequence[str], values: bytes
    ) -> bytes:
        """Return nonce and ciphertext of personal ``values``, a packed map by name.

        Bound to the entry's place (stream and version in it), its kind and ``fields``: moved
        to any other entry it does not open. The owner's data key must be at hand.
        """
        nonce = os.urandom(NONCE_BYTES)
        bound = self._binding(stream_id, version, kind, fields)
        return nonce + self._cipher_of(stream_id).encrypt(nonce, values, bound)

    def open(
        self, stream_id: str, version: int, kind: str, fields: list[str], box: bytes
    ) -> Mapping[str, Any]:
        """Return the personal values in ``box`` by name; raise Unreadable if it does not fit."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow import

        bound = self._binding(stream_id, version, kind, fields)
        try:
            plain = self._cipher_of(stream_id).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            raise Unreadable("stored_seal_differs") from None
        return unpack(plain)

    def _cipher_of(self, owner: str) -> "AESGCM":
        cipher = self._ciphers[owner]
        assert cipher is not None, "the key of a stream is at hand before it is used"
        return cipher

    def _wrapping(self, owner: str, epoch: int) -> bytes:
        return self._book_item + item(owner.encode()) + number_item(epoch)

    def _commitment(self, owner: str, key: bytes) -> bytes:
        return sha256(self._book_item + item(owner.encode()) + item(key)).digest()

    def _binding(self, stream_id: str, version: int, kind: str, fields: Sequence[str]) -> bytes:
        what = _kind_and_fields(kind, tuple(fields))
        return self._book_item + item(stream_id.encode()) + number_item(version) + what


@lru_cache(maxsize=1_024)
def _kind_and_fields(kind: str, fields: tuple[str, ...]) -> bytes:
    return item(kind.encode()) + b"".join(item(name.encode()) for name in fields)
