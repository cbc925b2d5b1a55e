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


MOST = 100
"""How many findings of one kind of check are listed; of further ones only their number."""


class Listed:
    """The first of many findings, and how many more there are."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.more = 0

    def add(self, finding: Finding) -> None:
        """Take in a finding."""
        if len(self.findings) < MOST:
            self.findings.append(finding)
        else:
            self.more += 1


def found(no: int | None, code: str, **values: object) -> Finding:
    """Return the finding with a code of ``problems.py``."""
    return Finding(no, Problem(code, **values))
