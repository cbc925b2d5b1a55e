"""The library used plainly: what an application gets that adds nothing to it."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent, datetime_now_with_tzinfo

_A_BATCH = 1_000
_A_SECTION = 1_000


class Happened(DomainEvent):
    """An entry as the library keeps one when nothing is added to it: JSON."""

    entry: dict[str, Any]


class Plain(Application[UUID]):
    """The library's own application; its log is read in long sections, which is its best."""

    log_section_size = _A_SECTION


def application(path: Path) -> Plain:
    """Return the library's application over SQLite, as its documentation sets one up."""
    return Plain(
        {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(path),
            "SQLITE_LOCK_TIMEOUT": "10",
        }
    )


def _stream_of(entry: dict[str, Any]) -> UUID:
    names = ("person", "class", "target", "figure", "unit")
    name = next((entry[name] for name in names if name in entry), "voided")
    return uuid5(NAMESPACE_OID, name)


def _events(source: Path) -> Iterator[Happened]:
    versions: Counter[UUID] = Counter()
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            stream = _stream_of(entry)
            versions[stream] += 1
            yield Happened(  # type: ignore[call-arg]  # the library adds fields in a metaclass
                originator_id=stream,
                originator_version=versions[stream],
                timestamp=datetime_now_with_tzinfo(),
                entry=entry,
            )


def save(path: Path, source: Path) -> None:
    """Save the entries of a file of JSON Lines, in batches, without checking anything."""
    plain = application(path)
    events = _events(source)
    while batch := list(islice(events, _A_BATCH)):
        plain.save(*batch)
    plain.close()


def save_one(path: Path) -> None:
    """Save one entry more, in a stream of its own."""
    entry = {"kind": "task_assigned", "effective_on": "2025-12-31", "task": "đọc"}
    plain = application(path)
    plain.save(
        Happened(  # type: ignore[call-arg]  # as above
            originator_id=uuid4(),
            originator_version=1,
            timestamp=datetime_now_with_tzinfo(),
            entry=entry,
        )
    )
    plain.close()


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every entry: the library's notification log and mapper, one event after another."""
    plain = application(path)
    start: int | None = 1
    while section := plain.notification_log.select(start, _A_SECTION):
        for notification in section:
            event: Any = plain.mapper.to_domain_event(notification)
            yield event.entry
        start = section[-1].id + 1
    plain.close()
