"""``rollbook log``: the entries of the book, one a line."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import click

from commands.about import about_book, about_days, about_erased, about_names, joined
from commands.books import opened, zone_of
from commands.bounds import Known, reading_options
from commands.command import Command, Option
from commands.completion import codes
from commands.entries import NAME, about, sealed_values, state
from commands.output import FLAT, Sheet, output_options, used, write
from commands.parameters import DAY, INTEGER, PERSON, UNIT, OneOf
from commands.people import person_meant
from commands.session import Session
from ledger.book import Book
from ledger.catalogue import KINDS, Entry, kind_of
from ledger.errors import Problem
from ledger.exchange.jsonlines import entry_values
from ledger.keeping.erasure import erasures
from ledger.similar import similar

COLUMNS = ("no", "effective_on", "kind", "about", "recorded_at", "by", "state")
CSV_COLUMNS = (*COLUMNS[:-1], "corrects", "displaced_by")
_OPTIONS = {"person": "--person", "unit": "--unit"}


class Wanted(NamedTuple):
    """Which entries are asked for; what is empty or None narrows nothing."""

    kinds: Sequence[str] = ()
    first: date | None = None
    last: date | None = None

    def holds(self, entry: Entry) -> bool:
        """Return whether an entry is of the kinds and days asked for."""
        return (
            (not self.kinds or kind_of(entry) in self.kinds)
            and (self.first is None or entry.effective_on >= self.first)
            and (self.last is None or entry.effective_on <= self.last)
        )


def entries_about(
    book: Book, streams: Sequence[str], known: int, *, names: bool
) -> Iterable[Entry]:
    """Return, by number, the entries that belong to each stream or name it; all without any.

    ``streams``: ids such as ``person/P000001``. Raises unknown_person or unknown_unit.
    """
    if not streams:
        return book.entries(last=known, opened=names)
    narrowed: list[dict[int, Entry]] = []
    for stream in streams:
        own = [entry for entry in book.stream(stream, opened=names) if (entry.no or 0) <= known]
        what, _, code = stream.partition("/")
        if not own:
            if what == "unit" and book.stream(f"person/{code}"):
                raise Problem("person_not_unit", value=code).at(_OPTIONS[what])
            near = similar(code, codes(str(book.path), what, ""))
            problem = Problem(f"unknown_{what}", value=code, suggestion=near)
            raise problem.at(_OPTIONS[what])
        named = (entry for entry in book.naming(stream) if (entry.no or 0) <= known)
        narrowed.append({entry.no or 0: entry for entry in (*named, *own)})
    found = {no: entry for entries in narrowed for no, entry in entries.items()}
    wanted = sorted(set.intersection(*map(set, narrowed)))
    # Entries that only name a stream come sealed; they are opened one by one.
    return [
        book.entry(no, opened=True) if names and found[no].sealed else found[no] for no in wanted
    ]


def told(entries: Iterable[Entry], *, names: bool) -> Iterator[dict[str, Any]]:
    """Yield entries as JSON Lines has them, personal details only with ``names``."""
    return (entry_values(entry) if names else sealed_values(entry) for entry in entries)


def lines_of(
    book: Book, entries: Iterable[Entry], known: int, *, names: bool
) -> list[dict[str, Any]]:
    """Return entries as lines of a table, with what became of each as known at an entry."""
    entries = list(entries)
    sealed = [entry for entry in entries if names and NAME in entry.sealed]
    nameless = {str(getattr(entry, "person", "")) for entry in sealed}
    gone = erasures(book, nameless) if nameless else {}
    displaced = {dead: by for dead, by in book.displaced().items() if by <= known}
    zone = zone_of(book)
    found = []
    for entry in entries:
        by_no = displaced.get(entry.no or 0)
        found.append(
            {
                "no": entry.no,
                "effective_on": entry.effective_on,
                "kind": kind_of(entry),
                "about": about(entry, gone),
                "recorded_at": entry.recorded_at.astimezone(zone) if entry.recorded_at else None,
                "by": entry.by,
                "corrects": entry.corrects,
                "displaced_by": by_no,
                "state": state(entry, book.entry(by_no) if by_no else None) or None,
            }
        )
    return found


@click.command(
    cls=Command,
    examples=(
        "rollbook log --last 20",
        "rollbook log --person P000001 --names",
        "rollbook log --kind admitted --from 2023-01-01 --to 2023-12-31 --format jsonl",
    ),
)
@click.option(
    "--kind",
    "kinds",
    cls=Option,
    type=OneOf(KINDS),
    metavar="KIND",
    multiple=True,
    help="Only entries of this kind; may be given more than once.",
)
@click.option(
    "--person",
    cls=Option,
    type=PERSON,
    help="Only entries of this person or naming them: their id, or a part of their name.",
)
@click.option("--unit", cls=Option, type=UNIT, help="Only entries of this unit or naming it.")
@click.option(
    "--from", "first", cls=Option, type=DAY, help="Only what took effect from this day on."
)
@click.option("--to", "last", cls=Option, type=DAY, help="Only what took effect up to this day.")
@click.option("--last", "count", cls=Option, type=INTEGER, help="Only this many, the latest.")
@reading_options("as_of", "names")
@output_options
@click.pass_obj
def log(session: Session, /, *, form: str, known: Known, names: bool, **asked: Any) -> None:
    """List the entries in the order in which they were recorded.

    What was voided or corrected is listed, too, with the entry that took its place. JSON
    and JSONL have the entries in the form of the exchange format.
    """
    with opened(session) as book:
        last = known.last_entry(book)
        until = min((day for day in (asked["last"], asked["as_of"]) if day), default=None)
        wanted = Wanted(asked["kinds"], asked["first"], until)
        person = None
        streams = [f"unit/{asked['unit']}"] if asked["unit"] else []
        if asked["person"]:
            person = person_meant(book, asked["person"], last)
            streams.append(f"person/{person}")
        entries = entries_about(book, streams, last, names=names)
        found: Iterator[Entry] = (entry for entry in entries if wanted.holds(entry))
        if asked["count"] is not None:
            found = iter(deque(found, maxlen=max(asked["count"], 0)))
        lines = joined(
            about_days(as_of=asked["as_of"]),
            about_names(book, names=names),
            about_erased(book, [person]) if person else (),
            about_book(book, last),
        )
        if form in {"json", "jsonl"}:
            write(form, [Sheet(COLUMNS, told(found, names=names))], about=lines)
        else:
            rows = lines_of(book, found, last, names=names)
            columns = CSV_COLUMNS if form in FLAT else used(COLUMNS, rows)
            write(form, [Sheet(columns, rows)], about=lines)
