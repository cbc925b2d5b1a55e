"""What was changed, cut or forked since a checkpoint, a copy or an export, told by entry."""

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store.envelope import Commit, leaf_of
from tests.forgeries import book, copied, forged, grown, kept, whole_book
from tests.terminal import Said, call, done

__all__ = ["book"]


def changes(said: Said) -> list[tuple[int | None, int | None, str, list[str]]]:
    rows = [(row["no"], row["commit_no"], row["change"], row["parts"]) for row in said.json]
    assert said.status == (1 if rows else 0)
    return rows


def compared(book: Path, old: Path | str) -> Said:
    return call(book, "audit", "compare", str(old), "--format", "json")


def relayed(book: Path, statement: str) -> None:
    """Change a book and make its leaves fit again, as a careful forger would."""
    forged(book, statement)
    with closing(sqlite3.connect(book)) as connection:
        (book_id,) = connection.execute("SELECT value FROM book WHERE key = 'id'").fetchone()
        rows = connection.execute(
            "SELECT no, originator_id, originator_version, topic, e.recorded_at, e.operator,"
            " commit_no, c.operator, file_name, file_hash, sheet, row, state"
            " FROM stored_events e JOIN commits c USING (commit_no)"
        ).fetchall()
    for row in rows:
        made = leaf_of(book_id, (*row[:6], Commit(*row[6:10]), *row[10:12]), row[12])[:8]
        forged(book, "UPDATE stored_events SET leaf = ? WHERE no = ?", values=(made, row[0]))


@pytest.mark.parametrize("way", ["copy", "export"])
def test_what_was_changed_cut_or_forked_is_told(book: Path, tmp_path: Path, way: str) -> None:
    if way == "copy":
        old = copied(book, tmp_path / "old")
    else:
        old = tmp_path / "log"
        done(book, "audit", "export", str(old))
    assert changes(compared(book, old)) == []
    before = copied(book, tmp_path / "before")
    grown(book, "A", "B")
    assert changes(compared(book, old)) == []
    assert "continues" in done(book, "audit", "compare", str(old)).out
    # two entries were changed, with everything made to fit
    relayed(book, "UPDATE stored_events SET operator = 'x' WHERE no IN (3, 7)")
    assert changes(compared(book, old)) == [
        (3, None, "changed", ["by"]),
        (7, None, "changed", ["by"]),
    ]
    # a commit alone
    copy = copied(before, tmp_path / "copy")
    forged(copy, "UPDATE commits SET root = zeroblob(32) WHERE commit_no = 3")
    assert changes(compared(copy, old)) == [(5, 3, "commit", ["root"])]
    # the end cut off
    copy = copied(before, tmp_path / "cut")
    forged(
        copy, "DELETE FROM stored_events WHERE no > 9", "DELETE FROM commits WHERE commit_no > 3"
    )
    assert changes(compared(copy, old)) == [(10, None, "cut", [])]
    # and another way taken from there
    done(copy, "void", "9", "--reason", "x", "--by", "lan")
    said = changes(compared(copy, old))
    assert [(row[0], row[2]) for row in said] == [(10, "forked"), (11, "cut")]


def test_a_checkpoint_tells_that_a_book_was_cut_or_forked(book: Path, tmp_path: Path) -> None:
    before = copied(book, tmp_path / "before")
    grown(book, "A", "B")
    old, _ = kept(book, "a.checkpoint")
    assert changes(compared(book, old)) == []
    assert changes(compared(before, old)) == [(12, None, "cut", [])]
    grown(before, "X", "Y", "Z")
    assert changes(compared(before, old)) == [(None, None, "forked", [])]


def test_what_is_no_earlier_state_is_refused(book: Path, tmp_path: Path) -> None:
    other = whole_book(copied(book, tmp_path / "x").parent.parent / "x2")
    log = tmp_path / "log"
    done(other, "audit", "export", str(log))
    path, _ = kept(other, "a.checkpoint")
    for old in (other, log, path):
        assert compared(book, old).code in {"checkpoint_origin", "signature_unknown"}
    assert compared(book, tmp_path / "no").code == "file_unreadable"
    assert compared(book, tmp_path).code == "export_unreadable"
    mine = tmp_path / "mine"
    done(book, "audit", "export", str(mine))
    bundle = next((mine / "tile" / "entries").rglob("11"))
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"x")
    assert compared(book, mine).code == "proof_root"
    (mine / "commits.jsonl").write_text(json.dumps([1]) + "\n")
    assert compared(book, mine).status == 3


def test_what_it_is_compared_with_must_be_whole_itself(book: Path, tmp_path: Path) -> None:
    old = copied(book, tmp_path / "old")
    forged(old, "UPDATE stored_events SET recorded_at = recorded_at - 5 WHERE no = 5")
    said = compared(book, old)
    assert (said.status, said.code) == (12, "damaged")
    assert said.err.startswith(f"{old}: ")


def test_an_export_that_nobody_signed_is_not_believed(book: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    done(book, "audit", "export", str(log))
    cut = copied(book, tmp_path / "cut")
    forged(cut, "DELETE FROM stored_events WHERE no > 9", "DELETE FROM commits WHERE commit_no > 3")
    # an entry that the shorter book does not have is another
    bundle = next((log / "tile" / "entries").rglob("000*/*"))
    content = bundle.read_bytes()
    bundle.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert compared(cut, log).code == "proof_root"
    bundle.write_bytes(content)
    assert changes(compared(cut, log)) == [(10, None, "cut", [])]
    # the checkpoint says another root
    lines = (log / "checkpoint").read_bytes().split(b"\n")
    lines[2] = base64.b64encode(bytes(32))
    (log / "checkpoint").write_bytes(b"\n".join(lines))
    said = compared(book, log)
    assert said.status != 1
    assert said.err.startswith(str(log / "checkpoint"))
