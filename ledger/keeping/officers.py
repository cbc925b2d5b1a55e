"""A copy of the keys file for officers, locked with a passphrase (docs/format.md, "Backup")."""

import base64
import os
from typing import TYPE_CHECKING

from ledger.errors import Problem, Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "rollbook-keys-backup 1"
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_COST, _BLOCK, _LANES = 1 << 17, 8, 1
"""Parameters of scrypt (RFC 7914): 128 MiB and about half a second for each guess."""
_LINES = 4


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


def _cipher(passphrase: str, salt: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow import
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - slow import

    kdf = Scrypt(salt=salt, length=_KEY_BYTES, n=_COST, r=_BLOCK, p=_LANES)
    return AESGCM(kdf.derive(passphrase.encode()))
