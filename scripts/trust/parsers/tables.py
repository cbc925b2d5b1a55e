"""Parsers of what people write: JSON Lines, CSV, cells, mappings, calendars, days."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from commands import dates
from commands.headings import vocabulary
from commands.sheets import grids_of, read_file
from ledger.catalogue import KINDS, kind_of
from ledger.errors import Problem
from ledger.exchange.columns import by_name
from ledger.exchange.encodings import ENCODINGS, candidates, decoded, meant_by, of_old_font
from ledger.exchange.jsonlines import entry_json, read_at_once, read_lines
from ledger.exchange.mapping import read_mapping, written
from ledger.exchange.tables import Asked
from ledger.exchange.typed import value_of
from ledger.recording.text import readable
from projections.rules.workdays import read_calendar
from trust.parsers.parser import Parser, put
from trust.parsers.states import SAMPLES

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_TEXT = "Ngày hiệu lực,Mã người,Mã đơn vị\n2020-03-02,P1,TP\n03/04/2020,P2,Đảng bộ Tân Phú\n"
_CSV = {"utf-8": _TEXT.encode(), "utf-16": _TEXT.encode("utf-16")}
_MAPPING = """
[[sheet]]
name = "x"
kind = "admitted"
head_row = 4
[sheet.columns]
"Ghi" = ""
[sheet.fixed]
unit = "TP.CB1"
[[sheet]]
[sheet.values."profile.sex"]
"1" = "male"
"""


def _lines(data: bytes) -> None:
    """See that a block at once, its lines, and what is written of them are the same."""
    found, problems = read_lines(data.splitlines(keepends=True), "x")
    at_once = read_at_once(data)
    if at_once is not None and not problems:
        assert at_once[0] == [line.entry for line in found]
    for line in found:
        try:
            entry = readable(kind_of(line.entry), line.entry)
        except Problem:  # half a character, for one: such text is never written
            continue
        again, wrong = read_lines([entry_json(entry)], "x")
        assert not wrong
        assert again[0].entry == entry


def _samples() -> Iterator[bytes]:
    for line in SAMPLES.read_bytes().splitlines():
        yield line.partition(b'"entry": ')[2].removesuffix(b"}")


def _csv(data: bytes) -> None:
    """Read a file of CSV in the encoding that its first byte chooses."""
    encoding = [None, *ENCODINGS][data[0] % (len(ENCODINGS) + 1)] if data else None
    path = Path("x.csv")
    grids = grids_of(path, data[1:], encoding)
    read_file(path, grids, data, Asked(path.name, "listed", (), ()))


def _tables() -> Iterator[bytes]:
    tcvn = "Ngµy hiÖu lùc,M· ng­êi,M· ®¬n vÞ\n2020-03-02,P1,TP\n".encode("latin-1")
    vni = "Ngaøy hieäu löïc,Maõ ngöôøi,Maõ ñôn vò\n2020-03-02,P1,TP\n".encode("latin-1")
    windows = "Ngày hiê\u0323u lư\u0323c;Ma\u0303 ngươ\u0300i\n2020-03-02;P1\n".encode("cp1258")
    bodies = (_TEXT.encode(), _TEXT.encode("utf-16"), windows, tcvn, vni)
    for place, body in enumerate(bodies, 1):
        yield bytes([place]) + body
        yield b"\0" + body
    yield b"\1sep=;\n" + _TEXT.replace(",", ";").encode()
    yield b'\1"a\nb","""",\n'


def _letters(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    meant_by(text)
    candidates(data)
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            decoded(data, encoding)
    for encoding in ("tcvn3", "vni"):
        of_old_font(text, encoding)


_FIRST = datetime(1, 1, 1)  # noqa: DTZ001 - cells have no zone
_CELLS: list[Callable[[bytes], Any]] = [
    lambda data: data.decode("utf-8", "replace"),
    lambda data: int.from_bytes(data[:12], signed=True),
    lambda data: float(data.decode("ascii", "replace")),
    bool,
    lambda data: date.fromordinal(int.from_bytes(data[:4]) % date.max.toordinal() + 1),
    lambda data: _FIRST + timedelta(seconds=int.from_bytes(data[:5]) % 10**11),
    lambda data: timedelta(seconds=int.from_bytes(data[:4])),
]
_COLUMNS = [(kind, column) for kind in sorted(KINDS) for column in by_name(kind).values()]


def _cell(data: bytes) -> None:
    """Read a cell: which column, and what kind of value it is, first."""
    place, form, rest = int.from_bytes(data[:2]), data[2:3], data[3:]
    try:
        raw = _CELLS[form[0] % len(_CELLS) if form else 0](rest)
    except ValueError:
        return
    kind, column = _COLUMNS[place % len(_COLUMNS)]
    value_of(kind, column, raw, vocabulary().meaning)


def _some_cells() -> Iterator[bytes]:
    texts = (
        "1.234,5",
        "12,345",
        "2020-03-02",
        "02/03/2020",
        "nam",
        "có",
        "2015..2020",
        "x=1; y=2",
        '\'"a"',
        "65%",
        "sex=nữ",
        "founded_in=2020-01-01..2020-12-31",
        "1E+20",
        "01234",
    )
    for place in range(len(_COLUMNS)):
        yield place.to_bytes(2) + b"\0" + texts[place % len(texts)].encode()
        yield place.to_bytes(2) + bytes([place % len(_CELLS)]) + b"12.5"


def _mapping(data: bytes) -> None:
    suffix = ".json" if data[:1] == b"{" else ".toml"
    found = read_mapping(put(f"x{suffix}", data))
    for name in ("y.toml", "y.json"):
        text = written(found, as_json=name.endswith("json"))
        assert read_mapping(put(name, text.encode())) == found


def _mappings() -> Iterator[bytes]:
    yield _MAPPING.encode()
    yield written(read_mapping(put("x.toml", _MAPPING.encode())), as_json=True).encode()


def _days(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    dates.days_shown(text, "vi")
    for read in (dates.day, dates.period, dates.years, lambda text: dates.moment(text, _ZONE)):
        with suppress(Problem):
            read(text)
    with suppress(Problem):
        assert dates.day(dates.shown(dates.day(text), "vi")) == dates.day(text)


TABLES = {
    "JSON Lines": Parser(
        _lines, _samples, ("null", "[[[[", '{"kind":', '"kind":"admitted"', "1e9", "\\u0041", "no")
    ),
    "CSV": Parser(_csv, _tables, (",", ";", "sep=", '"', "P1", "2020-01-01")),
    "encodings": Parser(_letters, lambda: [each[1:] for each in _tables()], ("Ã", "áº", "Æ°")),
    "cells": Parser(_cell, _some_cells, ("..", "=", ";", "founded_in", "\u2060", "[", "{"), 512),
    "mappings": Parser(
        _mapping, _mappings, ("[[sheet]]", "[sheet.fixed]", "[sheet.columns]", "[[[[", "{", "'")
    ),
    "calendars": Parser(
        lambda data: read_calendar(data.decode("utf-8", "replace").splitlines(), "x"),
        lambda: [b"year,2025\nholiday,2025-01-27,2025-01-31\nworkday,2025-04-26 # x\n"],
        ("year", "holiday", "workday", "0001-01-01", "9999-12-31"),
    ),
    "days": Parser(
        _days,
        lambda: [b"2020-03-02", b"2/3/2020", b"2015..2020", b"2020-01-01T00:00:00+07:00"],
        ("9999-12-31", "0001-01-01", "..", "T", "+23:59", "Z"),
        64,
    ),
}
