"""Policies: who must have signed, read strictly and counted by groups."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from ledger.proof.checkpoints import Checkpoint, cosign, sign_checkpoint
from ledger.proof.errors import Unproven
from ledger.proof.keys import COSIGNATURE, SigningKey
from ledger.proof.policy import MOST_BYTES, Group, parse_policy

LOG = SigningKey("so.example", bytes(32))
OTHER = SigningKey("so.example", bytes([99]) * 32)
X1, X2, X3, Y1, Y2, Y3 = (
    SigningKey(f"w{no}.example", bytes([no]) * 32, COSIGNATURE) for no in range(1, 7)
)
CHECKPOINT = Checkpoint("so.example", 5, bytes(range(32)))
# The example of tlog-policy, "Example policy", with keys, comments and URLs filled in.
EXAMPLE = f"""\
# Ai phải ký
log {LOG.key.text} https://so.example/log

witness X1 {X1.key.text}
\twitness  X2\t{X2.key.text} https://w2.example
witness X3 {X3.key.text}
group X-witnesses 2 X1 X2 X3

witness Y1 {Y1.key.text}
witness Y2 {Y2.key.text}
 # nữa
witness Y3 {Y3.key.text}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def refused(code: str, **values: object) -> Any:
    return pytest.raises(Unproven, match="^" + re.escape(str(Unproven(code, **values))) + "$")


def signed(*keepers: SigningKey, log: SigningKey = LOG) -> bytes:
    data = sign_checkpoint(CHECKPOINT, log)
    for keeper in keepers:
        data = cosign(data, keeper, 7)
    return data


def test_the_example_of_the_specification() -> None:
    policy = parse_policy(EXAMPLE.encode())
    assert policy.logs == (LOG.key,)
    assert list(policy.witnesses) == [b"X1", b"X2", b"X3", b"Y1", b"Y2", b"Y3"]
    assert policy.witnesses[b"Y3"] == Y3.key
    assert policy.groups == {
        b"X-witnesses": Group(2, (b"X1", b"X2", b"X3")),
        b"Y-witnesses": Group(1, (b"Y1", b"Y2", b"Y3")),
        b"X-and-Y": Group(2, (b"X-witnesses", b"Y-witnesses")),
    }
    assert policy.quorum == b"X-and-Y"


@pytest.mark.parametrize("keepers", [(X1, X2, Y1), (X3, Y3, X1), (X1, X2, X3, Y1, Y2, Y3)])
def test_a_quorum_is_met(keepers: Iterable[SigningKey]) -> None:
    opened = parse_policy(EXAMPLE.encode()).open(signed(*keepers))
    assert opened.checkpoint == CHECKPOINT
    assert {each.key for each in opened.signers} == {LOG.key, *(each.key for each in keepers)}


@pytest.mark.parametrize("keepers", [(), (X1,), (X1, X2), (X1, Y1), (Y1, Y2, Y3), (X1, X1, Y1)])
def test_a_quorum_is_not_met(keepers: Iterable[SigningKey]) -> None:
    with refused("policy_quorum", value="X-and-Y"):
        parse_policy(EXAMPLE.encode()).open(signed(*keepers))


def test_a_log_must_have_signed_for_the_origin_its_key_is_named_for() -> None:
    policy = parse_policy(EXAMPLE.encode())
    with refused("policy_log", value="so.example"):
        policy.open(signed(X1, X2, Y1, log=OTHER))
    elsewhere = SigningKey("khac.example", bytes(32))
    with refused("signature_unknown"):
        parse_policy(f"log {elsewhere.key.text}\nquorum none\n".encode()).open(
            signed(log=elsewhere)
        )


def test_a_false_signature_of_a_witness_refuses_the_checkpoint() -> None:
    lines = signed(X1, X2, Y1, Y2).split(b"\n")
    of_another = cosign(sign_checkpoint(CHECKPOINT._replace(size=6), LOG), Y2, 7).split(b"\n")
    lines[-2] = of_another[-2]
    with refused("signature_false", name=Y2.key.name):
        parse_policy(EXAMPLE.encode()).open(b"\n".join(lines))


def test_a_policy_without_logs_goes_by_the_keys_that_are_known() -> None:
    policy = parse_policy(f"witness w {X1.key.text}\nquorum w\n".encode())
    assert policy.open(signed(X1), [LOG.key]).checkpoint == CHECKPOINT
    with refused("policy_log", value="so.example"):
        policy.open(signed(X1))
    with refused("policy_quorum", value="w"):
        policy.open(signed(), [LOG.key])


