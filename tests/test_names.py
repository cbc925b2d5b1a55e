"""Vietnamese names: in the order of Vietnamese lists, found whatever their marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.names import folded, found_in, sort_key


def in_order(*names: str) -> list[str]:
    return sorted(set(names), key=sort_key)


@pytest.mark.parametrize(
    "names",
    [
        # the given name first, then the family name, then the middle name
        ["Trần Văn An", "Lê Thị Bình", "Phạm Văn Bình", "Nguyễn Thị Chi"],
        # letters of the alphabet: a ă â … d đ … e ê … o ô ơ … u ư
        ["Lê An", "Lê Ăn", "Lê Ân", "Lê Danh", "Lê Đan", "Lê Em", "Lê Êm"],
        ["Vũ Hoa", "Vũ Hôm", "Vũ Hơn", "Vũ Hùng", "Vũ Hưng", "Vũ Ý"],
        # tones: ngang huyền hỏi ngã sắc nặng, after all letters of the word
        ["Ngô La", "Ngô Là", "Ngô Lả", "Ngô Lã", "Ngô Lá", "Ngô Lạ", "Ngô Lan"],
        ["Hồ Bình", "Hồ Bỉnh", "Hồ Bính", "Hồ Bịnh"],
    ],
)
def test_names_sort_as_vietnamese_lists_do(names: list[str]) -> None:
    assert in_order(*names) == names


def test_case_and_form_of_unicode_do_not_change_the_order() -> None:
    composed, decomposed = (unicodedata.normalize(form, "Đặng Thị Ánh") for form in ("NFC", "NFD"))
    assert sort_key(composed)[0][:2] == sort_key(decomposed)[0][:2] == sort_key("ÁNH")[0][:2]


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("an", True),
        ("VĂN AN", True),
        ("van an", True),
        ("nguyen", True),
        ("nguyễn  văn", True),
        ("ngu", False),
        ("ăn", True),
        ("anh", False),
    ],
)
def test_a_search_ignores_case_and_marks_but_not_letters(part: str, *, found: bool) -> None:
    assert found_in(part, "Nguyễn Văn An") is found


def test_the_barred_d_is_found_as_d() -> None:
    assert folded("Đỗ Đình ĐẠT") == "do dinh dat"


@given(st.text(max_size=40))
def test_any_text_can_be_sorted_and_folded(text: str) -> None:
    assert sort_key(text) == sort_key(text)
    assert folded(folded(text)) == folded(text)
