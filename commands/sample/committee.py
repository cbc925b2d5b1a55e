"""A committee of the sample: its cells, its classes, its mentors, and whom it admits."""

from collections.abc import Sequence
from datetime import date

from commands.sample import journey
from commands.sample.journey import Applicant, Course, days
from commands.sample.notebook import Notebook
from commands.sample.people import INVENTED, Traits, profile
from ledger.catalogue.membership import CarriedForward
from ledger.catalogue.units import UnitFounded

INVENTED_UNIT = "Đơn vị giả định"
"""The mark on every invented unit: the note of its founding."""
ORDINARY = Traits()
_FROM_CLASS_TO_CEREMONY = days(190)
_FROM_NOMINATION_TO_CLASS = days(60)
_FROM_MENTOR_TO_CLASS = days(45)
_FROM_RECOGNITION_TO_MENTOR = days(45)
"""A recognition is written down a month after it takes effect; only then may one help others."""


def spread(first: date, last: date, count: int) -> list[date]:
    """Return ``count`` days spread evenly over a stretch, both its ends included."""
    length = (last - first).days
    return [first + days(length * index // max(count - 1, 1)) for index in range(count)]


class Committee:
    """Writes down what happens in one committee that names its people."""

    def __init__(
        self,
        notebook: Notebook,
        *,
        cells: Sequence[str],
        decider: str,
        courses: Sequence[Course],
        ethnicities: tuple[str, ...] = ("kinh",),
    ) -> None:
        self._notebook = notebook
        self._cells = cells
        self._decider = decider
        self._courses = courses
        self._ethnicities = ethnicities
        self._mentors: list[tuple[date, str]] = []
        self._turn = 0

    def carry_forward(self, count: int, on: date, *, helping: bool) -> list[str]:
        """Bring official members into the book and return their ids.

        ``helping``: whether they are the mentors of the first who apply.
        """
        people = []
        for index in range(count):
            person = self._notebook.next_person()
            joined_on = date(on.year - 12 - 4 * index, 5, 19)
            self._notebook.write(
                CarriedForward(
                    effective_on=on,
                    person=person,
                    unit=self._cells[index % len(self._cells)],
                    profile=profile(self._notebook.people, joined_on.year, self._traits(ORDINARY)),
                    joined_on=joined_on,
                    decided_on=joined_on - days(20),
                    official_on=journey.a_year_after(joined_on),
                    note=INVENTED,
                )
            )
            people.append(person)
        if helping:
            self._mentors += [(on, person) for person in people]
        return people

    def _traits(self, traits: Traits) -> Traits:
        return traits._replace(ethnicities=self._ethnicities)

    def _mentor(self, on: date) -> str:
        ready = [mentor for since, mentor in self._mentors if since <= on]
        return ready[self._turn % len(ready)]

    def _course_before(self, day: date) -> Course:
        return max(
            (
                course
                for course in self._courses
                if course.type == "awareness" and course.ends <= day
            ),
            key=lambda course: course.ends,
        )

    def _applicant(self, course: Course, traits: Traits, cell: str | None) -> Applicant:
        self._turn += 1
        person = self._notebook.next_person()
        return Applicant(
            person=person,
            profile=profile(self._notebook.people, course.starts.year + 1, self._traits(traits)),
            mentor=self._mentor(course.starts - _FROM_MENTOR_TO_CLASS),
            cell=cell or self._cells[self._turn % len(self._cells)],
            decider=self._decider,
            voters=9 + self._turn % 13,
        )

    def admit(
        self,
        ceremony: date,
        *,
        traits: Traits = ORDINARY,
        cell: str | None = None,
        decided_on: date | None = None,
        recorded_on: date | None = None,
        mistaken_day: date | None = None,
    ) -> str:
        """Write down a whole way to membership, and on to recognition; return the person's id.

        ``recorded_on``: when the ceremony was written down, if late; ``mistaken_day``: the
        day that was written down for it at first, and corrected on ``recorded_on``.
        """
        course = self._course_before(ceremony - _FROM_CLASS_TO_CEREMONY)
        applicant = self._applicant(course, traits, cell)
        self._until_proven(applicant, course)
        recording = journey.Recording(recorded_on, mistaken_day)
        journey.admit(self._notebook, applicant, ceremony, decided_on, recording)
        new_member_courses = [each for each in self._courses if each.type == "new_member"]
        official_on = journey.probation(self._notebook, applicant, ceremony, new_member_courses)
        self._mentors.append((official_on + _FROM_RECOGNITION_TO_MENTOR, applicant.person))
        return applicant.person

    def _until_proven(self, applicant: Applicant, course: Course) -> None:
        journey.nominate(self._notebook, applicant, course.starts - _FROM_NOMINATION_TO_CLASS)
        journey.attend(self._notebook, applicant.person, course)
        journey.prove(self._notebook, applicant, course.ends)

    def prepare(self, course: Course, count: int) -> list[Applicant]:
        """Write down people who go to a class and are not admitted yet; return them."""
        applicants = [self._applicant(course, ORDINARY, None) for _ in range(count)]
        for applicant in applicants:
            self._until_proven(applicant, course)
        return applicants


def found_cells(
    notebook: Notebook, parent: str, cells: dict[str, str], on: date, sector: str
) -> None:
    """Write down that invented cells are founded under ``parent``: names by their codes."""
    for code, name in cells.items():
        notebook.write(
            UnitFounded(
                effective_on=on,
                unit=code,
                name=name,
                type="cell",
                sector=sector,
                parent=parent,
                note=INVENTED_UNIT,
            )
        )
