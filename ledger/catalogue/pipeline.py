"""Entries on the way to membership: from the first nomination to the decision (DOMAIN §1.1)."""

from datetime import date
from typing import Annotated, Literal

from ledger.catalogue.base import (
    Class,
    Entry,
    Person,
    PersonOrBody,
    Place,
    Profile,
    Unit,
    UnitOrBody,
    personal,
    said,
)

Assessment = Literal["ready", "progressing", "not_ready"]


class ClassOpened(Entry):
    """A training class is opened."""

    stream = "class_"
    prefix = "class"

    class_: Annotated[Class, said("code of the class")]
    type: Annotated[Literal["awareness", "new_member"], said("what the class is for")]
    organiser: Annotated[Unit, said("unit that opens the class")]
    starts: Annotated[date, said("first day of the class")]
    ends: Annotated[date | None, said("last day of the class")] = None


class PersonEntry(Entry):
    """An entry in the stream of a person."""

    stream = "person"

    person: Annotated[Person, said("id of the person")]


class Nominated(PersonEntry):
    """A person is nominated from among outstanding non-members; their file opens."""

    unit: Annotated[Place, said("unit that nominates")]
    profile: Annotated[Profile, said("the person's profile")]


class Listed(PersonEntry):
    """A person is put on the sympathiser list."""

    unit: Annotated[Place | None, said("unit whose list it is")] = None


class Delisted(PersonEntry):
    """A person is taken off the sympathiser list and out of the pipeline."""

    unit: Annotated[Unit | None, said("unit whose list it is")] = None


class MentorAssigned(PersonEntry):
    """An official member is assigned to help a person."""

    mentor: Annotated[Person, said("id of the official member who helps")]


class MentorReleased(PersonEntry):
    """A mentor no longer helps a person."""

    mentor: Annotated[Person, said("id of the mentor")]


class EnrolledInClass(PersonEntry):
    """A person is enrolled in a class."""

    class_: Annotated[Class, said("code of the class")]


class AttendedClass(PersonEntry):
    """A person has finished a class and is certified."""

    class_: Annotated[Class, said("code of the class")]
    certificate: Annotated[str | None, personal("number of the certificate")] = None


class TaskAssigned(PersonEntry):
    """A person is given a task to prove themselves."""

    task: Annotated[str, said("name of the task")]


class TaskReported(PersonEntry):
    """A person's task is reported on."""

    task: Annotated[str, said("name of the task")]
    outcome: Annotated[str | None, personal("how it went")] = None


class MentorReported(PersonEntry):
    """A mentor reports on a person."""

    mentor: Annotated[Person, said("id of the mentor")]
    assessment: Annotated[Assessment, said("the mentor's view")]
    strengths: Annotated[str | None, personal("strengths")] = None
    weaknesses: Annotated[str | None, personal("weaknesses")] = None


class Assessed(PersonEntry):
    """A cell gives its own view of a person at its monthly meeting."""

    unit: Annotated[Unit, said("unit that assesses")]
    assessment: Annotated[Assessment, said("the unit's view")]
    comments: Annotated[str | None, personal("remarks of the meeting")] = None


class Referred(PersonEntry):
    """A person is referred for admission by a member or a union (294 3.1-3.2)."""

    referrer: Annotated[PersonOrBody, said("id of a member, or youth_union, trade_union")]


class Commented(PersonEntry):
    """A body outside the cell gives its opinion of a person (06 3.5)."""

    body: Annotated[Literal["mass_organisation", "residence"], said("who was asked")]
    favourable: Annotated[bool, said("whether it is in favour")]
    opinion: Annotated[str | None, personal("the opinion")] = None


class DossierOpened(PersonEntry):
    """The admission dossier of a person is opened."""


class VettingRequested(PersonEntry):
    """Vetting of a person's background is asked for."""


class Vetted(PersonEntry):
    """Vetting of a person's background is answered."""

    outcome: Annotated[Literal["clear", "unclear", "refused"] | None, said("the answer")] = None
    findings: Annotated[str | None, personal("what was found")] = None


class Resolved(PersonEntry):
    """A body votes on a person's case; a failed vote is recorded too (DOMAIN §1.3)."""

    body: Annotated[
        Literal["cell", "grassroots_committee", "deciding_body"], said("body that votes")
    ]
    matter: Annotated[
        Literal["admission", "recognition", "deletion", "expulsion"], said("what it votes on")
    ]
    votes_for: Annotated[int, said("votes in favour")]
    votes_against: Annotated[int, said("votes against")]
    eligible: Annotated[int, said("members entitled to vote: the base of every share")]


class DossierSubmitted(PersonEntry):
    """The dossier goes to the body above."""

    to: Annotated[UnitOrBody, said("unit or body that receives it")]


class AdmissionDecided(PersonEntry):
    """The body with power decides to admit a person; seniority runs from this day."""

    by_unit: Annotated[UnitOrBody, said("unit or body that decides")]


class AdmissionCancelled(PersonEntry):
    """An admission decision is cancelled (06 3.9, 294 4.4)."""

    by_unit: Annotated[UnitOrBody | None, said("unit or body that cancels")] = None
