"""One invented person's way from nomination to recognition, step by step (DOMAIN §1.1)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from msgspec.structs import replace

from commands.sample.notebook import Notebook
from commands.sample.people import INVENTED
from ledger.catalogue import Profile
from ledger.catalogue.membership import Admitted, CardIssued, RecognizedOfficial
from ledger.catalogue.pipeline import (
    AdmissionDecided,
    Assessed,
    AttendedClass,
    ClassOpened,
    Commented,
    DossierOpened,
    DossierSubmitted,
    EnrolledInClass,
    Listed,
    MentorAssigned,
    MentorReported,
    Nominated,
    Referred,
    Resolved,
    TaskAssigned,
    TaskReported,
    Vetted,
    VettingRequested,
)

Body = Literal["cell", "grassroots_committee", "deciding_body"]
Matter = Literal["admission", "recognition"]
VOTERS: dict[Body, int] = {"grassroots_committee": 15, "deciding_body": 11}
"""Members of the bodies above a cell."""


class Course(NamedTuple):
    """A training class that people of a committee go to."""

    code: str
    type: Literal["awareness", "new_member"]
    starts: date
    ends: date


class Applicant(NamedTuple):
    """Who applies, where, with whose help, and who decides."""

    person: str
    profile: Profile
    mentor: str
    cell: str
    decider: str
    """The unit that decides."""
    voters: int
    """Official members entitled to vote in the cell."""


def days(count: int) -> timedelta:
    """Return ``count`` days."""
    return timedelta(days=count)


def a_year_after(day: date) -> date:
    """Return the day on which twelve months of probation are over."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap_day else day.day)


def open_course(notebook: Notebook, course: Course, organiser: str) -> None:
    """Write down that a class is opened."""
    notebook.write(
        ClassOpened(
            effective_on=course.starts,
            class_=course.code,
            type=course.type,
            organiser=organiser,
            starts=course.starts,
            ends=course.ends,
        )
    )


def attend(notebook: Notebook, person: str, course: Course) -> None:
    """Write down that a person is enrolled in a class and finishes it."""
    notebook.write(EnrolledInClass(effective_on=course.starts, person=person, class_=course.code))
    notebook.write(AttendedClass(effective_on=course.ends, person=person, class_=course.code))


def nominate(notebook: Notebook, applicant: Applicant, on: date) -> None:
    """Write down the nomination, the sympathiser list and the mentor."""
    person = applicant.person
    notebook.write(
        Nominated(
            effective_on=on,
            person=person,
            unit=applicant.cell,
            profile=applicant.profile,
            note=INVENTED,
        )
    )
    notebook.write(Listed(effective_on=on + days(10), person=person))
    notebook.write(
        MentorAssigned(effective_on=on + days(15), person=person, mentor=applicant.mentor)
    )


def prove(notebook: Notebook, applicant: Applicant, since: date) -> None:
    """Write down the task after the class, and what mentor and cell think of it."""
    person = applicant.person
    task = "Tham gia Ngày Chủ nhật xanh" if int(person[1:]) % 2 else "Tuyên truyền ở tổ dân phố"
    notebook.write(TaskAssigned(effective_on=since + days(10), person=person, task=task))
    notebook.write(TaskReported(effective_on=since + days(55), person=person, task=task))
    notebook.write(
        MentorReported(
            effective_on=since + days(62),
            person=person,
            mentor=applicant.mentor,
            assessment="ready",
        )
    )
    notebook.write(
        Assessed(
            effective_on=since + days(65), person=person, unit=applicant.cell, assessment="ready"
        )
    )


