"""``import --mapping`` and ``--map``, ``--marked`` and ``--preview``: an office's own sheet."""

import json
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from ledger.errors import Refused
from ledger.exchange.mapping import read_mapping, written
from tests.terminal import call, done, started, words
from tests.workbooks import Formula, workbook

UNIT = words("unit_founded --unit TP --name TânPhú --type grassroots_committee --on 2015-01-01")
OWN: dict[str, list[list[Any]]] = {
    "Theo dõi": [
        ["ĐẢNG BỘ PHƯỜNG TÂN PHÚ", None, None],
        ["Biểu theo dõi kết nạp", None, None],
        ["TT", "Họ tên QC", "Ngày lễ", "Phái", "Ghi chú nội bộ"],
        [1, "Nguyễn Văn An", "02/03/2020", "1", "x"],
        [2, "Trần Thị Bích", "03/03/2020", "0", "y"],
    ]
}
TOML = """
[[sheet]]
name = "Theo dõi"
kind = "nominated"

[sheet.columns]
"Họ tên QC" = "profile.name"
"Ngày lễ" = "effective_on"
"phái" = "profile.sex"
"Ghi chú nội bộ" = ""

[sheet.fixed]
unit = "TP"
"profile.ethnicity" = "Kinh"

[sheet.values."profile.sex"]
"1" = "nam"
"0" = "female"
"""


def profiles(book: Path) -> list[Any]:
    found = done(book, "log", "--names", "--format", "json").json
    return [entry["profile"] for entry in found if "profile" in entry]


