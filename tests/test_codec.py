"""Stored bytes: in one form only, of catalogue kinds only, readable in every version."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ledger.book import Book
from ledger.catalogue import KINDS, Entry
from ledger.catalogue.base import said
from ledger.errors import BookDamaged
from ledger.exchange.jsonlines import entry_json
from ledger.store.codec import Codec, Unreadable, moment, pack, put_personal, take_personal, unpack
from tests.shelf import UNIT, forced, new_book, typed

SAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parent / "samples" / "states.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
_IDS = [sample["kind"] for sample in SAMPLES]


def test_a_state_of_every_kind_is_kept() -> None:
    assert sorted(_IDS) == sorted(KINDS)


@pytest.mark.parametrize("sample", SAMPLES, ids=_IDS)
def test_a_kept_state_still_says_the_same(sample: dict[str, Any]) -> None:
    # given the bytes that the first version stored, and what they meant
    state = unpack(bytes.fromhex(sample["state"]))
    expected = sample["entry"]
    if "sealed" in state:
        state["sealed"] = state["sealed"]["fields"]
    # when they are read today
    envelope = {name: expected[name] for name in ("no", "recorded_at", "by")}
    entry = Codec().entry(sample["kind"], state, **envelope)
    # then they mean the same
    assert json.loads(entry_json(entry)) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x81\xa1a\xcd\x00\x01", "an integer longer than it needs"),
        (b"\x82\xa1a\x01\xa1a\x02", "a key twice"),
        (b"\x81\xa1a\x01\x00", "bytes after the end"),
        (b"\x81\xa1a", "an end too soon"),
        (b"\x01", "no map"),
        (b"\x81\x01\x01", "a key that is no text"),
        (b"\x81\xa1a\xc1", "a code that msgpack does not have"),
        (b"\x81\xa1a\xa1\xff", "text that is not UTF-8"),
        (b"\xde\x00\x01\xa1a\x01", "a map head longer than it needs"),
        (b"", "nothing"),
        (b"\x91" * 10_000, "lists without end"),
    ],
)
def test_only_one_form_of_a_state_is_read(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        unpack(data)
    assert caught.value.code == "stored_form_differs", why


_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**63), 2**64 - 1) | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=8,
)


@given(some.dictionaries(some.text(), _VALUES))
def test_what_is_packed_is_unpacked(value: dict[str, Any]) -> None:
    assert unpack(pack(value)) == value


@given(some.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = unpack(data)
    except Unreadable:
        return
    assert pack(value) == data


def test_a_kind_that_the_catalogue_has_not_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        Codec().entry("os:system", {}, no=1, recorded_at=moment(0), by="lan")
    assert caught.value.code == "stored_kind_unknown"


def test_a_hostile_topic_is_never_imported(tmp_path: Path) -> None:
    # given a book whose log names a module of the standard library as a kind
    new_book(tmp_path, UNIT).close()
    forced(tmp_path / "book.db", ("UPDATE stored_events SET topic = 'antigravity:fly'", ()))
    # when it is read, in both ways
    with Book.open(tmp_path / "book.db") as book:
        with pytest.raises(BookDamaged):
            book.entry(1)
        with pytest.raises(BookDamaged):
            list(book.events.get("unit/TP"))
    # then nothing of that name was imported
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"unit": "TP", "name": "A", "effective_on": "2015-01-01"}, "stored_value_differs"),
        ({"nobody": "knows"}, "stored_value_differs"),
        ({"no": 5}, "stored_form_differs"),
        ({"kind": "unit_founded"}, "stored_form_differs"),
        ({"v": 2}, "stored_version_unknown"),
        ({"v": "1"}, "stored_version_unknown"),
        ({"v": 0}, "stored_version_unknown"),
    ],
)
def test_a_state_that_does_not_fit_its_kind_is_refused(state: dict[str, Any], code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        Codec().entry("unit_founded", state, no=1, recorded_at=moment(0), by="lan")
    assert caught.value.code == code


class Thanked(Entry):  # type: ignore[misc]  # msgspec hands "frozen" down
    """A kind that once said ``to`` and ``how_often``, and today says ``person`` and ``times``."""

    stream = "person"
    version = 3

    person: Annotated[str, said("who")]
    times: Annotated[int, said("how often")]

    @classmethod
    def upcast(cls, state: dict[str, Any], version: int) -> dict[str, Any]:
        """Return a state of version 1 or 2 as of version 3."""
        if version == 1:
            state["person"] = state.pop("to")
        state["times"] = state.pop("how_often")
        return state


@pytest.mark.parametrize(
    "state",
    [
        {"to": "P1", "how_often": 2, "effective_on": "2015-01-01"},
        {"person": "P1", "how_often": 2, "effective_on": "2015-01-01", "v": 2},
        {"person": "P1", "times": 2, "effective_on": "2015-01-01", "v": 3},
    ],
)
def test_older_versions_of_a_kind_are_brought_up_to_date(state: dict[str, Any]) -> None:
    codec = Codec({"thanked": Thanked})
    entry: Any = codec.entry("thanked", state, no=1, recorded_at=moment(0), by="lan")
    assert (entry.person, entry.times) == ("P1", 2)
    assert codec.state(entry)[1]["v"] == 3


def test_personal_fields_leave_the_state_and_come_back() -> None:
    # given a profile with personal and other parts
    nominated = typed(
        {
            "kind": "nominated",
            "effective_on": "2020-03-02",
            "person": "P1",
            "unit": "TP",
            "profile": {"name": "Nguyễn An", "birth_date": "1996-05-01", "sex": "male"},
        }
    )
    kind, state = Codec().state(nominated)
    whole = json.loads(json.dumps(state))
    # when they are taken out
    taken = take_personal(kind, state)
    # then the rest stays countable
    assert taken == {"profile.birth_date": "1996-05-01", "profile.name": "Nguyễn An"}
    assert state["profile"] == {"sex": "male"}
    # and everything is as before when they are put back
    put_personal(kind, state, taken)
    assert state == whole


@pytest.mark.parametrize("name", ["person", "profile.sex", "nobody"])
def test_only_personal_fields_come_out_of_a_seal(name: str) -> None:
    with pytest.raises(Unreadable):
        put_personal("nominated", {"profile": {}}, {name: "P9"})


def test_the_form_is_msgpack() -> None:
    assert msgpack.unpackb(pack({"unit": "TP"})) == {"unit": "TP"}
