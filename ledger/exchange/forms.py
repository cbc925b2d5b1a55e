"""What form a file has, without the modules that read it: few files are sheets."""

from pathlib import Path

_WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
"""How the names of such files end."""
_CSV_ENDINGS = frozenset({".csv", ".tsv"})
_BYTES_TO_TELL = 64
_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a workbook begins, whatever it is called: XLSX and ODS are archives, XLS is OLE."""


def is_workbook(path: Path, begins: bytes) -> bool:
    """Return whether a file that begins so is a workbook: by that, or by the end of its name."""
    return begins[:4] in _MAGIC or path.suffix.lower() in _WORKBOOK_ENDINGS


def is_sheets(path: Path) -> bool:
    """Return whether a file holds sheets: by the end of its name, or by how it begins."""
    ending = path.suffix.lower()
    if ending in _WORKBOOK_ENDINGS | _CSV_ENDINGS:
        return True
    try:
        with path.open("rb") as stream:
            begins = stream.read(_BYTES_TO_TELL)
    except OSError:
        return False
    is_text = ending == ".txt" and not begins.lstrip(_BEFORE_JSON).startswith(b"{")
    return is_workbook(path, begins) or is_text
