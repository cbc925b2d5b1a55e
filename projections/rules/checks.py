"""What of a book breaks a rule in force on its day (DESIGN §1.6, §4: rules).

The version of a rule is chosen by the day of the entry that is judged: the decision that
came late, the vote, the recognition. What the book does not hold is *not checked*, with the
reason; a breach for which the entry names a paper of consent is *lifted* where the rule
allows that. Nothing here says more of a sealed day of birth than that a threshold is missed.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger.errors import Problem
from ledger.recording.collection import no_collection
from ledger.similar import similar
from projections.reading import FOREVER, Reading
from projections.rules.births import ages, changed_births, put
from projections.rules.comparing import compare
from projections.rules.declared import Rule, Version, rules, versions
from projections.rules.measuring import (
    JUDGED,
    judged_within,
    make,
    measure,
    prepare,
    show_calendar,
)
from projections.rules.workdays import Calendar
from projections.statements import statement

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

    ``undecided`` counts what was not checked, a row for each rule, version and reason.
    """

    rows: list[dict[str, Any]]
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
    numbered = list(enumerate(versions()))
    keys = {rule.key for rule in wanted}
    prepare(reading, as_of, [pair for pair in numbered if pair[1].rule.key in keys], unit)
    values = {"as_of": as_of, "last_on": last}
    adopted = _has_overlays(reading)
    for rule in asked if only else ():
        if rule.check is None:
            reading.note("rule_not_checkable", rule=rule.id)
        elif rule.overlay and not adopted:
            reading.note("rule_not_adopted", rule=rule.id, overlay=rule.overlay)
    if not adopted:
        wanted = [rule for rule in wanted if not rule.overlay]
    days = since or date.min, min(last, FOREVER)
    _measure_all(reading, wanted, values, calendar, days)
    _close(reading, unit)
    return Findings(
        _rows(reading, numbered, statuses),
        _summary(reading, numbered),
        _undecided(reading, numbered),
    )


def _measure_all(
    reading: Reading,
    wanted: list[Rule],
    values: Mapping[str, Any],
    calendar: Calendar | None,
    days: tuple[date, date],
) -> None:
    """Measure every rule once for all that share a statement, and compare."""
    if any(rule.test == "workdays_max" for rule in wanted):
        show_calendar(reading, calendar)
    present = set(reading.sql("SELECT DISTINCT kind, body, matter FROM acts"))
    kinds = {kind for kind, _, _ in present}
    wanted = [rule for rule in wanted if _is_judged(rule, kinds, present)]
    by_check: dict[tuple[str, tuple[tuple[str, str], ...]], list[Rule]] = {}
    for rule in wanted:
        by_check.setdefault((str(rule.check), tuple(rule.params.items())), []).append(rule)
    for (name, params), sharing in by_check.items():
        if sharing[0].test in {"age_min", "age_max", "birth"}:
            for rule in sharing:
                for needed in ("considerations", "births"):
                    make(reading, needed, values)
                judge = changed_births if rule.test == "birth" else ages
                put(reading, judge(reading, rule, judged_within(name, days)))
            continue
        measure(reading, name, {**values, **dict(params)}, days)
        for rule in sharing:
            compare(reading, rule, calendar=calendar is not None)


def _is_judged(rule: Rule, kinds: set[str], present: set[tuple[Any, ...]]) -> bool:
    """Return whether the book has anything that a rule judges."""
    if rule.check == "votes":
        return ("resolved", rule.params["body"], rule.params["matter"]) in present
    judged = JUDGED.get(str(rule.check))
    return judged is None or bool(judged & kinds)


def _has_overlays(reading: Reading) -> bool:
    return bool(reading.sql("SELECT no FROM live WHERE kind = 'local_rules_adopted' LIMIT 1"))


