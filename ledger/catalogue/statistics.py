"""Entries about numbers: targets, counts without names, published figures (DOMAIN §4)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from ledger.catalogue.base import (
    Against,
    Amount,
    Base,
    Comparator,
    Entry,
    Filters,
    Measure,
    Period,
    Place,
    Target,
    Unit,
    UnitOrBody,
    said,
)


class TargetSet(Entry):
    """A unit is to reach a number over a period."""

    stream = "target"

    target: Annotated[Target, said("code of the target")]
    unit: Annotated[Place, said("unit that is to reach it")]
    measure: Annotated[Measure, said("what is counted")]
    period: Annotated[Period, said("days over which it is counted")]
    form: Annotated[
        Literal["absolute", "floor", "range", "yearly_mean", "rate"], said("how it is set")
    ]
    amount: Annotated[Amount, said("the number, or the two ends of a range; a rate in per cent")]
    source: Annotated[UnitOrBody, said("who set it: own_congress, or the unit that assigned it")]
    comparator: Annotated[Comparator | None, said("how done is held against it")] = None
    base: Annotated[Decimal | Base | None, said("for a rate: what it is a rate of")] = None
    filters: Annotated[Filters | None, said("narrows the measure to a part")] = None
    supersedes: Annotated[Target | None, said("earlier target that it replaces")] = None


class TargetWithdrawn(Entry):
    """A target no longer holds."""

    stream = "target"

    target: Annotated[Target, said("code of the target")]


class UnnamedCounted(Entry):
    """People or actions not entered one by one are counted; they add to the totals."""

    stream = "unit"

    unit: Annotated[Unit, said("unit of the count")]
    measure: Annotated[Measure, said("what is counted")]
    count: Annotated[int, said("how many")]
    period: Annotated[Period | None, said("days of the actions, for a flow")] = None
    as_of: Annotated[date | None, said("day of the count, for a stock; also its effective day")] = (
        None
    )
    filters: Annotated[Filters | None, said("narrows the measure to a part")] = None
    comparator: Annotated[Comparator | None, said("how exact the count is")] = None


class FigureStated(Entry):
    """A figure was published; it never adds to a total, it is checked."""

    stream = "figure"

    figure: Annotated[str, said("code of the figure")]
    unit: Annotated[Unit, said("unit it is about")]
    measure: Annotated[Measure, said("what it counts")]
    comparator: Annotated[Comparator, said("how the words put it: over, nearly …")]
    value: Annotated[Amount, said("the number, or two for a range")]
    source: Annotated[str, said("where it was published")]
    period: Annotated[Period | None, said("days it is about, for a flow")] = None
    as_of: Annotated[date | None, said("day it is about, for a stock")] = None
    derived: Annotated[
        Literal["growth", "index", "completion", "excess", "yearly_mean", "share"] | None,
        said("how it follows from others"),
    ] = None
    against: Annotated[
        Against | None,
        said("growth, index: the earlier period; completion, excess: a target; share: filters"),
    ] = None
    basis: Annotated[
        Literal["ceremony", "decision"] | None, said("day an admission is counted by")
    ] = None
    filters: Annotated[Filters | None, said("narrows the measure to a part")] = None
