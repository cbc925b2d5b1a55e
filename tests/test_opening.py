"""Any figure can be opened: the entries behind it are as many as it says, in the book's order."""

import random
from datetime import date
from pathlib import Path

from hypothesis import given

from projections.counting import Span, behind, counted
from projections.measures import MEASURES, measure_of
from projections.opening import Behind, opened
from projections.reading import Reading
from tests.histories import history
from tests.shelf import new_book, record
from tests.test_laws import SEEDS, SIZES, recorded, some_days, some_unit

FILTERS: tuple[dict[str, object], ...] = (
    {},
    {},
    {"sex": "female"},
    {"age": ["18-30", "31-35"]},
    {"sector": "ward"},
)


@given(seed=SEEDS, size=SIZES)
def test_the_entries_behind_a_count_are_as_many_as_it_says(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    with recorded(entries) as book:
        known = chance.randint(5, len(entries))
        with Reading(book, known_entry=known) as reading:
            for as_of in some_days(chance, entries, 2):
                unit = some_unit(chance, entries, known)
                span = Span(date(as_of.year - 1, 1, 1), as_of, as_of)
                for name in MEASURES:
                    filters = chance.choice(FILTERS)
                    basis = chance.choice(("ceremony", "decision"))
                    number = counted(reading, name, unit, span, filters=filters, basis=basis)
                    found = behind(reading, name, unit, span, filters=filters, basis=basis)
                    assert sum(how_many for _, how_many in found) == (number or 0)
                    assert found == sorted(found)
                    named = [no for no, how_many in found if how_many == 1]
                    assert len(set(named)) == len(named)
                    assert all(no <= known for no, _ in found)


def test_an_enterprise_with_two_cells_is_opened_by_the_first_of_them(tmp_path: Path) -> None:
    with new_book(tmp_path) as book:
        record(
            book,
            """
            unit_founded 2015-01-01 TP
            unit_founded 2016-01-01 A parent=TP enterprise=Alpha
            unit_founded 2017-01-01 B parent=TP enterprise=Alpha
            unit_founded 2018-01-01 C parent=TP enterprise=Beta
            """,
        )
        with Reading(book) as reading:
            day = date(2020, 1, 1)
            assert counted(reading, "enterprises", "TP", Span(day, day, day)) == 2
            assert behind(reading, "enterprises", "TP", Span(day, day, day)) == [(2, 1), (4, 1)]


def test_the_rows_tell_the_figure_first_and_come_in_the_order_of_the_book(tmp_path: Path) -> None:
    with new_book(tmp_path) as book:
        record(
            book,
            """
            unit_founded 2015-01-01 TP
            nominated 2020-03-02 P1 unit=TP profile={"name":"An"}
            admitted 2021-05-19 P1 unit=TP
            unnamed_counted 2020-12-31 TP measure=members count=40 as_of=2020-12-31
            """,
        )
        with Reading(book) as reading:
            behind_members = [
                Behind({"number": "members"}, 4, 40),
                Behind({"number": "members"}, 3),
            ]
            rows = opened(reading, [Behind({"number": "units"}, 1), *behind_members])
    assert [(row["number"], row["no"], row["kind"], row["count"]) for row in rows] == [
        ("units", 1, "unit_founded", 1),
        ("members", 3, "admitted", 1),
        ("members", 4, "unnamed_counted", 40),
    ]
    assert list(rows[1])[1:] == ["no", "kind", "effective_on", "person", "entry_unit", "count"]
    assert (rows[1]["person"], rows[1]["entry_unit"]) == ("P1", "TP")


def test_every_measure_says_how_it_is_opened() -> None:
    assert [name for name in MEASURES if measure_of(name).one_each] == ["enterprises"]
