"""Operators: who may record what, what is signed, and what is found when it was forced in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.authority.operators import key_text
from ledger.book import Book, Line
from ledger.errors import Problem, Refused
from tests.office import DAY, NOW, Office, lines, refused
from tests.shelf import forced


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Return a book of two communes, its chief lan, and a clerk of one of them, minh."""
    made = Office(tmp_path / "book.db")
    with made.book:
        made.enrol("lan", "chief")
        made.enrol("minh", "clerk", "TP")
        yield made


def whole(text: str) -> str:
    """Return a line with what is written short."""
    profile = '"profile":{"name":"C","birth_year":2000,"sex":"male"}'
    return (
        text.replace("DAY", DAY)
        .replace("STARTS", '"starts":"2020-01-01"')
        .replace("PROFILE", profile)
    )


def test_a_signed_book_takes_only_what_its_operators_sign(office: Office) -> None:
    died = f'{{"kind":"died",{DAY},"person":"A"}}'
    assert refused(office, "root", died) == ["not_enrolled"]
    key = office.keys.pop("minh")
    assert refused(office, "minh", died) == ["key_needed"]
    office.keys["minh"] = office.keys["lan"]
    assert refused(office, "minh", died) == ["key_differs"]
    office.keys["minh"] = key
    office.record("minh", died, dry_run=True)
    office.record("minh", died)
    assert office.found() == []


MAY = """
{"kind":"died",DAY,"person":"A"}
{"kind":"transferred",DAY,"person":"A","to":"HX1"}
{"kind":"unit_founded",DAY,"unit":"TP2","parent":"TP1","name":"2","type":"cell"}
{"kind":"unit_renamed",DAY,"unit":"TP","name":"Mới"}
{"kind":"voided",DAY,"entry":5,"reason":"x"}
{"kind":"enrolled_in_class",DAY,"person":"A","class":"L"}
{"kind":"class_opened",DAY,"class":"M","type":"awareness","organiser":"TP1",STARTS}
{"kind":"nominated",DAY,"person":"C","unit":"TP",PROFILE}
{"kind":"unnamed_counted",DAY,"unit":"TP","measure":"members","as_of":"2020-01-01","count":3}
"""
MAY_NOT = """
{"kind":"died",DAY,"person":"B"}
{"kind":"transferred",DAY,"person":"B","to":"TP1"}
{"kind":"unit_founded",DAY,"unit":"HX2","parent":"HX","name":"2","type":"cell"}
{"kind":"unit_founded",DAY,"unit":"NEW","name":"2","type":"cell"}
{"kind":"unit_renamed",DAY,"unit":"HX1","name":"Mới"}
{"kind":"unit_moved",DAY,"unit":"TP1","parent":"HX"}
{"kind":"unit_moved",DAY,"unit":"HX1","parent":"TP"}
{"kind":"unit_merged",DAY,"unit":"TP1","into":"HX1"}
{"kind":"voided",DAY,"entry":8,"reason":"x"}
{"kind":"exempted","effective_on":"2018-01-01","person":"A","corrects":8}
{"kind":"class_opened",DAY,"class":"M","type":"awareness","organiser":"HX",STARTS}
{"kind":"nominated",DAY,"person":"C","unit":"HX",PROFILE}
{"kind":"unnamed_counted",DAY,"unit":"HX","measure":"members","as_of":"2020-01-01","count":3}
{"kind":"subject_erased",DAY,"person":"A","reason":"x"}
{"kind":"operator_enrolled",DAY,"operator":"c","name":"c","role":"clerk"}
"""


@pytest.mark.parametrize("text", MAY.strip().splitlines())
def test_a_clerk_records_within_their_scope(office: Office, text: str) -> None:
    office.record("minh", whole(text))
    assert office.found() == []


@pytest.mark.parametrize("text", MAY_NOT.strip().splitlines())
def test_and_the_chief_what_is_beyond_it(office: Office, text: str) -> None:
    text = whole(text)
    codes = refused(office, "minh", text)
    assert set(codes) <= {"beyond_scope", "not_entitled"}, codes
    office.record("lan", text)
    assert office.found() == []


@pytest.mark.parametrize(
    "text",
    [
        '{"kind":"operator_revoked",DAY,"operator":"minh"}',
        '{"kind":"voided",DAY,"entry":9,"reason":"x"}',
    ],
)
def test_operators_are_for_chiefs(office: Office, text: str) -> None:
    assert refused(office, "minh", whole(text)) == ["not_entitled"]


