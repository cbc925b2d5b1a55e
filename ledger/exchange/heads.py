"""The head of a sheet: which row it is, and which column of the catalogue each cell names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.errors import Problem
from ledger.exchange.columns import KIND
from ledger.exchange.raw import Raw, clean, is_blank

ROWS_ABOVE = 50
"""The head is looked for among so many rows."""
_FEWEST = 2
"""Words of a title may be a heading by chance; two headings in one row are not."""


class Vocabulary(NamedTuple):
    """What the words of sheets mean, in the languages of the people who made them."""

    kind_meant: Callable[[str], str | None]
    """Returns the kind that a text names."""
    column_meant: Callable[[str | None, str], str | None]
    """Returns the column of a kind (None: of any) that a heading names; "" if it is passed
    over; None if it is not known."""
    meaning: Callable[[str, str], str | None]
    is_help: Callable[[str, str], bool]
    """Returns whether a text is the line of help of a column."""
    nearest: Callable[[str | None, str], str]
    """Returns the heading that was probably meant, else ""."""
    kind_nearest: Callable[[str], str]
    """Returns the kind that the name of a sheet probably means, else ""."""
    is_aside: Callable[[str], bool]
    """Returns whether a sheet of this name holds no entries: how an export was made …"""


class Head(NamedTuple):
    """The head of one sheet."""

    row: int
    """Counted from 0."""
    kind: str | None
    """The kind of the sheet; None where each row says its own."""
    columns: Mapping[str, int]
    """Where each column stands, counted from 0, by its name."""
    headings: Mapping[int, str]
    """What stands at the head of each column, also of those passed over."""
    helps: Callable[[str, str], bool]
    fixed: Mapping[str, Any] = {}
    """Values that hold for every row, from a mapping."""
    values: Mapping[str, Mapping[str, str]] = {}
    """What the office's own words mean, by column, from a mapping."""

    def has(self, name: str) -> bool:
        """Return whether a column stands in the sheet, or has one value for all rows."""
        return name in self.columns or name in self.fixed

    def translated(self, name: str, raw: Raw) -> Raw:
        """Return a cell in the words of the catalogue, where a mapping knows it."""
        known = self.values.get(name)
        if known is None or isinstance(raw, tuple):
            return raw
        text = clean(raw) if isinstance(raw, str) else f"{raw:g}" if isinstance(raw, float) else raw
        return known.get(str(text), raw)

    def is_help(self, cells: Sequence[Raw]) -> bool:
        """Return whether a row is the row of help that a template has."""
        texts = {
            name: cells[place]
            for name, place in self.columns.items()
            if place < len(cells) and not is_blank(cells[place])
        }
        helped = [name for name, raw in texts.items() if self.helps(name, str(raw))]
        return bool(helped) and 2 * len(helped) >= len(texts)

    def unheaded(self, cells: Sequence[Raw]) -> Iterator[int]:
        """Yield the places of cells that hold something under no heading."""
        for place, raw in enumerate(cells):
            if place not in self.headings and not is_blank(raw):
                yield place


class Heading(NamedTuple):
    """A cell of the head that is wrong."""

    row: int
    column: int
    problem: Problem


def find_head(
    rows: Sequence[Sequence[Raw]],
    merged: Sequence[tuple[int, int, int, int]],
    kind: str | None,
    words: Vocabulary,
    *,
    row: int | None = None,
) -> tuple[Head | None, list[Heading]]:
    """Return the head of a sheet, None where there is none, and what is wrong with it.

    ``kind``: the one that the sheet is of, None where a column must say it. ``row``: where
    the head is known to be, counted from 0.
    """
    found = _best(rows, merged, kind, words, row)
    if found is None:
        return None, []
    index, texts = found
    if KIND in {words.column_meant(kind, text) for text in texts.values()}:
        kind = None  # each row says its own: any column may stand there
    return _read_head(index, texts, kind, words)


def _best(
    rows: Sequence[Sequence[Raw]],
    merged: Sequence[tuple[int, int, int, int]],
    kind: str | None,
    words: Vocabulary,
    row: int | None,
) -> tuple[int, dict[int, str]] | None:
    """Return the row with the most headings that are known, the first of equals."""
    rated = []
    for index, cells in enumerate(rows[:ROWS_ABOVE] if row is None else rows[: row + 1]):
        if row is None or index == row:
            texts = _texts(index, cells, rows, merged)
            known = [words.column_meant(kind, text) for text in texts.values()]
            names = {name for name in known if name}
            usable = KIND in names or kind is not None
            rated.append((len(names) if usable else 0, -index, texts))
    best = max(rated, key=lambda item: item[:2], default=(0, 0, {}))
    count, negative, texts = best
    if count == 0 or (count < _FEWEST and len(texts) > _FEWEST and row is None):
        return None
    return -negative, texts


def _texts(
    index: int,
    cells: Sequence[Raw],
    rows: Sequence[Sequence[Raw]],
    merged: Sequence[tuple[int, int, int, int]],
) -> dict[int, str]:
    """Return the headings of a row; one that is merged with cells above stands at their top."""
    found = {place: _heading(raw) for place, raw in enumerate(cells) if not is_blank(raw)}
    for first_row, first, last_row, last in merged:
        if first_row < index <= last_row and first == last and first not in found:
            above = rows[first_row]
            raw = above[first] if first < len(above) else None
            if not is_blank(raw):
                found[first] = _heading(raw)
    return dict(sorted(found.items()))


def _heading(raw: Raw) -> str:
    text = clean(raw) if isinstance(raw, str) else str(raw[0] if isinstance(raw, tuple) else raw)
    return text.rstrip("*: ")


def _read_head(
    row: int, texts: Mapping[int, str], kind: str | None, words: Vocabulary
) -> tuple[Head, list[Heading]]:
    columns: dict[str, int] = {}
    wrong: list[Heading] = []
    for place, text in texts.items():
        name = words.column_meant(kind, text)
        if name is None:
            near = words.nearest(kind, text)
            wrong.append(Heading(row, place, Problem("unknown_head", value=text, suggestion=near)))
        elif name in columns:
            wrong.append(Heading(row, place, Problem("head_twice", value=text, field=name)))
        elif name:
            columns[name] = place
    return Head(row, kind, columns, dict(texts), words.is_help), wrong
