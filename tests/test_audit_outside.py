"""Proofs, keepers and comparisons: what is done outside, mostly without the book."""

from pathlib import Path

import pytest

from ledger.proof.checkpoints import open_checkpoint
from ledger.proof.keys import parse_key
from tests.forgeries import book, copied, grown, kept, whole_book
from tests.terminal import call, done

__all__ = ["book"]
NOWHERE = Path("no-such-book.db")


# Proofs


@pytest.mark.parametrize("no", [1, 7, 11])
def test_an_entry_is_proven_without_the_book(book: Path, no: int) -> None:
    _, key = kept(book, "a.checkpoint")
    proof = str(book.parent / "proof")
    assert "Wrote the proof" in done(book, "audit", "prove", str(no), "-o", proof).err
    said = done(NOWHERE, "audit", "confirm", proof, "--vkey", key, "--format", "json")
    (row,) = said.json
    assert (row["no"], row["size"], row["signed_by"]) == (no, 11, [key.partition("+")[0]])
    log = done(book, "log", "--format", "json").json
    assert (row["kind"], row["by"]) == (log[no - 1]["kind"], log[no - 1]["by"])
    assert "Nguyễn" not in Path(proof).read_text()
    told = done(NOWHERE, "audit", "confirm", proof, "--vkey", key, lang="vi").out
    assert "Đã chứng minh" in told


def test_a_proof_that_was_touched_proves_nothing(book: Path) -> None:
    _, key = kept(book, "a.checkpoint")
    proof = book.parent / "proof"
    done(book, "audit", "prove", "7", "-o", str(proof))
    lines = proof.read_text().split("\n")
    for at, line in enumerate(lines):
        for wrong in (line[:-3] + "A==", line.replace("6", "5"), "", line + line):
            if wrong == line:
                continue
            proof.write_text("\n".join([*lines[:at], wrong, *lines[at + 1 :]]))
            said = call(NOWHERE, "audit", "confirm", str(proof), "--vkey", key)
            assert (said.status, said.out) == (12, ""), (line, wrong)
    proof.write_text("\n".join(lines))
    other = "rollbook/x+" + key.partition("+")[2]
    assert call(NOWHERE, "audit", "confirm", str(proof), "--vkey", other).status == 3
    assert call(NOWHERE, "audit", "confirm", str(proof)).status == 2


def test_a_proof_leads_to_a_checkpoint_that_was_kept(book: Path) -> None:
    path, key = kept(book, "a.checkpoint")
    grown(book, "A", "B")
    book.with_suffix(".keys").unlink()
    proof = str(book.parent / "proof")
    done(book, "audit", "prove", "3", "--checkpoint", path, "-o", proof)
    rows = done(NOWHERE, "audit", "confirm", proof, "--vkey", key, "--format", "json").json
    assert rows[0]["size"] == 11
    said = call(book, "audit", "prove", "12", "--checkpoint", path)
    assert (said.status, said.code) == (3, "tree_number")
    assert call(book, "audit", "prove").code == "one_of_two"
    assert call(book, "audit", "prove", "3", "--since", path).code == "one_of_two"


def test_a_book_proves_that_it_continues_a_checkpoint(book: Path) -> None:
    old, key = kept(book, "a.checkpoint")
    fork = copied(book, book.parent / "fork")
    grown(book, "A", "B", "C")
    proof = str(book.parent / "proof")
    done(book, "audit", "prove", "--since", old, "-o", proof)
    confirm = ["audit", "confirm", proof, "--vkey", key, "--format", "json"]
    (row,) = done(NOWHERE, *confirm, "--since", old).json
    assert (row["old"], row["size"], row["no"]) == (11, 14, None)
    assert call(NOWHERE, *confirm).code == "proof_needs_old"
    # from another checkpoint it proves nothing, nor does a book that went another way
    newer, _ = kept(book, "b.checkpoint")
    assert call(NOWHERE, *confirm, "--since", newer).status == 12
    grown(fork, "X", "Y", "Z", "W")
    said = call(fork, "audit", "prove", "--since", newer)
    assert (said.status, said.code) == (3, "not_continued")


# Keepers


def keeper(folder: Path) -> list[str]:
    """Make a keeper's key; return the options that cosign with it."""
    path = str(folder / "keeper.key")
    said = done(NOWHERE, "audit", "keeper", path, "--name", "ubkt.vn", "--no-passphrase")
    parse_key(said.out.strip())
    return ["--key", path, "--name", "ubkt.vn"]


