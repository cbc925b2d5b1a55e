"""What of a book breaks a rule in force on its day (DESIGN §1.6, §4: rules).

The version of a rule is chosen by the day of the entry that is judged: the decision that
came late, the vote, the recognition. What the book does not hold is *not checked*, with the
reason; a breach for which the entry names a paper of consent is *lifted* where the rule
allows that. Nothing here says more of a sealed day of birth than that a threshold is missed.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger.errors import Problem
from ledger.similar import similar
from projections.reading import Reading
from projections.rules.declared import Rule, rules, versions
from projections.rules.judging import Bounds, find, has_overlays
from projections.rules.workdays import Calendar
from projections.streamed import Streamed

COLUMNS = (
    "rule",
    "version",
    "status",
    "entry",
    "person",
    "unit",
    "on",
    "found",
    "limit",
    "consent",
    "reason",
)
STATUSES = ("breach", "lifted", "not_checked")
REASONS = (
    "unknown_threshold",
    "unconfirmed",
    "no_calendar",
    "year_not_covered",
    "no_consideration",
    *("no_resolution", "no_decision", "no_dossier", "no_ceremony", "no_referral", "no_leaving"),
    *("no_education", "no_birth_date"),
    "no_seniority",
    "no_new_member_class",
    "none_before",
    "nobody_there",
    "unnamed",
    "outside_book",
    "other_unit",
    "book_begins",
    "sealed",
    "sealed_ground",
    "no_ground",
    "unknown_code",
    "posthumous",
)
"""Why a finding could not be made, or what must be known about it."""


_TOLD = (
    *("none", "applicant", "probationary", "official", "left", "dead"),
    *("illiterate", "primary", "lower_secondary", "upper_secondary"),
    *(
        "cancelled",
        "decided_later",
        "not_returned",
        "reprimand",
        "warning",
        "removed_from_post",
        "expelled",
    ),
    *("exemption_ended", "reinstated", "temporary_transfer_ended"),
)
_LIMITS = (
    *("official", "lower_secondary", "decided", "eligible", "new_member", "consent", "ground"),
    *("begun", "returned", "warning", "as on file", "existing", "none"),
)
WORDS: dict[str, tuple[str, ...]] = {
    "status": STATUSES,
    "reason": REASONS,
    "found": _TOLD,
    "limit": _LIMITS,
    "threshold": _LIMITS,
    "mark": ("primary", "secondary", "background", "inferred", "unknown"),
    "counted_in": (
        *("years", "months", "months_early", "working_days", "share"),
        *("members", "referrals", "votes", "readmissions"),
    ),
    "version": ("earlier",),
    "overlay": ("hanoi",),
}
"""The identifiers that findings hold, by the column they stand in."""


class Findings(NamedTuple):
    """What was found: rows with ``COLUMNS``, and one row a rule with how many of each status.

    The rows can be read as long as the reading is open.

    ``undecided`` counts what was not checked, a row for each rule, version and reason.
    """

    rows: Collection[dict[str, Any]]
    summary: list[dict[str, Any]]
    undecided: list[dict[str, Any]]

    @property
    def breaches(self) -> int:
        """How many breaches there are that no consent lifts."""
        return sum(row["breach"] for row in self.summary)


def chosen(ids: Sequence[str]) -> list[Rule]:
    """Return the rules of these ids, central and local; all without any. Raises unknown_rule."""
    known = {rule.id.casefold(): rule.id for rule in rules()}
    wanted = set()
    for given in ids:
        if given.casefold() not in known:
            near = similar(given, known.values())
            raise Problem("unknown_rule", value=given, suggestion=near)
        wanted.add(known[given.casefold()])
    return [rule for rule in rules() if not ids or rule.id in wanted]


def check(
    reading: Reading,
    unit: str | None,
    as_of: date,
    *,
    since: date | None = None,
    last_on: date | None = None,
    only: Sequence[str] = (),
    calendar: Calendar | None = None,
    statuses: Collection[str] = STATUSES,
) -> Findings:
    """Return what breaks a rule in ``unit`` and all under it, of what was done in a period.

    Only what had happened by the end of ``as_of`` is known; ``since`` and ``last_on`` choose
    by the day that is judged, and stocks are judged at the end of the last day. ``statuses``
    chooses the rows; the counts have all. Raises unknown_unit and unknown_rule.
    """
    last = min(last_on or as_of, as_of)
    unit = reading.unit(unit, last) if unit else None
    reading.note_life(unit, last, since)
    asked = chosen(only)
    wanted = [rule for rule in asked if rule.check]
    adopted = has_overlays(reading)
    for rule in asked if only else ():
        if rule.check is None:
            reading.note("rule_not_checkable", rule=rule.id)
        elif rule.overlay and not adopted:
            reading.note("rule_not_adopted", rule=rule.id, overlay=rule.overlay)
    if not adopted:
        wanted = [rule for rule in wanted if not rule.overlay]
    find(reading, wanted, Bounds(unit, as_of, since or date.min, last, calendar))
    return Findings(_rows(reading, statuses), _summary(reading), _undecided(reading))


def _rows(reading: Reading, statuses: Collection[str]) -> Streamed:
    asked = ", ".join(f"'{status}'" for status in statuses)
    return Streamed(
        reading,
        {
            "rule": "x.id",
            "version": "x.label",
            "status": "x.status",
            "entry": "x.no",
            "person": "x.code",
            "unit": "x.unit",
            "on": "x.on_day",
            "found": "x.found",
            "limit": "x.threshold",
            "consent": "x.paper",
            "reason": "x.reason",
        },
        "(SELECT f.*, v.nth, v.id, v.label, p.code, l.code AS unit "  # noqa: S608 - ours
        "FROM findings AS f JOIN versions AS v ON v.nth = f.version "
        "LEFT JOIN persons AS p ON p.person = f.whom "
        f"LEFT JOIN lives AS l ON l.unit = f.place WHERE f.status IN ({asked})) AS x",
        "x.on_day, x.no, x.nth",
    )


def _summary(reading: Reading) -> list[dict[str, Any]]:
    """Return how many of each status, a row a rule that has any."""
    counts: dict[tuple[str, str | None], dict[str, int]] = {}
    for nth, status, how_many in reading.sql(
        "SELECT version, status, count(*) FROM findings GROUP BY version, status"
    ):
        rule = versions()[nth].rule
        own = counts.setdefault((rule.id, rule.overlay), dict.fromkeys(STATUSES, 0))
        own[status] += how_many
    return [
        {"rule": rule.id, "overlay": rule.overlay, **counts[rule.id, rule.overlay]}
        for rule in rules()
        if (rule.id, rule.overlay) in counts
    ]


def _undecided(reading: Reading) -> list[dict[str, Any]]:
    """Return what was not checked, a row for each rule, version and reason."""
    found = reading.sql(
        "SELECT version, reason, count(*) FROM findings WHERE status = 'not_checked' "
        "GROUP BY version, reason ORDER BY version, reason"
    )
    return [
        {
            "rule": versions()[nth].rule.id,
            "version": versions()[nth].label,
            "reason": reason,
            "count": how_many,
        }
        for nth, reason, how_many in found
    ]
