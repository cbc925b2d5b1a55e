#!/usr/bin/env python3
"""Kiểm một sổ Rollbook mà không cần Rollbook. Check a Rollbook log without Rollbook.

    python3 auditor.py BẢN_XUẤT_HOẶC_SỔ [--checkpoint TỆP ...] [--vkey KHÓA ...]

A second, independent auditor: one file, Python 3.11 and the package ``cryptography``, nothing of
Rollbook. It was written from docs/format.md ("format"), docs/trust/operators.md ("operators"),
docs/catalogue.md, and the standards that they name: RFC 9162 (trees of hashes), RFC 8032
(Ed25519), and of C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles. Comments name
the section that a step is from. It only reads. Exit status: 0 nothing found, 1 something found,
2 it could not begin. Read from the bottom up: ``main``, ``audit``, ``walk``, then the parts.
"""

import argparse
import base64
import datetime as dt
import hashlib
import json
import re
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LEAF_BYTES = 65_535  # format, "Leaf": what fits an entry of a tlog-tiles bundle
SMALL_BYTES = 65_536  # checkpoints, book.json
LINE_BYTES = 4_096  # a line of commits.jsonl
TILE = 256  # tlog-tiles: hashes of a full tile
DEPTH = 32  # lists and maps of a state within each other
SHOWN = 200  # findings that are printed; all are counted
APPLICATION_ID = 0x526F6C6C  # format, "The database"

WORDS: dict[str, tuple[str, str]] = {
    "source": ("{0} không phải là sổ hoặc bản xuất", "{0} is neither a book nor an export"),
    "file": ("không đọc được tệp {0}", "the file {0} cannot be read"),
    "settings": ("thông tin về sổ không đúng dạng: {0}", "what the book says of itself: {0}"),
    "id": ("mã sổ không khớp thông tin của sổ", "the book's id does not fit its settings"),
    "weak": ("khóa {0} không dùng để ký được", "the key {0} is none that proves who signed"),
    "number": ("số thứ tự bị đứt tại đây", "the numbers of the entries are broken here"),
    "short": ("mục bị thiếu: phải có đến {0}", "entries are missing: there must be {0}"),
    "more": ("có mục nằm ngoài mọi lần ghi", "there are entries that belong to no commit"),
    "form": ("mục không đúng dạng: {0}", "the entry is not in the form of the format: {0}"),
    "leaf": ("nội dung đã bị sửa: mã băm khác", "what it says was changed: its hash differs"),
    "of_another": ("mục thuộc sổ khác hoặc số khác", "it is an entry of another book or number"),
    "version": ("không phải mục kế tiếp của {0}", "it is not the next entry of {0}"),
    "moment": ("ghi trước mục đứng trên nó", "it was recorded before the entry above it"),
    "commit": ("lần ghi {0} không liền mạch", "commit {0} does not follow the one before it"),
    "member": ("không khớp lần ghi {0} của nó", "it does not agree with its commit, {0}"),
    "root": ("các mục đến {0} không cho ra gốc đã ghi", "entries up to {0} do not make the root"),
    "tile": ("mã băm trong cây khác: {0}", "the stored tree says something else: {0}"),
    "state": ("nội dung không đúng dạng: {0}", "its state is not in the one form: {0}"),
    "kind": ("loại mục không rõ: {0}", "it is of a kind that is not known here: {0}"),
    "stream": ("mục không nằm đúng chỗ: {0}", "it stands in the wrong stream: {0}"),
    "target": ("không có mục {0} để hủy hay sửa", "there is no entry {0} for it to displace"),
    "unsigned": ("lần ghi {0} thiếu chữ ký", "commit {0} is not signed"),
    "unwanted": ("lần ghi {0} có chữ ký khi sổ chưa ký", "commit {0} is signed too early"),
    "false": ("chữ ký của lần ghi {0} sai", "the signature of commit {0} is false"),
    "stranger": ("{0} không phải là người ghi sổ", "{0} is not enrolled"),
    "revoked": ("{0} đã thôi quyền", "{0} was revoked"),
    "keyless": ("{0} không có khóa", "{0} has no key"),
    "entitled": ("{0} không có quyền ghi {1}", "{0} is not entitled to record {1}"),
    "scope": ("ngoài phạm vi của {0}", "it is beyond the scope of {0}"),
    "other_key": ("{0} đổi khóa của người khác", "{0} changes the key of somebody else"),
    "last_chief": ("không còn phụ trách toàn sổ", "no chief of the whole book would be left"),
    "note": ("{0} không phải là mốc kiểm chứng: {1}", "{0} is not a checkpoint: {1}"),
    "origin": ("{0} là mốc của sổ khác", "{0} is the checkpoint of another book"),
    "not_signed": ("{0} không có chữ ký đúng của {1}", "{0} has no true signature of {1}"),
    "cut": ("{0} có {1} mục, sổ chỉ có {2}", "{0} is of {1} entries, and the log has {2}"),
    "forked": ("{0}: sổ không phải phần nối tiếp", "{0}: the log does not continue it"),
    "pinned": ("khóa của sổ không phải khóa {0}", "the key of the book is not the key {0}"),
    "vkey": ("khóa không đúng dạng: {0}", "not a key of C2SP signed-note: {0}"),
    "journal": (
        "bên cạnh sổ còn {0}: hãy đóng sổ, hoặc dùng bản xuất",
        "there is {0} beside the book: close the book first, or audit an export",
    ),
}


class Unfit(Exception):
    """Something is not as the format says: a code of ``WORDS`` and what goes into its words."""

    def __init__(self, code: str, *values: object, no: int | None = None) -> None:
        super().__init__(code, *values)
        self.code, self.values, self.no = code, values, no


class Finding(NamedTuple):
    """Something wrong: the number of the entry, or None where it is about no one entry."""

    no: int | None
    code: str
    values: tuple[object, ...]

    def text(self) -> str:
        """Return it in Vietnamese, then in English."""
        values = [plain(value) for value in self.values]
        vi, en = (words.format(*values) for words in WORDS[self.code])
        where = ("", "") if self.no is None else (f"mục {self.no}: ", f"entry {self.no}: ")
        return f"{where[0]}{vi}\n    {where[1]}{en}"