def test_scope_follows_the_log_and_not_the_days(office: Office) -> None:
    # when A was moved away, even from a later day on, they are no longer minh's
    office.record("minh", f'{{"kind":"transferred",{DAY},"person":"A","to":"HX1"}}')
    earlier = '{"kind":"exempted","effective_on":"2019-01-01","person":"A"}'
    assert refused(office, "minh", earlier) == ["beyond_scope"]
    # when the move is voided, they are again
    office.record("lan", f'{{"kind":"voided",{DAY},"entry":11,"reason":"x"}}')
    office.record("minh", earlier)
    # when a unit comes under theirs, its people are theirs
    moved = f'{{"kind":"unit_moved",{DAY},"unit":"HX1","parent":"TP1"}}'
    died = f'{{"kind":"died",{DAY},"person":"B"}}'
    assert refused(office, "minh", moved + "\n" + died) == ["beyond_scope"] * 2
    office.record("lan", moved)
    office.record("minh", died)
    assert office.found() == []


def test_an_auditor_records_nothing_but_their_own_new_key(office: Office) -> None:
    office.enrol("hoa", "auditor")
    assert refused(office, "hoa", f'{{"kind":"died",{DAY},"person":"A"}}') == ["not_entitled"]
    old = office.keys["hoa"]
    public = key_text(office.key("hoa").key.public)
    new, office.keys["hoa"] = office.keys["hoa"], old
    rotated = f'{{"kind":"operator_key_rotated",{DAY},"operator":"hoa","public_key":"{public}"}}'
    assert refused(office, "lan", rotated) == ["not_your_key"]
    assert refused(office, "minh", rotated) == ["not_entitled"]
    displacing = rotated.replace("}", ',"corrects":8}')
    assert refused(office, "hoa", displacing) == ["not_entitled"]
    office.record("hoa", rotated)
    assert refused(office, "hoa", rotated) == ["key_differs"]
    office.keys["hoa"] = new
    office.record("hoa", rotated)
    assert office.found() == []


def test_who_was_revoked_records_no_more_and_the_last_chief_stays(office: Office) -> None:
    assert refused(office, "lan", f'{{"kind":"operator_revoked",{DAY},"operator":"lan"}}') == [
        "last_chief"
    ]
    office.record("lan", f'{{"kind":"operator_revoked",{DAY},"operator":"minh"}}')
    died = f'{{"kind":"died",{DAY},"person":"A"}}'
    assert refused(office, "minh", died) == ["operator_revoked"]
    office.enrol("minh", "clerk", "TP")
    office.record("minh", died)
    office.enrol("nam", "chief")
    office.record("nam", f'{{"kind":"operator_revoked",{DAY},"operator":"lan"}}')
    assert refused(office, "lan", died) == ["operator_revoked"]
    assert office.found() == []


def test_a_chief_of_a_part_enrols_only_for_that_part(office: Office) -> None:
    office.enrol("tu", "chief", "HX")
    office.enrol("an", "clerk", "HX1", by="tu")
    for scope in ("TP", None):
        with pytest.raises(Refused) as caught:
            office.enrol("bo", "clerk", scope, by="tu")
        assert [problem.code for problem in caught.value.problems] == ["beyond_scope"]
    assert refused(office, "tu", f'{{"kind":"operator_revoked",{DAY},"operator":"minh"}}') == [
        "beyond_scope"
    ]
    office.record("tu", f'{{"kind":"operator_revoked",{DAY},"operator":"an"}}')
    assert office.found() == []


@pytest.mark.parametrize(
    "text",
    [
        '{"kind":"voided",DAY,"entry":9,"reason":"x"}',
        '{"kind":"died",DAY,"person":"A","corrects":9}',
        '{"kind":"operator_enrolled",DAY,"operator":"lan","name":"lan","role":"clerk"}',
    ],
)
def test_nothing_takes_the_last_chief_away(office: Office, text: str) -> None:
    assert refused(office, "lan", whole(text)) == ["last_chief"]
    office.enrol("nam", "chief")
    office.record("nam", whole(text))
    assert office.found() == []


