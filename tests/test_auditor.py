"""The second auditor: that it agrees with our own verification, and what it says by itself."""

import base64
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest

from ledger.catalogue import KINDS
from ledger.proof.tree import root
from ledger.store.envelope import leaf_of
from tests.agreement import forged, judged, ours, theirs, write_beside
from tests.office import Office
from tests.random_logs import RandomLog
from tests.shelf import forced

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "scripts" / "auditor.py"


@pytest.fixture(name="auditor")
def _auditor(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import auditor  # noqa: PLC0415 - program, found in its folder

    return auditor


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "book.db")
    with office.book:
        office.enrol("lan", "chief")
        office.enrol("minh", "clerk", "TP")
    return office


def run(*arguments: object) -> tuple[int, str]:
    """Return exit status and output of the program, started by itself."""
    command = [sys.executable, "-I", str(PROGRAM), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def test_it_knows_all_kinds_of_the_catalogue_and_their_streams(auditor: ModuleType) -> None:
    streams = {kind: found.stream.rstrip("_") or "entry" for kind, found in KINDS.items()}
    assert streams == auditor.KINDS
    assert {found.version for found in KINDS.values()} == {1}


@pytest.mark.parametrize("seed", [*range(60), 21_163])  # the last: a unit split beyond a scope
def test_both_find_the_same(auditor: ModuleType, tmp_path: Path, seed: int) -> None:
    assert auditor
    found = judged(tmp_path, seed)
    assert found.agrees, found


@pytest.mark.parametrize("seed", range(20))
def test_both_find_the_same_entries_beyond_an_authority(
    auditor: ModuleType, tmp_path: Path, seed: int
) -> None:
    log = RandomLog(tmp_path, seed)
    found = {finding.no for finding in auditor.audit(log.path, [], [])[0]}
    assert {wrong.no for wrong in log.office.found()} == found


@pytest.mark.parametrize("seed", range(25))
def test_both_find_what_was_forged_with_all_made_to_fit(
    auditor: ModuleType, tmp_path: Path, seed: int
) -> None:
    assert auditor
    # given a forger who makes leaves, tree, roots and all tables anew, with another's key at most
    found = forged(RandomLog(tmp_path, seed), Random(seed))
    # then both say the same of it, and with a checkpoint kept elsewhere both find it
    assert found.agrees, found


def test_an_entry_is_displaced_only_once(auditor: ModuleType, tmp_path: Path) -> None:
    assert auditor
    from trust.editing import EDITS  # noqa: PLC0415 - programs, found in their folder
    from trust.forging import fitting, read, write  # noqa: PLC0415 - as above

    office = Office(tmp_path / "book.db")
    with office.book:
        office.record("lan", '{"kind":"voided","effective_on":"2020-01-01","entry":8,"reason":"x"}')
    twice = EDITS["duplicated"](read(office.path), 9)
    assert twice
    made = fitting(twice)
    write(office.path, made)
    write_beside(office.path, made.book_id, made.rows)
    assert ours(office.path) == theirs(office.path) == [10]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET sheet = '' WHERE no = 10",
        "UPDATE commits SET file_name = '' WHERE last_no = 10",
        "UPDATE commits SET file_hash = x'' WHERE last_no = 10",
    ],
)
def test_an_empty_text_that_is_hashed_as_nothing_is_found(
    auditor: ModuleType, office: Office, statement: str
) -> None:
    assert auditor
    forced(office.path, (statement, ()))
    assert ours(office.path) == theirs(office.path) == [10]


def test_it_runs_alone_and_says_what_cannot_be_proven(office: Office) -> None:
    status, output = run(office.path)
    assert status == 0, output
    assert "No checkpoint kept elsewhere" in output
    assert "Entries 1 to 8: not signed" in output
    forced(office.path, ("UPDATE stored_events SET topic = 'died' WHERE no = 8", ()))
    status, output = run(office.path)
    assert status == 1
    assert "First bad entry: 8" in output
    assert run(office.path.parent / "none")[0] == 2
    assert run(office.path, "--vkey", "x")[0] == 2


