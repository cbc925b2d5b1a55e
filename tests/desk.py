"""A log in memory, checked commit by commit, for the tests of who may record what."""

from typing import Any

import msgspec

from ledger.authority.auditing import CommitsChecked, Found, Recorded
from ledger.authority.commits import signed_text
from ledger.authority.operators import key_name, key_text, origin_of
from ledger.lifecycle.arrivals import stream_of
from ledger.proof.keys import SigningKey
from ledger.store.rows import CommitRow
from tests.office import DAY, lines

BOOK_ID = bytes(range(32))
ORIGIN = origin_of(BOOK_ID)


def key_of(code: str, seed: int = 0) -> SigningKey:
    """Return a key of an operator, always the same."""
    return SigningKey(key_name(ORIGIN, code), f"{code}{seed}".encode().ljust(32))


def enrolled(code: str, role: str, scope: str | None = None, *, keyed: bool = True) -> str:
    """Return the line that enrols an operator, with their key or without."""
    line = f'{{"kind":"operator_enrolled",DAY,"operator":"{code}","name":"x","role":"{role}"'
    scoped = f',"scope":"{scope}"' if scope else ""
    given = f',"public_key":"{key_text(key_of(code).key.public)}"' if keyed else ""
    return f"{line}{scoped}{given}}}"


class Desk:
    """A log of which nothing is refused: what is wrong with it is found."""

    def __init__(self) -> None:
        self.streams: list[str] = []
        self.checked = CommitsChecked(BOOK_ID, self.stream)
        self.keys: dict[str, SigningKey] = {}

    def stream(self, no: int) -> str:
        """Return the stream of an entry."""
        return self.streams[no - 1]

    def record(
        self,
        by: str,
        *texts: str,
        typed: bool = True,
        said: str | None = None,
        signature: Any = ...,
    ) -> list[str]:
        """Add a commit, signed by its operator if they have a key; return what is wrong with it.

        ``said``: who the entries say recorded them; ``signature``: another one.
        """
        first = len(self.streams) + 1
        members = [self._recorded(text, said or by, typed=typed) for text in texts]
        last, root = len(self.streams), bytes([first]) * 32
        if signature is ... and (key := self.keys.get(by)):
            signature = key.sign(signed_text(ORIGIN, last, root))
        signature = None if signature is ... else signature
        commit = CommitRow(1, first, last, 0, by, None, None, root, signature)
        return [told(found) for found in self.checked.check(commit, members)]

    def _recorded(self, text: str, by: str, *, typed: bool) -> Recorded:
        (line,) = lines(text.replace("DAY", DAY))
        no = len(self.streams) + 1
        entry: Any = msgspec.structs.replace(line.entry, no=no, by=by)
        is_voided = entry.__struct_config__.tag == "voided"
        self.streams.append(self.stream(entry.entry) if is_voided else stream_of(entry))
        return Recorded(self.streams[-1], entry, typed)


def told(found: Found) -> str:
    """Return what is wrong with an entry in one line: its number, the code, and the values."""
    return " ".join(map(str, [found.no, found.problem.code, *found.problem.values.values()]))
