"""The keys of signed notes: Ed25519 of RFC 8032, written as C2SP signed-note writes them.

A public key is a line NAME+ID+BASE64 (a *vkey*), a secret one PRIVATE+KEY+NAME+ID+BASE64. What
is signed is either the text of a note (algorithm 0x01) or a checkpoint together with the time
(0x04, C2SP tlog-cosignature). ``cryptography`` is imported where it is needed: it is slow.
"""

from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from ledger.proof.errors import Unproven
from ledger.proof.text import base64_of, bytes_of
from ledger.proof.tree import LARGEST

ED25519 = 0x01
"""The text is signed as it stands (signed-note, "Ed25519 signatures")."""
COSIGNATURE = 0x04
"""A checkpoint is signed with the time (tlog-cosignature, "Ed25519 signed message")."""
KEY_BYTES = 32
TIME_BYTES = 8

_FIELD = 2**255 - 19
_ORDER_8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_D = -121_665 * pow(121_666, -1, _FIELD) % _FIELD
_SMALL = {0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8}
"""The y of all eight points whose order divides 8 (x either way), as RFC 8032 5.1.2 encodes them.

For such a public key anybody can make a signature that holds (RFC 8032 section 8.9 leaves
open whether it is refused, and ``cryptography`` does not).
"""
_SECRET = "PRIVATE+KEY+"  # noqa: S105 - the marking that signed-note puts before a secret key


class Key(NamedTuple):
    """A public key with its name; made by ``public_key`` or ``parse_key``, which check it."""

    name: str
    algorithm: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that a signature names its key by (signed-note, "Signatures")."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:4]

    @property
    def text(self) -> str:
        """The key as one line, NAME+ID+BASE64 (signed-note, "Verifier keys")."""
        return f"{self.name}+{self.id.hex()}+{base64_of(self._typed)}"

    @property
    def _typed(self) -> bytes:
        return bytes([self.algorithm]) + self.public

    def verify(self, text: str, value: bytes) -> int | None:
        """Return the time of a cosignature, in seconds since 1970, or None of another signature.

        Raises Unproven unless ``value`` (what stands behind the key id) is this key's signature
        of the text (signed-note, "Signatures"; tlog-cosignature, "Ed25519 signed message").
        """
        time, signature = None, value
        if self.algorithm == COSIGNATURE:
            time, signature = int.from_bytes(value[:TIME_BYTES]), value[TIME_BYTES:]
        if time is not None and time > LARGEST:
            raise Unproven("signature_false", name=self.name)
        if not verifies(self.public, _message(text, time), signature):
            raise Unproven("signature_false", name=self.name)
        return time


class SigningKey:
    """A secret key with its name, and the public ``key`` that goes with it.

    ``seed`` is the 32 bytes of RFC 8032 section 5.1.5. It is shown nowhere but in ``secret``.
    """

    def __init__(self, name: str, seed: bytes, algorithm: int = ED25519) -> None:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow import

        if type(seed) is not bytes or len(seed) != KEY_BYTES:
            raise Unproven("key_form")
        self._private = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
        self.key = public_key(name, self._private.public_key().public_bytes_raw(), algorithm)

    def __repr__(self) -> str:
        return f"<SigningKey {self.key.text}>"

    def secret(self) -> str:
        """Return the secret key as one line (signed-note, as golang.org/x/mod/sumdb/note)."""
        typed = bytes([self.key.algorithm]) + self._private.private_bytes_raw()
        return f"{_SECRET}{self.key.name}+{self.key.id.hex()}+{base64_of(typed)}"

    def sign(self, text: str, time: int | None = None) -> bytes:
        """Return the signature of a text, as it stands behind the key id in a signature line.

        A cosigner gives the time, in seconds since 1970, and nobody else does.
        """
        if (self.key.algorithm == COSIGNATURE) != (time is not None):
            raise Unproven("key_algorithm", value=self.key.algorithm)
        if time is not None and not (type(time) is int and 0 <= time <= LARGEST):
            raise Unproven("tree_number", value=time, least=0, most=LARGEST)
        stamp = b"" if time is None else time.to_bytes(TIME_BYTES)
        return stamp + self._private.sign(_message(text, time))


def is_name(name: str) -> bool:
    """Whether a key can have this name: no spaces, pluses, controls (signed-note, "Format")."""
    return name != "" and not any(
        each.isspace() or each == "+" or each < " " or "\ud800" <= each <= "\udfff" for each in name
    )


def public_key(name: str, public: bytes, algorithm: int = ED25519) -> Key:
    """Return a public key; raises Unproven if it is weak, or in another form than RFC 8032 5.1.2.

    Weak are the points of small order, for which everybody can sign, and what is no point of the
    curve, for which nobody can.
    """
    key = _formed(name, public, algorithm)
    if not _is_strong(public):
        raise Unproven("key_weak", name=name)
    return key


def _formed(name: str, public: bytes, algorithm: int) -> Key:
    if not is_name(name):
        raise Unproven("key_name", value=name)
    if algorithm not in {ED25519, COSIGNATURE}:
        raise Unproven("key_algorithm", value=algorithm)
    if type(public) is not bytes or len(public) != KEY_BYTES:
        raise Unproven("key_form")
    return Key(name, algorithm, public)


def parse_key(text: str) -> Key:
    """Return the public key of a line NAME+ID+BASE64 (signed-note, "Verifier keys").

    Raises Unproven where it is malformed, its id does not fit, or it is weak.
    """
    name, algorithm, public = _parts(text)
    if _formed(name, public, algorithm).text != text:  # first: most are slips of the pen
        raise Unproven("key_id")
    return public_key(name, public, algorithm)


def parse_secret(text: str) -> SigningKey:
    """Return the secret key of a line PRIVATE+KEY+NAME+ID+BASE64; errors as of ``parse_key``."""
    if not text.startswith(_SECRET):
        raise Unproven("key_form")
    name, algorithm, seed = _parts(text.removeprefix(_SECRET))
    key = SigningKey(name, seed, algorithm)
    if key.secret() != text:
        raise Unproven("key_id")
    return key


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is an Ed25519 signature of the message (RFC 8032 5.1.7).

    Keys that are weak or not in their one form verify nothing. That a signature has 64 bytes
    and an S below the order of the group, ``cryptography`` sees to.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow import
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow import

    if not _is_strong(public):
        return False
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _parts(text: str) -> tuple[str, int, bytes]:
    """Return name, algorithm and key of NAME+ID+BASE64; the id is checked by writing it again."""
    name, _, rest = text.partition("+")
    typed = bytes_of(rest.partition("+")[2])
    if not typed:
        raise Unproven("key_form")
    return name, typed[0], typed[1:]


@lru_cache(maxsize=1_024)
def _is_strong(public: bytes) -> bool:
    y = int.from_bytes(public, "little") & (2**255 - 1)  # the bit above is the sign of x
    return len(public) == KEY_BYTES and y < _FIELD and y not in _SMALL and _is_on_curve(y)


def _is_on_curve(y: int) -> bool:
    """Whether a point has this y: for any other nobody can sign (RFC 8032 5.1.3, step 3)."""
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _FIELD)
    return pow(x_squared, (_FIELD - 1) // 2, _FIELD) == 1


def _message(text: str, time: int | None) -> bytes:
    return (text if time is None else f"cosignature/v1\ntime {time}\n{text}").encode()
