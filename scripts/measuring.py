"""What the benchmarks share: the program timed as a whole, beside the library used plainly."""

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent, datetime_now_with_tzinfo

A_BATCH = 1_000
A_SECTION = 1_000


class Happened(DomainEvent):
    """An entry as the library keeps one when nothing is added to it."""

    entry: dict[str, Any]


def stream_of(entry: dict[str, Any]) -> UUID:
    """Return the stream of an entry: that of its person, class or unit."""
    name = entry.get("person") or entry.get("class") or entry["unit"]
    return uuid5(NAMESPACE_OID, name)


def plain_application(path: Path) -> Application[UUID]:
    """Return the library's own application over SQLite, as its documentation sets one up."""
    return Application(
        {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(path),
            "SQLITE_LOCK_TIMEOUT": "10",
        }
    )


def plain_save(path: Path, texts: Iterable[str]) -> None:
    """Save entries with the library alone, in batches, without checking anything."""
    versions: Counter[UUID] = Counter()
    events = []
    application = plain_application(path)
    for text in texts:
        entry = json.loads(text)
        stream = stream_of(entry)
        versions[stream] += 1
        events.append(
            Happened(  # type: ignore[call-arg]  # the library adds fields in a metaclass
                originator_id=stream,
                originator_version=versions[stream],
                timestamp=datetime_now_with_tzinfo(),
                entry=entry,
            )
        )
    for start in range(0, len(events), A_BATCH):
        application.save(*events[start : start + A_BATCH])
    application.close()


def plain_entries(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every entry, by replaying the library's notification log one event after another."""
    application = plain_application(path)
    section = application.recorder.select_notifications(1, A_SECTION)
    while section:
        for notification in section:
            event: Any = application.mapper.to_domain_event(notification)
            yield event.entry
        section = application.recorder.select_notifications(section[-1].id + 1, A_SECTION)
    application.close()


def rollbook(*arguments: str, exits: Container[int] = (0,)) -> str:
    """Run the command as a shell would, and return what it printed; fail if it failed."""
    command = [sys.executable, "-c", "from commands.main import main; main()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in exits:
        sys.exit(f"rollbook {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def seconds(work: Any, *arguments: Any) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begun


def start(code: str) -> None:
    """Run Python with a line of code."""
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def forget_segments(book: Path) -> None:
    """Delete what is kept beside a book and can be made again."""
    for kept in book.parent.iterdir():
        if kept.is_dir():
            shutil.rmtree(kept)


def row(what: str, ours: list[float], plain: list[float], entries: int = 0) -> str:
    """Return a row of the table: best of the rounds, and the ratio of the two."""
    best, other = min(ours), min(plain)

    def shown(value: float) -> str:
        return f"{value:.3f} s" + (f" ({entries / value:,.0f}/s)" if entries else "")

    return f"| {what} | {shown(best)} | {shown(other)} | {best / other:.2f} |"
