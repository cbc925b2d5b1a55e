"""The organisations of Phổ Yên in 2023: 43 at the grassroots, and cells in enterprises.

Printed were only the numbers: 43, among them one committee and two cells of state
enterprises, four cells of private ones and one of a foreign-invested one; three cells
founded in enterprises that year, with 19 members, for nearly 10 enterprises with about 100
members in all. Those ten are read as the enterprises outside the State's. Apart from Tân
Phú, every organisation here is invented.
"""

from datetime import date
from typing import NamedTuple

from commands.sample import tan_phu
from ledger.catalogue.base import UnitType

UNIT = "PHOYEN"


class Organisation(NamedTuple):
    """An invented organisation of Phổ Yên."""

    code: str
    name: str
    type: UnitType
    sector: str
    members: int | None = None
    """Unnamed members on the day of founding; None: a share of those of the whole city."""
    enterprise: str | None = None
    founded_on: date = tan_phu.BOOK_BEGINS

    @property
    def parent(self) -> str:
        """The unit directly above, which the code begins with."""
        return self.code.rpartition(".")[0]


def _firm(
    code: str,
    name: str,
    sector: str,
    members: int,
    founded_on: date = tan_phu.BOOK_BEGINS,
) -> Organisation:
    at_the_grassroots: UnitType = (
        "grassroots_committee" if name.startswith("Đảng bộ") else "grassroots_cell"
    )
    return Organisation(
        code=f"{UNIT}.{code}",
        name=f"{name} (giả định)",
        type="cell" if "." in code else at_the_grassroots,
        sector=sector,
        members=members,
        enterprise=f"Doanh nghiệp {name.partition('doanh nghiệp ')[2]} (giả định)",
        founded_on=founded_on,
    )


COMMITTEES = tuple(
    Organisation(
        f"{UNIT}.{number:02}",
        f"Đảng bộ xã, phường số {number} (giả định)",
        "grassroots_committee",
        "ward",
    )
    for number in range(1, 25)
)
OFFICES = tuple(
    Organisation(
        f"{UNIT}.{number}",
        f"Chi bộ cơ quan số {number} (giả định)",
        "grassroots_cell",
        "state_agency",
    )
    for number in range(25, 35)
)
FIRMS = (
    _firm("NN1", "Đảng bộ doanh nghiệp Nhà nước số 1", "state_enterprise", 48),
    _firm("NN2", "Chi bộ doanh nghiệp Nhà nước số 2", "state_enterprise", 17),
    _firm("NN3", "Chi bộ doanh nghiệp Nhà nước số 3", "state_enterprise", 14),
    _firm("TN1", "Chi bộ doanh nghiệp tư nhân số 1", "private_enterprise", 15),
    _firm("TN2", "Chi bộ doanh nghiệp tư nhân số 2", "private_enterprise", 14),
    _firm("TN3", "Chi bộ doanh nghiệp tư nhân số 3", "private_enterprise", 13),
    _firm("TN4", "Chi bộ doanh nghiệp tư nhân số 4", "private_enterprise", 12),
    _firm("FDI", "Chi bộ doanh nghiệp có vốn nước ngoài số 1", "foreign_invested", 17),
    _firm("05.DN", "Chi bộ doanh nghiệp tư nhân số 5", "private_enterprise", 9),
    _firm("03.DN", "Chi bộ doanh nghiệp tư nhân số 6", "private_enterprise", 6, date(2023, 3, 3)),
    _firm("08.DN", "Chi bộ doanh nghiệp tư nhân số 7", "private_enterprise", 6, date(2023, 5, 19)),
    _firm("11.DN", "Chi bộ doanh nghiệp tư nhân số 8", "private_enterprise", 7, date(2023, 8, 25)),
)
ORGANISATIONS = (*COMMITTEES, *OFFICES, *FIRMS)
