"""``rollbook history``: what happened to a person or a unit, and what it changed."""

from datetime import date
from typing import Any

import click

from commands.about import about_erased
from commands.bounds import Known, reading_options
from commands.cells import cell
from commands.command import Command, Option
from commands.entries import details, sealed_values, state
from commands.language import say, word
from commands.output import FLAT, Sheet, output_options, used, write
from commands.parameters import PERSON, UNIT
from commands.people import person_meant
from commands.reading import asked
from commands.session import Session
from ledger.book import Book
from ledger.catalogue import kind_of
from ledger.errors import Problem, WrongUsage
from ledger.exchange.jsonlines import entry_values
from projections.history import Change, history_of_person, history_of_unit

COLUMNS = ("no", "effective_on", "kind", "details", "changes", "state")
CSV_COLUMNS = ("no", "effective_on", "kind", "before", "after", "corrects", "displaced_by")


def line_of(change: Change, code: str, book: Book, *, names: bool) -> dict[str, Any]:
    """Return one entry of a history as a line for people."""
    entry = change.entry
    displaced_by = book.entry(change.displaced_by) if change.displaced_by else None
    return {
        "no": entry.no,
        "effective_on": entry.effective_on,
        "kind": kind_of(entry),
        "details": details(entry, code, names=names),
        "changes": changes_told(change),
        "state": state(entry, displaced_by) or None,
    }


def row_of(change: Change) -> dict[str, Any]:
    """Return one entry of a history as a row of CSV."""
    return {
        "no": change.entry.no,
        "effective_on": change.entry.effective_on,
        "kind": kind_of(change.entry),
        "before": change.before,
        "after": change.after,
        "corrects": change.entry.corrects,
        "displaced_by": change.displaced_by,
    }


def changes_told(change: Change) -> str:
    """Return what an entry changed, in a few words: ``standing: probationary → official``."""
    told = []
    for name, after in change.after.items():
        before = cell(name, change.before.get(name))
        arrow = f"{before} → {cell(name, after) or '-'}" if before else cell(name, after)
        told.append(f"{word('column', name)}: {arrow}")
    return "; ".join(told)


def values_of(change: Change, *, names: bool, changes: bool) -> dict[str, Any]:
    """Return one entry of a history as JSON Lines has it; on wish with what it changed."""
    values = entry_values(change.entry) if names else sealed_values(change.entry)
    if changes:
        told = {"before": change.before, "after": change.after}
        values |= told | {"displaced_by": change.displaced_by}
    return values


def _subject(person: str | None, code: str) -> str:
    """Return whose history it is; a name that was searched led to one person."""
    return (say("Unit: {code}") if person is None else say("Person: {code}")).format(code=code)


@click.command(
    cls=Command,
    examples=(
        "rollbook history --person P000001",
        "rollbook history --person 'Văn An' --names",
        "rollbook history --unit TP --as-of 31/12/2020",
    ),
)
@click.option(
    "--person",
    cls=Option,
    type=PERSON,
    help="The person: their id, or a part of their name, with or without marks.",
)
@click.option("--unit", cls=Option, type=UNIT, help="The unit.")
@click.option(
    "--changes",
    cls=Option,
    is_flag=True,
    help="In JSON and JSONL, too, say what each entry changed and what displaced it.",
)
@reading_options("as_of", "names")
@output_options
@click.pass_obj
def history(
    session: Session,
    /,
    *,
    form: str,
    person: str | None,
    unit: str | None,
    as_of: date | None,
    known: Known,
    names: bool,
    changes: bool,
) -> None:
    """List all entries of a person or a unit, in the order they took effect.

    Beside each entry stands what it changed, and what took its place if it no longer
    counts. JSON and JSONL have the entries in the form of the exchange format.
    """
    if (person is None) == (unit is None):
        raise WrongUsage(Problem("one_of_two", value="--person", other="--unit"))
    with asked(session, known) as question:
        reading = question.reading
        if person is not None:
            code = person_meant(question.book, person, reading.known)
            found = history_of_person(reading, code, as_of, opened=names)
            gone = about_erased(question.book, [code])
        else:
            code = str(unit)
            found, gone = history_of_unit(reading, code, as_of, opened=names), iter(())
        about = [*gone, *question.about(as_of=as_of, names=names)]
        if form in {"json", "jsonl"}:
            rows = [values_of(change, names=names, changes=changes) for change in found]
            write(form, [Sheet((), rows)], about=about)
        elif form in FLAT:
            write(form, [Sheet(CSV_COLUMNS, map(row_of, found))], about=about)
        else:
            rows = [line_of(change, code, question.book, names=names) for change in found]
            write(form, [Sheet(used(COLUMNS, rows), rows)], about=[_subject(person, code), *about])