def plain(value: object) -> str:
    """Return something for a terminal: what is not printable is shown by its number."""
    text = str(value)[:120]
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


# ---- msgpack: https://github.com/msgpack/msgpack/blob/master/spec.md; format, "State" ----------


_PLAIN: dict[int, Any] = {0xC0: None, 0xC2: False, 0xC3: True}
_PLAIN |= {sign: sign for sign in range(0x80)} | {0x100 - n: -n for n in range(1, 33)}
_FORMS: dict[int, tuple[str, int, int]] = {
    0xC4: ("bytes", 1, 0), 0xC5: ("bytes", 2, 1 << 8), 0xC6: ("bytes", 4, 1 << 16),
    0xCC: ("number", 1, 1 << 7), 0xCD: ("number", 2, 1 << 8),
    0xCE: ("number", 4, 1 << 16), 0xCF: ("number", 8, 1 << 32),
    0xD0: ("negative", 1, 1 << 5), 0xD1: ("negative", 2, 1 << 7),
    0xD2: ("negative", 4, 1 << 15), 0xD3: ("negative", 8, 1 << 31),
    0xD9: ("text", 1, 1 << 5), 0xDA: ("text", 2, 1 << 8), 0xDB: ("text", 4, 1 << 16),
    0xDC: ("list", 2, 1 << 4), 0xDD: ("list", 4, 1 << 16),
    0xDE: ("map", 2, 1 << 4), 0xDF: ("map", 4, 1 << 16),
}  # fmt: skip
"""By its first byte: what a value is, in how many bytes its number or length follows, and the
least that is not written in a shorter form."""
for _name, _first, _count in (("map", 0x80, 16), ("list", 0x90, 16), ("text", 0xA0, 32)):
    _FORMS |= {_first + length: (_name, 0, length) for length in range(_count)}


def decode(data: bytes) -> Any:
    """Return what a state holds; Unfit unless it is in its one form."""
    value, end = _decoded(data, 0, 0)
    if end != len(data):
        raise Unfit("state", "trailing bytes")
    return value


