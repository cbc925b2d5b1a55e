"""Saved mappings: what the headings and words of an office's own sheet mean.

A mapping is a file of TOML or JSON, written by hand or by ``rollbook import --map``::

    [[sheet]]
    name = "Theo dõi kết nạp"        # which sheet it is for; left out: every sheet
    kind = "admitted"                # left out: its name or a column says it
    head_row = 4                     # left out: it is looked for

    [sheet.columns]                  # heading in the sheet = column, or "" to pass it over
    "Họ tên khai sinh" = "profile.name"
    "Ghi chú nội bộ" = ""

    [sheet.fixed]                    # column = its value in every row
    unit = "TP.CB1"

    [sheet.values."profile.sex"]     # column: word in the sheet = value
    "1" = "male"
    "0" = "female"
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec

from ledger.catalogue import KINDS
from ledger.errors import Problem, Refused
from ledger.exchange.columns import KIND, by_name
from ledger.exchange.raw import clean
from ledger.similar import similar

ColumnMeant = Callable[[str | None, str], str | None]


class SheetMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is known of the sheets of one office: a ``[[sheet]]`` of the file."""

    name: str | None = None
    kind: str | None = None
    head_row: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Counted from 1."""
    columns: dict[str, str] = {}
    """Names of columns by headings; the empty name passes one over."""
    fixed: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}

    def fits(self, sheet: str | None) -> bool:
        """Return whether the mapping is for a sheet of this name."""
        return self.name is None or (sheet is not None and _plain(sheet) == _plain(self.name))

    def over(self, column_meant: ColumnMeant) -> ColumnMeant:
        """Return what headings mean: what is mapped, else what they mean without a mapping."""
        columns = {_plain(heading): name for heading, name in self.columns.items()}

        def meant(kind: str | None, heading: str) -> str | None:
            known = columns.get(_plain(heading))
            return column_meant(kind, heading) if known is None else known

        return meant


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """A file of mappings."""

    sheet: list[SheetMapping] = []


Mapping = tuple[SheetMapping, ...]


def _plain(text: str) -> str:
    return " ".join(clean(text).rstrip("*: ").casefold().split())


def read_mapping(path: Path) -> Mapping:
    """Return the mappings of a file; raise Refused (file_unreadable, bad_mapping)."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(Problem("wants_markup", form="UTF-8", value=str(error)), path) from None
    except OSError as error:
        detail = error.strerror or str(error)
        raise Refused(Problem("file_unreadable", value=str(path), detail=detail)) from None
    try:
        found = msgspec.convert(_decoded(text, path), _File)
    except msgspec.ValidationError as error:
        raise _bad(_misshapen(str(error)), path) from None
    except (ValueError, RecursionError) as error:
        form = "JSON" if _is_json(path) else "TOML"
        raise _bad(Problem("wants_markup", form=form, value=str(error)), path) from None
    problems = [problem.at(path.name) for sheet in found.sheet for problem in _wrong(sheet)]
    if problems:
        raise Refused(*problems)
    return tuple(found.sheet)


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _decoded(text: str, path: Path) -> Any:
    if _is_json(path):
        return msgspec.json.decode(text)
    import tomllib  # noqa: PLC0415 - only where a mapping is read

    return tomllib.loads(text)


def _bad(detail: Problem, path: Path) -> Refused:
    return Refused(Problem("bad_mapping", detail=detail).at(path.name))


def _misshapen(message: str) -> Problem:
    """Return what is not of the form of a mapping, of what msgspec says of it."""
    what, _, where = message.partition(" - at `$")
    where = where.strip(".`") or "sheet"
    unknown = what.partition("unknown field `")[2].rstrip("`")
    if unknown:
        struct = SheetMapping if where.startswith("sheet[") else _File
        return Problem("wants_key", value=unknown, choices=", ".join(struct.__struct_fields__))
    return Problem("wants_shape", value=where)


def _wrong(sheet: SheetMapping) -> list[Problem]:
    """Return what is wrong with the names in a mapping."""
    if sheet.kind is not None and sheet.kind not in KINDS:
        return [Problem("unknown_kind", value=sheet.kind, suggestion=similar(sheet.kind, KINDS))]
    kinds = KINDS if sheet.kind is None else (sheet.kind,)
    names = {KIND, ""} | {name for kind in kinds for name in by_name(kind)}
    given = [*sheet.columns.values(), *sheet.fixed, *sheet.values]
    kind = sheet.kind or "entry"
    return [
        Problem("unknown_field", kind=kind, value=name, suggestion=similar(name, names - {""}))
        for name in given
        if name not in names
    ]


def written(mappings: Mapping, *, as_json: bool) -> str:
    """Return the text of a file of mappings, in TOML or JSON."""
    sheets: list[dict[str, Any]] = msgspec.to_builtins(mappings)
    if as_json:
        return json.dumps({"sheet": sheets}, ensure_ascii=False, indent=2) + "\n"
    return "\n".join(line for sheet in sheets for line in _toml(sheet))


def _toml(sheet: dict[str, Any]) -> list[str]:
    lines = ["[[sheet]]"]
    lines += [
        f"{key} = {_quoted(sheet[key])}" for key in ("name", "kind", "head_row") if key in sheet
    ]
    for key in ("columns", "fixed"):
        if key in sheet:
            lines += ["", f"[sheet.{key}]"]
            lines += [f"{_quoted(name)} = {_quoted(value)}" for name, value in sheet[key].items()]
    for name, words in sheet.get("values", {}).items():
        lines += ["", f"[sheet.values.{_quoted(name)}]"]
        lines += [f"{_quoted(word)} = {_quoted(value)}" for word, value in words.items()]
    return [*lines, ""]


def _quoted(value: Any) -> str:
    """Return a text or number as TOML has it: like JSON, for what stands here."""
    return json.dumps(value, ensure_ascii=False)
