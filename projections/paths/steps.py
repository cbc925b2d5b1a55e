"""The steps of people: every entry of a person with where it leaves them.

Only some kinds of entries say anything of standing, place or list; any other leaves a person
as they were. The stage of somebody on the way to membership is the furthest of their round:
a round ends with becoming a member, leaving, being taken off the list, or a decision cancelled.
"""

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
from pyarrow import compute as pc

from projections.paths.runs import Runs
from projections.statements import KINDS_KNOWN

STANDINGS = ("none", "applicant", "left", "dead", "probationary", "official", "previous")
"""Standings by their number here; ``previous``, the membership that was left, is only given."""
NONE, APPLICANT, LEFT, _, PROBATIONARY, OFFICIAL, PREVIOUS = (
    pa.scalar(number, pa.int8()) for number in range(len(STANDINGS))
)
FOREVER = pa.scalar(date(9999, 12, 31))
NOWHERE = pa.scalar(0, pa.int32())
"""The number of no unit."""
_NO_DAY = pa.scalar(date(1, 1, 1))
"""Stands for a day that is not known, or not any more, while a column is filled."""
_YES, _NO, _OPEN = (pa.scalar(value, pa.int8()) for value in (1, 0, None))
"""What an entry says of a question; Arrow fills numbers faster than truths."""
_FALSE, _ONE = pa.scalar(value=False), pa.scalar(1, pa.int32())
_NO_NUMBER, _NEVER = pa.scalar(None, pa.int32()), pa.scalar(None, pa.date32())
_NO_STAGE = pa.scalar(0, pa.int32())
_WEIGHT = pa.scalar(16, pa.int32())
"""More than there are stages: what a round weighs beside them; a power of two."""
_STAGE_BITS = pa.scalar(15, pa.int32())
_NUMBERS = {row.kind: pa.scalar(row.number, pa.int16()) for row in KINDS_KNOWN}


_GIVES = pa.array(
    [STANDINGS.index(row.gives) if row.gives else None for row in KINDS_KNOWN], pa.int8()
)
_COMES = pa.array([row.official_by is not None for row in KINDS_KNOWN])
_MOVES = pa.array([row.moves for row in KINDS_KNOWN])
_IN_PIPELINE = pa.array([row.in_pipeline for row in KINDS_KNOWN], pa.bool_()).cast(pa.int8())
_BEGINS = pa.array(
    [row.gives not in {None, "applicant"} or row.kind == "delisted" for row in KINDS_KNOWN]
)


class _Given:
    """Entries of some people as ``sql/given.sql`` gives them, with what their kinds say."""

    def __init__(self, rows: pa.RecordBatch) -> None:
        self.person, self.kind = rows.column("person"), rows.column("kind")
        self.no, self.place, self.on = (rows.column(n) for n in ("no", "place", "effective_on"))
        self.placed, self.stage = rows.column("placed"), rows.column("stage")
        self.class_no = rows.column("class")
        self.moves = pc.take(_MOVES, self.kind)
        self.comes = pc.take(_COMES, self.kind)
        self.in_pipeline = pc.take(_IN_PIPELINE, self.kind)
        self.begins = pc.take(_BEGINS, self.kind)
        """Whether whatever led to an admission before is over."""
        self.joined_on, self.official_on = rows.column("joined_on"), rows.column("official_on")
        comes_official = pc.and_(self.comes, pc.is_valid(self.official_on))
        self.gives = pc.if_else(comes_official, OFFICIAL, pc.take(_GIVES, self.kind))
        self.says_readmission = rows.column("readmission")

    def are(self, kind: str) -> pa.Array:
        """Return whether each entry is of a kind."""
        return of_kind(self.kind, kind)


def of_kind(kinds: pa.Array, kind: str) -> pa.Array:
    """Return whether each of ``kinds``, which are numbers, is that one."""
    return pc.equal(kinds, _NUMBERS[kind])


def named(numbers: pa.Array, names: Sequence[str | None]) -> pa.Array:
    """Return numbers as texts that are kept by number."""
    return pa.DictionaryArray.from_arrays(numbers, pa.array(names))


def _known(days: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(days, _NO_DAY), _NEVER, days)


