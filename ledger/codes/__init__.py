"""The lists of codes, as data: one TOML file a list, beside this module.

A list is open. A code that is not in it is kept and counted as itself, and a missing one is
``unknown``. Each file says its version and the document it follows; its codes stand in the
order of the form, with a name in both languages. docs/reports/codes.md tells how to extend one.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

LISTS = (
    "ethnicity",
    "religion",
    "occupation",
    "education",
    "professional_education",
    "political_theory",
    "unions",
    "sector",
)
"""Every list by its name, which is that of the field whose codes it holds."""

LIST_OF = {**{name: name for name in LISTS}, "union": "unions", "sector_group": "sector"}
"""The list that the codes of a field, filter or column come from."""

TOGETHER = "+"
"""Joins the codes of somebody who has several at once: ``trade_union+youth_union``."""


class Code(NamedTuple):
    """One code of a list."""

    code: str
    vi: str
    en: str
    parent: str | None = None
    """The code of the same list that this one is a part of."""


class CodeList(NamedTuple):
    """One list: its codes in the order of the form."""

    name: str
    version: str
    source: str
    """The document that the list follows, with its date."""
    vi: str
    """What of the document it follows, in Vietnamese; ``en`` in English."""
    en: str
    ordered: bool
    """Whether the order is a rank, from the lowest to the highest."""
    codes: Mapping[str, Code]

    def group(self, code: str) -> str:
        """Return the uppermost code that ``code`` is a part of; an unlisted one is its own."""
        listed = self.codes.get(code)
        while listed is not None and listed.parent is not None:
            code = listed.parent
            listed = self.codes.get(code)
        return code

    def members(self, group: str) -> tuple[str, ...]:
        """Return every code whose uppermost code is ``group``, itself among them."""
        return (group, *(code for code in self.codes if code != group == self.group(code)))


@cache
def code_list(name: str) -> CodeList:
    """Return the list called ``name``; KeyError if there is none. Read once, when asked."""
    import tomllib  # noqa: PLC0415 - the help of the program needs no list, nor its reader

    if name not in LISTS:
        raise KeyError(name)
    text = (Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    codes = [Code(**item) for item in read["codes"]]
    return CodeList(
        name=name,
        version=read["version"],
        source=read["source"],
        vi=read["vi"],
        en=read["en"],
        ordered=read.get("ordered", False),
        codes={item.code: item for item in codes},
    )


def name_of(column: str, code: str, language: str) -> str | None:
    """Return the name of a code in ``vi`` or ``en``; None where no list has it.

    ``column`` is the field, filter or column that the code stands in. Codes joined by
    ``TOGETHER`` are named one by one.
    """
    if column not in LIST_OF:
        return None
    codes = code_list(LIST_OF[column]).codes
    parts = code.split(TOGETHER)
    if not any(part in codes for part in parts):
        return None
    names = (getattr(codes[part], language) if part in codes else part for part in parts)
    return f" {TOGETHER} ".join(names)
