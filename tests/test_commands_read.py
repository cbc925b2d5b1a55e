"""The commands that read: what they print for programs, and what they say on themselves."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.terminal import call, done, json_lines, started, words

LINES = json_lines("""
    unit_founded 2015-01-01 TU type=upper_of_grassroots
    unit_founded 2015-01-01 TP type=grassroots_committee parent=TU
    unit_founded 2015-01-01 TP.1 parent=TP
    term_opened 2020-05-15 TP term="2020-2025" starts=2020-05-15 ends=2025-05-14
    target_set 2020-05-15 CT unit=TP measure=admissions form=absolute amount="3" \
        period={"from":"2020-05-15","to":"2025-05-14"} source=own_congress
    unnamed_counted 2019-12-31 TP measure=members count=260 as_of=2019-12-31
    nominated 2020-03-02 P000001 unit=TP.1 \
        profile={"name":"Nguyễn_Thị_Ánh","birth_year":1996,"sex":"female"}
    nominated 2020-03-02 P000002 unit=TP.1 \
        profile={"name":"Đỗ_Văn_An","birth_year":1990,"sex":"male"}
    nominated 2020-03-02 P000003 unit=TP \
        profile={"name":"Trần_Văn_An","birth_year":1991,"sex":"male"}
    admitted 2021-05-19 P000001 unit=TP.1
    admitted 2021-05-19 P000002 unit=TP.1
    recognized_official 2022-05-19 P000001
    listed 2020-04-01 P000003
