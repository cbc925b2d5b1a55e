"""``rules check``: cases at the edge of what a book says, and papers on another entry."""

from datetime import date
from pathlib import Path

import pytest

from tests.test_rules import born, considered, findings, found, statuses
from tests.test_rules_members import LOCAL, PAPER

WAY = born("1990-01-01") + "admitted 2025-07-01 P1 unit=C1\n"


def test_a_probationary_member_is_not_expelled(tmp_path: Path) -> None:
    (row,) = findings(tmp_path, f"{WAY}expelled 2025-09-01 P1", "DISC-FORM").rows
    assert (row["status"], row["found"], row["limit"]) == ("breach", "expelled", "warning")
    assert statuses(tmp_path, "\nexpelled 2025-09-01 M1", "DISC-FORM") == []


def test_the_paper_of_a_ceremony_dates_the_decision(tmp_path: Path) -> None:
    start = born("1990-01-01") + considered("2025-08-01")
    held = 'admitted 2025-10-20 P1 unit=C1 document={"number":"1","date":"2025-10-0{}"}'
    late = findings(tmp_path, start + held.replace("{}", "6"), "ADM-DECIDE-TIME").rows
    assert [(row["entry"], str(row["on"]), row["found"]) for row in late] == [
        (10, "2025-10-06", "46")
    ]
    assert statuses(tmp_path, start + held.replace("{}", "3"), "ADM-DECIDE-TIME") == []
    decided = "admission_decided 2025-10-03 P1 by_unit=TP\n" + held.replace("{}", "6")
    assert statuses(tmp_path, start + decided, "ADM-DECIDE-TIME") == []


def test_a_late_recognition_is_found_where_the_member_is_then(tmp_path: Path) -> None:
    table = born("1990-01-01") + "admitted 2024-06-20 P1 unit=C1\n"
    table += "resolved 2025-06-25 P1 matter=recognition\nunit_merged 2025-07-01 C1 into=C2\n"
    table += 'recognized_official 2025-06-20 P1 document={"number":"1","date":"2025-12-25"}'
    for unit in (None, "TP", "C2"):
        (row,) = findings(tmp_path, table, "PRB-DECIDE-TIME", unit=unit).rows
        assert (row["status"], row["unit"], str(row["on"])) == ("breach", "C2", "2025-12-25")


@pytest.mark.parametrize(
    ("day", "died", "paper", "expected"),
    [
        ("2026-09-03", "died 2025-08-01 M9\n", "", "lifted"),
        ("2026-09-02", "died 2025-08-01 M9\n", "", "breach"),
        ("2025-09-03", "", PAPER, "lifted"),
        ("2025-09-02", "", PAPER, "breach"),
    ],
)
def test_seventy_years_early_by_two_years_and_after_death_by_one(
    tmp_path: Path, day: str, died: str, paper: str, expected: str
) -> None:
    days = "joined_on=1957-09-03 decided_on=1957-09-03 official_on=1958-09-03\n"
    member = f"\ncarried_forward 2020-01-01 M9 unit=C1 {days}"
    badge = f"badge_awarded {day} M9 years=70 {paper}"
    assert statuses(tmp_path, member + died + badge, "BADGE-YEARS") == [expected]


def test_who_died_before_recognition_had_no_seniority(tmp_path: Path) -> None:
    badge = "died 2025-08-01 {0}\nbadge_awarded 2025-09-02 {0} years=30"
    (row,) = findings(tmp_path, WAY + badge.format("P1"), "BADGE-OFFICIAL").rows
    assert (row["status"], row["found"]) == ("breach", "probationary")
    assert statuses(tmp_path, "\n" + badge.format("M1"), "BADGE-OFFICIAL") == []


def test_seniority_before_a_readmission_may_lie_outside_the_book(tmp_path: Path) -> None:
    table = born("1950-01-01", on="2011-01-01")
    table += "admitted 2012-07-01 P1 unit=C1 readmission=true\nrecognized_official 2013-07-01 P1\n"
    badge = found(tmp_path, f"{table}badge_awarded 2025-09-02 P1 years=30", "BADGE-YEARS")
    assert [row[1::2] for row in badge] == [("not_checked", "no_seniority")]


def test_a_paper_is_on_the_beginning_or_the_end(tmp_path: Path) -> None:
    study = f"\ntemporary_transfer_began 2025-07-15 M1 host=C2 {PAPER}\n"
    (row,) = findings(
        tmp_path, f"{study}temporary_transfer_ended 2026-07-15 M1 host=C2", "TMP-MAX"
    ).rows
    assert (row["status"], row["consent"]) == ("lifted", "3-QĐ/TU")
    abroad = f"{born('1990-01-01')}vetting_requested 2025-08-01 P1 {PAPER}\n"
    assert statuses(tmp_path, f"{abroad}vetted 2025-09-15 P1", "ADM-VET-REPLY") == ["lifted"]


def test_a_stay_goes_on_when_the_unit_passes_to_another(tmp_path: Path) -> None:
    came = "\ntransferred 2024-05-01 M1 to=C2\ntransferred 2024-06-01 M1 to=C1"
    merged = "unit_merged 2025-07-10 C1 into=C2\n"
    referred = "referred 2025-08-01 P1 referrer=M1"
    table = came + born("1990-01-01") + merged + referred
    assert statuses(tmp_path, table, "ADM-REF-MONTHS") == []
    # An applicant of the other unit has been with the referrer since the merging only.
    other = table.replace("P1 unit=C1", "P1 unit=C2")
    (row,) = findings(tmp_path, other, "ADM-REF-MONTHS").rows
    assert (row["status"], row["limit"]) == ("breach", "2026-07-10")


