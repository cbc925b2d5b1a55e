"""Reads what the entries of a span say, and looks whether all that follows from it is there.

Every state is decoded, held against the catalogue and written again; every seal is opened, as
far as there are keys. What stands beside the log (mentions, what is displaced, the keys) must
be what the entries say.
"""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ledger.audit.findings import Finding, Listed, found
from ledger.audit.rows import Subject, reading
from ledger.audit.spans import SPAN
from ledger.catalogue import KINDS
from ledger.catalogue.record import Voided
from ledger.errors import BookDamaged, Problem
from ledger.lifecycle.arrivals import stream_of
from ledger.lifecycle.references import named_streams
from ledger.recording.door import admit
from ledger.store.codec import (
    SEALED,
    VERSION,
    Codec,
    Unreadable,
    moment,
    pack,
    personal_names,
    put_personal,
    unpack,
)
from ledger.store.sealing import EpochKey, Sealer, WrappedKey

_ROWS = """
SELECT no, originator_id, originator_version, topic, state, recorded_at, operator
  FROM stored_events WHERE no BETWEEN ? AND ? ORDER BY no
"""
_STREAM = "SELECT originator_id, topic FROM stored_events WHERE no = ?"
_ERASED = """
SELECT 1 FROM stored_events WHERE originator_id = ? AND topic = 'subject_erased' LIMIT 1
"""
_KEYS = """
SELECT owner, epoch, wrapped, commitment FROM data_keys
 WHERE owner IN (SELECT value FROM json_each(?))
"""
_UNMENTIONED = """
SELECT min(no) FROM temp.expected x
 WHERE NOT EXISTS (SELECT 1 FROM mentions m WHERE m.mentioned = x.mentioned AND m.no = x.no)
"""
_ZONE = "SELECT value FROM book WHERE key = 'timezone'"
_BOXES_AT_ONCE = 4_000
_CODEC = Codec()


class Part(NamedTuple):
    """A span to be read; ``keys`` open what is sealed, None if there are none."""

    subject: Subject
    first: int
    keys: EpochKey | None

    @property
    def last(self) -> int:
        """The last entry of the span."""
        return min(self.first + SPAN - 1, self.subject.head_no)


class Understood(NamedTuple):
    """What the entries of a span say."""

    findings: list[Finding]
    more: int
    """How many findings there are beside those that are listed."""
    mentions: int
    """How many rows of ``mentions`` follow from them; all are there."""
    displaced: dict[int, int]
    """The rows of ``displaced`` that follow from them."""


class Box(NamedTuple):
    """Something sealed, with the place that it is sealed to."""

    no: int
    stream_id: str
    version: int
    kind: str
    fields: list[str]
    content: bytes
    state: dict[str, Any]
    """What lies open beside it."""


def understood(part: Part) -> Understood:
    """Return what the entries of a span say."""
    with reading(part.subject.path) as cursor:
        return _Reader(cursor, part).run()


def extra_mention(part: Part) -> int | None:
    """Return the first entry of a span that is said to name something that it does not."""
    with reading(part.subject.path) as cursor:
        expected = set(_Reader(cursor, part).mentions())
        cursor.execute(
            "SELECT no, mentioned FROM mentions WHERE no BETWEEN ? AND ? ORDER BY no",
            (part.first, part.last),
        )
        return next((no for no, mentioned in cursor if (mentioned, no) not in expected), None)


