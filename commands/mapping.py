"""``rollbook import --mapping`` and ``--map``: what the headings of an office's own sheet mean."""

from collections.abc import Mapping as Parameters
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from commands.cells import printable
from commands.files import whole_file
from commands.headings import column_names, heading, normal, vocabulary
from commands.language import say, spoken
from commands.sheet_options import mapping_file
from ledger.catalogue import KINDS
from ledger.exchange.heads import Vocabulary, find_head
from ledger.exchange.mapping import Mapping, SheetMapping, read_mapping, written
from ledger.exchange.raw import is_blank
from ledger.exchange.sheets import Grid

_ROWS_SHOWN = 15


def mapping_of(grids: Sequence[Grid], parameters: Parameters[str, Any]) -> Mapping:
    """Return the mapping asked for; with ``--map`` after asking, and kept in its file."""
    path = mapping_file(parameters)
    if path is None:
        return ()
    known = read_mapping(path) if not parameters["maps"] or path.exists() else ()
    if not parameters["maps"]:
        return known
    names = parameters["sheets"]
    mapped = [
        _asked(grid, known, parameters["kind"], vocabulary())
        for grid in grids
        if (not names or grid.name in names) and any(not is_blank(c) for r in grid.rows for c in r)
    ]
    kept = tuple(each for each in mapped if each is not None)
    others = tuple(each for each in known if each.name not in {one.name for one in kept})
    _keep(path, (*kept, *others))
    return (*kept, *others)


def _keep(path: Path, mapping: Mapping) -> None:
    text = written(mapping, as_json=path.suffix.lower() == ".json")
    with whole_file(path, replaces=True) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    click.echo(say("The mapping is kept in {file}").format(file=path), err=True)


def _asked(grid: Grid, known: Mapping, kind: str | None, words: Vocabulary) -> SheetMapping | None:
    """Return the mapping of one sheet, what is not known asked; None if nothing is to map."""
    before = next((each for each in known if each.fits(grid.name)), SheetMapping(grid.name))
    said = before.kind or words.kind_meant(grid.name or "") or kind
    own = words._replace(column_meant=before.over(words.column_meant))
    row = None if before.head_row is None else before.head_row - 1
    head, wrong = find_head(grid.rows, grid.merged, said, own, row=row)
    if head is None:
        if words.is_aside(grid.name or ""):
            return None
        said = said or _ask_kind(grid.name or "")
        row = _ask_row(grid)
        head, wrong = find_head(grid.rows, grid.merged, said, _everything(own), row=row)
    if head is None:
        return before if before.columns else None
    columns = dict(before.columns)
    for place, text in head.headings.items():
        if own.column_meant(head.kind, text) is None:
            sample = _sample(grid, head.row, place)
            columns[text] = _ask_column(head.kind, text, sample, words.nearest(head.kind, text))
    del wrong
    fixed_kind = before.kind or (said if said != words.kind_meant(grid.name or "") else None)
    return replace(
        before, kind=fixed_kind, head_row=None if row is None else row + 1, columns=columns
    )


def _everything(words: Vocabulary) -> Vocabulary:
    """Return a vocabulary in which every heading is known, so that any row can be a head."""
    known = words.column_meant
    return words._replace(column_meant=lambda kind, text: known(kind, text) or text)


def _sample(grid: Grid, row: int, column: int) -> str:
    """Return the first value under a heading."""
    for cells in grid.rows[row + 1 :]:
        if column < len(cells) and not is_blank(cells[column]):
            return str(cells[column])
    return ""


def _ask_kind(sheet: str) -> str:
    question = say("Of which kind is the sheet {sheet}?").format(sheet=sheet)
    while True:
        answer = click.prompt(question, err=True, prompt_suffix=" ")
        kind = vocabulary().kind_meant(answer)
        if kind in KINDS:
            return str(kind)
        click.echo(say("`rollbook record --help` lists the kinds"), err=True)


def _ask_row(grid: Grid) -> int:
    for number, cells in enumerate(grid.rows[:_ROWS_SHOWN], 1):
        shown = " | ".join("" if is_blank(cell) else str(cell) for cell in cells)
        click.echo(f"{number}: {printable(shown)}", err=True)
    while True:
        answer = click.prompt(
            say("Which row has the headings?"), err=True, prompt_suffix=" "
        ).strip()
        if answer.isascii() and answer.isdigit() and 0 < int(answer[:9]) <= len(grid.rows):
            return int(answer) - 1
        told = say("A number from 1 to {most} is needed").format(most=len(grid.rows))
        click.echo(told, err=True)


def _ask_column(kind: str | None, text: str, sample: str, near: str) -> str:
    """Return the column that a person says a heading means; "" where it is passed over."""
    names = column_names(kind)
    question = say("Which column is “{heading}” (such as “{sample}”)? - passes it over")
    question = question.format(heading=printable(text), sample=printable(sample))
    if near:
        question = f"{question} {say('(perhaps {column})').format(column=near)}"
    while True:
        answer = click.prompt(question, err=True)
        if answer.strip() == "-":
            return ""
        name = names.get(normal(answer))
        if name is not None:
            return name
        choices = ", ".join(heading(each, spoken()) for each in dict.fromkeys(names.values()))
        click.echo(say("The columns are: {choices}").format(choices=choices), err=True)