def steps(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return the steps of some people, in the order of ``rows``.

    ``rows`` are all entries of each of them, as ``sql/given.sql`` gives them. The columns:
    ``person, no, place, effective_on, kind`` and ``class`` (their numbers), ``first_of_class,
    changes, until`` (up to when that holds, of an entry that changes anything), ``standing,
    standing_since, placed, joined_on, official_on, listed, readmits, standing_before,
    placed_before, stage``.
    """
    given = _Given(rows)
    runs = Runs(given.person)
    admits, decides = given.are("admitted"), given.are("admission_decided")
    standing = _standing(given, runs)
    is_outside = pc.or_(pc.equal(standing, APPLICANT), pc.equal(standing, LEFT))
    memberships = runs.count(_is_membership(given.gives))
    placed = runs.latest(given.placed, before=NOWHERE)
    changes = pc.or_(given.moves, pc.and_(is_outside, pc.is_valid(given.stage)))
    joined_on = pc.if_else(admits, given.on, given.joined_on)
    recognized_on = pc.if_else(given.are("recognized_official"), given.on, given.official_on)
    official_on = pc.if_else(admits, _NO_DAY, recognized_on)
    is_listed = pc.if_else(given.begins, _NO, pc.if_else(given.are("listed"), _YES, _OPEN))
    # Whoever was a member before is admitted again, also by the decision to do so.
    again = pc.or_(pc.coalesce(given.says_readmission, False), pc.greater(memberships, _ONE))
    was_member = pc.greater_equal(memberships, _ONE)
    readmits = pc.or_(pc.and_(admits, again), pc.and_(decides, was_member))
    columns = {
        "person": given.person,
        "no": given.no,
        "place": given.place,
        "effective_on": given.on,
        "kind": given.kind,
        "class": given.class_no,
        "first_of_class": _first_of_class(given),
        "changes": changes,
        "until": runs.next(pc.if_else(changes, given.on, _NEVER), after=FOREVER),
        "standing": named(pc.if_else(pc.equal(standing, NONE), _OPEN, standing), STANDINGS),
        "standing_since": _standing_since(given, runs, memberships),
        "placed": pc.if_else(pc.equal(placed, NOWHERE), _NO_NUMBER, placed),
        "joined_on": _known(runs.latest(joined_on, before=_NO_DAY)),
        "official_on": _known(runs.latest(official_on, before=_NO_DAY)),
        "listed": pc.equal(runs.latest(is_listed, before=_NO), _YES),
        "readmits": readmits,
        "standing_before": named(runs.before(standing, first=NONE), STANDINGS),
        "placed_before": runs.before(placed, first=NOWHERE),
        "stage": _stage(given, runs, is_outside),
    }
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _is_membership(gives: pa.Array) -> pa.Array:
    """Return which entries begin a membership, or give the one back that was left."""
    return pc.and_kleene(pc.is_valid(gives), pc.greater_equal(gives, PROBATIONARY))


def _standing(given: _Given, runs: Runs) -> pa.Array:
    """Return the number of the standing after each entry."""
    gave = runs.latest(given.gives, before=NONE)
    is_previous = pc.equal(given.gives, PREVIOUS)
    of_member = pc.and_not(_is_membership(given.gives), pc.coalesce(is_previous, False))
    membership = runs.latest(pc.if_else(of_member, given.gives, _OPEN), before=PROBATIONARY)
    return pc.if_else(pc.equal(gave, PREVIOUS), membership, gave)


def _standing_since(given: _Given, runs: Runs, memberships: pa.Array) -> pa.Array:
    """Return since when the standing after each entry holds.

    Who comes with a past has stood since a day before the entry, which it says.
    """
    on = pc.if_else(pc.is_valid(given.gives), given.on, _NEVER)
    told = pc.coalesce(given.official_on, given.joined_on, given.on)
    since = runs.latest(on, before=_NO_DAY)
    told_since = runs.latest(pc.if_else(given.comes, told, on), before=_NO_DAY)
    return _known(pc.if_else(pc.equal(memberships, _ONE), told_since, since))


def _stage(given: _Given, runs: Runs, is_outside: pa.Array) -> pa.Array:
    """Return the furthest stage of each one's round, null of who is at none."""
    on_way = pc.equal(runs.latest(given.in_pipeline, before=_NO), _YES)
    cancels = given.are("admission_cancelled")
    cancelled = _cancelled(given, runs, on_way=on_way, cancels=cancels)
    # What was done off the list brought nobody further, nor a decision that nobody had taken.
    stage = pc.if_else(pc.xor(cancels, cancelled), _NO_STAGE, pc.coalesce(given.stage, _NO_STAGE))
    # They are numbered on from person to person, so that one running maximum serves all.
    begins = pc.or_(runs.is_first, pc.or_(given.begins, cancelled))
    rounds = pc.cumulative_sum(begins.cast(pa.int32()))
    weight = pc.add(pc.multiply(rounds, _WEIGHT), stage)
    furthest = pc.cumulative_max(pc.if_else(on_way, weight, _NO_NUMBER), skip_nulls=True)
    furthest = pc.bit_wise_and(furthest, _STAGE_BITS)
    has_stage = pc.and_(is_outside, pc.greater(furthest, _NO_STAGE))
    return pc.if_else(has_stage, furthest, _NO_NUMBER)


def _cancelled(given: _Given, runs: Runs, on_way: pa.Array, cancels: pa.Array) -> pa.Array:
    """Return which entries cancel a decision on somebody who is at that stage; few ever do."""
    if not pc.any(cancels).as_py():
        return cancels
    decides = pc.and_(given.are("admission_decided"), on_way)
    is_over = pc.or_(given.begins, cancels)
    says = pc.if_else(is_over, _NO, pc.if_else(decides, _YES, _OPEN))
    is_decided = pc.equal(runs.before(runs.latest(says, before=_NO), first=_NO), _YES)
    return pc.and_(cancels, is_decided)


def _first_of_class(given: _Given) -> pa.Array:
    """Return which entries are the first of their person with a class."""
    attends = pc.or_(given.are("enrolled_in_class"), given.are("attended_class"))
    people, classes = pc.filter(given.person, attends), pc.filter(given.class_no, attends)
    classes = pc.coalesce(classes, NOWHERE).cast(pa.int64())
    how_many = pa.scalar((pc.max(classes).as_py() or 0) + 1, pa.int64())
    pairs = pc.add(pc.multiply(people.cast(pa.int64()), how_many), classes)
    # They are numbered in the order they are first met: a new one is above all before it.
    met = pairs.dictionary_encode().indices
    is_new = pc.greater(met[1:], pc.cumulative_max(met)[:-1])
    is_first = pa.concat_arrays([pa.array([True][: len(met)], pa.bool_()), is_new])
    return pc.replace_with_mask(pa.repeat(_FALSE, len(attends)), attends, is_first)
