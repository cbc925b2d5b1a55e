"""The tables of paths, made in a session from the entries of people that are known there."""

import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa

from projections.memory import keep_pages
from projections.paths import tables
from projections.paths.steps import steps
from projections.statements import statement

keep_pages()
PIECE_ROWS = 250_000
"""About how many entries are dealt with at once, with all of each person. More need more
memory, fewer more steps."""


def made(session: duckdb.DuckDBPyConnection, names: Sequence[str]) -> dict[str, pa.Table]:
    """Return some of the tables of paths, made from the tables in ``session`` that they need.

    All are made in one go, which costs little more than one of them.
    """
    chains = session.execute("SELECT unit, holder, since, until FROM heirs ORDER BY unit, since")
    heirs = tables.Heirs(chains.fetchall())
    types = session.execute("SELECT type FROM classes ORDER BY number").fetchall()
    classes = pa.array([None, *(name for (name,) in types)], pa.string()).dictionary_encode()
    ways = {
        "steps": lambda made: made,
        "spells": lambda made: tables.spells(made, heirs),
        "stays": lambda made: tables.stays(made, heirs),
        "flows": lambda made: tables.flows(made, heirs, classes),
    }

    def follow(some: pa.Table) -> list[pa.RecordBatch]:
        made = steps(pa.RecordBatch.from_struct_array(some.to_struct_array().combine_chunks()))
        return [ways[name](made) for name in names]

    given = session.sql(statement("given")).to_arrow_table()
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        pieces = workers.map(follow, _pieces(given))
        del given
        return dict(zip(names, map(pa.Table.from_batches, zip(*pieces, strict=True)), strict=True))


def _pieces(given: pa.Table) -> Iterator[pa.Table]:
    """Yield the entries in pieces, all of a person in one; one empty piece of nobody."""
    people = given.column("person")
    begin = 0
    while True:
        end = begin + PIECE_ROWS
        if end >= len(given):
            yield given.slice(begin)
            return
        last = int(people[end])
        first = bisect_left(people, last, begin, end, key=int)
        end = first if first > begin else bisect_left(people, last + 1, end, key=int)
        yield given.slice(begin, end - begin)
        begin = end
