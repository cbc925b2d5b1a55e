"""``rollbook audit checkpoint`` and ``export``: what others keep, and check without us."""

import base64
import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.proof.checkpoints import open_checkpoint
from ledger.proof.keys import parse_key
from ledger.proof.notes import parse_note
from ledger.proof.tiles import ENTRIES, Tile, parse_bundle, parse_tile, tiles_of
from tests.forgeries import copied, forged, whole_book
from tests.merkle import head
from tests.terminal import Said, call, done, words

FOUNDED = '{"kind":"unit_founded","effective_on":"2015-01-01","type":"cell","name":"A","unit":"%s"}'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return whole_book(tmp_path)


def grown(book: Path, first: int, last: int) -> None:
    """Record as many units, in one commit."""
    lines = "\n".join(FOUNDED % f"U{no}" for no in range(first, last + 1))
    done(book, "import", "-", given=lines)


def vkey(said: Said) -> str:
    return said.err.splitlines()[-1].removeprefix("Key of the book: ")


def test_a_checkpoint_is_signed_by_the_book_over_all_its_entries(book: Path) -> None:
    said = done(book, "audit", "checkpoint")
    key = parse_key(vkey(said))
    opened = open_checkpoint(said.out.encode(), key.name, [key])
    with closing(sqlite3.connect(book)) as connection:
        (book_id,) = connection.execute("SELECT value FROM book WHERE key = 'id'").fetchone()
        (root,) = connection.execute("SELECT root FROM commits WHERE last_no = 11").fetchone()
    assert opened.checkpoint == (f"rollbook/{book_id.hex()}", 11, root, ())
    assert root.hex() in said.err


