"""``rollbook template``: a workbook to fill in and import, made from the catalogue."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import click

from commands.command import Argument, Command, Option
from commands.files import whole_file
from commands.headings import ASIDE, heading, help_text, identifiers, sheet_title
from commands.language import say, say_in, say_number, spoken, word
from commands.parameters import WORKBOOK, Checked
from commands.sheet_options import kind
from ledger.codes import LIST_OF
from ledger.exchange.columns import KIND, Column, by_name, columns_of
from ledger.exchange.sheets import letters

_SET_BY_THE_BOOK = frozenset({"no", "recorded_at", "by", "sealed"})
_ROWS_TO_FILL = 5_000
_WIDTHS = {"date": 14, "integer": 10, "decimal": 10, "truth": 10}
_WIDTH = 22
_HELP_HEIGHT = 75
_EARLIEST = 1
"""The first day that spreadsheets count, 1 January 1900."""
_LATEST = 2_958_465
_LONGEST_MESSAGE = 255


@click.command(
    cls=Command,
    examples=(
        "rollbook template admitted -o kết-nạp.xlsx",
        "rollbook template nominated admitted transferred -o thang9.xlsx",
        "rollbook template admitted died --one-sheet -o thang9.xlsx",
    ),
)
@click.argument(
    "kinds",
    cls=Argument,
    type=Checked("KIND", kind),
    nargs=-1,
    required=True,
    help="The kinds of entry to fill in; `rollbook record --help` lists them.",
)
@click.option(
    "-o",
    "--output",
    cls=Option,
    type=WORKBOOK,
    required=True,
    help="The XLSX file to write. A file that exists is refused.",
)
@click.option(
    "--one-sheet",
    "is_one_sheet",
    cls=Option,
    is_flag=True,
    help="Put all kinds on one sheet, with a column for the kind.",
)
def template(kinds: tuple[str, ...], output: str, *, is_one_sheet: bool) -> None:
    """Write a workbook to fill in for `rollbook import`, in the language spoken.

    Each kind has a sheet. Under the heading stands a row of help, which may stay: it is not
    read. Headings with a star must be filled in. Cells of codes have a list to choose from.
    """
    chosen = list(dict.fromkeys(kinds))
    path = Path(output)
    with whole_file(path) as temporary:
        temporary.write_bytes(_made(chosen, is_one_sheet=is_one_sheet))
    told = say_number(
        "Wrote {number} sheet", "Wrote {number} sheets", 1 if is_one_sheet else len(chosen)
    )
    click.echo(f"{told}: {output}", err=True)
    then = say("Fill it in, then: {command}").format(command=f"rollbook import {output} --preview")
    click.echo(then, err=True)


def _made(kinds: Sequence[str], *, is_one_sheet: bool) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        maker = _Maker(book)
        if is_one_sheet:
            maker.sheet(say("Entries"), _of_all(kinds), kinds)
        else:
            for each in kinds:
                maker.sheet(sheet_title(each, spoken()), to_fill(each), ())
        maker.lists()
    return made.getvalue()


def to_fill(kind: str) -> list[Column]:
    """Return the columns of a kind that people fill in, the day first."""
    return [column for column in columns_of(kind) if column.name not in _SET_BY_THE_BOOK]


def _of_all(kinds: Sequence[str]) -> list[Column]:
    """Return the columns of several kinds, each once; required where each kind needs it."""
    found: dict[str, Column] = {}
    for each in kinds:
        for column in to_fill(each):
            found.setdefault(column.name, column)
    return [
        column._replace(required=all(n in by_name(k) and by_name(k)[n].required for k in kinds))
        for n, column in found.items()
    ]


class _Maker:
    """Makes the sheets of one template; lists of words stand on a hidden sheet."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format(
            {"bold": True, "bg_color": "#FDE9D9", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self._help = book.add_format(
            {
                "italic": True,
                "font_color": "#595959",
                "text_wrap": True,
                "valign": "top",
                "border": 1,
            }
        )
        self._formats: dict[str, Any] = {}
        self._lists: dict[tuple[str, ...], int] = {}

    def sheet(self, title: str, columns: Sequence[Column], kinds: Sequence[str]) -> None:
        """Add one sheet; with ``kinds``, a first column says the kind of each row."""
        sheet = self._book.add_worksheet(title)
        place = 0
        if kinds:
            sheet.set_column(0, 0, _WIDTH, self._format("@"))
            sheet.write_string(0, 0, f"{heading(KIND, spoken())} *", self._head)
            sheet.write_string(1, 0, "", self._help)
            self._choose(sheet, 0, [word("kind", each) for each in kinds], is_open=False)
            place = 1
        for number, column in enumerate(columns, place):
            star = " *" if column.required else ""
            sheet.write_string(0, number, f"{heading(column.name, spoken())}{star}", self._head)
            sheet.write_string(1, number, help_text(column, spoken()), self._help)
            form = _FORMATS.get(column.type, "@")
            sheet.set_column(number, number, _WIDTHS.get(column.type, _WIDTH), self._format(form))
            self._rule(sheet, number, column)
        sheet.set_row(1, _HELP_HEIGHT)
        sheet.freeze_panes(2, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def lists(self) -> None:
        """Add the hidden sheet with the words to choose from."""
        if not self._lists:
            return
        sheet = self._book.add_worksheet(say_in(spoken(), ASIDE[1]))
        sheet.hide()
        for words, column in self._lists.items():
            sheet.write_column(0, column, words)

    def _format(self, number_format: str) -> Any:
        if number_format not in self._formats:
            self._formats[number_format] = self._book.add_format({"num_format": number_format})
        return self._formats[number_format]

    def _rule(self, sheet: Any, place: int, column: Column) -> None:
        """Let a cell be chosen from a list, or hold a day or number only."""
        if column.type == "choice":
            self._choose(sheet, place, _words(column, column.field.choices), is_open=False)
        elif column.type == "truth":
            words = [word("truth", each) for each in ("yes", "no")]
            self._choose(sheet, place, words, is_open=False)
        elif column.context in LIST_OF and not column.field.many:
            self._choose(sheet, place, _words(column, identifiers(column.context)), is_open=True)
        elif column.type == "date":
            rule: dict[str, Any] = {"validate": "date", "criteria": "between"}
            rule |= {"minimum": _EARLIEST, "maximum": _LATEST}
            self._validate(sheet, place, rule, say("Write the day as dd/mm/yyyy"), is_open=False)
        elif column.type == "integer":
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
            self._validate(sheet, place, rule, say("Write a whole number"), is_open=False)

    def _choose(self, sheet: Any, place: int, words: Sequence[str], *, is_open: bool) -> None:
        key = tuple(words)
        column = self._lists.setdefault(key, len(self._lists))
        letter = letters(column + 1)
        name = say_in(spoken(), ASIDE[1])
        source = f"='{name}'!${letter}$1:${letter}${len(key)}"
        text = say("Choose one of the list; another code is kept as it is") if is_open else ""
        rule = {"validate": "list", "source": source}
        self._validate(sheet, place, rule, text or say("Choose one of the list"), is_open=is_open)

    def _validate(
        self, sheet: Any, place: int, rule: dict[str, Any], text: str, *, is_open: bool
    ) -> None:
        rule |= {"error_message": text[:_LONGEST_MESSAGE]}
        rule |= {"error_title": "Rollbook"}
        rule |= {"error_type": "information" if is_open else "stop"}
        sheet.data_validation(2, place, _ROWS_TO_FILL, place, rule)


def _words(column: Column, codes: Sequence[str]) -> list[str]:
    return [word(column.context, code) for code in codes]


_FORMATS = {"date": "dd/mm/yyyy", "integer": "0", "decimal": "General", "amount": "General"}
"""Number formats by type of column; all others are text, so that nothing is made of it."""
