"""``rules check``: each rule the day before, on and after its threshold, in the right version."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Problem
from projections.reading import Reading
from projections.rules.checks import Findings, check
from projections.rules.workdays import Calendar, read_calendar
from tests.shelf import new_book, record

LATER = datetime(2026, 11, 1, tzinfo=UTC)
UNITS = """
    unit_founded 2010-01-01 TP type=upper_of_grassroots
    unit_founded 2010-01-01 C1 parent=TP
    unit_founded 2010-01-01 C2 parent=TP
    carried_forward 2010-01-01 M1 unit=C1
    carried_forward 2010-01-01 M2 unit=C1
    carried_forward 2010-01-01 M3 unit=C1
    class_opened 2014-01-01 K1 starts=2014-01-01
"""
CALENDAR = read_calendar(["year,2024", "year,2025", "year,2026"], "none.csv")


def found(
    folder: Path, table: str, *ids: str, unit: str | None = None, **more: Any
) -> list[tuple[Any, ...]]:
    """Return rule, status, entry and reason of the findings of a scenario."""
    rows = findings(folder, table, *ids, unit=unit, **more).rows
    return [(row["rule"], row["status"], row["entry"], row["reason"]) for row in rows]


def findings(folder: Path, table: str, *ids: str, unit: str | None = None, **more: Any) -> Findings:
    """Return the findings of a scenario, whose entries come after those of ``UNITS``."""
    with new_book(folder, "", f"{len(list(folder.iterdir()))}.db") as book:
        record(book, UNITS + table, now=LATER)
        with Reading(book) as reading:
            options: dict[str, Any] = {"as_of": date(2026, 10, 1), "calendar": CALENDAR} | more
            made = check(reading, unit, options.pop("as_of"), only=ids, **options)
            return made._replace(rows=list(made.rows))


def statuses(folder: Path, table: str, *ids: str, **more: Any) -> list[str]:
    """Return the statuses of the findings of a scenario."""
    return [row[1] for row in found(folder, table, *ids, **more)]


def born(day: str, person: str = "P1", on: str = "2024-01-01") -> str:
    """Return the nomination of somebody born on a day."""
    profile = f'{{"name":"A","birth_date":"{day}","education":"upper_secondary"}}'
    return f"\nnominated {on} {person} unit=C1 profile={profile}\n"


def considered(on: str, person: str = "P1") -> str:
    """Return the cell's consideration of an admission, and the admission after it."""
    return f"resolved {on} {person}\n"


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-07-31", ["breach"]), ("2025-08-01", []), ("2025-08-20", []), ("2025-09-01", [])],
)
def test_eighteen_is_counted_by_month(tmp_path: Path, day: str, expected: list[str]) -> None:
    table = born("2007-08-20") + considered(day)
    assert statuses(tmp_path, table, "ADM-AGE-MIN") == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-08-31", []), ("2025-09-01", ["breach"]), ("2026-01-01", ["breach"])],
)
def test_sixty_is_counted_by_month(tmp_path: Path, day: str, expected: list[str]) -> None:
    table = born("1965-08-20") + considered(day)
    assert statuses(tmp_path, table, "ADM-AGE-MAX") == expected


def test_a_paper_of_consent_lifts_the_highest_age_and_not_the_lowest(tmp_path: Path) -> None:
    paper = 'consent={"number":"5-CV/TU","issuer":"BTV"}'
    old = born("1950-01-01") + f"resolved 2025-08-01 P1 {paper}"
    young = born("2010-01-01") + f"resolved 2025-08-01 P1 {paper}"
    (row,) = findings(tmp_path, old, "ADM-AGE-MAX").rows
    assert (row["status"], row["consent"], row["found"]) == ("lifted", "5-CV/TU, BTV", ">60")
    assert statuses(tmp_path, young, "ADM-AGE-MIN") == ["breach"]


def test_an_age_that_cannot_be_told_is_not_checked(tmp_path: Path) -> None:
    of_year = '\nnominated 2024-01-01 P1 unit=C1 profile={"name":"A","birth_year":2007}\n'
    table = of_year + considered("2025-08-01")
    assert found(tmp_path, table, "ADM-AGE-MIN") == [
        ("ADM-AGE-MIN", "not_checked", 9, "no_birth_date")
    ]
    sure = of_year.replace("2007", "2008") + considered("2025-08-01")
    assert statuses(tmp_path, sure, "ADM-AGE-MIN") == ["breach"]
    # Without the cell's consideration the day that counts is not in the book.
    direct = born("1964-08-20") + "admitted 2025-08-20 P1 unit=C1"
    assert found(tmp_path, direct, "ADM-AGE-MAX")[0][3] == "no_consideration"


@pytest.mark.parametrize(
    ("day", "expected"), [("2025-08-30", []), ("2025-08-31", []), ("2025-09-01", ["breach"])]
)
def test_a_certificate_is_valid_for_sixty_months(
    tmp_path: Path, day: str, expected: list[str]
) -> None:
    table = born("1990-01-01", on="2020-01-01") + "attended_class 2020-08-31 P1 class=K1\n"
    assert statuses(tmp_path, table + considered(day), "ADM-CERT-VALID") == expected


