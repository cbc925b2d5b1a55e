"""Records the rows of sheets: those the book has not, all or none; or says what would be."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from commands.books import opened
from commands.copies import note_copy
from commands.entries import row_named
from commands.headings import heading
from commands.importing_told import (
    Outcome,
    marked_copy,
    preview,
    tell_alike,
    tell_changed,
    tell_known,
    tell_refused,
)
from commands.language import say, spoken, word
from commands.mapping import mapping_of
from commands.progress import Counted, Pace, slowly
from commands.receipts import make_segments, tell_receipt, told_before
from commands.recording import Writing, writing
from commands.session import Session
from commands.sheets import SheetFile, grids_of, read_bytes, read_file
from commands.signing import key_for
from ledger.book import Book, Line
from ledger.catalogue import KINDS, Entry
from ledger.errors import Conflict, Problem, Refused
from ledger.exchange.already import alike, already
from ledger.exchange.columns import by_name
from ledger.exchange.sheets import Row, Spot, Wrong
from ledger.exchange.tables import Asked
from ledger.exchange.unknown import unknown_names

_TRIES = 5
_FOLLOWS = frozenset(
    {"unknown_person", "unknown_unit", "unknown_class", "unknown_target", "not_opened"}
)
"""What is said of a row only because the row that it rests on is wrong."""


def record_sheets(
    book: Book, file: SheetFile, how: Writing, *, now: Any, keep_recorded: bool
) -> Outcome:
    """Record the rows that the book has not yet; with ``how.dry_run`` only try to.

    Between looking and recording somebody else may record: then it is looked again.
    Raises Conflict where the caller expects a head that is not there.
    """
    file_hash = file.source.file_hash or b""
    key = key_for(book, how)
    for left in range(_TRIES, 0, -1):
        head = book.head.no
        before = {Spot(*place): no for place, no in book.places_of(file_hash).items()}
        lines = [line for line in file.reading.lines(file.name) if _at(line) not in before]
        with slowly(say("Checking {number} entries …").format(number=len(lines))):
            entries = [] if keep_recorded else [line.entry for line in lines]
            found, near = already(book, entries)
        known = before | {_at(lines[place]): no for place, no in found.items()}
        rest = [line for place, line in enumerate(lines) if place not in found]
        twins = [
            (_at(lines[place]), _at(lines[other]))
            for place, other in alike([line.entry for line in lines]).items()
            if place not in found
        ]
        changed = [(_at(lines[place]), no) for place, no in near.items()]
        pace = Pace(say("Checked {number} of {whole} rows"), len(rest))
        try:
            receipt = book.record(
                Counted([*_placed(file), *rest], pace),
                now=now,
                by=how.by,
                source=file.source,
                keep_recorded=keep_recorded,
                dry_run=how.dry_run,
                expect=head if how.expect is None else how.expect,
                keep_entries=how.dry_run,
                key=key,
            )
        except Refused as refused:
            _name_rows(refused.problems, rest, head)
            wrong, silent = _wrong(file, refused.problems, unknown_names(book, file.reading.rows))
            return Outcome(None, known, wrong, silent, twins, changed)
        except Conflict:
            if how.expect is not None or left == 1:
                raise
            continue
        return Outcome(receipt, known, [], frozenset(), twins, changed)
    raise AssertionError(_TRIES)


def _name_rows(problems: Sequence[Problem], lines: Sequence[Line], head: int) -> None:
    """Have problems name what was not recorded after all by its row: no number was given."""
    refused = {problem.place for problem in problems}
    rows = dict(enumerate((line for line in lines if line.place not in refused), head + 1))
    told = [*problems]
    while told:
        values = told.pop().values
        for name, value in values.items():
            if isinstance(value, Problem):
                told.append(value)
            elif isinstance(value, Entry) and value.no in rows:
                values[name] = row_named(rows[value.no].place or "-", value)


def _at(line: Line) -> Spot:
    return Spot(line.sheet, line.row)


def _placed(file: SheetFile) -> list[Problem]:
    return [each.problem.at(each.spot.place(file.name)) for each in file.reading.wrong]


def _wrong(
    file: SheetFile, problems: Sequence[Problem], more: Iterable[Wrong]
) -> tuple[list[Wrong], frozenset[Spot]]:
    """Return what is wrong by sheet, row and column, and the rows that only follow from it."""
    rows = {row.spot.place(file.name): row for row in file.reading.rows}
    known = {each.spot for each in file.reading.wrong}
    wrong = [*file.reading.wrong, *(each for each in more if each.spot not in known)]
    for each in wrong:
        each.problem.at(each.spot.place(file.name))
    read = {id(each.problem) for each in wrong}
    found = [problem for problem in problems if id(problem) not in read]
    failed = {row.spot for row in rows.values() if row.entry is None}
    failed |= {rows[p.place].spot for p in found if p.place in rows and p.code not in _FOLLOWS}
    missing = {_code(row) for row in rows.values() if row.spot in failed} - {None}
    silent: set[Spot] = set()
    for problem in found:
        row = rows.get(problem.place or "")
        spot = Spot(None) if row is None else _spot(row, problem)
        if problem.code in _FOLLOWS and _named(problem) in missing:
            silent.add(spot._replace(column=None))
        else:
            wrong.append(Wrong(spot, problem.at(spot.place(file.name))))
    order = {grid.name: place for place, grid in enumerate(file.grids)}
    wrong.sort(key=lambda w: (order.get(w.spot.sheet, -1), w.spot.row or 0, w.spot.column or 0))
    for each in wrong:
        _name_heading(file, each)
    return wrong, frozenset(silent)


def _code(row: Row) -> str | None:
    """Return the code of what a row brings into the book, None where it does not."""
    code = row.values().get(KINDS[row.kind].stream.rstrip("_"))
    return None if code is None else str(code)


def _named(problem: Problem) -> str:
    values = problem.values
    return str(values.get("person") if problem.code == "not_opened" else values.get("value"))


def _spot(row: Row, problem: Problem) -> Spot:
    """Return the cell of a row that a problem is about: by its field, or by its value."""
    field = problem.values.get("field")
    if field in row.columns:
        return row.spot_of(str(field))
    said = row.values()
    for key in ("value", "person", "unit"):
        shown = str(problem.values.get(key) or "")
        for name, given in said.items():
            if shown and name in row.columns and shown in {str(given), *_items(given)}:
                return row.spot_of(name)
    if problem.code in {"in_future", "clashes_with"}:
        return row.spot_of("effective_on")
    return row.spot


def _items(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _name_heading(file: SheetFile, wrong: Wrong) -> None:
    """Say the field of a problem by its heading and its values in words, as the clerk does."""
    values = wrong.problem.values
    detail, field = values.get("detail"), str(values.get("field", "")).rpartition(".")[2]
    if isinstance(detail, Problem) and detail.code == "wants_choice":
        choices = str(detail.values["choices"]).split(", ")
        detail.values["choices"] = ", ".join(word(field, choice) for choice in choices)
        near = detail.values.get("suggestion")
        detail.values["suggestion"] = word(field, near) if near else ""
    for key in ("field", "value") if wrong.problem.code == "unknown_field" else ("field",):
        name = values.get(key)
        if isinstance(name, str) and any(name in by_name(kind) for kind in KINDS):
            head = file.reading.heads.get(wrong.spot.sheet)
            place = None if head is None else head.columns.get(name)
            texts = {} if head is None else head.headings
            values[key] = heading(name, spoken()) if place is None else texts[place]


def _is_known(book: Book, file: SheetFile) -> bool:
    """Return whether every row was recorded from this very file, whatever became of it."""
    before = book.places_of(file.source.file_hash or b"")
    return all((row.spot.sheet, row.spot.row) in before for row in file.reading.rows)


def import_sheets(
    session: Session, path: Path, *, keep_recorded: bool, parameters: Mapping[str, Any]
) -> None:
    """Record a file of sheets as ``rollbook import`` was asked to; leave with its status."""
    data = read_bytes(path)
    grids = grids_of(path, data, parameters["encoding"])
    asked = Asked(
        path.name, parameters["kind"], parameters["sheets"], mapping_of(grids, parameters)
    )
    file = read_file(path, grids, data, asked)
    previews = parameters["preview"]
    how = writing(session, parameters)
    how = how._replace(dry_run=how.dry_run or previews)
    if not parameters["marked"]:
        # The cells of a large file take as much memory as all that was read of them.
        file = file._replace(grids=[grid._replace(rows=()) for grid in grids])
    del data, grids
    with opened(session) as book:
        if not file.reading.wrong and _is_known(book, file) and told_before(book, file.source):
            return
        outcome = record_sheets(book, file, how, now=session.now, keep_recorded=keep_recorded)
        if outcome.receipt is not None and not how.dry_run:
            make_segments(book, outcome.receipt)
    if previews:
        preview(file, outcome)
    if outcome.receipt is None:
        tell_refused(outcome)
        if parameters["marked"]:
            marked = Path(parameters["marked"])
            marked_copy(marked, file, outcome)
            note_copy(session, marked)  # the cells hold whatever was typed into them
        raise click.exceptions.Exit(Refused.status)
    tell_known(file.name, outcome)
    tell_alike(file.name, outcome)
    tell_changed(file.name, outcome)
    if previews:
        click.echo(say("Nothing was written (--preview)."), err=True)
    else:
        now = None if keep_recorded else session.now
        tell_receipt(outcome.receipt, now, dry_run=how.dry_run)
