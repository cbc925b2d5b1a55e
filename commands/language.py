"""The language that Rollbook speaks: chosen once, before any command exists.

Message ids are English. ``say`` translates a sentence, ``word`` an identifier of the
catalogue (an enumerated value, a kind, a column), which has a context because the same
identifier can need different words: ``grassroots_committee`` is an organisation among
unit types, and its committee among bodies that vote. The codes of open lists bring their
names with them (``ledger/codes``).

The library of the command line asks gettext's current domain for its own sentences, so
that domain is ours, and ours has them too.
"""

import gettext
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ledger.codes import name_of

DOMAIN = "rollbook"
LANGUAGES = ("vi", "en")
LOCALE = Path(__file__).parent / "locale"
_UNSAID = frozenset({"C", "POSIX"})
_VIETNAMESE_OF_WINDOWS = 0x2A
"""Primary language identifier of Vietnamese (LANG_VIETNAMESE of winnt.h)."""

_translations: gettext.NullTranslations = gettext.NullTranslations()
_spoken = "en"


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return ``vi`` or ``en``: what ``--lang`` says, else what the environment says.

    Vietnamese unless another language is named: the tool is made for Vietnamese offices,
    and an unset locale says nothing. An unknown ``--lang`` is left to the option to refuse.
    """
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == "--lang":
            asked = value if equals else "".join(arguments[place + 1 : place + 2])
            if asked in LANGUAGES:
                return asked
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        named = environment.get(variable, "").partition(":")[0].partition(".")[0]
        if named:
            return "vi" if named in _UNSAID or named.startswith("vi") else "en"
    return _language_of_windows() if sys.platform == "win32" else "vi"


def _language_of_windows() -> str:
    """Return the language of the person's Windows, which sets no variable for it."""
    if sys.platform == "win32":
        from ctypes import windll  # noqa: PLC0415 - exists on Windows only

        primary = windll.kernel32.GetUserDefaultUILanguage() & 0x3FF
        return "vi" if primary == _VIETNAMESE_OF_WINDOWS else "en"
    return "vi"


def speak(language: str) -> None:
    """Make ``language`` (``vi`` or ``en``) the one that is spoken from now on."""
    global _translations, _spoken  # noqa: PLW0603 - gettext itself has one current domain
    _translations = gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
    _spoken = language
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


def spoken() -> str:
    """Return the language that is spoken: ``vi`` or ``en``."""
    return _spoken


def say(message: str) -> str:
    """Return the translation of an English message; the empty message stays empty."""
    return _translations.gettext(message) if message else ""


def say_number(one: str, many: str, number: int) -> str:
    """Return the translation that fits ``number``, with ``{number}`` filled in."""
    return _translations.ngettext(one, many, number).format(number=number)


def word(context: str, identifier: str) -> str:
    """Return the word for an identifier of the catalogue; itself when it has none.

    A code of a list has its name from there.
    """
    return name_of(context, identifier, _spoken) or _translations.pgettext(context, identifier)


@cache
def _translations_of(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)


def word_in(language: str, context: str, identifier: str) -> str:
    """Return the word for an identifier in ``vi`` or ``en``, whatever language is spoken."""
    named = name_of(context, identifier, language)
    return named or _translations_of(language).pgettext(context, identifier)


def say_in(language: str, message: str) -> str:
    """Return the translation of an English message in ``vi`` or ``en``."""
    return _translations_of(language).gettext(message) if message else ""


def has_word(context: str, identifier: str) -> bool:
    """Return whether there is a word for ``identifier``: open lists hold any code."""
    return word(context, identifier) != identifier
