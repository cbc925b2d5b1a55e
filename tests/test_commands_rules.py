"""``rules`` and ``due`` on the command line: contracts, exits, the calendar file, the refusals."""

from pathlib import Path

import pytest

from tests.terminal import call, done, json_lines, started, words

LINES = json_lines("""
    unit_founded 2015-01-01 TP type=upper_of_grassroots
    unit_founded 2015-01-01 C1 parent=TP
    nominated 2021-01-01 P1 unit=C1 profile={"name":"Nguyễn_Văn_An","birth_year":1990}
    resolved 2021-01-11 P1
    admission_decided 2021-06-01 P1 by_unit=TP
    admitted 2021-06-10 P1 unit=C1
    recognized_official 2022-06-11 P1
""")
CALENDAR = "year,2021\nyear,2022\nholiday,2021-02-10,2021-02-16\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = started(tmp_path_factory.mktemp("rules"))
    done(found, "import", given=LINES)
    (found.parent / "days.csv").write_text(CALENDAR, encoding="utf-8")
    return found


def test_a_breach_ends_with_one_and_nothing_found_with_zero(book: Path) -> None:
    said = call(book, *words("rules check --rule PRB-EFFECTIVE --format json"))
    assert said.status == 1
    assert said.json == [
        {
            "rule": "PRB-EFFECTIVE",
            "version": "24-QĐ/TW 2021-07-30",
            "status": "breach",
            "entry": 7,
            "person": "P1",
            "unit": "C1",
            "on": "2022-06-11",
            "found": "2022-06-11",
            "limit": "2022-06-10",
            "consent": None,
            "reason": "unconfirmed",
        }
    ]
    nothing = call(book, *words("rules check --rule PRB-EFFECTIVE --to 2022-06-10 --format csv"))
    assert nothing.status == 0
    assert nothing.out.splitlines() == [",".join(said.json[0])]


def test_a_deadline_with_and_without_the_calendar(book: Path) -> None:
    command = words("rules check --rule adm-ceremony --rule adm-decide-time --format json")
    without = call(book, *command)
    assert without.status == 0
    assert [row["reason"] for row in without.json] == ["no_calendar"]
    found = call(book, *command, "--calendar", str(book.parent / "days.csv"))
    assert found.status == 1
    assert [(row["found"], row["limit"]) for row in found.json] == [("96", "60")]


def test_people_see_no_column_that_no_finding_fills(book: Path) -> None:
    asked = words("rules check --rule PRB-EFFECTIVE")
    head = call(book, *asked).out.splitlines()[0]
    assert head.split() == words("Rule Version Status Entry Person Unit On Found Limit Reason")
    nothing = done(book, *asked, "--to", "2022-06-10").out
    assert nothing.splitlines()[0].split()[-2:] == ["Consent", "Reason"]


def test_people_see_counts_of_what_was_not_checked(book: Path) -> None:
    brief = call(book, *words("rules check --rule READM-BAR --rule ADM-EDU --lang vi")).out
    assert "Chưa kiểm tra" in brief
    assert "không có --calendar" in brief.casefold()
    whole = call(book, *words("rules check --rule ADM-EDU --not-checked")).out
    assert "not checked" in whole.splitlines()[2]


