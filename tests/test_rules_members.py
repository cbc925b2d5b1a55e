"""``rules check``: referrers, moves, discipline, badges, units, and local rules."""

from datetime import date
from pathlib import Path

import pytest

from tests.test_rules import born, considered, decided, findings, found, statuses

LOCAL = "\nlocal_rules_adopted 2025-07-02 TP overlay=hanoi"
PAPER = 'consent={"number":"3-QĐ/TU"}'


def test_two_members_or_a_union_and_one(tmp_path: Path) -> None:
    start, end = born("1990-01-01"), considered("2025-08-01")
    one = "referred 2025-07-01 P1 referrer=M1\n"
    union = "referred 2025-07-01 P1 referrer=youth_union\n"
    other = "referred 2025-07-01 P1 referrer=M2\n"
    expected = {
        one: ["breach"],
        union: ["breach"],
        one + one: ["breach"],
        one + other: [],
        one + union: [],
        "": ["not_checked"],
    }
    for referrals, told in expected.items():
        assert statuses(tmp_path, start + referrals + end, "ADM-REFERRERS") == told


def test_a_referrer_is_official_and_long_enough_in_the_unit(tmp_path: Path) -> None:
    came = "\ntransferred 2024-08-01 M1 to=C2\ntransferred 2024-09-01 M1 to=C1" + born("1990-01-01")
    for day, told in (("2025-08-31", ["breach"]), ("2025-09-01", []), ("2025-09-02", [])):
        referred = f"referred {day} P1 referrer=M1"
        assert statuses(tmp_path, came + referred, "ADM-REF-MONTHS") == told
    probationary = born("1985-01-01", "P2") + "admitted 2025-07-01 P2 unit=C1\n"
    referred = born("1990-01-01") + "referred 2025-08-01 P1 referrer=P2"
    (row,) = findings(tmp_path, probationary + referred, "ADM-REF-STATUS").rows
    assert (row["status"], row["found"], row["limit"]) == ("breach", "probationary", "official")


def test_education_below_the_least_unless_a_paper_allows_it(tmp_path: Path) -> None:
    low = born("1990-01-01").replace("upper_secondary", "primary")
    assert statuses(tmp_path, low + considered("2025-08-01"), "ADM-EDU") == ["breach"]
    assert statuses(tmp_path, f"{low}resolved 2025-08-01 P1 {PAPER}", "ADM-EDU") == ["lifted"]
    enough = low.replace("primary", "lower_secondary")
    assert statuses(tmp_path, enough + considered("2025-08-01"), "ADM-EDU") == []
    unknown = low.replace("primary", "dai_hoc")
    (row,) = found(tmp_path, unknown + considered("2025-08-01"), "ADM-EDU")
    assert row[1::2] == ("not_checked", "unknown_code")


@pytest.mark.parametrize(("day", "expected"), [("2025-09-12", []), ("2025-09-15", ["breach"])])
def test_thirty_working_days_to_answer_and_to_the_ceremony(
    tmp_path: Path, day: str, expected: list[str]
) -> None:
    start = born("1990-01-01")
    answer = f"vetting_requested 2025-08-01 P1\nvetted {day} P1"
    assert statuses(tmp_path, start + answer, "ADM-VET-REPLY") == expected
    ceremony = f"admission_decided 2025-08-01 P1 by_unit=TP\nadmitted {day} P1 unit=C1"
    assert statuses(tmp_path, start + ceremony, "ADM-CEREMONY") == expected


def test_a_ceremony_on_a_cancelled_decision(tmp_path: Path) -> None:
    table = decided("2025-07-02", "2025-08-01") + "\nadmission_cancelled 2025-08-05 P1\n"
    (row,) = findings(tmp_path, table + "admitted 2025-08-06 P1 unit=C1", "ADM-DECISION-FIRST").rows
    assert (row["status"], row["found"]) == ("breach", "cancelled")


def test_a_decision_of_the_former_body_on_who_has_moved(tmp_path: Path) -> None:
    other = "\nunit_founded 2011-01-01 OX\nunit_founded 2011-01-01 C9 parent=OX"
    moved = other + born("1990-01-01") + "listed 2025-08-01 P1 unit=C9\nadmission_decided {} P1 "
    for day, told in (("2025-09-12", []), ("2025-09-15", ["breach"])):
        late = moved.replace("{}", day) + "by_unit=TP"
        assert statuses(tmp_path, late, "ADM-MOVED") == told
        assert statuses(tmp_path, late.replace("=TP", "=OX"), "ADM-MOVED") == []


