"""The benchmark on a small book, so that it does not rot; nothing in it is timed."""

import importlib
import itertools
import json
import runpy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from ledger.book import Book
from ledger.exchange.linefile import LineFile
from projections.reading import Reading
from tests.test_laws import NOW

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))


def _module(name: str) -> Any:
    return importlib.import_module(name)


@pytest.mark.parametrize("entries", [300, 2_500])
def test_a_history_is_the_same_every_time(entries: int) -> None:
    lines = list(_module("histories").lines(entries))
    assert len(lines) == entries
    assert lines == list(_module("histories").lines(entries))


def test_a_history_is_like_life() -> None:
    entries = [json.loads(line) for line in _module("histories").lines(5_000)]
    kinds = {entry["kind"] for entry in entries}
    assert kinds >= {"transferred", "transferred_out", "died", "voided", "unit_merged"}
    assert kinds >= {"unnamed_counted", "target_set", "term_opened", "figure_stated"}
    assert any("corrects" in entry for entry in entries)
    days = [entry["effective_on"] for entry in entries if "person" in entry]
    assert any(day < before for before, day in itertools.pairwise(days))


def test_three_ways_give_one_answer(tmp_path: Path) -> None:
    # given a history in our book and in the library's
    questions, plain = _module("measuring.questions"), _module("measuring.plain")
    source, other = tmp_path / "history.jsonl", tmp_path / "plain.db"
    with source.open("wb") as stream:
        stream.writelines(_module("histories").lines(6_000))
    plain.save(other, source)
    with Book.create(tmp_path / "made_up.db") as book:
        with source.open("rb") as stream:
            lines = LineFile(stream, source.name, lambda *_: None)
            book.record(lines, now=NOW, by="lan")
        # when a question is asked of each
        for question in questions.QUESTIONS:
            with Reading(book) as reading:
                ours = questions.ours(reading, question)
            # then they agree
            assert ours == questions.folded(other, question)
            assert ours == questions.queried(other, question)
            assert any(json.dumps(ours).count(digit) for digit in "123456789")


def test_answers_that_differ_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, running = _module("measuring.steps"), _module("measuring.running")
    monkeypatch.setattr(steps, "work", lambda name, *_: running.Ran(1.0, 0, name == "fold"))
    measuring = steps.Measuring(tmp_path, 20, 1)
    with pytest.raises(steps.Disagreement, match="headcount"):
        list(measuring._questions())


def test_it_writes_a_report_and_a_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given one report instead of all
    steps = _module("measuring.steps")
    monkeypatch.setattr(steps, "REPORTS", steps.REPORTS[:1])
    benchmark = runpy.run_path(str(ROOT / "scripts" / "benchmark"))
    # when it runs on a small book
    output = tmp_path / "report.md"
    asked = ["--sizes", "300", "--rounds", "1", "--output", str(output)]
    assert benchmark["main"](asked) == 0
    # then all that was asked is in the report, and the chart is a picture
    text = output.read_text("utf-8")
    for what in (
        "import, with all checks",
        "cold replay on all cores",
        "headcount, warm",
        "book",
        "`audit verify`",
    ):
        assert f"| {what}" in text
    assert "](report.svg)" in text
    assert ET.parse(tmp_path / "report.svg").getroot().tag.endswith("svg")  # noqa: S314 - our own


def test_growth_says_what_is_worse_than_n_log_n() -> None:
    results, report = _module("measuring.results"), _module("measuring.report")
    measured = [
        results.Measured(
            entries,
            1,
            [results.Result("level", entries, 0), results.Result("square", entries**2, 0)],
            [],
        )
        for entries in (1_000, 10_000)
    ]
    level, square = list(report._grown(measured))[2:]
    assert level == "| level | × 10.0 | no |"
    assert square == "| square | × 100.0 | **yes** |"