def test_a_file_that_is_no_book_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x00" * 5000)
    assert run(tmp_path / "x")[0] == 1
    assert run(tmp_path)[0] == 1


def test_no_key_of_small_order_counts(auditor: ModuleType) -> None:
    weak = base64.b64decode("AQ" + "A" * 41 + "=")
    assert auditor.is_weak(weak)
    assert not auditor.is_signed(weak, weak + bytes(32), b"anything")
    text = "a+" + auditor.hashed(b"a\n\x01" + weak)[:4].hex() + "+"
    with pytest.raises(auditor.Unfit):
        auditor.parse_vkey(text + base64.b64encode(b"\x01" + weak).decode())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x81", b"\x81\xa1a", b"\xcc\x01", b"\xcd\x00\xff", b"\xd0\x01", b"\xd0\xff",
        b"\xd9\x01a",
        b"\xdc\x00\x01\x01", b"\x82\xa1a\x01\xa1a\x01", b"\x81\x01\x01", b"\xca\x00\x00\x00\x00",
        b"\xc1", b"\xd4\x00\x00", b"\xa1\xff", b"\x01\x01",
        b"\x91" * 60_000, b"\xdd\xff\xff\xff\xff",
    ],
)  # fmt: skip
def test_states_that_are_not_in_the_one_form(auditor: ModuleType, data: bytes) -> None:
    with pytest.raises(auditor.Unfit):
        auditor.decode(data)


def test_states_are_read_as_the_encoder_writes_them(auditor: ModuleType) -> None:
    sizes = (0, 1, 15, 16, 31, 32, 33, 127, 128, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32)
    values: list[Any] = [*sizes, *(-size - 1 for size in sizes), None, True, False]
    values += ["a" * size for size in sizes[:12]] + [b"a" * size for size in sizes[:12]]
    values += [list(range(size)) for size in sizes[:10]]
    values += [{str(key): key for key in range(size)} for size in sizes[:10]]
    for value in values:
        assert auditor.decode(msgpack.packb(value)) == value


def test_a_commit_that_is_missing_is_named(auditor: ModuleType, office: Office) -> None:
    assert auditor
    forced(office.path, ("DELETE FROM commits WHERE commit_no = 3", ()))
    with closing(sqlite3.connect(office.path)) as connection:
        assert connection.execute("SELECT count(*) FROM commits").fetchone() == (2,)
    assert theirs(office.path)[0] == 10


def test_an_entry_that_cannot_be_read_is_named(auditor: ModuleType, office: Office) -> None:
    forced(
        office.path, ("UPDATE stored_events SET operator = hex(zeroblob(900000)) WHERE no=7", ())
    )
    assert auditor.audit(office.path, [], [])[0][0].no == 7


def test_who_enrols_in_the_name_of_another_begins_nothing(
    auditor: ModuleType, tmp_path: Path
) -> None:
    assert auditor
    from trust.forging import fitting, read, write  # noqa: PLC0415 - programs, in their folder

    # given a book that is signed from its ninth entry on, which says now that another recorded it
    office = Office(tmp_path / "book.db")
    with office.book:
        office.enrol("lan", "chief")
    written = read(office.path)
    made = fitting(written._replace(commits=[c._replace(signature=None) for c in written.commits]))
    rows = [row._replace(operator="x") if row.no == 9 else row for row in made.rows]
    leaves = [leaf_of(made.book_id, row.envelope, row.state) for row in rows]
    rows = [row._replace(leaf=leaf[:8]) for row, leaf in zip(rows, leaves, strict=True)]
    last = made.commits[-1]._replace(root=root(leaves))
    write(office.path, made._replace(rows=rows, commits=[*made.commits[:-1], last]))
    assert ours(office.path) == theirs(office.path) == []
