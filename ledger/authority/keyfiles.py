"""Where a private key lies: a PEM file (PKCS #8), or for operators the keyring of the system.

A file is locked with a passphrase unless that is left out on purpose; it is what
``openssl pkey`` reads, too. The keyring is asked through the ``keyring`` library.
"""

import base64
import binascii
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.errors import Problem, Refused
from ledger.proof.keys import ED25519, KEY_BYTES, SigningKey
from ledger.proof.text import bytes_of
from ledger.store.durable import plain_bytes, sync_folder, write_new

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_SERVICE = "rollbook"
_MOST_BYTES = 10_000
"""The longest file of a key that is read."""
_PLAIN = re.compile(rb"-----BEGIN PRIVATE KEY-----\n([!-~]{64})\n-----END PRIVATE KEY-----\n")
_BEFORE_SEED = bytes.fromhex("302e020100300506032b657004220420")
"""How the DER of an Ed25519 key begins; its 32 bytes follow (RFC 8410 section 7)."""
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f"%*/:<>?\\|]')
_DIGITS_OF_A_GROUP = 4
_GROUPS = 10


def fingerprint(public: bytes) -> str:
    """Return what of a public key is compared on paper: 40 digits of its SHA-256, in groups."""
    digits = sha256(public).hexdigest()
    starts = range(0, _GROUPS * _DIGITS_OF_A_GROUP, _DIGITS_OF_A_GROUP)
    return " ".join(digits[start : start + _DIGITS_OF_A_GROUP] for start in starts)


def default_path(book_path: Path, operator: str) -> Path:
    """Return where the key of an operator is looked for: ``NAME.CODE.key`` beside the book.

    What of the code cannot stand in the name of a file stands there as % and two digits.
    """
    code = _NOT_IN_NAMES.sub(lambda found: f"%{ord(found[0]):02X}", operator)
    return book_path.with_name(f"{book_path.stem}.{code}.key")


def new_path(usual: Path) -> Path:
    """Return where a key waits to be taken up: ``NAME.CODE.new.key``."""
    return usual.with_suffix(".new.key")


def take_up(usual: Path) -> None:
    """Give a waiting key the usual name, durably; the old one stays as ``NAME.CODE.old.key``."""
    if usual.exists():
        usual.replace(usual.with_suffix(".old.key"))
    new_path(usual).replace(usual)
    sync_folder(usual.parent)


def new_key(name: str) -> tuple[bytes, SigningKey]:
    """Return a new random key: its 32 secret bytes, and the key that signs as ``name``."""
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow import

    seed = ed25519.Ed25519PrivateKey.generate().private_bytes_raw()
    return seed, SigningKey(name, seed)


def new_officer_key() -> "X25519PrivateKey":
    """Return a new random key with which an officer opens copies of the keys of books."""
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415 - slow import

    return x25519.X25519PrivateKey.generate()


def write_key(path: Path, seed: bytes, passphrase: str | None) -> None:
    """Write a key that signs to a new file, for its owner only; raises as ``write_private``."""
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow import

    write_private(path, ed25519.Ed25519PrivateKey.from_private_bytes(seed), passphrase)


def write_private(
    path: Path, key: "Ed25519PrivateKey | X25519PrivateKey", passphrase: str | None
) -> None:
    """Write a key to a new file, for its owner only; raise Refused (key_exists, book_full)."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow import

    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        lock = serialization.BestAvailableEncryption(passphrase.encode())
    content = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    try:
        write_new(path, content)
    except FileExistsError:
        raise Refused(Problem("key_exists", value=str(path))) from None
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("book_full", value=str(path), detail=detail)) from None


def read_key(
    path: Path, name: str, passphrase: Callable[[], str | None], algorithm: int = ED25519
) -> SigningKey:
    """Return the key in a file, to sign as ``name``.

    ``passphrase`` is asked only where the file is locked. Raises Refused: key_unreadable,
    key_locked, passphrase_differs.
    """
    content = _content(path)
    seed = _plain_seed(content)
    if seed is not None:
        return SigningKey(name, seed, algorithm)
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow import

    key = _opened(path, content, passphrase)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise _unreadable(path, "Ed25519")
    return SigningKey(name, key.private_bytes_raw(), algorithm)


def read_officer_key(path: Path, passphrase: Callable[[], str | None]) -> "X25519PrivateKey":
    """Return the key of an officer in a file; raises as ``read_key``."""
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415 - slow import

    key = _opened(path, _content(path), passphrase)
    if not isinstance(key, x25519.X25519PrivateKey):
        raise _unreadable(path, "X25519")
    return key


def _content(path: Path) -> bytes:
    try:
        return plain_bytes(path, _MOST_BYTES)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None


def _plain_seed(content: bytes) -> bytes | None:
    """Return the key in a file that is just as ``write_key`` writes it without a passphrase.

    None for any other: the library reads them all, but importing its reader takes a tenth of the
    time that recording an entry does.
    """
    found = _PLAIN.fullmatch(content)
    der = bytes_of(found[1].decode("ascii")) if found else None
    if der is None or not der.startswith(_BEFORE_SEED) or len(der) != len(_BEFORE_SEED) + KEY_BYTES:
        return None
    return der[len(_BEFORE_SEED) :]


def _opened(path: Path, content: bytes, passphrase: Callable[[], str | None]) -> Any:
    """Return whatever private key is in the content of a file."""
    from cryptography.exceptions import (  # noqa: PLC0415 - slow import
        InternalError,
        UnsupportedAlgorithm,
    )
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow import

    locked, given = b"ENCRYPTED" in content, None
    if locked:
        given = passphrase()
        if given is None:
            raise Refused(Problem("key_locked", value=str(path)))
    try:
        return serialization.load_pem_private_key(content, given.encode() if given else None)
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError) as error:
        if locked:
            raise Refused(Problem("passphrase_differs", value=str(path))) from None
        raise _unreadable(path, str(error).partition("\n")[0]) from None


def keep_in_keyring(name: str, seed: bytes) -> None:
    """Put a key into the keyring of the system; raise Refused (keyring_missing)."""
    keyring = _keyring()
    try:
        keyring.set_password(_SERVICE, name, base64.b64encode(seed).decode("ascii"))
    except keyring.errors.KeyringError as error:
        raise Refused(Problem("keyring_missing", value=name, detail=str(error))) from None


def key_in_keyring(name: str) -> SigningKey | None:
    """Return the key that the keyring has under a name; None if there is none."""
    try:
        keyring = _keyring()
    except Refused:
        return None
    try:
        found = keyring.get_password(_SERVICE, name)
        return SigningKey(name, base64.b64decode(found, validate=True)) if found else None
    except (keyring.errors.KeyringError, binascii.Error, Problem):
        return None


def _keyring() -> Any:
    """Return the module of an optional library."""
    try:
        import keyring  # noqa: PLC0415 - optional
        import keyring.errors  # noqa: PLC0415 - optional
    except ImportError as error:
        raise Refused(Problem("keyring_missing", value=_SERVICE, detail=str(error))) from None
    return keyring


def _unreadable(path: Path, detail: str) -> Refused:
    return Refused(Problem("key_unreadable", value=str(path), detail=detail))
