"""Hội Hợp, a ward of Vĩnh Yên: what was printed of it on 26 September 2018.

In eight months of 2018, 6 admitted, 15 recognised, and nearly 30 sent to the awareness
class that the city committee opened. The people and the cells are invented.
"""

from datetime import date
from typing import Any

from commands.sample.committee import Committee, found_cells, spread
from commands.sample.journey import Course, days, open_course
from commands.sample.notebook import Notebook
from ledger.catalogue.units import TermOpened, UnitFounded

UNIT, CITY = "HOIHOP", "VINHYEN"
BOOK_BEGINS = date(2016, 1, 4)
CELLS = {f"{UNIT}.{number}": f"Chi bộ tổ dân phố số {number} (giả định)" for number in range(1, 5)}
RECOGNISED_IN_2018 = spread(date(2017, 1, 12), date(2017, 8, 25), 15)
"""The ceremonies of those who became official twelve months later."""
ADMITTED_IN_2018 = spread(date(2018, 1, 18), date(2018, 8, 22), 6)
SENT_TO_CLASS = 28


def _course(code: str, starts: date) -> Course:
    kind = code[:2]
    return Course(
        f"{CITY}.{code}", "awareness" if kind == "CT" else "new_member", starts, starts + days(4)
    )


CLASS_OF_2018 = _course("CT2018-1", date(2018, 5, 14))
CLASSES = (
    _course("CT2016-1", date(2016, 4, 11)),
    _course("CT2016-2", date(2016, 10, 10)),
    _course("CT2017-1", date(2017, 5, 15)),
    _course("DVM2017-1", date(2017, 9, 18)),
    _course("CT2017-2", date(2017, 11, 13)),
    CLASS_OF_2018,
    _course("DVM2018-1", date(2018, 10, 15)),
)


def write(notebook: Notebook) -> None:
    """Write down everything of Hội Hợp."""
    common: dict[str, Any] = {
        "effective_on": BOOK_BEGINS,
        "note": "Ngày sổ này bắt đầu, không phải ngày thành lập",
    }
    notebook.write(
        UnitFounded(
            unit=CITY, name="Đảng bộ thành phố Vĩnh Yên", type="upper_of_grassroots", **common
        )
    )
    notebook.write(
        UnitFounded(
            unit=UNIT,
            name="Đảng bộ phường Hội Hợp",
            type="grassroots_committee",
            sector="ward",
            parent=CITY,
            **common,
        )
    )
    found_cells(notebook, UNIT, CELLS, BOOK_BEGINS, "ward")
    notebook.write(
        TermOpened(
            effective_on=BOOK_BEGINS,
            unit=UNIT,
            term="2015-2020",
            starts=date(2015, 5, 25),
            ends=date(2020, 5, 24),
            note="Ngày giả định: bài báo chỉ ghi nhiệm kỳ",
        )
    )
    for course in CLASSES:
        open_course(notebook, course, CITY)
    committee = Committee(notebook, cells=tuple(CELLS), decider=CITY, courses=CLASSES)
    committee.carry_forward(3, BOOK_BEGINS, helping=True)
    for ceremony in (*RECOGNISED_IN_2018, *ADMITTED_IN_2018):
        committee.admit(ceremony)
    committee.prepare(CLASS_OF_2018, SENT_TO_CLASS)