def test_an_applicant_who_came_lately_has_not_been_with_the_referrer(tmp_path: Path) -> None:
    table = born("1990-01-01").replace("unit=C1", "unit=C2")
    table += "listed {} P1 unit=C1\nreferred 2025-08-01 P1 referrer=M1"
    for day, told in (("2024-08-02", ["breach"]), ("2024-08-01", [])):
        assert statuses(tmp_path, table.replace("{}", day), "ADM-REF-MONTHS") == told


@pytest.mark.parametrize(("day", "expected"), [("2026-07-31", []), ("2026-08-01", "no_ground")])
def test_an_exemption_of_a_year_may_be_one_by_age(
    tmp_path: Path, day: str, expected: str | list[str]
) -> None:
    table = f"{LOCAL}\nexempted 2025-08-01 M1\nexemption_ended {day} M1"
    rows = found(tmp_path, table, "EXM-TERM-HN")
    assert [row[1::2] for row in rows] == ([("not_checked", expected)] if expected else [])


def test_what_had_not_been_decided_by_then_is_not_judged(tmp_path: Path) -> None:
    table = born("1990-01-01") + "admitted 2024-06-20 P1 unit=C1\n"
    table += "resolved 2025-06-25 P1 matter=recognition\n"
    table += 'recognized_official 2025-06-20 P1 document={"number":"1","date":"2025-12-25"}'
    for as_of, told in ((date(2025, 12, 24), []), (date(2025, 12, 25), ["breach"])):
        assert statuses(tmp_path, table, "PRB-DECIDE-TIME", as_of=as_of) == told


MOVED = (
    "\nunit_founded 2011-01-01 OX type=upper_of_grassroots\nunit_founded 2011-01-01 C9 parent=OX"
    + born("1990-01-01")
    + "dossier_opened 2025-07-01 P1\nlisted 2025-08-01 P1 unit=C9\n"
)


@pytest.mark.parametrize(
    ("rule", "sent", "in_time", "late"),
    [
        ("ADM-MOVED-SEND", "", "dossier_submitted 2025-08-22 P1 to=OX", "2025-08-25"),
        (
            "ADM-MOVED-DECIDE",
            "dossier_submitted 2025-08-08 P1 to=OX\n",
            "admission_decided 2025-09-19 P1 by_unit=OX",
            "2025-09-22",
        ),
        (
            "ADM-MOVED-AGAIN",
            "admission_decided 2025-08-04 P1 by_unit=TP\nadmission_cancelled 2025-08-15 P1\n",
            "admission_decided 2025-11-07 P1 by_unit=OX",
            "2025-11-10",
        ),
    ],
)
def test_deadlines_of_an_applicant_who_has_moved(
    tmp_path: Path, rule: str, sent: str, in_time: str, late: str
) -> None:
    kind, day, *_ = in_time.split()
    assert statuses(tmp_path, MOVED + sent + in_time, rule) == []
    assert statuses(tmp_path, MOVED + sent + in_time.replace(day, late), rule) == ["breach"]
    # Under the same body nobody has moved in this sense.
    same = MOVED.replace("unit=C9", "unit=C2") + sent.replace("OX", "TP")
    assert statuses(tmp_path, f"{same}{kind} {late}{in_time.partition(day)[2]}", rule) == []
    calm = statuses(tmp_path, MOVED + sent + in_time.replace(day, late), rule, calendar=None)
    assert calm == ["not_checked"]


def test_a_card_comes_back_when_its_holder_leaves(tmp_path: Path) -> None:
    table = "\ncard_issued 2020-01-01 M1\nleft_on_request 2025-08-01 M1\n"
    assert statuses(tmp_path, table, "CARD-RETURN") == ["breach"]
    for returned in ("2025-08-01", "2025-09-01"):
        back = f"{table}card_returned {returned} M1"
        assert statuses(tmp_path, back, "CARD-RETURN") == []
    # The family of somebody who died keeps it; a card that the book has not is not asked for.
    assert statuses(tmp_path, table.replace("left_on_request", "died"), "CARD-RETURN") == []
    assert statuses(tmp_path, "\nleft_on_request 2025-08-01 M1", "CARD-RETURN") == []


def test_groups_are_of_large_cells(tmp_path: Path) -> None:
    group = "\nunit_founded 2025-08-01 T1 parent=C1 type=party_group"
    count = f"{group}\nunnamed_counted 2025-08-02 C1 measure=members as_of=2025-08-02 count="
    for unnamed, told in ((26, ["breach"]), (27, [])):
        assert statuses(tmp_path, f"{count}{unnamed}", "UNIT-GROUP-30", unit="T1") == told
    empty = group.replace("C1", "C2")
    assert statuses(tmp_path, empty, "UNIT-GROUP-30", unit="T1") == ["not_checked"]


def test_a_committee_without_recorded_members_is_not_checked(tmp_path: Path) -> None:
    table = "\nunit_founded 2025-08-01 G1 parent=TP type=grassroots_committee"
    assert found(tmp_path, table, "UNIT-SIZE-COMMITTEE")[0][1::2] == ("not_checked", "nobody_there")


@pytest.mark.parametrize(
    ("day", "paper", "expected"),
    [
        ("2025-07-31", PAPER, "lifted"),
        ("2025-08-01", PAPER, "breach"),
        ("2025-07-31", "", "breach"),
    ],
)
def test_an_officer_of_the_youth_union_may_be_thirty_five(
    tmp_path: Path, day: str, paper: str, expected: str
) -> None:
    referred = f"referred {day} P1 referrer=youth_union {paper}"
    table = LOCAL + born("1990-07-20") + referred
    assert statuses(tmp_path, table, "YOUTH-AGE") == [expected]
