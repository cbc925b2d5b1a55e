"""What the lifecycle asks of a book while it checks entries."""

from collections.abc import Iterable
from typing import Protocol

from ledger.catalogue import Entry


class Loader(Protocol):
    """Reads what the book already holds."""

    @property
    def began_at(self) -> int:
        """The last number in the book when the transaction began, 0 if there was none."""

    def streams(self, stream_ids: Iterable[str]) -> dict[str, list[Entry]]:
        """Return the entries of each stream, dead ones too, numbers set."""

    def naming(self, stream_id: str) -> list[Entry]:
        """Return the entries of other streams that name the one given, dead ones too."""

    def entry(self, no: int) -> Entry | None:
        """Return the entry with a number, None if there is none."""

    def displaced(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return, of the given numbers, those that no longer count, and what displaced them."""

    def mentioned(self, stream_ids: Iterable[str]) -> set[str]:
        """Return those of the streams that entries of others name."""

    def similar(self, prefix: str, code: str) -> str | None:
        """Return a code like ``code`` among the streams ``prefix/…``, None if there is none."""