def test_no_certificate_at_all_is_a_breach(tmp_path: Path) -> None:
    table = born("1990-01-01") + considered("2025-08-01")
    assert found(tmp_path, table, "ADM-CERT-VALID") == [
        ("ADM-CERT-VALID", "breach", 9, "none_before")
    ]


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-02-27", []), ("2026-02-28", []), ("2026-03-01", ["breach"])]
)
def test_a_dossier_is_valid_for_twelve_months(
    tmp_path: Path, day: str, expected: list[str]
) -> None:
    table = born("1990-01-01") + "dossier_opened 2025-02-28 P1\n" + considered(day)
    assert statuses(tmp_path, table, "ADM-DOSSIER-VALID") == expected


@pytest.mark.parametrize(
    ("votes", "expected"),
    [((5, 9), ["breach"]), ((6, 9), []), ((7, 9), []), ((13, 20), ["breach"])],
)
def test_two_thirds_of_all_entitled_to_vote(
    tmp_path: Path, votes: tuple[int, int], expected: list[str]
) -> None:
    for_, eligible = votes
    vote = f"resolved 2025-08-01 P1 votes_for={for_} votes_against=0 eligible={eligible}\n"
    table = born("1990-01-01") + vote + "admitted 2025-09-01 P1 unit=C1"
    assert statuses(tmp_path, table, "ADM-VOTE-CELL") == expected


def test_a_failed_vote_that_went_no_further_breaks_nothing(tmp_path: Path) -> None:
    failed = "resolved 2025-08-01 P1 votes_for=5 votes_against=4 eligible=9\n"
    again = failed + "resolved 2025-09-01 P1\nadmitted 2025-10-01 P1 unit=C1"
    assert statuses(tmp_path, born("1990-01-01") + failed, "ADM-VOTE-CELL") == []
    assert statuses(tmp_path, born("1990-01-01") + again, "ADM-VOTE-CELL") == []


@pytest.mark.parametrize(("votes_for", "expected"), [(7, ["breach"]), (8, [])])
def test_the_deciding_body_needs_more_than_half(
    tmp_path: Path, votes_for: int, expected: list[str]
) -> None:
    vote = f"resolved 2025-08-01 P1 body=deciding_body votes_for={votes_for} votes_against=0"
    table = born("1990-01-01") + f"{vote} eligible=14\nadmission_decided 2025-08-02 P1 by_unit=TP"
    assert statuses(tmp_path, table, "ADM-VOTE-DECIDE") == expected


def test_a_base_committee_that_decides_needs_two_thirds(tmp_path: Path) -> None:
    vote = "resolved 2025-08-01 P1 body=deciding_body votes_for=9 votes_against=0 eligible=14\n"
    base = "\nunit_founded 2011-01-01 DU parent=TP type=grassroots_committee"
    table = base + born("1990-01-01") + vote + "admission_decided 2025-08-02 P1 by_unit=DU"
    (row,) = findings(tmp_path, table, "ADM-VOTE-DECIDE").rows
    assert (row["status"], row["found"], row["limit"]) == ("breach", "9/14", ">= 2/3")


@pytest.mark.parametrize("matter", ["recognition", "deletion", "expulsion"])
def test_votes_on_other_matters(tmp_path: Path, matter: str) -> None:
    outcome = {"recognition": "recognized_official", "deletion": "deleted", "expulsion": "expelled"}
    prefix = {"recognition": "PRB", "deletion": "DEL", "expulsion": "EXP"}[matter]
    vote = f"resolved 2026-08-02 P1 matter={matter} votes_for=5 votes_against=0 eligible=9\n"
    way = born("1990-01-01") + "admitted 2025-08-01 P1 unit=C1\n"
    table = way + vote + f"{outcome[matter]} 2026-08-{'01' if matter[0] == 'r' else '03'} P1"
    assert statuses(tmp_path, table, f"{prefix}-VOTE-CELL") == ["breach"]
    passed = table.replace("votes_for=5", "votes_for=6")
    assert statuses(tmp_path, passed, f"{prefix}-VOTE-CELL") == []


def test_more_votes_than_members(tmp_path: Path) -> None:
    vote = "resolved 2025-08-01 P1 votes_for=8 votes_against=2 eligible=9\n"
    assert found(tmp_path, born("1990-01-01") + vote, "VOTE-COUNT")[0][1:3] == ("breach", 9)


def decided(resolved_on: str, decided_on: str, consent: str = "") -> str:
    """Return a case resolved by the cell on one day and decided on another."""
    return (
        born("1990-01-01", on="2015-01-01")
        + considered(resolved_on)
        + f"admission_decided {decided_on} P1 by_unit=TP {consent}"
    )


