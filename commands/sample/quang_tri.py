"""Quảng Trị town: what was printed of it on 7 November 2023.

77 admitted in the term 2020-2025 so far, 2 of them believers and 6 in enterprises outside
the State's; in nine months of 2023, 14 admissions *decided*, of them 2 pupils and 1 owner
of a private enterprise, and 26 recognised. Everybody and every organisation is invented.
How many members the town has was not printed; the book does not say it either.
"""

from datetime import date, timedelta
from decimal import Decimal

from commands.sample.committee import (
    INVENTED_UNIT,
    ORDINARY,
    Committee,
    found_cells,
    spread,
)
from commands.sample.journey import Course, days, open_course
from commands.sample.notebook import Notebook
from commands.sample.people import Traits
from ledger.catalogue import Period
from ledger.catalogue.base import UnitType
from ledger.catalogue.statistics import TargetSet
from ledger.catalogue.units import TermOpened, UnitFounded

UNIT = "QUANGTRI"
BOOK_BEGINS = date(2019, 1, 2)
TERM = Period(from_=date(2020, 8, 5), to=date(2025, 8, 4))
WARD = f"{UNIT}.P1"
WARD_CELLS = {
    f"{WARD}.{number}": f"Chi bộ khu phố số {number} (giả định)" for number in range(1, 6)
}
SCHOOL = f"{UNIT}.THPT"
FIRMS = (f"{UNIT}.DN1", f"{UNIT}.DN2")
NON_STATE = "non_state_enterprise"

USUAL_WAIT = timedelta(days=20)
"""From the decision to the ceremony."""
CEREMONIES_UNTIL_2022 = (
    *spread(date(2020, 9, 2), date(2020, 12, 18), 8),
    *spread(date(2021, 1, 14), date(2021, 12, 22), 20),
    *spread(date(2022, 1, 10), date(2022, 9, 25), 26),
    *spread(date(2022, 10, 12), date(2022, 12, 21), 6),
)
DECIDED_IN_2022 = (date(2022, 12, 20),)
"""Decided in one year, admitted in the next."""
DECIDED_IN_NINE_MONTHS = (
    *spread(date(2023, 1, 16), date(2023, 8, 21), 11),
    date(2023, 9, 15),
    date(2023, 9, 20),
    date(2023, 9, 26),
)
"""Fourteen decisions; the last three of these people were admitted in October."""
DECIDED_IN_OCTOBER = (date(2023, 10, 4), date(2023, 10, 12))
CEREMONIES = (
    *CEREMONIES_UNTIL_2022,
    *(day + USUAL_WAIT for day in (*DECIDED_IN_2022, *DECIDED_IN_NINE_MONTHS, *DECIDED_IN_OCTOBER)),
)
OWNER = Traits(occupation="business_owner", private_owner=True)
PUPIL = Traits(occupation="pupil")
WORKER = Traits(occupation="worker")
PARTICULAR: dict[date, tuple[Traits, str | None]] = {
    CEREMONIES[3]: (WORKER, FIRMS[0]),
    CEREMONIES[14]: (Traits(religion="catholic"), None),
    CEREMONIES[21]: (WORKER, FIRMS[1]),
    CEREMONIES[30]: (WORKER, FIRMS[0]),
    CEREMONIES[41]: (Traits(religion="buddhist"), None),
    CEREMONIES[50]: (WORKER, FIRMS[1]),
    DECIDED_IN_NINE_MONTHS[2] + USUAL_WAIT: (OWNER, FIRMS[0]),
    DECIDED_IN_NINE_MONTHS[4] + USUAL_WAIT: (PUPIL, SCHOOL),
    DECIDED_IN_NINE_MONTHS[5] + USUAL_WAIT: (PUPIL, SCHOOL),
    DECIDED_IN_NINE_MONTHS[9] + USUAL_WAIT: (WORKER, FIRMS[1]),
}
"""Those of whom the article says more: by the day of their ceremony."""


def _classes() -> list[Course]:
    found = []
    for year in range(2019, 2024):
        for kind, number, month in (("CT", 1, 4), ("CT", 2, 9), ("DVM", 1, 6)):
            starts = date(year, month, 8)
            found.append(
                Course(
                    f"{UNIT}.{kind}{year}-{number}",
                    "awareness" if kind == "CT" else "new_member",
                    starts,
                    starts + days(4),
                )
            )
    return sorted(found, key=lambda course: course.starts)


def write(notebook: Notebook) -> None:
    """Write down everything of Quảng Trị."""
    _found(notebook)
    courses = _classes()
    for course in courses:
        open_course(notebook, course, UNIT)
    committee = Committee(
        notebook,
        cells=tuple(WARD_CELLS),
        decider=UNIT,
        courses=courses,
        ethnicities=("kinh", "kinh", "kinh", "bru_van_kieu", "kinh"),
    )
    committee.carry_forward(4, BOOK_BEGINS, helping=True)
    for ceremony in CEREMONIES:
        traits, cell = PARTICULAR.get(ceremony, (ORDINARY, None))
        committee.admit(ceremony, traits=traits, cell=cell, decided_on=ceremony - USUAL_WAIT)


def _found(notebook: Notebook) -> None:
    notebook.write(
        UnitFounded(
            effective_on=BOOK_BEGINS,
            unit=UNIT,
            name="Đảng bộ thị xã Quảng Trị",
            type="upper_of_grassroots",
            note="Ngày sổ này bắt đầu, không phải ngày thành lập",
        )
    )
    organisations: dict[str, tuple[str, UnitType, str]] = {
        WARD: ("Đảng bộ phường số 1 (giả định)", "grassroots_committee", "ward"),
        SCHOOL: ("Chi bộ trường THPT số 1 (giả định)", "grassroots_cell", "service_unit"),
        FIRMS[0]: ("Chi bộ doanh nghiệp số 1 (giả định)", "grassroots_cell", NON_STATE),
        FIRMS[1]: ("Chi bộ doanh nghiệp số 2 (giả định)", "grassroots_cell", NON_STATE),
    }
    for code, (name, kind, sector) in organisations.items():
        notebook.write(
            UnitFounded(
                effective_on=BOOK_BEGINS,
                unit=code,
                name=name,
                type=kind,
                sector=sector,
                parent=UNIT,
                enterprise=name.replace("Chi bộ d", "D") if sector == NON_STATE else None,
                note=INVENTED_UNIT,
            )
        )
    found_cells(notebook, WARD, WARD_CELLS, BOOK_BEGINS, "ward")
    notebook.write(
        TermOpened(
            effective_on=TERM.from_,
            unit=UNIT,
            term="2020-2025",
            starts=TERM.from_,
            ends=TERM.to,
            note="Ngày giả định: bài báo chỉ ghi nhiệm kỳ",
        )
    )
    for year in (2021, 2022, 2023):
        notebook.write(
            TargetSet(
                effective_on=max(TERM.from_, date(year, 1, 1)),
                target=f"{UNIT}.3PCT.{year}",
                unit=UNIT,
                measure="admissions",
                period=Period(from_=date(year, 1, 1), to=date(year, 12, 31)),
                form="rate",
                amount=Decimal(3),
                source="own_congress",
                note="Đã công bố: hằng năm 3% trên tổng số đảng viên; tổng số không được công bố",
            )
        )
