"""How what was measured is held to a threshold: one statement a kind of test."""

from projections.reading import Reading
from projections.rules.declared import Rule

_LIMIT = "CAST(m.since + INTERVAL (v.value) MONTH AS DATE)"
_BEYOND = "CAST(m.since + INTERVAL (v.value + coalesce(m.b, v.extra)) MONTH AS DATE)"
_EARLIER = "CAST(m.since + INTERVAL (v.value - coalesce(m.b, v.extra)) MONTH AS DATE)"
_LAST_DAY = f"CAST({_LIMIT} - INTERVAL 1 DAY AS DATE)"
_BARE = "v.extra IS NULL"
_SHARE_DEN = "CASE WHEN m.other THEN v.other_den ELSE v.den END"
_SHARE_NUM = "CASE WHEN m.other THEN v.other_num ELSE v.num END"

_TOO_FEW = (
    f"({_SHARE_DEN}) * m.a < ({_SHARE_NUM}) * m.b "
    "OR (v.strict AND NOT m.other AND v.den * m.a = v.num * m.b)"
)
_SHARE_ASKED = (
    "CASE WHEN m.other THEN concat('>= ', CAST(v.other_num AS VARCHAR), '/', "
    "CAST(v.other_den AS VARCHAR)) ELSE v.threshold END"
)

TESTS: dict[str, tuple[str, str, str, str]] = {
    "months_min": (
        f"m.since IS NULL OR m.on_day < {_LIMIT}",
        "CAST(m.on_day AS VARCHAR)",
        f"CAST({_LIMIT} AS VARCHAR)",
        f"{_BARE} OR m.on_day >= {_EARLIER}",
    ),
    "months_max": (
        f"m.since IS NULL OR m.on_day > {_LIMIT}",
        "CASE WHEN m.since IS NOT NULL THEN CAST(m.on_day AS VARCHAR) END",
        f"CAST({_LIMIT} AS VARCHAR)",
        f"{_BARE} OR m.on_day <= {_BEYOND}",
    ),
    "months_under": (
        f"m.on_day >= {_LIMIT}",
        "CAST(m.on_day AS VARCHAR)",
        f"CAST({_LAST_DAY} AS VARCHAR)",
        f"{_BARE} OR m.on_day <= {_BEYOND}",
    ),
    "months_exact": (
        f"m.on_day <> {_LIMIT}",
        "CAST(m.on_day AS VARCHAR)",
        f"CAST({_LIMIT} AS VARCHAR)",
        "FALSE",
    ),
    "workdays_max": (
        "t.counted - f.counted > v.value",
        "CAST(t.counted - f.counted AS VARCHAR)",
        "v.threshold",
        f"{_BARE} OR t.counted - f.counted <= v.value + v.extra",
    ),
    "count_min": ("m.a < v.value", "CAST(m.a AS VARCHAR)", "v.threshold", _BARE),
    "count_max": ("m.a > v.value", "CAST(m.a AS VARCHAR)", "v.threshold", _BARE),
    "share": (
        _TOO_FEW,
        "concat(CAST(m.a AS VARCHAR), '/', CAST(m.b AS VARCHAR))",
        _SHARE_ASKED,
        "FALSE",
    ),
    "flag": ("NOT m.ok", "m.told", "v.threshold", _BARE),
}
"""How each test decides: what fails, what was found, what the limit was, what a consent lifts.

Months are added as the calendar has them: a day that the last month lacks is its last day,
so one month from 31 January is 28 or 29 February.
"""


def compare(reading: Reading, rule: Rule, *, calendar: bool) -> None:
    """Put into ``found`` what of ``measured`` fails a rule, or could not be decided."""
    assert rule.test is not None
    fails, found, threshold, lifts = TESTS[rule.test]
    joins, unsure = "", "m.unsure"
    if rule.test == "workdays_max":
        # Working days are never more than days: within so many days nothing can be late.
        joins = (
            "LEFT JOIN workdays AS f ON f.day = m.since "
            "LEFT JOIN workdays AS t ON t.day = m.on_day AND t.run = f.run "
        )
        fails = (
            "DATE_DIFF('day', m.since, m.on_day) > v.value "
            f"AND (f.day IS NULL OR t.day IS NULL OR {fails})"
        )
        reason = "year_not_covered" if calendar else "no_calendar"
        unsure = f"CASE WHEN f.day IS NULL OR t.day IS NULL THEN '{reason}' END"
    undecided = "CASE WHEN NOT v.known THEN 'unknown_threshold' ELSE m.missing END"
    never = (
        f"CASE WHEN m.since IS NULL AND '{rule.test}' = 'months_max' THEN 'none_before' "
        f"WHEN m.other AND '{rule.test}' = 'months_min' THEN 'posthumous' END"
    )
    reading.database.execute(
        "INSERT INTO found SELECT v.nth, m.no, m.on_day, m.unit, "  # noqa: S608 - ours
        f"CASE WHEN v.known AND m.missing IS NULL AND {unsure} IS NULL THEN 'breach' "
        f"ELSE 'not_checked' END, CASE WHEN v.known THEN {found} END, "
        f"CASE WHEN v.known THEN {threshold} END, "
        f"coalesce({undecided}, {unsure}, {never}, "
        "CASE WHEN v.mark <> 'primary' THEN 'unconfirmed' END), "
        f"coalesce((v.consent OR m.other) AND ({lifts}), FALSE), m.also "
        f"FROM measured AS m JOIN versions AS v ON v.rule = $rule "
        f"AND v.since <= m.on_day AND v.until > m.on_day {joins}"
        f"WHERE NOT v.known OR m.missing IS NOT NULL OR ({fails})",
        {"rule": rule.key},
    )
