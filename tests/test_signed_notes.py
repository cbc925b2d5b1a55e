"""Signed notes: read in one form only, and believed only with the signature of a known key."""

import re
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import Unproven
from ledger.proof.keys import COSIGNATURE, SigningKey, parse_key
from ledger.proof.notes import (
    MOST_BYTES,
    Note,
    Signature,
    Signer,
    check_note,
    format_note,
    parse_note,
    parse_signatures,
    sign_note,
)

# The example of golang.org/x/mod/sumdb/note (BSD-3-Clause).
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
LINE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)
WHOLE = f"{TEXT}\n{LINE}".encode()
AN, BINH = SigningKey("an", bytes(32)), SigningKey("bình", bytes([1]) * 32)
KEEPER = SigningKey("keeper", bytes([2]) * 32, COSIGNATURE)


def refused(code: str, **values: object) -> Any:
    return pytest.raises(Unproven, match="^" + re.escape(str(Unproven(code, **values))) + "$")


def test_the_example_of_go() -> None:
    note = parse_note(WHOLE)
    assert note.text == TEXT
    assert [each.line for each in note.signatures] == [LINE]
    assert (note.signatures[0].name, note.signatures[0].key_id.hex()) == (
        "PeterNeumann",
        "c74f20a3",
    )
    assert check_note(note, [parse_key(VERIFIER)]) == [Signer(parse_key(VERIFIER), None)]
    assert format_note(note) == WHOLE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        f"{TEXT}\n".encode(),
        WHOLE[:-1],
        f"{TEXT}{LINE}".encode(),
        b"\x01" + WHOLE,
        b"\x1f" + WHOLE,
        b"a\tb" + WHOLE,
        WHOLE.replace(b"\n", b"\r\n"),
        b"\xff" + WHOLE,
        b"\xed\xa0\x80" + WHOLE,
    ],
)
def test_what_is_no_note(data: bytes) -> None:
    with refused("note_text"):
        parse_note(data)


@pytest.mark.parametrize(
    "line",
    [
        "Unexpected line.",
        "\u2014",
        "\u2014 an",
        "\u2014 an ",
        "\u2014  AAAAAAA=",
        "- an AAAAAAA=",
        " \u2014 an AAAAAAA=",
        "\u2014an AAAAAAA=",
        "\u2014 a+n AAAAAAA=",
        "\u2014 a n AAAAAAA=",
        "\u2014 a\u00a0n AAAAAAA=",
        "\u2014 an AAAAAAA= ",
        "\u2014 an  AAAAAAA=",
        "\u2014 an AAAAAA==",
        "\u2014 an AAAAAAA",
        "\u2014 an AAAAAAB=",
        "\u2014 an AAAA_AA=",
        "\u2014 an AAAAAAA=AAAA",
        "\u2014 an é",
    ],
)
def test_what_is_no_signature_line(line: str) -> None:
    with refused("note_signature", value=line):
        parse_note(f"text\n\n{LINE}{line}\n".encode())
    with refused("note_signature", value=line):
        parse_signatures(f"{line}\n")


def test_of_a_long_line_only_the_beginning_is_shown() -> None:
    with refused("note_signature", value="x" * 200):
        parse_signatures("x" * 201 + "\n")


def test_the_shortest_signature_has_one_byte_after_the_id() -> None:
    line = "\u2014 an AAAAAAA=\n"
    assert parse_signatures(line) == (Signature("an", bytes(4), bytes(1)),)


def test_the_text_may_have_empty_lines_and_be_one() -> None:
    for text in ("\n", "\n\n", "a\n\nb\n", "a\n\n\n", f"{TEXT}\n{LINE}"):
        note = parse_note(f"{text}\n{LINE}".encode())
        assert note.text == text
        assert format_note(note) == f"{text}\n{LINE}".encode()


def test_at_most_a_hundred_signatures_are_read() -> None:
    assert len(parse_note(f"{TEXT}\n{LINE * 100}".encode()).signatures) == 100
    with refused("note_signatures", limit=100):
        parse_note(f"{TEXT}\n{LINE * 101}".encode())


