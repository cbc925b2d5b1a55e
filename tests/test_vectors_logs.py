"""Checkpoints, proofs and tiles against the vectors of others: real logs and their tools."""

from typing import Any

import pytest

from ledger.proof.checkpoints import Checkpoint, cosign, open_checkpoint, parse_text
from ledger.proof.errors import Unproven
from ledger.proof.keys import COSIGNATURE, Key, SigningKey, parse_key, public_key
from ledger.proof.notes import parse_note, parse_signatures
from ledger.proof.proofs import (
    Inclusion,
    format_inclusion,
    parse_consistency,
    parse_inclusion,
    verify_consistency,
    verify_inclusion,
)
from ledger.proof.tiles import ENTRIES, Tile, parse_bundle, parse_path, parse_tile, tiles_of
from ledger.proof.tree import WIDTH, check_inclusion, leaf_hash, root
from tests.vectors import all_from_base64, from_base64, read

SPECIFICATION = read("c2sp-spec-examples.json")
FORMATS = read("transparency-dev-formats.json")
TLOG = read("golang-tlog.json")
TESSERA = read("tessera-testdata-log.json")
REKOR = read("sigstore-conformance-rekor.json")["cases"]
TORCHWOOD = read("torchwood-witness-protocol.json")
ANY_HASH = "A" * 43 + "="


def test_the_examples_of_the_specifications() -> None:
    text = parse_note(SPECIFICATION["checkpoint_shape"].encode()).text
    assert parse_text(text).text == text
    assert SPECIFICATION["cosigned_message_v1"] == f"cosignature/v1\ntime 1679315147\n{text}"
    for number, path in SPECIFICATION["tile_index_path"]:
        assert Tile(0, number).path == f"tile/0/{path}"
        assert parse_path(f"tile/0/{path}") == Tile(0, number)


@pytest.mark.parametrize("case", SPECIFICATION["tile_counts"], ids=str)
def test_how_many_tiles_there_are(case: dict[str, int]) -> None:
    tiles = list(tiles_of(case["tree_size"]))
    for level in range(3):
        widths = [tile.width for tile in tiles if tile.level == level]
        partial = [width for width in widths if width < WIDTH]
        assert sum(partial) == case.get(f"partial_l{level}", 0)
        assert len(widths) - len(partial) == case.get(f"full_l{level}", 0)


@pytest.mark.parametrize(("text", "parts"), FORMATS["checkpoint_parse_ok"])
def test_checkpoints_of_transparency_dev_whose_root_is_no_hash(text: str, parts: list[Any]) -> None:
    """Its own parser takes a root of any length; with one of 32 bytes ours reads the same."""
    with pytest.raises(Unproven, match="checkpoint_root"):
        parse_text(text)
    origin, size, short, more = parts
    found = parse_text(text.replace(short, ANY_HASH))
    assert found == Checkpoint(origin, size, bytes(32), tuple((more or "").splitlines()))


@pytest.mark.parametrize(("why", "text"), FORMATS["checkpoint_parse_bad"])
def test_malformed_checkpoints_of_transparency_dev(why: str, text: str) -> None:
    with pytest.raises(Unproven, match="checkpoint_(lines|size)" if "64" not in why else "root"):
        parse_text(text.replace("dGhlIHZpZXcgZnJvbSB0aGUgdHJlZSB0b3BzIGlzIGdyZWF0IQ==", ANY_HASH))


@pytest.mark.parametrize("case", FORMATS["vkeys"], ids=lambda case: case["desc"])
def test_keys_of_transparency_dev(case: dict[str, Any]) -> None:
    if case["wantErr"]:
        with pytest.raises(Unproven):
            parse_key(case["vkey"])
    elif "MLDSA" in case["desc"]:
        with pytest.raises(Unproven, match="key_algorithm"):
            parse_key(case["vkey"])
    else:
        assert parse_key(case["vkey"]).text == case["vkey"]


