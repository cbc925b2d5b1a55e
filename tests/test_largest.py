"""The largest entry: what is hashed of it fits a bundle of C2SP tlog-tiles, to the byte."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.store.envelope import MAX_LEAF_BYTES, Commit, leaf_content
from tests.terminal import Said, call, started, words

NOTE = "x" * 63_000
UNIT = {"kind": "unit_founded", "effective_on": "2015-01-01", "unit": "TP", "type": "cell"}
PERSON = {
    "kind": "nominated",
    "effective_on": "2020-03-02",
    "person": "P000001",
    "unit": "TP",
    "profile": {"name": "Nguyễn Văn An", "birth_date": "1996-05-01", "birth_year": 1996},
}
FOUNDED = words("unit_founded --unit TP --name Tân --type cell --on 2015-01-01")


def largest(book: Path) -> int:
    """Return the length of the longest leaf in a book, its mark left out."""
    with closing(sqlite3.connect(book)) as connection:
        (book_id,) = connection.execute("SELECT value FROM book WHERE key = 'id'").fetchone()
        found = connection.execute(
            "SELECT e.no, originator_id, originator_version, topic, e.recorded_at, e.operator, "
            "commit_no, c.operator, file_name, file_hash, sheet, row, state "
            "FROM stored_events e JOIN commits c USING (commit_no)"
        ).fetchall()
    return max(
        len(leaf_content(book_id, (*row[:6], Commit(*row[6:10]), *row[10:12]), row[12])) - 1
        for row in found
    )


def recorded(book: Path, entry: dict[str, Any], by: int, *, way: str) -> Said:
    """Record one entry by somebody whose name has so many letters."""
    if way == "imported":
        text = json.dumps(entry, ensure_ascii=False)
        return call(book, "import", "--by", "b" * by, "-", given=text)
    profile = entry.get("profile", {})
    fields = {**entry, **profile}
    names = [name for name in fields if name not in {"kind", "profile"}]
    options = [part for name in names for part in (f"--{name.replace('_', '-')}", fields[name])]
    return call(book, "record", entry["kind"], "--by", "b" * by, *map(str, options))


@pytest.mark.parametrize("way", ["imported", "typed"])
@pytest.mark.parametrize("entry", [UNIT | {"name": "Tân Phú"}, PERSON], ids=["plain", "sealed"])
def test_an_entry_fits_a_bundle_or_is_refused(
    tmp_path: Path, entry: dict[str, Any], way: str
) -> None:
    book = started(tmp_path, FOUNDED) if entry is PERSON else started(tmp_path)
    # given the entry with a note, how much its envelope takes
    entry = entry | {"note": NOTE}
    with closing(sqlite3.connect(book)) as connection:
        before = connection.execute("SELECT count(*) FROM stored_events").fetchone()[0]
    probe = book.with_name("probe.db")
    assert call(probe, "init").status == 0
    if before:
        assert call(probe, "record", *FOUNDED).status == 0
    assert recorded(probe, entry, 1, way=way).status == 0
    room = MAX_LEAF_BYTES - largest(probe)
    # the operator stands in it twice: as who recorded, and as whose commit it is
    assert room > 100
    most = 1 + room // 2
    # when it would be longer than can be exported it is refused, with its place
    said = recorded(book, entry, most + 1, way=way)
    assert (said.status, said.code) == (3, "too_large")
    assert str(MAX_LEAF_BYTES) in said.err
    assert said.err.startswith("-:1:" if way == "imported" else "rollbook:")
    # and one byte less is kept
    assert recorded(book, entry, most, way=way).status == 0
    assert largest(book) in {MAX_LEAF_BYTES, MAX_LEAF_BYTES - 1}


def test_every_line_that_is_wrong_is_told_beside_the_one_that_is_too_large(tmp_path: Path) -> None:
    book = started(tmp_path, FOUNDED)
    lines = [
        {"kind": "unit_renamed", "effective_on": "2016-01-01", "unit": "NO", "name": "A"},
        {"kind": "unit_renamed", "effective_on": "2016-01-01", "unit": "TP", "note": NOTE},
    ]
    lines[1]["name"] = "B"
    text = "\n".join(json.dumps(line) for line in lines)
    said = call(book, "import", "--by", "b" * 3_000, "-", given=text)
    assert said.status == 3
    assert "-:1: unknown_unit" in said.err
    assert "-:2: too_large" in said.err