def test_a_checkpoint_of_an_empty_book_is_of_nothing(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    done(book, "init")
    said = done(book, "audit", "checkpoint")
    assert said.out.splitlines()[1:3] == ["0", base64.b64encode(sha256().digest()).decode()]


def test_a_checkpoint_goes_into_a_file_once(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.checkpoint"
    assert "Wrote the checkpoint" in done(book, "audit", "checkpoint", "-o", str(path)).err
    before = path.read_bytes()
    assert call(book, "audit", "checkpoint", "-o", str(path)).code == "file_exists"
    assert path.read_bytes() == before
    done(book, "audit", "checkpoint", "-o", str(path), "--replace")


def test_without_its_keys_nothing_is_signed(book: Path, tmp_path: Path) -> None:
    keys = book.with_suffix(".keys")
    kept = keys.read_text()
    keys.unlink()
    said = call(book, "audit", "checkpoint")
    assert (said.status, said.code, said.out) == (3, "keys_missing_to_sign", "")
    said = call(book, "audit", "export", str(tmp_path / "log"))
    assert (said.status, said.code) == (3, "keys_missing_to_sign")
    # nor with another identity
    another = base64.b64encode(bytes(range(32))).decode()
    keys.write_text(kept.rpartition("identity ")[0] + f"identity {another}\n")
    said = call(book, "audit", "checkpoint")
    assert (said.status, said.code, said.out) == (12, "keys_mismatch", "")
    said = call(book, "audit", "verify", "--depth", "full", "--format", "json")
    assert (said.status, said.json[0]["problem"]) == (12, "keys_mismatch")
    checks = {check["check"]: check for check in call(book, "doctor", "--format", "json").json}
    assert checks["keys"]["state"] == "wrong"


@pytest.mark.parametrize(
    ("statement", "no"),
    [
        ("UPDATE stored_events SET state = state || x'00' WHERE no = 6", "entry 6 "),
        ("UPDATE commits SET root = zeroblob(32) WHERE commit_no = 3", "entry 5 "),
        ("DROP TRIGGER tree_never_delete", "tree_never_delete"),
    ],
)
def test_a_damaged_book_is_never_signed(
    book: Path, tmp_path: Path, statement: str, no: str
) -> None:
    if statement.startswith("DROP"):
        with closing(sqlite3.connect(book)) as connection:
            connection.execute(statement)
    else:
        forged(book, statement)
    for arguments in (["checkpoint"], ["export", str(tmp_path / "log")]):
        said = call(book, "audit", *arguments)
        assert (said.status, said.out) == (12, "")
        assert no in said.err
    assert not (tmp_path / "log").exists()


def read_export(folder: Path) -> list[bytes]:
    """Return the entries of an export, every file of it read and checked against the others."""
    about = json.loads((folder / "book.json").read_bytes())
    texts = [about["timezone"].encode(), (about["name"] or "").encode()]
    parts = [*texts, base64.b64decode(about["key"])]
    identity = b"".join(len(part).to_bytes(4) + part for part in parts)
    assert sha256(identity).digest()[:16].hex() == about["id"]
    note = parse_note((folder / "checkpoint").read_bytes())
    origin, size, root = note.text.splitlines()
    assert origin == about["origin"] == f"rollbook/{about['id']}"
    entries: list[bytes] = []
    hashes: dict[int, list[bytes]] = {}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    tiles = list(tiles_of(int(size)))
    assert there == {"book.json", "checkpoint", "commits.jsonl", *(tile.path for tile in tiles)}
    for tile in tiles:
        data = (folder / tile.path).read_bytes()
        if tile.level == ENTRIES:
            entries += parse_bundle(data, tile.width)
        else:
            hashes.setdefault(tile.level, []).extend(parse_tile(data, tile.width))
    assert hashes.get(0, []) == [sha256(b"\0" + entry).digest() for entry in entries]
    for level in range(1, len(hashes)):
        below = hashes[level - 1]
        assert hashes[level] == [
            root_of(below[at : at + 256]) for at in range(0, len(below) - 255, 256)
        ]
    assert base64.b64decode(root) == head(entries)
    lines = (folder / "commits.jsonl").read_text(encoding="utf-8").splitlines()
    commits = [json.loads(line) for line in lines]
    assert [commit["commit_no"] for commit in commits] == list(range(1, len(commits) + 1))
    assert commits[-1]["root"] == root
    for commit in commits:
        assert base64.b64decode(commit["root"]) == head(entries[: commit["last_no"]])
    return entries


def root_of(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\1" + left + right).digest() for left, right in pairs]
    return hashes[0]


def test_an_export_is_a_log_that_stands_alone(book: Path, tmp_path: Path) -> None:
    grown(book, 1, 600)
    folder = tmp_path / "log"
    said = done(book, "audit", "export", str(folder))
    assert "Wrote 611 entries" in said.err
    entries = read_export(folder)
    assert len(entries) == 611
    # what an entry is, is what its hash is made of: envelope and stored bytes
    with closing(sqlite3.connect(book)) as connection:
        states = connection.execute("SELECT state FROM stored_events ORDER BY no").fetchall()
    assert all(entry.endswith(state) for entry, (state,) in zip(entries, states, strict=True))
    # and nothing opens it
    key = book.with_suffix(".keys").read_text().splitlines()[3].partition(" ")[2]
    assert not any(key.encode() in path.read_bytes() for path in folder.rglob("*.json*"))
    assert "Nguyễn".encode() not in b"".join(entries)


def test_an_export_goes_on_where_it_was(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    done(book, "audit", "export", str(folder))
    assert len(read_export(folder)) == 11
    grown(book, 1, 300)
    done(book, "audit", "export", str(folder))
    read_export(folder)
    full = folder / Tile(ENTRIES, 0).path
    kept = full.stat().st_mtime_ns, full.stat().st_ino
    grown(book, 301, 302)
    done(book, "audit", "export", str(folder))
    assert (full.stat().st_mtime_ns, full.stat().st_ino) == kept
    assert len(read_export(folder)) == 313


def test_an_export_of_another_or_forked_book_is_refused(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    fork = copied(book, tmp_path / "fork")
    grown(book, 1, 300)
    done(book, "audit", "export", str(folder))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    other = tmp_path / "other.db"
    done(other, "init")
    assert call(other, "audit", "export", str(folder)).code == "export_of_another"
    # a book that was cut, and one that went another way
    assert call(fork, "audit", "export", str(folder)).code == "not_continued"
    grown(fork, 2, 400)
    assert call(fork, "audit", "export", str(folder)).code == "not_continued"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    # a folder of something else
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    said = call(book, "audit", "export", str(tmp_path / "mine"))
    assert (said.status, said.code) == (3, "export_of_another")
    # and one of which a full tile was changed
    full = folder / Tile(0, 0).path
    full.write_bytes(full.read_bytes()[:-1] + b"x")
    assert call(book, "audit", "export", str(folder)).code == "export_differs"


def test_an_export_goes_as_far_as_a_checkpoint_that_was_kept(book: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.checkpoint"
    done(book, "audit", "checkpoint", "-o", str(kept))
    grown(book, 1, 20)
    book.with_suffix(".keys").unlink()
    folder = tmp_path / "log"
    done(book, "audit", "export", str(folder), "--checkpoint", str(kept))
    assert len(read_export(folder)) == 11
    assert (folder / "checkpoint").read_bytes() == kept.read_bytes()
    kept.write_bytes(kept.read_bytes().replace(b"\n11\n", b"\n10\n"))
    said = call(book, "audit", "export", str(tmp_path / "x"), "--checkpoint", str(kept))
    assert (said.status, said.code) == (3, "signature_false")
    assert str(kept) in said.err


def test_the_group_says_what_it_has(tmp_path: Path) -> None:
    said = done(tmp_path / "no.db", *words("audit --help"), lang="vi")
    assert "Chứng minh" in said.out
    assert "checkpoint" in said.out
