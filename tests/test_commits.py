"""Who may record what, entry by entry, as whoever audits a log finds it."""

import msgspec
import pytest

from ledger.authority.commits import Authority, signed_text
from ledger.authority.facts import Facts
from ledger.authority.operators import key_text
from ledger.errors import Problem
from tests.desk import BOOK_ID, Desk, enrolled, key_of
from tests.office import DAY, lines

PROFILE = '"profile":{"name":"C","birth_year":2000,"sex":"male"}'
JOINED = f'{PROFILE},"joined_on":"2019-01-01"'
OPENED = '"kind":"class_opened",DAY,"type":"awareness","starts":"2020-01-01"'
LOG = f"""
{{"kind":"unit_founded",DAY,"unit":"TP","name":"x","type":"cell"}}
{{"kind":"unit_founded",DAY,"unit":"TP1","name":"x","type":"cell","parent":"TP"}}
{{"kind":"unit_founded",DAY,"unit":"HX","name":"x","type":"cell"}}
{{"kind":"unit_founded",DAY,"unit":"HX1","name":"x","type":"cell","parent":"HX"}}
{{"kind":"nominated",DAY,"person":"A","unit":"TP1",{PROFILE}}}
{{"kind":"nominated",DAY,"person":"B","unit":"HX1",{PROFILE}}}
{{{OPENED},"class":"L","organiser":"HX"}}
""".strip().splitlines()
"""Two communes with a unit under each, somebody in both, a class of the second: seven entries."""


@pytest.fixture
def desk() -> Desk:
    """Return the log with its chief, and a clerk, a chief and an auditor of a commune: to 11."""
    made = Desk()
    assert made.record("nobody", *LOG) == []
    made.keys = {code: key_of(code) for code in ("lan", "minh", "tu", "hoa", "root")}
    assert made.record("lan", enrolled("lan", "chief")) == []
    for code, role, scope in (("minh", "clerk", "TP"), ("tu", "chief", "HX")):
        assert made.record("lan", enrolled(code, role, scope)) == []
    assert made.record("lan", enrolled("hoa", "auditor")) == []
    return made


def rotated(code: str, *, corrects: int | None = None) -> str:
    """Return the line that gives an operator another key."""
    public = key_text(key_of(code, 1).key.public)
    line = f'{{"kind":"operator_key_rotated",DAY,"operator":"{code}","public_key":"{public}"'
    return line + (f',"corrects":{corrects}}}' if corrects else "}")


def revoked(code: str) -> str:
    """Return the line that revokes an operator."""
    return f'{{"kind":"operator_revoked",DAY,"operator":"{code}"}}'


def voided(no: int) -> str:
    """Return the line that voids an entry."""
    return f'{{"kind":"voided",DAY,"entry":{no},"reason":"x"}}'


OF_UNITS = """
{"kind":"unit_founded",DAY,"unit":"TP2","name":"x","type":"cell","parent":"TP1"}
{"kind":"unit_founded",DAY,"unit":"N","name":"x","type":"cell","parent":"HX"} HX
{"kind":"unit_founded",DAY,"unit":"N","name":"x","type":"cell"} —
{"kind":"unit_founded",DAY,"unit":"HX1","name":"x","type":"cell","parent":"TP"} HX1
{"kind":"unit_founded",DAY,"unit":"TP1","name":"x","type":"cell"} —
{"kind":"unit_renamed",DAY,"unit":"TP","name":"x"}
{"kind":"unit_renamed",DAY,"unit":"HX","name":"x"} HX
{"kind":"unit_renamed",DAY,"unit":"N","name":"x"} N
{"kind":"unit_moved",DAY,"unit":"TP1","parent":"HX"} HX
{"kind":"unit_moved",DAY,"unit":"HX1","parent":"TP"} HX1
{"kind":"unit_merged",DAY,"unit":"TP1","into":"HX1"} HX1
{"kind":"unit_split",DAY,"unit":"TP1","into":["TP","TP1"]}
{"kind":"unit_split",DAY,"unit":"TP1","into":["TP","HX1"]} HX1
{"kind":"unit_dissolved",DAY,"unit":"TP1","cause":"task_done"}
{"kind":"unit_dissolved",DAY,"unit":"TP1","cause":"task_done","members_to":"HX"} HX
{OPENED,"class":"M","organiser":"TP1"}
{OPENED,"class":"M","organiser":"HX"} HX
{OPENED,"class":"L","organiser":"TP"} HX
"""
OF_PEOPLE = """
{"kind":"died",DAY,"person":"A"}
{"kind":"died",DAY,"person":"B"} HX1
{"kind":"nominated",DAY,"person":"C","unit":"TP",PROFILE}
{"kind":"nominated",DAY,"person":"B","unit":"TP",PROFILE}
{"kind":"nominated",DAY,"person":"C","unit":"HX",PROFILE} HX
{"kind":"carried_forward",DAY,"person":"C","unit":"TP",JOINED}
{"kind":"transferred_in",DAY,"person":"B","unit":"TP","elsewhere":"x",JOINED}
{"kind":"restored",DAY,"person":"B","unit":"TP"}
{"kind":"admitted",DAY,"person":"A","unit":"TP"}
{"kind":"admitted",DAY,"person":"A","unit":"HX"} HX
{"kind":"listed",DAY,"person":"A"}
{"kind":"listed",DAY,"person":"Z","unit":"TP1"} —
{"kind":"transferred",DAY,"person":"A","to":"HX1"}
{"kind":"transferred",DAY,"person":"B","to":"TP1"} HX1
{"kind":"voided",DAY,"entry":5,"reason":"x"}
{"kind":"voided",DAY,"entry":6,"reason":"x"} HX1
{"kind":"voided",DAY,"entry":4,"reason":"x"} HX1
{"kind":"nominated",DAY,"person":"A","unit":"TP","corrects":5,PROFILE}
{"kind":"nominated",DAY,"person":"B","unit":"TP","corrects":6,PROFILE} HX1
{"kind":"died",DAY,"person":"A","corrects":1}
{"kind":"died",DAY,"person":"A","corrects":5}
{"kind":"died",DAY,"person":"A","corrects":6} HX1
"""


