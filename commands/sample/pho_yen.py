"""Phổ Yên, the city above Tân Phú: what was printed of it on 18 September 2023.

The people of its other organisations are unnamed, because totals are all that is known of
them: each count is what is left of a published total once the named people of Tân Phú are
taken off. How a total falls on organisations and quarters is invented.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from commands.sample import tan_phu
from commands.sample.committee import INVENTED_UNIT
from commands.sample.journey import Course, days, open_course
from commands.sample.notebook import Notebook
from commands.sample.pho_yen_units import COMMITTEES, OFFICES, ORGANISATIONS, UNIT
from ledger.catalogue import Filters, Period
from ledger.catalogue.statistics import UnnamedCounted
from ledger.catalogue.units import TermOpened, UnitFounded

INVENTED_SHARE = "Cách chia giả định của một tổng số đã công bố"
INVENTED_COUNT = "Con số giả định"

ADMISSIONS = {
    231: ("2021-01-01", "2021-04-01", "2021-07-01", "2021-10-01", "2022-01-01"),
    242: ("2022-01-01", "2022-04-01", "2022-07-01", "2022-10-01", "2023-01-01"),
    140: ("2023-01-01", "2023-04-01", "2023-07-01", "2023-09-01"),
}
"""Published totals, and the first days of the quarters that each falls on; the last is after."""
MEMBERS = {
    "2020-12-31": 8_080,
    "2021-12-31": 8_190,
    "2022-12-31": 8_310,
    "2023-08-31": 8_400,
}
"""Unnamed members of the wards and offices: with all others there are nearly 9,000 in 2023."""
PARTICIPANTS = {
    "PHOYEN.CT2023-1": 80,
    "PHOYEN.CT2023-2": 79,
    "PHOYEN.CT2023-3": 78,
    "PHOYEN.DVM2023-1": 62,
    "PHOYEN.DVM2023-2": 60,
}
"""Published: 237 in three classes and 122 in two; how they fall on the classes is invented."""
USUAL_PARTICIPANTS = 74
FIRST_YEAR, LAST_WHOLE_YEAR = 2014, 2022


def _classes() -> list[Course]:
    starts = {
        f"{kind}{year}-{number}": date(year, month, 10)
        for year in range(FIRST_YEAR, LAST_WHOLE_YEAR + 1)
        for kind, number, month in (("CT", 1, 3), ("CT", 2, 9), ("DVM", 1, 10))
    }
    starts |= {
        "CT2023-1": date(2023, 2, 13),
        "CT2023-2": date(2023, 4, 17),
        "CT2023-3": date(2023, 7, 10),
        "DVM2023-1": date(2023, 3, 20),
        "DVM2023-2": date(2023, 8, 14),
    }
    found = [
        Course(
            f"{UNIT}.{code}",
            "awareness" if code.startswith("CT") else "new_member",
            day,
            day + days(4),
        )
        for code, day in starts.items()
    ]
    return sorted(found, key=lambda course: course.starts)


CLASSES = _classes()
"""Two for outstanding non-members and one for new members a year, and the five of 2023."""


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Return whole shares of ``total`` by ``weights``, which add up to it exactly."""
    bounds = [0]
    for weight in weights:
        bounds.append(bounds[-1] + weight)
    marks = [total * bound // bounds[-1] for bound in bounds]
    return [mark - before for before, mark in pairwise(marks)]


def write(notebook: Notebook) -> None:
    """Write down all of Phổ Yên but Tân Phú, whose people are to be written down before."""
    _found(notebook)
    for course in CLASSES:
        open_course(notebook, course, UNIT)
        total = PARTICIPANTS.get(course.code, USUAL_PARTICIPANTS)
        notebook.write(
            UnnamedCounted(
                effective_on=course.ends,
                unit=UNIT,
                measure="class_participants",
                period=Period(from_=course.starts, to=course.ends),
                count=total - notebook.enrolled(course.code),
                filters={"class_type": course.type},
                note=INVENTED_SHARE if course.code in PARTICIPANTS else INVENTED_COUNT,
            )
        )
    for total, quarters in ADMISSIONS.items():
        _count_admissions(notebook, total, [date.fromisoformat(day) for day in quarters])
    for on, total in MEMBERS.items():
        _count_members(notebook, total, date.fromisoformat(on))


def _found(notebook: Notebook) -> None:
    notebook.write(
        UnitFounded(
            effective_on=tan_phu.BOOK_BEGINS,
            unit=UNIT,
            name="Đảng bộ thành phố Phổ Yên",
            type="upper_of_grassroots",
            note="Ngày sổ này bắt đầu, không phải ngày thành lập",
        )
    )
    notebook.write(
        TermOpened(
            effective_on=date(2020, 8, 10),
            unit=UNIT,
            term="2020-2025",
            starts=date(2020, 8, 10),
            ends=date(2025, 8, 9),
            note="Ngày giả định: bài báo chỉ ghi nhiệm kỳ",
        )
    )
    for organisation in ORGANISATIONS:
        day = organisation.founded_on
        notebook.write(
            UnitFounded(
                effective_on=day,
                unit=organisation.code,
                name=organisation.name,
                type=organisation.type,
                sector=organisation.sector,
                parent=organisation.parent,
                enterprise=organisation.enterprise,
                note=INVENTED_UNIT,
            )
        )
        if organisation.members:
            # Of unnamed people a report knows their unit and what their filters say, no more.
            of_firm: Filters = {
                "sector": organisation.sector,
                "founded_in": Period(from_=day, to=day),
            }
            _count_stock(notebook, organisation.code, organisation.members, day, of_firm)


def _count_stock(
    notebook: Notebook, unit: str, count: int, on: date, filters: Filters | None = None
) -> None:
    notebook.write(
        UnnamedCounted(
            effective_on=on,
            unit=unit,
            measure="members",
            as_of=on,
            count=count,
            filters=filters,
            note=INVENTED_SHARE,
        )
    )


def _count_members(notebook: Notebook, total: int, on: date) -> None:
    organisations = (*COMMITTEES, *OFFICES)
    weights = [
        270 + number * 41 % 130 if number < len(COMMITTEES) else 24 + number % 7
        for number, _ in enumerate(organisations)
    ]
    for organisation, count in zip(organisations, apportion(total, weights), strict=True):
        _count_stock(notebook, organisation.code, count, on)


def _count_admissions(notebook: Notebook, total: int, quarters: Sequence[date]) -> None:
    """Count those of a published total who are not named, by quarter and organisation.

    ``quarters``: the first day of each, and the day after the last.
    """
    named = sum(quarters[0] <= day < quarters[-1] for day in tan_phu.CEREMONIES)
    organisations = (*COMMITTEES, *OFFICES)
    by_quarter = apportion(total - named, [1] * (len(quarters) - 1))
    for index, in_quarter in enumerate(by_quarter):
        first, last = quarters[index], quarters[index + 1] - days(1)
        weights = [5 + (number + index) % 4 for number, _ in enumerate(organisations)]
        shares = zip(organisations, apportion(in_quarter, weights), strict=True)
        for organisation, count in shares:
            if count:
                notebook.write(
                    UnnamedCounted(
                        effective_on=last,
                        unit=organisation.code,
                        measure="admissions",
                        period=Period(from_=first, to=last),
                        count=count,
                        note=INVENTED_SHARE,
                    )
                )
