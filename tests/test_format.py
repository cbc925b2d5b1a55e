"""docs/format.md is enough: the kept book is read with nothing of ours.

What is imported from the project is nothing at all, on purpose: SQLite, msgpack, SHA-256
and AES-GCM, and the text of the document.
"""

import base64
import json
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEPT = Path(__file__).parent / "books" / "format-1"


def item(content: bytes) -> bytes:
    """Return the length in four bytes, then the bytes."""
    return struct.pack(">I", len(content)) + content


def text(content: str | None) -> bytes:
    """Return the item of a text; the empty item for NULL."""
    return item((content or "").encode())


def number(value: int | None) -> bytes:
    """Return the item of a number; the empty item for NULL."""
    return item(b"" if value is None else struct.pack(">Q", value))


@pytest.fixture
def log() -> Iterator[sqlite3.Connection]:
    """Return the kept book, read-only."""
    address = f"{(KEPT / 'book.db').as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def settings(log: sqlite3.Connection) -> dict[str, Any]:
    """Return what the book says of itself."""
    return {row["key"]: row["value"] for row in log.execute("SELECT * FROM book")}


def rows(log: sqlite3.Connection) -> list[sqlite3.Row]:
    """Return the log with what each commit says."""
    return log.execute(
        "SELECT e.*, c.operator AS committed_by, c.file_name, c.file_hash "
        "FROM stored_events e JOIN commits c USING (commit_no) ORDER BY no"
    ).fetchall()