def test_a_chief_of_a_part_leaves_the_operators_of_others_alone(office: Office) -> None:
    office.enrol("tu", "chief", "HX")
    public = key_text(office.key("x").key.public)

    def taken(code: str) -> str:
        # the key comes last: one in a hundred has one of the short words in it
        line = f'{{"kind":"operator_enrolled",DAY,"operator":"{code}","name":"x","role":"clerk",'
        return f'{whole(line)}"scope":"HX1","public_key":"{public}"}}'

    for code in ("minh", "lan"):
        assert refused(office, "tu", taken(code)) == ["beyond_scope"]
    for line in (
        '{"kind":"voided",DAY,"entry":10,"reason":"x"}',
        '{"kind":"died",DAY,"person":"B","corrects":10}',
    ):
        assert refused(office, "tu", whole(line)) == ["beyond_scope"]
    office.record("tu", taken("new"))
    assert office.found() == []


def test_a_whole_export_is_for_chiefs_to_import(office: Office, tmp_path: Path) -> None:
    exported = [Line(entry, row=at) for at, entry in enumerate(office.book.entries(), 1)]
    with Book.create(tmp_path / "copy.db") as copy:
        # an unsigned book takes it from anybody, and its operators begin nothing
        copy.record(exported, now=NOW, by="lan", keep_recorded=True)
        copy.record(lines(f'{{"kind":"died",{DAY},"person":"A"}}'), now=NOW, by="root")
    claimed = lines(f'{{"no":11,"kind":"died",{DAY},"person":"A","by":"x",'
                    '"recorded_at":"2024-05-06T07:08:09Z"}')  # fmt: skip
    for by, codes in (("minh", ["not_entitled"]), ("lan", [])):
        try:
            office.book.record(
                claimed, now=NOW, by=by, keep_recorded=True, key=office.keys[by], dry_run=True
            )
            found: list[str] = []
        except Refused as error:
            found = [problem.code for problem in error.problems]
        assert found == codes


@pytest.mark.parametrize(
    ("sql", "no", "code"),
    [
        ("UPDATE commits SET signature = NULL WHERE commit_no = 4", 11, "signature_missing"),
        ("UPDATE commits SET signature = NULL WHERE commit_no = 2", 9, "signature_missing"),
        ("UPDATE commits SET signature = NULL", 9, "signature_missing"),
        (
            "UPDATE commits SET signature = CAST(root || root AS BLOB) WHERE commit_no = 4",
            11,
            "signature_false",
        ),
        ("UPDATE commits SET root = zeroblob(32) WHERE commit_no = 4", 11, "signature_false"),
        (
            "UPDATE commits SET signature = zeroblob(64) WHERE commit_no = 1",
            8,
            "signature_unwanted",
        ),
        ("UPDATE commits SET signature = 'x' WHERE commit_no = 4", 11, "signature_missing"),
        ("UPDATE commits SET signature = x'00' WHERE commit_no = 4", 11, "signature_false"),
    ],
)
def test_signatures_taken_away_or_exchanged_are_found(
    office: Office, sql: str, no: int, code: str
) -> None:
    office.record("minh", f'{{"kind":"died",{DAY},"person":"A"}}')
    assert office.found() == []
    forced(office.path, (sql, ()))
    found = office.found()[0]
    assert (found.no, found.problem.code) == (no, code)


def test_what_was_forced_in_beyond_a_scope_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a program that does not ask
    monkeypatch.setattr("ledger.recording.entitling.Entitling.check", lambda *_: None)
    office.record("minh", f'{{"kind":"died",{DAY},"person":"B"}}')
    office.record("minh", f'{{"kind":"operator_revoked",{DAY},"operator":"lan"}}')
    monkeypatch.undo()
    # then the log tells
    found = [(found.no, found.problem.code) for found in office.found()]
    assert found == [(11, "beyond_scope"), (12, "not_entitled")]


def test_people_stay_where_they_were_when_a_list_names_no_unit(office: Office) -> None:
    office.record("minh", whole('{"kind":"nominated",DAY,"person":"C","unit":"TP1",PROFILE}'))
    office.record("minh", f'{{"kind":"listed",{DAY},"person":"C"}}')
    assessed = f'{{"kind":"assessed",{DAY},"person":"C","unit":"TP1","assessment":"ready"}}'
    office.record("minh", assessed)
    assert office.found() == []


@pytest.mark.parametrize("y", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18])
def test_keys_that_everybody_could_sign_with_are_refused(office: Office, y: int) -> None:
    public = key_text(y.to_bytes(32, "little"))
    enrolled = f'{{"kind":"operator_enrolled",{DAY},"operator":"x","name":"x","role":"clerk",'
    enrolled += f'"public_key":"{public}"}}'
    with pytest.raises((Refused, Problem)) as caught:
        office.record("lan", enrolled)
    assert "bad_value" in str(caught.value)