def _decoded(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    """Return the value that begins at a byte, and where the next one begins."""
    sign = _taken(data, at, 1)[0]
    at += 1
    if sign in _PLAIN:
        return _PLAIN[sign], at
    if sign not in _FORMS or depth > DEPTH:
        raise Unfit("state", "a float, an extension, or too deep")
    form, size, least = _FORMS[sign]
    count = int.from_bytes(_taken(data, at, size), "big", signed=form == "negative")
    at += size
    if not size:
        count = least
    elif (-1 - count if form == "negative" else count) < least:
        raise Unfit("state", "not in the shortest form")
    if form in ("number", "negative"):
        return count, at
    if form == "bytes":
        return _taken(data, at, count), at + count
    if form == "text":
        try:
            return _taken(data, at, count).decode("utf-8"), at + count
        except UnicodeDecodeError:
            raise Unfit("state", "text is not UTF-8") from None
    items = []
    for _ in range(count if form == "list" else 2 * count):
        value, at = _decoded(data, at, depth + 1)
        items.append(value)
    return (items if form == "list" else _mapped(items)), at


def _mapped(items: list[Any]) -> dict[str, Any]:
    keys = items[::2]
    if not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
        raise Unfit("state", "a key that is no text, or stands twice")
    return dict(zip(keys, items[1::2], strict=True))


def _taken(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise Unfit("state", "it ends too early")
    return data[at : at + length]


# ---- Hashes and keys -------------------------------------------------------------------------


def hashed(data: bytes) -> bytes:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(data).digest()


class Peaks:
    """The right edge of a tree that grows leaf by leaf (RFC 9162, section 2.1.1)."""

    def __init__(self, tell: Callable[[int, bytes], None]) -> None:
        self.tell = tell
        """Told of each leaf (level 0) and each node of height 8, 16 … (level 1, 2 …)."""
        self.peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Put the hash of the next leaf into the tree."""
        height, node = 0, leaf
        self.tell(0, leaf)
        while self.peaks and self.peaks[-1][0] == height:
            node = hashed(b"\x01" + self.peaks.pop()[1] + node)
            height += 1
            if height % 8 == 0:
                self.tell(height // 8, node)
        self.peaks.append((height, node))

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self.peaks:
            return hashed(b"")
        root = self.peaks[-1][1]
        for _, node in reversed(self.peaks[:-1]):
            root = hashed(b"\x01" + node + root)
        return root


_PRIME = 2**255 - 19  # RFC 8032, section 5.1
_ORDER_8 = int("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16)
SMALL_ORDER = {0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8}  # the y of all such points


def is_weak(key: bytes) -> bool:
    """Whether anybody can sign for a public key, or nobody (operators, "What is signed")."""
    y = int.from_bytes(key, "little") % 2**255
    square = 121_666 * (y * y - 1) * (121_666 - 121_665 * y * y)  # of a point (RFC 8032, 5.1.3)
    return y >= _PRIME or y in SMALL_ORDER or pow(square, _PRIME // 2, _PRIME) != 1


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature is true (RFC 8032, Ed25519); never with a weak key."""
    if len(key) != 32 or is_weak(key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def from_base64(text: object, length: int | None = None) -> bytes | None:
    """Return the bytes of standard base64 in its one form, or None."""
    if not isinstance(text, str):
        return None
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    fits = base64.b64encode(found).decode() == text and length in (None, len(found))
    return found if fits else None


class VKey(NamedTuple):
    """A public key with its name (signed-note, "Verifier keys")."""

    name: str
    key_id: bytes
    algorithm: int
    key: bytes


ED25519, COSIGNATURE = 1, 4


def parse_vkey(text: str) -> VKey:
    """Return the key of a line ``NAME+ID+BASE64``; Unfit if it is none."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    data = from_base64(encoded, 33)
    if not data or data[0] not in (ED25519, COSIGNATURE) or not name or re.search(r"\s", name):
        raise Unfit("vkey", text)
    found = vkey_of(name, data[0], data[1:])
    if found.key_id.hex() != key_id:
        raise Unfit("vkey", text)
    if is_weak(found.key):
        raise Unfit("weak", text)
    return found


def vkey_of(name: str, algorithm: int, key: bytes) -> VKey:
    """Return a key with its id (signed-note, "Signatures": SHA-256 of name, 0x0A, type, key)."""
    typed = bytes([algorithm]) + key
    return VKey(name, hashed(name.encode() + b"\n" + typed)[:4], algorithm, key)


class Note(NamedTuple):
    """A checkpoint with its signature lines (signed-note, tlog-checkpoint)."""

    body: bytes
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes]]

    def is_signed_by(self, key: VKey) -> bool:
        """Whether it has a line of a key, and every line of that key is true."""
        mine = [data[4:] for name, data in self.signatures if (name, data[:4]) == key[:2]]
        return bool(mine) and all(self._is_true(key, data) for data in mine)

    def _is_true(self, key: VKey, data: bytes) -> bool:
        if key.algorithm == ED25519:
            return is_signed(key.key, data, self.body)
        moment = int.from_bytes(data[:8], "big")  # tlog-cosignature, "cosignature/v1"
        message = f"cosignature/v1\ntime {moment}\n".encode() + self.body
        return is_signed(key.key, data[8:], message)


def parse_note(data: bytes, name: str) -> Note:
    """Return the checkpoint that a file holds; Unfit if it holds none."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unfit("note", name, "not UTF-8") from None
    if re.search(r"[\x00-\x09\x0b-\x1f]", text) or "\n\n" not in text or not text.endswith("\n"):
        raise Unfit("note", name, "not a signed note")
    at = text.rindex("\n\n")
    body, lines = text[: at + 1], text[at + 2 : -1].split("\n")
    signatures = []
    for line in lines:
        found = re.fullmatch(r"— ([^\s+]+) (\S+)", line)
        blob = from_base64(found[2]) if found else None
        if not found or not blob or len(blob) <= 4:
            raise Unfit("note", name, "a line that is no signature")
        signatures.append((found[1], blob))
    # format, "Checkpoints": origin, size, root in base64, no line more
    parts = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n", body)
    root = from_base64(parts[3], 32) if parts else None
    if not parts or not root:
        raise Unfit("note", name, "not origin, size, root")
    return Note(body.encode(), parts[1], int(parts[2]), root, signatures)


# ---- The two sources: a static export, a book -------------------------------------------------


class Settings(NamedTuple):
    """What a book says of itself (format, "book")."""

    book_id: bytes
    timezone: str
    name: str
    key: bytes

    @property
    def origin(self) -> str:
        """The name of the log (format, "Checkpoints")."""
        return f"rollbook/{self.book_id.hex()}"

    def check(self) -> "Settings":
        """Return it if the id fits; else Unfit (format, "book")."""
        items = item(encoded(self.timezone)) + item(encoded(self.name)) + item(self.key)
        if hashed(items)[:16] != self.book_id:
            raise Unfit("id")
        if is_weak(self.key):
            raise Unfit("weak", self.origin)
        return self


class Commit(NamedTuple):
    """One command that recorded (format, "commits")."""

    commit_no: int
    first_no: int
    last_no: int
    root: bytes
    signature: bytes | None


def item(data: bytes) -> bytes:
    """Return an item: the length in four bytes, the bytes."""
    return len(data).to_bytes(4, "big") + data


def plain_file(path: Path) -> BinaryIO:
    """Return a plain file, open; OSError if it is another thing: a pipe would be waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(path)
    return path.open("rb")


def read_file(path: Path, limit: int) -> bytes:
    """Return a plain file of at most so many bytes; Unfit if it is another thing."""
    with suppress(OSError, ValueError), plain_file(path) as file:
        if len(data := file.read(limit + 1)) <= limit:
            return data
    raise Unfit("file", path)


def parse_json(data: bytes, keys: set[str], name: str) -> dict[str, Any]:
    """Return a JSON object that has just these keys; Unfit if it is something else."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Unfit("settings", name) from None
    if not isinstance(found, dict) or set(found) != keys:
        raise Unfit("settings", name)
    return found


class Export:
    """A static export (format, "Export"; C2SP tlog-tiles)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tiles: list[tuple[int, list[bytes]]] = []
        """Of each level how many tiles are full, and the hashes of the next one."""
        about = {"format", "id", "origin", "timezone", "name", "key"}
        said = parse_json(read_file(path / "book.json", SMALL_BYTES), about, "book.json")
        name, key = said["name"], from_base64(said["key"], 32)
        texts = said["id"], said["timezone"], "" if name is None else name
        if type(said["format"]) is not int or said["format"] != 1:
            raise Unfit("settings", "format")
        if not key or not all(isinstance(text, str) for text in texts):
            raise Unfit("settings", "book.json")
        is_named = said["origin"] == f"rollbook/{texts[0]}"
        if not is_named or not re.fullmatch(r"[0-9a-f]{32}", said["id"]):
            raise Unfit("settings", "id, origin")
        self.settings = Settings(bytes.fromhex(said["id"]), texts[1], texts[2], key).check()
        self.note = parse_note(read_file(path / "checkpoint", SMALL_BYTES), "checkpoint")
        self.size = self.note.size

    def commits(self) -> Iterator[Commit]:
        """Yield what commits.jsonl says; Unfit where it is not in its form."""
        try:
            with plain_file(self.path / "commits.jsonl") as file:
                while line := file.readline(LINE_BYTES):
                    said = parse_json(line, set(Commit._fields), "commits.jsonl")
                    signature = said["signature"]
                    said["root"] = from_base64(said["root"], 32)
                    said["signature"] = from_base64(signature)
                    if (said["signature"] is None) != (signature is None):
                        raise Unfit("settings", "signature")
                    yield checked_commit(Commit(**said))
        except OSError:
            raise Unfit("file", "commits.jsonl") from None

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield of each entry what its leaf hash is made of, and the first bytes of that."""
        for at in range(0, self.size, TILE):
            width = min(TILE, self.size - at)
            data = read_file(self._path("entries", at // TILE, width), TILE * (LEAF_BYTES + 2))
            place = 0
            for _ in range(width):
                length = int.from_bytes(data[place : place + 2], "big")
                content = data[place + 2 : place + 2 + length]
                if place + 2 > len(data) or len(content) != length:
                    raise Unfit("file", f"tile/entries, {at // TILE}")
                place += 2 + length
                yield content, b""  # the hash itself is in the tile
            if place != len(data):
                raise Unfit("file", f"tile/entries, {at // TILE}")

    def _path(self, level: object, number: int, width: int) -> Path:
        """Return where a tile lies (tlog-tiles: three digits a folder, all but the last with x)."""
        digits = f"{number % 1000:03d}"
        while number := number // 1000:
            digits = f"x{number % 1000:03d}/{digits}"
        return self.path / f"tile/{level}/{digits}{'' if width == TILE else f'.p/{width}'}"

    def node(self, level: int, node: bytes) -> None:
        """Take a leaf or node, in order; each full tile is compared with that of the export."""
        while len(self.tiles) <= level:
            self.tiles.append((0, []))
        full, hashes = self.tiles[level]
        hashes.append(node)
        if len(hashes) == TILE:
            self.tiles[level] = (full + 1, [])
            self._compare(level, full, hashes)

    def end(self) -> None:
        """Compare the last, partial tiles."""
        for level, (full, hashes) in enumerate(self.tiles):
            if hashes:
                self._compare(level, full, hashes)

    def _compare(self, level: int, number: int, hashes: list[bytes]) -> None:
        path = self._path(level, number, len(hashes))
        first = number * TILE
        try:
            data = read_file(path, TILE * 32)
        except Unfit:
            data = b""
        for at, node in enumerate(hashes):
            if data[at * 32 : at * 32 + 32] != node:
                no = (first + at) * TILE**level + 1
                raise Unfit("tile", path.relative_to(self.path), no=no)
        if len(data) != len(hashes) * 32:
            raise Unfit("tile", path.relative_to(self.path))


def checked_commit(commit: Commit) -> Commit:
    """Return a commit whose values are of their types; else Unfit."""
    numbers = (commit.commit_no, commit.first_no, commit.last_no)
    fit = all(type(number) is int and 0 < number < 2**63 for number in numbers)
    fit = fit and isinstance(commit.root, bytes) and len(commit.root) == 32
    if not fit or not isinstance(commit.signature, bytes | None):
        raise Unfit("commit", plain(commit.commit_no))
    return commit


class Database:
    """A book: the SQLite file itself, opened so that nothing is written (format, "The database").

    Only the log is read, never what is derived from it, and never through an index of the file.
    """

    ROWS = """SELECT e.no, e.originator_id, e.originator_version, e.topic, e.recorded_at,
        e.operator, e.commit_no, e.state, e.leaf, e.sheet, e.row,
        c.operator, c.file_name, c.file_hash FROM stored_events e NOT INDEXED
        LEFT JOIN commits c ON c.commit_no = e.commit_no ORDER BY e.no"""
    TYPES = (int, str, int, str, int, str, int, bytes, bytes, str | None, int | None,
             str, str | None, bytes | None)  # fmt: skip
    COMMITS = """SELECT commit_no, first_no, last_no, root, signature FROM commits NOT INDEXED
        ORDER BY commit_no"""
    note = None

    def __init__(self, path: Path) -> None:
        for beside in (Path(f"{path}-wal"), Path(f"{path}-journal")):
            if beside.exists() and beside.stat().st_size:
                raise Unfit("journal", beside.name)
        plain_file(path).close()
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self.connection = sqlite3.connect(uri, uri=True)
        self.connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1_000_000)
        self.connection.execute("PRAGMA trusted_schema = 0")
        self.connection.execute("PRAGMA cell_size_check = 1")
        for table in ("book", "stored_events", "commits", "tree"):
            self._check_is_table(table)
        if self._all("PRAGMA application_id") != [(APPLICATION_ID,)]:
            raise Unfit("settings", "application_id")
        said = dict(self._all("SELECT key, value FROM book"))
        wanted = {"id": bytes, "format": int, "timezone": str, "key": bytes}
        wanted |= {"name": str} if "name" in said else {}
        types = {key: type(value) for key, value in said.items()}
        if types != wanted or said["format"] != 1 or len(said["key"]) != 32:
            raise Unfit("settings", "book")
        texts = (said["timezone"], said.get("name", ""))
        self.settings = Settings(said["id"], *texts, said["key"]).check()
        self.size: int = self._all("SELECT count(*) FROM stored_events NOT INDEXED")[0][0]
        self.nodes: list[int] = []
        """Of each height, 8, 16 …, how many nodes the tree has."""

    def _all(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        return self.connection.execute(statement, values).fetchall()

    def _check_is_table(self, table: str) -> None:
        """Refuse a view or virtual table of that name, and columns that are computed."""
        of_rows = "SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table' AND rootpage > 0"
        computed = "SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden"
        if not self._all(of_rows, (table,)) or self._all(computed, (table,)):
            raise Unfit("settings", table)

    def commits(self) -> Iterator[Commit]:
        """Yield the rows of commits; Unfit where values are not of their types."""
        for row in self.connection.execute(self.COMMITS):
            yield checked_commit(Commit(*row))

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield of each entry what its leaf hash is made of, and the first bytes of that."""
        for expected, row in enumerate(self.connection.execute(self.ROWS), 1):
            if row[0] != expected:
                raise Unfit("number")
            if not all(map(isinstance, row, self.TYPES)):
                raise Unfit("form", "type")
            yield self._content(*row), row[8]

    def _content(
        self, no: int, stream: str, version: int, kind: str, moment: int, by: str, commit_no: int,
        state: bytes, leaf: bytes, sheet: str | None, row: int | None, *of_commit: Any,
    ) -> bytes:  # fmt: skip
        """Return the envelope and the state of a row (format, "Leaf")."""
        if min(version, commit_no, row or 0) < 0 or len(leaf) != 8:
            raise Unfit("form", "value")
        operator, file_name, file_hash = of_commit
        if "" in (sheet, file_name) or file_hash == b"":  # hashed as NULL is
            raise Unfit("form", "value")
        parts = (
            self.settings.book_id, number(no), encoded(stream), number(version), encoded(kind),
            moment.to_bytes(8, "big", signed=True), encoded(by), number(commit_no),
            encoded(operator), encoded(file_name), file_hash or b"", encoded(sheet),
            b"" if row is None else number(row),
        )  # fmt: skip
        return b"".join(map(item, parts)) + state

    def node(self, level: int, node: bytes) -> None:
        """Take a leaf or node, in order, and compare it with the table tree (format, "Tree")."""
        if level > len(self.nodes):
            self.nodes.append(0)
        if level:
            place = self.nodes[level - 1]
            self.nodes[level - 1] += 1
            of_node = "SELECT hash FROM tree WHERE height = ? AND no = ?"
            if self._all(of_node, (level * 8, place)) != [(node,)]:
                raise Unfit("tile", f"{level * 8}, {place}", no=place * TILE**level + 1)

    def end(self) -> None:
        """See that the table tree holds no more than the nodes of the log."""
        if self._all("SELECT count(*) FROM tree") != [(sum(self.nodes),)]:
            raise Unfit("tile", "tree")


def number(value: int) -> bytes:
    """Return eight bytes, big-endian."""
    return value.to_bytes(8, "big")


def encoded(text: str | None) -> bytes:
    """Return text as UTF-8, none as nothing; Unfit if it was stored as something else."""
    try:
        return (text or "").encode("utf-8")
    except UnicodeEncodeError:
        raise Unfit("form", "UTF-8") from None


# ---- The log, entry by entry ------------------------------------------------------------------


class Entry(NamedTuple):
    """An entry with its envelope (format, "Leaf")."""

    book_id: bytes
    no: int
    stream: str
    version: int
    kind: str
    recorded_at: int
    operator: str
    commit_no: int
    of_commit: tuple[str, str, bytes]
    """Operator, file name and hash of the file."""
    sheet: str
    row: int | None
    state: bytes


def parse_entry(content: bytes) -> Entry:
    """Return the entry of a leaf's content; Unfit if it is not in the form of the format."""
    if len(content) > LEAF_BYTES:
        raise Unfit("form", "length")
    items, at = [], 0
    for _ in range(13):
        length = int.from_bytes(content[at : at + 4], "big")
        items.append(content[at + 4 : at + 4 + length])
        at += 4 + length
        if at > len(content):
            raise Unfit("form", "items")
    numbers = [len(items[place]) == 8 for place in (1, 3, 5, 7)]
    if not all(numbers) or len(items[10]) not in (0, 32) or len(items[12]) not in (0, 8):
        raise Unfit("form", "items")
    try:
        text = {place: items[place].decode("utf-8") for place in (2, 4, 6, 8, 9, 11)}
    except UnicodeDecodeError:
        raise Unfit("form", "UTF-8") from None
    unsigned = [int.from_bytes(items[place], "big") for place in (1, 3, 7, 12)]
    moment = int.from_bytes(items[5], "big", signed=True)
    return Entry(
        items[0], unsigned[0], text[2], unsigned[1], text[4], moment, text[6], unsigned[2],
        (text[8], text[9], items[10]), text[11], unsigned[3] if items[12] else None, content[at:],
    )  # fmt: skip


class Walk:
    """Reads a log from its first entry to its last, and keeps what is wrong with it."""

    def __init__(self, source: Export | Database, sizes: set[int]) -> None:
        self.source, self.sizes = source, sizes
        self.findings: list[Finding] = []
        self.is_known = False  # whether a change is named, for which all roots after it differ
        self.roots = {0: hashed(b"")}
        """The root at each of the sizes asked for, and at the end."""
        self.no = 1
        """The entry that is read now; in the end one more than there are."""
        self.commit_no = 0
        self.versions: dict[str, int] = {}
        self.moment = -62_104_060_800_000_000  # the year 2 begins
        self.peaks = Peaks(self._node)
        self.authority = Authority(self.add)
        self.is_whole = False
        """Whether it was read to the end."""

    def add(self, no: int | None, code: str, *values: object) -> None:
        """Keep something that is wrong."""
        self.findings.append(Finding(no, code, values))
        self.is_known |= code in {"leaf", "root"}

    def run(self) -> None:
        """Read all; where numbers or commits break, nothing after that can be judged."""
        try:
            self._read()
            self.is_whole = True
        except Unfit as wrong:
            self._add(Unfit(wrong.code, *wrong.values, no=wrong.no or self.no))
        except sqlite3.Error as wrong:  # Python reads a row ahead of the one that it returns
            self.add(self.no + (self.no > 1), "file", wrong)
        self.findings = [found for found in self.findings if not self._is_named(found)]

    def _is_named(self, root: Finding) -> bool:
        """Whether it is a root that differs because of an entry that is named itself."""
        places = range(root.no or 0, int(str(root.values[0])) + 1) if root.code == "root" else ()
        return any(found.no in places for found in self.findings if found.code in {"leaf", "tile"})

    def _read(self) -> None:
        commits = self.source.commits()
        commit, last_no, of_commit = None, 0, None
        for content, prefix in self.source.contents():
            entry = parse_entry(content)
            leaf = hashed(b"\x00" + content)
            if not leaf.startswith(prefix):
                self.add(self.no, "leaf")
            self.peaks.add(leaf)
            if commit is None:
                commit, of_commit = self._next(commits, last_no), entry.of_commit
                self.authority.begin(commit, of_commit[0])
            if (entry.commit_no, entry.of_commit) != (commit.commit_no, of_commit):
                self.add(self.no, "member", commit.commit_no)
            self._check(entry)
            self.authority.take(entry)
            if self.no in self.sizes or self.no == commit.last_no:
                self.roots[self.no] = self.peaks.root()
            if self.no == commit.last_no:
                self._end(commit)
                commit, last_no = None, self.no
            self.no += 1
        if commit is not None:
            raise Unfit("short", commit.last_no)
        if (extra := next(commits, None)) is not None:
            raise Unfit("short", extra.last_no)
        self.source.end()

    def _next(self, commits: Iterator[Commit], last_no: int) -> Commit:
        """Return the next commit; Unfit if there is none or it does not follow."""
        commit = next(commits, None)
        if commit is None:
            raise Unfit("more")
        self.commit_no += 1
        follows = (commit.commit_no, commit.first_no) == (self.commit_no, last_no + 1)
        if not follows or commit.last_no < commit.first_no:
            raise Unfit("commit", commit.commit_no)
        return commit

    def _check(self, entry: Entry) -> None:
        """Check that an entry is the next of the log and of its stream (format, the log)."""
        if (entry.book_id, entry.no) != (self.source.settings.book_id, self.no):
            self.add(self.no, "of_another")
        self.versions[entry.stream] = self.versions.get(entry.stream, 0) + 1
        if entry.version != self.versions[entry.stream]:
            self.add(self.no, "version", entry.stream)
        if not self.moment <= entry.recorded_at < 253_370_764_800_000_000:  # before the year 9999
            self.add(self.no, "moment")
        self.moment = entry.recorded_at

    def _end(self, commit: Commit) -> None:
        """Check root and signature of a commit (format, "commits", "Signatures")."""
        if self.roots[self.no] != commit.root and not self.is_known:
            self.add(commit.first_no, "root", commit.last_no)
        root = base64.b64encode(commit.root).decode()
        text = f"{self.source.settings.origin}\n{commit.last_no}\n{root}\n"
        self.authority.end(commit, text.encode())
        if self.no not in self.sizes:
            del self.roots[self.no]

    def _node(self, level: int, node: bytes) -> None:
        try:
            self.source.node(level, node)
        except Unfit as wrong:
            self._add(wrong)

    def _add(self, wrong: Unfit) -> None:
        """Keep what is wrong, but for nodes of the tree above an entry that is named already."""
        places = [f.no or 0 for f in self.findings if f.code in {"leaf", "tile"}]
        if wrong.code != "tile" or all(no < (wrong.no or 0) for no in places):
            self.add(wrong.no, wrong.code, *wrong.values)


# ---- Who may record what: docs/trust/operators.md ---------------------------------------------

KINDS = {
    kind: stream
    for stream, kinds in {
        "unit": """unit_founded unit_renamed unit_reclassified unit_moved unit_merged unit_split
            unit_dissolved overseer_assigned overseer_released term_opened local_rules_adopted
            local_rules_dropped unnamed_counted""",
        "class": "class_opened",
        "person": """nominated listed delisted mentor_assigned mentor_released enrolled_in_class
            attended_class task_assigned task_reported mentor_reported assessed referred commented
            dossier_opened vetting_requested vetted resolved dossier_submitted admission_decided
            admission_cancelled admitted carried_forward recognized_official card_issued
            card_returned transferred transferred_out transferred_in temporary_transfer_began
            temporary_transfer_ended exempted exemption_ended suspended reinstated disciplined
            deleted expelled left_on_request died restored badge_awarded profile_changed
            subject_erased""",
        "target": "target_set target_withdrawn",
        "figure": "figure_stated",
        "entry": "voided",
        "book_id": "book_restored",
        "operator": "operator_enrolled operator_revoked operator_key_rotated",
    }.items()
    for kind in kinds.split()
}
"""Every kind of entry (docs/catalogue.md) and the record it is about, a field of its state."""
GIVES = {
    "nominated": "unit", "listed": "unit", "admitted": "unit", "carried_forward": "unit",
    "transferred_in": "unit", "restored": "unit", "transferred": "to", "unit_founded": "parent",
    "unit_moved": "parent", "unit_merged": "into", "unit_dissolved": "members_to",
    "class_opened": "organiser", "target_set": "unit", "figure_stated": "unit",
    "operator_enrolled": "scope",
}  # fmt: skip
"""By which field a kind says where the record lies from then on (operators, "Scope")."""
MAY_LEAVE_OUT = {"listed", "unit_founded", "unit_dissolved", "operator_enrolled"}
ONLY_TO = {"nominated", "carried_forward", "transferred_in", "restored"}
FOR_CHIEFS = {"operator_enrolled", "operator_revoked", "subject_erased", "book_restored"}


class Operator(NamedTuple):
    """Who may record, as the log has it at some place."""

    role: str
    scope: str | None
    key: bytes | None
    is_revoked: bool = False


class Fact(NamedTuple):
    """What an entry says of the place, or the operator, that its stream is about."""

    no: int
    kind: str
    given: str | None
    state: dict[str, Any]


class Authority:
    """Who may record what, a fold over the log in the order of numbers."""

    def __init__(self, add: Callable[..., None]) -> None:
        self.add = add
        self.entries: list[tuple[str, str]] = []  # stream and kind of each so far
        self.displaced: set[int] = set()
        self.facts: dict[str, list[Fact]] = {}
        self.operators: dict[str, Operator | None] = {}
        self.chiefs: set[str] = set()  # of the whole book
        self.signed_from: int | None = None
        """The entry with which signing began."""
        self.lost_at: int | None = None
        """The entry that could not be understood; nothing after it can be judged."""
        self.commit = Commit(0, 0, 0, b"", None)
        self.signer = ""
        self.key: bytes | None = None

    def begin(self, commit: Commit, operator: str) -> None:
        """Take a commit with its operator, whose key before it must have signed it."""
        known = self.operators.get(operator)
        self.commit, self.signer, self.key = commit, operator, known.key if known else None

    def end(self, commit: Commit, text: bytes) -> None:
        """Check the signature of a commit when its entries were taken."""
        if self.lost_at is not None:
            return
        if self.signed_from is None:
            if commit.signature is not None:
                self.add(commit.first_no, "unwanted", commit.commit_no)
        elif commit.signature is None:
            self.add(commit.first_no, "unsigned", commit.commit_no)
        elif not self.key or not is_signed(self.key, commit.signature, text):
            self.add(commit.first_no, "false", commit.commit_no)

    def take(self, entry: Entry) -> None:
        """Check the state of an entry, then whether it was its operator's to record."""
        try:
            state = decode(entry.state)
            targets = self._check_state(entry, state)
            if self.lost_at is None:
                self._judge(entry, state, targets)
        except Unfit as wrong:
            self.add(entry.no, wrong.code, *wrong.values)
            self.lost_at = self.lost_at or entry.no
        self.entries.append((entry.stream, entry.kind))

    def _check_state(self, entry: Entry, state: Any) -> list[int]:
        """Return the numbers of the entries that an entry displaces; Unfit if it cannot be."""
        if entry.kind not in KINDS:
            raise Unfit("kind", entry.kind)
        if not isinstance(state, dict) or "v" in state:  # no kind has a second version yet
            raise Unfit("state", "version")
        if {"kind", "no", "recorded_at", "by"} & state.keys():
            raise Unfit("state", "a column")
        day = state.get("effective_on")
        if not isinstance(day, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
            raise Unfit("state", "effective_on")
        try:
            dt.date.fromisoformat(day)
        except ValueError:
            raise Unfit("state", "effective_on") from None
        given = state.get(GIVES.get(entry.kind, ""))
        is_left_out = given is None and entry.kind in MAY_LEAVE_OUT
        if entry.kind in GIVES and not isinstance(given, str) and not is_left_out:
            raise Unfit("state", GIVES[entry.kind])
        parts = state.get("into") if entry.kind == "unit_split" else []
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise Unfit("state", "into")
        targets = [state[key] for key in ("entry", "corrects") if key in state]
        for target in targets:
            if type(target) is not int or not 0 < target < entry.no or target in self.displaced:
                raise Unfit("target", target)
            if self.entries[target - 1][1] == "voided":
                raise Unfit("target", target)
        stream = self._stream(entry, state)
        if entry.stream != stream:
            raise Unfit("stream", stream)
        return targets

    def _stream(self, entry: Entry, state: dict[str, Any]) -> str:
        record = KINDS[entry.kind]
        code: Any = state.get(record)
        if record == "entry" and code is not None:
            return str(self.entries[code - 1][0])
        if not isinstance(code, str):
            raise Unfit("state", record)
        return f"{record.removesuffix('_id')}/{code}"

    def _judge(self, entry: Entry, state: dict[str, Any], targets: list[int]) -> None:
        """Check an entry against the log before it, then put it into the fold."""
        wrong, had_chief = None, bool(self.chiefs)
        touched = [entry.stream, *(str(self.entries[target - 1][0]) for target in targets)]
        if self._begins(entry, state):
            self.signed_from, self.key = entry.no, public_key(state)
        elif self.signed_from is not None:
            wrong = self._wrong(entry, state, targets)
            if wrong:
                self.add(entry.no, *wrong)
        self.displaced.update(targets)
        given = state.get(GIVES.get(entry.kind, ""))
        if entry.kind in GIVES or entry.kind.startswith("operator_"):
            about = state if entry.kind.startswith("operator_") else {}
            fact = Fact(entry.no, entry.kind, given, about)
            self.facts.setdefault(entry.stream, []).append(fact)
        for record, _, code in (stream.partition("/") for stream in touched):
            if record == "operator":
                facts = self._standing(f"operator/{code}") if targets else [fact]
                self._know(code, facts, None if targets else self.operators.get(code))
        if self.signed_from is not None and had_chief and not wrong and not self.chiefs:
            self.add(entry.no, "last_chief")

    def _begins(self, entry: Entry, state: dict[str, Any]) -> bool:
        """Whether signing begins with an entry (operators, "Begin")."""
        return (
            self.signed_from is None
            and self.commit.first_no == self.commit.last_no
            and entry.row is None
            and entry.kind == "operator_enrolled"
            and state["operator"] == entry.operator == self.signer
            and state.get("role") == "chief"
            and "scope" not in state
            and public_key(state) is not None
        )

    def _wrong(
        self, entry: Entry, state: dict[str, Any], targets: list[int]
    ) -> tuple[object, ...] | None:
        """Return why an entry was not its operator's to record (operators, "Roles", "Scope")."""
        operator = self.operators.get(self.signer)
        if operator is None:
            return "stranger", self.signer
        if operator.is_revoked:
            return "revoked", self.signer
        if operator.key is None:
            return "keyless", self.signer
        is_rotated = entry.kind == "operator_key_rotated"
        if is_rotated and state["operator"] == self.signer and not targets:
            return None
        kinds = {entry.kind, *(self.entries[target - 1][1] for target in targets)}
        is_claimed = entry.operator != self.signer  # imported as it is
        only_chief = is_claimed or any(k in FOR_CHIEFS or k.startswith("operator_") for k in kinds)
        if operator.role not in ("chief", "clerk") or (only_chief and operator.role != "chief"):
            return "entitled", self.signer, entry.kind
        if is_rotated:
            return "other_key", self.signer
        scope = operator.scope
        about = self._about(entry, state, targets)
        if scope is not None and not all(self._lies_in(unit, scope) for unit in about):
            return "scope", self.signer
        return None

    def _about(self, entry: Entry, state: dict[str, Any], targets: list[int]) -> set[str | None]:
        """Return the units that an entry is about; None stands for the whole book."""
        record, _, code = entry.stream.partition("/")
        given = state.get(GIVES.get(entry.kind, ""))
        about: set[str | None] = set()
        if record == "unit":
            if entry.kind == "unit_founded":
                about = {given} | self._of_stream(entry.stream)
            else:
                about = {code} if given is None else {code, given}
            if entry.kind == "unit_split":
                about |= set(state["into"])
        elif entry.kind in ONLY_TO or entry.kind in {"class_opened", "target_set", "figure_stated"}:
            about = {given}
        elif entry.kind == "operator_enrolled":
            about = {given}
            if self.operators.get(code):
                about |= self._of_stream(entry.stream)
        else:
            about = self._of_stream(entry.stream)
            if given is not None and entry.kind != "transferred":
                about = about | {given}
        for target in targets:
            about |= self._of_stream(self.entries[target - 1][0])
        return about

    def _of_stream(self, stream: str) -> set[str | None]:
        """Return where a record lies by the log so far; a unit that was not founded nowhere."""
        record, _, code = stream.partition("/")
        if record == "operator":
            operator = self.operators.get(code)
            return {operator.scope if operator else None}
        facts = self._standing(stream)
        if record == "unit":
            return {code} if any(fact.kind == "unit_founded" for fact in facts) else set()
        return {next((fact.given for fact in reversed(facts) if fact.given is not None), None)}

    def _standing(self, stream: str) -> list[Fact]:
        return [fact for fact in self.facts.get(stream, ()) if fact.no not in self.displaced]

    def _lies_in(self, unit: str | None, scope: str) -> bool:
        """Whether a unit is a scope or under it, by the last edge of each."""
        seen = set()
        while unit is not None and unit not in seen:
            if unit == scope:
                return True
            seen.add(unit)
            edges = [
                fact.given
                for fact in self._standing(f"unit/{unit}")
                if fact.given is not None or fact.kind == "unit_founded"
            ]
            unit = edges[-1] if edges else None
        return False

    def _know(self, code: str, facts: list[Fact], found: Operator | None) -> None:
        """Take in what is said of an operator who was ``found`` so far."""
        for fact in facts:
            if fact.kind == "operator_enrolled":
                role = fact.state.get("role")
                found = Operator(str(role), fact.given, public_key(fact.state))
            elif found and fact.kind == "operator_revoked":
                found = found._replace(is_revoked=True)
            elif found:
                found = found._replace(key=public_key(fact.state))
        self.operators[code] = found
        able = found and found.key and not found.is_revoked and (found.role, found.scope)
        (self.chiefs.add if able == ("chief", None) else self.chiefs.discard)(code)


def public_key(state: dict[str, Any]) -> bytes | None:
    """Return the key of a state, or None where there is none that could be used."""
    key = from_base64(state.get("public_key"), 32)
    return None if key is None or is_weak(key) else key


# ---- The whole -------------------------------------------------------------------------------


def check_note(note: Note, name: str, walk: Walk, keys: list[VKey]) -> None:
    """Check a checkpoint against the log that was read, and that every key signed it."""
    if note.origin != walk.source.settings.origin:
        walk.add(None, "origin", name)
        return
    for key in keys:
        if not note.is_signed_by(key):
            walk.add(None, "not_signed", name, key.name)
    if not walk.is_whole:
        return
    size = walk.no - 1
    if note.size > size:
        walk.add(size + 1, "cut", name, note.size, size)
    elif walk.roots[note.size] != note.root:
        walk.add(None, "forked", name)


def audit(path: Path, kept: list[Path], keys: list[VKey]) -> tuple[list[Finding], list[str]]:
    """Return what is wrong with an export or a book, and lines on what was looked at.

    ``kept`` are checkpoints from outside; every one must be signed by all ``keys``. Without keys
    the book's own is used, which a book written anew would bring with it.
    """
    findings: list[Finding] = []
    try:
        source = Export(path) if path.is_dir() else Database(path)
    except Unfit as wrong:
        return [Finding(None, wrong.code, wrong.values)], []
    except (sqlite3.Error, OSError):
        return [Finding(None, "source", (path,))], []
    notes = []
    for file in kept:
        try:
            notes.append((parse_note(read_file(file, SMALL_BYTES), str(file)), str(file)))
        except Unfit as wrong:
            findings.append(Finding(None, wrong.code, wrong.values))
    own = vkey_of(source.settings.origin, ED25519, source.settings.key)
    sizes = {note.size for note, _ in notes} | {source.size}
    walk = Walk(source, sizes)
    walk.run()
    if source.note:
        check_note(source.note, "checkpoint", walk, [own])
    for note, name in notes:
        check_note(note, name, walk, keys or [own])
    for key in keys:
        if key.name == own.name and key != own:
            walk.add(None, "pinned", key.name)
    findings += walk.findings
    findings.sort(key=lambda finding: (finding.no is None, finding.no or 0))
    return findings, told(walk, [note for note, _ in notes], keys)


def told(walk: Walk, notes: list[Note], keys: list[VKey]) -> list[str]:
    """Return what was looked at, and plainly what cannot be proven."""
    size, signed = walk.no - 1, walk.authority.signed_from
    lines = [f"Sổ / Book: {walk.source.settings.origin} {plain(walk.source.settings.name)}"]
    lines.append(f"Đã đọc / Read: {size} mục / entries; gốc / root {walk.peaks.root().hex()}")
    if not notes:
        lines.append(
            "Không có mốc kiểm chứng giữ ở ngoài: sổ viết lại từ đầu hoặc bị cắt đuôi vẫn qua được."
            "\n    No checkpoint kept elsewhere: a log written anew, or cut, would pass."
        )
    elif not keys:
        lines.append(
            "Không có khóa từ ngoài (--vkey): khóa lấy từ chính sổ.\n"
            "    No key from outside (--vkey): that of the book itself was used."
        )
    covered = max((note.size for note in notes), default=0)
    if notes and covered < size:
        lines.append(
            f"Từ mục {covered + 1}: chưa có mốc nào giữ ở ngoài.\n"
            f"    From entry {covered + 1}: no checkpoint kept elsewhere covers it."
        )
    first = size + 1 if signed is None else signed
    if first > 1:
        lines.append(
            f"Mục 1 đến {first - 1}: không có chữ ký, không chứng minh được ai đã ghi.\n"
            f"    Entries 1 to {first - 1}: not signed; who recorded them cannot be proven."
        )
    if walk.authority.lost_at is not None:
        lines.append(
            f"Từ mục {walk.authority.lost_at}: không xét được chữ ký và quyền hạn.\n"
            f"    From entry {walk.authority.lost_at}: signatures and authority not judged."
        )
    lines.append(
        "Không xét: phần niêm phong, nghĩa của nội dung, thời điểm có thật hay không.\n"
        "    Not looked at: what is sealed, what entries mean, whether their times are true."
    )
    return lines


def main(arguments: list[str]) -> int:
    """Run the program and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path, help="bản xuất hoặc sổ / an export or a book")
    help_text = "mốc kiểm chứng giữ ở ngoài / a checkpoint kept elsewhere"
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help=help_text)
    help_text = "khóa phải có chữ ký trên mọi mốc / a key that must have signed every checkpoint"
    parser.add_argument("--vkey", action="append", default=[], help=help_text)
    options = parser.parse_args(arguments)
    try:
        keys = [parse_vkey(text) for text in options.vkey]
    except Unfit as wrong:
        parser.error(Finding(None, wrong.code, wrong.values).text())
    for path in (options.path, *options.checkpoint):
        if not path.exists():
            parser.error(f"không có / there is no {plain(path)}")
    findings, lines = audit(options.path, options.checkpoint, keys)
    print("\n".join(lines))
    for finding in findings[:SHOWN]:
        print(finding.text())
    if findings:
        first = findings[0].no
        print(f"\nKHÔNG ĐẠT / NOT IN ORDER: {len(findings)}")
        print(f"Mục sai đầu tiên / First bad entry: {first or '-'}")
        return 1
    print("\nKhông thấy gì sai. / Nothing wrong was found.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
