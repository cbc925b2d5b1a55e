"""Whether a commit was its operator's to make: each entry, and the signature under all.

Signing begins with the first commit of one typed entry in which its operator enrols
themself as chief with a key; that key signs it. From then on every commit must be signed,
and hold only what the operator is entitled to by the log before it.
"""

from collections.abc import Iterator
from typing import Any

from ledger.authority.facts import Facts, displaced_by
from ledger.authority.operators import (
    Operator,
    Operators,
    is_about_operators,
    key_of,
    origin_of,
)
from ledger.catalogue import kind_of
from ledger.errors import Problem
from ledger.lifecycle.arrivals import PERSON
from ledger.lifecycle.effects import effect_of
from ledger.proof.checkpoints import Checkpoint
from ledger.proof.keys import Key

_OF_CHIEFS = frozenset({"subject_erased", "book_restored"})
"""Kinds that are for chiefs, beside all that is about operators."""
_STREAMS_OF_CHIEFS = ("operator/", "book/")
"""How the streams begin of which nobody else displaces an entry; no erasure is ever displaced."""
_JOINING = frozenset({"nominated", "carried_forward", "transferred_in", "restored"})
"""Kinds by which somebody comes from outside, wherever they were before."""
_OTHER_UNITS = ("parent", "into", "members_to", "organiser", "unit")


class Authority:
    """The operators and the scope of each thing, as far as the log was taken in.

    For each commit ``open``, then for each entry ``check`` and ``add``, then ``close``.
    """

    _by: str
    _key: Key | None
    _count: int
    _last: tuple[Any, bool]

    def __init__(self, book_id: bytes, facts: Facts, *, begun: bool) -> None:
        self.origin = origin_of(book_id)
        self.begun = begun
        """Whether commits must be signed, from the last one that was closed on."""
        self.facts = facts
        self.operators = Operators(self.origin, facts.counts)

    def open(self, by: str) -> None:
        """Begin a commit of the operator ``by``; raise a Problem if they cannot sign."""
        self._by, self._key, self._count = by, None, 0
        if self.begun:
            self._key = self._entitled().key

    def check(self, entry: Any, stream_id: str, displaced: str | None, by: str | None) -> None:
        """Raise a Problem if an entry is beyond what the operator may record.

        ``stream_id``: where it stands; ``displaced``: the stream of what it voids or
        corrects; ``by``: who the entry says recorded it.
        """
        if not self.begun:
            return
        operator = self._entitled()
        kind = kind_of(entry)
        if kind == "operator_key_rotated" and entry.operator == operator.code and not displaced:
            return
        of_chiefs = kind in _OF_CHIEFS or is_about_operators(entry) or by != operator.code
        of_chiefs = of_chiefs or any(
            stream and stream.startswith(_STREAMS_OF_CHIEFS) for stream in (stream_id, displaced)
        )
        if operator.role == "auditor" or (of_chiefs and operator.role != "chief"):
            raise Problem("not_entitled", value=operator.code, role=operator.role, kind=kind)
        if kind == "operator_key_rotated":
            raise Problem("not_your_key", value=entry.operator)
        if operator.scope is not None:
            self._check_scope(operator, operator.scope, entry, stream_id, displaced)
        if of_chiefs:
            self._check_chief_left(entry)

    def add(self, entry: Any, stream_id: str, *, typed: bool) -> None:
        """Take in an entry that was checked; ``typed``: whether it came from no file."""
        self.facts.add(stream_id, entry)
        if is_about_operators(entry):
            self.operators.add(entry)
        self._count += 1
        self._last = entry, typed

    def close(self) -> Key | None:
        """End the commit; return the key that must have signed it, None if it need not be."""
        if not self.begun and self._count == 1:
            entry, typed = self._last
            self._key = self._beginning(entry) if typed else None
            self.begun = self._key is not None
        return self._key

    def _beginning(self, entry: Any) -> Key | None:
        if kind_of(entry) != "operator_enrolled" or entry.role != "chief":
            return None
        if not entry.operator == entry.by == self._by or entry.scope is not None:
            return None
        return key_of(self.origin, entry.operator, entry.public_key)

    def _entitled(self) -> Operator:
        """Return the operator of the commit as the log has them now."""
        operator = self.operators.get(self._by)
        if operator is None:
            raise Problem("not_enrolled", value=self._by)
        if operator.revoked:
            raise Problem("operator_revoked", value=self._by, no=operator.no)
        if operator.key is None:
            raise Problem("operator_without_key", value=self._by)
        return operator

    def _check_chief_left(self, entry: Any) -> None:
        """Raise last_chief when nobody could enrol operators for the whole book any more."""
        displaced = displaced_by(entry)
        after = self.operators.but(displaced)
        if is_about_operators(entry):
            after.add(entry)
        if not any(map(_is_head, after.all())) and any(map(_is_head, self.operators.all())):
            raise Problem("last_chief", value=self._by)

    def _check_scope(
        self, operator: Operator, scope: str, entry: Any, stream_id: str, displaced: str | None
    ) -> None:
        needed: list[str | None] = list(self._needed(entry, stream_id))
        if displaced is not None:
            needed += self._under(displaced)
        for unit in needed or [None]:
            if not self.facts.within(unit, scope):
                raise Problem("beyond_scope", value=operator.code, scope=scope, unit=unit or "—")

    def _needed(self, entry: Any, stream_id: str) -> Iterator[str | None]:
        """Yield the units that an entry is about; None stands for the whole book."""
        kind = kind_of(entry)
        if stream_id.startswith("operator/"):
            if kind == "operator_enrolled":
                yield entry.scope
            if kind != "operator_enrolled" or self.operators.get(entry.operator):
                yield from self._under(stream_id)
        elif stream_id.startswith(PERSON):
            if kind not in _JOINING:
                yield from self._under(stream_id)
            field = effect_of(kind).place
            if field is not None and kind != "transferred":
                yield from filter(None, [getattr(entry, field)])
        else:
            yield from filter(None, self._under(stream_id))  # it need not be there before
            if kind == "unit_founded":
                yield entry.parent
                return
            for name in _OTHER_UNITS:
                value = getattr(entry, name, None)
                if value is not None:
                    yield from [value] if isinstance(value, str) else value

    def _under(self, stream_id: str) -> Iterator[str | None]:
        """Yield the unit that a stream lies under: a unit under itself, if it is there.

        An operator lies under their scope; None stands for the whole book, which has all else
        that is not there.
        """
        prefix, _, code = stream_id.partition("/")
        if prefix == "operator":
            operator = self.operators.get(code)
            yield operator.scope if operator else None
        elif prefix != "unit":
            yield self.facts.above(stream_id)
        elif self.facts.has(code):
            yield code


def _is_head(operator: Operator) -> bool:
    """Return whether an operator can enrol others for the whole book."""
    return (
        operator.role == "chief"
        and operator.scope is None
        and operator.key is not None
        and not operator.revoked
    )


def signed_text(origin: str, last_no: int, root: bytes) -> str:
    """Return what the operator of a commit signs: the checkpoint of the book after it."""
    return Checkpoint(origin, last_no, root).text
