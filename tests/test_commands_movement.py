"""``rollbook movement`` and ``rollbook units``: what they print, and what they refuse."""

import csv
import io
from pathlib import Path

import pytest

from projections.movement import LINES
from tests.terminal import call, done, json_lines, started, words

LINES_OF_BOOK = json_lines("""
    unit_founded 2015-01-01 TU type=upper_of_grassroots
    unit_founded 2015-01-01 TP type=grassroots_committee sector=ward parent=TU
    unit_founded 2015-01-01 TP.1 parent=TP
    unit_founded 2015-01-01 TP.2 parent=TP
    carried_forward 2016-01-01 P000001 unit=TP.1
    carried_forward 2016-01-01 P000002 unit=TP.2
    nominated 2017-01-01 P000003 unit=TP.1
    admitted 2017-05-19 P000003 unit=TP.1
    deleted 2018-03-01 P000003
    transferred 2018-04-01 P000001 to=TU
    unit_merged 2018-07-01 TP.2 into=TP.1
    unit_moved 2019-07-01 TP.1 parent=TU
""")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = started(tmp_path_factory.mktemp("movement"))
    done(found, "import", given=LINES_OF_BOOK)
    return found


def test_a_movement_is_one_object_for_programs(book: Path) -> None:
    asked = words("movement --unit TP --from 2018-01-01 --to 31/12/2018 --format json")
    row = done(book, *asked).json
    assert list(row) == ["unit", "from", "to", *LINES]
    assert (row["opening"], row["deleted"], row["transferred_out"], row["closing"]) == (3, 1, 1, 1)
    assert done(book, *asked, "--details").json["deleted_probationary"] == 1
    rows = csv.DictReader(io.StringIO(done(book, *asked[:-1], "csv").out))
    assert next(rows)["closing"] == "1"


def test_people_read_form_1(book: Path) -> None:
    asked = words("movement --unit TP --from 2018-01-01 --to 2018-12-31")
    shown = done(book, *asked, "--lang", "vi", lang="vi").out
    for line in (
        "A. Đảng viên đầu kỳ",
        "- Từ trần",
        "- - trong đó đảng viên dự bị",
        "D. Đảng viên",
    ):
        assert line in shown
    assert "Từ 01/01/2018 đến 31/12/2018" in shown
    years = done(book, *words("movement --unit TP --years 2017..2030")).out
    assert "2024" in years.splitlines()[0]
    assert "have not begun" in years
    units = done(book, *words("movement --unit TU --by unit --from 2019-01-01 --to 2019-12-31")).out
    assert "TU alone" in units
    assert "do not add up" in units


def test_without_days_the_year_so_far_is_meant(book: Path) -> None:
    row = done(book, *words("movement --as-of 2018-03-31 --format json")).json
    assert (row["unit"], row["from"], row["to"]) == ("TU", "2018-01-01", "2018-03-31")
    row = done(book, *words("movement --to 2017-12-31 --format json")).json
    assert (row["from"], row["admitted"]) == ("2017-01-01", 1)


def test_a_movement_restated(book: Path) -> None:
    asked = words("movement --unit TU --years 2018..2019 --units-as-of 2019-07-01 --format json")
    said = done(book, *asked)
    assert [row["closing"] for row in said.json] == [2, 2]
    assert "Restated: what was before 2019-07-01" in said.err
    asked = words("movement --unit TP --years 2018..2018 --units-as-of 2019-07-01 --format json")
    assert done(book, *asked).json[0]["opening"] == 0


def test_the_entries_behind_the_lines(book: Path) -> None:
    asked = words("movement --unit TP --from 2018-01-01 --to 2018-12-31 --entries --format json")
    rows = done(book, *asked).json
    assert [(row["number"], row["no"]) for row in rows] == [
        *(("opening", 5), ("opening", 6), ("opening", 8)),
        *(("deleted", 9), ("transferred_out", 10), ("closing", 6)),
    ]
    rows = done(book, *asked, "--line", "deleted").json
    assert [(row["kind"], row["count"]) for row in rows] == [("deleted", 1)]


