"""Builds the kept book of a format: ``python -m tests.books.build tests/books/format-1``.

Run once when a format is settled; what comes out is committed and never written again. It
holds every kind of entry. Beside it come the entries that must be read from it, and one
stored state of each kind.
"""

import io
import json
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from ledger.book import Book, Line, Source
from ledger.catalogue import KINDS
from ledger.exchange.jsonlines import entry_json, read_lines

FOLDER = Path(__file__).resolve().parent
SAMPLES = FOLDER.parent / "samples" / "states.jsonl"
_FIRST = datetime(2024, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
_UNIT = b'{"kind":"unit_founded","effective_on":"2015-01-01","unit":"TP","name":"'
_UNIT += "Đảng bộ phường Giả Định".encode() + b'","type":"grassroots_committee"}'


def _lines(name: str) -> tuple[list[Line], Source]:
    content = (FOLDER / name).read_bytes()
    lines, problems = read_lines(io.BytesIO(content), name)
    assert not problems, [str(problem) for problem in problems]
    return lines, Source(name, sha256(content).digest())


def build(folder: Path) -> None:
    """Write the book, its keys, its entries and the samples; refuse when there is a book."""
    folder.mkdir(exist_ok=True)
    with Book.create(folder / "book.db", name="Sổ mẫu (giả định)") as book:
        unit, _ = read_lines([_UNIT], "typed")
        book.record([Line(line.entry) for line in unit], now=_FIRST, by="lan")
        for hours, name in enumerate(("typed.jsonl", "file.jsonl", "mended.jsonl"), 1):
            lines, source = _lines(name)
            if name == "typed.jsonl":
                lines = [line._replace(sheet="Cán bộ") for line in lines]
            book.record(lines, now=_FIRST + timedelta(hours=hours), by="lan", source=source)
        entries = b"\n".join(entry_json(entry) for entry in book.entries(opened=True))
        (folder / "entries.jsonl").write_bytes(entries + b"\n")
        rows = book.rows(0, 1_000)
        sealed = {entry.no: entry_json(entry).decode() for entry in book.entries()}
    _write_samples(rows, sealed)


def _write_samples(rows: list[tuple[object, ...]], sealed: dict[int | None, str]) -> None:
    samples = []
    for kind in KINDS:
        no, _, _, state, *_ = next(row for row in rows if row[2] == kind)
        assert isinstance(no, int)
        assert isinstance(state, bytes)
        entry = json.loads(sealed[no])
        samples.append({"kind": kind, "state": state.hex(), "entry": entry})
    text = "".join(json.dumps(sample, ensure_ascii=False) + "\n" for sample in samples)
    SAMPLES.parent.mkdir(exist_ok=True)
    SAMPLES.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
