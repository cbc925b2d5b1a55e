"""The encodings of Vietnamese offices: every letter, small and capital, and never mojibake."""

from pathlib import Path
from unicodedata import normalize

import pytest

from ledger.exchange.encodings import (
    LETTERS,
    candidates,
    decoded,
    meant_by,
    of_old_font,
    reads_well,
)
from ledger.exchange.syllables import share
from tests.terminal import call, done, started, words

_LETTERS = (
    "a à ả ã á ạ ă ằ ẳ ẵ ắ ặ â ầ ẩ ẫ ấ ậ e è ẻ ẽ é ẹ ê ề ể ễ ế ệ i ì ỉ ĩ í ị o ò ỏ õ ó ọ "
    "ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ u ù ủ ũ ú ụ ư ừ ử ữ ứ ự y ỳ ỷ ỹ ý ỵ đ"
)
_IN_VNI = (
    "a aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä e eø eû eõ eù eï eâ eà eå eã eá eä "
    "i ì æ ó í ò o oø oû oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï u uø uû uõ uù uï "
    "ö öø öû öõ öù öï y yø yû yõ yù î ñ"
)
SMALL, VNI = _LETTERS.split(), _IN_VNI.split()
TCVN3 = bytes.fromhex(
    "61 b5b6b7b8b9 a8 bbbcbdbec6 a9 c7c8c9cacb 65 cccecfd0d1 aa d2d3d4d5d6 69 d7d8dcddde "
    "6f dfe1e2e3e4 ab e5e6e7e8e9 ac eaebecedee 75 eff1f2f3f4 ad f5f6f7f8f9 79 fafbfcfdfe ae"
)
TCVN3_CAPITALS = bytes.fromhex(
    "41 8081828384 a1 afbabfc085 a2 c1c2c3c486 45 8788898a8b a3 c5cdd9da8c 49 8d8e8f9091 "
    "4f 9293949596 a4 dbe0f0ff97 a5 98999a9b9c 55 9d9e9f0102 a6 0405061112 59 1314151617 a7"
)
"""VN1 of TCVN 5712:1993; the letters stand in the order of SMALL, tones as in it."""


def test_the_tables_know_every_letter() -> None:
    assert len(SMALL) == len(VNI) == 73
    assert {*SMALL, *(letter.upper() for letter in SMALL)} == LETTERS


def test_tcvn3_reads_every_letter() -> None:
    assert decoded(TCVN3, "tcvn3") == "".join(SMALL)
    assert decoded(TCVN3_CAPITALS, "tcvn3") == "".join(SMALL).upper()
    assert decoded(b"Nguy\xd4n Th\xde \xa7\xb5o", "tcvn3") == "Nguyễn Thị Đào"


@pytest.mark.parametrize(("written", "letter"), [*zip(VNI, SMALL, strict=True)])
def test_vni_reads_every_letter(written: str, letter: str) -> None:
    assert decoded(written.encode("cp1252"), "vni") == letter
    assert decoded(written.upper().encode("cp1252"), "vni") == letter.upper()
    mixed = written[:1].upper() + written[1:]
    assert decoded(mixed.encode("cp1252"), "vni") == letter.upper()


def in_cp1258(text: str) -> bytes:
    """Return text as Windows for Vietnam writes it: letters, then marks of the tones."""
    found = []
    for letter in text:
        base, *marks = list(normalize("NFD", letter))
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        shapes = [mark for mark in marks if mark not in tones]
        found.append(normalize("NFC", base + "".join(shapes)) + "".join(tones))
    return "".join(found).encode("cp1258")


def test_cp1258_reads_every_letter() -> None:
    for letters in ("".join(SMALL), "".join(SMALL).upper()):
        assert decoded(in_cp1258(letters), "cp1258") == letters


TEXT = "Nguyễn Văn An, Trần Thị Bích Ngọc: đảng bộ phường Tân Phú, dân tộc Kinh; Hà Nội"


def in_tcvn3(text: str) -> bytes:
    table = dict(zip(SMALL, TCVN3, strict=True))
    table |= dict(zip((each.upper() for each in SMALL), TCVN3_CAPITALS, strict=True))
    return bytes(table.get(letter, ord(letter) % 256) for letter in text)


