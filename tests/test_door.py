"""The door: what one entry says by itself is checked, and its text brought into one form."""

import unicodedata
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.errors import Problem
from ledger.recording.door import admit
from tests.shelf import typed

ON = {"effective_on": "2021-05-19"}
MOVED = {"kind": "transferred", "person": "P1", "to": "TP", **ON}
NOMINATED = {"kind": "nominated", "person": "P1", "unit": "TP", **ON}
COUNTED = {"kind": "unnamed_counted", "unit": "TP", "count": 5, **ON}
FIGURE = {
    "kind": "figure_stated",
    "figure": "F1",
    "unit": "TP",
    "measure": "members",
    "as_of": "2020-12-31",
    "comparator": "equal",
    "value": "260",
    "source": "báo",
    **ON,
}
TARGET = {
    "kind": "target_set",
    "target": "T1",
    "unit": "TP",
    "measure": "admissions",
    "period": {"from": "2020-01-01", "to": "2020-12-31"},
    "form": "floor",
    "amount": "5",
    "source": "own_congress",
    **ON,
}
RESOLVED = {
    "kind": "resolved",
    "person": "P1",
    "body": "cell",
    "matter": "admission",
    "votes_for": 5,
    "votes_against": 0,
    "eligible": 5,
    **ON,
}
BACKWARDS = {"from": "2020-12-31", "to": "2020-01-01"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (MOVED | {"to": "T P"}, "bad_code"),
        (MOVED | {"to": ""}, "bad_code"),
        (MOVED | {"to": "x" * 65}, "bad_code"),
        (MOVED | {"person": "P/1"}, "bad_code"),
        (MOVED | {"person": "-"}, None),
        (MOVED | {"to": "ĐẢNG_BỘ.1-a"}, None),
        (MOVED | {"note": "x" * 64_000}, "too_large"),
        (MOVED | {"note": "x" * 63_000}, None),
        (MOVED | {"corrects": 0}, "bad_value"),
        (MOVED | {"corrects": 2**53}, "bad_value"),
        ({"kind": "unit_split", "unit": "TP", "into": ["A", "B C"], **ON}, "bad_code"),
        ({"kind": "unit_renamed", "unit": "TP", "name": " ", **ON}, "bad_value"),
        ({"kind": "dossier_submitted", "person": "P1", "to": "Thành ủy Phổ Yên", **ON}, None),
        ({"kind": "badge_awarded", "person": "P1", "years": 0, **ON}, "bad_value"),
        (RESOLVED, None),
        (RESOLVED | {"votes_for": -1}, "bad_value"),
        (RESOLVED | {"eligible": 10**30}, "bad_value"),
        (COUNTED | {"measure": "members", "as_of": "2021-05-19"}, None),
        (COUNTED | {"measure": "members", "as_of": "2021-05-18"}, "as_of_differs"),
        (COUNTED | {"measure": "members"}, "stock_or_flow"),
        (COUNTED | {"measure": "members", "period": TARGET["period"]}, "stock_or_flow"),
        (COUNTED | {"measure": "admissions", "as_of": "2021-05-19"}, "stock_or_flow"),
        (COUNTED | {"measure": "admissions", "period": BACKWARDS}, "bad_period"),
        (COUNTED | {"measure": "dossiers", "as_of": "2021-05-19"}, None),
        (COUNTED | {"measure": "dossiers", "period": TARGET["period"]}, None),
        (COUNTED | {"measure": "dossiers"}, "stock_or_flow"),
        (
            COUNTED
            | {"measure": "members", "as_of": "2021-05-19", "filters": {"founded_in": BACKWARDS}},
            "bad_period",
        ),
        (
            COUNTED | {"measure": "members", "as_of": "2021-05-19", "filters": {"age": -1}},
            "bad_value",
        ),
        (FIGURE, None),
        (FIGURE | {"measure": "external", "as_of": None}, None),
        (FIGURE | {"measure": "external", "period": TARGET["period"]}, "stock_or_flow"),
        (FIGURE | {"period": TARGET["period"]}, "stock_or_flow"),
        (FIGURE | {"as_of": None}, "stock_or_flow"),
        (FIGURE | {"value": "NaN"}, "bad_value"),
        (FIGURE | {"value": "Infinity"}, "bad_value"),
        (FIGURE | {"value": "1e999999"}, "bad_value"),
        (FIGURE | {"value": ["1", "2"]}, "bad_value"),
        (FIGURE | {"comparator": "range"}, "bad_value"),
        (FIGURE | {"comparator": "range", "value": ["2", "1"]}, "bad_value"),
        (FIGURE | {"comparator": "range", "value": ["1", "NaN"]}, "bad_value"),
        (FIGURE | {"comparator": "range", "value": ["1", "1"]}, None),
        (FIGURE | {"against": {"from": "2020-01-01", "to": "2020-12-31"}}, None),
        (FIGURE | {"against": BACKWARDS}, "bad_period"),
        # "1.234" is how 1234 is printed; of a mean or a share the three digits may be meant.
        (FIGURE | {"value": "1.234"}, "bad_value"),
        (FIGURE | {"value": "67.000"}, "bad_value"),
        (FIGURE | {"value": ["1.000", "1.500"], "comparator": "range"}, "bad_value"),
        (FIGURE | {"value": "1.234", "derived": "yearly_mean"}, None),
        (FIGURE | {"value": "67.000", "measure": "external"}, None),
        (FIGURE | {"value": "1234"}, None),
        (FIGURE | {"against": {"from": "2020", "to": 7}}, "bad_value"),
        (FIGURE | {"against": {"from": "2020-01-01"}}, "bad_value"),
        (FIGURE | {"against": {"sex": "male"}}, None),
        (FIGURE | {"against": {"sex": 1.5}}, "bad_value"),
        (FIGURE | {"against": {"sex": [1.5]}}, "bad_value"),
        (TARGET, None),
        (TARGET | {"period": BACKWARDS}, "bad_period"),
        (TARGET | {"form": "range"}, "bad_value"),
        (TARGET | {"amount": ["1", "2"]}, "bad_value"),
        (TARGET | {"form": "range", "amount": ["1", "2"]}, None),
        (TARGET | {"form": "rate", "base": "NaN"}, "bad_value"),
        (TARGET | {"form": "rate", "base": {"measure": "admissions", "period": BACKWARDS}},
         "bad_period"),
        (
            {
                "kind": "term_opened",
                "unit": "TP",
                "term": "2020-2025",
                "starts": "2025-01-01",
                "ends": "2020-01-01",
                **ON,
            },
            "bad_period",
        ),
    ],
)  # fmt: skip
def test_the_shape_of_an_entry_is_checked(values: dict[str, Any], code: str | None) -> None:
    entry = typed(values)
    if code is None:
        assert admit(entry) == entry
    else:
        with pytest.raises(Problem) as caught:
            admit(entry)
        assert caught.value.code == code
        assert caught.value.text
        assert caught.value.remedy


