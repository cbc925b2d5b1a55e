"""Keys of signed notes: one form only, none that anybody can sign for."""

import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.proof.errors import Unproven
from ledger.proof.keys import (
    COSIGNATURE,
    ED25519,
    Key,
    SigningKey,
    is_name,
    parse_key,
    parse_secret,
    public_key,
    verifies,
)

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
# RFC 8032 section 7.1, test 1: the secret key, the public key, the signature of nothing.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
OF_NOTHING = bytes.fromhex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
)
# The example of C2SP signed-note, "Verifier keys" (CC-BY-4.0).
EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def refused(code: str, **values: object) -> Any:
    return pytest.raises(Unproven, match="^" + re.escape(str(Unproven(code, **values))) + "$")


def test_the_known_answer_of_rfc_8032() -> None:
    key = SigningKey("n", SEED)
    assert key.key == Key("n", ED25519, PUBLIC)
    assert key.sign("") == OF_NOTHING
    assert verifies(PUBLIC, b"", OF_NOTHING)
    assert verifies(PUBLIC, b"\0", OF_NOTHING) is False


def test_the_example_of_the_specification() -> None:
    key = parse_key(EXAMPLE)
    assert (key.name, key.algorithm, key.id.hex()) == ("example.com/foo", 1, "530d903a")
    assert key.text == EXAMPLE


@pytest.mark.parametrize("algorithm", [ED25519, COSIGNATURE])
def test_keys_come_back_from_their_lines(algorithm: int) -> None:
    key = SigningKey("sổ.vn/phường-1", SEED, algorithm)
    assert parse_key(key.key.text) == key.key == public_key("sổ.vn/phường-1", PUBLIC, algorithm)
    again = parse_secret(key.secret())
    assert again.key == key.key
    assert again.secret() == key.secret()
    assert key.secret().startswith("PRIVATE+KEY+sổ.vn/phường-1+" + key.key.id.hex() + "+")
    assert key.secret() not in repr(key)
    assert repr(key) == f"<SigningKey {key.key.text}>"


def test_the_id_depends_on_name_algorithm_and_key() -> None:
    ids = {public_key("n", PUBLIC).id, public_key("m", PUBLIC).id}
    ids |= {public_key("n", PUBLIC, COSIGNATURE).id, parse_key(EXAMPLE).id}
    assert len(ids) == 4
    assert {len(each) for each in ids} == {4}


@pytest.mark.parametrize(
    "text", ["", "n", "n+", "n+00000000", "n+00000000+", "n+00000000+AA=", "n++"]
)
def test_what_is_no_key(text: str) -> None:
    with refused("key_form"):
        parse_key(text)
    with refused("key_form"):
        parse_secret("PRIVATE+KEY+" + text)


def test_a_secret_key_is_marked_as_one() -> None:
    with refused("key_form"):
        parse_secret(SigningKey("n", SEED).secret().removeprefix("PRIVATE+KEY+"))
    with refused("key_form"):
        parse_key(SigningKey("n", SEED).secret())


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda part: part.translate(str.maketrans("0123456789", "1234567890")),
        lambda part: part[1:],
    ],
)
def test_the_id_in_a_line_must_fit(change: Any) -> None:
    name, key_id, rest = EXAMPLE.split("+")
    with refused("key_id"):
        parse_key(f"{name}+{change(key_id)}+{rest}")
    name, key_id, rest = SigningKey("n", SEED).secret().removeprefix("PRIVATE+KEY+").split("+")
    with refused("key_id"):
        parse_secret(f"PRIVATE+KEY+{name}+{change(key_id)}+{rest}")


@pytest.mark.parametrize("algorithm", [0, 2, 3, 5, 6, 255])
def test_other_algorithms_are_refused(algorithm: int) -> None:
    with refused("key_algorithm", value=algorithm):
        public_key("n", PUBLIC, algorithm)
    with refused("key_algorithm", value=algorithm):
        parse_key(Key("n", algorithm, PUBLIC).text)


WRONG_LENGTHS: list[Any] = [b"", bytes(31), bytes(33), bytearray(32), "a" * 32, None]


@pytest.mark.parametrize("wrong", WRONG_LENGTHS)
def test_keys_have_32_bytes(wrong: Any) -> None:
    with refused("key_form"):
        public_key("n", wrong)
    with refused("key_form"):
        SigningKey("n", wrong)


@pytest.mark.parametrize("name", ["n", "go.sum", "Đảng-bộ", "a/b", "é", "\x7f", "—"])
def test_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "a+b",
        " a",
        "a\u00a0",
        "a\u2003b",
        "a\n",
        "\x01",
        pytest.param("\ud800", id="low"),
        pytest.param("\udfff", id="high"),
    ],
)
def test_what_cannot_be_a_name(name: str) -> None:
    assert not is_name(name)
    with refused("key_name", value=name):
        public_key(name, PUBLIC)


# The curve of RFC 8032 section 5.1, to find its points of small order.
D = -121665 * pow(121666, -1, FIELD) % FIELD
Point = tuple[int, int]


def added(one: Point, other: Point) -> Point:
    """Return the sum of two points (RFC 8032 section 5.1.4, in plain coordinates)."""
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + product, -1, FIELD) % FIELD,
        (y1 * y2 + x1 * x2) * pow(1 - product, -1, FIELD) % FIELD,
    )