@pytest.mark.parametrize("case", [*OF_UNITS.split("\n")[1:-1], *OF_PEOPLE.split("\n")[1:-1]])
def test_all_that_an_entry_is_about_lies_within_the_scope(desk: Desk, case: str) -> None:
    for short, whole in (("OPENED", OPENED), ("JOINED", JOINED), ("PROFILE", PROFILE)):
        case = case.replace(short, whole)
    text, _, beyond = case.rpartition("}")
    wrong = [f"12 beyond_scope minh TP{beyond}"] if beyond else []
    assert desk.record("minh", text + "}") == wrong


ERASED = '{"kind":"subject_erased",DAY,"person":"A","reason":"x"}'
RESTORED = '{"kind":"book_restored",DAY,"book_id":"b","from_no":3}'
DIED = '{"kind":"died",DAY,"person":"A"}'
ROLES = [
    ("root", DIED, "not_enrolled root"),
    ("hoa", DIED, "not_entitled hoa auditor died"),
    ("hoa", rotated("hoa"), None),
    ("hoa", rotated("hoa", corrects=11), "not_entitled hoa auditor operator_key_rotated"),
    ("minh", rotated("minh"), None),
    ("minh", rotated("hoa"), "not_entitled minh clerk operator_key_rotated"),
    ("tu", rotated("tu", corrects=10), "not_your_key tu"),
    ("lan", rotated("hoa"), "not_your_key hoa"),
    ("minh", ERASED, "not_entitled minh clerk subject_erased"),
    ("lan", ERASED, None),
    ("minh", RESTORED, "not_entitled minh clerk book_restored"),
    ("tu", RESTORED, "beyond_scope tu HX —"),
    ("lan", RESTORED, None),
    ("minh", enrolled("an", "clerk", "TP"), "not_entitled minh clerk operator_enrolled"),
    ("minh", revoked("hoa"), "not_entitled minh clerk operator_revoked"),
    ("minh", voided(9), "not_entitled minh clerk voided"),
    ("minh", DIED.replace("}", ',"corrects":9}'), "not_entitled minh clerk died"),
    ("tu", enrolled("an", "clerk", "HX1"), None),
    ("tu", enrolled("an", "clerk", "TP"), "beyond_scope tu HX TP"),
    ("tu", enrolled("an", "clerk"), "beyond_scope tu HX —"),
    ("tu", enrolled("minh", "clerk", "HX"), "beyond_scope tu HX TP"),
    ("tu", enrolled("hoa", "clerk", "HX"), "beyond_scope tu HX —"),
    ("tu", revoked("minh"), "beyond_scope tu HX TP"),
    ("tu", revoked("an"), "beyond_scope tu HX —"),
    ("tu", voided(9), "beyond_scope tu HX TP"),
    ("tu", voided(10), None),
    ("tu", '{"kind":"died",DAY,"person":"B","corrects":9}', "beyond_scope tu HX TP"),
    ("lan", revoked("lan"), "last_chief lan"),
    ("lan", voided(8), "last_chief lan"),
    ("lan", DIED.replace("}", ',"corrects":8}'), "last_chief lan"),
    ("lan", enrolled("lan", "clerk"), "last_chief lan"),
    ("lan", enrolled("lan", "chief", "TP"), "last_chief lan"),
    ("lan", enrolled("lan", "chief", keyed=False), "last_chief lan"),
    ("lan", enrolled("lan", "chief"), None),
]


