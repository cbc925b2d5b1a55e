"""Files made to do harm, or damaged so: each is refused or passed over, and costs nothing.

Found by fuzzing (`scripts/damage fuzz`), or while what it found was mended.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.comparing import old_export
from ledger.audit.export import export_log
from ledger.audit.identity import signing_key
from ledger.audit.proving import tree_of
from ledger.authority.keyfiles import read_key
from ledger.catalogue import KINDS
from ledger.errors import Problem, Refused
from ledger.exchange import xls_marks
from ledger.exchange.columns import by_name
from ledger.exchange.jsonlines import read_lines
from ledger.exchange.mapping import read_mapping
from ledger.exchange.raw import Broken
from ledger.exchange.typed import value_of
from ledger.exchange.workbook import read_workbook
from ledger.keeping import copies
from ledger.keeping.seen import seen
from ledger.proof.checkpoints import Checkpoint, parse_text, sign_checkpoint
from ledger.proof.errors import Unproven
from ledger.proof.notes import parse_note
from projections.segments import MANIFEST, Segments
from tests.old_workbooks import xls
from tests.shelf import NOW, UNIT, new_book
from tests.workbooks import Formula, Shown, ods, workbook

DEEP = b"[" * 990


def test_a_commit_of_an_export_nests_without_end(tmp_path: Path) -> None:
    with new_book(tmp_path, UNIT) as book, tree_of(book) as tree:
        key = signing_key(book)
        note = sign_checkpoint(Checkpoint(key.key.name, tree.size, tree.root(tree.size)), key)
        export_log(tree, tmp_path / "e", parse_text(parse_note(note).text), note)
    (tmp_path / "e" / "commits.jsonl").write_bytes(DEEP)
    with pytest.raises(Unproven, match="proof_line"):
        list(old_export(tmp_path / "e").old.commits)


def _changed(name: str, value: object) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        manifest = json.loads(content)
        manifest["segments"][0][name] = value
        return json.dumps(manifest).encode()

    return changed


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: DEEP * 100,
        lambda _: b"[]",
        _changed("file", "/dev/zero"),
        _changed("file", "../book.db"),
        _changed("last", 2**70),
        _changed("last", 1_000),
        _changed("last", "1"),
        _changed("columns", [[]]),
    ],
)
def test_a_manifest_leads_out_of_the_cache_or_nowhere(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    with new_book(tmp_path, UNIT) as book:
        Segments(book).close()
        path = tmp_path / "book.cache" / MANIFEST
        path.write_bytes(damage(path.read_bytes()))
        again = Segments(book)
        assert not again.kept
        assert [(piece.first, piece.last) for piece in again.fresh] == [(1, 1)]


@pytest.mark.parametrize(
    "line",
    [
        '{"at":"2024","what":"export","path":"/a","sha256":""}',
        '{"at":"2024-05-06T07:08:09","what":"export","path":"/a","sha256":""}',
        '{"at":1,"what":"export","path":"/a","sha256":""}',
        '{"at":"2024-05-06T07:08:09Z","what":"export","path":[],"sha256":""}',
        "[" * 100_000,
    ],
)
def test_a_line_of_the_list_of_copies_is_none(tmp_path: Path, line: str) -> None:
    (tmp_path / "so.copies").write_text(line + "\n")
    assert copies.copies(tmp_path / "so.db") == []


def test_a_copy_may_have_any_name(tmp_path: Path) -> None:
    for name in ("a\u2028b", "a\udcffb"):
        (tmp_path / name).write_bytes(b"")
        copies.note(tmp_path / "so.db", tmp_path / name, "export", NOW)
    assert [copy.is_as_written for copy in copies.copies(tmp_path / "so.db")] == [True, True]


@pytest.mark.parametrize("said", ["12 00", f"-1 {'0' * 64}", f"1_2 {'0' * 64}", f"12  {'0' * 64}"])
def test_a_head_that_was_seen_is_none(tmp_path: Path, said: str) -> None:
    (tmp_path / "so.seen").write_text(f"rollbook-seen 1\nbook 00\nhead {said}\n")
    assert seen(tmp_path / "so.db", "00") is None


ROWS: list[list[Any]] = [["Ngày", "Số"], [Formula("#N/A"), Shown(0.5, "0%")]]


def _xlsx(old: bytes, new: bytes) -> Callable[[Path], bytes]:
    """Return an XLSX with something else in its sheet."""
    return lambda folder: _with(
        workbook(folder / "x.xlsx", {"S": ROWS}), "xl/worksheets/sheet1.xml", old, new
    )


def _ods(old: bytes, new: bytes) -> Callable[[Path], bytes]:
    return lambda folder: _with(ods(folder / "x.ods", {"S": ROWS}), "content.xml", old, new)


def _with(path: Path, member: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def _packed_otherwise(folder: Path) -> bytes:
    """Return an ODS that says of its content that it is packed in a way that nobody knows."""
    data = _ods(b"#N/A", b"#N/A")(folder)
    return data.replace(b"PK\1\2\x14\3\x14\0\0\0\x08\0", b"PK\1\2\x14\3\x14\0\0\0\x63\0")


def _cut_inside(folder: Path) -> bytes:
    """Return an ODS whose packed content is damaged."""
    data = bytearray(_ods(b"#N/A", b"#N/A")(folder))
    place = data.index(b"content.xml") + len(b"content.xml")
    data[place : place + 40] = bytes(range(200, 240))
    return bytes(data)


def _old(place: int, form: str, *values: int) -> Callable[[Path], bytes]:
    def made(folder: Path) -> bytes:
        data = bytearray(xls(folder / "x.xls", "S", ROWS).read_bytes())
        struct.pack_into(form, data, place, *values)
        return bytes(data)

    return made


def _endless(folder: Path) -> bytes:
    """Return an XLS whose list of sectors of the table goes on in itself."""
    data = bytearray(xls(folder / "x.xls", "S", ROWS).read_bytes())
    sector = len(data) // 512 - 1
    struct.pack_into("<I", data, 68, sector)
    return bytes(data) + struct.pack("<128I", *[0xFFFF_FFFF] * 127, sector)


def _circling(folder: Path) -> bytes:
    """Return an XLS whose stream leads from its last sector to its first."""
    data = xls(folder / "x.xls", "S", ROWS).read_bytes()
    table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    last = data.index(b"\xfe\xff\xff\xff", table)
    return data[:last] + struct.pack("<I", 0) + data[last + 4 :]


HARMFUL: dict[str, Callable[[Path], bytes]] = {
    "rows without end": _xlsx(b'r="A2"', b'r="A999999999999"'),
    "columns without end": _xlsx(b'r="A2"', b'r="ZZZZZZZZZZ2"'),
    "row nought": _xlsx(b'r="A2"', b'r="A0"'),
    "a cell repeated without end": _ods(
        b'<table:table-row><table:table-cell office:value-type="string" calcext',
        b'<table:table-row table:number-rows-repeated="9999"><table:table-cell '
        b'table:number-columns-repeated="9999" office:value-type="string" calcext',
    ),
    "a cell repeated less than never": _ods(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="-9">'
    ),
    "hundreds of megabytes in one": _ods(b"#N/A", b" " * (100 << 20)),
    "packed in a way of its own": _packed_otherwise,
    "damaged where it is packed": _cut_inside,
    "sectors as large as a disk": _old(30, "<H", 40),
    "a table of sectors that leads to itself": _endless,
    "a stream that circles": _circling,
    "a stream that begins outside": _old(48, "<I", 0x00FF_FFFF),
}


@pytest.mark.parametrize("what", HARMFUL)
def test_a_harmful_workbook_is_refused(tmp_path: Path, what: str) -> None:
    with pytest.raises(Refused, match=r"sheet_(unreadable|vast)"):
        read_workbook(HARMFUL[what](tmp_path), "x")


def test_cells_that_do_not_end_are_looked_for_once(tmp_path: Path) -> None:
    for junk in (b"<c >" * 200_000, b"<c r=" * 200_000):
        data = _xlsx(b"</sheetData>", b"</sheetData>" + junk)(tmp_path)
        assert read_workbook(data, "x").grids[0].rows[1][0] == Broken("#N/A")


def test_a_panic_of_the_reader_is_no_panic_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        pass

    def panics(_: object) -> None:
        raise PanicException("out of range")  # noqa: TRY003 - as it comes

    monkeypatch.setattr("python_calamine.load_workbook", panics)
    with pytest.raises(Refused, match="out of range"):
        read_workbook(ods(tmp_path / "x.ods", {"S": ROWS}).read_bytes(), "x")


@pytest.mark.parametrize(
    "text",
    ["9" * 5_000, "1" + ".000" * 2_000, "'" + "[" * 100_000, "completion_under=" + "9" * 5_000],
)
def test_a_cell_of_any_length_is_a_value_or_none(text: str) -> None:
    for kind in KINDS:
        for column in by_name(kind).values():
            with suppress(Problem):
                value_of(kind, column, text, lambda _, __: None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.toml", "a=" + "[" * 5_000),
        ("x.json", "[" * 100_000),
        ("x.json", '{"sheet":[{"name":"\\ud800"}]}'),
    ],
)
def test_a_mapping_nests_without_end_or_is_no_text(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(Refused, match="bad_mapping"):
        read_mapping(tmp_path / name)


def test_a_number_has_an_exponent_without_end() -> None:
    _, (problem,) = read_lines([b'{"kind":"voided","entry":1e9999999999999999999}'], "x")
    assert problem.code == "bad_json"


@pytest.mark.parametrize(
    "pem", ["MA4CAQAwBQYDK2VwBAIEAA==", "MA8CAQAwBQYDK2VwBAMEAQA=", "MA4CAQAwBQYDK2VuBAIEAA=="]
)
def test_a_key_file_holds_a_key_of_another_length(tmp_path: Path, pem: str) -> None:
    path = tmp_path / "x.key"
    path.write_text(f"-----BEGIN PRIVATE KEY-----\n{pem}\n-----END PRIVATE KEY-----\n")
    with pytest.raises(Refused, match="key_unreadable"):
        read_key(path, "x", lambda: None)


def test_an_xls_of_which_one_record_has_more_columns_is_refused() -> None:
    blanks = struct.pack("<HH", 0, 250) + bytes(2 * 9) + struct.pack("<H", 258)
    with pytest.raises(ValueError, match="190"):  # the type of the record
        list(xls_marks._cells(struct.pack("<HH", 0xBE, len(blanks)) + blanks, []))
    few = struct.pack("<HH", 0, 250) + bytes(2 * 6) + struct.pack("<H", 255)
    assert not list(xls_marks._cells(struct.pack("<HH", 0xBE, len(few)) + few, []))


def test_an_xls_of_more_columns_than_there_are_is_refused(tmp_path: Path) -> None:
    cells = [f"c{number}" for number in range(300)]
    path = xls(tmp_path / "a.xls", "nominated", [cells[:256]])
    assert len(read_workbook(path.read_bytes(), "a.xls").grids[0].rows[0]) == 256
    path = xls(tmp_path / "b.xls", "nominated", [cells])
    with pytest.raises(Refused) as refused:
        read_workbook(path.read_bytes(), "b.xls")
    assert refused.value.problems[0].code == "sheet_unreadable"
