"""``units``: the tree on a day, how many of what, and what became of them."""

import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given

from ledger.catalogue.base import UnitType
from ledger.errors import Problem
from projections.counting import Span, counted
from projections.lineage import lineage
from projections.opening import opened
from projections.reading import Reading
from projections.units import COLUMNS, LEVEL_OF_TYPE, NUMBERS, behind, counts, counts_of_years, tree
from tests.histories import history
from tests.reference_units import UnitsReference
from tests.shelf import new_book
from tests.test_laws import FEWER, SEEDS, SIZES, recorded, some_days, some_unit

UNITS = """
    unit_founded 2015-01-01 TU name="Tỉnh" type=centrally_run
    unit_founded 2015-01-01 H1 name="Huyện" type=upper_of_grassroots parent=TU
    unit_founded 2015-01-01 X10 name="Xã" type=grassroots_committee sector=commune parent=H1
    unit_founded 2015-01-01 X9 name="Xã" type=grassroots_committee sector=commune parent=H1
    unit_founded 2015-01-01 X9.1 name="Thôn" type=cell sector=commune parent=X9
    unit_founded 2015-01-01 CQ name="Huyện" type=grassroots_cell sector=state_agency parent=H1
    unit_founded 2016-01-01 DN name="Dệt" type=grassroots_cell enterprise=May parent=H1
    carried_forward 2016-01-01 P1 unit=X9.1
    carried_forward 2016-01-01 P2 unit=X9.1
    carried_forward 2016-01-01 P3 unit=CQ
    unit_merged 2018-01-01 X10 into=X9
    unit_dissolved 2019-01-01 H1 members_to=TU
    unit_renamed 2019-01-01 X9 name="Phường"
    unit_reclassified 2019-01-01 X9 type=upper_of_grassroots sector=ward
"""
DAY = date(2017, 1, 1)
LAST = date(2020, 1, 1)


def drawn(rows: list[dict[str, Any]]) -> list[str]:
    """Return a tree as indented codes."""
    return [f"{'  ' * row['depth']}{row['unit']}" for row in rows]


def test_every_type_has_a_level() -> None:
    assert set(LEVEL_OF_TYPE) == set(get_args(UnitType))
    assert [kind for kind, level in LEVEL_OF_TYPE.items() if level == "grassroots"] == [
        "grassroots",
        "grassroots_committee",
        "grassroots_cell",
    ]


def test_the_tree_of_a_day(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS) as book, Reading(book) as reading:
        rows = tree(reading, "TU", DAY)
        assert drawn(rows) == ["TU", "  H1", "    CQ", "    DN", "    X9", "      X9.1", "    X10"]
        assert list(rows[0]) == list(COLUMNS)
        assert rows[4] == {
            "unit": "X9",
            "name": "Xã",
            "type": "grassroots_committee",
            "level": "grassroots",
            "sector": "commune",
            "enterprise": None,
            "above": "H1",
            "depth": 2,
            "founded_on": date(2015, 1, 1),
            "ended_on": None,
        }
        assert drawn(tree(reading, "X9", DAY)) == ["X9", "  X9.1"]
        assert tree(reading, None, DAY) == rows
        later = tree(reading, "TU", LAST)
        assert drawn(later) == ["TU", "  CQ", "  DN", "  X9", "    X9.1"]
        assert [later[3][key] for key in ("name", "type", "level", "sector")] == [
            *("Phường", "upper_of_grassroots", "upper_of_grassroots", "ward"),
        ]
        with pytest.raises(Problem, match="unknown_unit"):
            tree(reading, "X", DAY)
        assert tree(reading, "H1", LAST) == []
        assert [note.code for note in reading.notes] == ["unit_not_there"]


def test_units_that_ended_stand_where_they_last_were(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS) as book, Reading(book) as reading:
        rows = tree(reading, "TU", LAST, ended=True)
        assert drawn(rows) == ["TU", "  CQ", "  DN", "  H1", "    X10", "  X9", "    X9.1"]
        ended = {row["unit"]: row["ended_on"] for row in rows if row["ended_on"]}
        assert ended == {"H1": date(2019, 1, 1), "X10": date(2018, 1, 1)}
        assert drawn(tree(reading, "H1", LAST, ended=True)) == ["H1", "  X10"]
        # On a day before, nothing is said of what comes.
        assert not any(row["ended_on"] for row in tree(reading, "TU", DAY, ended=True))


def test_counts_by_what_organisations_are(tmp_path: Path) -> None:
    more = """
        unnamed_counted 2016-12-31 H1 measure=units count=5 as_of=2016-12-31 \
            filters={"unit_type":"cell"}
        unnamed_counted 2016-12-31 H1 measure=units count=2 as_of=2016-12-31
        unnamed_counted 2016-12-31 X9 measure=members count=40 as_of=2016-12-31
    """.replace("\\\n", "")
    with new_book(tmp_path, UNITS + more) as book, Reading(book) as reading:
        rows = counts(reading, "TU", DAY, by=["level"])
        assert [(row["level"], row["units"], row["members"]) for row in rows] == [
            ("centrally_run", 1, 0),
            ("upper_of_grassroots", 1, 0),
            ("grassroots", 4, 41),
            ("cell", 6, 2),
            (None, 2, 0),
        ]
        rows = counts(reading, "H1", DAY, by=["type", "sector"])
        assert list(rows[0]) == [
            *("unit", "as_of", "type", "sector", "units", "members", "unnamed_units"),
        ]
        cells = [row for row in rows if row["type"] == "grassroots_cell"]
        assert [(row["sector"], row["units"]) for row in cells] == [
            ("state_agency", 1),
            ("unknown", 1),
        ]
        (whole,) = counts(reading, "TU", DAY)
        assert (whole["units"], whole["members"], whole["unnamed_units"]) == (14, 43, 7)
        assert counted(reading, "units", "TU", Span(DAY, DAY, DAY)) == 14
        series = counts_of_years(reading, "TU", range(2014, 2022), today=LAST)
        assert [row["units"] for row in series] == [0, 6, 14, 14, 13, 12, 12]


