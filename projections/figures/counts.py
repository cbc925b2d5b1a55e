"""The numbers that figures are re-computed from, many counted together and each once."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from projections.counting import Span
from projections.filters import FALLS_SHORT, read_filters
from projections.measures import BASES, MEASURES, measure_of
from projections.questions import Question, answers, entries_behind
from projections.reading import Reading
from projections.targets import units_done_to_less

_ANY_COMPLETION = Fraction(10) ** 30
"""A share in per cent that no target is done to."""

Behind = list[tuple[int, int]]
"""Entries by their number, and how many each counts."""


class Part(NamedTuple):
    """One number that a figure is computed from: a measure of a unit over days."""

    measure: str
    unit: str
    since: date
    last_on: date
    filters: str
    """The filters as JSON text with sorted keys."""
    basis: str
    units_as_of: date | None = None
    """Read under the units of this day; None as it was, or as the whole reading is."""
    over_period: bool = False
    """Whether what can be counted both ways is counted over the days, not on the last one."""

    @property
    def is_stock(self) -> bool:
        """Whether it is counted as of its last day."""
        return measure_of(self.measure, over_period=self.over_period).is_stock


def narrowed(filters: Mapping[str, Any]) -> str:
    """Return filters as the text that a part has."""
    return json.dumps(filters, sort_keys=True)


class Counts:
    """Counts parts as of a day, and remembers what it has counted."""

    def __init__(self, reading: Reading, as_of: date) -> None:
        self.reading = reading
        self.as_of = as_of
        self._numbers: dict[Part, int] = {}
        self._behind: dict[Part, Behind] = {}
        self._recorded: dict[Part, bool] = {}

    def __getitem__(self, part: Part) -> int:
        """Return the number of a part that was counted."""
        return self._numbers[part]

    def behind(self, part: Part) -> Behind:
        """Return the entries behind a part that was counted and opened, by number."""
        return self._behind[part]

    def count(self, parts: Iterable[Part], *, opened: bool = False) -> None:
        """Count those of ``parts`` that were not counted yet, and look behind every zero.

        Each must be of a measure, and have filters, that the book can count. ``opened``: the
        entries behind them are kept, too.
        """
        known = self._behind if opened else self._numbers
        asked = [part for part in dict.fromkeys(parts) if part not in known]
        if opened:
            self._behind |= self._entries(asked)
            found = {part: sum(count for _, count in self._behind[part]) for part in asked}
        else:
            found = self._counted(asked)
        self._numbers |= found
        zeros = [part for part, number in found.items() if not number]
        self._look_behind([part for part in zeros if part not in self._recorded])

    def _counted(self, parts: list[Part]) -> dict[Part, int]:
        short, plain = _falling_short(parts)
        found = {part: len(self._short(part)) for part in short}
        for basis in BASES:
            of_basis = [part for part in plain if part.basis == basis]
            numbers = answers(self.reading, self._questions(of_basis), basis) if of_basis else []
            for part, number in zip(of_basis, numbers, strict=True):
                assert number is not None, part
                found[part] = number
        return found

    def _entries(self, parts: Iterable[Part]) -> dict[Part, Behind]:
        short, plain = _falling_short(parts)
        found: dict[Part, Behind] = {part: self._short(part) for part in short}
        for basis in BASES:
            of_basis = [part for part in plain if part.basis == basis]
            if of_basis:
                behind = entries_behind(self.reading, self._questions(of_basis), basis)
                found |= dict(zip(of_basis, behind, strict=True))
        return found

    def is_recorded(self, part: Part) -> bool:
        """Return whether anything is recorded from which the number of a part follows.

        Of a period: something of the measure, by whichever basis, in that unit and period;
        of a day: the unit ever had something of the measure up to it. For a part narrowed by
        filters, people counted without names only count as recorded where the count tells
        them apart by the same filters.
        """
        return bool(self._numbers[part]) or self._recorded[part]

    def _short(self, part: Part, share_percent: Fraction | None = None) -> Behind:
        """Return the founding entries of the units that a part with ``FALLS_SHORT`` counts.

        They are the same under the units of any other day.
        """
        filters = json.loads(part.filters)
        share = Fraction(str(filters.pop(FALLS_SHORT)))
        found = units_done_to_less(
            self.reading,
            part.unit,
            part.last_on,
            share if share_percent is None else share_percent,
            filters=filters,
            basis=part.basis,
        )
        return [(unit.no, 1) for unit in found]

    def _questions(self, parts: Iterable[Part]) -> list[Question]:
        parts = list(parts)
        restated: dict[date, set[str]] = defaultdict(set)
        for part in parts:
            if part.units_as_of is not None:
                restated[part.units_as_of].add(part.unit)
        tops: dict[tuple[str, date | None], str] = {}
        for day, units in restated.items():
            shown = self.reading.subtrees.show_restated(sorted(units), day)
            tops |= {(unit, day): top for unit, top in shown.items()}
        return [
            Question(
                part.measure,
                tops.get((part.unit, part.units_as_of), part.unit),
                Span(part.since, part.last_on, self.as_of, is_day=not part.over_period),
                json.loads(part.filters),
            )
            for part in parts
        ]

    # What is recorded where nothing is counted

    def _look_behind(self, parts: list[Part]) -> None:
        short, parts = _falling_short(parts)
        self._recorded |= {part: bool(self._short(part, _ANY_COMPLETION)) for part in short}
        flows = [part for part in parts if not part.is_stock]
        wholes = {
            part._replace(filters="{}", basis=basis): None
            for part in flows
            for basis in (BASES if part.measure == "admissions" else BASES[:1])
        }
        behind = self._entries(wholes)
        unnamed = self._unnamed({no for entries in behind.values() for no, _ in entries})
        for part in flows:
            wanted = set(json.loads(part.filters))
            self._recorded[part] = any(
                wanted <= unnamed.get(no, wanted)
                for basis in BASES
                for no, _ in behind.get(part._replace(filters="{}", basis=basis), ())
            )
        self._look_back([part for part in parts if part.is_stock])

    def _unnamed(self, numbers: set[int]) -> dict[int, set[str]]:
        """Return what each of the entries that count without names tells people apart by."""
        self.reading.need("live")
        found = self.reading.sql(
            "SELECT no, filters FROM live WHERE kind = 'unnamed_counted' "
            "AND no IN (SELECT unnest($numbers))",
            numbers=sorted(numbers),
        )
        return {no: _told_apart(filters) for no, filters in found}

    def _look_back(self, parts: list[Part]) -> None:
        """See for each part that is zero on a day whether there ever was anything before."""
        questions = self._questions(parts)
        by_measure: dict[str, list[tuple[Part, str]]] = defaultdict(list)
        for part, question in zip(parts, questions, strict=True):
            by_measure[part.measure].append((part, question.unit or ""))
        for name, asked in by_measure.items():
            tops = sorted({top for _, top in asked})
            self.reading.subtrees.show(tops)
            named = self._first_days(name, tops)
            unnamed = self._first_unnamed(name, tops)
            for part, top in asked:
                wanted = set(json.loads(part.filters))
                first_days = [named.get(top)] + [
                    first for own, first in unnamed.get(top, ()) if wanted <= own
                ]
                self._recorded[part] = any(
                    first is not None and first <= part.last_on for first in first_days
                )

    def _first_days(self, name: str, tops: list[str]) -> dict[str, date]:
        """Return the first day on which each unit had something of a measure."""
        measure = MEASURES[name]
        if measure.subjects == "people":
            self.reading.need("spells")
            source, wanted = "spells", measure.condition
        else:
            self.reading.need("units")
            source = "units"
            wanted = f"s.{measure.one_each} IS NOT NULL" if measure.one_each else "TRUE"
        found = self.reading.sql(
            "SELECT b.top, min(greatest(s.since, b.since)) "  # noqa: S608 - all parts are our own
            f"FROM {source} AS s JOIN under AS b "
            "ON b.unit = s.unit AND b.since < s.until AND b.until > s.since "
            f"WHERE b.top IN (SELECT unnest($tops)) AND {wanted} GROUP BY b.top",
            tops=tops,
        )
        return dict(found)

    def _first_unnamed(self, name: str, tops: list[str]) -> dict[str, list[tuple[set[str], date]]]:
        """Return by what people were told apart in each unit's counts, and since when."""
        self.reading.need("unnamed_stock")
        found = self.reading.sql(
            "SELECT b.top, n.filters, min(greatest(n.since, b.since)) "
            "FROM unnamed_stock AS n JOIN under AS b "
            "ON b.unit = n.unit AND b.since < n.until AND b.until > n.since "
            "WHERE b.top IN (SELECT unnest($tops)) AND n.measure = $measure "
            "GROUP BY b.top, n.filters",
            tops=tops,
            measure=name,
        )
        by_top: dict[str, list[tuple[set[str], date]]] = defaultdict(list)
        for top, filters, first in found:
            by_top[top].append((_told_apart(filters), first))
        return by_top


def _falling_short(parts: Iterable[Part]) -> tuple[list[Part], list[Part]]:
    """Return the parts that are narrowed by ``FALLS_SHORT``, and the others."""
    short: list[Part] = []
    plain: list[Part] = []
    for part in parts:
        (short if FALLS_SHORT in json.loads(part.filters) else plain).append(part)
    return short, plain


def _told_apart(filters: str | None) -> set[str]:
    """Return by what the filters of an unnamed count tell people apart; a sector has its group."""
    told = set(read_filters(filters))
    return told | {"sector_group"} if "sector" in told else told
