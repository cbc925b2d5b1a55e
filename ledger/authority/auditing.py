"""Whether every commit of a log was its operator's to make, and is signed as it must be."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ledger.authority.commits import Authority, signed_text
from ledger.authority.facts import Facts, displaced_by
from ledger.errors import Problem
from ledger.proof.errors import Unproven
from ledger.proof.keys import Key
from ledger.store.rows import CommitRow


class Found(NamedTuple):
    """Something that was not the operator's to record, or is not signed as it must be."""

    no: int
    problem: Problem


class Recorded(NamedTuple):
    """An entry as it stands in the log."""

    stream_id: str
    entry: Any
    typed: bool
    """Whether it came from no file: its ``row`` is NULL."""


class CommitsChecked:
    """Checks commit after commit, from the first on; nothing may be left out."""

    def __init__(self, book_id: bytes, stream_of: Callable[[int], str]) -> None:
        """``stream_of`` returns the stream of the entry with a number."""
        self._stream_of = stream_of
        self._authority = Authority(book_id, Facts(), begun=False)

    @property
    def is_signed(self) -> bool:
        """Whether signing had begun by the last commit that was checked."""
        return self._authority.begun

    def check(self, commit: CommitRow, entries: Iterable[Recorded]) -> Iterator[Found]:
        """Take in a commit with its entries, in order; yield what is wrong with it."""
        authority, opened = self._authority, True
        try:
            authority.open(commit.operator)
        except Problem as problem:
            opened = False
            yield Found(commit.first_no, problem)
        for stream_id, entry, typed in entries:
            if opened and authority.begun:
                displaced = displaced_by(entry)
                of_wrong = None if displaced is None else self._stream_of(displaced)
                try:
                    authority.check(entry, stream_id, of_wrong, entry.by)
                except Problem as problem:
                    yield Found(entry.no, problem)
            authority.add(entry, stream_id, typed=typed)
        key = authority.close()
        if opened:
            yield from (Found(commit.last_no, wrong) for wrong in self._unsigned(commit, key))

    def _unsigned(self, commit: CommitRow, key: Key | None) -> Iterator[Problem]:
        """Yield what is wrong with the signature of a commit that ``key`` must have signed."""
        signature = commit.signature
        if key is None:
            if signature is not None:
                yield Problem("signature_unwanted")
        elif not isinstance(signature, bytes):
            yield Problem("signature_missing", value=commit.operator)
        else:
            try:
                text = signed_text(self._authority.origin, commit.last_no, commit.root)
                key.verify(text, signature)
            except Unproven as problem:
                yield problem
