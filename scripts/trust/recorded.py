"""Reads what strace saw a run do to files: every byte, every sync, names that came and went.

A file is an inode here, as on the disk: names lead to it, and come and go by themselves.
"""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

CALLS = (
    "openat,close,dup,dup2,read,write,pread64,pwrite64,lseek,ftruncate,fsync,fdatasync,unlink,"
    "unlinkat,rename,renameat,renameat2,link,linkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile"
)
OPTIONS = ("-xx", "-s", "100000000", "-e", f"trace={CALLS}")
_LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")
_PART = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Step(NamedTuple):
    """One thing that was done to the disk.

    ``write`` and ``size`` to an inode; ``sync`` of an inode; ``name``, ``unname``, ``rename``
    in a folder; ``folder`` is the sync of one, of its names; ``mark``: a call was acknowledged.
    """

    what: str
    inode: int = 0
    at: int = 0
    data: bytes = b""
    path: str = ""
    other: str = ""


def _texts(rest: str) -> list[bytes]:
    return [bytes.fromhex(found.replace("\\x", "")) for found in _PART.findall(rest)]


class Reader:
    """Follows the files under one folder through the traces of several runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = f"{folder}/"
        self._numbers = count(1)
        self._names: dict[str, int] = {}
        self._sizes: dict[int, int] = {}
        self._open: dict[int, list[int]] = {}
        """By descriptor: the inode and the place in it; inode 0 is a folder."""
        self._folders: dict[int, str] = {}

    def steps(self, trace: Path) -> Iterator[Step]:
        """Yield what a run did; it began with no file open."""
        self._open.clear()
        self._folders.clear()
        begun: dict[str, str] = {}
        for raw in trace.read_text("latin-1").splitlines():
            line = raw
            thread = line.partition(" ")[0]
            if line.endswith("<unfinished ...>"):
                begun[thread] = line.removesuffix("<unfinished ...>").rstrip()
                continue
            if " resumed>" in line:
                line = begun.pop(thread) + line.partition(" resumed>")[2]
            matched = _LINE.match(line)
            if matched and int(matched[3]) >= 0:
                yield from self._step(matched[1], matched[2], int(matched[3]))

    def _step(self, call: str, rest: str, result: int) -> Iterator[Step]:
        texts = _texts(rest)
        if call == "openat":
            yield from self._opened(texts[0].decode(), rest, result)
        elif call in {"unlink", "unlinkat"}:
            path = texts[0].decode()
            if self._names.pop(path, None):
                yield Step("unname", path=path)
        elif call in {"rename", "renameat", "renameat2", "link", "linkat"}:
            old, new = (text.decode() for text in texts[:2])
            if old in self._names:
                is_link = call.startswith("link")
                self._names[new] = self._names[old] if is_link else self._names.pop(old)
                inode = self._names[new]
                yield Step("name" if is_link else "rename", inode, path=new, other=old)
        elif call in {"copy_file_range", "sendfile", "dup", "mkdir", "mkdirat"}:
            paths = [text.decode() for text in texts if text.startswith(self._folder.encode())]
            assert not paths, f"{call} is not followed: {rest[:200]}"
        else:
            yield from self._on_open(call, rest, result, texts)

    def _opened(self, path: str, rest: str, descriptor: int) -> Iterator[Step]:
        self._open.pop(descriptor, None)
        self._folders.pop(descriptor, None)
        if f"{path}/" == self._folder:
            self._folders[descriptor] = path
        if not path.startswith(self._folder):
            return
        inode = self._names.get(path)
        if inode is None:
            assert "O_CREAT" in rest, (path, rest)
            inode = self._names[path] = next(self._numbers)
            self._sizes[inode] = 0
            yield Step("name", inode, path=path)
        elif "O_TRUNC" in rest:
            self._sizes[inode] = 0
            yield Step("size", inode, 0)
        self._open[descriptor] = [inode, self._sizes[inode] if "O_APPEND" in rest else 0]

    def _on_open(self, call: str, rest: str, result: int, texts: list[bytes]) -> Iterator[Step]:
        words = [word.strip() for word in rest.split(",")]
        descriptor = int(words[0])
        if call == "close":
            self._open.pop(descriptor, None)
            self._folders.pop(descriptor, None)
        elif call == "dup2":
            self._open.pop(int(words[1]), None)
        elif call in {"fsync", "fdatasync"} and descriptor in self._folders:
            yield Step("folder", path=self._folders[descriptor])
        elif descriptor in self._open:
            yield from self._on_file(call, words, result, texts, self._open[descriptor])

    def _on_file(
        self, call: str, words: list[str], result: int, texts: list[bytes], opened: list[int]
    ) -> Iterator[Step]:
        inode = opened[0]
        if call in {"fsync", "fdatasync"}:
            yield Step("sync", inode)
        elif call == "ftruncate":
            self._sizes[inode] = int(words[1])
            yield Step("size", inode, int(words[1]))
        elif call == "lseek":
            opened[1] = result
        elif call == "read":
            opened[1] += result
        elif call in {"write", "pwrite64"}:
            at = opened[1] if call == "write" else int(words[-1])
            if call == "write":
                opened[1] += result
            self._sizes[inode] = max(self._sizes[inode], at + result)
            yield Step("write", inode, at, texts[0][:result])