def test_recognition_in_time_and_after_the_class(tmp_path: Path) -> None:
    way = born("1990-01-01") + "admitted 2025-07-01 P1 unit=C1\n"
    voted = way + "resolved 2026-08-{} P1 matter=recognition\n"
    assert statuses(tmp_path, voted.replace("{}", "12"), "PRB-CELL-TIME") == []
    assert statuses(tmp_path, voted.replace("{}", "13"), "PRB-CELL-TIME") == ["breach"]
    recognised = voted.replace("{}", "03") + 'recognized_official 2026-07-01 P1 document={"number":'
    recognised += '"1","date":"2026-09-{}"}\n'
    assert statuses(tmp_path, recognised.replace("{}", "14"), "PRB-DECIDE-TIME") == []
    assert statuses(tmp_path, recognised.replace("{}", "15"), "PRB-DECIDE-TIME") == ["breach"]
    held = "class_opened 2025-09-01 K2 type=new_member starts=2025-09-01\n"
    done = recognised.replace("{}", "14")
    assert statuses(tmp_path, "\n" + held + done, "PRB-CLASS") == ["breach"]
    attended = held + way + "attended_class 2025-10-01 P1 class=K2\n" + done.removeprefix(way)
    assert statuses(tmp_path, "\n" + attended, "PRB-CLASS") == []


def test_a_fourth_failed_vote(tmp_path: Path) -> None:
    way = born("1990-01-01") + "admitted 2025-07-01 P1 unit=C1\n"
    vote = "resolved 2026-08-0{} P1 matter=recognition votes_for=1 votes_against=8 eligible=9\n"
    votes = [vote.replace("{}", str(number)) for number in range(1, 5)]
    assert statuses(tmp_path, way + "".join(votes[:3]), "PRB-VOTES-3") == []
    assert statuses(tmp_path, way + "".join(votes), "PRB-VOTES-3") == ["breach"]


def test_temporary_transfers_of_three_to_twelve_months(tmp_path: Path) -> None:
    began = "\ntemporary_transfer_began 2025-07-15 M1 host=C2\ntemporary_transfer_ended {} M1 "
    for day, told in (
        ("2025-10-14", ["TMP-MIN"]),
        ("2025-10-15", []),
        ("2026-07-14", []),
        ("2026-07-15", ["TMP-MAX"]),
    ):
        rows = found(tmp_path, began.replace("{}", day), "TMP-MIN", "TMP-MAX")
        assert [row[0] for row in rows] == told
    study = began.replace("{}", "2026-07-15") + PAPER
    assert statuses(tmp_path, study, "TMP-MAX") == ["lifted"]


def test_papers_within_thirty_working_days(tmp_path: Path) -> None:
    table = "\ntransferred_out 2025-08-01 M1\ntransferred_in {} M1 unit=C1"
    assert statuses(tmp_path, table.replace("{}", "2025-09-12"), "TRF-PAPERS") == []
    assert statuses(tmp_path, table.replace("{}", "2025-09-15"), "TRF-PAPERS") == ["breach"]


def test_what_ends_has_begun(tmp_path: Path) -> None:
    way = born("1990-01-01") + "admitted 2025-07-01 P1 unit=C1\n"
    assert statuses(tmp_path, way + "exemption_ended 2025-08-01 P1", "END-WITHOUT-BEGIN") == [
        "breach"
    ]
    both = way + "exempted 2025-07-15 P1\nexemption_ended 2025-08-01 P1"
    assert statuses(tmp_path, both, "END-WITHOUT-BEGIN") == []
    # What began before the book did is not in it.
    brought = "\nexemption_ended 2025-08-01 M1"
    assert statuses(tmp_path, brought, "END-WITHOUT-BEGIN") == ["not_checked"]


