"""Workbooks for tests: written cell by cell, with the mistakes that offices make."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import xlsxwriter

from tests.terminal import Said, words

UNIT = words("unit_founded --unit TP --name TânPhú --type grassroots_committee --on 2015-01-01")
HEAD = ["Ngày hiệu lực", "Mã người", "Mã đơn vị", "Họ và tên", "Ngày sinh", "Giới tính"]
AN = [date(2020, 3, 2), "P1", "TP", "Nguyễn Văn An", date(1996, 5, 1), "nam"]
NOMINATED = "Giới thiệu vào nguồn phát triển"
"""A unit, and the head and row of somebody nominated there."""


def codes(said: Said) -> list[list[str]]:
    """Return place and code of each problem that was said, the file's name left out."""
    lines = [line for line in said.err.splitlines() if line.count(": ") > 1 and line[0] != " "]
    return [line.partition(":")[2].split(": ")[:2] for line in lines]


_RESULTS = {None: "not there", "": "nothing"}
"""What is written for results that the library would not write as Excel does."""
_NOT_THERE = re.compile(rb' t="str"><f>([^<]*)</f><v>not there</v>')
_NOTHING = re.compile(rb"(<f>[^<]*</f><v>)nothing(?=</v>)")
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


class Shown(NamedTuple):
    """A number or day with the number format in which the spreadsheet shows it."""

    value: Any
    form: str


class Formula(NamedTuple):
    """A formula and its result: ``#N/A`` where it failed, None where the file does not hold it."""

    result: Any


def workbook(
    path: Path,
    sheets: Mapping[str, Iterable[Sequence[Any]]],
    *,
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    merged: Mapping[str, Sequence[tuple[int, int, int, int, str]]] | None = None,
) -> Path:
    """Write an XLSX with the rows of each sheet from its first row; None is no cell at all."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    _write(book, sheet, place, column, value)
            for place in hidden_rows:
                sheet.set_row(place, None, None, {"hidden": True})
            for first_row, first, last_row, last, text in (merged or {}).get(name, ()):
                sheet.merge_range(first_row, first, last_row, last, text)
    _take_out_results(path)
    return path


def _take_out_results(path: Path) -> None:
    """Leave formulas without the results that stand for none."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kept = {
        name: _NOTHING.sub(rb"\1", _NOT_THERE.sub(rb"><f>\1</f>", part))
        for name, part in parts.items()
    }
    if kept != parts:
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in kept.items():
                archive.writestr(name, part)


def _write(book: Any, sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, Shown):
        form = book.add_format({"num_format": value.form})
        write = sheet.write_datetime if isinstance(value.value, date) else sheet.write_number
        write(row, column, value.value, form)
    elif isinstance(value, Formula):
        result = value.result
        sheet.write_formula(row, column, "=A1", None, _RESULTS.get(result, result))
    elif isinstance(value, date):
        form = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(row, column, value, form)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)


def ods(path: Path, sheets: Mapping[str, Iterable[Sequence[Any]]]) -> Path:
    """Write a minimal ODS; the form of ``Shown`` is the text that is seen there."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "table", "text")
    )
    spaces += f' xmlns:calcext="{CALC}"'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    path.write_bytes(data.getvalue())
    return path


def _ods_row(row: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if isinstance(value, date):
        kind, shown = f'date" office:date-value="{value.isoformat()}', value.isoformat()
    elif isinstance(value, Shown) and isinstance(value.value, date):
        kind, shown = f'date" office:date-value="{value.value.isoformat()}', value.form
    elif isinstance(value, Shown):
        kind, shown = f'percentage" office:value="{value.value}', value.form
    elif isinstance(value, int | float):
        kind, shown = f'float" office:value="{value}', str(value)
    elif isinstance(value, Formula):
        if value.result is None:
            return '<table:table-cell table:formula="of:=[.A1]"/>'
        kind, shown = 'string" calcext:value-type="error', str(value.result)
    else:
        kind, shown = "string", "" if value is None else str(value)
    if not shown:
        return "<table:table-cell/>"
    text = f"<text:p>{escape(shown)}</text:p>"
    return f'<table:table-cell office:value-type="{kind}">{text}</table:table-cell>'
