"""Full verification: who signed what, what is sealed, and the cache that reports are made from."""

import json
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from ledger.audit.everything import everything
from ledger.audit.structure import subject_of
from ledger.book import Book
from ledger.proof.checkpoints import open_checkpoint
from ledger.proof.keys import parse_key
from projections.files import misleads, write_columns
from tests.forgeries import book, copied, forged
from tests.histories import history
from tests.office import Office
from tests.terminal import Said, call, done, words
from tests.test_laws import recorded

__all__ = ["book"]

UNIT = """
{"kind":"unit_renamed","effective_on":"2016-01-01","name":"A","unit":"TP"}
"""


def full(book: Path) -> Said:
    return call(book, "audit", "verify", "--depth", "full", "--format", "json")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a book in which lan signs as a chief, and her clerk hòa."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    office = Office(tmp_path / "office.db")
    office.enrol("lan", "chief")
    office.enrol("hòa", "clerk", "TP")
    office.record("hòa", UNIT)
    return office


def test_a_signed_book_says_so(office: Office) -> None:
    said = full(office.path)
    assert (said.status, said.json) == (0, [])
    assert "Not signed" not in said.err
    checkpoint = done(office.path, "audit", "checkpoint").out.encode()
    origin = checkpoint.decode().split("\n")[0]
    # the line of the clerk stands under that of the book
    hoa = office.keys["hòa"].key
    opened = open_checkpoint(checkpoint, origin, [hoa])
    assert opened.signers[0].key == parse_key(hoa.text)
    assert "h%C3%B2a" in hoa.name


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE commits SET signature = NULL WHERE commit_no = ?", "signature_missing"),
        ("UPDATE commits SET signature = zeroblob(64) WHERE commit_no = ?", "signature_false"),
        (
            (
                "UPDATE commits SET signature = (SELECT signature FROM commits WHERE commit_no = 3)"
                " WHERE commit_no = ?"
            ),
            "signature_false",
        ),
    ],
)
def test_a_signature_that_was_taken_or_put_in_is_found(
    office: Office, statement: str, code: str
) -> None:
    with closing(sqlite3.connect(office.path)) as connection:
        commit_no, no = connection.execute(
            "SELECT commit_no, last_no FROM commits ORDER BY commit_no DESC LIMIT 1"
        ).fetchone()
    forged(office.path, statement, values=(commit_no,))
    assert done(office.path, "audit", "verify").status == 0
    said = full(office.path)
    assert (said.status, said.json[0]["no"], said.json[0]["problem"]) == (12, no, code)


def test_everything_that_is_not_signed_is_listed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given the signatures of two commits taken away, and another in the place of a third
    forged(
        office.path,
        "UPDATE commits SET signature = NULL WHERE commit_no IN (3, 4)",
        "UPDATE commits SET signature = zeroblob(64) WHERE commit_no = 2",
    )
    said = full(office.path)
    codes = ["signature_false", "signature_missing", "signature_missing"]
    assert [row["problem"] for row in said.json] == codes
    # and what is not listed is counted
    monkeypatch.setattr("ledger.audit.findings.MOST", 1)
    said = full(office.path)
    assert [row["problem"] for row in said.json] == codes[:1]
    assert "And 2 more like these" in said.err


def test_every_entry_that_says_something_impossible_is_listed(office: Office) -> None:
    forged(office.path, "UPDATE stored_events SET state = x'80' WHERE no IN (3, 7)")
    with Book.open(office.path) as book:
        found = everything(book, subject_of(book), None)
        assert [finding.no for finding in found.findings] == [3, 7]
        # who recorded what can be told up to the first
        assert (found.more, found.unsure_from) == (0, 3)


def test_without_keys_what_is_sealed_is_not_looked_at(book: Path) -> None:
    book.with_suffix(".keys").unlink()
    forged(book, "DELETE FROM data_keys")
    said = full(book)
    assert said.status == 0
    assert "no keys file" in said.err


def test_an_index_that_has_an_entry_elsewhere_is_found(book: Path) -> None:
    # given an index in the place of that of the streams, with one entry elsewhere
    index = "sqlite_autoindex_stored_events_1"
    with closing(sqlite3.connect(book, isolation_level=None)) as connection:
        connection.execute(
            "CREATE INDEX other "
            "ON stored_events (iif(no = 9, 'x', originator_id), originator_version)"
        )
        connection.execute("PRAGMA writable_schema = ON")
        pages = "SELECT name, rootpage FROM sqlite_master WHERE name IN ('other', ?)"
        (one, page), (two, other_page) = connection.execute(pages, (index,)).fetchall()
        for name, its_page in ((one, other_page), (two, page)):
            change = "UPDATE sqlite_master SET rootpage = ? WHERE name = ?"
            connection.execute(change, (its_page, name))
    with closing(sqlite3.connect(book)) as connection:
        connection.execute("DROP INDEX other")
    # when the stream is asked for, the entry is missing, and the log has it
    shown = done(book, "history", "--person", "P000001", "--format", "json").json
    logged = done(book, *words("log --format json")).json
    assert 9 in {line["no"] for line in logged}
    assert 9 not in {line["no"] for line in shown}
    # then what is hashed is right, and only full verification looks at the index
    assert done(book, *words("audit verify"))
    said = full(book)
    assert (said.status, said.json[0]["problem"]) == (12, "stored_file_differs")
    assert index in said.json[0]["detail"]


