"""Vietnamese names: how they are sorted, and how they are searched.

Order: by the given (last) word first, then from the family name on. Words are compared
letter by letter in the order of the Vietnamese alphabet, then by tone in the order of
Vietnamese dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng. The letters and tones are
those of the alphabet itself; the table is small enough to need no library.
"""

import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE = {letter: place for place, letter in enumerate(_ALPHABET, 1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Combining marks of the tones; no mark is ngang, 0."""
_SHAPES = frozenset("\u0302\u0306\u031b")
"""Combining marks that make another letter: circumflex, breve, horn."""

Key = tuple[tuple[tuple[int, ...], tuple[int, ...], str], ...]


def folded(text: str) -> str:
    """Return text as it is compared in a search: lower case, no tone or letter marks."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _word_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Return letters, then tones, then the word itself so that no two differ by chance."""
    letters: list[int] = []
    tones: list[int] = []
    base = ""
    for character in (*unicodedata.normalize("NFD", text.lower()), ""):
        if character in _SHAPES and base:
            base = unicodedata.normalize("NFC", base + character)
        elif character in _TONES and tones:
            tones[-1] = _TONES[character]
        else:
            if base:
                letters.append(_PLACE.get(base, len(_PLACE) + ord(base[0])))
            base = character
            tones.append(0)
    return tuple(letters), tuple(tones[:-1]), text


def sort_key(name: str) -> Key:
    """Return the key that sorts full names as Vietnamese lists sort them."""
    words = name.split()
    given_first = [*words[-1:], *words[:-1]]
    return tuple(_word_key(text) for text in given_first)


def found_in(part: str, name: str) -> bool:
    """Return whether the words of ``part`` stand in ``name``, whatever their case and marks."""
    return f" {folded(part)} " in f" {folded(name)} "