def expected() -> list[dict[str, Any]]:
    """Return the entries that the book was written from."""
    lines = (KEPT / "entries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_database_says_what_it_is(log: sqlite3.Connection) -> None:
    assert log.execute("PRAGMA application_id").fetchone()[0] == 0x526F6C6C
    found = settings(log)
    public_key = found.pop("key")
    identity = text(found["timezone"]) + text(found["name"]) + item(public_key)
    assert found.pop("id") == sha256(identity).digest()[:16]
    private_key = base64.b64decode(keys_file()["identity"])
    assert Ed25519PrivateKey.from_private_bytes(private_key).public_key() == (
        Ed25519PublicKey.from_public_bytes(public_key)
    )
    assert found == {"format": 1, "timezone": "Asia/Ho_Chi_Minh", "name": "Sổ mẫu (giả định)"}


def test_the_log_is_dense(log: sqlite3.Connection) -> None:
    found = rows(log)
    assert [row["no"] for row in found] == list(range(1, len(expected()) + 1))
    streams: dict[str, int] = {}
    for row in found:
        streams[row["originator_id"]] = streams.get(row["originator_id"], 0) + 1
        assert row["originator_version"] == streams[row["originator_id"]]
    moments = [row["recorded_at"] for row in found]
    assert moments == sorted(moments)
    begins = 1
    for commit in log.execute("SELECT * FROM commits ORDER BY commit_no"):
        members = [row["no"] for row in found if row["commit_no"] == commit["commit_no"]]
        assert (begins, members[0], members[-1]) == (
            commit["first_no"],
            commit["first_no"],
            commit["last_no"],
        )
        begins = commit["last_no"] + 1


def leaf_hashes(log: sqlite3.Connection) -> list[bytes]:
    """Return the leaf hash of every entry."""
    book_id = settings(log)["id"]
    found = []
    for row in rows(log):
        envelope = (
            item(book_id)
            + number(row["no"])
            + text(row["originator_id"])
            + number(row["originator_version"])
            + text(row["topic"])
            + item(struct.pack(">q", row["recorded_at"]))
            + text(row["operator"])
            + number(row["commit_no"])
            + text(row["committed_by"])
            + text(row["file_name"])
            + item(row["file_hash"] or b"")
            + text(row["sheet"])
            + number(row["row"])
        )
        found.append(sha256(b"\0" + envelope + row["state"]).digest())
    return found


def root(leaves: list[bytes]) -> bytes:
    """Return the root of a tree, as RFC 9162 defines it in 2.1.1."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + root(leaves[:half]) + root(leaves[half:])).digest()


def test_beside_every_entry_lies_the_begin_of_its_leaf_hash(log: sqlite3.Connection) -> None:
    kept = [row["leaf"] for row in rows(log)]
    assert kept == [leaf[:8] for leaf in leaf_hashes(log)]


def test_every_commit_has_the_root_of_the_tree_so_far(log: sqlite3.Connection) -> None:
    leaves = leaf_hashes(log)
    commits = log.execute("SELECT last_no, root FROM commits").fetchall()
    assert len(commits) > 1
    for last_no, kept in commits:
        assert kept == root(leaves[:last_no])


def keys_file() -> dict[str, str]:
    """Return what the keys file says, by the first word of each line."""
    first, *lines = (KEPT / "book.keys").read_text(encoding="ascii").splitlines()
    assert first == "rollbook-keys 1"
    return dict(line.split(" ") for line in lines)


def data_keys(log: sqlite3.Connection) -> dict[str, bytes]:
    """Return the data key of every owner, unwrapped with the keys file."""
    fields = keys_file()
    book_id = bytes.fromhex(fields["book"])
    assert book_id == settings(log)["id"]
    epoch_key = AESGCM(base64.b64decode(fields["key"]))
    found = {}
    for row in log.execute("SELECT * FROM data_keys"):
        bound = item(book_id) + text(row["owner"]) + number(row["epoch"])
        assert row["epoch"] == int(fields["epoch"])
        assert len(row["wrapped"]) == 60
        key = epoch_key.decrypt(row["wrapped"][:12], row["wrapped"][12:], bound)
        committed = item(book_id) + text(row["owner"]) + item(key)
        assert sha256(committed).digest() == row["commitment"]
        found[row["owner"]] = key
    return found


def opened(log: sqlite3.Connection, row: Any, keys: dict[str, bytes]) -> dict[str, Any]:
    """Return the personal values of an entry by name."""
    sealed = msgpack.unpackb(row["state"])["sealed"]
    bound = (
        item(settings(log)["id"])
        + text(row["originator_id"])
        + number(row["originator_version"])
        + text(row["topic"])
        + b"".join(text(name) for name in sealed["fields"])
    )
    cipher = AESGCM(keys[row["originator_id"]])
    plain = cipher.decrypt(sealed["box"][:12], sealed["box"][12:], bound)
    values: dict[str, Any] = msgpack.unpackb(plain)
    assert sorted(values) == sealed["fields"]
    return values


def test_every_entry_says_what_was_recorded(log: sqlite3.Connection) -> None:
    keys = data_keys(log)
    for row, entry in zip(rows(log), expected(), strict=True):
        state = msgpack.unpackb(row["state"])
        assert msgpack.packb(state) == row["state"]
        if "sealed" in state:
            for name, value in opened(log, row, keys).items():
                field, _, part = name.partition(".")
                if part:
                    state[field][part] = value
                else:
                    state[field] = value
            del state["sealed"]
        moment = EPOCH + timedelta(microseconds=row["recorded_at"])
        columns = {
            "no": row["no"],
            "kind": row["topic"],
            "recorded_at": moment.isoformat().replace("+00:00", "Z"),
            "by": row["operator"],
        }
        assert state | columns == entry


def test_details_do_not_open_anywhere_else(log: sqlite3.Connection) -> None:
    keys = data_keys(log)
    person = [row for row in rows(log) if "sealed" in msgpack.unpackb(row["state"])][-1]
    moved = dict(person) | {"originator_version": person["originator_version"] + 1}
    with pytest.raises(InvalidTag):
        opened(log, moved, keys)


def test_the_derived_tables_follow_from_the_log(log: sqlite3.Connection) -> None:
    displaced = {}
    for entry in expected():
        dead = entry["entry"] if entry["kind"] == "voided" else entry.get("corrects")
        if dead:
            displaced[dead] = entry["no"]
    assert displaced
    assert dict(log.execute("SELECT no, by_no FROM displaced").fetchall()) == displaced
    mentioned = [tuple(row) for row in log.execute("SELECT mentioned, no FROM mentions")]
    mentors = [entry["no"] for entry in expected() if entry.get("mentor") == "P000001"]
    overseen = [entry["no"] for entry in expected() if entry["kind"].startswith("overseer")]
    named = [no for what, no in mentioned if what == "person/P000001"]
    assert named == sorted(mentors + overseen)


def test_a_voiding_stands_in_the_stream_of_what_it_voids(log: sqlite3.Connection) -> None:
    stream = {row["no"]: row["originator_id"] for row in rows(log)}
    voidings = [entry for entry in expected() if entry["kind"] == "voided"]
    assert voidings
    assert all(stream[entry["no"]] == stream[entry["entry"]] for entry in voidings)
