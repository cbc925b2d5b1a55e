"""Entries about a member: admission, recognition, moves, discipline, leaving (DOMAIN §1.5, §2)."""

from datetime import date
from typing import Annotated, Literal

from ledger.catalogue.base import (
    Place,
    Profile,
    ProfileChange,
    UnitOrBody,
    personal,
    said,
)
from ledger.catalogue.pipeline import PersonEntry


class Admitted(PersonEntry):
    """The cell admits a person at the ceremony; probation begins."""

    unit: Annotated[Place, said("unit that admits")]
    readmission: Annotated[bool, said("the person was a member before")] = False


class CarriedForward(PersonEntry):
    """A member is brought into a new book; this is no admission."""

    unit: Annotated[Place, said("unit of the member")]
    profile: Annotated[Profile, said("the member's profile")]
    joined_on: Annotated[date, said("day of the admission ceremony")]
    decided_on: Annotated[date | None, said("day of the admission decision")] = None
    official_on: Annotated[date | None, said("day the member became official")] = None


class RecognizedOfficial(PersonEntry):
    """A probationary member is recognised as official, from the official date on."""


class CardIssued(PersonEntry):
    """A member is given a card."""

    card_number: Annotated[str | None, personal("number of the card")] = None


class CardReturned(PersonEntry):
    """A card is handed back."""

    card_number: Annotated[str | None, personal("number of the card")] = None


class Transferred(PersonEntry):
    """A member passes to another unit of the book."""

    to: Annotated[Place, said("unit that receives the member")]


class TransferredOut(PersonEntry):
    """A member passes to an organisation outside the book."""

    elsewhere: Annotated[str, said("organisation that receives the member")]


class TransferredIn(PersonEntry):
    """A member comes from an organisation outside the book."""

    unit: Annotated[Place, said("unit that receives the member")]
    elsewhere: Annotated[str, said("organisation the member comes from")]
    profile: Annotated[Profile | None, said("profile of somebody new to the book")] = None
    joined_on: Annotated[date | None, said("day of the admission ceremony")] = None
    decided_on: Annotated[date | None, said("day of the admission decision")] = None
    official_on: Annotated[date | None, said("day the member became official")] = None


class TemporaryTransferBegan(PersonEntry):
    """A member takes part elsewhere for a time; the home unit goes on counting them."""

    host: Annotated[UnitOrBody, said("unit or organisation that hosts the member")]


class TemporaryTransferEnded(PersonEntry):
    """A member on temporary transfer comes back."""

    host: Annotated[UnitOrBody | None, said("unit or organisation that hosted the member")] = None


class Exempted(PersonEntry):
    """A member is exempted from Party activity; they still count."""


class ExemptionEnded(PersonEntry):
    """A member's exemption ends."""


class Suspended(PersonEntry):
    """A member is suspended from Party activity; they still count."""


class Reinstated(PersonEntry):
    """A member's suspension ends."""


class Disciplined(PersonEntry):
    """A member is disciplined."""

    form: Annotated[
        Literal["reprimand", "warning", "removed_from_post"], said("form of discipline")
    ]


class Deleted(PersonEntry):
    """A member's name is deleted from the list."""

    ground: Annotated[str | None, personal("ground")] = None


class Expelled(PersonEntry):
    """A member is expelled."""

    ground: Annotated[str | None, personal("ground")] = None


class LeftOnRequest(PersonEntry):
    """A member leaves on their own request."""

    ground: Annotated[str | None, personal("ground")] = None


class Died(PersonEntry):
    """A person has died."""

    ground: Annotated[str | None, personal("cause")] = None


class Restored(PersonEntry):
    """A former member's membership is restored, with the standing that was left."""

    unit: Annotated[Place, said("unit of the member")]


class BadgeAwarded(PersonEntry):
    """A Party badge is awarded, also after death (294 28)."""

    years: Annotated[int, said("years of Party seniority that the badge is for")]


class ProfileChanged(PersonEntry):
    """Parts of a person's profile change."""

    profile: Annotated[ProfileChange, said("the parts that changed")]
