"""What can go wrong, as errors with a stable code, a place, the value, the rule and the remedy.

The words of every code stand once, in ``problems.py``. A command turns a
``RollbookError`` into lines on standard error and its exit status; nothing else is
ever shown to people.
"""

from typing import TYPE_CHECKING, Any

from ledger.problems import PROBLEMS

if TYPE_CHECKING:
    from ledger.catalogue import Entry


class Problem(Exception):
    """One thing that is wrong: a code of ``PROBLEMS`` and the values its words need.

    ``place`` is where, as ``file:row:column`` or an option's name; it is filled in by
    whoever knows it. Raised singly by rules, collected into a ``RollbookError``.
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values: dict[str, Any] = values
        self.place: str | None = None
        self.entry: Entry | None = None
        """The entry of a timeline that turned out impossible, where that is not the new one."""

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"

    @property
    def text(self) -> str:
        """What is wrong, in English; the translation is made from ``PROBLEMS`` itself."""
        return PROBLEMS[self.code].text.format(**self.values)

    @property
    def remedy(self) -> str:
        """What to do about it, in English."""
        return PROBLEMS[self.code].remedy.format(**self.values)

    def at(self, place: str | None) -> "Problem":
        """Return this problem with its place set."""
        self.place = place
        return self


class RollbookError(Exception):
    """An operation that was not done; ``problems`` say why, one each.

    ``status`` is the exit status of DESIGN §7.
    """

    status = 3

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))


class WrongUsage(RollbookError):
    """The command was called wrongly."""

    status = 2


class Refused(RollbookError):
    """Nothing was written: what was asked is impossible or malformed."""

    status = 3


class Conflict(RollbookError):
    """Nothing was written: somebody recorded meanwhile; try again."""

    status = 4


class BookMissing(RollbookError):
    """There is no book where one was looked for."""

    status = 10


class BookLocked(RollbookError):
    """Somebody else kept the book locked for longer than we wait."""

    status = 11


class BookDamaged(RollbookError):
    """What is stored is not what Rollbook wrote."""

    status = 12