@pytest.mark.parametrize(("by", "line", "wrong"), ROLES)
def test_each_role_records_what_is_its_own(
    desk: Desk, by: str, line: str, wrong: str | None
) -> None:
    assert desk.record(by, line) == ([f"12 {wrong}"] if wrong else [])


def test_what_somebody_else_is_said_to_have_recorded_is_for_chiefs(desk: Desk) -> None:
    assert desk.record("minh", DIED, said="x") == ["12 not_entitled minh clerk died"]
    assert desk.record("lan", DIED, said="x") == []


def test_a_commit_goes_by_what_is_before_each_of_its_entries(desk: Desk) -> None:
    # lan is revoked with the first of them, and the second is hers no more
    assert desk.record("lan", enrolled("nam", "chief"), revoked("lan"), DIED) == [
        "14 operator_revoked lan 13"
    ]
    assert desk.record("lan", DIED) == ["15 operator_revoked lan 13"]


def test_an_operator_without_a_key_records_nothing(desk: Desk) -> None:
    assert desk.record("lan", enrolled("minh", "clerk", keyed=False)) == []
    assert desk.record("minh", DIED) == ["13 operator_without_key minh"]


def test_what_displaces_a_note_of_a_restored_backup_is_for_chiefs(desk: Desk) -> None:
    assert desk.record("lan", enrolled("minh", "clerk"), RESTORED) == []
    assert desk.record("minh", voided(13)) == ["14 not_entitled minh clerk voided"]
    assert desk.record("lan", voided(13)) == []


def test_what_displaces_an_entry_about_nobody_is_the_whole_books(desk: Desk) -> None:
    # given a revoking of somebody who is enrolled no more
    desk.record("lan", enrolled("an", "clerk", "HX"), revoked("an"), voided(12))
    died = '{"kind":"died",DAY,"person":"B","corrects":13}'
    assert desk.record("tu", died) == ["15 beyond_scope tu HX —"]


@pytest.mark.parametrize("text", [RESTORED, ERASED, revoked("hoa")])
def test_what_is_for_chiefs_is_so_wherever_it_stands(text: str) -> None:
    (line,) = lines(f"{enrolled('minh', 'clerk', 'TP')}".replace("DAY", DAY))
    authority = Authority(BOOK_ID, Facts(), begun=True)
    authority.operators.add(msgspec.structs.replace(line.entry, no=1))
    authority.open("minh")
    (line,) = lines(text.replace("DAY", DAY))
    with pytest.raises(Problem, match="not_entitled"):
        authority.check(line.entry, "unit/TP", None, "minh")


def test_nothing_is_held_against_anybody_before_signing_begins() -> None:
    authority = Authority(BOOK_ID, Facts(), begun=False)
    authority.open("x")
    (line,) = lines(ERASED.replace("DAY", DAY))
    authority.check(line.entry, "person/A", None, "y")


def test_where_no_chief_is_left_others_are_not_said_to_take_the_last(desk: Desk) -> None:
    desk.record("lan", revoked("lan"))
    assert desk.record("tu", enrolled("an", "clerk", "HX1")) == []


BEGINNING = [
    ("lan", [enrolled("lan", "chief")], {}, True),
    ("lan", [enrolled("lan", "chief"), DIED], {}, False),
    ("lan", [DIED, enrolled("lan", "chief")], {}, False),
    ("lan", [enrolled("lan", "chief")], {"typed": False}, False),
    ("lan", [enrolled("lan", "chief")], {"said": "x"}, False),
    ("x", [enrolled("lan", "chief")], {}, False),
    ("x", [enrolled("lan", "chief")], {"said": "lan"}, False),
    ("lan", [enrolled("lan", "clerk")], {}, False),
    ("lan", [enrolled("lan", "chief", "TP")], {}, False),
    ("lan", [enrolled("lan", "chief", keyed=False)], {}, False),
    ("lan", [DIED], {}, False),
]


@pytest.mark.parametrize(("by", "texts", "how", "begins"), BEGINNING)
def test_signing_begins_with_a_chief_who_enrols_themself(
    by: str, texts: list[str], how: dict[str, bool | str], *, begins: bool
) -> None:
    desk = Desk()
    assert desk.record("x", *LOG) == []
    desk.keys = {"lan": key_of("lan")} if begins else {}
    assert desk.record(by, *texts, **how) == []  # type: ignore[arg-type]  # typed, said
    assert desk.checked.is_signed is begins
    assert desk.record("root", DIED)[:1] == (["9 not_enrolled root"] if begins else [])


def test_what_is_signed_is_the_checkpoint_after_the_commit() -> None:
    text = signed_text("rollbook/ab", 3, bytes(32))
    assert text == f"rollbook/ab\n3\n{'A' * 43}=\n"
