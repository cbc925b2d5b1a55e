"""``rollbook codes``: the lists of codes, their versions and the documents they follow."""

from typing import Any

import click

from commands.command import Argument, Command
from commands.dates import days_shown
from commands.language import say, spoken
from commands.output import FOR_PEOPLE, Sheet, output_options, used, write
from commands.parameters import OneOf
from ledger.codes import LISTS, CodeList, code_list

LIST_COLUMNS = ("list", "version", "codes", "source", "vi", "en")
CODE_COLUMNS = ("list", "code", "vi", "en", "parent")
PEOPLE_COLUMNS = ("code", "vi", "en", "part_of")


def _named(found: CodeList) -> dict[str, Any]:
    about = {"list": found.name, "version": found.version, "codes": len(found.codes)}
    return {**about, "source": found.source, "vi": found.vi, "en": found.en}


@click.command(
    cls=Command,
    examples=(
        "rollbook codes",
        "rollbook codes ethnicity",
        "rollbook codes sector --format csv",
    ),
)
@click.argument(
    "name",
    cls=Argument,
    type=OneOf(LISTS, context="column"),
    metavar="LIST",
    required=False,
    help="Name of the list; without it, all lists with what they follow.",
)
@output_options
def codes(*, form: str, name: str | None) -> None:
    """Show the codes of a list, in the order of the forms, with their names.

    A list is open: a code that it does not have is kept and counted as itself. The
    parent is the code of the same list that a code is a part of.
    """
    for_people = form in FOR_PEOPLE
    if name is None:
        rows = [_named(code_list(each)) for each in LISTS]
        columns = (*LIST_COLUMNS[:-2], spoken()) if for_people else LIST_COLUMNS
        write(form, [Sheet(columns, rows)])
        return
    found = code_list(name)
    items = [
        {"list": name, **item._asdict(), "part_of": item.parent} for item in found.codes.values()
    ]
    if not for_people:
        rows = [{column: item[column] for column in CODE_COLUMNS} for item in items]
        write(form, [Sheet(CODE_COLUMNS, rows)])
        return
    told = say("Version {version}, after {source}: {what}")
    what = getattr(found, spoken())
    source = days_shown(found.source, spoken())
    about = [told.format(version=found.version, source=source, what=what)]
    if found.ordered:
        about.append(say("From the lowest to the highest"))
    write(form, [Sheet(used(PEOPLE_COLUMNS, items), items)], about=about)