def compile_dossier(notebook: Notebook, applicant: Applicant, since: date) -> None:
    """Write down the dossier: referrals, opinions and vetting, over forty days."""
    person = applicant.person
    referrers = (applicant.mentor, *(applicant.profile.unions or ())[:1])
    notebook.write(DossierOpened(effective_on=since, person=person))
    for referrer in referrers:
        notebook.write(Referred(effective_on=since + days(8), person=person, referrer=referrer))
    notebook.write(
        Commented(
            effective_on=since + days(14), person=person, body="mass_organisation", favourable=True
        )
    )
    notebook.write(
        Commented(effective_on=since + days(16), person=person, body="residence", favourable=True)
    )
    notebook.write(VettingRequested(effective_on=since + days(20), person=person))
    notebook.write(Vetted(effective_on=since + days(40), person=person, outcome="clear"))


def vote(notebook: Notebook, applicant: Applicant, matter: Matter, votes: dict[Body, date]) -> None:
    """Write down the resolutions on a matter, one for each body and its day."""
    against = int(int(applicant.person[1:]) % 11 == 0)
    for body, day in votes.items():
        eligible = applicant.voters if body == "cell" else VOTERS[body]
        notebook.write(
            Resolved(
                effective_on=day,
                person=applicant.person,
                body=body,
                matter=matter,
                votes_for=eligible - against,
                votes_against=against,
                eligible=eligible,
            )
        )


class Recording(NamedTuple):
    """How a ceremony was written down, where that was not done on the next day."""

    on: date | None = None
    """When, if late."""
    mistaken_day: date | None = None
    """The day that was first written down for it, and corrected later."""


def admit(
    notebook: Notebook,
    applicant: Applicant,
    ceremony: date,
    decided_on: date | None,
    recording: Recording,
) -> None:
    """Write down everything from the dossier, 120 days before, to the ceremony.

    ``decided_on``: the day of the decision; None: twenty days before the ceremony.
    """
    person, decider = applicant.person, applicant.decider
    decided_on = decided_on or ceremony - days(20)
    compile_dossier(notebook, applicant, ceremony - days(120))
    vote(
        notebook,
        applicant,
        "admission",
        {
            "cell": ceremony - days(65),
            "grassroots_committee": ceremony - days(58),
            "deciding_body": decided_on - days(3),
        },
    )
    notebook.write(DossierSubmitted(effective_on=ceremony - days(55), person=person, to=decider))
    paper = notebook.paper("QĐ/KN", f"{decider} (giả định)", decided_on)
    notebook.write(
        AdmissionDecided(effective_on=decided_on, person=person, by_unit=decider, document=paper)
    )
    admitted = Admitted(effective_on=ceremony, person=person, unit=applicant.cell, document=paper)
    mends = None
    if recording.mistaken_day:
        mends = f"wrong ceremony of {person}"
        notebook.write(replace(admitted, effective_on=recording.mistaken_day), label=mends)
    notebook.write(admitted, recorded_on=recording.on, mends=mends)


def probation(
    notebook: Notebook, applicant: Applicant, ceremony: date, courses: Sequence[Course]
) -> date:
    """Write down the twelve months after the ceremony; return the official date.

    The committee decides a month later, so that recognition is recorded after the day on
    which it takes effect (294 4.2.2). ``courses``: those for new members; the person goes
    to the first that begins after the ceremony.
    """
    person, official_on = applicant.person, a_year_after(ceremony)
    course = next((course for course in courses if course.starts > ceremony + days(20)), None)
    if course and course.ends <= official_on:
        attend(notebook, person, course)
    notebook.write(
        MentorReported(
            effective_on=official_on - days(20),
            person=person,
            mentor=applicant.mentor,
            assessment="ready",
        )
    )
    vote(
        notebook,
        applicant,
        "recognition",
        {
            "cell": official_on + days(8),
            "grassroots_committee": official_on + days(15),
            "deciding_body": official_on + days(24),
        },
    )
    decided_on = official_on + days(30)
    paper = notebook.paper("QĐ/CN", f"{applicant.decider} (giả định)", decided_on)
    notebook.write(
        RecognizedOfficial(effective_on=official_on, person=person, document=paper),
        recorded_on=decided_on,
    )
    notebook.write(CardIssued(effective_on=official_on + days(40), person=person))
    return official_on
