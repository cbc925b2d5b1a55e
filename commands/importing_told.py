"""What ``rollbook import`` says of sheets: what the book had, what is wrong, what would be."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import click

from commands.language import say, say_number
from commands.output import Sheet, write
from commands.sheets import SheetFile
from ledger.book import Receipt
from ledger.exchange.sheets import Spot, Wrong

PREVIEW_COLUMNS = ("sheet", "kind", "would_record", "already", "refused")


class Outcome(NamedTuple):
    """What became of a file of sheets, or would become of it."""

    receipt: Receipt | None
    """None where something is wrong: then nothing was recorded."""
    known: dict[Spot, int]
    """Rows that the book has already, with the numbers they have there."""
    wrong: list[Wrong]
    silent: frozenset[Spot]
    """More rows that are wrong only because they rest on a wrong one."""
    alike: list[tuple[Spot, Spot]]
    """Rows that are to be recorded, each with the one before it that is word for word the same."""
    changed: list[tuple[Spot, int]]
    """Rows that bring in somebody of the name, day and unit of an entry, and differ otherwise."""


def tell_known(file: str, outcome: Outcome) -> None:
    """Say which rows the book has already."""
    if not outcome.known:
        return
    told = say_number(
        "{number} row is in the book already and was left out",
        "{number} rows are in the book already and were left out",
        len(outcome.known),
    )
    spot, no = min(outcome.known.items(), key=lambda item: item[1])
    first = say("{row} is entry {no}").format(row=spot.place(file), no=no)
    click.echo(f"{told}: {first}{' …' if len(outcome.known) > 1 else ''}", err=True)


def tell_alike(file: str, outcome: Outcome) -> None:
    """Say which rows are word for word like one above: there each is a person of its own."""
    if not outcome.alike:
        return
    told = say_number(
        "{number} row is the same as one above it, and counts as another person of the same name",
        "{number} rows are the same as one above, and count as other people of the same name",
        len(outcome.alike),
    )
    row, above = (spot.place(file) for spot in outcome.alike[0])
    first = say("{row} as {above}").format(row=row, above=above)
    click.echo(f"{told}: {first}{' …' if len(outcome.alike) > 1 else ''}", err=True)


def tell_changed(file: str, outcome: Outcome) -> None:
    """Say which rows may be of somebody whom the book has: to correct one is another matter."""
    if not outcome.changed:
        return
    told = say_number(
        "{number} row brings in somebody of the same name, day and unit as an entry of the book "
        "that says something else",
        "{number} rows bring in people of the same name, day and unit as entries of the book "
        "that say something else",
        len(outcome.changed),
    )
    spot, no = outcome.changed[0]
    first = say("{row} as entry {no}").format(row=spot.place(file), no=no)
    click.echo(f"{told}: {first}{' …' if len(outcome.changed) > 1 else ''}", err=True)
    then = say(
        "If it is the same person, the entry is corrected: rollbook correct {no} …; "
        "recorded, the row is another person."
    )
    click.echo(then.format(no=no), err=True)


def tell_refused(outcome: Outcome) -> None:
    """Say everything that is wrong, then how much it is."""
    from commands.failure import tell_problem  # noqa: PLC0415 - only where something is wrong

    for each in outcome.wrong:
        tell_problem(each.problem)
    rows = {(w.spot.sheet, w.spot.row) for w in outcome.wrong if w.spot.row is not None}
    number = len(outcome.wrong)
    told = say_number(
        "Nothing was recorded: {number} mistake", "Nothing was recorded: {number} mistakes", number
    )
    where = say_number("in {number} row", "in {number} rows", len(rows))
    click.echo(f"{told} {where}." if rows else f"{told}.", err=True)
    if outcome.silent:
        told = say_number(
            "{number} more row rests on one of these and was not looked into",
            "{number} more rows rest on these and were not looked into",
            len(outcome.silent),
        )
        click.echo(f"{told}.", err=True)


def preview(file: SheetFile, outcome: Outcome) -> None:
    """Print what would be recorded, what the book has, and what is refused, by sheet and kind."""
    counts: dict[tuple[str | None, str], Counter[str]] = {}
    refused = {
        (spot.sheet, spot.row) for spot in (*(w.spot for w in outcome.wrong), *outcome.silent)
    }
    heads = file.reading.heads
    misheaded = {sheet for sheet, row in refused if sheet in heads and row == heads[sheet].row + 1}
    order = {grid.name: place for place, grid in enumerate(file.grids)}
    for sheet, head in heads.items():
        if head.kind:
            counts[sheet, head.kind] = Counter()
    for row in sorted(file.reading.rows, key=lambda r: (order[r.spot.sheet], r.spot.row or 0)):
        count = counts.setdefault((row.spot.sheet, row.kind), Counter())
        if row.spot in outcome.known:
            count["already"] += 1
        elif (
            row.entry is None
            or row.spot.sheet in misheaded
            or (row.spot.sheet, row.spot.row) in refused
        ):
            count["refused"] += 1
        else:
            count["would_record"] += 1
    rows = [
        {"sheet": sheet, "kind": kind, **{name: count[name] for name in PREVIEW_COLUMNS[2:]}}
        for (sheet, kind), count in counts.items()
    ]
    named = any(row["sheet"] for row in rows)
    columns = PREVIEW_COLUMNS if named else PREVIEW_COLUMNS[1:]
    if rows:
        write("table", [Sheet(columns, rows)])


def marked_copy(path: Path, file: SheetFile, outcome: Outcome) -> None:
    """Write the sheets with what is wrong beside the cells, and say so."""
    from commands.marking import write_marked  # noqa: PLC0415 - only where asked for

    write_marked(path, file.grids, file.reading.heads, outcome.wrong)
    told = say("The mistakes are marked in {file}").format(file=path)
    click.echo(told, err=True)