def test_the_tree_and_the_counts(book: Path) -> None:
    rows = done(book, *words("units --as-of 2018-01-01 --format json")).json
    assert [(row["unit"], row["depth"]) for row in rows] == [
        *(("TU", 0), ("TP", 1), ("TP.1", 2), ("TP.2", 2)),
    ]
    shown = done(book, *words("units --as-of 2018-01-01"), lang="vi").out
    assert "· · TP.1" in shown
    assert "chi bộ" in shown
    rows = done(book, *words("units --by level --as-of 2018-01-01 --format json")).json
    assert [(row["level"], row["units"], row["members"]) for row in rows] == [
        *(("upper_of_grassroots", 1, 0), ("grassroots", 1, 0), ("cell", 2, 3)),
    ]
    shown = done(book, *words("units --by level --by sector --years 2017..2018"), lang="vi").out
    assert "tổ chức cơ sở đảng" in shown
    rows = done(book, *words("units --by type --entries --as-of 2018-01-01 --format json")).json
    assert [row["no"] for row in rows if row["number"] == "units"] == [1, 2, 3, 4]
    assert sum(row["count"] for row in rows if row["number"] == "members") == 3
    rows = done(book, *words("units --entries --as-of 2018-01-01 --format json")).json
    assert [row["no"] for row in rows] == [1, 2, 3, 4]
    rows = done(book, *words("units --ended --format json")).json
    assert {row["unit"]: row["ended_on"] for row in rows}["TP.2"] == "2018-07-01"


def test_lineage_and_successors(book: Path) -> None:
    rows = done(book, *words("units --lineage --unit TP.1 --format json")).json
    assert [(row["relation"], row["event"], row["other"]) for row in rows] == [
        ("itself", "unit_founded", "TP"),
        ("predecessor", "unit_founded", "TP"),
        ("predecessor", "unit_merged", "TP.1"),
        ("itself", "unit_moved", "TU"),
    ]
    assert "tiền thân" in done(book, *words("units --lineage --unit TP.1"), lang="vi").out
    opened = done(book, *words("units --lineage --entries --format json")).json
    assert [row["no"] for row in opened] == [1, 2, 3, 4, 11, 12]
    restated = words("units --as-of 2018-01-01 --units-as-of 2019-07-01 --format json")
    rows = done(book, *restated).json
    assert {row["unit"]: row["successor"] for row in rows}["TP.2"] == "TP.1"


@pytest.mark.parametrize(
    ("line", "status", "beginning"),
    [
        ("movement --unit XX", 3, "--unit: unknown_unit"),
        ("movement --unit P000001", 3, "--unit: person_not_unit"),
        ("history --unit P000001", 3, "--unit: person_not_unit"),
        ("log --unit P000001", 3, "--unit: person_not_unit"),
        ("movement --from 2019-01-01 --to 2018-01-01", 2, "--to: bad_period"),
        ("movement --from 2030-01-01", 2, "--to: bad_period"),
        ("movement --years 2018..2019 --from 2018-01-01", 2, "rollbook: options_exclude"),
        ("movement --years 2018..2019 --by unit", 2, "rollbook: options_exclude"),
        ("movement --line died", 2, "--line: option_needs"),
        ("movement --by sex", 2, "--by: bad_choice"),
        ("units --unit XX", 3, "--unit: unknown_unit"),
        ("units --lineage --unit XX", 3, "--unit: unknown_unit"),
        ("units --lineage --by type", 2, "rollbook: options_exclude"),
        ("units --years 2018..2019 --as-of 2018-01-01", 2, "rollbook: options_exclude"),
        ("units --ended --by type", 2, "rollbook: options_exclude"),
        ("units --by sex", 2, "--by: bad_choice"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    line: str, status: int, beginning: str, book: Path
) -> None:
    said = call(book, *words(line))
    assert said.status == status, said.err
    assert said.err.startswith(f"{beginning}: ")


def test_empty_books_have_empty_reports(tmp_path: Path) -> None:
    book = started(tmp_path)
    assert done(book, *words("movement --format json")).json["closing"] == 0
    assert done(book, *words("units --format json")).json == []
    assert done(book, *words("units --lineage")).status == 0


def test_years_that_have_not_begun_show_nothing_of_the_unit_asked(book: Path) -> None:
    said = done(book, *words("movement --unit TP --years 2030..2031")).out
    assert "Nothing to show" in said
    assert "Opening" not in said
    assert "Unit TP, with all that is under it" in said
    assert "The whole book" in done(book, *words("movement --years 2030..2031")).out
