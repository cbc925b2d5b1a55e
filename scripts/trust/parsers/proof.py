"""Parsers of what goes from one auditor to another: notes, proofs, keys, tiles, exports."""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from ledger.audit.comparing import old_export
from ledger.audit.confirming import confirm, cosigned, seen
from ledger.audit.export import export_log
from ledger.audit.proving import tree_of
from ledger.book import Book
from ledger.errors import Problem, RollbookError
from ledger.proof import keys, notes, policy, proofs, tiles
from ledger.proof.checkpoints import Checkpoint, parse_text, sign_checkpoint
from ledger.proof.tree import EMPTY_ROOT
from trust.parsers.parser import Parser, folder, small_book

_VECTORS = Path(__file__).resolve().parents[4] / "shared" / "vectors"
_KEY = keys.SigningKey("rollbook.example/so", bytes(range(32)))
_KEEPER = keys.SigningKey("keeper", bytes(range(1, 33)), keys.COSIGNATURE)
_POLICY = f"log {_KEY.key.text} x\nwitness w {_KEEPER.key.text}\ngroup g any w\nquorum g\n"
_COMMIT = ("commit_no", "first_no", "last_no", "root", "signature")
_LENGTHS = range(17, 4_096)
_OLD = Checkpoint(_KEY.key.name, 1, bytes(range(32)))
_WORDS = ("\n\n", "\u2014 ", "rollbook.example/so", "c2sp.org/tlog-proof@v1", "+", "=")


def _checkpoint(size: int = 1) -> bytes:
    root = bytes(range(32)) if size else EMPTY_ROOT
    return sign_checkpoint(Checkpoint(_KEY.key.name, size, root), _KEY)


_COSIGNED = notes.format_note(
    notes.sign_note(notes.parse_note(_checkpoint()), _KEEPER, 1_700_000_000)
)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _texts(item)


@cache
def _published() -> tuple[bytes, ...]:
    """Return the texts of the published vectors, where they are: notes, keys, policies."""
    found = {
        text.encode("utf-8", "surrogatepass")
        for path in _VECTORS.glob("*.json")
        for text in _texts(json.loads(path.read_text(encoding="utf-8")))
    }
    return tuple(sorted(text for text in found if len(text) in _LENGTHS))


def _notes() -> Iterator[bytes]:
    yield from (_checkpoint(), _checkpoint(0), _checkpoint(2**63 - 1))
    yield _COSIGNED
    yield from (text for text in _published() if b"\n\n" in text)


def _proofs() -> Iterator[bytes]:
    note, path = _checkpoint(), (bytes(32), bytes(range(32)))
    yield proofs.format_inclusion(proofs.Inclusion(0, path, note, b"x"))
    yield proofs.format_inclusion(proofs.Inclusion(5, (), note))
    yield proofs.format_consistency(proofs.Consistency(1, path, note))
    yield from _notes()


def _note(data: bytes) -> None:
    assert notes.format_note(notes.parse_note(data)) == data


def _signatures(data: bytes) -> None:
    found = notes.parse_signatures(data.decode("utf-8", "surrogateescape"))
    assert "".join(one.line for one in found).encode("utf-8", "surrogateescape") == data


def _text(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert parse_text(text).text == text


def _proof(data: bytes) -> None:
    with suppress(Problem):
        assert proofs.format_inclusion(proofs.parse_inclusion(data)) == data
    assert proofs.format_consistency(proofs.parse_consistency(data)) == data


def _confirm(data: bytes) -> None:
    for step in (
        partial(confirm, data, [_KEY.key, _KEEPER.key], _OLD),
        partial(cosigned, data, _KEEPER, 1, _KEY.key, None),
        partial(cosigned, data, _KEEPER, 1, _KEY.key, _COSIGNED),
    ):
        with suppress(Problem, RollbookError):
            step()


def _policy(data: bytes) -> None:
    policy.parse_policy(data).open(_COSIGNED, [_KEY.key])


def _policies() -> Iterator[bytes]:
    yield _POLICY.encode()
    yield f"# x\nlog {_KEY.key.text}\nquorum none\n".encode()
    yield from (text for text in _published() if b"quorum" in text)


def _vkey(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    if text.startswith("PRIVATE"):
        assert keys.parse_secret(text).secret() == text
    else:
        assert keys.parse_key(text).text == text


def _vkeys() -> Iterator[bytes]:
    for key in (_KEY, _KEEPER):
        yield key.key.text.encode()
        yield key.secret().encode()
    yield from (text for text in _published() if text.count(b"+") > 1 and b"\n" not in text)


def _tile(data: bytes) -> None:
    with suppress(Problem):
        path = data.decode("utf-8", "surrogateescape")
        assert tiles.parse_path(path).path == path
    width, rest = data[0] + 1 if data else 0, data[1:]
    with suppress(Problem):
        assert tiles.format_tile(tiles.parse_tile(rest, width)) == rest
    assert tiles.format_bundle(tiles.parse_bundle(rest, width)) == rest


def _tiles() -> Iterator[bytes]:
    yield from (b"tile/0/x001/x234/067", b"tile/entries/000.p/7", b"tile/63/999", b"\0" + bytes(32))
    yield b"\1" + tiles.format_bundle([b"abc", b""])


@cache
def _exported() -> Path:
    made = small_book()
    there = folder() / "export"
    with Book.open(made.path) as book, tree_of(book) as tree:
        export_log(tree, there, parse_text(notes.parse_note(made.note).text), made.note)
    return there


def _export(name: str, data: bytes) -> None:
    path = _exported() / name
    before = path.read_bytes()
    path.write_bytes(data)
    try:
        old = old_export(_exported()).old
        if name != "commits.jsonl":
            assert len([*old.contents]) == old.size
        assert all(len(commit) == len(_COMMIT) for commit in old.commits)
    finally:
        path.write_bytes(before)


def _bundle() -> str:
    (path,) = (_exported() / "tile" / "entries").rglob("*.p/*")
    return str(path.relative_to(_exported()))


def _leaves() -> list[bytes]:
    with Book.open(small_book().path) as book, tree_of(book) as tree:
        return [*tree.contents(1, 5)]


PROOF = {
    "notes": Parser(_note, _notes, _WORDS),
    "signature lines": Parser(
        _signatures, lambda: [text.rpartition(b"\n\n")[2] for text in _notes()], _WORDS
    ),
    "checkpoint texts": Parser(
        _text, lambda: [text.rpartition(b"\n\n")[0] + b"\n" for text in _notes()], _WORDS
    ),
    "proofs": Parser(_proof, _proofs, _WORDS),
    "proofs and cosigning, with their signatures": Parser(_confirm, _proofs, _WORDS),
    "policies": Parser(_policy, _policies, ("log", "witness", "group", "quorum", "none", "all")),
    "keys of notes": Parser(_vkey, _vkeys, _WORDS, 512),
    "tiles": Parser(_tile, _tiles, ("tile/", "entries", ".p/")),
    "leaves": Parser(seen, _leaves),
    "checkpoints of exports": Parser(
        lambda data: _export("checkpoint", data), lambda: [small_book().note]
    ),
    "commits of exports": Parser(
        lambda data: _export("commits.jsonl", data),
        lambda: [(_exported() / "commits.jsonl").read_bytes()],
        ("null", "commit_no", "last_no", "[[[[", "{"),
    ),
    "entries of exports": Parser(
        lambda data: _export(_bundle(), data), lambda: [(_exported() / _bundle()).read_bytes()]
    ),
}