def test_discipline_and_cards_of_probationary_members(tmp_path: Path) -> None:
    way = born("1990-01-01") + "admitted 2025-07-01 P1 unit=C1\n"
    for form, told in (("warning", []), ("removed_from_post", ["breach"])):
        table = way + f"disciplined 2025-08-01 P1 form={form}"
        assert statuses(tmp_path, table, "DISC-FORM") == told
    assert statuses(tmp_path, way + "card_issued 2025-08-01 P1", "CARD-OFFICIAL") == ["breach"]


@pytest.mark.parametrize(
    ("day", "expected"), [("2025-09-02", ["breach"]), ("2025-09-03", []), ("2025-09-04", [])]
)
def test_thirty_years_for_a_badge(tmp_path: Path, day: str, expected: list[str]) -> None:
    member = "\ncarried_forward 2020-01-01 M9 unit=C1 joined_on=1995-09-10 decided_on=1995-09-03\n"
    table = member + f"badge_awarded {day} M9 years=30 "
    assert statuses(tmp_path, table, "BADGE-YEARS") == expected
    lifted = ["lifted" for _ in expected]
    assert statuses(tmp_path, table + PAPER, "BADGE-YEARS") == lifted
    died = table.replace("badge_awarded", "died 2025-08-01 M9\nbadge_awarded")
    assert statuses(tmp_path, died, "BADGE-YEARS") == lifted


def test_years_outside_the_party_do_not_count_for_a_badge(tmp_path: Path) -> None:
    member = "\ncarried_forward 2010-01-01 M9 unit=C1 joined_on=1990-01-01 official_on=1991-01-01\n"
    away = "left_on_request 2015-01-01 M9\nadmitted 2018-01-01 M9 unit=C1\n"
    badge = "recognized_official 2019-01-01 M9\nbadge_awarded {} M9 years=35"
    # 1096 days outside: 1990-01-01 becomes 1993-01-01.
    for day, told in (("2025-08-01", "2028-01-01"),):
        rows = findings(tmp_path, member + away + badge.replace("{}", day), "BADGE-YEARS").rows
        assert [row["limit"] for row in rows] == [told]


def test_waiting_for_a_badge_after_a_warning(tmp_path: Path) -> None:
    table = "\ndisciplined 2025-08-15 M1 form=warning\nbadge_awarded {} M1 years=30"
    assert statuses(tmp_path, table.replace("{}", "2026-05-14"), "BADGE-WAIT-WARNING") == ["breach"]
    assert statuses(tmp_path, table.replace("{}", "2026-05-15"), "BADGE-WAIT-WARNING") == []
    assert statuses(tmp_path, table.replace("{}", "2025-08-20"), "BADGE-WAIT-REPRIMAND") == []
    graded = table.replace("{}", "2026-05-15").replace("years=30", "years=35")
    assert statuses(tmp_path, graded, "BADGE-GRADE") == ["breach"]


def test_a_date_of_birth_stays_as_it_was(tmp_path: Path) -> None:
    start = born("1990-01-01", on="2015-01-01")
    change = 'profile_changed {} P1 profile={"birth_date":"1990-02-01"}'
    for day, told in (("2016-08-17", []), ("2016-08-18", ["breach"])):
        assert statuses(tmp_path, start + change.replace("{}", day), "PROFILE-BIRTH") == told
    same = start + change.replace("{}", "2020-01-01").replace("02-01", "01-01")
    assert statuses(tmp_path, same, "PROFILE-BIRTH") == []


def test_three_official_members_found_a_unit(tmp_path: Path) -> None:
    new = "\nunit_founded 2025-08-01 C5 parent=TP"
    moves = "".join(f"\ntransferred 2025-08-01 M{number} to=C5" for number in (1, 2, 3))
    assert statuses(tmp_path, new, "UNIT-FOUND-3", unit="C5") == ["not_checked"]
    two = new + moves.rpartition("\n")[0]
    assert statuses(tmp_path, two, "UNIT-FOUND-3", unit="C5") == ["breach"]
    assert statuses(tmp_path, new + moves, "UNIT-FOUND-3", unit="C5") == []


def test_sizes_of_units(tmp_path: Path) -> None:
    new = "\nunit_founded 2025-08-01 G1 parent=TP type={}\nunnamed_counted 2025-08-02 G1 "
    count = new + "measure=members as_of=2025-08-02 count="
    for type_, rule, fits, breaks in (
        ("grassroots_cell", "UNIT-SIZE-GRASSROOTS-CELL", 29, 30),
        ("grassroots_committee", "UNIT-SIZE-COMMITTEE", 30, 29),
        ("cell", "UNIT-SIZE-CELL", 30, 31),
    ):
        table = count.replace("{}", type_)
        assert statuses(tmp_path, f"{table}{fits}", rule, unit="G1") == []
        assert statuses(tmp_path, f"{table}{breaks}", rule, unit="G1") == ["breach"]


