"""``void`` and ``correct``: mistakes are mended by new entries, and shown as mended."""

from pathlib import Path

import pytest

from tests.terminal import call, done, process, started, words

UNIT = words("unit_founded --unit TP --type cell --on 2015-01-01 --name Phường")
PERSON = words("nominated --unit TP --on 2020-03-02 --birth-date 1996-10-07 --name An")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return started(tmp_path, UNIT, PERSON)


def test_a_voided_entry_stays_and_no_longer_counts(book: Path) -> None:
    said = done(book, "void", "2", "--reason", "nhầm người")
    assert "Recorded entry 3 (voided, 2024-05-06): entry: 2; reason: nhầm người" in said.err
    assert said.json["reason"] == "nhầm người"
    shown = done(book, "show", "2")
    assert "Voided by entry 3 (voided, 2024-05-06): it no longer counts" in shown.out
    assert done(book, "roster", "--stage", "nominated", "--format", "json").json == []
    before = words("roster --stage nominated --format json --known-entry 2")
    assert [row["person"] for row in done(book, *before).json] == ["P000001"]


def test_a_void_can_have_a_day_and_needs_a_reason(book: Path) -> None:
    said = done(book, "void", "2", "--reason", "x", "--on", "1/5/2024", "--dry-run")
    assert said.json == {"kind": "voided", "effective_on": "2024-05-01", "entry": 2, "reason": "x"}
    assert call(book, "void", "2").code == "missing_option"


def test_a_correction_keeps_what_is_not_given(book: Path) -> None:
    said = done(book, "correct", "2", "--on", "3/3/2020")
    assert "It stands in place of entry 2, which no longer counts." in said.err
    entry = done(book, "show", "3", "--names", "--format", "json").json
    assert entry["effective_on"] == "2020-03-03"
    assert entry["corrects"] == 2
    assert entry["person"] == "P000001"
    assert entry["profile"] == {"name": "An", "birth_date": "1996-10-07", "birth_year": 1996}
    assert "Corrected by entry 3" in done(book, "show", "2").out


def test_a_new_day_of_birth_brings_its_year(book: Path) -> None:
    done(book, "correct", "2", "--birth-date", "07/10/1997")
    profile = done(book, "show", "3", "--names", "--format", "json").json["profile"]
    assert (profile["birth_date"], profile["birth_year"]) == ("1997-10-07", 1997)


def test_an_empty_text_takes_a_field_away(book: Path) -> None:
    done(book, "correct", "2", "--note", "một ghi chú", "--document", "1-NQ")
    done(book, "correct", "3", "--note", "", "--document", "")
    entry = done(book, "show", "4", "--format", "json").json
    assert not {"note", "document"} & entry.keys()


def test_the_help_of_a_correction_shows_the_entry_and_the_fields_of_its_kind(book: Path) -> None:
    helped = done(book, "correct", "2", "--help").out
    assert "entry 2 (nominated, 2020-03-02): P000001 An, TP" in helped
    assert "--birth-date" in helped
    assert "[required]" not in helped
    assert "--corrects" not in helped
    assert "Examples" in done(book, "correct", "--help").out


def test_the_book_may_be_named_before_or_after_the_number(book: Path, tmp_path: Path) -> None:
    for arguments in (
        ["--book", str(book), "correct", "2", "--on", "2020-03-04", "--dry-run"],
        ["correct", "--book", str(book), "2", "--on", "2020-03-04", "--dry-run"],
        ["correct", "2", "--on", "2020-03-04", "--dry-run", f"--book={book}"],
    ):
        assert '"corrects": 2' in process(*arguments, folder=tmp_path).out


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("correct 2", 2, "nothing_to_correct"),
        ("correct 2 --name An", 2, "nothing_to_correct"),
        ("correct 9 --on 2020-01-01", 3, "unknown_entry"),
        ("correct x --on 2020-01-01", 2, "bad_number"),
        ("correct 2 --sex x", 2, "bad_choice"),
        ("correct 2 --on 2014-01-01", 3, "unit_not_yet"),
        ("void 9 --reason x", 3, "unknown_entry"),
        ("void x --reason x", 2, "bad_number"),
        ("void 1 --reason x", 3, "clashes_with"),
    ],
)
def test_what_cannot_be_mended_is_refused(line: str, status: int, code: str, book: Path) -> None:
    said = call(book, *words(line))
    assert (said.status, said.code) == (status, code), said.err


def test_what_is_mended_once_is_not_mended_again(book: Path) -> None:
    done(book, "correct", "2", "--on", "2020-03-03")
    assert call(book, "correct", "2", "--on", "2020-03-04").code == "already_displaced"
    done(book, "void", "3", "--reason", "x")
    assert call(book, "void", "4", "--reason", "x").code == "void_of_void"


def test_a_correction_without_the_keys_does_not_lose_what_is_sealed(book: Path) -> None:
    book.with_suffix(".keys").unlink()
    said = call(book, "correct", "2", "--on", "2020-03-03")
    assert (said.status, said.code) == (3, "sealed_field")
    assert "profile.birth_date" in said.err


def test_a_refusal_names_the_clashing_entry_in_the_language_of_the_person(book: Path) -> None:
    done(book, *words("record admitted --person P000001 --unit TP --on 2021-05-19"))
    again = words("record admitted --person P000001 --unit TP --on 2022-05-19")
    assert "entry 3 (admitted, 2021-05-19)" in call(book, *again).err
    assert "mục 3 (kết nạp, 19/05/2021)" in call(book, *again, lang="vi").err