class _Reader:
    def __init__(self, cursor: sqlite3.Cursor, part: Part) -> None:
        self._cursor = cursor
        self._part = part
        self._other = cursor.connection.cursor()
        self._boxes: list[Box] = []
        self._displaced: dict[int, int] = {}
        self._found = Listed()
        self._mentions: list[tuple[str, int]] = []
        self._zone = ZoneInfo(cursor.execute(_ZONE).fetchone()[0])
        self._days: dict[int, date] = {}

    def run(self) -> Understood:
        """Read the whole span."""
        try:
            for no, *rest in self._cursor.execute(_ROWS, (self._part.first, self._part.last)):
                wrong = self._wrong(no, rest)
                if wrong is not None:
                    self._found.add(Finding(no, wrong))
                if len(self._boxes) >= _BOXES_AT_ONCE:
                    self._open()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self._found.add(found(None, "stored_unreadable", value=str(error)))
        self._open()
        self._check_mentions()
        return Understood(
            self._found.findings, self._found.more, len(self._mentions), self._displaced
        )

    def mentions(self) -> Iterator[tuple[str, int]]:
        """Yield what the entries name, as far as they can be read."""
        for no, *rest in self._cursor.execute(_ROWS, (self._part.first, self._part.last)):
            if self._wrong(no, rest) is not None:
                break
        yield from self._mentions

    def _wrong(self, no: int, rest: list[Any]) -> Problem | None:
        """Take in an entry; return what is wrong with what it says."""
        try:
            self._take(no, rest)
        except Problem as problem:
            return problem
        except Exception:  # noqa: BLE001 - bytes of somebody else may fail in any way
            return Problem("stored_form_differs")
        return None

    def _take(self, no: int, rest: list[Any]) -> None:
        stream, version, kind, state, at, by = rest
        values = unpack(state)
        sealed = values.pop(SEALED, None)
        fields = [] if sealed is None else _sealed_fields(kind, sealed)
        written = pack(values)
        entry = _entry(kind, values, fields, no=no, at=at, by=by)
        if values.get(VERSION, 1) == KINDS[kind].version:
            again = _CODEC.state(entry)[1]
            again.pop(SEALED, None)
            if pack(again) != written:
                raise Unreadable("stored_form_differs")
        opened = sorted({*personal_names(kind)} & _given(values))
        if opened:
            raise Unreadable("stored_detail_open", value=opened[0])
        self._check_place(no, stream, entry)
        if admit(entry) != entry:
            raise Unreadable("stored_form_differs")
        if entry.effective_on > (today := self._day(at)):
            raise Problem("in_future", value=entry.effective_on, today=today)
        names = {(named, no) for named in named_streams(entry)}
        self._mentions += names
        if sealed and "box" in sealed:
            self._boxes.append(Box(no, stream, version, kind, fields, sealed["box"], values))

    def _day(self, at: int) -> date:
        """Return the day of a moment by the calendar of the book."""
        day = self._days.get(at)
        if day is None:
            day = self._days[at] = moment(at).astimezone(self._zone).date()
        return day

    def _check_place(self, no: int, stream: str, entry: Any) -> None:
        """Check that an entry stands in its stream, and what it displaces."""
        voids = type(entry) is Voided
        dead: int | None = entry.entry if voids else entry.corrects
        there: tuple[str, str] | None = None
        if dead is not None:
            there = self._other.execute(_STREAM, (dead,)).fetchone() if dead < no else None
            if there is None or there[1] == "voided" or dead in self._displaced:
                raise Unreadable("stored_target_differs", value=dead)
            self._displaced[dead] = no
        expected = there[0] if voids and there else stream_of(entry)
        if stream != expected:
            raise Unreadable("stored_stream_differs", value=expected)

    def _open(self) -> None:
        """Open what was sealed in the entries taken in last."""
        boxes, self._boxes = self._boxes, []
        if self._part.keys is None or not boxes:
            return
        sealer = Sealer(self._part.keys)
        owners = list(dict.fromkeys(box.stream_id for box in boxes))
        try:
            rows = self._other.execute(_KEYS, (json.dumps(owners),)).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self._found.add(found(boxes[0].no, "stored_unreadable", value=str(error)))
            return
        bad = set()
        for row in rows:
            try:
                sealer.unwrap([WrappedKey._make(row)])
            except BookDamaged:
                bad.add(row[0])
        known = {row[0] for row in rows}
        for box in boxes:
            wrong = self._wrong_box(box, sealer, bad=bad, known=known)
            if wrong is not None:
                self._found.add(Finding(box.no, wrong))

    def _wrong_box(
        self, box: Box, sealer: Sealer, *, bad: set[str], known: set[str]
    ) -> Problem | None:
        if box.stream_id in bad:
            return Problem("stored_key_differs", value=box.stream_id)
        if box.stream_id not in known:
            erased = self._other.execute(_ERASED, (box.stream_id,)).fetchone()
            return None if erased else Problem("stored_key_missing", value=box.stream_id)
        try:
            values = sealer.open(box.stream_id, box.version, box.kind, box.fields, box.content)
            if not set(values) <= set(box.fields) or list(values) != sorted(values):
                return Problem("stored_seal_differs")
            state = dict(box.state)
            put_personal(box.kind, state, values)
            rest = [name for name in box.fields if name not in values]
            _entry(box.kind, state, rest, no=box.no, at=0, by="")
        except Problem as problem:
            return problem
        except Exception:  # noqa: BLE001 - as above
            return Problem("stored_seal_differs")
        return None

    def _check_mentions(self) -> None:
        if not self._mentions:
            return
        try:
            other = self._other
            other.execute("CREATE TEMP TABLE expected (mentioned TEXT, no INTEGER)")
            other.executemany("INSERT INTO temp.expected VALUES (?, ?)", self._mentions)
            (no,) = other.execute(_UNMENTIONED).fetchone()
        except sqlite3.Error as error:
            self._found.add(found(None, "stored_unreadable", value=str(error)))
            return
        if no is not None:
            self._found.add(found(no, "stored_mention_differs"))


def _entry(
    kind: str, values: dict[str, Any], fields: list[str], *, no: int, at: int, by: str
) -> Any:
    state = dict(values) | ({SEALED: fields} if fields else {})
    return _CODEC.entry(kind, state, no=no, recorded_at=moment(at), by=by)


def _given(values: dict[str, Any]) -> set[str]:
    """Return the names of what a state says in the open: ``name``, ``profile.sex``."""
    parts = {
        f"{name}.{part}"
        for name, value in values.items()
        if isinstance(value, dict)
        for part in value
    }
    return parts | values.keys()


def _sealed_fields(kind: str, sealed: Any) -> list[str]:
    """Return the names of what is sealed; raise Unreadable unless it is in its one form."""
    if kind not in KINDS:
        raise Unreadable("stored_kind_unknown", value=kind)
    fields = sealed.get("fields") if isinstance(sealed, dict) else None
    if (
        not isinstance(fields, list)
        or not fields
        or fields != sorted(set(fields))
        or not set(fields) <= set(personal_names(kind))
        or list(sealed) not in (["fields"], ["fields", "box"])
        or not isinstance(sealed.get("box", b""), bytes)
    ):
        raise Unreadable("stored_form_differs")
    return fields
