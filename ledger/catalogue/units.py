"""Entries about Party organisations: founding, change, end, and who follows them (DOMAIN §3)."""

from datetime import date
from typing import Annotated, Literal

from ledger.catalogue.base import Entry, Overlay, Person, Place, Unit, UnitType, said


class UnitEntry(Entry):
    """An entry in the stream of a unit."""

    stream = "unit"

    unit: Annotated[Unit, said("code of the unit")]


class UnitFounded(UnitEntry):
    """A unit is founded."""

    name: Annotated[str, said("full name of the unit")]
    type: Annotated[UnitType, said("type of the unit")]
    sector: Annotated[str | None, said("sector, a code (loại hình)")] = None
    parent: Annotated[Place | None, said("unit directly above")] = None
    enterprise: Annotated[str | None, said("firm that the cell belongs to")] = None


class UnitRenamed(UnitEntry):
    """A unit takes another name."""

    name: Annotated[str, said("new full name")]


class UnitReclassified(UnitEntry):
    """A unit changes its type or sector."""

    type: Annotated[UnitType | None, said("new type")] = None
    sector: Annotated[str | None, said("new sector, a code")] = None


class UnitMoved(UnitEntry):
    """A unit passes under another parent, with everything under it."""

    parent: Annotated[Place, said("unit directly above from that day")]


class UnitMerged(UnitEntry):
    """A unit ends; its members, those in the pipeline and its sub-units pass to another."""

    into: Annotated[Place, said("unit that goes on")]


class UnitSplit(UnitEntry):
    """A unit gives rise to others; transfers say who goes where."""

    into: Annotated[tuple[Place, ...], said("units that came out of it")]


class UnitDissolved(UnitEntry):
    """A unit ends because its task is done or by discipline."""

    cause: Annotated[Literal["task_done", "discipline"], said("why it ended")]
    members_to: Annotated[Place | None, said("unit that takes its members and sub-units")] = None


class OverseerAssigned(UnitEntry):
    """A committee member is to follow a unit."""

    person: Annotated[Person, said("the committee member")]


class OverseerReleased(UnitEntry):
    """A committee member no longer follows a unit."""

    person: Annotated[Person, said("the committee member")]


class TermOpened(UnitEntry):
    """A term begins: the years between two congresses of a unit."""

    term: Annotated[str, said("name of the term, such as 2020-2025")]
    starts: Annotated[date, said("first day of the term")]
    ends: Annotated[date, said("last day of the term")]


class LocalRulesAdopted(UnitEntry):
    """Local rules are in force for a unit and all under it, beside the central ones."""

    overlay: Annotated[Overlay, said("the local rules, by their code")]


class LocalRulesDropped(UnitEntry):
    """Local rules are no longer in force for a unit and all under it."""

    overlay: Annotated[Overlay, said("the local rules, by their code")]