def test_at_most_a_million_bytes_are_read() -> None:
    assert MOST_BYTES == 1_000_000
    rest = f"\n\n{LINE}".encode()
    assert parse_note(b"x" * (MOST_BYTES - len(rest)) + rest).signatures
    with refused("note_long", value=MOST_BYTES + 1, limit=MOST_BYTES):
        parse_note(b"x" * (MOST_BYTES + 1 - len(rest)) + rest)


@pytest.mark.parametrize("text", ["", "abc", "a\tb\n", "\ud800\n"])
def test_a_text_that_can_be_in_no_note_is_not_written(text: str) -> None:
    with refused("note_text"):
        format_note(Note(text, (Signature("an", bytes(4), bytes(1)),)))


def test_a_note_that_would_be_read_otherwise_is_not_written() -> None:
    line = Signature("an", bytes(4), bytes(1))
    in_a_list: Any = [line]
    for other in (Note("a\n", ()), Note("a\n", in_a_list)):
        with refused("note_text"):
            format_note(other)
    with refused("note_signature", value="b"):
        format_note(Note("a\n\nb", (line,)))
    with refused("note_signature", value="\u2014 a n AAAAAAA="):
        format_note(Note("a\n", (line, Signature("a n", bytes(4), bytes(1)))))


def test_several_sign_and_each_is_found_once() -> None:
    note = Note("giấy\n", ())
    for key in (AN, BINH, AN):
        note = sign_note(note, key)
    note = sign_note(sign_note(note, KEEPER, 5), KEEPER, 6)
    assert [each.name for each in note.signatures] == ["an", "bình", "an", "keeper", "keeper"]
    found = check_note(parse_note(format_note(note)), [KEEPER.key, BINH.key, AN.key])
    assert found == [Signer(AN.key, None), Signer(BINH.key, None), Signer(KEEPER.key, 5)]
    assert check_note(note, iter([BINH.key])) == [Signer(BINH.key, None)]


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    note = sign_note(Note("a\n", ()), AN)
    other_name = SigningKey("chi", bytes(32)).key
    other_use = SigningKey("an", bytes(32), COSIGNATURE).key
    for keys in ([], [BINH.key], [other_name], [other_use], [SigningKey("an", b"x" * 32).key]):
        with refused("signature_unknown"):
            check_note(note, keys)
    with refused("signature_unknown"):
        check_note(Note("a\n", ()), [AN.key])


def test_one_false_signature_of_a_known_key_is_enough_to_refuse() -> None:
    note = sign_note(sign_note(Note("a\n", ()), AN), BINH)
    for changed in (Note("b\n", note.signatures), forged(note, 0), forged(note, 1)):
        with pytest.raises(Unproven, match="signature_false"):
            check_note(changed, [AN.key, BINH.key])
    assert check_note(forged(note, 1), [AN.key]) == [Signer(AN.key, None)]
    twice = Note("a\n", (*note.signatures, forged(note, 0).signatures[0]))
    with refused("signature_false", name="an"):
        check_note(twice, [AN.key, BINH.key])


def forged(note: Note, at: int) -> Note:
    """Return the note with the last byte of a signature changed."""
    lines = list(note.signatures)
    value = lines[at].value
    lines[at] = lines[at]._replace(value=value[:-1] + bytes([value[-1] ^ 1]))
    return Note(note.text, tuple(lines))


def test_keys_that_cannot_be_told_apart_are_refused_when_they_are_asked() -> None:
    note = sign_note(Note("a\n", ()), AN)
    with refused("key_twice", name="an"):
        check_note(note, [AN.key, BINH.key, AN.key])
    assert check_note(note, [BINH.key, AN.key, BINH.key]) == [Signer(AN.key, None)]


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_whatever_is_read_is_what_would_be_written(data: bytes) -> None:
    for whole in (data, data + WHOLE[-len(LINE.encode()) - 1 :], TEXT.encode() + b"\n" + data):
        try:
            note = parse_note(whole)
        except Unproven:
            continue
        assert format_note(note) == whole


@given(
    st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32), max_size=30),
    st.lists(st.binary(min_size=5, max_size=80), min_size=1, max_size=5),
)
def test_what_is_written_is_read_again(text: str, values: list[bytes]) -> None:
    lines = tuple(Signature("tên", each[:4], each[4:]) for each in values)
    note = Note(text + "\n", lines)
    data = format_note(note)
    assert parse_note(data) == note
    assert data.endswith(b" " + b64encode(values[-1]) + b"\n")