def in_vni(text: str) -> bytes:
    table = dict(zip(SMALL, VNI, strict=True))
    table |= {letter.upper(): written.upper() for letter, written in table.items()}
    return "".join(table.get(letter, letter) for letter in text).encode("cp1252")


MADE = {"cp1258": in_cp1258, "tcvn3": in_tcvn3, "vni": in_vni}


@pytest.mark.parametrize("encoding", MADE)
def test_only_the_right_encoding_reads_as_vietnamese(encoding: str) -> None:
    for text in (TEXT, TEXT.upper()):
        data = MADE[encoding](text)
        assert decoded(data, encoding) == text
        assert candidates(data) == [encoding]


@pytest.mark.parametrize("text", [*TEXT.split(), TEXT, TEXT.upper(), "hoà", "Lê", "Êđê", "Đắk Lắk"])
def test_good_text_is_not_taken_for_an_old_font(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert meant_by(normalize(form, text)) == ""


@pytest.mark.parametrize("text", ["Müller", "José", "36m²", "5µm", "20°C", "Noël", "§ 5", "± 2"])
def test_neither_is_what_is_foreign(text: str) -> None:
    assert meant_by(text) == ""


def test_text_of_old_fonts_in_unicode_is_told_and_read() -> None:
    for encoding in ("tcvn3", "vni"):
        written = MADE[encoding](TEXT).decode("latin-1")
        assert meant_by(written) == encoding
        assert of_old_font(written, encoding) == TEXT
    assert meant_by(TEXT.encode().decode("latin-1")) == "utf-8"


def test_shares_and_signs() -> None:
    assert share(TEXT) == share("abc") == 1
    assert share("nguyÔn v¨n") == 0
    assert reads_well("“Đảng” 5 °C")
    assert not reads_well("Ñaûng")


CSV = "Mã người,Mã đơn vị,Ngày hiệu lực,Họ và tên\nP1,TP,02/03/2020,Nguyễn Thị Ngọc Hà\n"
UNIT = words("unit_founded --unit TP --name TânPhú --type grassroots_committee --on 2015-01-01")


def recorded(book: Path) -> str:
    return str(done(book, "log", "--names", "--format", "json").json[-1]["profile"]["name"])


BY_THEMSELVES = {
    "utf-8": CSV.encode(),
    "bom": b"\xef\xbb\xbf" + CSV.encode(),
    "utf-16-le": b"\xff\xfe" + CSV.encode("utf-16-le"),
    "utf-16-be": b"\xfe\xff" + CSV.encode("utf-16-be"),
    "nfd": normalize("NFD", CSV).encode(),
    "cp1258": in_cp1258(CSV),
}


@pytest.mark.parametrize("form", BY_THEMSELVES)
def test_csv_in_these_encodings_is_read_without_a_word(tmp_path: Path, form: str) -> None:
    book = started(tmp_path, UNIT)
    file = tmp_path / "nominated.csv"
    file.write_bytes(BY_THEMSELVES[form])
    said = done(book, "import", str(file))
    assert ("is read as cp1258" in said.err) == (form == "cp1258")
    assert recorded(book) == "Nguyễn Thị Ngọc Hà"


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_old_encodings_are_read_when_they_are_named(tmp_path: Path, encoding: str) -> None:
    book = started(tmp_path, UNIT)
    file = tmp_path / "nominated.csv"
    file.write_bytes(MADE[encoding](CSV))
    said = call(book, "import", str(file))
    assert said.code == "encoding_unknown"
    assert f"try --encoding {encoding};" in said.err
    for other in {*MADE} - {encoding}:
        said = call(book, "import", str(file), "--encoding", other)
        assert said.code == "encoding_wrong"
        assert f"try --encoding {encoding}" in said.err
    assert call(book, "import", str(file), "--encoding", "utf-8").code == "encoding_wrong"
    done(book, "import", str(file), "--encoding", encoding)
    assert recorded(book) == "Nguyễn Thị Ngọc Hà"


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16"])
def test_utf8_is_not_read_as_something_else(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "nominated.csv"
    file.write_bytes(CSV.encode())
    said = call(started(tmp_path, UNIT), "import", str(file), "--encoding", encoding)
    assert said.code == "encoding_wrong"
    assert "try --encoding utf-8" in said.err