""")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = started(tmp_path_factory.mktemp("read"))
    done(found, "import", given=LINES)
    return found


def test_roster_has_the_columns_of_the_contract(book: Path) -> None:
    rows = done(book, *words("roster --unit TP --as-of 31/12/2022 --format json")).json
    assert rows == [
        {
            "person": "P000001",
            "unit": "TP.1",
            "standing": "official",
            "since": "2022-05-19",
            "joined_on": "2021-05-19",
            "official_on": "2022-05-19",
        },
        {
            "person": "P000002",
            "unit": "TP.1",
            "standing": "probationary",
            "since": "2021-05-19",
            "joined_on": "2021-05-19",
            "official_on": None,
        },
    ]


def test_names_are_shown_only_where_asked_for_and_sort_as_vietnamese_does(book: Path) -> None:
    assert "Ánh" not in done(book, "roster").out
    rows = done(book, "roster", "--names", "--format", "json").json
    assert [row["name"] for row in rows] == ["Đỗ Văn An", "Nguyễn Thị Ánh"]


def test_a_stage_lists_those_who_are_at_it(book: Path) -> None:
    rows = done(book, *words("roster --stage listed --format json")).json
    assert [row["person"] for row in rows] == ["P000003"]


def test_headcount_has_the_columns_of_the_contract(book: Path) -> None:
    (row,) = done(book, *words("headcount --unit TP --as-of 2022-12-31 --format json")).json
    assert row == {
        "unit": "TP",
        "as_of": "2022-12-31",
        "members": 262,
        "probationary": 1,
        "official": 1,
        "unnamed": 260,
    }


def test_headcount_by_a_characteristic_has_one_row_a_value(book: Path) -> None:
    rows = done(book, *words("headcount --by sex --as-of 2022-12-31 --format json")).json
    assert {row["sex"]: row["members"] for row in rows} == {"male": 1, "female": 1, None: 260}


def test_headcount_over_years_has_one_row_a_year_end(book: Path) -> None:
    said = done(book, *words("headcount --unit TP --years 2019..2025 --format json"))
    assert [row["as_of"] for row in said.json][-2:] == ["2023-12-31", "2024-05-06"]
    assert "have not begun" in said.err
    both = call(book, *words("headcount --years 2019..2020 --as-of 2020-01-01"))
    assert (both.status, both.code) == (2, "options_exclude")


def test_term_is_one_object_for_programs_and_tables_for_people(book: Path) -> None:
    report = done(book, *words("term 2020-2025 --unit TP --format json")).json
    assert report["totals"]["admissions"] == 2
    assert report["targets"][0]["completion"] == "200/3"
    assert [row["year"] for row in report["years"]] == [2020, 2021, 2022, 2023, 2024]
    shown = done(book, *words("term 2020-2025 --unit TP --lang vi"), lang="vi").out
    for part in ("Tổng hợp", "2020*", "≈ 66,67", "tính theo ngày lễ kết nạp", "15/05/2020"):
        assert part in shown
    rows = list(
        csv.DictReader(io.StringIO(done(book, *words("term 2020-2025 --unit TP --format csv")).out))
    )
    assert [row["year"] for row in rows][-1] == "total"
    assert call(book, *words("term 2020-2026")).code == "unknown_term"


def test_history_lists_entries_with_what_each_changed(book: Path) -> None:
    entries = done(book, *words("history --person P000001 --format json")).json
    assert [entry["kind"] for entry in entries] == ["nominated", "admitted", "recognized_official"]
    assert "before" not in entries[0]
    changes = done(book, *words("history --person P000001 --format jsonl --changes")).out
    assert json.loads(changes.splitlines()[-1])["after"] == {"standing": "official"}
    shown = done(book, *words("history --person P000001"), lang="vi").out
    assert "Tình trạng: dự bị → chính thức" in shown or "tình trạng: dự bị → chính thức" in shown


@pytest.mark.parametrize("part", ["Nguyễn Thị Ánh", "thi anh", "ÁNH", "nguyen"])
def test_a_person_is_found_by_a_part_of_their_name(part: str, book: Path) -> None:
    entries = done(book, "history", "--person", part, "--format", "json").json
    assert {entry["person"] for entry in entries} == {"P000001"}


def test_a_name_that_fits_many_or_nobody_is_refused_with_those_it_could_be(book: Path) -> None:
    many = call(book, "history", "--person", "văn an")
    assert (many.status, many.code) == (2, "ambiguous_name")
    assert "P000002 Đỗ Văn An, P000003 Trần Văn An" in many.err
    nobody = call(book, "history", "--person", "Nguyễn Thị An")
    assert nobody.code == "unknown_name"
    assert "did you mean Nguyễn Thị Ánh?" in nobody.err


def test_history_of_a_unit_needs_a_unit_or_a_person(book: Path) -> None:
    entries = done(book, *words("history --unit TP --format json")).json
    assert "unit_founded" in {entry["kind"] for entry in entries}
    assert call(book, "history").code == "one_of_two"
    assert call(book, "history", "--unit", "TP", "--person", "P000001").code == "one_of_two"


def test_log_lists_entries_and_narrows_them(book: Path) -> None:
    assert len(done(book, "log", "--format", "jsonl").out.splitlines()) == 13
    kinds = words("log --kind admitted --kind listed --format json")
    assert [entry["no"] for entry in done(book, *kinds).json] == [10, 11, 13]
    person = words("log --person P000001 --to 2021-12-31 --format json")
    assert [entry["no"] for entry in done(book, *person).json] == [7, 10]
    both = words("log --person P000001 --unit TP.1 --format json")
    assert [entry["no"] for entry in done(book, *both).json] == [7, 10]
    opened = done(book, *words("log --unit TP.1 --kind nominated --names --format json")).json
    assert [entry["profile"]["name"] for entry in opened] == ["Nguyễn Thị Ánh", "Đỗ Văn An"]
    by_name = ("log", "--person", "thi anh", "--to", "2021-12-31", "--format", "json")
    assert done(book, *by_name).out == done(book, *person).out
    last = words("log --last 2 --as-of 2021-12-31 --format json")
    assert [entry["no"] for entry in done(book, *last).json] == [11, 13]
    assert [row["no"] for row in done(book, *words("log --unit TP.1 --format json")).json] == [
        3, 7, 8, 10, 11,
    ]  # fmt: skip
    rows = csv.DictReader(io.StringIO(done(book, *words("log --last 1 --format csv")).out))
    assert next(rows)["kind"] == "listed"
    assert call(book, "log", "--unit", "TP.l").err.startswith("--unit: unknown_unit: ")
    assert call(book, "log", "--person", "P00001").code == "unknown_person"


def test_show_has_one_entry_with_everything_around_it(book: Path) -> None:
    entry = done(book, *words("show 7 --format json")).json
    assert entry["sealed"] == ["profile.name"]
    assert "name" not in entry["profile"]
    shown = done(book, *words("show 7 --names"), lang="vi").out
    for part in ("Nguyễn Thị Ánh", "giới thiệu vào nguồn phát triển đảng", "02/03/2020"):
        assert part in shown
    assert call(book, "show", "99").code == "unknown_entry"
    assert call(book, *words("show 7 --known-entry 6")).code == "unknown_entry"


def test_names_that_cannot_be_opened_are_said_to_be_sealed(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    book.with_suffix(".keys").unlink()
    for line in ("roster --names", "show 7 --names", "log --names", "history --unit TP --names"):
        assert "Names stay sealed: there is no keys file" in done(book, *words(line)).out
    assert call(book, "history", "--person", "An").code == "names_sealed"


def test_query_answers_sql_and_only_reads(book: Path) -> None:
    count = "SELECT kind, count(*) AS entries FROM entries GROUP BY kind ORDER BY kind LIMIT 1"
    assert done(book, "query", count, "--format", "json").json == [
        {"kind": "admitted", "entries": 2}
    ]
    assert done(book, "query", "-", "--format", "csv", given=count).out == (
        "kind,entries\nadmitted,2\n"
    )
    for sql in ("DROP TABLE spells", "SELECT 1; SELECT 2", "SELEC 1", "COPY entries TO 'x'"):
        assert call(book, "query", sql).status in {2, 3}


def test_a_report_says_on_itself_what_it_is(book: Path) -> None:
    said = done(book, *words("headcount --unit TP --as-of 2022-12-31"))
    below = said.out.split("\n\n")[-1]
    assert "As of the end of 2022-12-31" in below
    assert "head: entry 13, " in below
    assert "As known with all that is recorded, up to entry 13" in below
    assert not said.err
    for_programs = done(book, *words("headcount --unit TP --as-of 2022-12-31 --format csv"))
    assert "head: entry 13, " in for_programs.err
    assert "head" not in for_programs.out


def test_what_was_recorded_later_is_left_out(book: Path) -> None:
    early = words("headcount --unit TP --as-of 2022-12-31 --known-entry 10 --format json")
    said = done(book, *early)
    assert said.json[0]["members"] == 261
    assert "As known at entry 10; what was recorded later is left out" in said.err
    before = words("headcount --as-of 2022-12-31 --known-at 2020-01-01 --format json")
    assert call(book, *before).status in {0, 3}


@pytest.mark.parametrize(
    ("line", "status", "beginning"),
    [
        ("roster --unit XX", 3, "--unit: unknown_unit"),
        ("headcount --by colour", 2, "--by: bad_choice"),
        ("roster --as-of 7/10", 2, "--as-of: bad_date"),
        ("roster --known-at soon", 2, "--known-at: bad_moment"),
        ("roster --known-entry 99", 3, "--known-entry: unknown_entry"),
        ("roster --known-entry 1 --known-at 2020-01-01", 2, "rollbook: options_exclude"),
        ("headcount --years 23", 2, "--years: bad_years"),
        ("roster --format yaml", 2, "--format: bad_choice"),
        ("history --person P0000011", 3, "--person: unknown_person"),
        ("log --person p000004", 3, "--person: unknown_person"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    line: str, status: int, beginning: str, book: Path
) -> None:
    said = call(book, *words(line))
    assert said.status == status, said.err
    assert said.err.startswith(f"{beginning}: ")


LINES_OF_REPORTS = {
    "roster": ["roster"],
    "headcount": ["headcount"],
    "term": ["term", "2020-2025", "--unit", "TP"],
    "history": ["history", "--unit", "TP"],
    "log": ["log"],
    "show": ["show", "1"],
    "query": ["query", "SELECT 1 AS one"],
}


@pytest.mark.parametrize("form", ["table", "markdown"])
@pytest.mark.parametrize("report", LINES_OF_REPORTS)
def test_what_people_read_is_in_their_language(report: str, form: str, book: Path) -> None:
    arguments = [*LINES_OF_REPORTS[report], "--format", form]
    assert "Theo tất cả những gì đã ghi" in done(book, *arguments, lang="vi").out
    assert "As known with all that is recorded" in done(book, *arguments).out


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("report", LINES_OF_REPORTS)
def test_what_programs_read_is_nothing_but_the_data(report: str, form: str, book: Path) -> None:
    said = done(book, *LINES_OF_REPORTS[report], "--format", form)
    assert "As known with all that is recorded" in said.err
    if form == "json":
        assert said.json
    elif form == "jsonl":
        assert all(json.loads(line) for line in said.out.splitlines())
    else:
        assert list(csv.DictReader(io.StringIO(said.out)))
