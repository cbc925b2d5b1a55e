"""The verdicts on the published figures of the sample book, and on the same ones off by one.

Sources: an article on Phổ Yên and its ward Tân Phú, 18 September 2023 (000); one on Quảng
Trị town, 7 November 2023 (001); one on the ward Hội Hợp, 26 September 2018 (004).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from commands.sample import AUTHOR, NAME, entries
from ledger.book import Book, Line
from ledger.catalogue import Entry, kind_of
from projections.figures import figures, rows
from projections.reading import Reading
from tests.test_sample_book import CONTRADICTED, NOT_CHECKABLE

MADE_ON = datetime(2024, 1, 2, tzinfo=UTC)
DAY = date(2024, 1, 2)
MISSING = {
    "000-06": "external",
    "000-07": "external",
    "000-20": "target",
    "000-23": "base",
    "000-26": "target",
    "001-10": "against",
}
"""What each figure lacks: growth of 2021 has no base, +0.6 % no target, 3 % no total."""


def off_by_one(made: list[Entry]) -> Iterator[Entry]:
    """Yield every figure that states one number flatly, one more and one less."""
    for stated in made:
        figure: Any = stated
        if kind_of(stated) == "figure_stated" and figure.comparator == "equal":
            for sign, change in (("more", 1), ("less", -1)):
                code, value = f"{figure.figure}.{sign}", figure.value + Decimal(change)
                yield replace(figure, figure=code, value=value, no=None, recorded_at=None)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return the row of every figure, those off by one among them."""
    made = entries()
    with Book.create(tmp_path_factory.mktemp("sample") / "sample.db", name=NAME) as book:
        lines = [Line(entry, place=None, sheet=None, row=None) for entry in made]
        book.record(lines, now=MADE_ON, by=AUTHOR, keep_recorded=True)
        book.record([Line(entry) for entry in off_by_one(made)], now=MADE_ON, by=AUTHOR)
        with Reading(book) as reading:
            return {row["figure"]: row for row in rows(figures(reading, DAY), reasons=True)}


def as_published(verdicts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the rows of the figures as they were printed."""
    return {code: row for code, row in verdicts.items() if not code.endswith(("more", "less"))}


def test_every_figure_has_its_verdict(verdicts: dict[str, dict[str, Any]]) -> None:
    for code, row in as_published(verdicts).items():
        if code in CONTRADICTED:
            expected = "contradicted"
        elif code in NOT_CHECKABLE:
            expected = "not_checkable"
        else:
            expected = "holds"
        assert row["verdict"] == expected, row


def test_what_is_missing_is_said(verdicts: dict[str, dict[str, Any]]) -> None:
    found = {code: row["missing"] for code, row in as_published(verdicts).items() if row["missing"]}
    assert found == MISSING


def test_growth_of_2022_is_another_than_was_printed(verdicts: dict[str, dict[str, Any]]) -> None:
    row = verdicts["000-25"]
    assert (row["stated"], row["computed"]) == ("3.1", "100/21")
    assert row["parts"] == {"count": 242, "earlier": 231}


def test_fourteen_hold_by_decision_only(verdicts: dict[str, dict[str, Any]]) -> None:
    row = verdicts["001-17"]
    assert (row["verdict"], row["computed"], row["basis"]) == ("holds", 14, "decision")
    assert verdicts["001-13"]["basis"] == "ceremony"


def test_a_figure_off_by_one_does_not_hold(verdicts: dict[str, dict[str, Any]]) -> None:
    flat = [code for code, row in as_published(verdicts).items() if row["comparator"] == "equal"]
    held = [code for code in flat if verdicts[code]["verdict"] == "holds"]
    assert len(held) > 20
    for code in held:
        for sign in ("more", "less"):
            row = verdicts[f"{code}.{sign}"]
            assert row["verdict"] in {"contradicted", "ambiguous"}, row
            assert row["computed"] == verdicts[code]["computed"]


def test_the_entries_behind_a_figure_are_its_own(verdicts: dict[str, dict[str, Any]]) -> None:
    for row in as_published(verdicts).values():
        assert row["entries"] == sorted(set(row["entries"]))
        assert bool(row["entries"]) == (row["computed"] is not None)
    assert len(verdicts["001-13"]["entries"]) == 77
    assert len(verdicts["000-30"]["entries"]) == 43
