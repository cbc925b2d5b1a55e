"""Measures everything on a generated book of one size."""

import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from histories import PART, TERM, lines
from measuring.keeping import forget
from measuring.questions import QUESTIONS, YEAR
from measuring.results import (
    AT_LEAST_ENTRIES,
    Measured,
    Report,
    Result,
    memory,
    near,
    result,
    sized,
    times_as_fast,
    within,
)
from measuring.running import Ran, Times, can_be_bound, python, rollbook, rounds, work

_PERIOD = ("--from", YEAR["since"], "--to", YEAR["until"])
REPORTS: tuple[tuple[str, ...], ...] = (
    ("movement", "--unit", PART, *_PERIOD),
    ("roster", "--as-of", YEAR["until"]),
    ("headcount", "--as-of", YEAR["until"], "--by", "age", "--by", "ethnicity"),
    ("headcount", "--years", "2015..2024"),
    ("term", TERM, "--unit", "T", "--as-of", "2024-12-31", "--by", "ethnicity"),
    ("targets", "--unit", "T", "--from", "2010-01-01", "--to", "2024-12-31"),
    ("pipeline", "--as-of", YEAR["until"], "--times"),
    ("pipeline", *_PERIOD, "--within", "24m"),
    ("units", "--as-of", YEAR["until"]),
    ("figures",),
    ("due", "--as-of", YEAR["until"], "--within", "60d"),
    ("rules", "check", *_PERIOD),
)
_A_CHECK_FOUND_SOMETHING = 1
_HELD_TO_SECONDS = 5
"""So many rounds at least of what is held to seconds, where a book is big."""
_GIGABYTE = 1_000_000_000


class Disagreement(Exception):
    """Two ways to the same figure came out differently; the words say which."""


def help_beside_click(number: int) -> Result:
    """Return what the help takes, beside the import of the command line library alone."""
    ours, click = rounds(number, lambda: rollbook("--help"), lambda: python("import click"))
    return result("`rollbook --help`", ours, {"`import click`": click})


