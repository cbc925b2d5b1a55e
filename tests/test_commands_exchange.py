"""``import`` and ``export``: all of a file or none of it; what goes out comes in again."""

import json
from pathlib import Path
from typing import Any

import pytest

from commands import importing
from commands.receipts import told_before
from tests.terminal import call, done, json_lines, process, started, words

LINES = json_lines("""
    unit_founded 2015-01-01 TP
    nominated 2020-03-02 P000001 unit=TP profile={"name":"Nguyễn_Văn_An","birth_year":1996}
    admitted 2021-05-19 P000001 unit=TP
""").replace("\n", "\n\n", 1)
"""A file with a blank line in it; the admission stands on line 4."""


def test_a_file_is_recorded_as_a_whole(tmp_path: Path) -> None:
    book = started(tmp_path)
    (tmp_path / "tháng 9.jsonl").write_text(LINES, encoding="utf-8")
    said = done(book, "import", str(tmp_path / "tháng 9.jsonl"))
    assert said.err.startswith("Recorded 3 entries, under the numbers 1 to 3.")
    assert "rollbook void NO --reason" in said.err
    assert not said.out
    assert [entry["no"] for entry in done(book, "log", "--format", "json").json] == [1, 2, 3]


def test_a_file_that_two_record_at_once_is_recorded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, path = started(tmp_path), tmp_path / "in.jsonl"
    done(book, "import", given=json_lines("unit_founded 2015-01-01 TP"))
    path.write_text(json_lines("unit_renamed 2020-01-01 TP name=Tân_Phú"), encoding="utf-8")
    looked: list[bool] = []

    def another_is_quicker(*given: Any) -> bool:
        looked.append(told_before(*given))
        if len(looked) == 1:  # between looking and recording
            monkeypatch.setattr(importing, "told_before", told_before)
            done(book, "import", str(path))
        return looked[-1]

    monkeypatch.setattr(importing, "told_before", another_is_quicker)
    said = done(book, "import", str(path))
    assert looked == [False]
    assert said.err.startswith("This file was recorded before")
    assert len(done(book, "log", "--format", "json").json) == 2


@pytest.mark.parametrize("content", [b"PAR1\x15\x04\x15", b'{\0"\0k\0'])
def test_a_file_without_lines_is_refused_once(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.jsonl").write_bytes(content + b"\n" * 9)
    said = call(started(tmp_path), "import", str(tmp_path / "in.jsonl"))
    assert (said.status, said.code) == (3, "no_lines")
    assert len(said.err.splitlines()) == 2


def test_standard_input_is_read_without_a_file_or_with_a_dash(tmp_path: Path) -> None:
    for number, arguments in enumerate((["import"], ["import", "-"])):
        folder = tmp_path / str(number)
        folder.mkdir()
        book = started(folder)
        assert done(book, *arguments, given=LINES).err.startswith("Recorded 3 entries")


def test_every_wrong_line_is_listed_with_its_place_and_nothing_is_written(tmp_path: Path) -> None:
    book = started(tmp_path)
    (tmp_path / "in.jsonl").write_text(
        f'{LINES}\n{{"kind":"admited"}}\nnot json\n{{"kind":"died","person":"P000001"}}\n',
        encoding="utf-8",
    )
    said = call(book, "import", str(tmp_path / "in.jsonl"))
    assert said.status == 3
    found = [line.split(": ")[:2] for line in said.err.splitlines() if not line.startswith(" ")]
    assert found == [
        ["in.jsonl:5", "unknown_kind"],
        ["in.jsonl:6", "bad_json"],
        ["in.jsonl:7", "missing_field"],
    ]
    assert "did you mean admitted?" in said.err
    assert done(book, "log", "--format", "json").json == []


def test_what_lines_make_impossible_is_refused_with_the_place_of_the_line(tmp_path: Path) -> None:
    book = started(tmp_path)
    again = LINES.splitlines()[-1].replace("2021", "2022")
    said = call(book, "import", given=f"{LINES}\n{again}\n")
    assert said.err.startswith("-:5: already_member: ")


def test_a_dry_run_of_an_import_prints_what_can_be_imported(tmp_path: Path) -> None:
    book = started(tmp_path)
    said = done(book, "import", "--dry-run", given=LINES)
    assert "Nothing was written" in said.err
    assert len(said.out.splitlines()) == 3
    assert done(book, "import", given=said.out).err.startswith("Recorded 3 entries")


def test_an_empty_file_records_nothing(tmp_path: Path) -> None:
    assert done(started(tmp_path), "import", given="\n").err == "Recorded 0 entries.\n"


def test_an_export_kept_as_recorded_is_the_same_book(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES, lang="vi")
    done(book, "correct", "2", "--on", "2020-03-03")
    export = done(book, "export").out
    copy = tmp_path / "copy.db"
    done(copy, "init")
    done(copy, "import", "--keep-recorded", given=export)
    assert done(copy, "export").out == export
    listing = words("log --names --format jsonl")
    assert done(copy, *listing).out == done(book, *listing).out


def test_an_export_opens_names_and_says_so_when_it_cannot(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    assert json.loads(done(book, "export").out.splitlines()[1])["profile"]["name"]
    book.with_suffix(".keys").unlink()
    said = done(book, "export")
    assert "1 entry has personal details that could not be opened" in said.err
    assert json.loads(said.out.splitlines()[1])["sealed"] == ["profile.name"]


def test_an_export_goes_up_to_what_was_known(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    assert len(done(book, "export", "--known-entry", "2").out.splitlines()) == 2
    assert not done(book, "export", "--known-at", "2020-01-01").out


def test_an_export_to_a_file_never_overwrites(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    target = tmp_path / "out.jsonl"
    assert done(book, "export", "-o", str(target)).err == f"Wrote 3 entries: {target}\n"
    assert len(target.read_text(encoding="utf-8").splitlines()) == 3
    said = call(book, "export", "-o", str(target))
    assert (said.status, said.code) == (3, "file_exists")


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    book = started(tmp_path)
    for path in (tmp_path / "none.jsonl", tmp_path):
        said = call(book, "import", str(path))
        assert said.status in {2, 3}
        assert str(path.name) in said.err


def test_export_and_import_meet_in_a_pipe(tmp_path: Path) -> None:
    book = started(tmp_path)
    done(book, "import", given=LINES)
    exported = process("export", ROLLBOOK=str(book))
    copy = str(tmp_path / "copy.db")
    assert process("init", "--book", copy).status == 0
    assert process("import", "--keep-recorded", given=exported.out, ROLLBOOK=copy).status == 0
    assert process("export", ROLLBOOK=copy).out == exported.out
