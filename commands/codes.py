"""``rollbook codes``: the lists of codes, their versions and the documents they follow."""

from typing import Any

import click

from commands.command import Argument, Command
from commands.language import say, word
from commands.output import FOR_PEOPLE, Sheet, output_options, write
from commands.parameters import OneOf
from ledger.codes import LISTS, CodeList, code_list

LIST_COLUMNS = ("list", "version", "codes", "source")
CODE_COLUMNS = ("list", "code", "vi", "en", "parent")


def _named(found: CodeList) -> dict[str, Any]:
    return {
        "list": found.name,
        "version": found.version,
        "codes": len(found.codes),
        "source": found.source,
    }


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
    if name is None:
        rows = [_named(code_list(each)) for each in LISTS]
        write(form, [Sheet(LIST_COLUMNS, rows)])
        return
    found = code_list(name)
    told = say("Version {version}, after {source}")
    about = [told.format(version=found.version, source=found.source)]
    if found.ordered:
        about.append(say("From the lowest to the highest"))
    items = [{"list": name, **item._asdict()} for item in found.codes.values()]
    columns = CODE_COLUMNS if form not in FOR_PEOPLE else CODE_COLUMNS[1:]
    write(form, [Sheet(columns, items, word("column", name))], about=about)
