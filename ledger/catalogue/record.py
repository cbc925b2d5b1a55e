"""Entries about the book itself: voiding, operators, erasure."""

from typing import Annotated, Literal

from ledger.catalogue.base import Entry, Unit, personal, said
from ledger.catalogue.pipeline import PersonEntry


class Voided(Entry):
    """An entry is taken out of the reckoning; it stays in the book."""

    entry: Annotated[int, said("number of the entry")]
    reason: Annotated[str, said("why")]


class OperatorEnrolled(Entry):
    """An operator may record or read."""

    stream = "operator"

    operator: Annotated[str, said("code of the operator")]
    role: Annotated[Literal["clerk", "chief", "auditor"], said("what the operator may do")]
    name: Annotated[str | None, personal("full name", required=True)] = None
    scope: Annotated[Unit | None, said("unit whose subtree the operator works for")] = None
    public_key: Annotated[str | None, said("Ed25519 public key")] = None


class OperatorRevoked(Entry):
    """An operator may no longer record or read."""

    stream = "operator"

    operator: Annotated[str, said("code of the operator")]


class OperatorKeyRotated(Entry):
    """An operator signs with another key from now on; signed with the one before."""

    stream = "operator"

    operator: Annotated[str, said("code of the operator")]
    public_key: Annotated[str, said("Ed25519 public key")]


class SubjectErased(PersonEntry):
    """A person's personal details are erased: the key to them is destroyed for good."""

    reason: Annotated[str, said("why")]


class BookRestored(Entry):
    """The book was put back to an earlier backup; what came after that is not in it."""

    stream = "book_id"
    prefix = "book"

    book_id: Annotated[str, said("id of the book")]
    from_no: Annotated[int, said("number of the last entry that the book is known to have had")]
    reason: Annotated[str | None, said("why")] = None
