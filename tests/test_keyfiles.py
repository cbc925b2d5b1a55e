"""Files of operators' keys: PEM, as every program reads them."""

import base64
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ledger.authority.keyfiles import default_path, read_key, write_key, write_private
from ledger.errors import Refused
from tests.scenarios import codes

SEED = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()


@pytest.mark.parametrize(
    ("code", "name"), [("an", "so.an.key"), ("a/b", "so.a%2Fb.key"), ("..\\x", "so...%5Cx.key")]
)
def test_every_code_has_a_file_beside_the_book(code: str, name: str) -> None:
    assert default_path(Path("folder") / "so.db", code) == Path("folder") / name


def nobody_asked() -> str | None:
    """Fail, as no passphrase is needed."""
    raise AssertionError


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"# of An\n" + text,
        lambda text: text.rstrip(b"\n"),
        lambda text: text.replace(b"\nMC4", b"\nMC4\n"),
    ],
)
def test_an_open_key_is_read_however_it_is_written(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "an.key"
    write_key(path, SEED, None)
    assert isinstance(
        serialization.load_pem_private_key(path.read_bytes(), None), Ed25519PrivateKey
    )
    path.write_bytes(change(path.read_bytes()))
    assert read_key(path, "so/an", nobody_asked).key.public == PUBLIC


def test_a_locked_key_is_read_with_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "an.key"
    write_key(path, SEED, "một hai ba")
    assert read_key(path, "so/an", lambda: "một hai ba").key.public == PUBLIC
    for given, code in (("một", "passphrase_differs"), (None, "key_locked")):
        asked = [given]
        with pytest.raises(Refused) as caught:
            read_key(path, "so/an", asked.pop)
        assert codes(caught.value.problems) == [code]


def _of_another_kind(path: Path) -> None:
    write_private(path, X25519PrivateKey.generate(), None)


def _shorter(path: Path) -> None:
    der = bytes.fromhex("302e020100300506032b657004220420") + SEED
    path.write_bytes(_pem(der[:-1]))


def _of_another_form(path: Path) -> None:
    der = bytes.fromhex("302e020101300506032b657004220420") + SEED
    path.write_bytes(_pem(der))


def _pem(der: bytes) -> bytes:
    text = base64.b64encode(der)
    return b"-----BEGIN PRIVATE KEY-----\n" + text + b"\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "make",
    [
        _of_another_kind,
        _shorter,
        _of_another_form,
        lambda path: path.write_bytes(_pem(bytes(48))),
        lambda path: path.write_bytes(b"-----BEGIN PRIVATE KEY-----\n" + b"!" * 64),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"x" * 10_001),
    ],
)
def test_what_is_no_key_to_sign_with_is_told(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "an.key")
    with pytest.raises(Refused) as caught:
        read_key(tmp_path / "an.key", "so/an", nobody_asked)
    assert codes(caught.value.problems) == ["key_unreadable"]


def test_whoever_records_does_not_wait_for_the_reader_of_all_keys(tmp_path: Path) -> None:
    write_key(tmp_path / "an.key", SEED, None)
    program = (
        "import sys; from pathlib import Path; from ledger.authority.keyfiles import read_key\n"
        "read_key(Path(sys.argv[1]), 'so/an', lambda: None).sign('')\n"
        "assert 'cryptography.hazmat.primitives.serialization' not in sys.modules\n"
    )
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "an.key")], check=True, cwd=root)