def test_any_of_several_logs_is_enough() -> None:
    policy = parse_policy(f"log {OTHER.key.text}\nlog {LOG.key.text}\nquorum none\n".encode())
    assert policy.open(signed())
    assert policy.open(signed(log=OTHER))
    assert policy.open(signed(), [LOG.key])


def test_a_log_may_have_a_key_of_a_cosigner() -> None:
    own = SigningKey("so.example", bytes([9]) * 32, COSIGNATURE)
    policy = parse_policy(f"log {own.key.text}\nquorum none\n".encode())
    assert policy.open(cosign(signed(), own, 3))


def test_names_are_bytes() -> None:
    name = "Kế".encode() + b"\xff"
    line = b"witness " + name + b" " + X1.key.text.encode() + b"\n"
    policy = parse_policy(line + b"group g 1 " + name + b"\nquorum g\n")
    assert policy.witnesses == {name: X1.key}
    assert policy.groups == {b"g": Group(1, (name,))}
    with refused("policy_quorum", value="Kế\ufffd"):
        parse_policy(f"log {LOG.key.text}\n".encode() + line + b"quorum " + name + b"\n").open(
            signed()
        )


W1, W2 = f"witness a {X1.key.text}\n", f"witness b {X2.key.text}\n"
ONE_LINE_TOO_MANY = [
    "unknown x",
    "quorum",
    "quorum a b",
    "quorum c",
    "quorum a\nquorum a",
    "quorum c\nwitness c",
    "log",
    "log a b c",
    "witness c",
    f"witness none {X3.key.text}",
    f"witness a {X3.key.text}",
    f"witness c {X1.key.text}",
    f"witness c {SigningKey('x', bytes([1]) * 32, COSIGNATURE).key.text}",
    f"witness c {X3.key.text} url more",
    f"log {LOG.key.text}\nlog {SigningKey('x', bytes(32)).key.text}",
    "group g",
    "group g any",
    "group g all",
    "group g 1",
    "group none any a",
    "group a any b",
    "group g any c",
    "group g any g",
    "group g any none",
    "group g any a a",
    "group g any a\ngroup h any a",
    "group g any a\ngroup g any b",
    "group g 0 a",
    "group g 2 a",
    "group g 3 a b",
    "group g 01 a",
    "group g -1 a",
    "group g +1 a",
    "group g some a",
    "group g Any a",
    "Quorum a",
    "quorum a\r",
    "quorum a\x0b",
    "# \x01",
    "# \x7f",
]


@pytest.mark.parametrize("lines", ONE_LINE_TOO_MANY)
def test_what_cannot_stand_in_a_policy(lines: str) -> None:
    text = f"{W1}{W2}{lines}\nquorum a\n"
    with refused("policy_line", value=3 + lines.split("\nwitness c", maxsplit=1)[0].count("\n")):
        parse_policy(text.encode())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            f"witness c {SigningKey('c', bytes([9]) * 32).key.text}",
            Unproven("key_algorithm", value=1),
        ),
        ("witness c x", Unproven("key_form")),
        ("log x https://so.example", Unproven("key_form")),
        (f"log {LOG.key.text[:-4]}AAAA", Unproven("key_id")),
        ("log \xff+00000000+AQ==", Unproven("key_form")),
    ],
)
def test_a_key_that_is_none_is_named_with_its_line(line: str, reason: Unproven) -> None:
    with refused("policy_key", value=3, detail=reason):
        parse_policy(f"{W1}{W2}{line}\nquorum a\n".encode("latin-1"))


def test_the_last_line_is_ended() -> None:
    assert parse_policy(b"quorum none\n").quorum == b"none"
    with refused("policy_line", value=1):
        parse_policy(b"quorum none")
    with refused("policy_line", value=2):
        parse_policy(b"quorum none\n ")


@pytest.mark.parametrize("text", ["", "\n", "# quorum none\n", W1])
def test_a_policy_says_a_quorum(text: str) -> None:
    with refused("policy_no_quorum"):
        parse_policy(text.encode())


def test_at_most_a_hundred_thousand_bytes_are_read() -> None:
    assert MOST_BYTES == 100_000
    most = b"quorum none\n#".ljust(MOST_BYTES - 1, b"x") + b"\n"
    assert parse_policy(most).quorum == b"none"
    with refused("note_long", value=MOST_BYTES + 1, limit=MOST_BYTES):
        parse_policy(most + b"\n")
