"""The encodings in which Vietnamese offices keep text, and how to tell one from another.

* ``tcvn3``: TCVN 5712:1993 (VN1, which holds VN3), of the ABC fonts (.VnTime …). Capital
  fonts (.VnTimeH) show the codes of small letters as capitals: what they wrote comes out
  in small letters.
* ``vni``: VNI for Windows, of the VNI fonts: a letter, and after it a second one for its marks.
* ``cp1258``: Windows for Vietnam: letters, and combining marks of the tones.

Text of old fonts also stands in workbooks and in UTF-8, as Latin letters that make no word.
"""

import re
from collections.abc import Callable, Iterable
from unicodedata import normalize

from ledger.exchange.syllables import share

ENCODINGS = ("utf-8", "utf-16", "cp1258", "tcvn3", "vni")

_ENOUGH = 0.6
"""Which share of the marked words of Vietnamese text are syllables at least: nearly all are."""
_NEAR = 0.2
"""How much less of an encoding is no reason to leave it out."""
_MARKS = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""No tone, huyền, hỏi, ngã, sắc, nặng."""
_VOWELS = "aăâeêioôơuưy"
LETTERS = frozenset(
    letter
    for vowel in _VOWELS
    for mark in _MARKS
    for letter in (normalize("NFC", vowel + mark), normalize("NFC", (vowel + mark).upper()))
) | {"đ", "Đ"}
"""Every vowel of Vietnamese with every tone, and đ, small and capital."""
_SIGNS = frozenset("–—‘’“”„…•°²³§×÷±₫€«»№\u00a0")
"""Other characters that stand in Vietnamese texts."""

_TCVN_FROM_128 = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN_LOW = dict(zip((1, 2, 4, 5, 6, *range(0x11, 0x18)), "ÚỤỪỬỮỨỰỲỶỸÝỴ", strict=True))
_TCVN = _TCVN_LOW | {128 + place: letter for place, letter in enumerate(_TCVN_FROM_128)}

_VNI_TONES = dict(zip("øûõùï", _MARKS[1:], strict=True))
_VNI_SHAPES = {
    "a": dict(zip("âàåãáäêèúüéë", "âầẩẫấậăằẳẵắặ", strict=True)),
    "e": dict(zip("âàåãáä", "êềểễếệ", strict=True)),
    "o": dict(zip("âàåãáä", "ôồổỗốộ", strict=True)),
}
_VNI_ALONE = dict(zip("ôöñæóòî", "ơưđỉĩịỵ", strict=True))


def _vni_table() -> dict[str, str]:
    """Return what each sequence of one or two letters stands for, capitals too."""
    small = dict(_VNI_ALONE)
    bases = {letter: letter for letter in "aeouy"} | {"ô": "ơ", "ö": "ư"}
    for written, base in bases.items():
        small |= {
            written + sign: normalize("NFC", base + mark) for sign, mark in _VNI_TONES.items()
        }
        small |= {written + sign: meant for sign, meant in _VNI_SHAPES.get(written, {}).items()}
    capitals = {
        first.upper() + second: meant.upper()
        for first, rest, meant in ((text[:1], text[1:], each) for text, each in small.items())
        for second in {rest, rest.upper()}
    }
    return small | capitals


_VNI = _vni_table()
_VNI_SEQUENCE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def _windows(data: bytes) -> str:
    """Return bytes as Windows of the West has them; the five it leaves out are kept."""
    return "".join(bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in data)


def _bytes(text: str) -> bytes | None:
    """Return the bytes of Latin text as Windows of the West has it, None if it has more."""
    try:
        return b"".join(c.encode("latin-1") if c < "\u0100" else c.encode("cp1252") for c in text)
    except UnicodeEncodeError:
        return None


def _from_tcvn3(data: bytes) -> str:
    return normalize("NFC", "".join(_TCVN.get(code, chr(code)) for code in data))


def _from_vni(data: bytes) -> str:
    return _VNI_SEQUENCE.sub(lambda found: _VNI[found[0]], _windows(data))


def _from_cp1258(data: bytes) -> str:
    return normalize("NFC", data.decode("cp1258"))


_DECODERS: dict[str, Callable[[bytes], str]] = {
    "cp1258": _from_cp1258,
    "tcvn3": _from_tcvn3,
    "vni": _from_vni,
    "utf-8": lambda data: data.decode("utf-8-sig"),
    "utf-16": lambda data: data.decode("utf-16"),
}


def decoded(data: bytes, encoding: str) -> str:
    """Return bytes as text in one of ``ENCODINGS``; raise UnicodeDecodeError."""
    return _DECODERS[encoding](data)


def of_old_font(text: str, encoding: str) -> str:
    """Return what Latin text meant in a font of ``tcvn3`` or ``vni``; other text as it is."""
    data = None if text.isascii() else _bytes(text)
    return text if data is None else _DECODERS[encoding](data)


def without_old_fonts(texts: Iterable[str], encoding: str) -> Callable[[str], str | None]:
    """Return what turns each text of a workbook into what it meant in an old font.

    ``texts``: all texts of the workbook. Where some of them are not of the old font, a text
    that makes sense both ways is answered with None.
    """
    is_mixed = any(_VIETNAMESE_ONLY.search(text) for text in texts)

    def meant(text: str) -> str | None:
        if text.isascii() or _VIETNAMESE_ONLY.search(text):
            return text
        old = of_old_font(text, encoding)
        if not is_mixed or meant_by(text) == encoding or old == text:
            return old
        return None

    return meant


def reads_well(text: str) -> bool:
    """Return whether all that is not ASCII in a text is of Vietnamese, as it is written."""
    return all(c in LETTERS or c in _SIGNS for c in normalize("NFC", text) if c > "\x7f")


def candidates(data: bytes) -> list[str]:
    """Return the encodings of one byte a letter in which ``data`` reads as Vietnamese."""
    shares = {encoding: _share_in(data, encoding) for encoding in ("cp1258", "tcvn3", "vni")}
    best = max(shares.values())
    return [each for each, found in shares.items() if found > max(_ENOUGH, best - _NEAR)]


def _share_in(data: bytes, encoding: str) -> float:
    """Return which share of the marked words are syllables in an encoding, 0 if unreadable."""
    try:
        text = decoded(data, encoding)
    except UnicodeDecodeError:
        return 0.0
    return share(text) if reads_well(text) else 0.0


_UTF8_SIGNS = re.compile("á[º»]|Ä[\u0090\u2018ƒ‚\u0082]|Æ[°¡\u00af ]|Ã[\u00a0-\u00bf]|áº|á»")
_VIETNAMESE_ONLY = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u1ea0-\u1ef9]"
)


def meant_by(text: str) -> str:
    """Return ``tcvn3`` or ``vni`` where a text was written in such a font, else nothing.

    ``utf-8`` is returned where that was once read as something else.
    """
    if text.isascii() or _VIETNAMESE_ONLY.search(text) or share(text) > _ENOUGH:
        return ""
    if _UTF8_SIGNS.search(text):
        data = _bytes(text)
        try:
            if data is not None and share(data.decode()) > _ENOUGH:
                return "utf-8"
        except UnicodeDecodeError:
            pass
    for encoding in ("tcvn3", "vni"):
        old = of_old_font(text, encoding)
        if reads_well(old) and share(old) == 1:
            return encoding
    return ""
