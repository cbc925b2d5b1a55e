"""``--entries``: the entries behind each number, in the place of the report."""

from collections.abc import Iterable, Sequence
from typing import Any

from commands.language import word
from commands.output import FOR_PEOPLE, Sheet, used, write
from projections.opening import COLUMNS as ENTRY_COLUMNS


def write_entries(form: str, rows: Sequence[dict[str, Any]], *, about: Iterable[str] = ()) -> None:
    """Write what ``projections.opening.opened`` gave; what tells the figures comes first."""
    told = dict.fromkeys(name for row in rows for name in row if name not in ENTRY_COLUMNS)
    columns = [*told, *used(ENTRY_COLUMNS, rows)] if rows else list(ENTRY_COLUMNS)
    if form in FOR_PEOPLE and "number" in told:
        rows = [{**row, "number": word("measure", row["number"])} for row in rows]
    write(form, [Sheet(columns, rows)], about=about)
