"""``rollbook show NO``: one entry, with everything around it."""

from datetime import date
from typing import Any

import click

from commands.about import about_book, about_erased, about_names, joined
from commands.books import opened, zone_of
from commands.bounds import Known, reading_options
from commands.cells import cell, printable
from commands.command import Argument, Command
from commands.entries import as_day, entry_named, sealed_values
from commands.language import say, word
from commands.output import FLAT, Sheet, output_options, write
from commands.parameters import ENTRY
from commands.session import Session
from ledger.book import Book
from ledger.catalogue import Entry, kind_of
from ledger.errors import Problem
from ledger.exchange.jsonlines import entry_values
from ledger.store.origins import origin_of

COLUMNS = ("field", "value")


def rows_of(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row for each field, by its dotted name and with its value as it is kept."""
    return [{"field": name, "value": value} for name, value in _flat(values)]


def lines_of(entry: Entry, values: dict[str, Any], book: Book) -> list[dict[str, Any]]:
    """Return one line for each field, its name and value in the words of the person.

    Days, moments and numbers stay what they are, for the form to show.
    """
    found = []
    for name, value in _flat(values):
        shown = as_day(value)
        if name == "recorded_at" and entry.recorded_at:
            shown = entry.recorded_at.astimezone(zone_of(book))
        elif name == "sealed":
            shown = [word("column", path.rpartition(".")[2]) for path in value]
        field = name.rpartition(".")[2]
        words = " · ".join(word("column", part) for part in name.split("."))
        found.append({"field": words, "value": shown if _is_typed(shown) else cell(field, shown)})
    return found


def _is_typed(value: Any) -> bool:
    return isinstance(value, date | int) and not isinstance(value, bool)


def _flat(values: dict[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """Return the fields of an entry with those of its parts, by dotted names."""
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, dict) and name != "filters":
            found += _flat(value, f"{above}{name}.")
        else:
            found.append((f"{above}{name}", value))
    return found


def around(book: Book, entry: Entry, known: int, *, names: bool) -> list[str]:
    """Return what became of an entry, and what it took the place of, as sentences."""
    lines = []
    by_no = book.displaced([entry.no or 0]).get(entry.no or 0)
    if by_no is not None and by_no <= known:
        other = book.entry(by_no)
        text = (
            say("Voided by {entry}: it no longer counts")
            if kind_of(other) == "voided"
            else say("Corrected by {entry}, which took its place")
        )
        lines.append(text.format(entry=entry_named(other)))
    if entry.corrects is not None:
        lines.append(
            say("Stands in place of {entry}").format(entry=entry_named(book.entry(entry.corrects)))
        )
    lines += _origin(book, entry.no or 0)
    if entry.sealed and not names:
        lines.append(say("Personal details are sealed; --names shows them if the keys are there"))
    return lines


def _origin(book: Book, no: int) -> list[str]:
    """Return the sentence that says from which file an entry came, nothing if it was typed."""
    with book.recorder.datastore.reading() as cursor:
        origin = origin_of(cursor, no)
    if origin is None:
        return []
    parts = [origin.file_name]
    if origin.sheet is not None:
        parts.append(say("sheet {name}").format(name=origin.sheet))
    if origin.row is not None:
        parts.append(say("row {number}").format(number=origin.row))
    where = printable(", ".join(parts))
    return [say("From {where} (SHA-256 {hash})").format(where=where, hash=origin.file_hash)]


@click.command(
    cls=Command,
    examples=("rollbook show 12", "rollbook show 12 --names --format json"),
)
@click.argument("no", cls=Argument, type=ENTRY, help="Number of the entry.")
@reading_options("names")
@output_options
@click.pass_obj
def show(
    session: Session,
    /,
    *,
    form: str,
    no: int,
    known: Known,
    names: bool,
) -> None:
    """Show one entry: its fields, who recorded it when and from which file, what became of it.

    JSON and JSONL have the entry in the form of the exchange format.
    """
    with opened(session) as book:
        last = known.last_entry(book)
        if no > last:
            raise Problem("unknown_entry", value=no).at(say("NO"))
        entry = book.entry(no, opened=names)
        values = entry_values(entry) if names else sealed_values(entry)
        about = joined(
            around(book, entry, last, names=names),
            about_names(book, names=names),
            about_erased(book, filter(None, [getattr(entry, "person", None)])),
            about_book(book, last),
        )
        rows = rows_of(values) if form in FLAT else lines_of(entry, values, book)
        sheet = Sheet(COLUMNS, rows)
        write(form, [sheet], data=values if form in {"json", "jsonl"} else None, about=about)
