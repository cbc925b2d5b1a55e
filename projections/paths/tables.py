"""What is made of steps: spells in units, stays at stages, and flows.

The heir of a unit that ended holds its people, without entries of their own.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pyarrow as pa
from pyarrow import compute as pc

from projections.paths.runs import Runs, places
from projections.paths.steps import FOREVER, OFFICIAL, PROBATIONARY, named, of_kind
from projections.statements import KINDS_KNOWN

_SPELLS = (
    *("person", "unit", "standing", "stage", "listed", "since", "until"),
    *("standing_since", "joined_on", "official_on", "no"),
)
_OF_SPELL = tuple(name for name in _SPELLS if name not in {"unit", "since", "until"})
_KIND_NAMES = tuple(row.kind for row in KINDS_KNOWN)
_OUTCOMES = ("moved_on", "returned", "left")
_MOVED_ON, _RETURNED, _LEFT = (pa.scalar(n, pa.int8()) for n in range(len(_OUTCOMES)))
_NO_OUTCOME = pa.scalar(None, pa.int8())
_NOBODY, _NEVER = pa.scalar(None, pa.int32()), pa.scalar(None, pa.date32())
_NO_STAGE = pa.scalar(0, pa.int32())


class _Link(NamedTuple):
    """The nth holder of what was placed in each unit, and from when to when; by unit."""

    holder: pa.Array
    since: pa.Array
    until: pa.Array

    def of(self, units: pa.Array) -> "_Link":
        """Return what is known of each of ``units``; null of none."""
        return _Link(*(pc.take(column, units) for column in self))

    def holders(self, days: pa.Array) -> pa.Array:
        """Return each holder, null where it was none on that one of ``days``."""
        held = pc.and_(pc.less_equal(self.since, days), pc.greater(self.until, days))
        return pc.if_else(held, self.holder, _NOBODY)


class Heirs:
    """Who holds what was placed in a unit, as the table ``heirs`` says it."""

    def __init__(self, rows: Iterable[tuple[int, int, Any, Any]]) -> None:
        """``rows``: ``unit, holder, since, until``, in the order of unit and since."""
        chains: dict[int, list[tuple[int, Any, Any]]] = {}
        for unit, *link in rows:
            chains.setdefault(unit, []).append(tuple(link))
        nobody = [(None, None, None)]
        self._links: list[_Link] = []
        for nth in range(max(map(len, chains.values()), default=1)):
            links = [
                (chains.get(unit, nobody)[nth : nth + 1] or nobody)[0]
                for unit in range(max(chains, default=0) + 1)
            ]
            forms = (pa.int32(), pa.date32(), pa.date32())
            self._links.append(_Link(*map(pa.array, zip(*links, strict=True), forms)))

    def on(self, units: pa.Array, days: pa.Array) -> pa.Array:
        """Return who held what was placed in each of ``units`` on a day; null if nobody did."""
        link = self._links[0].of(units)
        found = link.holders(days)
        is_later = pc.coalesce(pc.less_equal(link.until, days), False)
        if pc.any(is_later).as_py():
            units, days = pc.filter(units, is_later), pc.filter(days, is_later)
            later = [link.of(units).holders(days) for link in self._links[1:]]
            held = pc.coalesce(*later, pa.nulls(len(units), pa.int32()))
            found = pc.replace_with_mask(found, is_later, held)
        return found

    def during(self, units: pa.Array, since: pa.Array, until: pa.Array) -> pa.RecordBatch:
        """Return who held what was placed in each of ``units`` for some days.

        The columns: ``row``, the place among those given, ``unit``, who held it, ``since`` and
        ``until``; in the order of row and since.
        """
        rows = places(len(units))
        pieces: list[pa.RecordBatch] = []
        for link in self._links:
            theirs = link.of(units)
            overlap = pc.and_(pc.less(theirs.since, until), pc.greater(theirs.until, since))
            columns = {
                "row": rows,
                "unit": theirs.holder,
                "since": pc.max_element_wise(since, theirs.since),
                "until": pc.min_element_wise(until, theirs.until),
            }
            pieces.append(pa.RecordBatch.from_pydict(columns).filter(overlap))
            goes_on = pc.coalesce(pc.less(theirs.until, until), False)
            rows, units = pc.filter(rows, goes_on), pc.filter(units, goes_on)
            since, until = pc.filter(since, goes_on), pc.filter(until, goes_on)
        found = pa.concat_batches(pieces)
        is_mixed = len(pieces[0]) < len(found)
        return found.take(pc.sort_indices(found.column("row"))) if is_mixed else found


def spells(steps: pa.RecordBatch, heirs: Heirs) -> pa.RecordBatch:
    """Return where each person was, in what standing and at what stage.

    One row a stretch of days, in the order of person and since. The columns: ``person, unit,
    standing, stage, listed, since, until, standing_since, joined_on, official_on, no``.
    """
    placed, since, until = (steps.column(name) for name in ("placed", "effective_on", "until"))
    begins = pc.and_(steps.column("changes"), pc.less(since, until))
    held = heirs.during(*(pc.filter(column, begins) for column in (placed, since, until)))
    rows = pc.take(pc.filter(places(len(steps)), begins), held.column("row"))
    columns = {name: pc.take(steps.column(name), rows) for name in _OF_SPELL}
    columns |= {name: held.column(name) for name in ("unit", "since", "until")}
    return pa.RecordBatch.from_arrays([columns[name] for name in _SPELLS], names=list(_SPELLS))


def stays(steps: pa.RecordBatch, heirs: Heirs) -> pa.RecordBatch:
    """Return how long each person stayed at each stage of the pipeline.

    A stay goes from the entry that made the stage the furthest of a round up to the one that
    took the person on, back or out of it. One that ended on the day it began is there, too:
    who was nominated and listed on one day was both. The columns: ``person, stage, unit,
    since, until, no, place, next_no, outcome``, in the order of person and since.
    """
    stage = pc.coalesce(steps.column("stage"), _NO_STAGE)
    before = Runs(steps.column("person")).before(stage, first=_NO_STAGE)
    turns = steps.filter(pc.not_equal(stage, before))
    runs = Runs(turns.column("person"))
    since, stage = turns.column("effective_on"), turns.column("stage")
    next_no, next_stage = runs.after(turns.column("no")), runs.after(stage)
    goes_on = pc.or_kleene(
        pc.greater(next_stage, stage),
        pc.is_in(runs.after(turns.column("standing").indices), pa.array([PROBATIONARY, OFFICIAL])),
    )
    goes_back = pc.less(next_stage, stage)
    outcome = pc.case_when(
        pc.make_struct(goes_back, goes_on, pc.is_valid(next_no)), _RETURNED, _MOVED_ON, _LEFT
    )
    found = pa.RecordBatch.from_pydict(
        {
            "person": turns.column("person"),
            "stage": stage,
            "unit": heirs.on(turns.column("placed"), since),
            "since": since,
            "until": pc.coalesce(runs.after(since), FOREVER),
            "no": turns.column("no"),
            "place": turns.column("place"),
            "next_no": next_no,
            "outcome": named(outcome, _OUTCOMES),
        }
    )
    return found.filter(pc.and_(pc.is_valid(stage), pc.is_valid(found.column("unit"))))


def flows(steps: pa.RecordBatch, heirs: Heirs, classes: pa.Array) -> pa.RecordBatch:
    """Return every action with its person and with its unit on that day.

    That is after the day's unit changes; whoever leaves is counted where they left. The
    columns: ``no, kind, effective_on, person, unit, unit_before, standing_before, standing,
    stage, readmits, class_type, first_of_class, cancelled_on``, in the order of ``steps``.
    ``classes``: the types of the classes by their numbers, texts that are kept by number.
    """
    on = steps.column("effective_on")
    return pa.RecordBatch.from_pydict(
        {
            "no": steps.column("no"),
            "kind": named(steps.column("kind"), _KIND_NAMES),
            "effective_on": on,
            "person": steps.column("person"),
            "unit": heirs.on(steps.column("placed"), on),
            "unit_before": heirs.on(steps.column("placed_before"), on),
            "standing_before": steps.column("standing_before"),
            "standing": steps.column("standing"),
            "stage": steps.column("stage"),
            "readmits": steps.column("readmits"),
            "class_type": pc.take(classes, steps.column("class")),
            "first_of_class": steps.column("first_of_class"),
            "cancelled_on": _cancelled_on(steps),
        }
    )


def _cancelled_on(steps: pa.RecordBatch) -> pa.Array:
    """Return when the decision to admit somebody was cancelled; null of other entries."""
    kind = steps.column("kind")
    cancels = of_kind(kind, "admission_cancelled")
    never = pa.nulls(len(kind), pa.date32())
    if not pc.any(cancels).as_py():
        return never
    is_decision = pc.or_(of_kind(kind, "admission_decided"), cancels)
    runs = Runs(pc.filter(steps.column("person"), is_decision))
    cancelled_on = pc.filter(pc.if_else(cancels, steps.column("effective_on"), _NEVER), is_decision)
    return pc.replace_with_mask(never, is_decision, runs.after(cancelled_on))
