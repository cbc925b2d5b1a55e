"""Entries laid flat: whatever an entry holds, its row says it, as text and as typed cells."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.headings import column_names, heading, meaning, normal, sheet_title
from commands.language import LANGUAGES
from ledger.catalogue import KINDS, Entry, kind_of
from ledger.catalogue.statistics import FigureStated
from ledger.exchange.columns import by_name, columns_of, values_of
from ledger.exchange.flat import as_float, as_text, cells_of
from ledger.exchange.jsonlines import entry_values
from ledger.exchange.typed import value_of
from ledger.recording.door import admit
from tests.histories import history

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1
).filter(lambda text: text.strip())
ODD = st.sampled_from(
    (
        *(
            "\uff1d1",
            "'",
            "=1+1",
            "-5",
            "+84",
            "@a",
            "1.2E+11",
            "'[]",
            '\'"x"',
            '"x"',
            "46000",
            "7/10",
            "'=x",
            "#N/A",
            "#DIV/0!",
        ),
        *(
            "00012",
            "Kinh",
            "KINH",
            "a, b",
            "a;b",
            "x=y",
            "true",
            "1,234",
            "  x",
            "x\u00a0y",
            "a\nb",
            "a  b",
            "a\tb",
        ),
    )
)
WORDS = TEXTS | ODD


def back(kind: str, cells: dict[str, Any]) -> Entry:
    """Return the entry that a row of raw cells says."""
    columns = by_name(kind)
    read = {name: value_of(kind, columns[name], raw, meaning) for name, raw in cells.items()}
    values = values_of(kind, read)
    return admit(msgspec.convert(values, KINDS[kind]))


def as_typed(cell: Any) -> Any:
    """Return a cell as a workbook holds it."""
    if not isinstance(cell, Decimal):
        return cell
    number = as_float(cell)
    return as_text(cell) if number is None else number


def assert_comes_back(entry: Entry) -> None:
    entry = admit(entry)
    cells = cells_of(entry, meaning)
    kind = kind_of(entry)
    for form in (as_text, as_typed):
        found = back(kind, {name: form(cell) for name, cell in cells.items()})
        assert entry_values(found) == entry_values(entry)


def test_generated_histories_come_back_from_their_rows() -> None:
    for seed in range(5):
        for values in history(seed, 150):
            assert_comes_back(msgspec.convert(values, KINDS[values["kind"]]))


@given(WORDS, WORDS, WORDS, st.sampled_from(["none", "Kinh", "tày"]) | WORDS)
def test_texts_come_back_whatever_they_hold(name: str, note: str, number: str, code: str) -> None:
    profile = {"name": name, "citizen_id": number, "ethnicity": code, "unions": [code, "x"]}
    values = {
        "kind": "nominated",
        "effective_on": "2020-03-02",
        "person": "P1",
        "unit": "TP",
        "profile": profile,
        "note": note,
        "document": {"number": number, "date": "0999-01-02"},
    }
    assert_comes_back(msgspec.convert(values, KINDS["nominated"]))


@pytest.mark.parametrize("raw", ["Nguyễn  Văn\tAn", "Nguyễn\nVăn An", " Nguyễn \r\n Văn\u00a0 An "])
def test_a_name_has_one_space_wherever_a_cell_has_more(raw: str) -> None:
    column = by_name("nominated")["profile.name"]
    assert value_of("nominated", column, raw, meaning) == "Nguyễn Văn An"


def test_prose_keeps_its_lines() -> None:
    column = by_name("nominated")["note"]
    assert value_of("nominated", column, "một  dòng\nhai dòng", meaning) == "một dòng\nhai dòng"


NUMBERS = st.decimals(-(10**14), 10**14, allow_nan=False, allow_infinity=False).filter(
    lambda number: abs(number.adjusted()) < 30
)


@given(NUMBERS | st.tuples(NUMBERS, NUMBERS).map(sorted).map(tuple))
def test_numbers_come_back_to_the_last_digit(value: Any) -> None:
    entry = FigureStated(
        effective_on=date(2020, 1, 1),
        figure="F1",
        unit="TP",
        measure="members",
        comparator="range" if isinstance(value, tuple) else "about",
        derived="growth",
        value=value,
        source="báo cáo",
        as_of=date(2020, 1, 1),
    )
    assert_comes_back(entry)


DAYS = {"effective_on": "2020-01-01", "as_of": "2020-01-01"}
FILTERS: list[dict[str, Any]] = [
    {},
    {"sex": "female", "age": ["18-30", "31-35"]},
    {"private_owner": True, "readmission": "unknown"},
    {"completion_under": 50, "founded_in": {"from": "2020-01-01", "to": "2020-12-31"}},
    {"completion_under": "50"},
    {"ethnicity": "Kinh", "occupation": "a, b"},
    {"ethnicity": "true", "sector": "x=1;y"},
]


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_come_back(filters: dict[str, Any]) -> None:
    count: dict[str, Any] = {
        "kind": "unnamed_counted",
        "effective_on": "2020-01-01",
        "as_of": "2020-01-01",
    }
    count |= {"unit": "TP", "measure": "members", "count": 5, "filters": filters}
    assert_comes_back(msgspec.convert(count, KINDS["unnamed_counted"]))
    figure: dict[str, Any] = {
        "kind": "figure_stated",
        "effective_on": "2020-01-01",
        "as_of": "2020-01-01",
    }
    figure |= {"unit": "TP", "measure": "members", "figure": "F", "value": "5", "source": "x"}
    figure |= {"comparator": "equal", "against": filters or "CT1"}
    assert_comes_back(msgspec.convert(figure, KINDS["figure_stated"]))


@pytest.mark.parametrize("base", ["66.667", {}, {"unit": "TP"}, {"period": ["2020-01-01"] * 2}])
def test_bases_come_back(base: Any) -> None:
    if isinstance(base, dict) and "period" in base:
        base = {"period": dict(zip(("from", "to"), base["period"], strict=True))}
    values: dict[str, Any] = {
        "kind": "target_set",
        "effective_on": "2020-01-01",
        "target": "CT1",
        "unit": "TP",
    }
    values |= {"measure": "members", "form": "rate"}
    values |= {"amount": "5.50", "source": "own_congress"}
    values |= {"period": {"from": "2020-01-01", "to": "2025-12-31"}, "base": base}
    assert_comes_back(msgspec.convert(values, KINDS["target_set"]))


def test_what_came_sealed_comes_back_so() -> None:
    values: dict[str, Any] = {
        "kind": "transferred_in",
        "effective_on": "2020-01-01",
        "person": "",
        "unit": "TP",
    }
    values |= {"elsewhere": "Thành ủy", "profile": {}}
    values |= {"sealed": ["profile.name", "profile.home"]}
    assert_comes_back(msgspec.convert(values, KINDS["transferred_in"]))


def _headings(language: str, names: Iterator[str]) -> list[str]:
    return [normal(heading(name, language)) for name in names]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_columns_or_sheets_are_headed_alike(language: str) -> None:
    names = list(dict.fromkeys(c.name for kind in KINDS for c in columns_of(kind)))
    headings = _headings(language, iter(names))
    assert len(set(headings)) == len(names)
    assert [column_names(None)[words] for words in headings] == names
    assert len({normal(sheet_title(kind, language)) for kind in KINDS}) == len(KINDS)
    assert all(len(sheet_title(kind, language)) <= 31 for kind in KINDS)
