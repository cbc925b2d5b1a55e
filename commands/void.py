"""``rollbook void NO``: take an entry out of the reckoning."""

from typing import Any

import click

from commands.books import opened, today
from commands.command import Argument, Command, Option
from commands.entries import entry_of
from commands.parameters import DAY, ENTRY, TEXT
from commands.record import at_options
from commands.recording import record_one, writing, writing_options
from commands.session import Session


@click.command(
    cls=Command,
    examples=("rollbook void 12 --reason 'Nhập nhầm người'",),
)
@click.argument("no", cls=Argument, type=ENTRY, help="Number of the entry.")
@click.option("--reason", cls=Option, type=TEXT, required=True, help="Why it is taken out.")
@click.option(
    "--on",
    cls=Option,
    type=DAY,
    help="Day of the voiding; by default the day it is recorded.",
)
@writing_options
@click.pass_obj
def void(session: Session, /, no: int, reason: str, **parameters: Any) -> None:
    """Take a wrong entry out of the reckoning.

    The entry stays in the book and is shown as voided; reports asked as known before the
    voiding still count it. To put the right entry in its place, use `rollbook correct`.
    """
    with opened(session) as book:
        on = parameters["on"] or today(session, book)
        values = {"kind": "voided", "effective_on": on.isoformat(), "entry": no, "reason": reason}
        with at_options("voided", {}):
            record_one(session, book, entry_of(values), writing(session, parameters))
