"""``headcount`` and ``term`` with their keys, filters, mean ages and entries, as people ask."""

from pathlib import Path

import pytest

from tests.terminal import call, done, started

LINES = """
{"kind":"unit_founded","effective_on":"2015-01-01","unit":"C1","name":"Một","type":"cell",\
"parent":"TP","sector":"joint_stock"}
{"kind":"term_opened","effective_on":"2015-01-01","unit":"TP","term":"2015-2020",\
"starts":"2015-06-01","ends":"2020-05-31"}
{"kind":"nominated","effective_on":"2015-02-01","person":"P1","unit":"C1","profile":\
{"name":"A","birth_year":1990,"sex":"female","unions":["youth_union","trade_union"]}}
{"kind":"admitted","effective_on":"2016-05-19","person":"P1","unit":"C1"}
{"kind":"nominated","effective_on":"2015-02-01","person":"P2","unit":"C1","profile":\
{"name":"B","birth_year":1985,"sex":"male","occupation":"farmer","unions":[]}}
{"kind":"admitted","effective_on":"2017-05-19","person":"P2","unit":"C1"}
{"kind":"unnamed_counted","as_of":"2016-01-01","unit":"TP","measure":"members","count":7}
"""
ON = ("--as-of", "2020-12-31")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = started(tmp_path)
    done(path, "record", "unit_founded", "--unit", "TP", "--name", "Phường", "--type", "cell",
         "--on", "2015-01-01")  # fmt: skip
    done(path, "import", given=LINES.lstrip())
    return path


def cells(out: str) -> list[list[str]]:
    """Return the words of each line of the first table."""
    table = out.partition("\n\n")[2] if out[0].isdigit() else out
    return [line.split() for line in table.partition("\n\n")[0].splitlines()]


def test_one_key_keeps_the_contract(book: Path) -> None:
    rows = done(book, "headcount", *ON, "--by", "sex", "--format", "json").json
    assert list(rows[0]) == [
        *("unit", "as_of", "sex", "members", "probationary", "official", "unnamed"),
    ]
    assert [(row["sex"], row["members"]) for row in rows] == [("male", 1), ("female", 1), (None, 7)]


@pytest.mark.parametrize(
    "keys", [("--by", "sex", "--by", "union"), ("--by", "sex,union"), ("--by", "sex, union,sex")]
)
def test_two_keys_are_a_row_a_combination(keys: tuple[str, ...], book: Path) -> None:
    rows = done(book, "headcount", *ON, *keys, "--format", "json").json
    assert [(row["sex"], row["union"], row["members"]) for row in rows] == [
        ("male", "none", 1),
        ("female", "trade_union+youth_union", 1),
        (None, None, 7),
    ]


def test_people_see_a_cross_table_with_totals_on_both_edges(book: Path) -> None:
    out = done(book, "headcount", *ON, "--by", "sex", "--by", "occupation").out
    assert cells(out)[0] == [
        *("Sex", "Farmer,", "forester", "or", "fisher", "Unknown", "Not", "told", "apart", "Total"),
    ]
    assert cells(out)[2:] == [
        ["male", "1", "1"],
        ["female", "1", "1"],
        ["not", "told", "apart", "7", "7"],
        ["total", "1", "1", "7", "9"],
    ]


def test_each_year_has_a_cross_table(book: Path) -> None:
    out = done(book, "headcount", "--years", "2016..2017", "--by", "sex,age").out
    assert out.count("not told apart") == 2
    assert "2016-12-31" in out
    assert "2017-12-31" in out


def test_filters_and_mean_age(book: Path) -> None:
    asked = ("--filter", "union=youth_union", "--mean-age", "--format", "json")
    (row,) = done(book, "headcount", *ON, *asked).json
    assert (row["members"], row["mean_age"]) == (1, "30")
    (row,) = done(book, "headcount", *ON, "--mean-age", "--format", "json").json
    assert (row["members"], row["mean_age"]) == (9, "32.5")
    said = done(book, "headcount", *ON, "--filter", "sex=female", "--filter", "sex=male")
    assert "Only sex: female, male" in said.out