@pytest.mark.parametrize("case", FORMATS["cosig_timestamp"], ids=lambda case: str(case["unix"]))
def test_times_of_cosignatures(case: dict[str, Any]) -> None:
    """Without the key it cannot be verified, but its parts can be seen."""
    line = f"\u2014 witness {case['base64']}\n"
    if case["unix"] is None:
        with pytest.raises(Unproven):
            Key("witness", COSIGNATURE, b"\x02" * 32).verify("", parse_signatures(line)[0].value)
    else:
        assert int.from_bytes(parse_signatures(line)[0].value[:8]) == case["unix"]


@pytest.mark.parametrize("text", FORMATS["tlog_proof_bad"])
def test_malformed_proofs_of_transparency_dev(text: str) -> None:
    with pytest.raises(Unproven, match="proof_line"):
        parse_inclusion(text.encode())


@pytest.mark.parametrize("shape", FORMATS["tlog_proof_format_ok"])
def test_the_shape_of_proofs_of_transparency_dev(shape: str) -> None:
    for name in ("hash", "hash1", "hash2"):
        shape = shape.replace(f"<b64 {name}>", ANY_HASH)
    data = shape.replace("<b64>", "AAAA").replace("<checkpoint>", "checkpoint").encode()
    proof = parse_inclusion(data)
    assert format_inclusion(proof) == data
    assert proof.checkpoint == b"checkpoint\n"
    assert proof.leaf_index == (10 if proof.extra else 5)


def test_tree_notes_of_go() -> None:
    case = TLOG["tree_note"]
    made = Checkpoint(case["origin"], case["size"], leaf_hash(case["leaf"].encode()))
    assert parse_text(case["text"]) == made
    assert made.text == case["text"]


@pytest.mark.parametrize("text", TLOG["bad_tree_notes"])
def test_bad_tree_notes_of_go(text: str) -> None:
    try:
        found = parse_text(text)
    except Unproven:
        return
    assert found.origin != TLOG["tree_note"]["origin"]


@pytest.mark.parametrize(("path", "parts"), TLOG["tile_paths"], ids=str)
def test_tile_paths_of_go(path: str, parts: list[int] | None) -> None:
    """Go's paths begin with the height of a tile, which is always 8 in tlog-tiles."""
    ours = "tile/" + path.split("/", 2)[2].replace("data/", "entries/")
    if parts is None:
        with pytest.raises(Unproven):
            parse_path(ours)
        return
    height, level, number, width = parts
    full = width == 1 << height
    expected = Tile(level, number, WIDTH if full else width)
    assert parse_path(ours) == expected
    assert expected.path == ours


def test_a_log_of_tessera() -> None:
    files = {name: from_base64(each) for name, each in TESSERA["files"].items()}
    key = parse_key(TESSERA["vkey"])
    leaves = [leaf_hash(each.encode()) for each in TESSERA["leaves"]]
    for size in range(16):
        found = open_checkpoint(files[f"checkpoint.{size}"], key.name, [key]).checkpoint
        assert (found.size, found.root) == (size, root(leaves[:size]))
    seen = 0
    for name, data in files.items():
        if name.startswith("tile/"):
            tile = parse_path(name)
            assert tile.path == name
            if tile.level == ENTRIES:
                entries = parse_bundle(data, tile.width)
                assert [leaf_hash(each) for each in entries] == leaves[: tile.width]
            else:
                assert parse_tile(data, tile.width) == leaves[: tile.width]
            seen += 1
    assert seen == 30
    assert {tile.path for size in range(1, 16) for tile in tiles_of(size)} <= set(files)


def rekor_keys(case: dict[str, Any]) -> list[Key]:
    """Return the Ed25519 keys of a trusted root; a key is named for the host of its log."""
    return [
        public_key(each["baseUrl"].removeprefix("https://"), from_base64(raw["rawBytes"])[-32:])
        for each in case["tlog_keys"]
        if (raw := each["publicKey"])["keyDetails"] == "PKIX_ED25519"
    ]


