"""Parsers of spreadsheets: what a file is packed in, and what lies in it."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from ledger.exchange.workbook import read_workbook
from tests.old_workbooks import xls
from tests.workbooks import Formula, Shown, ods, workbook
from trust.parsers.parser import Parser, folder

_ROWS: list[list[Any]] = [
    ["Ngày hiệu lực", "Mã người", "Mã đơn vị", "Số"],
    [date(2020, 3, 2), "P1", "TP", Shown(0.5, "0%")],
    [Shown(date(2020, 3, 2), "dd/mm"), "P2", None, Formula("#N/A")],
]
_XML = (
    *("<row>", '<c r="A1" t="e"><v>', '<c r="XFD1048576" s="1"/>', "<v>", 't="s"', 's="2"'),
    *('r="', "<!DOCTYPE x [", "<!ENTITY a 'b'>", "&a;", "<![CDATA[", "-1", "4294967296"),
    *('table:number-rows-repeated="', 'table:number-columns-repeated="', '="1048576"'),
    *('table:number-columns-spanned="', 'office:value-type="percentage"', "mergeCell"),
)


@cache
def _whole() -> dict[str, bytes]:
    """Return a file of each kind."""
    there = folder()
    return {
        "xlsx": workbook(
            there / "x.xlsx", {"S": _ROWS, "T": _ROWS}, merged={"T": [(5, 0, 6, 1, "x")]}
        ).read_bytes(),
        "ods": ods(there / "x.ods", {"S": _ROWS}).read_bytes(),
        "xls": xls(there / "x.xls", "S", _ROWS).read_bytes(),
    }


@cache
def _members(kind: str) -> dict[str, bytes]:
    """Return the files within, those that matter first."""
    with zipfile.ZipFile(io.BytesIO(_whole()[kind])) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    first = ("content.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml")
    return dict(sorted(found.items(), key=lambda item: (item[0] not in first, item[0])))


def _packed(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def _read(data: bytes) -> None:
    read_workbook(data, "x")


def _within(kind: str, data: bytes) -> None:
    """Read a file in which one member, which the first byte chooses, is something else."""
    members = _members(kind)
    name = [*members][data[0] % len(members)] if data else "x"
    _read(_packed(members | {name: data[1:]}))


def _each(kind: str) -> Iterator[bytes]:
    for place, content in enumerate(_members(kind).values()):
        yield bytes([place]) + content


def _packings() -> Iterator[bytes]:
    for kind in ("xlsx", "ods"):
        yield _packed(_members(kind), zipfile.ZIP_DEFLATED)
    members = _members("ods")
    yield _packed({"content.xml": members["content.xml"]})
    yield _packed({"content.xml": members["content.xml"]}, zipfile.ZIP_BZIP2)
    yield _packed({"content.xml": members["content.xml"]}, zipfile.ZIP_LZMA)


WORKBOOKS = {
    "XLSX": Parser(lambda data: _within("xlsx", data), lambda: _each("xlsx"), _XML),
    "ODS": Parser(lambda data: _within("ods", data), lambda: _each("ods"), _XML),
    "old XLS": Parser(_read, lambda: [_whole()["xls"]], ("Workbook", "R\0o\0o\0t\0"), 16_384),
    "packed files": Parser(_read, _packings, ("PK\1\2", "PK\3\4", "PK\5\6"), 16_384),
}
