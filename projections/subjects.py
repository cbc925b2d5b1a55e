"""The statements that count the subjects of a measure: people, actions or units on a day.

What the subjects are, ``sql/asked`` says; here they are told apart by keys, narrowed by a
condition, and joined with what is known of each person and unit on the day.
"""

from collections.abc import Sequence

from projections.measures import Measure
from projections.statements import statement

_DETAILS = """
    p.sex, p.birth_year, p.ethnicity, p.religion, p.occupation, p.private_owner, p.education,
    p.professional_education, p.political_theory, p.unions,
    u.sector, u.type AS unit_type, u.founded_on, u.enterprise
"""
_PLAIN_KEYS = frozenset({"unit", "standing", "cause", "year(on_day)", "NULL", "question"})


def subjects_sql(measure: Measure, keys: Sequence[str] = (), where: str = "TRUE") -> str:
    """Return the statement that counts a measure by ``keys``, expressions over a subject."""
    selected = ", ".join([*keys, f"{measure.number} AS counted"])
    grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
    subjects = statement(f"asked/{measure.subjects}")
    if is_detailed(measure, keys, where):
        subjects = detailed(subjects)
    wanted = f"{measure.condition} AND {where}"
    return f"SELECT {selected} FROM ({subjects}) AS y WHERE {wanted}{grouped}"  # noqa: S608 - ours


def behind_sql(measure: Measure, keys: Sequence[str] = (), where: str = "TRUE") -> str:
    """Return the statement that gives ``keys`` and the entry behind each one counted, in order.

    Where several subjects count once, the first of their entries stands for them.
    """
    subjects = statement(f"asked/{measure.subjects}")
    if is_detailed(measure, keys, where):
        subjects = detailed(subjects)
    wanted = f"{measure.condition} AND {where}"
    if not measure.one_each:
        selected = ", ".join([*keys, "y.no"])
        return (
            f"SELECT {selected} FROM ({subjects}) AS y "  # noqa: S608 - all parts are our own
            f"WHERE {wanted} ORDER BY y.no"
        )
    selected = ", ".join([*keys, "min(y.no) AS no"])
    grouped = ", ".join([*keys, measure.one_each])
    wanted = f"{wanted} AND {measure.one_each} IS NOT NULL"
    return (
        f"SELECT {selected} FROM ({subjects}) AS y "  # noqa: S608 - all parts are our own
        f"WHERE {wanted} GROUP BY {grouped} ORDER BY no"
    )


def is_detailed(measure: Measure, keys: Sequence[str], where: str) -> bool:
    """Return whether more must be known of the subjects than what the spell or flow says."""
    return where != "TRUE" or not set(keys) <= _PLAIN_KEYS or measure.subjects == "places"


def detailed(subjects: str) -> str:
    """Return subjects with the profile of the person and the nature of the unit on that day."""
    return (
        f"SELECT x.*, {_DETAILS} FROM ({subjects}) AS x "  # noqa: S608 - all parts are our own
        "LEFT JOIN profiles AS p"
        " ON p.person = x.person AND p.since <= x.on_day AND p.until > x.on_day "
        "LEFT JOIN units AS u ON u.unit = x.unit AND u.since <= x.on_day AND u.until > x.on_day"
    )
