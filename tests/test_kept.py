"""Derived tables that were kept before the last entries came, brought up to date."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pyarrow import parquet

from ledger.book import Book, Line
from ledger.catalogue import KINDS
from projections.few import Few, is_of_people
from projections.reading import Reading
from projections.segments import Segments
from projections.statements import KEPT, NEEDS, ONLY_AT_HEAD, PATHS, statement
from tests.histories import history
from tests.shelf import record, typed
from tests.test_laws import FEWER, NOW, SEEDS, SIZES, recorded


@contextmanager
def kept_always() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.kept.LATE_SHARE", 1)
        yield patch


def add(book: Book, entries: Sequence[dict[str, Any]]) -> None:
    lines = [Line(typed(entry)) for entry in entries]
    book.record(lines, now=NOW, by="chép", keep_recorded=True)


def same(book: Book) -> None:
    """Compare every kept table with one that was made of the whole book."""
    with Reading(book) as reading, Reading(book, anew=True) as anew:
        reading.need(*KEPT)
        anew.need(*KEPT)
        for name, order in KEPT.items():
            rows = f"FROM {name} ORDER BY {order}"
            assert reading.sql(rows) == anew.sql(rows), name


@FEWER
@given(SEEDS, SIZES, some.lists(some.floats(0.3, 1), min_size=1, max_size=3))
def test_kept_tables_are_brought_up_to_date(seed: int, size: int, cuts: list[float]) -> None:
    entries = history(seed, size)
    ends = sorted({max(1, int(len(entries) * cut)) for cut in cuts} | {len(entries)})
    with kept_always(), recorded(entries[: ends[0]]) as book:
        same(book)
        for begin, end in pairwise(ends):
            add(book, entries[begin:end])
            same(book)


def test_the_cache_helps_unless_units_changed() -> None:
    with kept_always(), recorded(history(0, 120)) as book:
        same(book)
        for line, helps in (
            ('nominated 2025-01-02 P9999 unit=TP profile={"name":"Giả"}', True),
            ("unit_renamed 2025-01-02 TP name=Khác", False),
        ):
            record(book, line, now=NOW)
            with Reading(book) as reading:
                assert reading.has_kept("spells") == helps


def test_what_concerns_nobody_is_counted_once() -> None:
    with kept_always(), recorded(history(0, 120)) as book:
        same(book)
        record(book, "class_opened 2025-01-02 L77 type=awareness organiser=TP", now=NOW)
        with Reading(book) as reading:
            assert reading.has_kept("flows")
        same(book)


def test_rows_that_are_sorted_in_parts_are_in_one_order() -> None:
    files = []
    for rows in (10**6, 7):
        with kept_always() as patch, recorded(history(5, 150)) as book:
            patch.setattr("projections.kept.SORTED_ROWS", rows)
            with Reading(book) as reading:
                reading.need(*KEPT)
            segments = Segments(book)
            files.append(
                {
                    name: parquet.read_table(segments.path(kept))
                    for name, kept in segments.tables.items()
                }
            )
    whole, in_parts = files
    assert set(whole) == set(KEPT)
    assert all(whole[name].equals(in_parts[name]) for name in KEPT)
    assert len(whole["flows"]) > 50
    for name in KEPT.keys() & set(PATHS):  # as they were made
        people = whole[name]["person"].to_pylist()
        others = people.count(None)
        assert people == sorted(people[: len(people) - others]) + [None] * others, name


def test_kinds_of_units_that_kept_tables_are_made_of_are_known() -> None:
    sources = {"given" if name in PATHS else name for name in _sources(*KEPT.keys() - ONLY_AT_HEAD)}
    named = set(re.findall(r"'(\w+)'", "".join(map(statement, sources))))
    of_units = {kind for kind, entry_type in KINDS.items() if entry_type.stream == "unit"}
    in_late = set(re.findall(r"'(\w+)'", statement("asked/late")))
    assert named & of_units == in_late & of_units


def _sources(*names: str) -> set[str]:
    """Return all derived tables that tables are made from, and themselves."""
    needed = {need for name in names for need in NEEDS[name] if need in NEEDS}
    return {*names, *(_sources(*needed) if needed else ())}


def test_tables_of_people() -> None:
    assert {name for name in KEPT if is_of_people(name)} == {
        "spells",
        "stays",
        "flows",
        "profiles",
        "person_acts",
    }


def test_a_few_people_have_the_rows_that_they_have_among_all() -> None:
    with recorded(history(3, 200)) as book, Reading(book) as reading:
        reading.need("steps", "persons")
        codes = [row[0] for row in reading.sql("SELECT code FROM persons ORDER BY code")][::3]
        few = Few(reading.database, reading.need, codes)
        few.need("steps")
        rows = "FROM steps SELECT * WHERE person IN (SELECT person FROM persons) ORDER BY no"
        theirs = few.sql(rows)
        assert theirs
        everybody = reading.sql(rows)
        numbers = {row[0] for row in theirs}
        assert theirs == [row for row in everybody if row[0] in numbers]
        few.close()
