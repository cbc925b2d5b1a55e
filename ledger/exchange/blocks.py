"""Blocks of a file of JSON Lines on their way to pieces of a recording."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from ledger.errors import Problem
from ledger.exchange.jsonlines import each_line, read_at_once
from ledger.recording.admission import admitted
from ledger.recording.pieces import Failed, Piece

BLOCK_BYTES = 512 * 1024
"""How much of a file is read at once: some thousands of lines."""


class Block:
    """Some whole lines of a file."""

    def __init__(self, content: bytes, first_row: int, file_name: str) -> None:
        self.content = content
        self.first_row = first_row
        self.file_name = file_name

    @property
    def last_row(self) -> int:
        """The row of the last line."""
        return self.first_row + self.content.count(b"\n") - 1

    def piece(self) -> Piece:
        """Return the lines as a piece: read, and each checked by itself."""
        rows: list[int] = []
        failed: dict[int, Failed] = {}
        found_at_once = read_at_once(self.content)
        if found_at_once is not None:
            entries, written = found_at_once
            rows = list(range(self.first_row, self.first_row + len(entries)))
            return admitted(entries, failed, rows, self.file_name, written)
        found: list[object] = []
        lines = BytesIO(self.content)
        for at, line in enumerate(each_line(lines, self.file_name, self.first_row)):
            if isinstance(line, Problem):
                found.append(None)
                failed[at] = Failed(line, None)
                rows.append(0)
            else:
                found.append(line.entry)
                rows.append(line.row or 0)
        return admitted(found, failed, rows, self.file_name)


def blocks_of(stream: BinaryIO, file_name: str) -> Iterator[Block]:
    """Yield all of a stream, from where it is; no line is torn apart."""
    row = 1
    while content := stream.read(BLOCK_BYTES):
        content += stream.readline()
        yield Block(content, row, file_name)
        row += content.count(b"\n")