def test_a_class_of_a_unit_that_has_ended(tmp_path: Path) -> None:
    table = "\nunit_founded 2011-01-01 C6 parent=TP\nunit_merged 2025-08-01 C6 into=TP\n"
    opened = table + "class_opened {} K9 organiser=C6 starts=2025-09-01"
    assert statuses(tmp_path, opened.replace("{}", "2025-07-31"), "CLASS-ORGANISER") == []
    assert statuses(tmp_path, opened.replace("{}", "2025-08-01"), "CLASS-ORGANISER") == ["breach"]


def test_local_rules_hold_where_and_while_they_are_adopted(tmp_path: Path) -> None:
    sent = "\ndossier_submitted 2025-08-15 P1 to=TP"
    table = born("1990-01-01") + considered("2025-08-01") + sent
    assert statuses(tmp_path, table, "ADM-SEND-HN") == []
    (row,) = findings(tmp_path, LOCAL + table, "ADM-SEND-HN").rows
    assert (row["status"], row["version"], row["found"], row["limit"]) == (
        *("breach", "hanoi H02"),
        *("10", "5"),
    )
    elsewhere = LOCAL.replace("TP", "C2") + table
    assert statuses(tmp_path, elsewhere, "ADM-SEND-HN") == []
    dropped = LOCAL + "\nlocal_rules_dropped 2025-08-15 TP overlay=hanoi" + table
    assert statuses(tmp_path, dropped, "ADM-SEND-HN") == []
    later = dropped.replace("dropped 2025-08-15", "dropped 2025-08-16")
    assert statuses(tmp_path, later, "ADM-SEND-HN") == ["breach"]


def test_one_rule_can_be_central_and_local(tmp_path: Path) -> None:
    way = LOCAL + born("1990-01-01") + "admitted 2025-07-03 P1 unit=C1\n"
    voted = way + "resolved 2026-07-06 P1 matter=recognition\n"
    table = voted + 'recognized_official 2026-07-03 P1 document={"number":"1","date":"2026-08-03"}'
    rows = findings(tmp_path, table, "PRB-DECIDE-TIME").rows
    assert [(row["version"], row["found"], row["limit"]) for row in rows] == [
        ("hanoi H02", "20", "15")
    ]


def test_youth_and_extended_probation_in_hanoi(tmp_path: Path) -> None:
    referred = LOCAL + born("1995-07-20") + "referred {} P1 referrer=youth_union"
    assert statuses(tmp_path, referred.replace("{}", "2025-07-31"), "YOUTH-AGE") == []
    assert statuses(tmp_path, referred.replace("{}", "2025-08-01"), "YOUTH-AGE") == ["breach"]
    admitted = born("1990-01-01") + "admitted 2024-07-02 P1 unit=C1\nrecognized_official {} P1"
    for day, told in (("2026-07-02", []), ("2026-07-03", ["breach"])):
        table = LOCAL + admitted.replace("{}", day)
        assert statuses(tmp_path, table, "PRB-EXTEND") == told


def test_a_period_and_a_unit_choose_by_the_day_that_is_judged(tmp_path: Path) -> None:
    table = born("1990-01-01") + "admitted 2025-07-01 P1 unit=C1\nrecognized_official 2026-07-03 P1"
    for since, last_on, told in (
        (date(2026, 7, 3), date(2026, 7, 3), ["breach"]),
        (None, date(2026, 7, 2), []),
        (date(2026, 7, 4), None, []),
    ):
        assert statuses(tmp_path, table, "PRB-EFFECTIVE", since=since, last_on=last_on) == told
    assert statuses(tmp_path, table, "PRB-EFFECTIVE", unit="C2") == []
    assert statuses(tmp_path, table, "PRB-EFFECTIVE", unit="TP") == ["breach"]
    assert statuses(tmp_path, table, "PRB-EFFECTIVE", as_of=date(2026, 7, 2)) == []
