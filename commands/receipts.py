"""What an import says afterwards, and what it leaves ready for the next reading."""

from datetime import datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import click

from commands.dates import shown
from commands.language import say, say_number, spoken
from commands.progress import reading_pace
from commands.recording import print_entries, tell_clock
from ledger.book import Book, Receipt, Source
from ledger.store.codec import moment

_ENTRIES_WORTH_SEGMENTS = 1_500_000
"""Fewer are decoded by the first question in a second: it loads the libraries anyway."""


def told_before(book: Book, source: Source) -> bool:
    """Say so and return True if the very same file was recorded before."""
    commits = book.commits_of(source.file_hash) if source.file_hash else []
    if not commits:
        return False
    first = commits[0]
    day = moment(first.recorded_at).astimezone(ZoneInfo(book.timezone)).date()
    told = (
        say(
            "This file was recorded before, on {day}, as the entries {first} to {last}; "
            "nothing was recorded now."
        )
        if first.last_no > first.first_no
        else say(
            "This file was recorded before, on {day}, as entry {first}; nothing was recorded now."
        )
    ).format(day=shown(day, spoken()), first=first.first_no, last=first.last_no)
    click.echo(told, err=True)
    return True


def make_segments(book: Book, receipt: Receipt) -> None:
    """Make what the next reading needs, while the entries are at hand and if they are many."""
    if receipt.how_many >= _ENTRIES_WORTH_SEGMENTS:
        import_module("projections.segments").refresh(book, reading_pace())


def tell_receipt(receipt: Receipt, now: datetime | None, *, dry_run: bool) -> None:
    """Say what was recorded, under which numbers, and how to take it back.

    ``now``: of the clock, None where the lines told the moments of their recording.
    """
    number = receipt.how_many
    if dry_run:
        print_entries(receipt.entries, as_typed=True)
        click.echo(say("Nothing was written (--dry-run)."), err=True)
        return
    told = say_number("Recorded {number} entry", "Recorded {number} entries", number)
    if number:
        several = receipt.last > receipt.first
        span = say("under the numbers {first} to {last}") if several else say("as entry {first}")
        told = f"{told}, {span.format(first=receipt.first, last=receipt.last)}"
    click.echo(f"{told}.", err=True)
    if now is not None:
        tell_clock(receipt, now)
    if receipt.erased:
        told = say_number(
            "{number} person is erased by it: their personal details cannot be opened any more.",
            "{number} people are erased by it: their personal details cannot be opened any more.",
            receipt.erased,
        )
        click.echo(told, err=True)
    if number:
        take_back = f"rollbook void {say('NO')} --reason …"
        click.echo(say("To take one of them back: {command}").format(command=take_back), err=True)