def test_a_wrong_calendar_names_its_line(book: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("year,2021\nholiday,30/4/2021\n", encoding="utf-8")
    said = call(book, "rules", "check", "--calendar", str(wrong))
    assert (said.status, said.code) == (2, "bad_calendar")
    assert f"{wrong}:2" in said.err
    missing = call(book, "due", "--calendar", str(tmp_path / "none.csv"))
    assert (missing.status, missing.code) == (2, "file_unreadable")


def test_an_unknown_rule_or_period_is_wrong_usage(book: Path) -> None:
    said = call(book, *words("rules check --rule ADM-AGE-MIM"))
    assert (said.status, said.code) == (2, "unknown_rule")
    assert "ADM-AGE-MIN" in said.err
    assert call(book, *words("rules show NONE")).status == 2
    period = call(book, *words("rules check --from 2022-01-02 --to 2022-01-01"))
    assert (period.status, period.code) == (2, "bad_period")


def test_the_list_needs_no_book_and_knows_the_day(tmp_path: Path) -> None:
    before = done(tmp_path / "none.db", *words("rules list --on 2025-06-30 --format json")).json
    after = done(tmp_path / "none.db", *words("rules list --on 2025-07-01 --format json")).json
    told = [
        {row["threshold"] for row in rows if row["rule"] == "ADM-DECIDE-TIME"}
        for rows in (before, after)
    ]
    assert told == [{"60"}, {"45"}]
    assert {row["overlay"] for row in after} == {None, "hanoi"}
    assert not next(row["checkable"] for row in after if row["rule"] == "ADM-LYLICH")


def test_a_rule_that_says_nothing_says_why(book: Path) -> None:
    said = done(book, *words("rules check --rule ADM-LYLICH --rule ADM-SEND-HN"))
    assert "ADM-LYLICH cannot be checked from a book" in said.out + said.err
    assert "ADM-SEND-HN is one of the local rules hanoi" in said.out + said.err
    whole = done(book, *words("rules check --to 2015-01-01"))
    assert "ADM-LYLICH" not in whole.out + whole.err


def test_the_list_says_whether_a_consent_lifts(tmp_path: Path) -> None:
    rows = done(tmp_path / "none.db", *words("rules list --format json")).json
    told = {row["rule"]: row["consent_lifts"] for row in rows}
    assert (told["ADM-AGE-MAX"], told["ADM-AGE-MIN"]) == (True, False)


def test_one_rule_is_shown_with_all_its_versions(tmp_path: Path) -> None:
    (central, local) = done(tmp_path, *words("rules show PRB-DECIDE-TIME --format json")).json
    assert (central["overlay"], local["overlay"]) == (None, "hanoi")
    assert [version["threshold"] for version in central["versions"]] == [
        *(None, None, "30"),
        *(None, None, "30"),
    ]
    assert "Time to decide" in done(tmp_path, *words("rules show prb-decide-time")).out


def test_due_has_the_columns_of_the_contract(book: Path) -> None:
    command = words("due --as-of 2022-06-01 --within 10d --format json")
    assert done(book, *command).json == [
        {
            "due_on": "2022-06-10",
            "days": 9,
            "person": "P1",
            "unit": "C1",
            "what": "probation_ends",
            "rule": "PRB-LENGTH",
            "entry": 6,
        }
    ]
    assert done(book, *words("due --as-of 2022-06-01 --within 1d --format json")).json == []
    named = done(book, *command, "--names").json
    assert [row["name"] for row in named] == ["Nguyễn Văn An"]
    for length in ("1m", "1y"):
        longer = words(f"due --as-of 2022-06-01 --within {length} --format json")
        assert len(done(book, *longer).json) == 1
    wrong = call(book, *words("due --within 2w"))
    assert (wrong.status, wrong.code) == (2, "bad_within")


def test_unknown_local_rules_are_refused_with_the_list(book: Path) -> None:
    typed = words("record local_rules_adopted --unit TP --overlay hue --on 2023-01-01")
    said = call(book, *typed)
    assert said.status == 2
    assert "hanoi" in said.err
    line = '{"kind":"local_rules_adopted","effective_on":"2023-01-01","unit":"TP","overlay":"hue"}'
    refused = call(book, "import", given=line)
    assert (refused.status, refused.code) == (3, "bad_value")
    assert "hanoi" in refused.err


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
@pytest.mark.parametrize("asked", [("list",), ("show", "ADM-DECIDE-TIME")])
def test_programs_read_the_rules_alike_in_every_language(form: str, asked: tuple[str, ...]) -> None:
    command = ("rules", *asked, "--format", form)
    vi, en = (done(Path("none.db"), *command, lang=lang).out for lang in ("vi", "en"))
    assert vi == en
    assert "Thời hạn" in vi
    assert "Time" in en
