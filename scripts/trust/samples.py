"""Books to be damaged: entries of several kinds, sealed details, and operators who sign."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from ledger.audit.derive import Derived
from ledger.audit.identity import signed_checkpoint, signing_key
from ledger.audit.structure import structure, subject_of
from ledger.authority.keyfiles import new_key
from ledger.authority.operators import key_name, key_text, origin_of
from ledger.book import Book, Line
from ledger.exchange.jsonlines import read_lines
from ledger.proof.keys import SigningKey
from ledger.store.sealing import keys_path

NOW = datetime(2024, 5, 6, 7, 8, 9, 123_456, tzinfo=UTC)
LATER = NOW + timedelta(days=1_000)
"""After every entry of a sample."""
CHIEF, CLERK = "lan", "minh"
_DAY = '"effective_on":"2020-01-01"'


class Sample(NamedTuple):
    """A closed book, with a checkpoint of what it holds."""

    path: Path
    note: bytes
    ends: list[int]
    """The last number of each commit."""

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.ends[-1]


def enrolling(code: str, role: str, public: bytes) -> str:
    """Return the line that enrols an operator."""
    return (
        f'{{"kind":"operator_enrolled",{_DAY},"operator":"{code}","name":"Tên của {code}",'
        f'"role":"{role}","public_key":"{key_text(public)}"}}'
    )


def founded(code: str, parent: str | None = None) -> str:
    """Return the line that founds a unit."""
    above = f',"parent":"{parent}"' if parent else ""
    return (
        f'{{"kind":"unit_founded","effective_on":"2015-01-01","unit":"{code}",'
        f'"name":"Chi bộ {code}","type":"cell"{above}}}'
    )


def _person(number: int) -> str:
    code = f"P{number // 2:06}"
    if number % 2:
        return f'{{"kind":"listed","effective_on":"2020-03-03","person":"{code}"}}'
    profile = f'{{"name":"Nguyễn Văn {number}","birth_year":{1950 + number % 50},"sex":"male"}}'
    return (
        f'{{"kind":"nominated","effective_on":"2020-03-02","person":"{code}","unit":"TP",'
        f'"profile":{profile}}}'
    )


def typed(text: str) -> list[Line]:
    """Return lines as if they had been typed."""
    found, problems = read_lines([line.encode() for line in text.splitlines()], "typed")
    assert not problems, problems
    return [Line(line.entry) for line in found]


def sample(folder: Path, size: int, *, signed: bool, entries_a_commit: int = 20) -> Sample:
    """Return a new book of so many entries, signed by two operators or by nobody."""
    keys: dict[str, SigningKey] = {}
    with Book.create(folder / "so.db", name="Tân Phú") as book:
        name = origin_of(bytes.fromhex(book.id))
        moment = NOW

        def record(by: str, text: str) -> None:
            nonlocal moment
            moment += timedelta(days=1)
            book.record(typed(text), now=moment, by=by, key=keys.get(by))

        record(CHIEF, founded("TP"))
        if signed:
            for code, role in ((CHIEF, "chief"), (CLERK, "clerk")):
                keys[code] = new_key(key_name(name, code))[1]
                record(CHIEF, enrolling(code, role, keys[code].key.public))
        record(CLERK, "\n".join((founded("TP1", "TP"), founded("TP2", "TP"))))
        begin, number = book.head.no, 0
        while begin + number < size - 1:
            count = min(entries_a_commit, size - 1 - begin - number)
            record(CLERK, "\n".join(map(_person, range(number, number + count))))
            number += count
        record(CHIEF, f'{{"kind":"voided",{_DAY},"entry":{begin - 1},"reason":"nhầm"}}')
        return Sample(book.path, noted(book), _ends(book))


def noted(book: Book) -> bytes:
    """Return a checkpoint of a book, signed by its identity."""
    result: Derived = structure(subject_of(book))
    assert not result.findings
    return signed_checkpoint(book, result, signing_key(book))


def _ends(book: Book) -> list[int]:
    with closing(sqlite3.connect(book.path)) as connection:
        rows = connection.execute("SELECT last_no FROM commits ORDER BY commit_no")
        return [last for (last,) in rows]


def files(path: Path) -> dict[str, bytes]:
    """Return the two files of a book: their names and bytes."""
    return {each.name: each.read_bytes() for each in (path, keys_path(path))}
