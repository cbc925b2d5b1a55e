"""`rollbook erase`: what a clerk sees, and that nothing remains of whom it erased."""

from pathlib import Path
from typing import Any

from ledger.book import Book
from tests.remains import found_in, secrets_of
from tests.shelf import imported
from tests.terminal import NOW, call, done, words

PEOPLE = 20
QUESTIONS = (
    "headcount --by sex --format json",
    "headcount --by age --format json",
    "movement --unit TP --from 2015-01-01 --to 2024-01-01 --format json",
    "pipeline --format json",
    "units --format json",
    "roster --format json",
    "rules check --format json",
    "due --format json",
    "term t --unit TP --format json",
)


def texts_of(number: int) -> list[str]:
    """Return what only this person is called, lives at and is numbered."""
    return [f"Nguyễn Thị Ẩn {number:04d}", f"Số {number} Đường Vắng", f"0011990{number:05d}"]


def book_of(folder: Path, people: int) -> Path:
    """Return a book with so many people, each with details of their own, and one more."""
    lines = [
        b'{"kind":"unit_founded","effective_on":"2015-01-01","unit":"TP","name":"x","type":"cell"}',
        (
            b'{"kind":"term_opened","effective_on":"2020-01-01","unit":"TP","term":"t",'
            b'"starts":"2020-01-01","ends":"2025-12-31"}'
        ),
    ]
    for number in range(1, people + 2):
        name, home, citizen = texts_of(number)
        person = f"P{number:06d}"
        lines += [
            f'{{"kind":"nominated","effective_on":"2020-03-02","person":"{person}","unit":"TP",'
            f'"profile":{{"name":"{name}","birth_date":"1996-05-01","sex":"female","home":"{home}",'
            f'"citizen_id":"{citizen}"}}}}'.encode(),
            f'{{"kind":"admitted","effective_on":"2021-05-19","person":"{person}",'
            f'"unit":"TP"}}'.encode(),
            f'{{"kind":"card_issued","effective_on":"2021-06-19","person":"{person}",'
            f'"card_number":"T{number:06d}"}}'.encode(),
        ]
    with Book.create(folder / "book.db") as book:
        imported(book, lines, now=NOW)
    return folder / "book.db"


def _answers(book: Path) -> list[Any]:
    return [call(book, *words(question)).out for question in QUESTIONS]


def test_nothing_remains_of_whom_is_erased(tmp_path: Path) -> None:
    # given a book, exported and asked in every way
    book = book_of(tmp_path, PEOPLE)
    persons = {f"P{number:06d}": texts_of(number) for number in range(1, PEOPLE + 1)}
    for name in ("all.jsonl", "all.csv", "all.xlsx"):
        done(book, "export", "-o", str(tmp_path / name))
    done(book, *words("roster --names"), "-o", str(tmp_path / "roster.xlsx"))
    done(book, "export", "-o", str(tmp_path / "all.parquet"))
    before = _answers(book)
    secrets = secrets_of(book, persons)
    # then the search finds each name, home and number, each wrapped key and the epoch key
    found = found_in(tmp_path, secrets)
    for person, texts in persons.items():
        assert found[f"the wrapped key of {person}"] == {"book.db"}
        for text in texts:
            where = found[f"{text} of {person}"]
            assert {"all.jsonl", "all.csv"} <= where
            assert any(name.startswith("all.xlsx:") for name in where)
    assert found["the epoch key"] == {"book.keys"}
    assert (tmp_path / "book.cache").is_dir()
    # when they are erased, and what was exported with them
    for person in persons:
        done(book, "erase", person, "--reason", "theo đơn", "--delete-exports")
    # then nothing is found in any byte of any file
    assert not (tmp_path / "book.cache").exists()
    assert found_in(tmp_path, secrets) == {}
    # and no figure moved
    assert _answers(book) == before
    assert found_in(tmp_path, secrets) == {}
    # and the one who was not erased is there, by name
    rows = done(book, *words("roster --names --format json")).json
    assert {row["person"]: row.get("name") for row in rows if row.get("name")} == {
        f"P{PEOPLE + 1:06d}": texts_of(PEOPLE + 1)[0]
    }
    assert [row["erased"] for row in rows if "erased" in row] == [True] * PEOPLE
    table = done(book, *words("roster --names --format csv")).out.splitlines()
    assert table[0].endswith(",erased")
    assert sum(line.endswith(",true") for line in table) == PEOPLE