def _close(reading: Reading, unit: str | None) -> None:
    """Make ``findings``: what was found, with person, unit and consent, of the unit asked."""
    reading.need("flows", "lives", "live")
    if _has_overlays(reading):
        make(reading, "subtrees")
        overlaid = statement("rules/overlaid")
    else:
        overlaid = "SELECT NULL AS unit, NULL AS overlay, NULL AS since, NULL AS until WHERE FALSE"
    under = ""
    if unit:
        reading.under(unit)
        under = (
            "JOIN under AS b ON b.top = $top AND b.unit = x.place "
            "AND b.since <= x.on_day AND b.until > x.on_day "
        )
    local = [nth for nth, version in enumerate(versions()) if version.rule.overlay]
    reading.database.execute("DROP TABLE IF EXISTS findings")
    reading.database.execute(
        f"CREATE TABLE findings AS WITH overlaid AS ({overlaid}), x AS ("  # noqa: S608 - ours
        "SELECT y.*, f.person AS whom, coalesce(y.unit, f.unit) AS place "
        "FROM found AS y LEFT JOIN flows AS f ON f.no = y.no), "
        "papers AS (SELECT no, concat_ws(', ', consent_number, consent_issuer, "
        "CAST(consent_date AS VARCHAR)) AS paper FROM live WHERE consent_number IS NOT NULL) "
        "SELECT x.version, x.no, x.on_day, x.whom, x.place, x.found, x.threshold, "
        "coalesce(c.paper, d.paper) AS paper, "
        "CASE WHEN x.status = 'breach' AND x.lifts AND (coalesce(c.paper, d.paper) IS NOT NULL OR "
        "x.reason = 'posthumous') THEN 'lifted' ELSE x.status END AS status, x.reason "
        f"FROM x {under}LEFT JOIN papers AS c ON c.no = x.no "
        "LEFT JOIN papers AS d ON d.no = x.also "
        f"WHERE NOT list_contains($local, x.version) OR EXISTS (SELECT 1 FROM overlaid AS o "
        "WHERE o.unit = x.place AND o.since <= x.on_day AND o.until > x.on_day)",
        {"local": local, **({"top": unit} if unit else {})},
    )


def _rows(
    reading: Reading, numbered: list[tuple[int, Version]], statuses: Collection[str]
) -> list[dict[str, Any]]:
    found = reading.sql(
        "SELECT x.version, x.status, x.no, p.code, l.code, x.on_day, x.found, x.threshold, "
        "x.paper, x.reason FROM findings AS x LEFT JOIN persons AS p ON p.person = x.whom "
        "LEFT JOIN lives AS l ON l.unit = x.place "
        "WHERE list_contains($statuses, x.status) ORDER BY x.on_day, x.no, x.version",
        statuses=list(statuses),
    )
    named = {nth: (version.rule.id, version.label) for nth, version in numbered}
    with no_collection():  # there may be hundreds of thousands
        return [dict(zip(COLUMNS, (*named[row[0]], *row[1:]), strict=True)) for row in found]


def _summary(reading: Reading, numbered: list[tuple[int, Version]]) -> list[dict[str, Any]]:
    """Return how many of each status, a row a rule that has any."""
    counts: dict[tuple[str, str | None], dict[str, int]] = {}
    for nth, status, how_many in reading.sql(
        "SELECT version, status, count(*) FROM findings GROUP BY version, status"
    ):
        rule = numbered[nth][1].rule
        own = counts.setdefault((rule.id, rule.overlay), dict.fromkeys(STATUSES, 0))
        own[status] += how_many
    return [
        {"rule": rule.id, "overlay": rule.overlay, **counts[rule.id, rule.overlay]}
        for rule in rules()
        if (rule.id, rule.overlay) in counts
    ]


def _undecided(reading: Reading, numbered: list[tuple[int, Version]]) -> list[dict[str, Any]]:
    """Return what was not checked, a row for each rule, version and reason."""
    found = reading.sql(
        "SELECT version, reason, count(*) FROM findings WHERE status = 'not_checked' "
        "GROUP BY version, reason ORDER BY version, reason"
    )
    return [
        {
            "rule": numbered[nth][1].rule.id,
            "version": numbered[nth][1].label,
            "reason": reason,
            "count": how_many,
        }
        for nth, reason, how_many in found
    ]
