"""JSON Lines: read exactly or told what is wrong, at which line; written in one order."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ledger.catalogue import KINDS
from ledger.errors import Problem
from ledger.exchange.jsonlines import entry_json, read_lines
from tests.shelf import exported, imported, new_book

KINDS_SINCE = {
    "local_rules_adopted",
    "local_rules_dropped",
    "operator_key_rotated",
    "book_restored",
}
"""Kinds that came after the kept book was written, which never changes."""
KEPT_ENTRIES = (Path(__file__).parent / "books" / "format-1" / "entries.jsonl").read_bytes()
ERASED = "P000005"
"""Somebody whom the kept book names, and says to be erased."""
ADMITTED = {"kind": "admitted", "effective_on": "2021-05-19", "person": "P1", "unit": "TP"}
FIGURE = {
    "kind": "figure_stated",
    "effective_on": "2023-09-18",
    "figure": "F1",
    "unit": "TP",
    "measure": "admissions",
    "comparator": "equal",
    "value": "4.76",
    "source": "báo",
    "period": {"from": "2022-01-01", "to": "2022-12-31"},
}


def line(values: Any) -> bytes:
    """Return plain values as a line."""
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def read_one(values: Any) -> Any:
    """Return the only entry of a line of plain values."""
    found, problems = read_lines([line(values)], "f")
    assert not problems, [str(problem) for problem in problems]
    return found[0].entry


def wrong(content: bytes) -> list[Problem]:
    """Return what is wrong with a line that no entry is read from."""
    found, problems = read_lines([content], "f")
    assert not found
    assert {problem.place for problem in problems} == {"f:1"}
    return problems


def test_every_kind_is_read_and_written_again_the_same() -> None:
    found, problems = read_lines(KEPT_ENTRIES.splitlines(keepends=True), "entries.jsonl")
    assert not problems
    assert b"".join(entry_json(item.entry) + b"\n" for item in found) == KEPT_ENTRIES
    kinds = {json.loads(text)["kind"] for text in KEPT_ENTRIES.splitlines()}
    assert kinds == set(KINDS) - KINDS_SINCE


def test_an_export_goes_into_another_book(tmp_path: Path) -> None:
    content = KEPT_ENTRIES.splitlines(keepends=True)
    with new_book(tmp_path) as book:
        imported(book, content, keep_recorded=True)
        again = exported(book)
        for before, after in zip(map(json.loads, content), map(json.loads, again), strict=True):
            if before.get("person") != ERASED:
                assert after == before
        # who is erased in it is so in the other book, too
        about = [json.loads(line) for line in again if ERASED.encode() in line]
        assert any(line.get("sealed") for line in about)
        assert not any("name" in line.get("profile", {}) for line in about)
    with new_book(tmp_path, name="third.db") as third:
        imported(third, again, keep_recorded=True)
        assert exported(third) == again


def test_keys_come_in_one_order() -> None:
    values = ADMITTED | {"note": "a", "no": 1, "by": "lan", "recorded_at": "2024-01-01T00:00:00Z"}
    assert list(json.loads(entry_json(read_one(values)))) == [
        "no",
        "kind",
        "effective_on",
        "recorded_at",
        "by",
        "person",
        "unit",
        "note",
    ]


def test_files_of_other_systems_are_tolerated() -> None:
    content = [b"\xef\xbb\xbf" + line(ADMITTED).strip() + b"\r\n", b"\r\n", b"  \n", line(ADMITTED)]
    found, problems = read_lines(content, "tháng 5.jsonl")
    assert not problems
    assert [(item.place, item.row) for item in found] == [
        ("tháng 5.jsonl:1", 1),
        ("tháng 5.jsonl:4", 4),
    ]


@pytest.mark.parametrize(
    ("change", "code", "values"),
    [
        ({"kind": "admited"}, "unknown_kind", {"value": "admited", "suggestion": "admitted"}),
        ({"kind": 5}, "unknown_kind", {"value": 5}),
        ({"kind": None}, "missing_field", {"field": "kind"}),
        ({"Unit": "TP"}, "unknown_field", {"value": "Unit", "suggestion": "unit"}),
        ({"xyz": 1}, "unknown_field", {"value": "xyz", "suggestion": ""}),
        ({"document": {"nummer": 5}}, "unknown_field", {"value": "document.nummer"}),
        ({"unit": None}, "bad_value", {"field": "unit", "value": None}),
        ({"unit": 5}, "bad_value", {"field": "unit", "value": 5}),
        ({"readmission": "no"}, "bad_value", {"field": "readmission", "value": "no"}),
        (
            {"effective_on": "19/05/2021"},
            "bad_json_date",
            {"field": "effective_on", "value": "19/05/2021"},
        ),
        ({"effective_on": "2021-02-29"}, "bad_json_date", {"value": "2021-02-29"}),
        ({"effective_on": 2021}, "bad_json_date", {"value": 2021}),
        ({"recorded_at": "2021-05-19"}, "bad_value", {"field": "recorded_at"}),
        ({"no": 1.5}, "bad_value", {"field": "no"}),
        ({"no": "1"}, "bad_value", {"field": "no"}),
        ({"document": "12-QĐ"}, "bad_value", {"field": "document"}),
        ({"document": {"number": 12}}, "bad_value", {"field": "document.number"}),
        ({"sealed": "profile.name"}, "bad_value", {"field": "sealed"}),
    ],
)
def test_what_is_wrong_with_a_line_is_said(
    change: dict[str, Any], code: str, values: dict[str, Any]
) -> None:
    problem = wrong(line(ADMITTED | change))[0]
    assert problem.code == code
    assert problem.values.items() >= values.items()
    assert problem.text
    assert problem.remedy


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"measure": "admission"}, "wants_choice"),
        ({"filters": {"colour": "red"}}, "wants_filters"),
        ({"value": "many"}, "wants_decimal"),
        ({"period": "2022"}, "wants_period"),
        ({"period": ["2022-01-01"]}, "wants_period"),
    ],
)
def test_what_is_wrong_with_a_figure_is_said(change: dict[str, Any], reason: str) -> None:
    problem = wrong(line(FIGURE | change))[0]
    assert problem.values["detail"].code == reason


def test_everything_wrong_with_a_line_is_said_at_once() -> None:
    problems = wrong(b'{"kind":"admitted","effective_on":"5/19","personn":"P1","unit":7}')
    assert [problem.code for problem in problems] == [
        "unknown_field",
        "missing_field",
        "bad_value",
        "bad_json_date",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"kind":"admitted"', "wants_json"),
        (b'{"kind":"admitted"} {}', "wants_json"),
        (b'{"kind":"admitted","no":NaN}', "wants_json"),
        (b'["kind"]', "wants_object"),
        (b'"admitted"', "wants_object"),
        (b'{"kind":"admitted","note":"\xff"}', "wants_utf8"),
        (b"[" * 100_000, "wants_json"),
        (b'{"no":' + b"9" * 5_000 + b"}", "wants_json"),
        (line(ADMITTED).replace(b"{", b'{"unit":"X",'), "wants_keys_once"),
        (
            line(ADMITTED | {"document": {"number": "1"}}).replace(
                b'"number"', b'"number":"2","number"'
            ),
            "wants_keys_once",
        ),
        (line(ADMITTED).replace(b"{", b'{"u\\u006eit" : "X",'), "wants_keys_once"),
    ],
)
def test_what_is_no_object_is_said_to_be_none(content: bytes, reason: str) -> None:
    (problem,) = wrong(content)
    assert problem.code == "bad_json"
    assert problem.values["detail"].code == reason


def test_a_wrong_line_does_not_hide_those_after_it() -> None:
    found, problems = read_lines([line(ADMITTED), b"?\n", line(ADMITTED), b"?\n"], "f")
    assert [item.place for item in found] == ["f:1", "f:3"]
    assert [problem.place for problem in problems] == ["f:2", "f:4"]


# Looser readings


def test_by_is_the_referrer_where_there_is_none() -> None:
    referred = {"kind": "referred", "effective_on": "2020-01-01", "person": "P1", "by": "P2"}
    entry = read_one(referred)
    assert (entry.referrer, entry.by) == ("P2", None)
    entry = read_one(referred | {"referrer": "youth_union"})
    assert (entry.referrer, entry.by) == ("youth_union", "P2")


def test_changed_fields_may_stand_beside_the_person() -> None:
    changed = {"kind": "profile_changed", "effective_on": "2020-01-01", "person": "P1"}
    entry = read_one(changed | {"occupation": "teacher", "home": "Số 1", "note": "a"})
    assert (entry.profile.occupation, entry.profile.home, entry.note) == ("teacher", "Số 1", "a")
    entry = read_one(changed | {"sex": "male", "profile": {"home": "Số 1"}})
    assert (entry.profile.sex, entry.profile.home) == ("male", "Số 1")
    problems = wrong(line(changed | {"home": "Số 2", "profile": {"home": "Số 1"}}))
    assert problems[0].code == "unknown_field"


YEAR = {"from": "2021-01-01", "to": "2021-12-31"}


@pytest.mark.parametrize("period", [YEAR, ["2021-01-01", "2021-12-31"], "2021-01-01..2021-12-31"])
def test_a_period_has_three_forms(period: Any) -> None:
    entry = read_one(
        FIGURE | {"period": period, "against": period, "filters": {"founded_in": period}}
    )
    plain = json.loads(entry_json(entry))
    assert (plain["period"], plain["against"], plain["filters"]["founded_in"]) == (YEAR,) * 3
    target = {
        "kind": "target_set",
        "effective_on": "2021-01-01",
        "target": "T1",
        "unit": "TP",
        "measure": "admissions",
        "period": period,
        "form": "rate",
        "amount": 3,
        "base": {"measure": "admissions", "period": period},
        "source": "own_congress",
    }
    plain = json.loads(entry_json(read_one(target)))
    assert (plain["period"], plain["base"]["period"]) == (YEAR, YEAR)


def test_a_target_is_no_period() -> None:
    assert read_one(FIGURE | {"against": "CT-1"}).against == "CT-1"
    assert read_one(FIGURE | {"against": {"sex": "female"}}).against == {"sex": "female"}


def test_a_stock_takes_effect_on_its_day() -> None:
    counted = {"kind": "unnamed_counted", "unit": "TP", "measure": "members", "count": 260}
    entry = read_one(counted | {"as_of": "2015-12-31"})
    assert entry.effective_on == entry.as_of


@pytest.mark.parametrize("against", ["CT-1", "2021-01-01..2021-12-31"])
def test_decimals_keep_their_digits(against: str) -> None:
    # in the quick way of reading and in the slow one
    content = line(FIGURE | {"against": against}).replace(b'"4.76"', b"4.760")
    found, _ = read_lines([content], "f")
    assert json.loads(entry_json(found[0].entry))["value"] == "4.760"


_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=6,
)


@given(some.sampled_from(sorted(KINDS)), some.dictionaries(some.text(), _JSON), some.data())
def test_any_object_is_read_or_refused(
    kind: str, values: dict[str, Any], data: some.DataObject
) -> None:
    # given an object with names of the kind's own fields and values of any kind
    names = some.sampled_from(list(KINDS[kind].__struct_encode_fields__))
    values = values | data.draw(some.dictionaries(names, _JSON)) | {"kind": kind}
    # then only our own problems come of it
    found, problems = read_lines([line(values)], "f")
    assert bool(found) != bool(problems)


@given(some.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    found, problems = read_lines(content.splitlines(keepends=True), "f")
    assert not found
    assert all(problem.place for problem in problems)
