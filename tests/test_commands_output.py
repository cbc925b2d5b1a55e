"""``-o FILE`` and ``--format`` of the reading commands: the form, the file, and what is in it."""

import json
import os
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from commands.language import has_word, speak
from commands.main import COMMANDS, rollbook
from commands.output import FORMATS
from commands.report_workbook import REPORTS
from tests.terminal import START, call, done, environment, process, started, words
from tests.test_commands_read import LINES

READ = [
    *("log --names", "show 7 --names", "history --person P000001 --names", "roster --names"),
    *("headcount --by sex --mean-age", "headcount --by sex --by age", "codes", "units"),
    *("movement --from 2021-01-01 --to 2021-12-31", "term 2020-2025 --unit TP", "targets --pace"),
    *("pipeline --times", "figures", "rules list", "rules show ADM-DECIDE-TIME", "rules check"),
    *("due", "query SELECT_1_AS_a,NULL_AS_b", "headcount --entries", "units --lineage"),
    *("term 2020-2025 --unit TP --by sex --mean-age", "log --kind voided"),
]
AS_OF = words("headcount --unit TP --as-of 2021-12-31")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = started(tmp_path_factory.mktemp("output"))
    done(found, "import", given=LINES)
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(line: str) -> list[str]:
    return [part.replace("_", " ") if part[:6] == "SELECT" else part for part in words(line)]


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet by its name."""
    found = CalamineWorkbook.from_path(str(path))
    return {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}


def test_every_reading_command_has_the_options_and_a_name_for_its_sheets() -> None:
    context = click.Context(rollbook, info_name="rollbook")
    found: dict[str, click.Command | None] = {}
    for name in (*COMMANDS["Look up"], *COMMANDS["Report"]):
        command = rollbook.get_command(context, name)
        parts = command.commands if isinstance(command, click.Group) else {"": command}
        found |= {f"{name}_{part}".rstrip("_"): one for part, one in parts.items()}
    found["export"] = rollbook.get_command(context, "export")
    assert set(found) == set(REPORTS)
    speak("vi")
    for name, one in found.items():
        assert one is not None
        assert {"form", "output", "excel", "separator"} <= {str(p.name) for p in one.params}
        assert has_word("report", name)
    speak("en")


@pytest.mark.parametrize("line", READ)
def test_every_table_can_be_written_as_a_workbook(line: str, book: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    said = call(book, *typed(line), "-o", str(target), lang="vi")
    assert said.status in {0, 1}, said.err
    assert not said.out
    *tables, (name, how) = sheets(target).items()
    assert name == "Cách lập"
    assert tables
    told = {str(row[0]): row[1] for row in how}
    assert told["Lệnh"].startswith(f"rollbook {words(line)[0]}")
    if words(line)[0] not in {"codes", "rules"}:
        assert told["Mục cuối của sổ"] == 13
        assert len(told["Mã băm của mục cuối"]) == 64
        assert told["Theo những gì đã ghi, đến mục"] == 13
        assert told["Tệp sổ"] == str(book)
    for rows in dict(tables).values():
        assert all(isinstance(head, str) and head for head in rows[0])
        assert all(head == head[:1].upper() + head[1:] for head in rows[0])


@pytest.mark.parametrize("line", [READ[3], READ[9], READ[11]])
@pytest.mark.parametrize("ending", ["csv", "json", "jsonl", "md"])
def test_a_file_holds_what_standard_output_would(
    line: str, ending: str, book: Path, tmp_path: Path
) -> None:
    target = tmp_path / f"a.{ending}"
    form = {"md": "markdown"}.get(ending, ending)
    printed = call(book, *typed(line), "--format", form)
    said = call(book, *typed(line), "-o", str(target))
    assert (said.status, said.out) == (printed.status, "")
    assert target.read_text(encoding="utf-8") == printed.out
    *about, last = said.err.splitlines()
    assert about == printed.err.splitlines()
    assert last.startswith("Wrote ")
    assert last.endswith(str(target))


@pytest.mark.parametrize("line", READ)
def test_parquet_has_the_rows_of_csv_with_types(line: str, book: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.parquet"
    assert call(book, *typed(line), "-o", str(target)).status in {0, 1}
    table = parquet.read_table(target)
    printed = call(book, *typed(line), "--format", "csv").out.splitlines()
    assert ",".join(table.column_names) == printed[0]
    said = json.loads(table.schema.metadata[b"rollbook"])
    assert said["command"].startswith(f"rollbook {words(line)[0]}")


def test_parquet_keeps_days_numbers_and_what_the_report_says(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.parquet"
    done(book, *AS_OF, "--mean-age", "-o", str(target))
    table = parquet.read_table(target)
    assert {field.name: str(field.type) for field in table.schema} == {
        "unit": "string",
        "as_of": "date32[day]",
        **dict.fromkeys(("members", "probationary", "official", "unnamed"), "int64"),
        "mean_age": "string",
    }
    said = json.loads(table.schema.metadata[b"rollbook"])
    assert (said["as_of"], said["head_no"], said["known_no"]) == ("2021-12-31", 13, 13)


def test_cells_of_a_workbook_are_typed_and_spoken(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    done(book, *words("roster --unit TP --as-of 2022-12-31 --names"), "-o", str(target), lang="vi")
    found = sheets(target)
    assert list(found) == ["Danh sách đảng viên", "Cách lập"]
    heads, first, second = found["Danh sách đảng viên"]
    assert heads[:5] == ["Người", "Tên", "Đơn vị", "Tình trạng", "Từ ngày"]
    assert first[:5] == ["P000002", "Đỗ Văn An", "TP.1", "dự bị", date(2021, 5, 19)]
    assert second[:5] == ["P000001", "Nguyễn Thị Ánh", "TP.1", "chính thức", date(2022, 5, 19)]


def test_an_entry_is_typed_for_people_and_as_it_is_kept_for_programs(
    book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "a.xlsx"
    done(book, "show", "10", "-o", str(target), lang="vi")
    told = dict(sheets(target)["Mục ghi"][1:])
    assert (told["số"], told["ngày hiệu lực"]) == (10, date(2021, 5, 19))
    printed = [done(book, *words("show 10 --format csv"), lang=lang).out for lang in ("vi", "en")]
    assert printed[0] == printed[1]
    assert "kind,admitted\neffective_on,2021-05-19\n" in printed[0]


def test_a_report_of_several_tables_has_a_sheet_for_each(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    line = words("term 2020-2025 --unit TP --as-of 2022-12-31 --known-entry 12")
    done(book, *line, "-o", str(target))
    found = sheets(target)
    assert list(found) == [
        "Totals",
        "Growth against the year…",
        "Index against the year before…",
        "Targets",
        "How this was made",
    ]
    assert found["Totals"][1][:5] == ["admissions", 0, 2, 0, 2]
    how = {str(row[0]): row[1] for row in found["How this was made"]}
    assert how["Command"] == f"rollbook {' '.join(line)} -o {target}"
    assert (how["From"], how["To"]) == (date(2020, 5, 15), date(2022, 12, 31))
    assert (how["Last entry of the book"], how["As known up to entry"]) == (13, 12)
    assert how["Admissions counted by"] == "ceremony"
    notes = [row[1] for row in found["How this was made"] if row[0] == "Note"]
    assert "* a year that was cut to the term or to the day asked" in notes


def test_the_same_question_gives_the_same_bytes(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    done(book, *AS_OF, "-o", str(target), "--replace")
    first = target.read_bytes()
    done(book, *AS_OF, "-o", str(target), "--replace")
    assert target.read_bytes() == first


def test_a_file_that_is_there_is_refused_before_anything_is_read(
    book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "a.csv"
    target.write_text("mine", encoding="utf-8")
    said = call(book, *AS_OF, "-o", str(target))
    assert (said.status, said.code) == (3, "file_exists")
    assert target.read_text(encoding="utf-8") == "mine"
    said = done(book, *AS_OF, "-o", str(target), "--replace")
    assert "Wrote 1 row, in the place of the file that was there:" in said.err
    assert target.read_text(encoding="utf-8").startswith("unit,as_of,members")
    assert "in the place" not in done(book, *AS_OF, "-o", f"{target}.csv", "--replace").err


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        ("-o a.txt", (2, "unknown_extension")),
        ("-o a", (2, "unknown_extension")),
        ("-o a.csv.gz", (2, "unknown_extension")),
        ("-o a.json --format csv", (2, "form_differs")),
        ("-o a.csv --format xlsx", (2, "form_differs")),
        ("--excel", (2, "only_for_csv")),
        ("-o a.xlsx --excel", (2, "only_for_csv")),
        ("--format json --separator ;", (2, "only_for_csv")),
        ("--replace", (2, "missing_option")),
        ("-o none/a.csv", (3, "file_unwritable")),
        ("--format xls", (2, "bad_choice")),
        ("--format csv --separator |", (2, "bad_choice")),
    ],
)
def test_what_cannot_be_written_is_refused_with_what_can(
    arguments: str, refused: tuple[int, str], book: Path, folder: Path
) -> None:
    said = call(book, *AS_OF, *words(arguments))
    assert (said.status, said.code) == refused
    assert not list(folder.iterdir())
    if refused[1] in {"unknown_extension", "form_differs"}:
        assert ".csv, .xlsx, .json, .jsonl, .md, .parquet" in said.err


def test_a_form_that_is_named_goes_before_an_extension_that_says_nothing(
    book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "a.txt"
    done(book, *AS_OF, "--format", "table", "-o", str(target))
    assert target.read_text(encoding="utf-8") == done(book, *AS_OF).out
    done(book, *AS_OF, "--format", "csv", "-o", str(tmp_path / "A.CSV"))


def test_csv_for_excel_has_a_mark_its_separator_and_its_line_ends(
    book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "a.csv"
    done(book, *AS_OF, "-o", str(target), *words("--excel --separator ; --mean-age"))
    assert target.read_bytes().decode() == (
        "\ufeffunit;as_of;members;probationary;official;unnamed;mean_age\r\n"
        "TP;2021-12-31;262;2;0;260;28\r\n"
    )
    printed = done(book, *AS_OF, *words("--format csv --separator tab")).out
    assert printed.startswith("unit\tas_of\tmembers")


def test_a_workbook_can_be_piped(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    with target.open("wb") as stream:
        subprocess.run(
            [sys.executable, "-c", START, *AS_OF, "--format", "xlsx"],
            stdout=stream,
            env=environment(ROLLBOOK=str(book)),
            check=True,
        )
    assert list(sheets(target)) == ["Headcount", "How this was made"]


@pytest.mark.skipif(os.name == "nt", reason="rights are those of the folder there")
def test_only_its_owner_may_read_a_file(book: Path, tmp_path: Path) -> None:
    for form in ("csv", "xlsx", "parquet"):
        done(book, *AS_OF, "-o", str(tmp_path / f"a.{form}"))
        assert stat.S_IMODE((tmp_path / f"a.{form}").stat().st_mode) == 0o600


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "md"])
@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_goes_wrong_leaves_no_file_behind(
    ending: str, failure: Any, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> NoReturn:
        raise failure

    monkeypatch.setattr(os, "fsync", fails)
    said = call(book, *AS_OF, "-o", str(tmp_path / f"a.{ending}"))
    assert said.status == (130 if failure is KeyboardInterrupt else 3)
    assert list(tmp_path.iterdir()) == []


def test_help_lists_every_form(book: Path) -> None:
    said = process("headcount", "--help", ROLLBOOK=str(book))
    assert "|".join(FORMATS) in said.out.replace("\n", "").replace(" ", "")
