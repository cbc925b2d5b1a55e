"""What every entry has, and the types its fields are declared with.

A field is declared as ``Annotated[type, said("help")]``; a personal one with
``personal("help")``, and one that names another record with a reference type such
as ``Unit``. Everything else (command line options, JSON Lines, the columns of the
feed, docs/catalogue.md) is derived from these declarations by ``fields.py``.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct


def said(help_line: str) -> Meta:
    """Return the mark of an ordinary field: its line of help, in English (the message id)."""
    return Meta(description=help_line)


def personal(help_line: str, *, required: bool = False) -> Meta:
    """Return the mark of a field that is sealed with the person's own key.

    ``required``: it must be given when the entry is recorded; it may still be missing
    from what is read back, when the key is not there.
    """
    return Meta(description=help_line, extra={"personal": True, "required": required})


def names(what: str, *, alive: bool = False, known: bool = True) -> Meta:
    """Return the mark of a field that names another record of the book.

    ``alive``: it must exist on the entry's effective day (a place); ``known``: it must
    be in the book at all; neither: it may be something outside the book.
    """
    return Meta(extra={"names": what, "alive": alive, "known": known})


Person = Annotated[str, names("person")]
Unit = Annotated[str, names("unit")]
Place = Annotated[str, names("unit", alive=True)]
UnitOrBody = Annotated[str, names("unit", known=False)]
Class = Annotated[str, names("class")]
Target = Annotated[str, names("target")]
PersonOrBody = Annotated[str, names("person", known=False)]

Sex = Literal["male", "female"]
UnitType = Literal[
    "central",
    "centrally_run",
    "upper_of_grassroots",
    "grassroots",
    "grassroots_committee",
    "grassroots_cell",
    "sub_committee",
    "cell",
    "residential_cell",
    "temporary_cell",
    "party_group",
]
Measure = Literal[
    "members",
    "admissions",
    "recognitions",
    "departures",
    "classes",
    "class_participants",
    "certificates",
    "sympathisers",
    "dossiers",
    "units",
    "units_founded",
    "enterprises",
    "external",
]
Overlay = Literal["hanoi"]
"""Local rules that a unit can adopt beside the central ones (DOMAIN §1.4: H02, HNB)."""
Comparator = Literal["equal", "about", "nearly", "over", "at_least", "under", "range"]
Filter = Literal[
    "standing",
    "sex",
    "age",
    "ethnicity",
    "religion",
    "occupation",
    "private_owner",
    "education",
    "professional_education",
    "political_theory",
    "union",
    "join_era",
    "sector",
    "sector_group",
    "unit_type",
    "class_type",
    "stage",
    "cause",
    "readmission",
    "founded_in",
    "completion_under",
]
Amount = Decimal | tuple[Decimal, Decimal]


def snake_case(name: str) -> str:
    """Return the identifier of a record: ``UnitFounded`` is ``unit_founded``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def plain(name: str) -> str:
    """Return a field's name outside Python: ``from_`` and ``class_`` are reserved words there."""
    return name.rstrip("_")


class Value(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    rename=plain,
):
    """A value made of parts, inside an entry."""


class Document(Value):
    """A paper, known by number, issuer and date together: numbers repeat (DOMAIN §0)."""

    number: Annotated[str, said("number of the document")]
    issuer: Annotated[str | None, said("who issued it")] = None
    date_: Annotated[date | None, said("date on the document")] = None


class Period(Value):
    """A stretch of days that holds both its ends."""

    from_: Annotated[date, said("first day")]
    to: Annotated[date, said("last day")]


Filters = dict[Filter, str | bool | int | list[str] | Period]
Against = str | dict[str, Any]
"""A target's code; or a period, by its keys ``from`` and ``to``; or filters."""


class Base(Value):
    """What a rate is a rate of: a measure on a day or over a period (DOMAIN §4.6)."""

    measure: Annotated[Measure, said("measure that the rate is taken of")] = "members"
    as_of: Annotated[date | None, said("day of the base, for a stock")] = None
    period: Annotated[Period | None, said("period of the base, for a flow")] = None
    unit: Annotated[Unit | None, said("unit of the base, if another")] = None


class Characteristics(Value):
    """What statistics know of a person; none of it names them."""

    sex: Annotated[Sex | None, said("sex")] = None
    birth_year: Annotated[int | None, said("year of birth: age in statistics counts from it")] = (
        None
    )
    ethnicity: Annotated[str | None, said("people (dân tộc), a code")] = None
    religion: Annotated[str | None, said("religion, a code; none if without")] = None
    occupation: Annotated[str | None, said("occupation, a code")] = None
    private_owner: Annotated[bool | None, said("owns a private enterprise")] = None
    education: Annotated[str | None, said("general education, a code")] = None
    professional_education: Annotated[str | None, said("professional education, a code")] = None
    political_theory: Annotated[str | None, said("level of political theory, a code")] = None
    unions: Annotated[
        tuple[str, ...] | None, said("unions the person belongs to: youth_union …")
    ] = None
    """None is not known; an empty list, like the code ``none``, says that there are none."""


class Profile(Characteristics):
    """A person as their file describes them on the day of the entry."""

    name: Annotated[str | None, personal("full name, family name first", required=True)] = None
    birth_date: Annotated[date | None, personal("day of birth")] = None
    home: Annotated[str | None, personal("home address")] = None
    citizen_id: Annotated[str | None, personal("personal identification number, 12 digits")] = None


class ProfileChange(Profile):
    """The parts of a profile that changed; the others stay as they were."""

    name: Annotated[str | None, personal("full name, family name first")] = None


class Entry(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    rename=plain,
    tag_field="kind",
    tag=snake_case,
):
    """One event in the book: what happened, when it took effect, and on what paper.

    ``no``, ``recorded_at`` and ``by`` are set by the book when it records; in an entry
    not yet recorded they are None, or what a file claims.
    """

    stream: ClassVar[str] = ""
    """The field that says which stream the entry belongs to, such as ``person``."""
    prefix: ClassVar[str] = ""
    """How the stream's id begins; the stream field's name unless said otherwise."""
    version: ClassVar[int] = 1
    """The version of the kind; older ones are upcast when read."""

    effective_on: Annotated[date, said("day it took effect")]
    no: Annotated[int | None, said("number in the book: 1, 2, 3 …, set by the book")] = None
    recorded_at: Annotated[datetime | None, said("moment it was recorded, UTC, by the book")] = None
    by: Annotated[str | None, said("operator who recorded it")] = None
    document: Annotated[Document | None, said("paper it rests on")] = None
    note: Annotated[str | None, said("remark, without personal details")] = None
    consent: Annotated[Document | None, said("paper that allows what a rule forbids")] = None
    corrects: Annotated[int | None, said("number of the wrong entry that this one replaces")] = None
    sealed: Annotated[tuple[str, ...], said("personal fields that could not be opened")] = ()

    @classmethod
    def upcast(cls, state: dict[str, Any], version: int) -> dict[str, Any]:
        """Return ``state``, stored at an older ``version`` of the kind, as of today's version.

        Kinds that never changed have nothing to do. Raises nothing.
        """
        del version
        return state


ENVELOPE = ("no", "recorded_at", "by")
"""Fields of an entry that the book sets; they are columns of the log, not in the state."""
