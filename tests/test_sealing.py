"""Personal details: sealed from the first entry on, bound to it, openable with the keys only."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.errors import BookDamaged, Refused
from ledger.store.codec import pack, unpack
from ledger.store.envelope import Commit, leaf_of
from ledger.store.sealing import EpochKey, Sealer, create_keys, keys_path, read_keys
from tests.scenarios import codes
from tests.shelf import AN, UNIT, exported, forced, imported, new_book, record

BINH = 'nominated 2020-03-02 P000002 unit=TP profile={"name":"Trần\\u0020Bình"}'
TWO = UNIT + AN + BINH


def _name(book: Book, no: int) -> str | None:
    entry: Any = book.entry(no, opened=True)
    name: str | None = entry.profile.name
    return name


def _rehashed(path: Path) -> None:
    """Give every row the leaf that fits it, as somebody would who knows the format."""
    with closing(sqlite3.connect(path)) as connection:
        ((book_id,),) = connection.execute("SELECT value FROM book WHERE key = 'id'")
        rows = connection.execute(
            "SELECT no, originator_id, originator_version, topic, e.recorded_at, e.operator, "
            "sheet, row, state, commit_no, c.operator, file_name, file_hash "
            "FROM stored_events e JOIN commits c USING (commit_no)"
        ).fetchall()
    leaves = [
        (leaf_of(book_id, (*row[:6], Commit(*row[9:]), *row[6:8]), row[8])[:8], row[0])
        for row in rows
    ]
    forced(path, *(("UPDATE stored_events SET leaf = ? WHERE no = ?", leaf) for leaf in leaves))


def test_no_personal_detail_stands_in_the_book_itself(tmp_path: Path) -> None:
    # given a person whose name is recorded
    with new_book(tmp_path, TWO) as book:
        assert _name(book, 2) == "Nguyễn An"
    # when the bytes of the book are searched
    content = (tmp_path / "book.db").read_bytes()
    # then the name is not there, and what is countable is
    assert "Nguyễn".encode() not in content
    assert b"birth_year" in content


def test_unopened_entries_say_what_is_sealed(tmp_path: Path) -> None:
    with new_book(tmp_path, TWO) as book:
        entry: Any = book.entry(2)
    assert entry.sealed == ("profile.name",)
    assert entry.profile.name is None
    assert entry.profile.birth_year == 1996


def test_without_the_keys_file_everything_but_details_is_read(tmp_path: Path) -> None:
    new_book(tmp_path, TWO).close()
    (tmp_path / "book.keys").unlink()
    with Book.open(tmp_path / "book.db") as book:
        assert not book.can_open
        entry: Any = book.entry(2, opened=True)
        assert entry.sealed == ("profile.name",)
        # and what is not personal can go on being recorded
        record(book, "listed 2020-03-04 P000002")
        with pytest.raises(Refused) as caught:
            record(book, BINH.replace("P000002", "P000003"))
        assert codes(caught.value.problems) == ["keys_missing"]
        assert book.head.no == 5


@pytest.mark.skipif(os.name == "nt", reason="a mode means nothing on Windows")
def test_only_their_owner_may_read_book_and_keys(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        new_book(tmp_path).close()
    finally:
        os.umask(before)
    for name in ("book.db", "book.keys"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "book.keys"
    path.write_bytes(b"of another book")
    with pytest.raises(FileExistsError):
        create_keys(path, bytes(16), bytes(32))
    with pytest.raises(Refused) as caught:
        Book.create(tmp_path / "book.db")
    assert codes(caught.value.problems) == ["keys_without_book"]
    assert path.read_bytes() == b"of another book"
    assert [item.name for item in tmp_path.iterdir()] == ["book.keys"]


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.replace("rollbook-keys 1", "rollbook-keys 2"),
        lambda text: text.replace("epoch 1", "epoch one"),
        lambda text: text.replace("epoch 1", "epoch 0"),
        lambda text: text + "more of it\n",
        lambda text: text[:-3] + "\n",
        lambda text: text.replace("key ", "key é"),
        lambda text: "book " + "00" * 16 + "\n" + text,
        lambda text: text[:0],
        lambda text: text.replace("book ", "book 00"),
    ],
)
def test_a_file_that_holds_no_key_of_the_book_is_said_to(
    tmp_path: Path, changed: Callable[[str], str]
) -> None:
    new_book(tmp_path, TWO).close()
    keys = tmp_path / "book.keys"
    keys.write_text(changed(keys.read_text(encoding="ascii")), encoding="utf-8")
    with Book.open(tmp_path / "book.db") as book:
        assert book.entry(2).no == 2
        with pytest.raises(BookDamaged) as caught:
            book.entry(2, opened=True)
        assert codes(caught.value.problems) == ["keys_mismatch"]
        with pytest.raises(BookDamaged):
            record(book, BINH.replace("P000002", "P000003"))


def test_the_keys_of_another_book_do_not_fit(tmp_path: Path) -> None:
    new_book(tmp_path, TWO).close()
    new_book(tmp_path, TWO, name="other.db").close()
    (tmp_path / "other.keys").replace(tmp_path / "book.keys")
    with Book.open(tmp_path / "book.db") as book, pytest.raises(BookDamaged) as caught:
        book.entry(2, opened=True)
    assert codes(caught.value.problems) == ["keys_mismatch"]


def _swapped(connection: sqlite3.Connection, *pair: int) -> list[tuple[str, tuple[Any, ...]]]:
    """Return what puts the box of each of two entries into the other."""
    states = dict(connection.execute("SELECT no, state FROM stored_events"))
    found = []
    for no, other in (pair, pair[::-1]):
        state = unpack(states[no])
        state["sealed"]["box"] = unpack(states[other])["sealed"]["box"]
        found.append(("UPDATE stored_events SET state = ? WHERE no = ?", (pack(state), no)))
    return found


def _swap_states(connection: sqlite3.Connection) -> list[tuple[str, tuple[Any, ...]]]:
    return _swapped(connection, 2, 4)


def _swap_streams(_: sqlite3.Connection) -> list[tuple[str, tuple[Any, ...]]]:
    move = "UPDATE stored_events SET originator_id = ? WHERE originator_id = ?"
    an, binh = "person/P000001", "person/P000002"
    owner = "UPDATE data_keys SET owner = ? WHERE owner = ?"
    return [
        (statement, values)
        for statement in (move, owner)
        for values in (("x", an), (an, binh), (binh, "x"))
    ]


def _swap_keys(_: sqlite3.Connection) -> list[tuple[str, tuple[Any, ...]]]:
    other = "(SELECT wrapped FROM data_keys d WHERE d.owner <> data_keys.owner)"
    return [(f"UPDATE data_keys SET wrapped = {other}", ())]  # noqa: S608 - both parts are ours


def _change_commitment(_: sqlite3.Connection) -> list[tuple[str, tuple[Any, ...]]]:
    return [("UPDATE data_keys SET commitment = ?", (bytes(32),))]


def _drop_a_field(connection: sqlite3.Connection) -> list[tuple[str, tuple[Any, ...]]]:
    ((state,),) = connection.execute("SELECT state FROM stored_events WHERE no = 2")
    values = unpack(state)
    values["sealed"]["fields"] = []
    return [("UPDATE stored_events SET state = ? WHERE no = 2", (pack(values),))]


@pytest.mark.parametrize(
    "damage", [_swap_states, _swap_streams, _swap_keys, _change_commitment, _drop_a_field]
)
def test_details_open_only_where_they_were_sealed(
    tmp_path: Path, damage: Callable[[sqlite3.Connection], list[tuple[str, tuple[Any, ...]]]]
) -> None:
    # given a book changed by somebody with full access, who mended the hashes, too
    new_book(tmp_path, TWO).close()
    path = tmp_path / "book.db"
    with closing(sqlite3.connect(path)) as connection:
        statements = damage(connection)
    forced(path, *statements)
    _rehashed(path)
    # when it is opened
    with Book.open(path) as book:
        assert book.entry(2).no == 2
        # then nobody's details pass for another's
        with pytest.raises(BookDamaged):
            book.entry(2, opened=True)


def test_details_of_one_person_open_only_in_their_own_entry(tmp_path: Path) -> None:
    # given two names of one person, of which somebody put the later one before the earlier
    renamed = 'profile_changed 2021-0{0}-01 P000001 profile={{"name":"Nguyễn\\u0020{0}"}}\n'
    new_book(tmp_path, UNIT + AN + renamed.format(1) + renamed.format(2)).close()
    path = tmp_path / "book.db"
    with Book.open(path) as book:
        assert [_name(book, no) for no in (4, 5)] == ["Nguyễn 1", "Nguyễn 2"]
    with closing(sqlite3.connect(path)) as connection:
        statements = _swapped(connection, 4, 5)
    forced(path, *statements)
    _rehashed(path)
    with Book.open(path) as book:
        for no in (4, 5):
            with pytest.raises(BookDamaged):
                book.entry(no, opened=True)


@pytest.mark.parametrize("place", ["owner", "epoch", "wrapped", "commitment"])
def test_a_key_that_is_stored_as_something_else_is_damage(place: str) -> None:
    epoch = EpochKey(b"b" * 16, 1, b"k" * 32, b"i" * 32)
    key = Sealer(epoch).create_key("person/P1")
    Sealer(epoch).unwrap([key])
    others: list[Any] = [None, b"person/P1", 1.5, "x"]
    for other in others:
        stored = [key._replace(**{place: other})]
        with pytest.raises(BookDamaged):
            Sealer(epoch).unwrap(stored)
        with pytest.raises(BookDamaged):
            Sealer(epoch).rewrapped(stored, epoch)


def test_an_erased_key_leaves_the_rest(tmp_path: Path) -> None:
    # given a person whose data key is destroyed
    new_book(tmp_path, TWO).close()
    path = tmp_path / "book.db"
    forced(path, ("DELETE FROM data_keys WHERE owner = 'person/P000001'", ()))
    # when the book is read with its keys
    with Book.open(path) as book:
        # then only that person's details stay sealed
        assert _name(book, 2) is None
        assert _name(book, 4) == "Trần Bình"


def test_what_came_sealed_stays_sealed(tmp_path: Path) -> None:
    # given an export of a book without its keys
    with new_book(tmp_path, TWO) as book:
        (tmp_path / "book.keys").unlink()
        content = exported(book)
    # when it is imported elsewhere, and exported from there
    with new_book(tmp_path, name="copy.db") as copy:
        imported(copy, content, keep_recorded=True)
        # then it says the same: nobody had to make up a name
        assert exported(copy) == content


def test_every_stream_has_a_key_of_its_own() -> None:
    sealer = Sealer(EpochKey(bytes(16), 1, bytes(32), bytes(32)))
    keys = [sealer.create_key(f"person/P{number:06d}") for number in range(20)]
    assert len({key.wrapped for key in keys}) == 20
    assert len({key.commitment for key in keys}) == 20
    boxes = {sealer.seal("person/P000001", 1, "died", ["ground"], b"\x80") for _ in range(20)}
    assert len(boxes) == 20


def test_the_commitment_is_over_book_owner_and_key(tmp_path: Path) -> None:
    create_keys(tmp_path / "a.keys", b"0123456789abcdef", bytes(32))
    epoch = read_keys(tmp_path / "a.keys", b"0123456789abcdef")
    assert len(epoch.key) == 32
    sealer = Sealer(epoch)
    assert sealer.create_key("person/A").commitment != sha256(b"").digest()


def test_reading_without_opening_needs_no_cryptography(tmp_path: Path) -> None:
    new_book(tmp_path, TWO).close()
    program = (
        "import sys; sys.modules['cryptography'] = None\n"
        "from ledger.book import Book\n"
        "assert len(list(Book.open(sys.argv[1]).entries())) == 4"
    )
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "book.db")], check=True, cwd=root)


@pytest.mark.parametrize(
    ("book", "keys"), [("a.db", "a.keys"), ("a", "a.keys"), ("a.keys", "a.keys.keys")]
)
def test_keys_lie_beside_the_book(book: str, keys: str) -> None:
    assert keys_path(Path("folder") / book) == Path("folder") / keys