def test_a_keeper_cosigns_what_continues_what_they_saw(book: Path, tmp_path: Path) -> None:
    first, key = kept(book, "a.checkpoint")
    who = [*keeper(tmp_path), "--vkey", key]
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    done(NOWHERE, "audit", "cosign", first, *who, "--first", "-o", one)
    grown(book, "A", "B")
    proof = str(tmp_path / "proof")
    done(book, "audit", "prove", "--since", one, "-o", proof)
    said = done(NOWHERE, "audit", "cosign", proof, *who, "--since", one, "-o", two)
    cosigner = said.err.strip().rpartition(" ")[2]
    opened = open_checkpoint(
        Path(two).read_bytes(), key.partition("+")[0], [parse_key(key), parse_key(cosigner)]
    )
    assert [signer.key.text for signer in opened.signers] == [key, cosigner]
    assert opened.signers[1].time == 1714979289
    assert opened.checkpoint.size == 13
    # the book is held against it, with the keeper's key alone
    verify = ["audit", "verify", "--since", two, "--vkey", cosigner]
    assert "ubkt.vn" in done(book, *verify).out
    policy = tmp_path / "policy"
    policy.write_text(f"log {key}\nwitness w {cosigner}\nquorum w\n")
    done(book, "audit", "verify", "--since", two, "--policy", str(policy))
    assert call(book, "audit", "verify", "--since", first, "--policy", str(policy)).status == 3


def test_a_keeper_cosigns_nothing_else(book: Path, tmp_path: Path) -> None:
    first, key = kept(book, "a.checkpoint")
    who = [*keeper(tmp_path), "--vkey", key]
    one = str(tmp_path / "one")
    done(NOWHERE, "audit", "cosign", first, *who, "--first", "-o", one)
    fork = copied(book, tmp_path / "fork")
    grown(book, "A", "B")
    grown(fork, "X", "Y", "Z")
    later, _ = kept(book, "b.checkpoint")
    other, _ = kept(fork, "c.checkpoint")
    proof = str(tmp_path / "proof")
    done(fork, "audit", "prove", "--since", first, "-o", proof)
    # a checkpoint without its proof, one of another size; neither since nor first; an old one
    # that is not cosigned; a proof from elsewhere
    for path, options, status in (
        (later, ["--since", one], 12),
        (later, [], 2),
        (later, ["--since", one, "--first"], 2),
        (proof, ["--since", first], 12),
        (proof, ["--since", later], 12),
    ):
        said = call(NOWHERE, "audit", "cosign", path, *who, *options)
        assert (said.status, said.out) == (status, "")
    two = str(tmp_path / "two")
    done(NOWHERE, "audit", "cosign", proof, *who, "--since", one, "-o", two)
    # after the fork's, the book's own later one is refused
    proof2 = str(tmp_path / "proof2")
    done(book, "audit", "prove", "--since", first, "-o", proof2)
    assert call(NOWHERE, "audit", "cosign", proof2, *who, "--since", two).status == 12
    # and what the book did not sign
    text = Path(other).read_text()
    Path(other).write_text(text.replace("\n14\n", "\n15\n"))
    assert call(NOWHERE, "audit", "cosign", other, *who, "--first").status == 12


# Kept checkpoints and copies


def test_a_book_is_held_against_kept_checkpoints(book: Path, tmp_path: Path) -> None:
    fork = copied(book, tmp_path / "fork")
    old, key = kept(book, "a.checkpoint")
    grown(book, "A", "B")
    new, _ = kept(book, "b.checkpoint")
    both = ["audit", "verify", "--since", old, "--since", new, "--vkey", key]
    assert "It continues" in done(book, *both).out
    # cut, and written anew
    for units in ((), ("X", "Y"), ("X", "Y", "Z")):
        copy = copied(fork, tmp_path / f"copy{len(units)}")
        if units:
            grown(copy, *units)
        said = call(copy, *both)
        assert (said.status, said.code) == (12, "not_continued")
    # another book in its place, with or without the key of the first at hand
    other = whole_book(tmp_path / "other")
    for known in (both, both[:4]):
        said = call(other, *known)
        assert (said.status, said.code) == (12, "checkpoint_origin")