def test_the_keys_of_another_book_are_found(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    done(other, "init")
    book.with_suffix(".keys").write_bytes(other.with_suffix(".keys").read_bytes())
    said = full(book)
    assert (said.status, said.json[0]["problem"]) == (12, "keys_mismatch")


def test_a_key_may_be_gone_only_of_who_was_erased(book: Path) -> None:
    erased = copied(book, book.parent / "erased")
    with closing(sqlite3.connect(book)) as connection:
        key = connection.execute(
            "SELECT * FROM data_keys WHERE owner = 'person/P000001'"
        ).fetchone()
    done(erased, "erase", "P000001", "--reason", "theo yêu cầu")
    assert full(erased).status == 0
    # somebody else's key is gone without a word, or that of the erased has come back
    forged(book, "DELETE FROM data_keys WHERE owner = 'person/P000001'")
    assert [full(book).json[0][name] for name in ("no", "problem")] == [5, "stored_key_missing"]
    forged(erased, "INSERT INTO data_keys VALUES (?, ?, ?, ?)", values=key)
    assert full(erased).json[0]["problem"] in {"stored_key_differs", "stored_key_kept"}


def test_a_key_of_nobody_is_found(book: Path) -> None:
    forged(
        book,
        "INSERT INTO data_keys SELECT 'person/NOBODY', epoch, wrapped, commitment FROM data_keys"
        " LIMIT 1",
    )
    said = full(book)
    assert (said.status, said.json[0]["problem"]) == (12, "stored_key_differs")


def test_what_was_found_right_is_read_again_where_keys_changed(book: Path) -> None:
    assert full(book).status == 0  # which is remembered
    forged(book, "UPDATE data_keys SET epoch = 7 WHERE owner = 'person/P000001'")
    assert full(book).json[0]["problem"] == "stored_key_differs"


def test_a_cache_that_says_something_else_is_found(book: Path) -> None:
    done(book, "headcount", "--unit", "TP")
    folder = book.with_suffix(".cache")
    assert full(book).status == 0
    manifest = json.loads((folder / "manifest.json").read_text())
    (segment,) = manifest["segments"]
    path = folder / segment["file"]
    table = parquet.read_table(path)
    column = table.column_names.index("kind")
    changed = pa.array(["listed"] * table.num_rows, table.schema.field(column).type)
    parquet.write_table(table.set_column(column, table.schema.field(column), changed), path)
    # a file that does not have its hash is made again wherever it is read
    kept = path.read_bytes()
    assert full(book).status == 0
    # one that has is another matter
    path.write_bytes(kept)
    segment["sha256"] = sha256(kept).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    said = full(book)
    assert (said.status, said.json[0]["problem"], said.json[0]["no"]) == (12, "cache_differs", None)


def test_columns_that_a_cache_is_said_not_to_have_are_missed(book: Path) -> None:
    done(book, "headcount", "--unit", "TP")
    path = book.with_suffix(".cache") / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["segments"][0]["columns"].remove("person")
    path.write_text(json.dumps(manifest))
    assert full(book).json[0]["problem"] == "cache_differs"


def without_first(table: pa.Table) -> pa.Table:
    return table.slice(1)


def with_names_exchanged(table: pa.Table) -> pa.Table:
    """Give two columns the names of each other: of one type, where there are two."""
    types = [str(field.type) for field in table.schema]
    one = next((at for at, name in enumerate(types) if types.count(name) > 1), 0)
    other = types.index(types[one], one + 1) if types.count(types[one]) > 1 else 1
    names = table.column_names
    names[one], names[other] = names[other], names[one]
    return table.rename_columns(names)


def of_another_form(table: pa.Table) -> pa.Table:
    return pa.table({name: [{"x": 1}] for name in table.column_names})


def with_more_said(table: pa.Table) -> pa.Table:
    """Return the same rows; a file of them says of each column from where to where it goes."""
    return table


def test_what_a_file_says_of_its_rows_is_held_against_them(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    columns = {"no": [5, 6, 9], "kind": ["listed", None, "died"], "unit": [1, 2, 3]}
    write_columns(pa.table(columns), path)
    assert not misleads(path)
    content = path.read_bytes()
    place = content.rindex(struct.pack("<q", 9))  # where the file ends it says so of each column
    path.write_bytes(content[:place] + struct.pack("<q", 8) + content[place + 8 :])
    assert parquet.read_table(path).to_pydict() == columns
    assert misleads(path)


@pytest.mark.parametrize(
    "change", [with_more_said, without_first, with_names_exchanged, of_another_form]
)
def test_every_table_that_is_kept_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[pa.Table], pa.Table]
) -> None:
    # given a book with all that may be kept of it
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    entries = history(5, 60)
    with recorded(entries) as written:
        written.close()
        book = copied(written.path, tmp_path / "copy")
    done(book, "headcount")
    call(book, "rules", "check", "--as-of", "2024-05-06")
    folder = book.with_suffix(".cache")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert full(book).status == 0
    (judged,) = (name for name in manifest["tables"] if name.startswith("judged_"))
    for name in ("spells", "persons", judged):
        kept = manifest["tables"][name]
        path = folder / kept["file"]
        content, table = path.read_bytes(), parquet.read_table(path)
        assert table.num_rows
        # when one of them says something else and has its hash
        parquet.write_table(change(table), path)
        said = json.loads(json.dumps(manifest))
        said["tables"][name]["sha256"] = sha256(path.read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(said))
        # then it is named
        [found] = full(book).json
        assert (found["problem"], kept["file"] in found["detail"]) == ("cache_differs", True)
        path.write_bytes(content)
