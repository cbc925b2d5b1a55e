"""The lists of codes as data, and ``rollbook codes`` that shows them."""

import re
from pathlib import Path

import pytest

from commands.language import speak, word
from ledger.catalogue import KINDS, fields_of
from ledger.codes import LIST_OF, LISTS, code_list, name_of
from projections.filters import FILTERS, sector_group
from tests.terminal import call, done, started
from tests.test_start_up import modules

FOLDER = Path(__file__).parent.parent / "ledger" / "codes"


def test_every_file_is_a_list_and_every_list_a_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_says_what_it_follows_and_names_its_codes_in_both_languages(name: str) -> None:
    found = code_list(name)
    assert found.version
    assert re.search(r"\d{4}-\d\d-\d\d", found.source)
    assert found.vi
    assert found.en
    for code, item in found.codes.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
        assert item.vi
        assert item.en
        assert item.parent is None or item.parent in found.codes
    for names in zip(*((item.vi, item.en) for item in found.codes.values()), strict=True):
        assert len(set(names)) == len(names), "two codes of one name"


def test_lists_are_those_of_the_fields_of_a_profile_and_of_a_unit() -> None:
    profile = next(field for field in fields_of(KINDS["nominated"]) if field.name == "profile")
    fields = {part.name for part in profile.parts}
    fields |= {field.name for field in fields_of(KINDS["unit_founded"])}
    assert set(LISTS) <= fields
    assert set(LIST_OF) - {"unions"} <= set(FILTERS)


def test_the_54_peoples_and_the_degrees_in_their_order() -> None:
    assert len(code_list("ethnicity").codes) == 54 + 1  # foreigners beside them
    assert {name for name in LISTS if code_list(name).ordered} == {
        "education",
        "professional_education",
        "political_theory",
    }
    degrees = list(code_list("professional_education").codes)
    assert degrees.index("college") < degrees.index("university") < degrees.index("doctor")


@pytest.mark.parametrize(
    ("sector", "group"),
    [
        ("ward", "commune_level"),
        ("wholly_foreign_owned", "non_state_enterprise"),
        ("state_enterprise", "state_enterprise"),
        ("chợ", "chợ"),
        ("unknown", "unknown"),
    ],
)
def test_a_sector_belongs_to_one_group(sector: str, group: str) -> None:
    assert sector_group(sector) == group
    assert sector in {*code_list("sector").members(group)} or sector == group


def test_names_come_from_the_lists() -> None:
    assert name_of("union", "trade_union+youth_union", "vi") == "công đoàn + Đoàn Thanh niên"
    assert name_of("union", "trade_union+hội", "en") == "Trade Union + hội"
    assert name_of("sector_group", "agency", "en") == "Party and state agencies"
    assert name_of("ethnicity", "unlisted", "vi") is None
    assert name_of("sex", "male", "vi") is None
    speak("vi")
    assert word("political_theory", "elementary") == "sơ cấp"
    assert word("political_theory", "unknown") == "không rõ"
    speak("en")
    assert word("ethnicity", "unlisted") == "unlisted"


def test_there_is_no_such_list() -> None:
    with pytest.raises(KeyError):
        code_list("form_7")


def test_the_command_lists_them(tmp_path: Path) -> None:
    book = tmp_path / "none.db"  # no book is needed
    rows = done(book, "codes", "--format", "json").json
    assert [row["list"] for row in rows] == list(LISTS)
    assert set(rows[0]) == {"list", "version", "codes", "source", "vi", "en"}
    sectors = done(book, "codes", "sector", "--format", "json").json
    assert sectors[1] == {
        "list": "sector",
        "code": "commune",
        "vi": "xã",
        "en": "commune",
        "parent": "commune_level",
    }
    told = done(book, "codes", "education", lang="vi").out
    assert "Xếp từ thấp đến cao" in told
    assert "11-HD/BTCTW" in told
    assert call(book, "codes", "sectr").code == "bad_choice"


def test_the_help_of_recording_reads_no_list(tmp_path: Path) -> None:
    book = str(started(tmp_path))
    assert "tomllib" not in modules("record", "nominated", "--help", ROLLBOOK=book)
