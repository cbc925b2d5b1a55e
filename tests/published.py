"""Small books with published figures, for the tests of their verdicts."""

from datetime import date
from pathlib import Path
from typing import Any

from projections.figures import figures, rows
from projections.reading import Reading
from tests.shelf import new_book

UNITS = """
    unit_founded 2015-01-01 TP type=grassroots_committee
    unit_founded 2015-01-01 C1 parent=TP sector=ward
    unit_founded 2015-01-01 C2 parent=TP sector=private_enterprise enterprise=Công_ty_A
"""
TODAY = date(2020, 6, 30)


def admitted(person: str, on: str, unit: str = "C1", sex: str = "female", decided: str = "") -> str:
    """Return a nomination and an admission, perhaps with its decision."""
    profile = f'{{"name":"A","sex":"{sex}","birth_year":1990}}'
    decision = f"admission_decided {decided} {person} by_unit=TP\n" if decided else ""
    return (
        f"nominated 2015-06-01 {person} unit={unit} profile={profile}\n"
        f"{decision}admitted {on} {person} unit={unit}\n"
    )


def year(number: int, last: int | None = None) -> str:
    """Return the days of a calendar year, or of several."""
    return f'{{"from":"{number}-01-01","to":"{last or number}-12-31"}}'


THREE = (
    admitted("P1", "2016-05-01", decided="2016-04-20")
    + admitted("P2", "2017-05-01", sex="male", decided="2016-12-20")
    + admitted("P3", "2017-12-31", "C2", decided="2017-12-01")
)
"""One admission in 2016 and two in 2017; by decision two in 2016 and one in 2017."""


def stated(fields: str, code: str = "F1", on: str = "2020-01-31") -> str:
    """Return a published figure; about TP and equal unless the fields say otherwise."""
    given = {field.partition("=")[0] for field in fields.split()}
    usual = {"unit": "TP", "comparator": "equal", "source": "báo"}
    rest = " ".join(f"{name}={value}" for name, value in usual.items() if name not in given)
    return f"figure_stated {on} {code} {rest} {fields}\n"


def judged(folder: Path, fields: str, table: str = THREE, as_of: date = TODAY, **more: Any) -> Any:
    """Return the row of one figure, with its reasons."""
    with (
        new_book(folder, UNITS + table + stated(fields)) as book,
        Reading(book, **more) as reading,
    ):
        (row,) = rows(figures(reading, as_of), reasons=True)
        return row


def verdict(folder: Path, fields: str, table: str = THREE, **more: Any) -> tuple[Any, ...]:
    """Return verdict, computed number and what is missing."""
    row = judged(folder, fields, table, **more)
    return row["verdict"], row["computed"], row["missing"]