def test_a_clerk_is_told_what_happened(tmp_path: Path) -> None:
    book = book_of(tmp_path, 1)
    exported, changed = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for path in (exported, changed):
        done(book, "export", "-o", str(path))
    changed.write_bytes(changed.read_bytes() + b"\n")
    # a trial says what would go, and changes nothing
    erasing = ["erase", "P000001", "--reason", "theo đơn"]
    said = done(book, *erasing, "--delete-exports", "--dry-run")
    assert "1 file would be deleted" in said.err
    assert exported.exists()
    assert "Nguyễn" in done(book, *words("show 3 --names")).out
    # without the option the files are named
    said = done(book, *erasing)
    assert "2 files that were written with personal details" in said.err
    assert str(exported) in said.err
    assert said.json["kind"] == "subject_erased"
    # and everything that shows the person says so
    assert "P000001 were erased by entry 9" in done(book, *words("show 3 --names")).out
    assert "(erased)" in done(book, *words("roster --names")).out
    listed = done(book, *words("log --names")).out
    assert "P000001 (erased)" in listed
    assert f"P000002 {texts_of(2)[0]}" in listed
    assert "(erased)" not in done(book, *words("log")).out
    assert "erased by entry 9" in done(book, *words("log --person P000001 --format json")).err
    assert "đã bị xóa ở mục 9" in done(book, *words("history --person P000001"), lang="vi").out
    assert call(book, *erasing).code == "already_erased"
    assert call(book, "erase", "P000009", "--reason", "x").code == "unknown_person"
    # a file that somebody went on writing in is theirs, and stays
    said = done(book, "erase", "P000002", "--reason", "x", "--delete-exports")
    assert not exported.exists()
    assert changed.exists()
    assert "1 file that was written" in said.err


def test_what_is_not_personal_can_still_be_corrected(tmp_path: Path) -> None:
    book = book_of(tmp_path, 1)
    done(book, *words("erase P000001 --reason x"))
    # given an entry of somebody erased, when what is not personal in it is mended
    done(book, *words("correct 3 --on 2020-03-01"))
    entry = done(book, *words("show 10 --names --format json")).json
    # then it says as much as before, and names what is gone
    assert entry["effective_on"] == "2020-03-01"
    assert entry["sealed"] == [f"profile.{n}" for n in ("birth_date", "citizen_id", "home", "name")]
    assert call(book, *words("correct 3 --on 2020-03-05")).code == "already_displaced"
    assert call(book, *words("correct 10 --name Khác")).code in {"erased", "bad_value"}


def test_a_copy_with_mistakes_marked_is_known(tmp_path: Path) -> None:
    # given a sheet with a mistake in it, and the copy that shows it
    book, sheet, marked = book_of(tmp_path, 1), tmp_path / "a.csv", tmp_path / "loi.xlsx"
    name = texts_of(1)[0]
    sheet.write_text(
        f"person,effective_on,name,profile.name\nP000001,7/10,x,{name}\n", encoding="utf-8"
    )
    importing = ("import", str(sheet), "--kind", "profile_changed", "--marked", str(marked))
    assert call(book, *importing).status == 3
    secrets = secrets_of(book, {"P000001": texts_of(1)})
    assert any(
        "loi.xlsx" in where for files in found_in(tmp_path, secrets).values() for where in files
    )
    sheet.unlink()
    # when the person is erased, then it is named or goes
    assert str(marked) in done(book, *words("erase P000001 --reason x --dry-run")).err
    done(book, *words("erase P000001 --reason x --delete-exports"))
    assert found_in(tmp_path, secrets) == {}
