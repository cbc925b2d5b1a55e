"""Random logs of books with operators, for the two auditors to agree on; any seed again.

A history is made through the real program. In every second one it does not ask who may record
what, so that entries beyond somebody's authority come in with true signatures.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from ledger.authority.operators import key_text
from ledger.book import Line
from ledger.errors import Problem, Refused
from tests.office import NOW, Office, lines

OPERATORS = ("lan", "minh", "tu", "an", "hoa", "Đặng-é")
ROLES = ("clerk", "chief", "auditor", "clerk")
UNITS = ("TP", "TP1", "HX", "HX1", "U1", "U2", "U3")
PERSONS = ("A", "B", "C", "D", "E")
_PROFILE = '"profile":{"name":"C","birth_year":1980,"sex":"male"}'
_PROFILE_DATE = '"profile":{"name":"C","birth_date":"1980-01-01","sex":"male"}'
TEMPLATES = (
    '{"kind":"died",DAY,"person":P}',
    '{"kind":"exempted",DAY,"person":P}',
    '{"kind":"exemption_ended",DAY,"person":P}',
    '{"kind":"transferred",DAY,"person":P,"to":U}',
    '{"kind":"transferred",DAY,"person":P,"to":U}',
    '{"kind":"transferred_out",DAY,"person":P,"elsewhere":"x"}',
    '{"kind":"left_on_request",DAY,"person":P}',
    '{"kind":"restored",DAY,"person":P,"unit":U}',
    '{"kind":"profile_changed",DAY,"person":P,"profile":{"occupation":"worker"}}',
    '{"kind":"nominated",DAY,"person":P,"unit":U,' + _PROFILE + "}",
    '{"kind":"listed",DAY,"person":P}',
    '{"kind":"listed",DAY,"person":P,"unit":U}',
    '{"kind":"delisted",DAY,"person":P,"unit":U}',
    '{"kind":"assessed",DAY,"person":P,"unit":U,"assessment":"ready"}',
    '{"kind":"carried_forward",DAY,"person":P,"unit":U,"joined_on":"2010-01-01",'
    + _PROFILE_DATE
    + "}",
    '{"kind":"unit_founded",DAY,"unit":U,"name":"n","type":"cell"}',
    '{"kind":"unit_founded",DAY,"unit":U,"parent":U2,"name":"n","type":"cell"}',
    '{"kind":"unit_founded",DAY,"unit":U,"parent":U2,"name":"n","type":"cell"}',
    '{"kind":"unit_renamed",DAY,"unit":U,"name":"m"}',
    '{"kind":"unit_moved",DAY,"unit":U,"parent":U2}',
    '{"kind":"unit_moved",DAY,"unit":U,"parent":U2}',
    '{"kind":"unit_merged",DAY,"unit":U,"into":U2}',
    '{"kind":"unit_dissolved",DAY,"unit":U,"cause":"task_done","members_to":U2}',
    '{"kind":"unit_dissolved",DAY,"unit":U,"cause":"discipline"}',
    '{"kind":"unit_split",DAY,"unit":U,"into":[U2]}',
    '{"kind":"overseer_assigned",DAY,"unit":U,"person":P}',
    '{"kind":"class_opened",DAY,"class":C,"type":"awareness","organiser":U,"starts":"2020-01-01"}',
    '{"kind":"enrolled_in_class",DAY,"person":P,"class":C}',
    '{"kind":"unnamed_counted",DAY,"unit":U,"measure":"members","as_of":DATE,"count":3}',
    (
        '{"kind":"target_set",DAY,"target":T,"unit":U,"measure":"admissions","period":'
        '{"from":"2021-01-01","to":"2021-12-31"},"form":"absolute","amount":"4","source":U2}'
    ),
    '{"kind":"target_withdrawn",DAY,"target":T}',
    (
        '{"kind":"figure_stated",DAY,"figure":T,"unit":U,"measure":"members","as_of":DATE,'
        '"comparator":"equal","value":"40","source":"x"}'
    ),
    '{"kind":"subject_erased",DAY,"person":P,"reason":"x"}',
    '{"kind":"voided",DAY,"entry":N,"reason":"x"}',
    '{"kind":"voided",DAY,"entry":N,"reason":"x"}',
    '{"kind":"voided",DAY,"entry":LAST,"reason":"x"}',
    '{"kind":"voided",DAY,"entry":LAST,"reason":"x"}',
    '{"kind":"operator_revoked",DAY,"operator":O}',
    '{"kind":"operator_enrolled",DAY,"operator":O,"name":"x","role":R,"scope":U}',
    '{"kind":"operator_enrolled",DAY,"operator":O,"name":"x","role":R}',
)
CORRECTED = ('"corrects":N', '"corrects":LAST')


@contextmanager
def unasked(is_unasked: bool) -> Iterator[None]:  # noqa: FBT001 - said at the one call
    """Record without asking who may, as a program would that somebody changed."""
    with pytest.MonkeyPatch.context() as patch:
        if is_unasked:
            patch.setattr("ledger.recording.entitling.Entitling.check", lambda *_: None)
        yield


class RandomLog:
    """A book with a random history, of up to sixty entries or so."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.office = Office(folder / "book.db")
        self.path = self.office.path
        with self.office.book:
            self._fill()

    def _fill(self) -> None:
        is_signed, is_unasked = self.random.random() < 0.8, self.random.random() < 0.5
        before = self.random.randrange(4)
        for _ in range(before):
            self._commit()
        if is_signed:
            self._enrol("lan", "chief", None)
            for code in self.random.sample(OPERATORS[1:], self.random.randrange(5)):
                role = self.random.choice(ROLES)
                self._enrol(code, role, self.random.choice((None, *UNITS[:4])))
        with unasked(is_unasked):
            for _ in range(self.random.randrange(1, 40)):
                self._commit()

    def _enrol(self, code: str, role: str, scope: str | None) -> None:
        self._try(lambda: self.office.enrol(code, role, scope))

    def _try(self, work: Any) -> bool:
        keys = dict(self.office.keys)
        try:
            work()
        except (Refused, Problem):
            self.office.keys = keys
            return False
        return True

    def _commit(self) -> None:
        chance = self.random.random()
        by = self.random.choice([*self.office.keys] or ["root"])
        if chance < 0.08 and self.office.keys:
            self._rotate(by, self.random.choice([*self.office.keys]))
        elif chance < 0.16:
            self._import(by)
        elif chance < 0.22:
            self._enrol_by(by)
        else:
            text = "\n".join(self._line() for _ in range(self.random.choice((1, 1, 1, 2, 3))))
            self._try(lambda: self.office.record(by, text))

    def _enrol_by(self, by: str) -> None:
        code, role = self.random.choice(OPERATORS), self.random.choice(ROLES)
        self._try(
            lambda: self.office.enrol(code, role, self.random.choice((None, *UNITS[:4])), by=by)
        )

    def _rotate(self, by: str, whose: str) -> None:
        old = dict(self.office.keys)
        public = key_text(self.office.key(whose).key.public)
        new, self.office.keys = self.office.keys, old
        day = self._put("DAY")
        text = (
            f'{{"kind":"operator_key_rotated",{day},"operator":"{whose}","public_key":"{public}"}}'
        )
        if self._try(lambda: self.office.record(by, text)):
            self.office.keys = new

    def _import(self, by: str) -> None:
        """Record lines of a file, some of them with what they claim."""
        keep = self.random.random() < 0.6
        found = lines("\n".join(self._line() for _ in range(self.random.randrange(1, 4))))
        claimed = []
        for at, line in enumerate(found, 1):
            entry: Any = line.entry
            if keep:
                claims: dict[str, Any] = {"no": self.office.book.head.no + at, "recorded_at": NOW}
                claims["by"] = self.random.choice((by, "x"))
                entry = msgspec.structs.replace(entry, **claims)
            claimed.append(Line(entry, f"f:{at}", None, at))
        key = self.office.keys.get(by)
        self._try(
            lambda: self.office.book.record(claimed, now=NOW, by=by, keep_recorded=keep, key=key)
        )

    def _line(self) -> str:
        text = self.random.choice(TEMPLATES)
        if self.random.random() < 0.12 and "voided" not in text:
            text = text[:-1] + "," + self.random.choice(CORRECTED) + "}"
        return self._put(text)

    def _put(self, text: str) -> str:
        """Return a template with what it leaves open put in."""
        day = f"20{self.random.randrange(18, 23)}-0{self.random.randrange(1, 10)}-15"
        head = self.office.book.head.no
        choice = self.random.choice
        for name, value in (
            ("DAY", f'"effective_on":"{day}"'),
            ("DATE", f'"{day}"'),
            (":P", f':"{choice(PERSONS)}"'),
            ("U2", f'"{choice(UNITS)}"'),
            (":U", f':"{choice(UNITS)}"'),
            (":C", f':"{choice(("L", "M"))}"'),
            (":T", f':"{choice(("T1", "T2"))}"'),
            (":O", f':"{choice(OPERATORS)}"'),
            (":R", f':"{choice(ROLES)}"'),
            (":LAST", f":{max(1, head - self.random.randrange(3))}"),
            (":N", f":{self.random.randrange(1, head + 1)}"),
        ):
            text = text.replace(name, value)
        return text