def test_a_series_can_be_narrowed(book: Path) -> None:
    asked = ("--years", "2016..2017", "--filter", "sector_group=non_state_enterprise")
    rows = done(book, "headcount", *asked, "--format", "json").json
    assert [row["members"] for row in rows] == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--by", "sex,age,union"), "too_many_keys"),
        (("--by", "colour"), "bad_choice"),
        (("--filter", "cause=died"), "bad_filter"),
        (("--filter", "readmission=true"), "bad_filter"),
        (("--filter", "stage=listed"), "bad_filter"),
        (("--filter", "age=young"), "bad_filter"),
        (("--filter", "private_owner=perhaps"), "bad_filter"),
        (("--filter", "completion_under=50"), "bad_filter"),
        (("--filter", "union=youth_union+"), "bad_filter"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[str, ...], code: str, book: Path) -> None:
    said = call(book, "headcount", *arguments)
    assert (said.status, said.code) == (2, code)


def test_a_term_broken_down(book: Path) -> None:
    report = done(book, "term", "2015-2020", *ON, "--by", "sex", "--format", "json").json
    assert [(row["year"], row["sex"], row["admissions"]) for row in report["breakdown"]] == [
        (2016, "female", 1),
        (2017, "male", 1),
        ("total", "male", 1),
        ("total", "female", 1),
    ]
    plain = done(book, "term", "2015-2020", *ON, "--format", "json").json
    assert {key: report[key] for key in plain} == plain
    assert set(report) - set(plain) == {"breakdown"}


def test_people_see_a_table_for_each_measure(book: Path) -> None:
    out = done(book, "term", "2015-2020", *ON, "--by", "sex", "--mean-age").out
    assert out.startswith("Admissions\n")
    assert ["total", "0", "1", "1", "0", "0", "0", "2", "29"] in cells(out.partition("\n\n")[2])
    cross = done(book, "term", "2015-2020", *ON, "--by", "sex,age").out
    assert ["total", "1", "1", "2"] in cells(cross.partition("\n\n")[2])


def test_a_term_as_csv(book: Path) -> None:
    lines = done(book, "term", "2015-2020", *ON, "--by", "sex", "--format", "csv").out.splitlines()
    assert lines[0].startswith("year,sex,admissions,recognitions,")
    assert lines[-1].startswith("total,female,1,0,")


def test_a_term_that_has_not_begun(book: Path) -> None:
    said = done(book, "term", "2015-2020", "--as-of", "2015-03-01", "--format", "json")
    assert (said.json["from"], said.json["to"], said.json["years"]) == ("2015-06-01", None, [])
    assert "The term begins on 2015-06-01: nothing is counted as of 2015-03-01" in said.err
    for arguments in ((), ("--by", "sex"), ("--entries",)):
        out = done(book, "term", "2015-2020", "--as-of", "2015-03-01", *arguments).out
        assert "The term begins on 2015-06-01" in out


def test_entries_behind_the_numbers(book: Path) -> None:
    rows = done(book, "headcount", *ON, "--by", "sex", "--entries", "--format", "json").json
    assert [(row["sex"], row["standing"], row["person"], row["count"]) for row in rows] == [
        ("male", "probationary", "P2", 1),
        ("female", "probationary", "P1", 1),
        (None, "unnamed", None, 7),
    ]
    asked = ("--by", "unit", "--entries", "--format", "json")
    rows = done(book, "term", "2015-2020", *ON, *asked).json
    found = [row for row in rows if row["number"] == "admissions"]
    assert [(row["year"], row["unit"], row["person"]) for row in found] == [
        (2016, "C1", "P1"),
        (2017, "C1", "P2"),
        ("total", "C1", "P1"),
        ("total", "C1", "P2"),
    ]


def test_it_is_said_in_vietnamese(book: Path) -> None:
    out = done(book, "headcount", *ON, "--by", "union", "--filter", "sex=female", lang="vi").out
    assert "công đoàn + Đoàn Thanh niên" in out
    assert "Chỉ tính giới tính: nữ" in out
