"""Reads CSV as offices have it: in their encodings, between commas, semicolons or tabs.

UTF-8 and UTF-16 say what they are. Of what is neither, only Windows for Vietnam (cp1258)
is taken without being named, and only if the file reads as Vietnamese in it and in no
other; else the error says which encodings to try.
"""

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from io import StringIO
from typing import NamedTuple

from ledger.errors import Problem, Refused
from ledger.exchange.encodings import candidates, decoded, of_old_font, reads_well
from ledger.exchange.heads import ROWS_ABOVE
from ledger.exchange.raw import Raw
from ledger.exchange.sheets import Grid
from ledger.exchange.syllables import marked_words, share

SEPARATORS = (",", ";", "\t")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WIDE, _CODEPAGE = "utf-16", "cp1258"
_FEW = 0.6
_MANY_WORDS = 5
"""So many marked words are enough to see that a text is not Vietnamese."""


class Table(NamedTuple):
    """What a file of CSV holds."""

    grid: Grid
    encoding: str
    guessed: bool
    """Whether the encoding was neither named nor said by the file itself."""


def read_table(
    data: bytes, name: str, encoding: str | None, rate: Callable[[Sequence[Sequence[Raw]]], int]
) -> Table:
    """Return the rows of a file of CSV.

    ``rate``: how many headings are known in the best of some rows; the separator that gives
    the most is the one. Raises Refused: encoding_unknown, encoding_wrong, csv_unreadable.
    """
    text, found = text_of(data, name, encoding)
    said, text = _said_separator(text)
    rated = [(rate(_some(text, mark)), -place, mark) for place, mark in enumerate(SEPARATORS)]
    separator = said or max(rated)[2]
    if not said and not max(rated)[0]:
        separator = max(SEPARATORS, key=lambda mark: _evenness(_some(text, mark)))
    rows: list[list[Raw]] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows.extend([*row] for row in reader)
    except csv.Error as error:
        place = f"{name}:{len(rows) + 1}"
        raise Refused(Problem("csv_unreadable", value=name, detail=str(error)).at(place)) from None
    return Table(Grid(None, rows), found, encoding is None and found == _CODEPAGE)


def text_of(data: bytes, name: str, encoding: str | None) -> tuple[str, str]:
    """Return the text of a file and the encoding it is in; raise Refused."""
    if encoding is not None:
        try:
            text = _decoded(data, encoding)
        except UnicodeDecodeError:
            raise _wrong(data, name, encoding) from None
        if not text.isascii() and not _is_right(text, data, encoding):
            raise _wrong(data, name, encoding)
        return text, encoding
    for known in ("utf-16",) if data.startswith(_UTF16) else ("utf-8",):
        try:
            return decoded(data, known), known
        except UnicodeDecodeError:
            pass
    able = candidates(data) if b"\0" not in data else [_WIDE]
    if able == [_CODEPAGE]:
        return decoded(data, _CODEPAGE), _CODEPAGE
    tries = ", ".join(f"--encoding {each}" for each in able or (_CODEPAGE, "tcvn3", "vni"))
    raise Refused(Problem("encoding_unknown", value=name, choices=tries).at(name))


def _decoded(data: bytes, encoding: str) -> str:
    """Return the text of a file in an encoding that was named.

    The letters of an old font may have been saved as UTF-8: then they stand for its bytes.
    """
    if encoding in {"tcvn3", "vni"}:
        try:
            return of_old_font(decoded(data, "utf-8"), encoding)
        except UnicodeDecodeError:
            pass
    return decoded(data, encoding)


def _is_right(text: str, data: bytes, encoding: str) -> bool:
    """Return whether a file reads as Vietnamese in the encoding that was named."""
    if encoding == "utf-8":
        return True  # it does not fit what is in another encoding
    if encoding == "utf-16":
        return 2 * sum(map(str.isascii, text)) > len(text)  # of any language, with its commas
    words = marked_words(text)
    if not reads_well(text) or (len(words) >= _MANY_WORDS and share(text) < _FEW):
        return False
    return share(text) >= _FEW or _better(data, encoding) == []


def _better(data: bytes, encoding: str) -> list[str]:
    """Return the other encodings in which the file reads as Vietnamese."""
    if data.startswith(_UTF16):
        return [_WIDE] if encoding != _WIDE else []
    try:
        text = decoded(data, "utf-8")
    except UnicodeDecodeError:
        return [each for each in candidates(data) if each != encoding]
    return ["utf-8"] if share(text) >= _FEW else []


def _wrong(data: bytes, name: str, encoding: str) -> Refused:
    able = _better(data, encoding)
    tries = ", ".join(f"--encoding {each}" for each in able) or "--encoding utf-8"
    problem = Problem("encoding_wrong", value=encoding, choices=tries)
    return Refused(problem.at(name))


def _said_separator(text: str) -> tuple[str, str]:
    """Return the separator that a first line ``sep=;`` says, and the text with it blank."""
    first, end, rest = text.partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and said[4:] in SEPARATORS:
        return said[4:], f"{end}{rest}"
    return "", text


def _evenness(rows: Sequence[Sequence[Raw]]) -> tuple[int, int]:
    """Return how many of some rows have the same width, of more than one, and that width."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _some(text: str, separator: str) -> list[list[Raw]]:
    """Return the first rows of a text, as far as they can be read."""
    rows: list[list[Raw]] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append([*row])
            if len(rows) == ROWS_ABOVE:
                break
    except csv.Error:
        pass
    return rows
