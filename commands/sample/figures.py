"""The published figures, stated one by one as the articles print them.

Codes are those of the table of figures that the sample was made from: article and line.
Rows that only name a year or a term are left out; so are none of the others, also those
that cannot be checked or are contradicted, because finding that out is what they are for.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from commands.sample.notebook import Notebook
from ledger.catalogue import Period
from ledger.catalogue.statistics import FigureStated


def _period(first: str, last: str) -> Period:
    return Period(from_=date.fromisoformat(first), to=date.fromisoformat(last))


_PHO_YEN_SAYS = "Bài báo về Phổ Yên và phường Tân Phú, 18/09/2023"
_QUANG_TRI_SAYS = "Bài báo về thị xã Quảng Trị, 07/11/2023"
_HOI_HOP_SAYS = "Bài báo về phường Hội Hợp, 26/09/2018"
_IN_2023 = _period("2023-01-01", "2023-09-18")
_EIGHT_MONTHS = _period("2023-01-01", "2023-08-31")
_NINE_MONTHS = _period("2023-01-01", "2023-09-30")
_EIGHT_MONTHS_OF_2018 = _period("2018-01-01", "2018-08-31")
_TERM_OF_TAN_PHU = _period("2020-05-15", "2023-09-18")
_TERM_OF_QUANG_TRI = _period("2020-08-05", "2023-11-07")
_THAT_DAY = date(2023, 9, 18)
_AT_THE_GRASSROOTS = ["grassroots_committee", "grassroots_cell"]
_OUTSIDE_THE_STATE = ["private_enterprise", "foreign_invested"]


def _year(year: int) -> Period:
    return _period(f"{year}-01-01", f"{year}-12-31")


def _flow(measure: str, value: str | int, period: Period, **more: Any) -> dict[str, Any]:
    return {"measure": measure, "value": value, "period": period, **more}


def _stock(measure: str, value: str | int, **more: Any) -> dict[str, Any]:
    return {"measure": measure, "value": value, "as_of": _THAT_DAY, **more}


_OF_PHO_YEN: dict[str, dict[str, Any]] = {
    "000-02": _flow("classes", 3, _IN_2023, filters={"class_type": "awareness"}),
    "000-03": _flow("class_participants", 237, _IN_2023, filters={"class_type": "awareness"}),
    "000-04": _flow("classes", 2, _IN_2023, filters={"class_type": "new_member"}),
    "000-05": _flow("class_participants", 122, _IN_2023, filters={"class_type": "new_member"}),
    "000-06": _stock("external", 850, comparator="over", note="Doanh nghiệp đang hoạt động"),
    "000-07": _stock("external", 67_000, comparator="nearly", note="Công nhân, lao động"),
    "000-08": _flow("units_founded", 3, _IN_2023, filters={"sector": _OUTSIDE_THE_STATE}),
    "000-09": _stock("members", 19, filters={"founded_in": _IN_2023}),
    "000-10": _stock(
        "enterprises", 10, comparator="nearly", filters={"sector": _OUTSIDE_THE_STATE}
    ),
    "000-11": _stock("members", 100, comparator="about", filters={"sector": _OUTSIDE_THE_STATE}),
    "000-22": _flow("admissions", 231, _year(2021)),
    "000-23": _flow("admissions", 3, _year(2021), derived="growth", against=_year(2020)),
    "000-24": _flow("admissions", 242, _year(2022)),
    "000-25": _flow("admissions", "3.1", _year(2022), derived="growth", against=_year(2021)),
    "000-26": _flow(
        "admissions", "0.6", _year(2022), derived="excess", note="Bài báo không in chỉ tiêu"
    ),
    "000-28": _flow("admissions", 140, _EIGHT_MONTHS),
    "000-29": _stock("members", 9_000, comparator="nearly"),
    "000-30": _stock("units", 43, filters={"unit_type": _AT_THE_GRASSROOTS}),
    "000-31": _stock(
        "units", 1, filters={"unit_type": "grassroots_committee", "sector": "state_enterprise"}
    ),
    "000-32": _stock(
        "units", 2, filters={"unit_type": "grassroots_cell", "sector": "state_enterprise"}
    ),
    "000-33": _stock(
        "units", 4, filters={"unit_type": "grassroots_cell", "sector": "private_enterprise"}
    ),
    "000-34": _stock(
        "units", 1, filters={"unit_type": "grassroots_cell", "sector": "foreign_invested"}
    ),
}
_OF_TAN_PHU: dict[str, dict[str, Any]] = {
    "000-13": {
        "measure": "members",
        "value": 260,
        "comparator": "over",
        "as_of": date(2015, 12, 31),
        "note": "Bài báo ghi năm 2015, không ghi ngày",
    },
    **{
        f"000-15.{year}": _flow("admissions", "5..9", _year(year), comparator="range")
        for year in range(2015, 2021)
    },
    "000-18": _flow("admissions", 50, _TERM_OF_TAN_PHU),
    "000-19": _flow("admissions", 8, _IN_2023),
    "000-20": _flow(
        "admissions",
        100,
        _year(2023),
        comparator="at_least",
        derived="completion",
        note="Bài báo không in chỉ tiêu",
    ),
}
_OF_QUANG_TRI: dict[str, dict[str, Any]] = {
    "001-10": _flow(
        "admissions",
        3,
        _year(2022),
        derived="share",
        note="Tính trên tổng số đảng viên, mà bài báo không in",
    ),
    "001-13": _flow("admissions", 77, _TERM_OF_QUANG_TRI),
    "001-14": _flow("admissions", 2, _TERM_OF_QUANG_TRI, filters={"religion": "any"}),
    "001-15": _flow(
        "admissions", 6, _TERM_OF_QUANG_TRI, filters={"sector": "non_state_enterprise"}
    ),
    "001-17": _flow("admissions", 14, _NINE_MONTHS, basis="decision"),
    "001-18": _flow(
        "admissions", 2, _NINE_MONTHS, basis="decision", filters={"occupation": "pupil"}
    ),
    "001-19": _flow(
        "admissions", 1, _NINE_MONTHS, basis="decision", filters={"private_owner": True}
    ),
    "001-20": _flow("recognitions", 26, _NINE_MONTHS),
}
_OF_HOI_HOP: dict[str, dict[str, Any]] = {
    "004-03": _flow(
        "class_participants",
        30,
        _EIGHT_MONTHS_OF_2018,
        comparator="nearly",
        filters={"class_type": "awareness"},
    ),
    "004-04": _flow("admissions", 6, _EIGHT_MONTHS_OF_2018),
    "004-05": _flow("recognitions", 15, _EIGHT_MONTHS_OF_2018),
}
_ARTICLES = (
    ("PHOYEN", date(2023, 9, 18), _PHO_YEN_SAYS, _OF_PHO_YEN),
    ("TANPHU", date(2023, 9, 18), _PHO_YEN_SAYS, _OF_TAN_PHU),
    ("QUANGTRI", date(2023, 11, 7), _QUANG_TRI_SAYS, _OF_QUANG_TRI),
    ("HOIHOP", date(2018, 9, 26), _HOI_HOP_SAYS, _OF_HOI_HOP),
)


def _amount(value: str | int) -> Decimal | tuple[Decimal, Decimal]:
    low, _, high = str(value).partition("..")
    return (Decimal(low), Decimal(high)) if high else Decimal(low)


def write(notebook: Notebook) -> None:
    """Write down every figure on the day it was published."""
    for unit, published_on, source, figures in _ARTICLES:
        for code, parts in figures.items():
            said = {"comparator": "equal", **parts, "value": _amount(parts["value"])}
            against = said.get("against")
            if isinstance(against, Period):
                said["against"] = {
                    "from": against.from_.isoformat(),
                    "to": against.to.isoformat(),
                }
            notebook.write(
                FigureStated(
                    effective_on=published_on, figure=code, unit=unit, source=source, **said
                )
            )
