"""The words of sheets: headings, names of sheets, words of cells; read in both languages.

A heading is the name of a column (``profile.name``), or its words in Vietnamese or English;
a sheet is named by a kind or its words. Whoever reads a sheet takes all of them, in any case
and with any spacing, whatever language is spoken.
"""

import re
from collections.abc import Mapping
from functools import cache
from unicodedata import normalize

from commands.language import LANGUAGES, say_in, word_in
from commands.narrowing import KEYS
from ledger.catalogue import KINDS
from ledger.codes import LIST_OF, code_list
from ledger.exchange.columns import KIND, Column, by_name, columns_of
from ledger.exchange.heads import Vocabulary
from ledger.similar import similar

_LONGEST_TITLE = 31
"""How many characters the name of a sheet may have in Excel."""
_COPY = re.compile(r" \(\d+\)$")
"""What spreadsheets add to the name of a sheet that is there twice."""
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
    words = _COPY.sub("", normal(text))
    return _kinds().get(words) or _kinds().get(words.replace("-", "_"))


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


ERRORS = "Errors"
"""Heading of the column that a marked copy of a sheet has (a message id)."""
ASIDE = ("How this was made", "Lists of words")
"""Names of sheets that hold no entries (message ids)."""
_PASSED_OVER = frozenset({"stt", "tt", "số tt", "số thứ tự", "#"})
"""Headings of running numbers, as ``normal``: every office has such a column."""


def column_meant(kind: str | None, text: str) -> str | None:
    """Return the column that a heading names, "" if it is passed over, None if unknown."""
    words = normal(text)
    if words in _PASSED_OVER or words in {normal(say_in(each, ERRORS)) for each in LANGUAGES}:
        return ""
    found = column_names(kind).get(words)
    return found if found is not None or kind is None else _shorter(kind).get(words)


@cache
def _shorter(kind: str) -> Mapping[str, str]:
    """Return the columns of a kind by the words of their fields, those of two left out."""
    found: dict[str, list[str]] = {}
    for column in columns_of(kind):
        for words in {normal(word_in(each, "column", column.field.name)) for each in LANGUAGES}:
            found.setdefault(words, []).append(column.name)
    return {words: names[0] for words, names in found.items() if len(names) == 1}


def _nearest(kind: str | None, text: str) -> str:
    """Return the heading of the column that a wrong one probably means, else ""."""
    near = similar(normal(text), column_names(kind))
    if not near:
        return ""
    name = column_names(kind)[near]
    return next((h for h in (heading(name, each) for each in LANGUAGES) if normal(h) == near), name)


def _kind_nearest(text: str) -> str:
    near = similar(normal(text), _kinds())
    return _kinds()[near] if near else ""


def help_text(column: Column, language: str) -> str:
    """Return the line of help under a heading: what the cell holds, and how it is written."""
    parts = [say_in(language, column.field.help)]
    if column.field.many:
        parts.append(say_in(language, SEVERAL))
    elif column.type in WRITTEN:
        parts.append(say_in(language, WRITTEN[column.type]))
    if column.required:
        parts.append(say_in(language, "required"))
    elif column.name == "person":
        parts.append(say_in(language, HANDED_OUT))
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}"


HANDED_OUT = "left empty, the book gives one"
"""How the id of somebody new is written (a message id)."""
SEVERAL = "several with commas between them"
"""How a cell of several is written (a message id)."""
WRITTEN = {
    "date": "written dd/mm/yyyy",
    "integer": "a whole number",
    "truth": "yes or no",
    "amount": "a number, or two as 90..100",
    "decimal": "a number",
    "filters": "written sex=female; age=18-30",
}
"""How a cell is written, by the type of its column (message ids)."""
SAID = (ERRORS, *ASIDE, SEVERAL, HANDED_OUT, *WRITTEN.values())
"""What this module says in a language that is named (message ids)."""


@cache
def _helps(name: str) -> frozenset[str]:
    columns = [by_name(kind)[name] for kind in KINDS if name in by_name(kind)]
    return frozenset(normal(help_text(c, each)) for c in columns for each in LANGUAGES)


def vocabulary() -> Vocabulary:
    """Return what the words of sheets mean, in both languages."""
    aside = {normal(say_in(each, title)) for each in LANGUAGES for title in ASIDE}
    return Vocabulary(
        kind_meant=kind_meant,
        column_meant=column_meant,
        meaning=meaning,
        is_help=lambda name, text: normal(text) in _helps(name),
        nearest=_nearest,
        kind_nearest=_kind_nearest,
        is_aside=lambda title: normal(title) in aside,
    )


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
