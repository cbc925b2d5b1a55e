"""What cannot have happened is refused, and the refusal names the entry it clashes with."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.book import Book, Line
from ledger.catalogue import KINDS, Entry
from ledger.errors import Refused
from ledger.lifecycle.effects import EFFECTS
from ledger.lifecycle.person import status_on
from tests.impossible import OFFICIAL, POSSIBLE, REFUSALS
from tests.scenarios import entries, entry

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def lines(*items: dict[str, Any]) -> list[Line]:
    union: Any = KINDS["admitted"]
    for kind in KINDS.values():
        union = union | kind
    return [Line(msgspec.convert(item, union), place=f"line:{at}") for at, item in enumerate(items)]


@pytest.fixture(name="book")
def fixture_book(tmp_path: Path) -> Any:
    with Book.create(tmp_path / "book.db") as book:
        yield book


@pytest.mark.parametrize(("given", "when", "code", "clash"), REFUSALS)
def test_refused(book: Book, given: str, when: str, code: str, clash: int | None) -> None:
    book.record(lines(*entries(given)), now=NOW, by="clerk")
    head = book.head
    with pytest.raises(Refused) as refused:
        book.record(lines(entry(when)), now=NOW, by="clerk")
    (problem,) = refused.value.problems
    assert problem.code == code
    named = problem.values.get("clash")
    assert (named.no if named else None) == clash
    assert str(problem)
    assert problem.remedy
    assert book.head == head


@pytest.mark.parametrize(
    ("why", "given", "when"), [(why, given, when) for why, given, *when in POSSIBLE]
)
def test_possible(book: Book, why: str, given: str, when: list[str]) -> None:
    book.record(lines(*entries(given)), now=NOW, by="clerk")
    for item in when:
        assert book.record(lines(entry(item)), now=NOW, by="clerk").first, why


def test_a_file_is_checked_as_if_its_lines_came_one_by_one(book: Book) -> None:
    table = entries(OFFICIAL + "\n admitted 2018-01-01 P1 unit=C1 \n listed 2019-01-01 P7")
    with pytest.raises(Refused) as refused:
        book.record(lines(*table), now=NOW, by="clerk")
    assert [problem.code for problem in refused.value.problems] == ["already_member", "not_opened"]
    assert [problem.place for problem in refused.value.problems] == ["line:7", "line:8"]
    assert book.head.no == 0


def test_a_change_of_what_is_sealed_is_still_one_when_it_is_read_from_the_log(book: Book) -> None:
    given = """
        unit_founded 2015-01-01 C1
        nominated 2020-03-02 P1 unit=C1 profile={"name":"An","birth_year":1996}
        profile_changed 2020-04-02 P1 profile={"name":"Ân"}
    """
    book.record(lines(*entries(given)), now=NOW, by="clerk")
    book.record(lines(entry("listed 2020-05-01 P1")), now=NOW, by="clerk")
    book.record(lines(entry("referred 2020-03-15 P1 referrer=P1")), now=NOW, by="clerk")
    assert book.head.no == 5


def test_standing_is_a_pure_function_of_the_entries(book: Book) -> None:
    book.record(lines(*entries(OFFICIAL)), now=NOW, by="clerk")
    history: list[Entry] = book.stream("person/P1")
    days = ["2014-12-31", "2015-01-01", "2016-01-01", "2016-12-31", "2017-01-01", "2026-01-01"]
    standings = [status_on(history, datetime.fromisoformat(day).date()).standing for day in days]
    assert standings == [
        "none", "applicant", "probationary", "probationary", "official", "official",
    ]  # fmt: skip


def test_effects_are_of_kinds_of_persons() -> None:
    for kind, effect in EFFECTS.items():
        assert KINDS[kind].stream == "person"
        fields = KINDS[kind].__struct_fields__
        assert effect.place is None or effect.place in fields
        assert effect.official_by is None or effect.official_by in fields