def test_a_count_is_opened_to_the_entries_that_founded(tmp_path: Path) -> None:
    with new_book(tmp_path, UNITS) as book, Reading(book) as reading:
        rows = opened(reading, behind(reading, "TU", LAST, by=["level"]))
        assert [(row["level"], row["no"], row["kind"], row["count"]) for row in rows] == [
            ("centrally_run", 1, "unit_founded", 1),
            ("upper_of_grassroots", 4, "unit_founded", 1),
            ("grassroots", 6, "unit_founded", 1),
            ("grassroots", 7, "unit_founded", 1),
            ("cell", 5, "unit_founded", 1),
        ]


def told(rows: list[dict[str, Any]]) -> list[str]:
    """Return lineage as a line a row."""
    return [
        f"{row.get('relation', 'any')[:3]} {row['unit']} {row['on'].year} "
        f"{row['event'].removeprefix('unit_')} {row['other']}"
        for row in rows
    ]


def test_lineage_is_followed_both_ways_and_only_forward_in_time(tmp_path: Path) -> None:
    table = """
        unit_founded 2015-01-01 A
        unit_founded 2015-01-01 B
        unit_founded 2015-01-01 C
        unit_founded 2015-01-01 D
        unit_split 2016-01-01 C into=["D"]
        unit_merged 2017-01-01 A into=B
        unit_renamed 2017-06-01 B name=Mới
        unit_merged 2018-01-01 B into=C
        unit_founded 2019-01-01 E
        unit_split 2019-01-01 C into=["E","D"]
        unit_merged 2020-01-01 D into=E
    """
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        assert told(lineage(reading, "B", LAST)) == [
            "pre A 2015 founded None",
            "its B 2015 founded None",
            "suc C 2015 founded None",
            "suc D 2015 founded None",
            "pre A 2017 merged B",
            "its B 2017 renamed None",
            "its B 2018 merged C",
            "suc E 2019 founded None",
            "suc C 2019 split E",
            "suc C 2019 split D",
            "suc D 2020 merged E",
        ]
        assert told(lineage(reading, "D", date(2016, 12, 31))) == [
            "pre C 2015 founded None",
            "its D 2015 founded None",
            "pre C 2016 split D",
        ]
        assert len(lineage(reading, None, LAST)) == 12
        with pytest.raises(Problem, match="unknown_unit"):
            lineage(reading, "X", LAST)


def test_a_circle_in_time_ends(tmp_path: Path) -> None:
    table = """
        unit_founded 2015-01-01 A
        unit_founded 2015-01-01 B
        unit_split 2016-01-01 A into=["B"]
        unit_split 2016-01-01 B into=["A"]
        unit_merged 2017-01-01 B into=A
    """
    with new_book(tmp_path, table) as book, Reading(book) as reading:
        relations = {row["relation"] for row in lineage(reading, "A", LAST)}
        assert relations == {"itself", "successor"}


@given(seed=SEEDS, size=SIZES)
def test_tree_and_counts_are_those_of_the_fold(seed: int, size: int) -> None:
    chance = random.Random(seed)
    entries = history(seed, size)
    known = chance.choice((len(entries), chance.randint(5, len(entries))))
    units_as_of = chance.choice((None, some_days(chance, entries, 1)[0]))
    reference = UnitsReference(entries, known, units_as_of)
    with (
        recorded(entries) as book,
        Reading(book, known_entry=known, units_as_of=units_as_of) as reading,
    ):
        for as_of in some_days(chance, entries, 2):
            unit = some_unit(chance, entries, known)
            rows = {row["unit"]: row for row in tree(reading, unit, as_of)}
            expected = reference.tree(unit, as_of)
            assert rows.keys() == expected.keys()
            for code, row in expected.items():
                assert row.items() <= rows[code].items()
                if row["above"] in rows:
                    assert rows[code]["depth"] == rows[row["above"]]["depth"] + 1
            for by in ((), ("type",), ("level", "sector")):
                found = counts(reading, unit, as_of, by=by)
                assert {
                    tuple(row[key] for key in by): [row["units"], row["members"]] for row in found
                } == (reference.unit_counts(unit, as_of, by) or ({} if by else {(): [0, 0]}))
                opens = opened(reading, behind(reading, unit, as_of, by=by, counted=True))
                for number in NUMBERS:
                    behind_it: Counter[tuple[Any, ...]] = Counter()
                    for row in opens:
                        if row["number"] == number:
                            behind_it[tuple(row[key] for key in by)] += row["count"]
                    numbers = {tuple(row[key] for key in by): row[number] for row in found}
                    assert behind_it == Counter(numbers)


@FEWER
@given(seed=SEEDS, size=SIZES)
def test_lineage_is_that_of_the_fold(seed: int, size: int) -> None:
    entries = history(seed, size)
    reference = UnitsReference(entries)
    as_of = date(2025, 12, 31)
    with recorded(entries) as book, Reading(book) as reading:
        for unit in reference.founded:
            found: dict[str, set[str]] = {"predecessor": set(), "successor": set(), "itself": set()}
            for row in lineage(reading, unit, as_of):
                found[row["relation"]].add(row["unit"])
            before, after = reference.before_and_after(unit, as_of)
            assert (found["predecessor"] | found["successor"]) == before | after
            assert found["successor"] == after