def test_the_day_of_the_decision_chooses_the_version(tmp_path: Path) -> None:
    # 56 and 57 working days: within the 60 of 232-QĐ/TW, beyond the 45 of 294-QĐ/TW.
    before = findings(tmp_path, decided("2025-04-11", "2025-06-30"), "ADM-DECIDE-TIME").rows
    after = findings(tmp_path, decided("2025-04-11", "2025-07-01"), "ADM-DECIDE-TIME").rows
    assert before == []
    (row,) = after
    assert (row["version"], row["found"], row["limit"]) == ("294-QĐ/TW 2025-05-26", "57", "45")
    # 24-QĐ/TW was not seen: the day before 232-QĐ/TW nothing can be said.
    unknown = found(tmp_path, decided("2024-01-02", "2025-01-19"), "ADM-DECIDE-TIME")
    late = found(tmp_path, decided("2024-01-02", "2025-01-20"), "ADM-DECIDE-TIME")
    assert [row[1::2] for row in unknown] == [("not_checked", "unknown_threshold")]
    assert [row[1] for row in late] == ["breach"]


@pytest.mark.parametrize(
    ("day", "expected"), [("2025-10-02", []), ("2025-10-03", []), ("2025-10-06", ["breach"])]
)
def test_forty_five_working_days(tmp_path: Path, day: str, expected: list[str]) -> None:
    table = decided("2025-08-01", day)
    assert statuses(tmp_path, table, "ADM-DECIDE-TIME") == expected


def test_extra_days_need_a_paper(tmp_path: Path) -> None:
    paper = 'consent={"number":"9-BC/DU"}'
    lifted, too_late = "2025-10-24", "2025-10-27"
    within = statuses(tmp_path, decided("2025-08-01", lifted, paper), "ADM-DECIDE-TIME")
    assert within == ["lifted"]
    late = statuses(tmp_path, decided("2025-08-01", too_late, paper), "ADM-DECIDE-TIME")
    assert late == ["breach"]


def test_without_a_calendar_nothing_is_late(tmp_path: Path) -> None:
    table = decided("2025-08-01", "2026-02-02")
    without = found(tmp_path, table, "ADM-DECIDE-TIME", calendar=None)
    assert [row[1::2] for row in without] == [("not_checked", "no_calendar")]
    short = Calendar(frozenset({2025}), frozenset(), frozenset())
    uncovered = found(tmp_path, table, "ADM-DECIDE-TIME", calendar=short)
    assert [row[1::2] for row in uncovered] == [("not_checked", "year_not_covered")]
    # Working days are never more than days: 45 days are within 45 working days.
    soon = decided("2025-08-01", "2025-09-15")
    assert found(tmp_path, soon, "ADM-DECIDE-TIME", calendar=None) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-14", ["PRB-EFFECTIVE", "PRB-LENGTH"]),
        ("2026-02-15", []),
        ("2026-02-16", ["PRB-EFFECTIVE"]),
    ],
)
def test_probation_of_exactly_twelve_months(tmp_path: Path, day: str, expected: list[str]) -> None:
    table = born("1990-01-01") + f"admitted 2025-02-15 P1 unit=C1\nrecognized_official {day} P1"
    rows = found(tmp_path, table, "PRB-LENGTH", "PRB-EFFECTIVE")
    assert sorted(row[0] for row in rows if row[1] == "breach") == expected


def test_a_leap_day_ends_on_the_last_day_of_the_month(tmp_path: Path) -> None:
    table = born("1990-01-01") + "admitted 2024-02-29 P1 unit=C1\nrecognized_official "
    exact, later = f"{table}2025-02-28 P1", f"{table}2025-03-01 P1"
    assert statuses(tmp_path, exact, "PRB-EFFECTIVE", "PRB-LENGTH") == []
    assert statuses(tmp_path, later, "PRB-EFFECTIVE") == ["breach"]


@pytest.mark.parametrize(("day", "expected"), [("2025-07-31", ["breach"]), ("2025-08-01", [])])
def test_three_years_before_coming_back(tmp_path: Path, day: str, expected: list[str]) -> None:
    table = f"\nleft_on_request 2022-08-01 M1\nadmitted {day} M1 unit=C1 readmission=true"
    assert statuses(tmp_path, table, "READM-WAIT") == expected
    assert statuses(tmp_path, table, "READM-CONSENT") == ["breach"]
    assert statuses(tmp_path, table, "READM-BAR") == ["not_checked"]


def test_one_readmission_with_a_paper(tmp_path: Path) -> None:
    table = """
        expelled 2011-01-01 M1
        admitted 2015-01-01 M1 unit=C1 readmission=true
        left_on_request 2016-01-01 M1
        admitted 2025-08-01 M1 unit=C1 readmission=true consent={"number":"1-CV/TU"}
    """
    rows = found(tmp_path, table, "READM-ONCE", "READM-CONSENT")
    assert [row[:3] for row in rows if row[1] == "breach"] == [("READM-ONCE", "breach", 11)]


def test_an_unknown_rule(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="unknown_rule") as caught:
        found(tmp_path, "", "ADM-AGE-MINI")
    assert caught.value.values["suggestion"] == "ADM-AGE-MIN"
