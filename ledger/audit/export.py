"""Writes a book as static files that need no program of ours: C2SP tlog-tiles (docs/format.md).

An export can be made again into the same folder: what is full stays as it is, and must be what
the book makes. The checkpoint is written last, so that it never says more than is there.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ledger.audit.proving import BookTree
from ledger.authority.operators import origin_of
from ledger.book import Book
from ledger.errors import Problem, Refused
from ledger.proof.checkpoints import Checkpoint, parse_text
from ledger.proof.errors import Unproven
from ledger.proof.notes import MOST_BYTES, parse_note
from ledger.proof.text import base64_of
from ledger.proof.tiles import ENTRIES, Tile, format_bundle, format_tile
from ledger.proof.tree import HEIGHT, WIDTH, complete_roots, leaf_hash
from ledger.store.durable import open_plain
from ledger.store.settings import read_settings

CHECKPOINT, BOOK, COMMITS = "checkpoint", "book.json", "commits.jsonl"
_COMMITS_AT_ONCE = 10_000
_COMMIT_COLUMNS = "commit_no, first_no, last_no, root, signature"


class Folder:
    """A folder that an export is written to. Raises Refused (export_differs, export_of_another)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, tree: BookTree, checkpoint: Checkpoint) -> None:
        """Make the folder, or check that it is an earlier export of the same book."""
        if not self.path.exists():
            self.path.mkdir(mode=0o700)  # what is sealed stays so, but memberships are in it
        before = self.path / CHECKPOINT
        if not before.exists():
            left = {path.name for path in self.path.iterdir()} - {"tile", BOOK, COMMITS}
            if left:
                raise Refused(Problem("export_of_another", value=str(self.path)))
            return
        try:
            with open_plain(before) as stream:
                old = parse_text(parse_note(stream.read(MOST_BYTES + 1)).text)
        except Unproven as problem:
            raise Refused(problem.at(str(before))) from None
        except OSError as error:
            detail = error.strerror or str(error)
            raise Refused(Problem("export_unreadable", value=str(before), detail=detail)) from None
        if old.origin != checkpoint.origin:
            raise Refused(Problem("export_of_another", value=str(self.path)))
        if old.size > checkpoint.size or tree.root(old.size) != old.root:
            raise Refused(Unproven("not_continued", value=old.size, expected=checkpoint.size))

    def put(self, tile: Tile, data: bytes) -> None:
        """Write a tile or bundle; one that is full, and there, must be the same."""
        path = self.path / tile.path
        full = tile.width == WIDTH
        if path.exists():
            if path.stat().st_size == len(data) and path.read_bytes() == data:
                return
            if full:
                raise Refused(Problem("export_differs", value=str(path)))
        path.parent.mkdir(parents=True, exist_ok=True)
        self.write(path, iter([data]))
        beginnings = path.with_name(f"{path.name}.p") if full else path.parent
        for other in beginnings.glob("*"):
            if other != path:
                other.unlink()  # the longer tile says all that its beginning did

    def write(self, path: Path, pieces: Iterator[bytes]) -> None:
        """Write a file, whole or not at all."""
        temporary = path.with_name(f".{path.name}.new")
        temporary.unlink(missing_ok=True)  # of a process that was killed, or put there by somebody
        try:
            with temporary.open("xb") as stream:
                stream.writelines(pieces)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def finish(self, note: bytes) -> None:
        """Write the checkpoint, once all that it says is on the disc."""
        if hasattr(os, "sync"):
            os.sync()
        self.write(self.path / CHECKPOINT, iter([note]))


class Level:
    """The hashes of one level of tiles on their way to their files."""

    def __init__(self, folder: Folder, level: int) -> None:
        self._folder = folder
        self._level = level
        self._number = 0
        self._open: list[bytes] = []
        self._above: Level | None = None

    def add(self, node: bytes) -> None:
        """Append a hash; a tile that is full is written, and its root goes to the level above."""
        self._open.append(node)
        if len(self._open) == WIDTH:
            self._folder.put(Tile(self._level, self._number), format_tile(self._open))
            (root,) = complete_roots(self._open, HEIGHT)
            self._number += 1
            self._open.clear()
            self._above = self._above or Level(self._folder, self._level + 1)
            self._above.add(root)

    def close(self) -> None:
        """Write the tiles that are not full."""
        if self._open:
            tile = Tile(self._level, self._number, len(self._open))
            self._folder.put(tile, format_tile(self._open))
        if self._above:
            self._above.close()


def export_log(
    tree: BookTree,
    path: Path,
    checkpoint: Checkpoint,
    note: bytes,
    tell: Callable[[int], None] = lambda _: None,
) -> None:
    """Write the first entries of a book by its tree, as many as a checkpoint has, to a folder.

    ``note`` is the checkpoint as it is signed. Raises Refused: export_of_another,
    export_differs, not_continued; BookDamaged.
    """
    folder, book = Folder(path), tree.book
    folder.begin(tree, checkpoint)
    level, entries = Level(folder, 0), list[bytes]()
    for no, content in enumerate(tree.contents(1, checkpoint.size), 1):
        level.add(leaf_hash(content))
        entries.append(content)
        if len(entries) == WIDTH or no == checkpoint.size:
            bundle = Tile(ENTRIES, (no - 1) // WIDTH, len(entries))
            folder.put(bundle, format_bundle(entries))
            entries.clear()
            tell(no)
    level.close()
    folder.write(path / BOOK, iter([_about(book)]))
    folder.write(path / COMMITS, _commits(book, checkpoint.size))
    folder.finish(note)


def _about(book: Book) -> bytes:
    settings = read_settings(book.recorder.datastore)
    said = {
        "format": 1,
        "id": settings.book_id.hex(),
        "origin": origin_of(settings.book_id),
        "timezone": settings.timezone,
        "name": settings.name,
        "key": base64_of(settings.public_key),
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def _commits(book: Book, size: int) -> Iterator[bytes]:
    """Yield the lines of the file of commits, those up to an entry."""
    done = 0
    while True:
        with book.recorder.datastore.reading() as cursor:
            cursor.execute(
                f"SELECT {_COMMIT_COLUMNS} FROM commits "  # noqa: S608 - holds no value
                "WHERE commit_no > ? AND last_no <= ? ORDER BY commit_no LIMIT ?",
                (done, size, _COMMITS_AT_ONCE),
            )
            rows = cursor.fetchall()
        for commit_no, first_no, last_no, root, signature in rows:
            said = {
                "commit_no": commit_no,
                "first_no": first_no,
                "last_no": last_no,
                "root": base64_of(root),
                "signature": None if signature is None else base64_of(signature),
            }
            yield json.dumps(said, separators=(",", ":")).encode() + b"\n"
            done = commit_no
        if not rows:
            return
