"""Days and moments as people write and read them; nothing is ever guessed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import dates
from ledger.errors import Problem

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize("text", ["2023-10-07", "07/10/2023", "7/10/2023", " 2023-10-07 "])
def test_a_day_is_iso_or_day_month_year(text: str) -> None:
    assert dates.day(text) == date(2023, 10, 7)


@pytest.mark.parametrize(
    "text",
    [
        "7/10",
        "2023-13-01",
        "2023-02-30",
        "31/02/2023",
        "2023/10/07",
        "10-07-2023",
        "20231007",
        "2023-W40-6",
        "07/10/23",
        "yesterday",
        "",
        "\u0667/10/2023",
        "0000-01-01",
        "2023-10-07T00:00",
    ],
)
def test_anything_else_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(Problem) as caught:
        dates.day(text)
    assert caught.value.code == "bad_date"


def test_a_bare_day_as_a_moment_is_its_end_in_the_zone_of_the_book() -> None:
    assert dates.moment("18/09/2023", HANOI) == datetime(2023, 9, 18, 16, 59, 59, 999_999, UTC)


def test_a_moment_needs_its_zone() -> None:
    assert dates.moment("2023-09-18T08:30:00+07:00", HANOI) == datetime(
        2023, 9, 18, 1, 30, tzinfo=UTC
    )
    for text in ("2023-09-18T08:30:00", "08:30", "now"):
        with pytest.raises(Problem) as caught:
            dates.moment(text, HANOI)
        assert caught.value.code == "bad_moment"


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+14:00", "9999-12-31T20:00-12:00"]
)
def test_a_moment_outside_the_years_one_to_9999_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        dates.moment(text, HANOI)
    assert caught.value.code == "bad_moment"


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_first_and_the_last_day_have_an_end_everywhere(zone: str) -> None:
    first, last = (dates.moment(text, ZoneInfo(zone)) for text in ("0001-01-01", "9999-12-31"))
    assert first.astimezone(UTC).year == 1
    assert last.astimezone(UTC).year == 9999


def test_who_asks_of_the_last_day_there_is_is_told_what_never_ended() -> None:
    assert dates.day_asked("31/12/9999") == dates.day_asked("9999-12-30") == date(9999, 12, 30)
    assert dates.day_asked("2020-02-29") == date(2020, 2, 29)


def test_a_period_holds_both_its_ends_and_does_not_end_before_it_begins() -> None:
    assert dates.period("2020-01-01..31/12/2020") == (date(2020, 1, 1), date(2020, 12, 31))
    for text, code in (("2020-12-31..2020-01-01", "bad_period"), ("2020-01-01", "bad_date")):
        with pytest.raises(Problem) as caught:
            dates.period(text)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "first", "last"), [("2015..2023", 2015, 2023), ("2015", 2015, 2015)]
)
def test_years(text: str, first: int, last: int) -> None:
    assert list(dates.years(text)) == list(range(first, last + 1))


@pytest.mark.parametrize("text", ["2023..2015", "15..23", "2015-2023", "0000", "2015...2016", ""])
def test_what_is_no_years_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        dates.years(text)
    assert caught.value.code == "bad_years"


@given(st.dates())
def test_a_day_shown_is_read_again_as_itself(on: date) -> None:
    for language in ("vi", "en"):
        assert dates.day(dates.shown(on, language)) == on


@given(st.text(max_size=30))
def test_no_text_surprises(text: str) -> None:
    for read in (dates.day, dates.period, dates.years, lambda said: dates.moment(said, HANOI)):
        try:
            read(text)
        except Problem as problem:
            assert problem.code.startswith("bad_")  # noqa: PT017 - most texts are refused
