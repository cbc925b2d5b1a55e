"""Vietnamese and English: chosen by the person, complete, and equal to what is compiled."""

import gettext
import io
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from commands.language import DOMAIN, LANGUAGES, LOCALE, choose
from tests.terminal import ROOT, call, done, process

PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(\w+\)s")


def catalogue(language: str) -> Catalog:
    path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


VIETNAMESE = [message for message in catalogue("vi") if message.id]


def test_every_message_is_in_step_and_translated() -> None:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "messages"), "--check"],
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout.decode() + ended.stderr.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_what_the_text_says(language: str) -> None:
    compiled = gettext.translation(DOMAIN, LOCALE, [language])
    for message in catalogue(language):
        first, *_ = forms(message.id) or ("",)
        if not first:
            continue
        if message.context:
            said = compiled.pgettext(message.context, first)
        elif len(forms(message.id)) > 1:
            said = compiled.ngettext(first, forms(message.id)[1], 1)
        else:
            said = compiled.gettext(first)
        assert said == forms(message.string)[0]


def broken(messages: list[Message], kept: re.Pattern[str]) -> list[str]:
    """Return the messages whose translation has not what its English has."""
    found = []
    for message in messages:
        wanted = set(kept.findall(" ".join(forms(message.id))))
        for string in forms(message.string):
            # Of a message with a number, one form has {possibility}, the other the list.
            have = set(kept.findall(string))
            if not (have <= wanted if isinstance(message.id, tuple) else have == wanted):
                found.append(f"{message.id}: {wanted ^ have}")
    return found


def test_placeholders_are_those_of_the_english() -> None:
    assert not broken(VIETNAMESE, PLACEHOLDER)


def test_options_and_identifiers_stand_in_translations_as_they_are_typed() -> None:
    typed = re.compile(r"--[a-z][a-z-]+|\$ROLLBOOK|`rollbook [a-z]+")
    assert not broken([m for m in VIETNAMESE if not isinstance(m.id, tuple)], typed)


def test_vietnamese_is_written_in_composed_letters_and_one_way_of_marking() -> None:
    text = (LOCALE / "vi" / "LC_MESSAGES" / "rollbook.po").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    # The mark stands on the first vowel of oa, oe, uy at the end of a word: hóa, not hoá.
    assert not re.findall(r"\b\w*(?:o[áàảãạéèẻẽẹ]|(?<!q)u[ýỳỷỹỵ])\b", text)


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "vi"),
        ([], {"LANG": "C.UTF-8"}, "vi"),
        ([], {"LANG": "vi_VN.UTF-8"}, "vi"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "fr_FR.UTF-8"}, "en"),
        ([], {"LC_ALL": "C", "LANG": "en_US.UTF-8"}, "vi"),
        ([], {"LANGUAGE": "en:vi", "LANG": "vi_VN"}, "en"),
        ([], {"LANGUAGE": "", "LC_MESSAGES": "en_US"}, "en"),
        (["--lang", "en", "log"], {"LANG": "vi_VN"}, "en"),
        (["log", "--lang=vi"], {"LANG": "en_US"}, "vi"),
        (["log", "--lang", "fr"], {"LANG": "en_US"}, "en"),
        (["log", "--lang"], {"LANG": "en_US"}, "en"),
        (["log", "--", "--lang", "vi"], {"LANG": "en_US"}, "en"),
    ],
)
def test_the_language_is_what_lang_says_else_the_environment(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert choose(arguments, environment) == language


def test_everything_about_a_call_is_in_one_language(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    helped = done(book, "record", "nominated", "--help", lang="vi").out
    for said in ("Cách dùng:", "Tùy chọn:", "[bắt buộc]", "Ví dụ:", "nữ", "giúp đỡ này", "NGÀY"):
        assert said in helped
    for unsaid in ("Usage", "Options", "required", "Show this", "Examples", "Day"):
        assert unsaid not in helped
    refused = call(book, "log", lang="vi")
    assert "book_missing: không có sổ ở" in refused.err
    assert "cách xử lý:" in refused.err


def test_lang_before_or_after_the_command_wins_over_the_environment() -> None:
    for arguments in (("--lang", "en", "log", "--help"), ("log", "--help", "--lang", "en")):
        assert process(*arguments, LANGUAGE="vi").out.startswith("Usage: rollbook log")


def test_the_librarys_own_sentences_are_translated() -> None:
    assert "Option '--on' requires an argument." in process("void", "1", "--on").err
    said = process("void", "1", "--on", LANGUAGE="vi").err
    assert "Tùy chọn '--on' cần 1 giá trị." in said


def test_an_unknown_language_is_wrong_usage(tmp_path: Path) -> None:
    said = call(tmp_path / "book.db", "log", "--lang", "fr")
    assert (said.status, said.code) == (2, "wrong_usage")
