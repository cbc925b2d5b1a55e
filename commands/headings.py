"""The words of sheets: headings, names of sheets, words of cells; read in both languages.

A heading is the name of a column (``profile.name``), or its words in Vietnamese or English;
a sheet is named by a kind or its words. Whoever reads a sheet takes all of them, in any case
and with any spacing, whatever language is spoken.
"""

import re
from collections.abc import Mapping
from functools import cache
from unicodedata import normalize

from commands.language import LANGUAGES, word_in
from commands.narrowing import KEYS
from ledger.catalogue import KINDS
from ledger.codes import LIST_OF, code_list
from ledger.exchange.columns import KIND, Column, by_name, columns_of

_LONGEST_TITLE = 31
"""How many characters the name of a sheet may have in Excel."""
_SPACING = re.compile(r"\s+")


def normal(text: str) -> str:
    """Return a text as words are compared: composed, without case, spaces single."""
    return _SPACING.sub(" ", normalize("NFC", text)).strip().casefold()


def heading(name: str, language: str) -> str:
    """Return the heading of a column in ``vi`` or ``en``: ``Họ và tên`` of ``profile.name``."""
    words = word_in(language, "heading", name)
    return f"{words[:1].upper()}{words[1:]}"


def sheet_title(kind: str, language: str) -> str:
    """Return the name of the sheet of a kind: its words, as many of them as Excel takes."""
    words = word_in(language, "kind", kind)
    title = f"{words[:1].upper()}{words[1:]} "[: _LONGEST_TITLE + 1]
    return title[: title.rindex(" ")].rstrip(",")


@cache
def _kinds() -> Mapping[str, str]:
    found = {normal(kind): kind for kind in KINDS}
    for kind in KINDS:
        for language in LANGUAGES:
            found[normal(word_in(language, "kind", kind))] = kind
            found[normal(sheet_title(kind, language))] = kind
    return found


def kind_meant(text: str) -> str | None:
    """Return the kind that a text names: an identifier, or the words of one; else None."""
    return _kinds().get(normal(text)) or _kinds().get(normal(text).replace("-", "_"))


@cache
def column_names(kind: str | None) -> Mapping[str, str]:
    """Return the names of columns by everything that may stand at their head, as ``normal``.

    ``kind``: the columns of one kind; None: those of all kinds, and ``kind`` itself.
    """
    kinds = KINDS if kind is None else (kind,)
    names = dict.fromkeys(name for each in kinds for name in by_name(each))
    found = {}
    for name in (KIND, *names):
        for words in (name, *(heading(name, language) for language in LANGUAGES)):
            found[normal(words)] = name
    return found


def meaning(context: str, text: str) -> str | None:
    """Return the identifier that a text means in a context, itself or by its word; else None."""
    meant = _meanings(context)
    return text if text in meant.values() else meant.get(normal(text))


@cache
def _meanings(context: str) -> dict[str, str]:
    """Return the identifiers of a context by their words in both languages."""
    words = {
        normal(word_in(language, context, identifier)): identifier
        for language in LANGUAGES
        for identifier in identifiers(context)
    }
    return words | {normal(identifier): identifier for identifier in identifiers(context)}


@cache
def identifiers(context: str) -> tuple[str, ...]:
    """Return the identifiers that have words in a context."""
    if context in LIST_OF:
        return tuple(code_list(LIST_OF[context]).codes)
    if context in _OTHERS:
        return _OTHERS[context]
    every = (column for kind in KINDS for column in columns_of(kind))
    return tuple(dict.fromkeys(choice for column in every for choice in _choices(column, context)))


def _choices(column: Column, context: str) -> tuple[str, ...]:
    known_as = "type" if context in {"unit_type", "class_type"} else context
    return column.field.choices if column.context == known_as else ()


_OTHERS: dict[str, tuple[str, ...]] = {
    "truth": ("yes", "no"),
    "column": KEYS,
    "referrer": ("youth_union", "trade_union"),
    "source": ("own_congress",),
}
