"""The second auditor on exports: tiles of several levels, checkpoints, cosignatures, damage."""

import base64
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ledger.audit.identity import signing_key
from ledger.authority.keyfiles import new_key
from ledger.book import Book
from ledger.proof.checkpoints import Checkpoint, cosign, parse_text, sign_checkpoint
from ledger.proof.keys import COSIGNATURE, SigningKey
from ledger.proof.notes import parse_note
from tests.office import Office
from tests.terminal import done
from tests.test_auditor import run

UNITS = 520
"""With those of the office more than two full tiles, and a part of a third."""
_FOUNDED = (
    '{"kind":"unit_founded","effective_on":"2015-01-01","type":"cell","name":"A","unit":"%s"}'
)
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module", name="whole")
def _whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a signed book of some hundred entries, closed."""
    office = Office(tmp_path_factory.mktemp("whole") / "book.db")
    with office.book:
        office.enrol("lan", "chief")
        text = "\n".join(_FOUNDED % f"U{no}" for no in range(UNITS))
        office.record("lan", text)
        office.record("lan", _FOUNDED % "LAST")
    return office.path


@pytest.fixture(name="export")
def _export(whole: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    done(whole, "audit", "export", str(folder))
    return folder


@pytest.fixture(name="auditor")
def _auditor(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "scripts"))
    import auditor  # noqa: PLC0415 - program, found in its folder

    return auditor


def found(auditor: ModuleType, path: Path, *kept: Path, keys: Any = ()) -> list[tuple[Any, str]]:
    """Return number and code of everything that is found."""
    findings, _ = auditor.audit(path, list(kept), [auditor.parse_vkey(key) for key in keys])
    return [(finding.no, finding.code) for finding in findings]


def test_an_export_is_in_order_tile_by_tile(export: Path) -> None:
    names = {str(path.relative_to(export)) for path in export.rglob("*") if path.is_file()}
    assert {"tile/0/000", "tile/0/001", "tile/0/002.p/18", "tile/1/000.p/2"} <= names
    status, output = run(export)
    assert (status, "530 mục / entries" in output) == (0, True), output


def flipped(at: int) -> Change:
    """Return what flips a bit of a byte, counted from the end if negative."""

    def change(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    return change


def replaced(old: bytes, new: bytes) -> Change:
    """Return what puts something in the place of the first of something."""
    return lambda data: data.replace(old, new, 1)


DAMAGES: dict[str, tuple[str, Change | None, str, int | None]] = {
    "an entry": ("tile/entries/001", flipped(-3), "tile", 512),
    "an entry of the last, partial bundle": ("tile/entries/002.p/18", flipped(-3), "tile", 530),
    "the length of an entry": ("tile/entries/000", flipped(1), "form", 2),
    "an entry twice": ("tile/entries/002.p/18", lambda data: data * 2, "file", 531),
    "a bundle is missing": ("tile/entries/001", None, "file", 257),
    "the last bundle is missing": ("tile/entries/002.p/18", None, "file", 513),
    "a hash": ("tile/0/001", flipped(40), "tile", 258),
    "a hash of the last tile": ("tile/0/002.p/18", flipped(0), "tile", 513),
    "a node": ("tile/1/000.p/2", flipped(33), "tile", 257),
    "a tile is missing": ("tile/0/000", None, "tile", 1),
    "the last tile is missing": ("tile/0/002.p/18", None, "tile", 513),
    "the tile above is missing": ("tile/1/000.p/2", None, "tile", 1),
    "a tile is too long": ("tile/0/002.p/18", lambda data: data + bytes(32), "tile", 531),
    "a commit is missing": ("commits.jsonl", lambda d: d[d.index(b"\n") + 1 :], "commit", 1),
    "the last commit is missing": (
        "commits.jsonl",
        lambda data: data[: data[:-1].rindex(b"\n") + 1],
        "more",
        530,
    ),
    "a commit more": ("commits.jsonl", lambda data: data + data, "short", 531),
    "a commit that is none": ("commits.jsonl", lambda _: b"[" * 4_000, "settings", 1),
    "another signature": (
        "commits.jsonl",
        replaced(b'"signature":"', b'"signature":"AAAA'),
        "false",
        9,
    ),
    "no signature": (
        "commits.jsonl",
        lambda data: data[: data.rindex(b'"signature"')] + b'"signature":null}\n',
        "unsigned",
        530,
    ),
    "another name": ("book.json", replaced(b'"name": null', b'"name": "x"'), "id", None),
    "another format": ("book.json", replaced(b'"format": 1', b'"format": 2'), "settings", None),
    "a field twice": ("book.json", replaced(b"{", b'{"format": 1,'), "settings", None),
    "no book.json": ("book.json", None, "file", None),
    "another size": ("checkpoint", replaced(b"\n530\n", b"\n529\n"), "not_signed", None),
    "no checkpoint": ("checkpoint", None, "file", None),
    "no signature of it": (
        "checkpoint",
        replaced("\n— ".encode(), "\n— x".encode()),
        "not_signed",
        None,
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_file_of_an_export_counts(auditor: ModuleType, export: Path, damage: str) -> None:
    name, change, code, no = DAMAGES[damage]
    path = export / name
    data = path.read_bytes()
    path.unlink()
    if change is not None:
        assert change(data) != data
        path.write_bytes(change(data))
    assert (no, code) in found(auditor, export)


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders on Windows")
@pytest.mark.parametrize("name", ["book.json", "checkpoint", "tile/0/000", "tile/entries/000"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    auditor: ModuleType, export: Path, name: str
) -> None:
    (export / name).unlink()
    os.mkfifo(export / name)
    assert found(auditor, export)


# Checkpoints from outside


def checkpoint(whole: Path, size: int = 0, root: bytes = b"") -> bytes:
    """Return a checkpoint that the book signed: its own, or with another size or root."""
    with Book.open(whole) as book:
        key = signing_key(book)
        said = Checkpoint(key.key.name, size or book.head.no, root or book.head.root)
    return sign_checkpoint(said, key)


def keeper(name: str) -> SigningKey:
    """Return the key of a new keeper."""
    seed, _ = new_key(name)
    return SigningKey(name, seed, COSIGNATURE)


def test_a_checkpoint_is_held_with_every_key_that_is_named(
    auditor: ModuleType, whole: Path, export: Path, tmp_path: Path
) -> None:
    ubkt, other = keeper("ubkt.vn"), keeper("ubkt.vn")
    note = cosign(checkpoint(whole), ubkt, 1_700_000_000)
    kept = tmp_path / "kept"
    kept.write_bytes(note)
    with Book.open(whole) as book:
        own = signing_key(book).key.text
    for log in (whole, export):
        assert found(auditor, log, kept, keys=[own, ubkt.key.text]) == []
        # a keeper of the same name with another key, and one who did not sign
        for stranger in (other, keeper("khac.vn")):
            said = found(auditor, log, kept, keys=[own, stranger.key.text])
            assert said == [(None, "not_signed")]
    # the time of a cosignature is signed, too
    text, _, lines = note.decode().rpartition("\n\n")
    first, second = lines.splitlines()
    head, _, box = second.rpartition(" ")
    blob = bytearray(base64.b64decode(box))
    blob[11] ^= 1
    kept.write_text(f"{text}\n\n{first}\n{head} {base64.b64encode(blob).decode()}\n")
    assert found(auditor, whole, kept, keys=[ubkt.key.text]) == [(None, "not_signed")]
    # and a key of the book that is not its key
    forged = SigningKey(parse_text(parse_note(note).text).origin, new_key("x")[0])
    said = found(auditor, whole, kept, keys=[forged.key.text])
    assert {code for _, code in said} == {"pinned", "not_signed"}


@pytest.mark.parametrize(
    ("size", "root", "wanted"),
    [
        (529, b"", (None, "forked")),
        (531, b"", (531, "cut")),
        (530, bytes(32), (None, "forked")),
        (1, b"", (None, "forked")),
        (2**62, b"", (531, "cut")),
    ],
)
def test_what_a_checkpoint_says_is_held_against_the_log(
    auditor: ModuleType, whole: Path, size: int, root: bytes, wanted: tuple[int | None, str]
) -> None:
    export, kept = whole.with_name(f"export-{size}"), whole.with_name(f"{size}.checkpoint")
    done(whole, "audit", "export", str(export))
    kept.write_bytes(checkpoint(whole, size, root))
    for log in (whole, export):
        assert found(auditor, log, kept) == [wanted]


def first_wrong(auditor: ModuleType, export: Any, leaves: list[bytes]) -> int | None:
    """Return the first entry at which the tiles of an export are not those of some leaves."""
    wrong: list[int | None] = []

    def told(work: Any, *values: Any) -> None:
        try:
            work(*values)
        except auditor.Unfit as unfit:
            wrong.append(unfit.no)

    export.tiles = []
    peaks = auditor.Peaks(lambda level, node: told(export.node, level, node))
    for leaf in leaves:
        peaks.add(leaf)
    told(export.end)
    return wrong[0] if wrong else None


def test_levels_above_the_second_are_compared(auditor: ModuleType, tmp_path: Path) -> None:
    # given the tiles of a log of 65,537 leaves, of which only the hashes count here
    export = object.__new__(auditor.Export)
    export.path = tmp_path
    leaves = [no.to_bytes(32, "big") for no in range(65_537)]

    def written(level: int, number: int, hashes: list[bytes]) -> None:
        path = auditor.Export._path(export, level, number, len(hashes))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(hashes))

    export._compare = written
    assert first_wrong(auditor, export, leaves) is None
    del export._compare
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert len(names) == 256 + 1 + 1 + 1
    assert {"tile/0/255", "tile/0/256.p/1", "tile/1/000", "tile/2/000.p/1"} <= names
    # then it is in order, and a changed node of each level above is named
    assert first_wrong(auditor, export, leaves) is None
    for name, first in (("tile/2/000.p/1", 1), ("tile/1/000", 65_281)):
        data = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(flipped(-1)(data))
        assert first_wrong(auditor, export, leaves) == first
        (tmp_path / name).write_bytes(data)


def test_the_first_bad_entry_is_the_one_that_was_changed(auditor: ModuleType, export: Path) -> None:
    # and not the first under a node of the tree above it
    path = export / "tile" / "entries" / "000"
    path.write_bytes(flipped(-1)(path.read_bytes()))
    assert found(auditor, export)[0] == (256, "tile")