@pytest.mark.parametrize(
    ("profile", "more", "code"),
    [
        ({"name": "An"}, {}, None),
        ({}, {}, "missing_field"),
        ({"name": ""}, {}, "bad_value"),
        ({}, {"sealed": ["profile.name"]}, None),
        ({"name": "An"}, {"sealed": ["profile.name"]}, "bad_value"),
        ({"name": "An"}, {"sealed": ["profile.sex"]}, "bad_value"),
        ({"name": "An", "birth_year": 1700}, {}, "bad_value"),
        ({"name": "An", "birth_date": "0196-05-01"}, {}, "bad_value"),
        ({"name": "An", "birth_year": 2022}, {}, "later_than_entry"),
        ({"name": "An", "birth_date": "2021-05-20"}, {}, "later_than_entry"),
        ({"name": "An", "birth_year": 1996, "birth_date": "1997-01-01"}, {}, "birth_year_differs"),
        ({"name": "An", "birth_year": 1997, "birth_date": "1997-01-01"}, {}, None),
    ],
)
def test_a_profile_is_checked(
    profile: dict[str, Any], more: dict[str, Any], code: str | None
) -> None:
    entry = typed(NOMINATED | {"profile": profile} | more)
    if code is None:
        assert admit(entry) == entry
    else:
        with pytest.raises(Problem) as caught:
            admit(entry)
        assert caught.value.code == code


@pytest.mark.parametrize("kind", ["carried_forward", "transferred_in"])
def test_nobody_is_official_before_they_joined(kind: str) -> None:
    past = {"elsewhere": "Huế"} if kind == "transferred_in" else {}
    said = {**past, "person": "P1", "unit": "TP", "profile": {"name": "An"}, **ON}
    entry = {"kind": kind, **said, "joined_on": "1986-05-19", "official_on": "1986-05-19"}
    assert admit(typed(entry))
    with pytest.raises(Problem) as caught:
        admit(typed(entry | {"official_on": "1985-05-19"}))
    assert caught.value.code == "official_too_early"


def test_the_year_of_birth_follows_from_the_date() -> None:
    profile = {"name": "An", "birth_date": "1996-05-01"}
    admitted: Any = admit(typed(NOMINATED | {"profile": profile}))
    assert admitted.profile.birth_year == 1996
    changed = {"kind": "profile_changed", "person": "P1", "profile": {"birth_date": "1996-05-01"}}
    admitted = admit(typed(changed | ON))
    assert admitted.profile.birth_year == 1996


def test_a_new_person_may_come_without_an_id() -> None:
    entry = typed(NOMINATED | {"person": "", "profile": {"name": "An"}})
    assert admit(entry) == entry


def test_text_becomes_one_form() -> None:
    # given a name typed with marks of their own, as some keyboards do
    loose = unicodedata.normalize("NFD", "Nguyễn Thị Hằng")
    assert loose != "Nguyễn Thị Hằng"
    entry: Any = admit(typed(NOMINATED | {"profile": {"name": loose}, "note": loose}))
    # then it is the same text as any other's
    assert (entry.profile.name, entry.note) == ("Nguyễn Thị Hằng",) * 2
    moved: Any = admit(typed(MOVED | {"to": unicodedata.normalize("NFD", "ĐẢNG")}))
    assert moved.to == "ĐẢNG"


@pytest.mark.parametrize(
    "text", ["\0", "\x1b[2J", "a\rb", "\x9b2J", "\u2028", "\u202egnp.exe", "\ud800", "\\\0"]
)
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        admit(replace(typed(MOVED), note=text))
    assert caught.value.code == "bad_value"
    assert caught.value.values["field"] == "note"


@pytest.mark.parametrize("text", ["hai\ndòng", "a\tb", 'nói "có"', "C:\\sổ", "e\u0301\nx"])
def test_ordinary_escapes_are_text(text: str) -> None:
    admitted: Any = admit(typed(MOVED | {"note": text}))
    assert admitted.note == unicodedata.normalize("NFC", text)