@pytest.mark.parametrize("case", REKOR, ids=lambda case: case["name"])
def test_bundles_of_rekor(case: dict[str, Any]) -> None:
    """A bundle of sigstore holds what a .tlog-proof does: index, path, checkpoint, leaf."""
    given = case["inclusionProof"]
    if given is None:
        assert case["expect"] == "fail"
        return
    path = tuple(all_from_base64(given["hashes"]))
    leaf = leaf_hash(from_base64(case["canonicalizedBody"]))
    keys = rekor_keys(case)
    note = given.get("checkpoint", {}).get("envelope", "").encode()
    if keys:
        proof = parse_inclusion(format_inclusion(Inclusion(int(given["logIndex"]), path, note)))
        hosts = {key.id: key.name for key in keys}
        origin = hosts[from_base64(case["logId"]["keyId"])[:4]]
        if case["expect"] == "fail":
            with pytest.raises(Unproven):
                verify_inclusion(proof, leaf, origin, keys)
        else:
            opened = verify_inclusion(proof, leaf, origin, keys)
            assert opened.checkpoint.root == from_base64(given["rootHash"])
        return
    # The older logs sign with ECDSA: what can be checked are the path and the root it leads to.
    size, head = int(given["treeSize"]), from_base64(given["rootHash"])
    try:
        found = parse_text(parse_note(note).text)
        check_inclusion(leaf, int(given["logIndex"]), size, list(path), head)
        holds = (found.size, found.root) == (size, head)
    except Unproven:
        holds = False
    by_signature_only = {"checkpoint-bad-keyhint_fail", "invalid-checkpoint-signature_fail"}
    assert holds == (case["expect"] == "ok" or case["name"] in by_signature_only)


class Witness:
    """The add-checkpoint call of tlog-witness, made of what a keeper of checkpoints uses."""

    def __init__(self, origin: str, key: Key, own: SigningKey) -> None:
        self.origin, self.key, self.own = origin, key, own
        self.last: Checkpoint | None = None

    def answer(self, request: bytes) -> int:
        """Return the HTTP status, and remember the checkpoint that was cosigned."""
        proof = parse_consistency(request)
        try:
            opened = open_checkpoint(proof.checkpoint, self.origin, [self.key])
        except Unproven:
            return 403
        if proof.old != (self.last.size if self.last else 0):
            return 409
        try:
            if self.last:
                verify_consistency(proof, self.last, [self.key])
        except Unproven:
            return 422
        self.last = opened.checkpoint
        both = open_checkpoint(
            cosign(proof.checkpoint, self.own, 1_700_000_000), self.origin, [self.own.key]
        )
        assert [signer.time for signer in both.signers] == [1_700_000_000]
        return 200


def test_the_exchanges_of_torchwood() -> None:
    case = TORCHWOOD["litewitness"]
    key = public_key(case["log_origin"], bytes.fromhex(case["log_public_key_hex"]))
    seed = bytes.fromhex(case["witness_ed25519_private_hex"])[:32]
    witness = Witness(case["log_origin"], key, SigningKey(case["witness_name"], seed, COSIGNATURE))
    for exchange in case["exchanges"]:
        assert witness.answer(exchange["request_body"].encode()) == exchange["expect_status"]
    assert witness.last is not None
    assert witness.last.size == case["final_size"]
    assert witness.last.root.hex() == case["final_root_hex"]


def test_a_real_checkpoint_of_sum_golang_org() -> None:
    case = TORCHWOOD["sumdb"]
    own = SigningKey("example.com/witness", bytes(32), COSIGNATURE)
    witness = Witness(case["log_origin"], parse_key(case["log_vkey"]), own)
    assert witness.answer(case["exchanges"][0]["request_body"].encode()) == 200
    assert witness.last is not None
    assert witness.last.size == 35_225_469
