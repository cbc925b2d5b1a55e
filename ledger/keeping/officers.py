"""A copy of the keys file for officers (docs/format.md, "Backup").

It is locked with a passphrase, or sealed to the public keys of officers, each of whom opens it
with their own private key: by HPKE (RFC 9180) as ``cryptography`` has it.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledger.errors import Problem, Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hpke import Suite

FORMAT = "rollbook-keys-backup 1"
SEALED_FORMAT = "rollbook-keys-backup 2"
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_COST, _BLOCK, _LANES = 1 << 17, 8, 1
"""Parameters of scrypt (RFC 7914): 128 MiB and about half a second for each guess."""
_LINES = 4
_HEAD_LINES = 2


def lock(keys: bytes, book_id: str, passphrase: str) -> bytes:
    """Return the content of a keys file locked with a passphrase."""
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    head = (
        f"{FORMAT}\nbook {book_id}\n"
        f"scrypt {_COST} {_BLOCK} {_LANES} {base64.b64encode(salt).decode()}\n"
    ).encode()
    box = nonce + _cipher(passphrase, salt).encrypt(nonce, keys, head)
    return head + b"box " + base64.b64encode(box) + b"\n"


def unlock(content: bytes, passphrase: str, place: str) -> bytes:
    """Return the content of the keys file that was locked.

    Raises Refused: backup_keys_malformed, backup_keys_locked.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow import

    lines = content.split(b"\n")
    head = b"\n".join(lines[: _LINES - 1]) + b"\n"
    try:
        first, _, scrypt, box = (line.decode("ascii") for line in lines[:_LINES])
        name, *numbers, salt = scrypt.split(" ")
        sealed = base64.b64decode(box.removeprefix("box "), validate=True)
        is_ours = (first, name, [*map(int, numbers)]) == (FORMAT, "scrypt", [_COST, _BLOCK, _LANES])
        sealed = sealed if is_ours else b""
        cipher = _cipher(passphrase, base64.b64decode(salt, validate=True))
        return bytes(cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], head))
    except ValueError:
        raise Refused(Problem("backup_keys_malformed", value=place)) from None
    except InvalidTag:
        raise Refused(Problem("backup_keys_locked", value=place)) from None


def is_for_officers(content: bytes) -> bool:
    """Return whether a copy of the keys is opened with the key of an officer."""
    return content.startswith(SEALED_FORMAT.encode() + b"\n")


def public_of(text: str) -> bytes:
    """Return the public key of an officer, 32 bytes; raise Refused (wants_officer_key).

    One of small order, with which everybody could open the copy, is none.
    """
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415 - slow import

    try:
        public = base64.b64decode(text.strip(), validate=True)
        theirs = x25519.X25519PublicKey.from_public_bytes(public)
        x25519.X25519PrivateKey.generate().exchange(theirs)
    except (ValueError, binascii.Error):
        raise Refused(Problem("wants_officer_key", value=text)) from None
    return public


def seal(keys: bytes, book_id: str, officers: Sequence[bytes]) -> bytes:
    """Return the content of a keys file sealed to the public keys of officers."""
    from cryptography.hazmat.primitives.asymmetric import x25519  # noqa: PLC0415 - slow import

    head = f"{SEALED_FORMAT}\nbook {book_id}\n".encode()
    lines = [head]
    for public in dict.fromkeys(officers):
        theirs = x25519.X25519PublicKey.from_public_bytes(public)
        box = _suite().encrypt(keys, theirs, head)
        lines.append(b"officer %b %b\n" % (base64.b64encode(public), base64.b64encode(box)))
    return b"".join(lines)


def unseal(content: bytes, private: "X25519PrivateKey", place: str) -> bytes:
    """Return the content of the keys file that was sealed to an officer.

    Raises Refused: backup_keys_malformed, backup_keys_of_others.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow import

    lines = content.removesuffix(b"\n").split(b"\n")
    head = b"\n".join(lines[:_HEAD_LINES]) + b"\n"
    mine = base64.b64encode(private.public_key().public_bytes_raw())
    try:
        for line in lines[_HEAD_LINES:]:
            name, public, box = line.split(b" ")
            if (name, public) == (b"officer", mine):
                return bytes(_suite().decrypt(base64.b64decode(box, validate=True), private, head))
    except (ValueError, InvalidTag):
        raise Refused(Problem("backup_keys_malformed", value=place)) from None
    raise Refused(Problem("backup_keys_of_others", value=place))


def _suite() -> "Suite":
    """Return X25519, HKDF-SHA-256 and AES-256-GCM: 0x0020, 0x0001, 0x0002 of RFC 9180."""
    from cryptography.hazmat.primitives.hpke import (  # noqa: PLC0415 - slow import
        AEAD,
        KDF,
        KEM,
        Suite,
    )

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _cipher(passphrase: str, salt: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow import
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - slow import

    kdf = Scrypt(salt=salt, length=_KEY_BYTES, n=_COST, r=_BLOCK, p=_LANES)
    return AESGCM(kdf.derive(passphrase.encode()))
