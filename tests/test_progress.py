"""How far something is: told now and then, on a terminal only, with what is left."""

import sys
from collections.abc import Iterator

import pytest

from commands import progress as showing
from commands.language import speak
from commands.progress import Counted, Pace, counted


class Clock:
    """A clock whose every look takes as long as it is told."""

    def __init__(self, step_seconds: float) -> None:
        self.seconds = 0.0
        self.step_seconds = step_seconds

    def __call__(self) -> float:
        self.seconds += self.step_seconds
        return self.seconds


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Give the lines that a terminal is shown."""
    lines: list[str] = []
    monkeypatch.setattr(showing, "progress", lines.append)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    speak("en")
    yield lines
    speak("en")


def test_a_long_work_is_told_with_its_rate_and_what_is_left(shown: list[str]) -> None:
    clock = Clock(0)
    pace = Pace("Wrote {number} of {whole} entries", 10_000, clock=clock)
    for number in range(1, 10_001):
        clock.seconds += 0.001
        pace.tell(number)
    assert all("of 10000 entries, " in line for line in shown)
    assert all(line.endswith(" left") and "/s, " in line for line in shown)
    numbers = [int(line.split()[1]) for line in shown]
    assert numbers == sorted(numbers)
    assert 20 < len(numbers) < 60


@pytest.mark.parametrize(
    ("number", "rate", "line"),
    [
        (25, 5.0, "25 of 100, 5/s, 00:15 left"),
        (99, 0.25, "99 of 100, 0/s, 00:04 left"),
        (1, 0.01, "1 of 100, 0/s, 2:45:00 left"),
        (100, 9.6, "100 of 100, 10/s, 00:00 left"),
        (10, 1.0, "10 of 100, 1/s, 01:30 left"),
    ],
)
def test_time_left_is_in_minutes_and_seconds(number: int, rate: float, line: str) -> None:
    speak("en")
    assert Pace("{number} of {whole}", 100).line(number, rate) == line


def test_without_a_whole_only_the_rate_is_told() -> None:
    speak("en")
    assert Pace("Read {number} lines").line(7, 3.0) == "Read 7 lines, 3/s"


def test_a_whole_that_is_only_estimated_gives_the_time_left(shown: list[str]) -> None:
    clock = Clock(0)
    pace = Pace("Checked {number} lines", clock=clock)
    for number, whole in ((10, 100), (20, 90)):
        clock.seconds += 2
        pace.tell(number, whole)
    assert shown == [
        "Checked 10 lines, 5/s, 00:18 left",
        "Checked 20 lines, 5/s, 00:14 left",
    ]


def test_what_is_done_within_a_second_is_not_told(shown: list[str]) -> None:
    pace = Pace("{number} of {whole}", 1_000, clock=Clock(0.0001))
    assert list(counted(range(1_000), pace)) == list(range(1_000))
    assert shown == [""]


def test_the_line_is_cleared_when_it_is_interrupted(shown: list[str]) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(counted(items(), Pace("{number}", clock=Clock(9.0))))
    assert shown[-1] == ""


@pytest.mark.parametrize(("terminal", "shows"), [(False, True), (True, False)])
def test_programs_see_nothing(
    terminal: bool,  # noqa: FBT001 - the two cases of a table
    shows: bool,  # noqa: FBT001 - as above
    shown: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    pace = Pace("{number}", shows=shows, clock=Clock(9.0))
    for number in range(1_000):
        pace.tell(number)
    assert not shown


def test_a_book_read_for_the_first_time_tells_how_far_it_is(
    shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(2.0)
    monkeypatch.setattr(showing, "Pace", lambda text: Pace(text, clock=clock))
    tell = showing.reading_pace()
    tell(100, 300)
    tell(300, 300)
    assert shown == [
        "Read 100 of 300 entries, 50/s, 00:04 left",
        "Read 300 of 300 entries, 75/s, 00:00 left",
        "",
    ]


def test_counted_items_can_be_gone_through_again() -> None:
    pace = Pace("{number} of {whole}", 3, shows=False)
    items = Counted([1, 2, 3], pace)
    assert not isinstance(items, Iterator)  # it would be gathered in memory first
    assert list(items) == list(items) == [1, 2, 3]
