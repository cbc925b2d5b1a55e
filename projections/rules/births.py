"""Rules that need a day of birth: it is sealed, so few are opened, and none is shown.

Age is counted by month (294 1.1.1): the day in the month plays no part, so that somebody
born in any part of May 2002 is eighteen from May 2020 on, and is sixty up to the end of May
2062. The year of birth alone decides all but those whose years differ by just the threshold.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from projections.reading import Reading
from projections.rules.declared import Rule

_MONTHS = 12
_SEALED = "profile.birth_date"


class Judged(NamedTuple):
    """What was found of one entry: a row of the table ``found``, without its unit."""

    version: int
    no: int
    on_day: date
    status: str
    found: str | None
    threshold: str | None
    reason: str | None
    lifts: bool


class _Births:
    """Days of birth as entries give them, opened one by one."""

    def __init__(self, reading: Reading) -> None:
        self._book = reading.book
        self._known: dict[int, tuple[date | None, str]] = {}

    def of(self, no: int) -> tuple[date | None, str]:
        """Return the day of birth that an entry gives, or None and why it is not known."""
        if not self._book.can_open:
            return None, "sealed"
        if no not in self._known:
            entry: Any = self._book.entry(no, opened=True)
            born: date | None = entry.profile.birth_date
            reason = "sealed" if _SEALED in entry.sealed else "no_birth_date"
            self._known[no] = born, reason
        return self._known[no]


def ages(reading: Reading, rule: Rule, check: str) -> list[Judged]:
    """Return who was too young or too old, or whose age could not be told.

    Cases of a version without a threshold go into ``found`` at once.

    ``check``: the statement that gives ``no, on_day, person, direct``; where it is not
    direct, the day that counts is not in the book, and lies on or before the one given.
    """
    youngest = rule.test == "age_min"
    years = "year(c.on_day) - b.birth_year"
    doubtful = f"{years} <= v.value + 1" if youngest else f"{years} >= v.value"
    judged = (
        f"({check}) AS c JOIN versions AS v "
        "ON v.rule = $rule AND v.since <= c.on_day AND v.until > c.on_day "
    )
    reading.database.execute(
        "INSERT INTO found BY NAME SELECT v.nth AS version, c.no, c.on_day, "  # noqa: S608 - ours
        "'not_checked' AS status, 'unknown_threshold' AS reason, FALSE AS lifts "
        f"FROM {judged} WHERE NOT v.known",
        {"rule": rule.key},
    )
    rows = reading.sql(
        "SELECT v.nth, c.no, c.on_day, c.direct, b.birth_no, b.birth_year, "  # noqa: S608 - ours
        "v.value, coalesce(v.extra, 0), v.extra IS NULL, v.consent, v.mark "
        f"FROM {judged} LEFT JOIN births AS b ON b.person = c.person "
        f"WHERE v.known AND (b.birth_year IS NULL OR {doubtful})",
        rule=rule.key,
    )
    births = _Births(reading)
    return [found for row in rows if (found := _judged(row, births, youngest=youngest))]


def _judged(row: tuple[Any, ...], births: _Births, *, youngest: bool) -> Judged | None:
    """Return what is to be said of one case; None when the age is right."""
    nth, no, on_day, direct, birth_no, birth_year, value, extra, no_bound, consent, mark = row
    unsure: str | None = None
    too_far = beyond = False
    if birth_year is None:
        unsure = "no_birth_date"
    else:
        years = on_day.year - birth_year
        # In other years than these only the side of the thresholds matters. Of a day that is not
        # known, in the last year that a paper reaches, the paper is believed.
        months = _MONTHS * years
        if years in {value, value + extra}:
            born, reason = births.of(birth_no)
            if born is not None:
                months += on_day.month - born.month
            elif years == value:
                unsure = reason
        too_far = months < _MONTHS * value if youngest else months > _MONTHS * value
        beyond = not no_bound and months > _MONTHS * (value + extra)
        if not direct and too_far != youngest:
            unsure = unsure or "no_consideration"
    limit = str(value)
    if unsure:
        return Judged(nth, no, on_day, "not_checked", None, limit, unsure, lifts=False)
    if not too_far:
        return None
    told = f"{'<' if youngest else '>'}{value}"
    confirmed = None if mark == "primary" else "unconfirmed"
    return Judged(nth, no, on_day, "breach", told, limit, confirmed, lifts=consent and not beyond)


def changed_births(reading: Reading, rule: Rule, check: str) -> list[Judged]:
    """Return the changes of a day of birth since that is not allowed (06 9.2)."""
    rows = reading.sql(
        "SELECT v.nth, c.no, c.on_day, c.birth_year, c.before_year, "  # noqa: S608 - ours
        f"c.before_no, v.threshold FROM ({check}) AS c JOIN versions AS v "
        "ON v.rule = $rule AND v.since <= c.on_day AND v.until > c.on_day AND v.known",
        rule=rule.key,
    )
    births = _Births(reading)
    found: list[Judged] = []
    for nth, no, on_day, year, before_year, before_no, threshold in rows:
        status, reason = "breach", None
        if year == before_year:
            born, why = births.of(no)
            before, why_before = births.of(before_no)
            if "sealed" in {why, why_before} and (born is None or before is None):
                status, reason = "not_checked", "sealed"
            elif born is None or before is None or born == before:
                continue
        found.append(Judged(nth, no, on_day, status, None, threshold, reason, lifts=False))
    return found


def put(reading: Reading, found: Iterable[Judged]) -> None:
    """Add rows to the table ``found``."""
    import pyarrow as pa  # noqa: PLC0415 - as DuckDB takes many rows at once

    rows = list(found)
    if not rows:
        return
    columns = {name: [getattr(row, name) for row in rows] for name in Judged._fields}
    reading.database.register("judged_rows", pa.table(columns))
    reading.database.execute(
        "INSERT INTO found BY NAME SELECT version, no, on_day, status, found, threshold, reason, "
        "lifts FROM judged_rows"
    )
    reading.database.unregister("judged_rows")
