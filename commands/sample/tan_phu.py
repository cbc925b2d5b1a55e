"""Tân Phú, a ward of Phổ Yên: what was printed of it on 18 September 2023, entry by entry.

More than 260 members in 2015; 5 to 9 admissions in each year of 2015-2020; 50 in the term
2020-2025 so far, 8 of them in 2023. The people, the cells and the targets are invented.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from commands.sample import journey
from commands.sample.committee import Committee, found_cells, spread
from commands.sample.journey import Course
from commands.sample.notebook import Notebook
from ledger.catalogue import Period
from ledger.catalogue.membership import Died, TransferredOut
from ledger.catalogue.pipeline import Delisted, DossierSubmitted
from ledger.catalogue.record import Voided
from ledger.catalogue.statistics import TargetSet, UnnamedCounted
from ledger.catalogue.units import TermOpened, UnitFounded, UnitMerged, UnitMoved

UNIT = "TANPHU"
BOOK_BEGINS = date(2014, 1, 2)
UNDER_PHO_YEN_SINCE = date(2021, 1, 1)
CELLS = {f"TANPHU.{number}": f"Chi bộ tổ dân phố số {number} (giả định)" for number in range(1, 6)}
YEAR = 2023
"""The year of the article."""
MERGED, INTO, MERGED_ON = "TANPHU.5", "TANPHU.4", date(2022, 7, 1)
TERM_2015 = Period(from_=date(2015, 5, 20), to=date(2020, 5, 14))
TERM_2020 = Period(from_=date(2020, 5, 15), to=date(2025, 5, 14))
INVENTED_TARGET = "Chỉ tiêu giả định"

CEREMONIES = (
    *spread(date(2015, 6, 3), date(2015, 12, 22), 5),
    *spread(date(2016, 2, 3), date(2016, 12, 20), 7),
    *spread(date(2017, 3, 26), date(2017, 12, 22), 6),
    *spread(date(2018, 2, 3), date(2018, 12, 19), 9),
    *spread(date(2019, 1, 15), date(2019, 11, 7), 8),
    *spread(date(2020, 1, 10), date(2020, 4, 30), 5),
    *spread(date(2020, 8, 19), date(2020, 12, 22), 4),
    *spread(date(2021, 1, 11), date(2021, 12, 28), 20),
    *spread(date(2022, 1, 12), date(2022, 12, 22), 18),
    *spread(date(2023, 1, 12), date(2023, 8, 24), 7),
    date(2023, 9, 8),
)
WRITTEN_DOWN_LATE = date(2021, 12, 28), date(2022, 1, 20)
"""A ceremony, and the day on which it was found to be missing from the book."""
WRITTEN_DOWN_WRONG = date(2022, 12, 22), date(2023, 1, 2), date(2023, 1, 20)
"""A ceremony, the day first written down for it, and the day of the correction."""


def write(notebook: Notebook, courses: Sequence[Course]) -> None:
    """Write down everything of Tân Phú; ``courses`` are those of Phổ Yên."""
    _found(notebook)
    _set_targets(notebook)
    committee = Committee(
        notebook,
        cells=tuple(cell for cell in CELLS if cell != MERGED),
        decider="PHOYEN",
        courses=courses,
        ethnicities=("kinh", "kinh", "tay", "kinh", "nung", "kinh", "san_diu"),
    )
    committee.carry_forward(2, BOOK_BEGINS, helping=True)
    died, moved_away = committee.carry_forward(2, BOOK_BEGINS, helping=False)
    late, found_missing_on = WRITTEN_DOWN_LATE
    wrong, mistaken_day, mended_on = WRITTEN_DOWN_WRONG
    for index, ceremony in enumerate(CEREMONIES):
        committee.admit(
            ceremony,
            cell=MERGED if ceremony.year == MERGED_ON.year - 1 and index % 6 == 0 else None,
            recorded_on={late: found_missing_on, wrong: mended_on}.get(ceremony),
            mistaken_day=mistaken_day if ceremony == wrong else None,
        )
    _prepare_more(notebook, committee, courses)
    _mistake_one_for_another(notebook, died, moved_away)
    notebook.write(UnitMerged(effective_on=MERGED_ON, unit=MERGED, into=INTO))
    notebook.write(Died(effective_on=date(2022, 11, 14), person=died))


def _found(notebook: Notebook) -> None:
    notebook.write(
        UnitFounded(
            effective_on=BOOK_BEGINS,
            unit=UNIT,
            name="Đảng bộ phường Tân Phú",
            type="grassroots_committee",
            sector="ward",
            note="Ngày sổ này bắt đầu, không phải ngày thành lập",
        )
    )
    found_cells(notebook, UNIT, CELLS, BOOK_BEGINS, "ward")
    notebook.write(
        UnitMoved(
            effective_on=UNDER_PHO_YEN_SINCE,
            unit=UNIT,
            parent="PHOYEN",
            note="Số liệu toàn Phổ Yên chỉ có từ năm 2021, nên sổ gộp Tân Phú vào từ đó",
        )
    )
    notebook.write(
        UnnamedCounted(
            effective_on=date(2015, 12, 31),
            unit=UNIT,
            measure="members",
            as_of=date(2015, 12, 31),
            count=260,
            comparator="over",
            note="Đảng viên không ghi tên trong sổ này, theo con số đã công bố",
        )
    )


def _set_targets(notebook: Notebook) -> None:
    for term, period in (("2015-2020", TERM_2015), ("2020-2025", TERM_2020)):
        notebook.write(
            TermOpened(
                effective_on=period.from_,
                unit=UNIT,
                term=term,
                starts=period.from_,
                ends=period.to,
                note="Ngày giả định: bài báo chỉ ghi nhiệm kỳ",
            )
        )
    common: dict[str, Any] = {"unit": UNIT, "measure": "admissions", "note": INVENTED_TARGET}
    for target in (
        TargetSet(
            effective_on=TERM_2015.from_,
            target="TANPHU.NK2015",
            period=TERM_2015,
            form="yearly_mean",
            amount=Decimal(6),
            source="own_congress",
            **common,
        ),
        TargetSet(
            effective_on=TERM_2020.from_,
            target="TANPHU.NK2020",
            period=TERM_2020,
            form="absolute",
            amount=Decimal(60),
            source="own_congress",
            **common,
        ),
        TargetSet(
            effective_on=TERM_2020.from_,
            target="TANPHU.NK2020.NU",
            period=TERM_2020,
            form="floor",
            amount=Decimal(24),
            source="own_congress",
            filters={"sex": "female"},
            **common,
        ),
        TargetSet(
            effective_on=date(2023, 1, 10),
            target="TANPHU.2023",
            period=Period(from_=date(YEAR, 1, 1), to=date(YEAR, 12, 31)),
            form="absolute",
            amount=Decimal(8),
            source="PHOYEN",
            **common,
        ),
    ):
        notebook.write(target)


def _prepare_more(notebook: Notebook, committee: Committee, courses: Sequence[Course]) -> None:
    """Write down those who were on their way in 2023, each a step further than the one before."""
    first, second, third = (
        course for course in courses if course.type == "awareness" and course.starts.year == YEAR
    )
    _, vetted, resolved, submitted = committee.prepare(first, 4)
    for applicant in (vetted, resolved, submitted):
        journey.compile_dossier(notebook, applicant, date(2023, 8, 1))
    votes: dict[journey.Body, date] = {
        "cell": date(2023, 10, 1),
        "grassroots_committee": date(2023, 10, 9),
    }
    for applicant in (resolved, submitted):
        journey.vote(notebook, applicant, "admission", votes)
    notebook.write(
        DossierSubmitted(effective_on=date(2023, 10, 12), person=submitted.person, to="PHOYEN")
    )
    *_, taken_off = committee.prepare(second, 3)
    notebook.write(Delisted(effective_on=date(2023, 8, 30), person=taken_off.person))
    committee.prepare(third, 3)


def _mistake_one_for_another(notebook: Notebook, mistaken: str, meant: str) -> None:
    """Write down a departure of the wrong member, and six days later void it."""
    left = TransferredOut(
        effective_on=date(2019, 3, 11), person=mistaken, elsewhere="Đảng bộ giả định ở nơi khác"
    )
    notebook.write(left, label="left by mistake")
    notebook.write(
        Voided(effective_on=date(2019, 3, 17), entry=0, reason="Ghi nhầm sang người khác"),
        mends="left by mistake",
    )
    notebook.write(
        TransferredOut(effective_on=date(2019, 3, 11), person=meant, elsewhere=left.elsewhere),
        recorded_on=date(2019, 3, 18),
    )
