"""``rollbook query``: a question in SQL over the entries and the tables derived from them."""

import sys
from collections.abc import Iterable

import click

from commands.bounds import Known, reading_options
from commands.command import Argument, Command
from commands.output import Sheet, output_options, write
from commands.parameters import TEXT
from commands.reading import asked
from commands.session import Session
from projections import query as queries


def told_apart(columns: Iterable[str]) -> list[str]:
    """Return column names, each once: a second ``count`` is ``count_2``."""
    names: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


@click.command(
    cls=Command,
    examples=(
        "rollbook query 'SELECT kind, count(*) AS entries FROM entries GROUP BY kind ORDER BY 2'",
        "rollbook query 'SELECT * FROM spells LIMIT 10' --format csv",
    ),
)
@click.argument("sql", cls=Argument, type=TEXT, metavar="SQL", help="The question; - reads it.")
@reading_options()
@output_options
@click.pass_obj
def query(session: Session, /, *, form: str, sql: str, known: Known) -> None:
    """Answer a question in SQL (DuckDB's), reading only.

    The tables are those that reports are made from: `entries`, `units`, `spells`, `tree`,
    `flows`, `profiles`. None holds a name. Neither files nor the network can be reached.
    """
    if sql == "-":
        sql = sys.stdin.read()
    with asked(session, known) as question:
        columns, rows = queries.query(question.reading, sql)
        names = told_apart(columns)
        found = [dict(zip(names, row, strict=True)) for row in rows]
        write(form, [Sheet(names, found)], about=question.about())
