"""What the book sets on an entry: number, moment, operator, and the id of a new person."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.recording import transaction
from tests.shelf import AN, NOW, UNIT, exported, imported, lines, new_book, record, refused


@pytest.mark.parametrize(
    ("there", "handed_out"),
    [
        ("", "P000001"),
        ("P000007", "P000008"),
        ("An", "P000001"),
        ("P12", "P000001"),
        ("P999999", "P1000000"),
        ("P1000000", "P000001"),
    ],
)
def test_person_ids_are_handed_out(tmp_path: Path, there: str, handed_out: str) -> None:
    new = 'nominated 2020-03-02 "" unit=TP'
    with new_book(tmp_path, UNIT) as book:
        if there:
            record(book, f"nominated 2020-03-02 {there} unit=TP")
        entry: Any = record(book, new).entries[0]
        assert entry.person == handed_out
        after: Any = record(book, new).entries[0]
        assert int(after.person[1:]) == int(handed_out[1:]) + 1


def test_ids_handed_out_pass_over_those_in_the_same_file(tmp_path: Path) -> None:
    new = 'nominated 2020-03-02 "" unit=TP\n'
    with new_book(tmp_path, UNIT) as book:
        receipt = record(book, new + "nominated 2020-03-02 P000004 unit=TP\n" + new)
        found: list[Any] = receipt.entries
        assert [entry.person for entry in found] == ["P000005", "P000004", "P000006"]


def test_lines_that_come_only_once_are_all_recorded(tmp_path: Path) -> None:
    new = 'nominated 2020-03-02 "" unit=TP\n'
    table = new + "nominated 2020-03-02 P000004 unit=TP\n" + new
    with new_book(tmp_path, UNIT) as book, pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "LINES_A_PIECE", 1)
        receipt = book.record(iter(lines(table)), now=NOW, by="lan")
        found: list[Any] = receipt.entries
        assert [entry.person for entry in found] == ["P000005", "P000004", "P000006"]


def test_only_what_opens_a_file_can_be_without_an_id(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        assert refused(book, 'listed 2020-03-02 ""') == [("bad_code", "history.jsonl:1")]


# Numbers that a file gives its lines


def test_numbers_of_the_file_are_mapped(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        receipt = record(
            book,
            AN
            + """
            nominated 2020-03-02 P000002 unit=TP no=70
            listed    2020-03-03 P000002 no=80
            listed    2020-03-04 P000002 no=90 corrects=80
            voided    2020-03-05 90 no=100
            voided    2020-03-06 3
            """,
        )
        found: list[Any] = receipt.entries
        assert found[4].corrects == 5
        assert found[5].entry == 6
        assert found[6].entry == 3
        assert book.displaced() == {5: 6, 6: 7, 3: 8}
        assert book.displaced([5, 1]) == {5: 6}
        assert [entry.no for entry in book.stream("person/P000002")] == [4, 5, 6, 7]


def test_a_numbered_line_never_means_an_entry_that_was_there_before(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT + AN) as book:
        found = refused(book, "unit_founded 2016-01-01 C1 no=7\nvoided 2020-03-05 3 no=8")
        assert found == [("unknown_in_file", "history.jsonl:2")]


def test_a_number_on_two_lines_is_refused(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        found = refused(book, AN.replace("P000001", "P000001 no=5"))
        assert found == [("number_twice", "history.jsonl:2")]


def test_a_line_below_cannot_be_voided(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        found = refused(book, "voided 2020-03-05 9\nunit_founded 2016-01-01 C1 no=9")
        assert found == [("unknown_entry", "history.jsonl:1")]


def test_what_names_and_displaces_is_indexed(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT + AN) as book:
        record(
            book,
            """
            carried_forward 2016-01-01 M1 unit=TP
            mentor_assigned 2020-03-04 P000001 mentor=M1
            referred 2020-03-04 P000001 referrer=youth_union
            """,
        )
        assert [entry.no for entry in book.naming("person/M1")] == [5]
        assert [entry.no for entry in book.naming("unit/TP")] == [2, 4]
        # then text that may be anything, also a name, is not indexed in clear
        assert book.naming("person/youth_union") == []


# Keeping what a file says of its recording


def test_an_export_imported_as_it_is_is_the_same_book(tmp_path: Path) -> None:
    # given a book with corrections, recorded by two people on two days
    with new_book(tmp_path, UNIT + AN) as book:
        later = {"now": NOW + timedelta(days=1), "by": "cúc"}
        record(book, "listed 2020-03-09 P000001 corrects=3\n voided 2020-03-10 4", **later)
        content, head = exported(book), book.head
        entries = list(book.entries())
    # when its export is imported into an empty book
    with new_book(tmp_path, name="copy.db") as copy:
        imported(copy, content, keep_recorded=True, now=NOW + timedelta(days=2), by="minh")
        # then everything but the book's own id and keys is the same
        assert list(copy.entries()) == entries
        assert exported(copy) == content
        assert copy.displaced() == {3: 4, 4: 5}
        assert copy.head.no == head.no
        assert copy.head.root != head.root
        with copy.recorder.datastore.reading() as cursor:
            assert cursor.execute("SELECT operator FROM commits").fetchall() == [("minh",)]


KEPT = "by=lan recorded_at=2024-01-01T00:00:00Z"
DAY = "2016-01-01"
FIRST = f"unit_founded {DAY} C1 no=1 {KEPT}"
SECOND = f"unit_founded {DAY} C2 no=2 by=lan recorded_at=2023-12-31T23:59:59Z"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (f"unit_founded {DAY} C1 no=2 {KEPT}", "numbers_not_dense"),
        (f"unit_founded {DAY} C1 {KEPT}", "missing_field"),
        (f"unit_founded {DAY} C1 no=1 by=lan", "missing_field"),
        (f"unit_founded {DAY} C1 no=1 recorded_at=2024-01-01T00:00:00Z", "missing_field"),
        (f"unit_founded {DAY} C1 no=1 by=lan recorded_at=2024-01-01T00:00:00", "bad_value"),
        (
            f"unit_founded {DAY} C1 no=1 by=lan recorded_at=2099-01-01T00:00:00Z",
            "recorded_in_future",
        ),
        (f"unit_founded 2024-01-02 C1 no=1 {KEPT}", "in_future"),
        (f"{FIRST}\n{SECOND}", "recorded_at_decreases"),
    ],
)
def test_what_a_file_says_of_its_recording_must_be_possible(
    tmp_path: Path, table: str, code: str
) -> None:
    with new_book(tmp_path) as book:
        found = refused(book, table, keep_recorded=True)
        assert found == [(code, f"history.jsonl:{len(table.splitlines())}")]


# Time


def test_a_clock_that_was_put_back_does_not_turn_the_book_back(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book:
        receipt = record(book, AN, now=NOW - timedelta(days=1))
        assert receipt.entries[0].recorded_at == NOW


def test_the_day_of_recording_is_that_of_the_zone_of_the_book(tmp_path: Path) -> None:
    evening = datetime(2024, 5, 6, 17, 30, tzinfo=UTC)  # half past midnight in Ha Noi
    with new_book(tmp_path) as book:
        found = refused(book, "unit_founded 2024-05-08 TP", now=evening)
        assert found == [("in_future", "history.jsonl:1")]
        record(book, "unit_founded 2024-05-07 TP", now=evening)
    with Book.create(tmp_path / "utc.db", timezone="UTC") as book:
        found = refused(book, "unit_founded 2024-05-07 TP", now=evening)
        assert found == [("in_future", "history.jsonl:1")]
