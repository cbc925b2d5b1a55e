"""A file is checked piece by piece: with the same outcome as all at once, and one by one.

What is at hand of the people and streams dealt with is let go of and read again: here after
every few lines, so that small histories come through all that long files do.
"""

import random
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ledger.book import Book, Line, Source
from ledger.errors import Problem, Refused
from ledger.exchange.jsonlines import entry_json
from ledger.lifecycle import timelines
from ledger.recording import transaction
from ledger.store import sealing
from tests.histories import Entry, history
from tests.shelf import typed
from tests.test_laws import NOW as LATER
from tests.test_laws import SEEDS, SIZES


def outcome(entries: list[Entry], *, lines_a_piece: int, at_hand: int) -> Any:
    """Return the entries recorded, as lines, or what was wrong with which line."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(transaction, "LINES_A_PIECE", lines_a_piece)
        for module in (transaction, timelines):
            patch.setattr(module, "PEOPLE_AT_HAND", at_hand)
        patch.setattr(sealing, "KEYS_AT_HAND", at_hand)
        patch.setattr(timelines, "ENTRIES_AT_HAND", at_hand)
        folder = stack.enter_context(TemporaryDirectory())
        book = stack.enter_context(Book.create(Path(folder) / "made_up.db"))
        lines = [Line(typed(entry), f"f:{row}") for row, entry in enumerate(entries, 1)]
        try:
            book.record(lines, now=LATER, by="lan", source=Source("made_up.jsonl", bytes(32)))
        except Refused as refused:
            assert book.head.no == 0
            return [told(problem) for problem in refused.problems]
        return [entry_json(entry) for entry in book.entries(opened=True)]


def told(problem: Problem) -> tuple[Any, ...]:
    """Return what is said of a line, but for a code that is guessed."""
    reason, clash = problem.values.get("reason"), problem.values.get("clash")
    value = problem.values.get("value")
    return problem.place, problem.code, value, clash and clash.no, reason and told(reason)


def spoiled(chance: random.Random, entries: list[Entry]) -> list[Entry]:
    """Return a history of which some lines are missing, twice, elsewhere, or on another day."""
    found = list(entries)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(found))
        line = found.pop(at)
        how = chance.choice(("missing", "twice", "elsewhere", "another day"))
        if how == "twice":
            found[at:at] = [line, {**line, "no": len(entries) + at + 1}]
        elif how == "elsewhere":
            found.insert(chance.randrange(len(found) + 1), line)
        elif how == "another day":
            found.insert(at, {**line, "effective_on": chance.choice(entries)["effective_on"]})
    return found


@given(seed=SEEDS, size=SIZES, lines_a_piece=some.integers(1, 9), at_hand=some.integers(1, 5))
def test_a_file_in_pieces_is_judged_like_one_at_once(
    seed: int, size: int, lines_a_piece: int, at_hand: int
) -> None:
    entries = spoiled(random.Random(seed), history(seed, size))
    at_once = outcome(entries, lines_a_piece=10_000, at_hand=10_000)
    assert outcome(entries, lines_a_piece=lines_a_piece, at_hand=at_hand) == at_once


@given(seed=SEEDS, size=SIZES)
def test_a_file_is_judged_like_its_lines_one_by_one(seed: int, size: int) -> None:
    entries = spoiled(random.Random(seed), history(seed, size))
    # The numbers of a file are those of its lines: the book's, as long as nothing is refused.
    entries = [{**entry, "no": row} for row, entry in enumerate(entries, 1)]
    wrong = None
    with TemporaryDirectory() as folder, Book.create(Path(folder) / "made_up.db") as book:
        for row, entry in enumerate(entries, 1):
            alone = {name: value for name, value in entry.items() if name != "no"}
            try:
                book.record([Line(typed(alone), f"f:{row}")], now=LATER, by="lan")
            except Refused as refused:
                (problem,) = refused.problems
                wrong = told(problem)
                break
        one_by_one = [entry_json(entry) for entry in book.entries(opened=True)]
    together = outcome(entries, lines_a_piece=7, at_hand=3)
    if wrong is None:
        assert together == one_by_one
    else:
        # A number that is not there is told otherwise where it is one of the file.
        of_file = (wrong[0], "unknown_in_file", wrong[2], None, None)
        assert together[0] in {wrong, of_file}
