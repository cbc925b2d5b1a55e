"""What was measured, as numbers beside each other, with the floors they are held to."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from measuring.running import Times

AT_LEAST_ENTRIES = 1_000_000
"""In smaller books a limit that grows with the entries says nothing: the start is all there is."""

Unit = Literal["seconds", "bytes"]


class Floor(NamedTuple):
    """What is asked of a result."""

    said: str
    found: str
    """What it is held against: a ratio, seconds or bytes, as people read it."""
    holds: bool


class Beside(NamedTuple):
    """Another way to the same end, and what it took."""

    way: str
    best: float
    spread: float = 0.0


class Result(NamedTuple):
    """What Rollbook took for one thing, in seconds or bytes, and what others took."""

    what: str
    best: float
    spread: float
    beside: tuple[Beside, ...] = ()
    floor: Floor | None = None
    unit: Unit = "seconds"
    is_limit: bool = False
    """Whether what stands beside cannot be beaten: the ratio is how near we are."""


class Report(NamedTuple):
    """One report, asked from the shell."""

    command: str
    cold: Result
    warm: Result


class Measured(NamedTuple):
    """All results of a book of one size."""

    entries: int
    rounds: int
    results: list[Result]
    reports: list[Report]

    def timed(self) -> Iterator[tuple[str, float]]:
        """Yield everything that took time, and the best of it in seconds."""
        for result in self.results:
            if result.unit == "seconds" and not result.is_limit:
                yield result.what, result.best
        for report in self.reports:
            yield f"{report.command}, cold", report.cold.best
            yield f"{report.command}, warm", report.warm.best


def as_seconds(best: float) -> str:
    """Return seconds as people read them."""
    digits = 1 if best >= 100 else 2 if best >= 1 else 3  # noqa: PLR2004 - digits that are read
    return f"{best:.{digits}f} s"


def as_bytes(number: float) -> str:
    """Return bytes as people read them; the system does not always tell."""
    if not number:
        return "not told"
    return f"{number / 1e6:,.0f} MB" if number >= 1e6 else f"{number:,.1f} B"  # noqa: PLR2004 - MB


def as_ratio(number: float) -> str:
    """Return how many times as fast something is."""
    if number < 1:
        return f"{number:.2g}×"
    return f"{number:.0f}×" if number >= 10 else f"{number:.1f}×"  # noqa: PLR2004 - digits


def result(
    what: str, ours: Times, ways: Mapping[str, Times] | None = None, floor: Floor | None = None
) -> Result:
    """Return a result of times; ``ways`` are the others, each by what it is called."""
    beside = tuple(Beside(way, times.best, times.spread) for way, times in (ways or {}).items())
    return Result(what, ours.best, ours.spread, beside, floor)


def near(what: str, ours: Times, limits: Mapping[str, Times]) -> Result:
    """Return a result beside what nothing could be faster than."""
    return result(what, ours, limits)._replace(is_limit=True)


def memory(what: str, ours: Times, most_bytes: int) -> Result:
    """Return the most memory that the processes of a piece of work held together."""
    said = f"≤ {most_bytes / 1e9:.0f} GB"
    peak = ours.peak_bytes
    floor = Floor(said, as_bytes(peak), peak <= most_bytes) if peak else None
    return Result(what, peak, 0.0, (), floor, "bytes")


def times_as_fast(ours: Times, other: Times, least: float) -> Floor:
    """Return the floor that ours is so many times as fast as another way."""
    ratio = other.best / ours.best
    return Floor(f"≥ {least:g}×", as_ratio(ratio), ratio >= least)


def within(ours: Times, said: str, most_seconds: float) -> Floor:
    """Return the floor that ours takes no longer than so many seconds."""
    return Floor(said, as_seconds(ours.best), ours.best <= most_seconds)


def sized(what: str, ours_bytes: int, other_bytes: int, entries: int, most: float = 0) -> Result:
    """Return bytes an entry beside those of the library's book; ``most``: share of them."""
    share = ours_bytes / other_bytes
    floor = Floor(f"≤ {most:g}×", f"{share:.3f}×", share <= most) if most else None
    beside = (Beside("library's JSON book", other_bytes / entries),)
    return Result(what, ours_bytes / entries, 0.0, beside, floor, "bytes")
