"""A book with operators and their keys, for the tests of who may record what."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.authority.auditing import CommitsChecked, Found, Recorded
from ledger.authority.keyfiles import new_key
from ledger.authority.operators import key_name, key_text, origin_of
from ledger.book import Book, Line
from ledger.errors import Refused
from ledger.exchange.jsonlines import read_lines
from ledger.proof.keys import SigningKey
from ledger.store.rows import CommitRow

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
DAY = '"effective_on":"2020-01-01"'
_FOUNDED = '{"kind":"unit_founded","effective_on":"2015-01-01","type":"cell"'
_CARRIED = '{"kind":"carried_forward","effective_on":"2016-01-01","joined_on":"2010-01-01"'
_STARTS = '"starts":"2020-01-01"'
_PROFILE = '"profile":{"name":"x","birth_date":"1980-01-01","sex":"male"}'
UNITS = f"""
{_FOUNDED},"unit":"TP","name":"Tân Phú"}}
{_FOUNDED},"unit":"TP1","name":"1","parent":"TP"}}
{_FOUNDED},"unit":"HX","name":"Khác"}}
{_FOUNDED},"unit":"HX1","name":"1","parent":"HX"}}
{_CARRIED},"person":"A","unit":"TP1",{_PROFILE}}}
{_CARRIED},"person":"B","unit":"HX1",{_PROFILE}}}
{{"kind":"class_opened",{DAY},{_STARTS},"class":"L","type":"awareness","organiser":"HX"}}
{{"kind":"exempted","effective_on":"2017-01-01","person":"B"}}
"""


def lines(text: str) -> list[Line]:
    """Return lines as if they had been typed."""
    found, problems = read_lines([line.encode() for line in text.strip().splitlines()], "typed")
    assert not problems, [str(problem) for problem in problems]
    return [Line(line.entry) for line in found]


class Office:
    """A book with the keys of its operators."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = Book.create(path)
        self.keys: dict[str, SigningKey] = {}
        self.record("nobody", UNITS)

    def key(self, code: str) -> SigningKey:
        """Return a new key of an operator."""
        name = key_name(origin_of(bytes.fromhex(self.book.id)), code)
        self.keys[code] = new_key(name)[1]
        return self.keys[code]

    def record(self, by: str, text: str, **how: Any) -> None:
        """Record typed lines, signed with the key of the operator if there is one."""
        self.book.record(lines(text), now=NOW, by=by, key=self.keys.get(by), **how)

    def enrol(self, code: str, role: str, scope: str | None = None, by: str = "lan") -> None:
        """Enrol an operator with a new key."""
        public = key_text(self.key(code).key.public)
        scoped = f',"scope":"{scope}"' if scope else ""
        self.record(
            by,
            f'{{"kind":"operator_enrolled",{DAY},"operator":"{code}","name":"{code}",'
            f'"role":"{role}","public_key":"{public}"{scoped}}}',
        )

    def found(self) -> list[Found]:
        """Return what is wrong with the commits as they stand in the file."""
        with closing(sqlite3.connect(self.path)) as connection:
            commits = [CommitRow._make(row) for row in connection.execute("SELECT * FROM commits")]
            rows = connection.execute(
                "SELECT no, originator_id, row, commit_no FROM stored_events"
            ).fetchall()
        with Book.open(self.path) as book:
            entries = list(book.entries())
        streams = {no: stream_id for no, stream_id, _, _ in rows}
        checked = CommitsChecked(bytes.fromhex(self.book.id), streams.__getitem__)
        found: list[Found] = []
        for commit in commits:
            members = [
                Recorded(stream_id, entry, row is None)
                for (_, stream_id, row, commit_no), entry in zip(rows, entries, strict=True)
                if commit_no == commit.commit_no
            ]
            found += checked.check(commit, members)
        return found


def refused(office: Office, by: str, text: str, **how: Any) -> list[str]:
    """Return the codes of why something is not recorded; nothing must have been."""
    head = office.book.head
    with pytest.raises(Refused) as caught:
        office.record(by, text, **how)
    assert office.book.head == head
    return [problem.code for problem in caught.value.problems]
