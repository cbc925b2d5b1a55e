"""What is wrong with a book: the entry from which it is, and why."""

from typing import NamedTuple

from ledger.errors import BookDamaged, Problem


class Finding(NamedTuple):
    """Something that is not as Rollbook wrote it."""

    no: int | None
    """The first entry concerned; None where it is about no entry, such as a lost trigger."""
    problem: Problem

    @property
    def order(self) -> tuple[bool, int]:
        """Where it stands among others: what is about no entry comes last."""
        return self.no is None, self.no or 0

    def error(self) -> BookDamaged:
        """Return the error that says so."""
        if self.no is None:
            return BookDamaged(Problem("book_damaged", detail=self.problem))
        return BookDamaged(Problem("damaged", value=self.no, detail=self.problem))


def found(no: int | None, code: str, **values: object) -> Finding:
    """Return the finding with a code of ``problems.py``."""
    return Finding(no, Problem(code, **values))
