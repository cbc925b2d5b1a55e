"""Invented people: names and profiles drawn from lists, the same ones every time.

Nobody here exists. Lists of different lengths are walked at different paces, so that
names repeat late; no clock and no chance takes part.
"""

from typing import NamedTuple

from ledger.catalogue import Profile

INVENTED = "Nhân vật giả định"
"""The mark on every invented person: the note of the entry that opens their file."""

_FAMILY_NAMES = (
    "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Trịnh Mai Lương"
).split()
_MIDDLE_NAMES = {
    "male": "Văn Đức Hữu Quang Minh Xuân Thành Công Ngọc Đình Trọng".split(),
    "female": "Thị Thu Ngọc Thanh Kim Hồng Bích Thùy Diệu Minh Phương".split(),
}
_GIVEN_NAMES = {
    "male": (
        "An Bình Cường Dũng Đạt Giang Hải Hiếu Hùng Khánh Kiên Lâm Long Nam Phong Phúc Quân "
        "Sơn Thắng Toàn Trung Tuấn Việt"
    ).split(),
    "female": (
        "Anh Châu Dung Hà Hạnh Hiền Hoa Hương Lan Linh Ly Mai Nga Nhung Oanh Quyên Tâm Thảo "
        "Trang Tuyết Vân Xuân Yến"
    ).split(),
}
_OCCUPATIONS = ("worker", "farmer", "teacher", "civil_servant", "trader", "health_worker")
_DIPLOMAS = ("university", "college", "intermediate", "university", "elementary")


class Traits(NamedTuple):
    """What is settled about an invented person, where the lists are not left to decide."""

    ethnicities: tuple[str, ...] = ("kinh",)
    """Peoples that live there, walked through in turn."""
    religion: str = "none"
    occupation: str | None = None
    private_owner: bool = False
    birth_year: int | None = None


def profile(number: int, joining_year: int, traits: Traits) -> Profile:
    """Return the profile of the invented person with a running number.

    ``joining_year``: about when they join; they are 20 to 38 years old then, unless their
    traits say otherwise.
    """
    sex = "female" if number % 5 in {1, 3} else "male"
    middle, given = _MIDDLE_NAMES[sex], _GIVEN_NAMES[sex]
    name = " ".join(
        (
            _FAMILY_NAMES[number * 7 % len(_FAMILY_NAMES)],
            middle[number * 3 % len(middle)],
            given[(number * 5 + number // 23) % len(given)],
        )
    )
    young = traits.occupation in {"pupil", "student"}
    birth_year = traits.birth_year or joining_year - (18 if young else 20 + number * 11 % 19)
    return Profile(
        name=name,
        sex="female" if sex == "female" else "male",
        birth_year=birth_year,
        ethnicity=traits.ethnicities[number % len(traits.ethnicities)],
        religion=traits.religion,
        occupation=traits.occupation or _OCCUPATIONS[number % len(_OCCUPATIONS)],
        private_owner=traits.private_owner or None,
        education="lower_secondary" if number % 9 == 0 else "upper_secondary",
        professional_education=None if young else _DIPLOMAS[number % len(_DIPLOMAS)],
        political_theory="elementary" if number % 4 == 0 else None,
        unions=("youth_union",) if number % 3 else ("trade_union",),
    )
