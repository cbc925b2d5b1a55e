"""The three questions that are answered three ways, and the answers of Rollbook and of SQL.

Headcount, movement and term of one committee. ``fold.py`` has the third way. All three
give the same maps, so that they can be compared.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from histories import PART, TERM
from measuring import fold, plain
from projections.headcount import headcount
from projections.movement import movement
from projections.reading import Reading
from projections.term import term

Question = Literal["headcount", "movement", "term"]
QUESTIONS: tuple[Question, ...] = get_args(Question)
DAY = "2024-12-31"
YEAR = {"opening": "2019-12-31", "since": "2020-01-01", "until": "2020-12-31"}
_TERM = {"since": "2020-06-01", "until": DAY}
_SQL = Path(__file__).parent / "sql"


def ours(reading: Reading, question: Question) -> dict[str, Any]:
    """Return Rollbook's answer, as far as the plain ways give it, too."""
    day = date.fromisoformat(DAY)
    if question == "headcount":
        row = headcount(reading, PART, day)[0]
        return {key: row[key] for key in ("members", "probationary", "official", "unnamed")}
    if question == "movement":
        days = (date.fromisoformat(YEAR[end]) for end in ("since", "until"))
        return _movement(movement(reading, PART, *days))
    report = term(reading, TERM, PART, day)
    return {
        str(row["year"]): {name: row[name] for name in fold.MEASURES} for row in report["years"]
    }


def _movement(found: Mapping[str, Any]) -> dict[str, int]:
    lines = ("opening", *fold.LINES, "unnamed_change", "closing")
    return {line: found[line] for line in lines}


def folded(path: Path, question: Question) -> dict[str, Any]:
    """Return the answer of a fold over the library's own replay."""
    histories = fold.Histories(plain.entries(path))
    if question == "headcount":
        return fold.headcount(histories, PART, DAY)
    if question == "movement":
        return fold.movement(histories, PART, **YEAR)
    return fold.term(histories, PART, **_TERM)


def queried(path: Path, question: Question) -> dict[str, Any]:
    """Return the answer of SQL over the JSON states in the library's own table."""
    query = "".join((_SQL / f"{name}.sql").read_text("utf-8") for name in ("entries", question))
    parameters = {"unit": PART, "day": DAY} | (YEAR if question == "movement" else _TERM)
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(query, parameters).fetchall()
    if question == "headcount":
        found = dict(zip(("probationary", "official", "unnamed"), rows[0], strict=True))
        return {"members": sum(found.values()), **found}
    if question == "movement":
        return _added_up(dict(rows))
    years = range(int(_TERM["since"][:4]), int(_TERM["until"][:4]) + 1)
    terms = {str(year): dict.fromkeys(fold.MEASURES, 0) for year in years}
    for year, measure, how_many in rows:
        terms[year][measure] = how_many
    return terms


def _added_up(rows: Mapping[str, int]) -> dict[str, int]:
    lines = {line: rows.get(line, 0) for line in fold.LINES}
    before, after = rows.get(YEAR["opening"], 0), rows.get(YEAR["until"], 0)
    opening = rows["opening"] + before
    more = sum(lines[line] for line in fold.INCREASES)
    less = sum(lines[line] for line in fold.DECREASES)
    change = after - before
    closing = opening + more - less + change
    return {"opening": opening, **lines, "unnamed_change": change, "closing": closing}
