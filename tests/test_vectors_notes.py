"""Signed notes and keys against the vectors of others: Go, C2SP, Wycheproof."""

from typing import Any

import pytest

from ledger.proof.errors import Unproven
from ledger.proof.keys import SigningKey, parse_key, parse_secret, verifies
from ledger.proof.notes import Note, Signature, check_note, format_note, parse_note, sign_note
from tests.vectors import from_base64, read

GO = read("golang-note.json")
SPECIFICATION = read("c2sp-spec-examples.json")["signed_note"]
ED25519 = [
    (group["publicKey"]["pk"], test)
    for group in read("wycheproof/ed25519_test.json")["testGroups"]
    for test in group["tests"]
]
CODES = {
    "no-verifiable-signature": {"signature_unknown"},
    "ambiguous-key": {"key_twice"},
    "malformed": {"note_text", "note_signature", "note_signatures"},
    "invalid-signature": {"signature_false"},
}


@pytest.mark.parametrize("case", GO["open"], ids=lambda case: case["desc"])
def test_notes_of_go(case: dict[str, Any]) -> None:
    data = from_base64(case["msg"])
    keys = [parse_key(each) for each in case["vkeys"]]
    if case["result"] != "ok":
        with pytest.raises(Unproven) as refused:
            check_note(parse_note(data), keys)
        assert refused.value.code in CODES[case["result"]]
        return
    note = parse_note(data)
    verified = [signer.key.name for signer in check_note(note, keys)]
    others = dict.fromkeys(each for each in note.signatures if each.name not in verified)
    assert verified == case["verified"]
    assert [each.name for each in others] == case["unverified"]
    assert format_note(note) == data


@pytest.mark.parametrize("text", GO["good_vkeys"])
def test_good_keys_of_go(text: str) -> None:
    assert parse_key(text).text == text
    assert parse_key(text).id.hex() == text.split("+")[1]


def test_the_good_secret_key_of_go() -> None:
    key = parse_secret(GO["good_skey"])
    assert key.secret() == GO["good_skey"]
    assert key.key.text == GO["good_vkeys"][0]


@pytest.mark.parametrize("text", GO["bad_vkeys"])
def test_bad_keys_of_go(text: str) -> None:
    with pytest.raises(Unproven):
        parse_key(text)


def mutations(text: str) -> set[str]:
    """Return what the rules of Go's test make of a good key."""
    ends = range(len(text) + 1)
    parts = {text[first:last] for last in ends for first in range(last + 1)} - {text}
    return parts | {text[:at] + chr(ord(each) + 1) + text[at + 1 :] for at, each in enumerate(text)}


@pytest.mark.parametrize("text", GO["good_vkeys"])
def test_no_mutation_of_a_key_is_a_key(text: str) -> None:
    for wrong in mutations(text):
        with pytest.raises(Unproven):
            parse_key(wrong)


def test_no_mutation_of_a_secret_key_is_a_key() -> None:
    for wrong in mutations(GO["good_skey"]):
        with pytest.raises(Unproven):
            parse_secret(wrong)


def test_signing_as_go_does() -> None:
    case = GO["sign"]
    note = sign_note(Note(case["text"], ()), parse_secret(case["skey"]))
    assert format_note(note).decode() == case["signed"]
    case = GO["zero_seed_key"]
    key = SigningKey(case["name"], bytes.fromhex(case["seed_hex"]))
    made = sign_note(note, key)
    assert made.signatures[1].line == case["signature_line"]
    assert made.signatures[0] == note.signatures[0]


def test_what_go_does_not_sign() -> None:
    key = parse_secret(GO["good_skey"])
    for case in GO["sign_errors"]:
        own = case.get("prefilled")
        data = from_base64(own["base64"]) if own else b""
        others = (Signature(own["name"], data[:4], data[4:]),) if own else ()
        with pytest.raises(Unproven):
            format_note(sign_note(Note(case["text"], others), key))


def test_the_example_of_the_specification() -> None:
    note = parse_note(SPECIFICATION["note"].encode())
    key = parse_key(SPECIFICATION["vkey"])
    assert [signer.key for signer in check_note(note, [key])] == [key]


@pytest.mark.parametrize(
    ("public", "case"), ED25519, ids=[str(test["tcId"]) for _, test in ED25519]
)
def test_wycheproof_ed25519(public: str, case: dict[str, Any]) -> None:
    parts = (bytes.fromhex(each) for each in (public, case["msg"], case["sig"]))
    assert verifies(*parts) == (case["result"] == "valid")


def test_wycheproof_has_151_signatures() -> None:
    assert len(ED25519) == 151