class Measuring:
    """One generated book, ours and the library's, in a folder that is thrown away."""

    def __init__(self, folder: Path, entries: int, number: int) -> None:
        self._entries = entries
        self._rounds = number
        self._is_big = entries >= AT_LEAST_ENTRIES
        self._folder = folder
        self._source = folder / "history.jsonl"
        self._book = folder / "ours" / "book.db"
        self._plain = folder / "plain.db"
        with self._source.open("wb") as stream:
            stream.writelines(lines(entries))

    def measured(self) -> Measured:
        """Measure everything. Raises Disagreement, Failed."""
        steps: tuple[Callable[[], Iterator[Result]], ...] = (
            self._import,
            self._replay,
            self._questions,
            self._sizes,
            self._verify,
        )
        results: list[Result] = []
        for step in steps:
            self._tell(step.__name__.strip("_"))
            results += step()
        self._tell("reports")
        reports = list(self._reports())
        results += self._record()  # the last, for the book is another one after it
        return Measured(self._entries, self._rounds, results, reports)

    def _tell(self, what: str) -> None:
        print(f"{self._entries:,} entries: {what} …", file=sys.stderr, flush=True)

    def _in_turn(self, *works: Callable[[], Ran]) -> list[Times]:
        return rounds(self._rounds, *works)

    def _again(self, times: Times, asked: Callable[[], Ran]) -> Times:
        """Add rounds to what is held to seconds: the only round of a big book may be a slow one."""
        more = _HELD_TO_SECONDS - self._rounds if self._is_big else 0
        (others,) = rounds(max(0, more), asked)
        return Times(times.runs + others.runs)

    def _import(self) -> Iterator[Result]:
        book, plain, source = self._book, self._plain, self._source

        def ours() -> Ran:
            shutil.rmtree(book.parent, ignore_errors=True)
            book.parent.mkdir()
            rollbook("init", "--book", str(book))
            return rollbook("import", str(source), "--book", str(book))

        def save() -> Ran:
            for path in plain.parent.glob(f"{plain.name}*"):
                path.unlink()
            return work("save", plain, source, whole=True)

        imported, saved = self._in_turn(ours, save)
        floor = times_as_fast(imported, saved, 2.5)
        yield result("import, with all checks", imported, {"library save in batches": saved}, floor)
        recorder = self._in_turn(lambda: work("recorder", book, self._folder / "copy.db"))[0]
        yield near("import, with all checks", imported, {"recorder alone": recorder})
        yield memory("peak memory of import", imported, 2 * _GIGABYTE)
        source.unlink()

    def _replay(self) -> Iterator[Result]:
        book, plain = self._book, self._plain
        asked = (
            ((1, "one core", 5), (None, "all cores", 10))
            if can_be_bound()
            else ((None, "all cores", 10),)
        )
        for cores, where, least in asked:
            ours, library, loop = self._in_turn(
                partial(work, "cold_replay", book, cores=cores),
                partial(work, "replay", plain, cores=cores),
                partial(work, "bare_loop", book, cores=cores),
            )
            floor = times_as_fast(ours, library, least)
            ways = {"library log and mapper": library, "sqlite3 and msgpack": loop}
            yield result(f"cold replay on {where}", ours, ways, floor)
            read, decode = self._in_turn(
                partial(work, "bare_read", book, cores=cores),
                partial(work, "bare_decode", book, cores=cores),
            )
            limits = {"rows read": read, "rows read and decoded in C": decode}
            yield near(f"cold replay on {where}", ours, limits)
        yield memory("peak memory of cold replay", ours, 4 * _GIGABYTE)
        derive = partial(work, "derived", book)
        (derived,) = self._in_turn(derive)
        derived = self._again(derived, derive)
        said, most_seconds = "≤ 5 s for ten millions", 5 * self._entries / 10_000_000
        most = within(derived, said, most_seconds) if self._is_big else None
        yield result("derived tables from the segments", derived, floor=most)

    def _questions(self) -> Iterator[Result]:
        book, plain = self._book, self._plain
        for question in QUESTIONS:
            cold, warm, fold, query = self._in_turn(
                partial(work, "ask_cold", book, question),
                partial(work, "ask", book, question),
                partial(work, "fold", plain, question),
                partial(work, "query", plain, question),
            )
            warm = self._again(warm, partial(work, "ask", book, question))
            for way, times in (("fold", fold), ("SQL", query), ("warm", warm)):
                if times.answer != cold.answer:
                    message = f"{question}: {cold.answer}; by {way}: {times.answer}"
                    raise Disagreement(message)
            others = {"fold over the replay": fold, "SQL over JSON states": query}
            yield result(f"{question}, cold", cold, others)
            floor = within(warm, "≤ 200 ms", 0.2) if question == "headcount" else None
            yield result(f"{question}, warm", warm, others, floor)
        self._fold = fold

    def _sizes(self) -> Iterator[Result]:
        cache = [path for path in self._book.with_suffix(".cache").iterdir() if path.is_file()]
        segments = [path for path in cache if path.name.startswith("entries-")]
        ours, plain = self._book.stat().st_size, self._plain.stat().st_size
        held = sum(path.stat().st_size for path in cache)
        entries = sum(path.stat().st_size for path in segments)
        yield sized("book, bytes an entry", ours, plain, self._entries, 0.7)
        yield sized("entries in the cache, bytes an entry", entries, plain, self._entries)
        yield sized("whole cache, bytes an entry", held, plain, self._entries, 0.06)

    def _verify(self) -> Iterator[Result]:
        """Measure the check of every byte: it makes the whole tree, and looks at the order."""
        ours, hashed = self._in_turn(
            partial(rollbook, "audit", "verify", "--book", str(self._book)),
            partial(work, "bare_hash", self._book),
        )
        floor = times_as_fast(ours, hashed, 0.5) if self._is_big else None
        yield result("`audit verify`, structure", ours, {"rows read and hashed": hashed}, floor)

    def _reports(self) -> Iterator[Report]:
        where = ("--book", str(self._book), "--format", "json")
        for asked in REPORTS:
            ask = partial(rollbook, *asked, *where, exits={0, _A_CHECK_FOUND_SOMETHING})
            forget(self._book)
            (cold,) = rounds(1, ask)
            (warm,) = self._in_turn(ask)
            command = f"`{' '.join(asked)}`"
            folded = {"fold of a term": self._fold}
            yield Report(command, result("cold", cold, folded), result("warm", warm, folded))

    def _record(self) -> Iterator[Result]:
        what = ("task_assigned", "--person", "P0000001", "--task", "đọc", "--on", "2025-12-31")
        ours, plain = self._in_turn(
            partial(rollbook, "record", *what, "--book", str(self._book)),
            partial(work, "save_one", self._plain, whole=True),
        )
        yield result("one `record`, from shell to exit", ours, {"library save of one": plain})
