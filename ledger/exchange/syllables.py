"""Whether text reads as Vietnamese: its words are syllables, each of a few shapes.

A syllable has an onset, one group of vowels with at most one tone, and a coda. Text that is
read in a wrong encoding hardly ever has that form. It is no spelling dictionary: names of
other peoples (Êđê, Đắk Lắk) need not have it, so only shares of many words are judged.
"""

import re
from functools import lru_cache
from unicodedata import normalize

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[\w\u00a8-\u00be\u0300-\u0323]+")
_ONSETS = "ngh ng nh gh gi kh ph th tr ch qu b c d đ g h k l m n p q r s t v x"
_VOWELS = (
    "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iu oa oă oe oi oo ôi ơi ua uâ ui uê "
    "uô uơ uy ưa ưi ươ ưu iêu oai oao oay oeo uai uây uôi uya uyê uyu ươi ươu yê yêu"
)
_CODAS = "ng nh ch c m n p t"


def _one_of(parts: str) -> str:
    return f"(?:{'|'.join(parts.split())})"


_SYLLABLE = re.compile(f"{_one_of(_ONSETS)}?{_one_of(_VOWELS)}{_one_of(_CODAS)}?")


@lru_cache(maxsize=65_536)
def is_syllable(word: str) -> bool:
    """Return whether a word has the form of a Vietnamese syllable, in small or capital letters."""
    if word not in {word.lower(), word.upper(), word.capitalize()}:
        return False
    parts = normalize("NFD", word.lower())
    if sum(mark in _TONES for mark in parts) > 1:
        return False
    bare = normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return _SYLLABLE.fullmatch(bare) is not None


def marked_words(text: str) -> list[str]:
    """Return the words of a text that have more than plain Latin letters."""
    return [word for word in _WORD.findall(normalize("NFC", text)) if not word.isascii()]


def share(text: str) -> float:
    """Return which share of the marked words of a text are syllables; 1 if it has none."""
    words = marked_words(text)
    return sum(map(is_syllable, words)) / len(words) if words else 1.0
