"""The report of a benchmark, in Markdown: ratios first, then what they are made of."""

import math
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from measuring.results import Beside, Floor, Measured, Result, as_bytes, as_ratio, as_seconds

_NOISE = 1.15
"""How much more than n log n a step may grow by before it is called worse: the spread of runs."""
_REPORTS = (
    "Reports from the shell, beside the fold of a term over the library's replay (without the\n"
    "start of its process): what any report costs at least that is made without projections.\n"
    "Cold is measured once."
)
_LIBRARIES = ("eventsourcing", "msgspec", "msgpack", "pyarrow", "duckdb", "cryptography")


def machine() -> Mapping[str, str]:
    """Return what was measured on, and when it begins: to be asked before the load is ours."""
    now = datetime.now().astimezone()
    load = (
        ", ".join(f"{number:.2f}" for number in os.getloadavg())
        if hasattr(os, "getloadavg")
        else "?"
    )
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - whichever git is there
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    ).stdout.strip()
    return {
        "date": now.strftime("%Y-%m-%d %H:%M %Z"),
        "commit": commit or "unknown",
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory()}",
        "system": f"{platform.system()} {platform.release()}",
        "load before": load,
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in _LIBRARIES},
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    for line in information.read_text().splitlines() if information.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    if sys.platform == "win32":
        return "memory unknown"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _shown(result: Result, best: float, spread: float) -> str:
    if result.unit == "bytes":
        return as_bytes(best)
    return as_seconds(best) + (f" (+{spread:.0%})" if spread else "")


def _ratio(result: Result, beside: Beside) -> str:
    if result.unit == "bytes":
        return f"{result.best / beside.best:.3f}×"
    ratio = beside.best / result.best
    return f"{ratio:.0%} of the limit" if result.is_limit else as_ratio(ratio)


def _verdict(floor: Floor) -> str:
    return "yes" if floor.holds else "**no**"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _heads(*cells: str) -> list[str]:
    return [_row(cells), _row(["---"] * len(cells))]


def _floors(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield the table of what was asked, a column for each size."""
    yield from _heads("what", "asked", *(f"{size.entries:,} entries" for size in measured))
    rows: dict[tuple[str, str], dict[int, str]] = {}
    for size in measured:
        for result in size.results:
            if floor := result.floor:
                cells = rows.setdefault((result.what, floor.said), {})
                cells[size.entries] = f"{floor.found}: {_verdict(floor)}"
    for (what, said), cells in rows.items():
        yield _row([what, said, *(cells.get(size.entries, "") for size in measured)])


def _table(results: Sequence[Result]) -> Iterator[str]:
    """Yield results, a row for each that stands beside one."""
    yield from _heads("what", "ratio", "Rollbook", "beside", "took")
    for result in results:
        ours = _shown(result, result.best, result.spread)
        if not result.beside:
            yield _row([result.what, "", ours, "", ""])
        for beside in result.beside:
            took = _shown(result, beside.best, beside.spread)
            yield _row([result.what, _ratio(result, beside), ours, beside.way, took])


def _reports(size: Measured) -> Iterator[str]:
    """Yield what each report takes from the shell, warm and cold."""
    yield from _heads("report", "warm, ratio", "warm", "cold, ratio", "cold")
    for command, cold, warm in size.reports:
        cells = [command]
        for result in (warm, cold):
            (fold,) = result.beside
            cells += [_ratio(result, fold), _shown(result, result.best, result.spread)]
        yield _row(cells)


def _grown(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield how the time of each step grows from size to size, for tenfold entries."""
    steps = [f"{a.entries:,} → {b.entries:,}" for a, b in pairwise(measured)]
    yield from _heads("what", *steps, "worse than n log n")
    rows: dict[str, list[tuple[int, float]]] = {}
    for size in measured:
        for what, best in size.timed():
            rows.setdefault(what, []).append((size.entries, best))
    for what, times in rows.items():
        cells, worse = [what], False
        for (small, before), (big, after) in pairwise(times):
            grown, decades = after / before, math.log10(big / small)
            cells.append(f"× {grown ** (1 / decades):.1f}")
            worse |= grown > _NOISE * big * math.log(big) / (small * math.log(small))
        yield _row([*cells, "**yes**" if worse else "no"])


def written(
    measured: Sequence[Measured], once: Sequence[Result], about: Mapping[str, str], chart: str
) -> str:
    """Return the whole report; ``once`` are results that no size changes."""
    sizes = ", ".join(f"{size.entries:,}" for size in measured)
    lines = [
        "# Benchmarks",
        "",
        "Written by `python scripts/benchmark`: generated books, and beside each figure the same",
        "done by other ways on the same entries, in turn, in one run. Seconds differ from machine",
        "to machine and from hour to hour; the ratios are what to look at. Each time is the best",
        "of the rounds, with how much longer the worst took; what is held to seconds, and warm",
        "questions, are done five times at least where a book is big. *Cold* is with nothing kept",
        "beside the book, *warm* with it there. Questions and replays are timed inside a process,",
        "import, `record`, and reports from start to exit. The three answers to a question were",
        "equal.",
        "",
        f"Books of {sizes} entries.",
        "",
        *_heads("", ""),
        *(_row([name, value]) for name, value in about.items()),
        "",
        "## What was asked, and what is",
        "",
        "A ratio says how many times as fast Rollbook was, or which share of the bytes it took.",
        "",
        *_floors(measured),
        "",
        f"![Microseconds an entry, by the size of the book]({chart})",
        "",
        "## How it grows",
        "",
        "How many times as long it takes for ten times the entries; a step is *worse* when it",
        f"grows by more than {_NOISE - 1:.0%} beyond n log n.",
        "",
        *_grown(measured),
    ]
    for size in measured:
        lines += ["", f"## {size.entries:,} entries, best of {size.rounds}", ""]
        lines += [*_table(size.results), "", _REPORTS, "", *_reports(size)]
    lines += ["", "## Whatever the size", "", *_table(once)]
    return "\n".join(lines) + "\n"