def test_a_column_and_a_fixed_value_for_it_are_refused(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    (tmp_path / "m.toml").write_text(TOML, encoding="utf-8")
    rows = [["Họ tên QC", "Ngày lễ", "Mã đơn vị"], ["An", "02/03/2020", "TP.CB1"]]
    file = workbook(tmp_path / "a.xlsx", {"Theo dõi": rows})
    said = call(book, "import", str(file), "--mapping", str(tmp_path / "m.toml"))
    assert said.err.startswith("a.xlsx:Theo dõi:1:C: fixed_twice: ")


def test_what_a_mapping_says_wrongly_is_told_of_the_mapping_and_once(tmp_path: Path) -> None:
    book, mapping = started(tmp_path, UNIT), tmp_path / "m.toml"
    file = workbook(tmp_path / "a.xlsx", OWN)
    wrong = TOML.replace('"1" = "nam"', '"1" = "man"')
    wrong = wrong.replace('"Ngày lễ" = "effective_on"', '"Ngày lễ" = ""')
    fixed = wrong.replace('unit = "TP"', 'unit = "TP"\neffective_on = "5/6"')
    mapping.write_text(fixed, encoding="utf-8")
    said = call(book, "import", str(file), "--mapping", str(mapping))
    told = [line for line in said.err.splitlines() if "mapping_wrong" in line]
    assert [line.partition(": mapping_wrong")[0] for line in told] == ["a.xlsx:Theo dõi:3"] * 2
    assert "5/6 is not a date" in told[0]
    assert "man is not a value" in told[1]
    assert said.err.count("5/6") == 2
    assert "missing_field" not in said.err


def test_a_mapping_for_another_sheet_and_one_of_no_letters_are_told(tmp_path: Path) -> None:
    book, mapping = started(tmp_path, UNIT), tmp_path / "m.toml"
    file = workbook(tmp_path / "a.xlsx", OWN)
    mapping.write_text(TOML.replace("Theo dõi", "Theo rõi"), encoding="utf-8")
    said = call(book, "import", str(file), "--mapping", str(mapping))
    assert "no sheet Theo rõi that can be seen; did you mean Theo dõi?" in said.err
    mapping.write_bytes(TOML.encode("utf-16"))
    said = call(book, "import", str(file), "--mapping", str(mapping))
    assert said.code == "bad_mapping"
    assert "UTF-8" in said.err


BOTH = [
    {"sex": "male", "ethnicity": "kinh", "name": "Nguyễn Văn An"},
    {"sex": "female", "ethnicity": "kinh", "name": "Trần Thị Bích"},
]


@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_mapping_by_hand_reads_an_offices_own_sheet(tmp_path: Path, form: str) -> None:
    book = started(tmp_path, UNIT)
    mapping = tmp_path / f"phuong.{form}"
    mapping.write_text(TOML, encoding="utf-8")
    if form == "json":
        toml = tmp_path / "phuong.toml"
        toml.write_text(TOML, encoding="utf-8")
        mapping.write_text(written(read_mapping(toml), as_json=True), encoding="utf-8")
        assert json.loads(mapping.read_text(encoding="utf-8"))["sheet"][0]["kind"] == "nominated"
    file = workbook(tmp_path / "theodoi.xlsx", OWN)
    done(book, "import", str(file), "--mapping", str(mapping))
    assert profiles(book) == BOTH


def test_a_mapping_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(TOML, encoding="utf-8")
    again = tmp_path / "b.toml"
    again.write_text(written(read_mapping(path), as_json=False), encoding="utf-8")
    assert read_mapping(again) == read_mapping(path)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[sheet]]\nkind = 'nope'", "unknown_kind"),
        ("[[sheet]]\n[sheet.columns]\nA = 'nope'", "unknown_field"),
        ("[[sheet]]\nkind = 'died'\n[sheet.fixed]\nunit = 'TP'", "unknown_field"),
        ("[[sheet]]\nhead_row = 0", "bad_mapping"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_mapping(path)
    assert [(p.code, p.place) for p in refused.value.problems] == [(code, "a.toml")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[sheet]]\nhead_row = 0", "giá trị của sheet[0].head_row không đúng loại"),
        ("[[sheet]]\nnope = 1", "nope không phải là khóa của tệp ánh xạ"),
        ("nope = 1", "nope không phải là khóa của tệp ánh xạ; hãy viết một trong: sheet"),
        ("[[sheet]]\nhead_row = 'bốn'", "giá trị của sheet[0].head_row không đúng loại"),
        ("sheet = 3", "giá trị của sheet không đúng loại"),
        ("[[sheet", "không phải TOML"),
    ],
)
def test_a_mapping_not_of_its_form_is_refused_in_vietnamese(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    file = workbook(tmp_path / "theodoi.xlsx", OWN)
    book = started(tmp_path, UNIT)
    shown = call(book, "import", str(file), "--mapping", str(tmp_path / "a.toml"), lang="vi")
    assert (shown.status, shown.code) == (3, "bad_mapping")
    assert said in shown.err


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_mapping_is_made_by_answers_and_used_again(tmp_path: Path, lang: str) -> None:
    book = started(tmp_path, UNIT)
    rows = [[*row[:3], "TP", *row[4:]] if row[0] in {1, 2} else row for row in OWN["Theo dõi"]]
    file = workbook(tmp_path / "theodoi.xlsx", {"Theo dõi": rows})
    mapping = tmp_path / "phuong.toml"
    answers = (
        "giới thiệu vào nguồn\nnominated\nx\n99\n3\nchưa biết\nHọ và tên\neffective_on\nunit\n-\n"
    )
    said = done(
        book, "import", str(file), "--map", "--mapping", str(mapping), given=answers, lang=lang
    )
    assert "3: TT | Họ tên QC | Ngày lễ" in said.err
    assert [profile["name"] for profile in profiles(book)] == ["Nguyễn Văn An", "Trần Thị Bích"]
    (tmp_path / "other").mkdir()
    other = started(tmp_path / "other", UNIT)
    done(other, "import", str(file), "--mapping", str(mapping))
    assert profiles(other) == profiles(book)


def test_map_needs_a_file_to_keep_the_answers_in(tmp_path: Path) -> None:
    file = workbook(tmp_path / "theodoi.xlsx", OWN)
    said = call(started(tmp_path, UNIT), "import", str(file), "--map")
    assert (said.status, said.code) == (2, "mapping_needed")


HEAD = ["person", "unit", "effective_on", "profile.name", "profile.birth_date"]
WRONG: dict[str, list[list[Any]]] = {
    "nominated": [
        ["Danh sách"],
        HEAD,
        ["P1", "TP", "7/10", "An", 46000],
        ["P2", "TP", "02/03/2020", "Bình", None],
        ["P3", "TP", "02/03/2020", Formula("#REF!"), None],
    ]
}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_mistakes_are_marked_beside_the_cells_and_the_mended_copy_is_read(
    tmp_path: Path, lang: str
) -> None:
    book = started(tmp_path, UNIT)
    file = workbook(tmp_path / "a.xlsx", WRONG)
    marked = tmp_path / "loi.xlsx"
    said = call(book, "import", str(file), "--marked", str(marked), lang=lang)
    assert said.status == 3
    assert str(marked) in said.err
    with python_calamine.load_workbook(marked) as read:
        rows: list[Any] = read.get_sheet_by_name("nominated").to_python()
    errors = {"vi": "Lỗi", "en": "Errors"}[lang]
    assert rows[1] == [*HEAD, errors]
    assert rows[2][5].startswith("C3: 7/10 ")
    assert "E3: 46000 " in rows[2][5]
    assert rows[3][5] == ""
    assert "#REF!" in rows[4][5]
    mended: list[Any] = [["Danh sách"], [*HEAD, errors]]
    mended += [[*row[:2], "02/03/2020", "An", "", row[5]] for row in rows[2:]]
    done(book, "import", str(workbook(tmp_path / "b.xlsx", {"nominated": mended})), lang=lang)
    assert len(profiles(book)) == 3
    assert call(book, "import", str(file), "--marked", str(marked)).status == 3


def test_a_marked_copy_of_csv_and_of_nothing_wrong(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    file = tmp_path / "nominated.csv"
    file.write_text("person;unit;effective_on;profile.name\nP1;TP;5-9;An\n", encoding="utf-8")
    marked = tmp_path / "loi.xlsx"
    call(book, "import", str(file), "--marked", str(marked))
    with python_calamine.load_workbook(marked) as read:
        assert read.sheet_names == ["Nominated"]
    file.write_text(
        "person;unit;effective_on;profile.name\nP1;TP;05/09/2020;An\n", encoding="utf-8"
    )
    done(book, "import", str(file), "--marked", str(tmp_path / "none.xlsx"))
    assert not (tmp_path / "none.xlsx").exists()


def test_a_preview_says_what_would_be_and_writes_nothing(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    good: list[Any] = [["Danh sách"], HEAD, ["P2", "TP", "02/03/2020", "Bình", None]]
    done(book, "import", str(workbook(tmp_path / "a.xlsx", {"nominated": good})))
    said = call(book, "import", str(workbook(tmp_path / "b.xlsx", WRONG)), "--preview")
    assert said.status == 3
    assert said.out.splitlines()[2].split()[-3:] == ["0", "1", "2"]
    more = workbook(tmp_path / "c.xlsx", {"nominated": [*good, ["P4", "TP", "02/03/2020", "C"]]})
    said = done(book, "import", str(more), "--preview")
    assert said.out.splitlines()[2].split()[-3:] == ["1", "1", "0"]
    assert "Nothing was written (--preview)" in said.err
    assert len(profiles(book)) == 1


def test_options_of_sheets_are_refused_for_json_lines(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    (tmp_path / "a.jsonl").write_text("", encoding="utf-8")
    said = call(book, "import", str(tmp_path / "a.jsonl"), "--preview")
    assert (said.status, said.code) == (2, "sheets_alone")


def test_sheets_and_kinds_can_be_chosen(tmp_path: Path) -> None:
    book = started(tmp_path, UNIT)
    rows: list[Any] = [HEAD, ["P2", "TP", "02/03/2020", "Bình", None]]
    file = workbook(tmp_path / "a.xlsx", {"Tháng 9": rows, "Nháp": [["x"]]})
    assert call(book, "import", str(file)).code == "unknown_sheet"
    assert call(book, "import", str(file), "--sheet", "Thang 9").code == "no_such_sheet"
    plain = tmp_path / "a.csv"
    plain.write_text("kind\n")
    assert call(book, "import", str(plain), "--sheet", "Thang 9").code == "sheet_of_csv"
    arguments = ("--sheet", "Tháng 9", "--kind", "nominated")
    assert "Recorded 1 entry" in done(book, "import", str(file), *arguments).err
