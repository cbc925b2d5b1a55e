"""States of one shape, decoded all at once: the same as one by one, or left over."""

import random
from datetime import date
from typing import Any

import msgpack  # type: ignore[import-untyped]  # ships no types
import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.catalogue import KINDS
from ledger.store.codec import pack
from projections import shapes
from projections.columns import parts_of, record_of
from projections.feed import json_text
from projections.shapes import Alike, decoded
from tests.histories import history
from tests.test_laws import recorded

SEALED = {"fields": ["opinion"], "box": bytes(43)}
RESOLVED = {
    "person": "P000001",
    "body": "cell",
    "matter": "admission",
    "votes_for": 11,
    "votes_against": 2,
    "eligible": 300,
    "effective_on": "2021-02-28",
    "document": {"number": "7-QĐ/TU", "date": "2021-02-20"},
}
STATES: dict[str, dict[str, Any]] = {
    "listed": {"person": "P000001", "unit": "TP", "effective_on": "2021-02-28"},
    "resolved": RESOLVED,
    "commented": {
        "person": "P000001",
        "body": "residence",
        "favourable": True,
        "effective_on": "2021-02-28",
        "sealed": SEALED,
    },
    "unnamed_counted": {
        "unit": "TP",
        "measure": "members",
        "as_of": "2020-12-31",
        "count": 60_000,
        "filters": {"sex": ["female", "male"]},
        "effective_on": "2020-12-31",
    },
    "unit_split": {"unit": "TP", "into": ["A", "B"], "effective_on": "2021-02-28"},
}


def alike(states: list[bytes]) -> Alike:
    width = pa.binary(len(states[0]))
    return Alike(pa.array(states, width), pa.array(range(1, len(states) + 1), pa.int64()))


def one_by_one(kind: str, state: bytes) -> dict[str, Any]:
    """Return the columns of a state that hold anything, as msgspec reads it."""

    def flat(record: Any, parts: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part, value in zip(parts.values(), msgspec.structs.astuple(record), strict=True):
            if value is None:
                continue
            if not part.column:
                found |= flat(value, part.parts)
            elif part.column.form == "date":
                found[part.column.name] = date.fromisoformat(value)
            else:
                is_json = part.column.form == "json"
                found[part.column.name] = json_text(value) if is_json else value
        return found

    record = msgspec.msgpack.decode(state, type=record_of(kind))
    return {
        name: value for name, value in flat(record, parts_of(kind)).items() if value is not None
    }


def compare(kind: str, states: list[bytes]) -> int:
    """Compare both ways; return how many states were left over."""
    found, rest = decoded(alike(states), parts_of(kind), json_text)
    seen = rest.nos.to_pylist()
    for nos, columns in found:
        rows = pa.table(columns | {"no": nos}).to_pylist()
        for row in rows:
            no = row.pop("no")
            seen.append(no)
            told = {name: value for name, value in row.items() if value is not None}
            assert told == one_by_one(kind, states[no - 1])
    assert sorted(seen) == list(range(1, len(states) + 1))
    width = len(states[0])
    left = rest.states_bytes()
    pieces = [left[begin : begin + width] for begin in range(0, len(left), width)]
    assert pieces == [states[no - 1] for no in rest.nos.to_pylist()]
    return len(pieces)


@pytest.fixture(autouse=True, params=[1, 3])
def least(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Have so few states be worth a shape."""
    monkeypatch.setattr(shapes, "LEAST_STATES", request.param)
    return int(request.param)


@pytest.mark.parametrize("kind", STATES)
def test_states_of_a_shape_are_decoded_without_a_rest(kind: str) -> None:
    assert compare(kind, [pack(STATES[kind])] * 5) == 0


def test_each_value_is_its_own() -> None:
    days = [f"2021-02-{day:02}" for day in range(1, 29)]
    states = [
        pack(RESOLVED | {"effective_on": day, "votes_for": votes, "eligible": 256 + votes})
        for votes, day in enumerate(days)
    ]
    assert compare("resolved", states) == 0


def test_states_as_long_as_others_may_have_other_shapes(least: int) -> None:
    one = STATES["listed"] | {"person": "P1", "unit": "TP12345"}
    other = STATES["listed"] | {"person": "P12345", "unit": "TP1"}
    states = [pack(one), pack(other)] * 6 + [pack(one | {"unit": None, "note": "1"})]
    assert len({len(state) for state in states}) == 1
    assert compare("listed", states) == (1 if least > 1 else 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"votes_for": None},
        {"votes_for": True},
        {"votes_for": -1},
        {"effective_on": "0000-01-01"},
        {"effective_on": "2021-02-29"},
        {"effective_on": "2021-W08-7"},
        {"person": b"P00001"},
        {"eligible": -300},
    ],
)
def test_what_is_no_value_of_its_form_is_left_to_others(changed: dict[str, Any]) -> None:
    odd, usual = pack(RESOLVED | changed), pack(RESOLVED)
    states = [usual] * 4 + [odd] * 4
    if len(odd) != len(usual):
        states = [odd] * 4
    rest = decoded(alike(states), parts_of("resolved"), json_text)[1]
    if changed == {"votes_for": None}:
        assert compare("resolved", states) == 0
    else:
        assert len(rest.nos) >= 4


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(STATES)), st.randoms(use_true_random=False))
def test_a_changed_byte_is_read_as_it_is_or_left_over(kind: str, chance: random.Random) -> None:
    usual = pack(STATES[kind])
    states = [usual] * 6
    for _ in range(3):
        changed = bytearray(usual)
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        states.insert(chance.randrange(len(states) + 1), bytes(changed))
    compare(kind, states)


@pytest.mark.parametrize("seed", range(2))
def test_histories_are_decoded_the_same(seed: int) -> None:
    groups: dict[tuple[str, int], list[bytes]] = {}
    with recorded(history(seed, 300)) as book, book.recorder.datastore.reading() as cursor:
        for kind, state in cursor.execute("SELECT topic, state FROM stored_events"):
            groups.setdefault((kind, len(state)), []).append(state)
    for (kind, _), states in groups.items():
        compare(kind, states)


def test_every_kind_can_be_asked_for() -> None:
    for kind in KINDS:
        state = msgpack.packb({"effective_on": "2021-02-28"})
        assert compare(kind, [state] * 3) == 0