def decoded(public: bytes) -> Point:
    """Return the point of a public key, its y taken modulo the field as lax readers do."""
    number = int.from_bytes(public, "little")
    y = (number & (2**255 - 1)) % FIELD
    squared = (y * y - 1) * pow(D * y * y + 1, -1, FIELD) % FIELD
    x = pow(squared, (FIELD + 3) // 8, FIELD)
    if (x * x - squared) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    assert (x * x - squared) % FIELD == 0, "not on the curve"
    return (FIELD - x if x % 2 != number >> 255 else x) % FIELD, y


def multiplied(times: int, point: Point) -> Point:
    result = 0, 1
    for bit in f"{times:b}":
        result = added(result, result)
        if bit == "1":
            result = added(result, point)
    return result


def encoded(y: int, sign: int) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


def weak_keys() -> set[bytes]:
    """Return every encoding of a point whose order divides 8, also those of no one form."""
    some, point = 2, (0, 1)
    while multiplied(4, point) == (0, 1):  # until the part of order 8 of a point has that order
        try:
            point = multiplied(ORDER, decoded(encoded(some, 0)))
        except AssertionError:
            point = (0, 1)
        some += 1
    small = {multiplied(times, point)[1] for times in range(8)}
    assert len(small) == 5, "eight points, of which six share their y in twos"
    ys = [y + more for y in small for more in (0, FIELD) if y + more < 2**255]
    return {encoded(y, sign) for y in ys for sign in (0, 1)}


def test_keys_of_small_order_are_refused() -> None:
    weak = weak_keys()
    assert len(weak) == 14
    for public in weak:
        with refused("key_weak", name="n"):
            public_key("n", public)
        with refused("key_weak", name="n"):
            parse_key(Key("n", ED25519, public).text)


def test_for_a_weak_key_cryptography_takes_a_signature_that_needed_no_secret() -> None:
    neutral = encoded(1, 0)
    anybody = neutral + bytes(32)
    Ed25519PublicKey.from_public_bytes(neutral).verify(anybody, b"whatever it says")
    assert verifies(neutral, b"whatever it says", anybody) is False


@pytest.mark.parametrize("sign", [0, 1])
def test_keys_that_are_not_in_their_one_form_are_refused(sign: int) -> None:
    for y in range(FIELD, 2**255):
        with refused("key_weak", name="n"):
            public_key("n", encoded(y, sign))
    assert public_key("n", encoded(FIELD - 3, sign))
    assert public_key("n", encoded(3, sign))


def test_what_is_no_point_of_the_curve_is_refused() -> None:
    for y in (2, 7, 8, 11, 12):
        with pytest.raises(AssertionError, match="not on the curve"):
            decoded(encoded(y, 0))
        with refused("key_weak", name="n"):
            public_key("n", encoded(y, 0))


def test_a_signature_has_one_form() -> None:
    own, scalar = OF_NOTHING[:32], int.from_bytes(OF_NOTHING[32:], "little")
    assert not verifies(PUBLIC, b"", own + (scalar + ORDER).to_bytes(32, "little"))
    for wrong in (b"", OF_NOTHING[:-1], OF_NOTHING + b"\0", own):
        assert not verifies(PUBLIC, b"", wrong)
    for public in (b"", PUBLIC[:-1], PUBLIC + b"\0"):
        assert not verifies(public, b"", OF_NOTHING)


TIME = 1_679_315_147
TEXT = "example.com/behind-the-sofa\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_a_cosignature_is_of_the_text_and_the_time() -> None:
    """As tlog-cosignature writes the message in its example."""
    key = SigningKey("w", SEED, COSIGNATURE)
    value = key.sign(TEXT, TIME)
    assert value[:8] == TIME.to_bytes(8, "big")
    assert verifies(PUBLIC, f"cosignature/v1\ntime 1679315147\n{TEXT}".encode(), value[8:])
    assert key.key.verify(TEXT, value) == TIME
    for wrong in (value[8:], b"", value[:7], (TIME + 1).to_bytes(8) + value[8:], value + b"\0"):
        with refused("signature_false", name="w"):
            key.key.verify(TEXT, wrong)
    with refused("signature_false", name="w"):
        key.key.verify(TEXT + "more\n", value)


@pytest.mark.parametrize("time", [0, 2**63 - 1])
def test_the_earliest_and_the_latest_time(time: int) -> None:
    key = SigningKey("w", SEED, COSIGNATURE)
    assert key.key.verify(TEXT, key.sign(TEXT, time)) == time


def test_a_time_past_the_last_is_refused_though_it_was_signed() -> None:
    message = f"cosignature/v1\ntime {2**63}\n{TEXT}"
    value = (2**63).to_bytes(8) + SigningKey("w", SEED).sign(message)
    with refused("signature_false", name="w"):
        public_key("w", PUBLIC, COSIGNATURE).verify(TEXT, value)


@pytest.mark.parametrize("time", [-1, 2**63, True, 1.0, "1"])
def test_what_is_no_time(time: Any) -> None:
    with refused("tree_number", value=time, least=0, most=2**63 - 1):
        SigningKey("w", SEED, COSIGNATURE).sign(TEXT, time)


def test_only_cosigners_give_a_time_and_they_always_do() -> None:
    with refused("key_algorithm", value=ED25519):
        SigningKey("n", SEED).sign(TEXT, TIME)
    with refused("key_algorithm", value=COSIGNATURE):
        SigningKey("n", SEED, COSIGNATURE).sign(TEXT)


def test_a_signature_of_a_text_has_no_time() -> None:
    key = SigningKey("n", SEED)
    assert key.key.verify(TEXT, key.sign(TEXT)) is None
    with refused("signature_false", name="n"):
        key.key.verify(TEXT[1:], key.sign(TEXT))
