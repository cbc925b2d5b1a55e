"""What no program of ours would have recorded, put in with all made to fit: found by meaning."""

from pathlib import Path
from typing import Any

import pytest

from ledger.audit.history import History
from ledger.book import Book
from ledger.errors import Problem
from ledger.store.codec import pack, unpack
from tests.forgeries import book
from tests.terminal import Said, call, done

__all__ = ["book"]

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


def said_instead(book: Path, no: int, said: dict[str, Any]) -> Said:
    """Have an entry say something else, leaves and roots with it; return what is found."""
    from trust.forging import fitting, read, write  # noqa: PLC0415 - programs, in their folder

    written = read(book)
    rows = [*written.rows]
    state = unpack(rows[no - 1].state)
    sealed = {"sealed": state.pop("sealed")} if "sealed" in state and "sealed" not in said else {}
    rows[no - 1] = rows[no - 1]._replace(state=pack(state | said | sealed))
    write(book, fitting(written._replace(rows=rows)))
    assert call(book, "audit", "verify").status == 0
    return call(book, "audit", "verify", "--depth", "full", "--format", "json")


@pytest.mark.parametrize(
    ("no", "said", "code"),
    [
        (11, {"name": "e\u0301"}, "stored_form_differs"),
        (11, {"effective_on": "2999-01-01"}, "in_future"),
        (7, {"profile": {"birth_year": 1990, "name": "Lộ"}}, "stored_detail_open"),
        (2, {"effective_on": "2014-01-01"}, "stored_impossible"),
        (6, {"effective_on": "2019-01-01"}, "stored_impossible"),
        (11, {"effective_on": "2014-12-31"}, "stored_impossible"),
    ],
)
def test_what_was_never_let_in_is_found(
    book: Path, no: int, said: dict[str, Any], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    found = said_instead(book, no, said)
    assert (found.status, found.json[0]["no"], found.json[0]["problem"]) == (12, no, code)


def test_after_the_first_impossible_entry_nothing_is_judged(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setattr("ledger.audit.history._ENTRIES_A_PIECE", 3)
    said_instead(book, 6, {"effective_on": "2019-01-01"})
    done(book, "void", "6", "--reason", "không có thật")
    found = call(book, "audit", "verify", "--depth", "full", "--format", "json")
    assert [(row["no"], row["problem"]) for row in found.json] == [(6, "stored_impossible")]


def test_details_of_somebody_who_was_erased_before_are_found(book: Path) -> None:
    done(book, "erase", "P000001", "--reason", "theo đơn")
    with Book.open(book) as opened:
        history = History(opened, 0)
        last = opened.head.no
        assert history.impossible(last) is None
        entry: Any = opened.entry(5)
        assert entry.sealed
        with pytest.raises(Problem, match="erased"):
            history._check_not_erased("person/P000001", entry)
