"""Gives entries that were found possible their place in the book: sealed, hashed, as rows.

What the lifecycle has to say of a piece is short: which lines, from which number on, as which
versions of their streams. All the rest follows from the piece and the keys, and reads nothing
of the book; so it can be done in the process that has made the piece (``exchange/ahead.py``).
It is the library's mapper, many entries at once.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import cycle, repeat
from typing import Any, NamedTuple

from msgspec import Struct

from ledger.authority.facts import displaced_by
from ledger.catalogue import Entry, kind_of
from ledger.errors import Problem
from ledger.recording.pieces import Piece
from ledger.store.codec import has_personal
from ledger.store.envelope import KEPT_BYTES, MAX_LEAF_BYTES, Commit, content_beside, shared_items
from ledger.store.growth import Growth
from ledger.store.mapper import BookMapper
from ledger.store.prepared import prepared
from ledger.store.recorder import Rows
from ledger.store.schema import COLUMNS
from ledger.store.sealing import EpochKey, Sealer, WrappedKey


class Accepted(Struct, array_like=True):
    """What was found of the lines of a piece, and what the book sets of them."""

    first_no: int
    """The number of the first that is possible; the others follow."""
    versions: list[int]
    """Of each that is possible, its version in its stream."""
    recorded: list[tuple[int, str]]
    """When, in microseconds, and by whom; one for each that is possible, or one for all."""
    refused: list[int] = []
    """The places in the piece of those that are not."""
    changed: dict[int, tuple[str, Entry]] = {}
    """Stream and entry where they are not those of the piece, by places: who got an id, what
    names another entry by another number, and what is voided."""


class Wanted(NamedTuple):
    """What must be known before a piece is placed."""

    seals: bool
    """Whether anything is to be sealed, which takes the epoch key."""
    owners: list[str]
    """Those whose data keys may be in the book."""


class Known(NamedTuple):
    """What the book says of that."""

    epoch_key: EpochKey | None = None
    keys: Sequence[WrappedKey] = ()
    """Those that there are; the others are to be made."""


class Stored(Struct, array_like=True):
    """What the tables of the book take in for a piece; columns of a row follow one another."""

    first_no: int
    last_no: int
    recorded_at: int
    """When the last one was recorded, in microseconds."""
    entries: list[Any]
    keys: list[Any]
    mentions: list[Any]
    displaced: list[Any]
    nodes: list[Any]
    root: bytes
    """The root of the tree up to ``last_no``."""

    def tables(self) -> list[Rows]:
        """Return the rows by the tables they are for."""
        return [
            ("data_keys", len(WrappedKey._fields), self.keys),
            ("stored_events", len(COLUMNS), self.entries),
            ("mentions", 2, self.mentions),
            ("displaced", 2, self.displaced),
            ("tree", 3, self.nodes),
        ]


class Placing:
    """Places one piece after another at the end of a book.

    ``is_whole``: no entry of the book has a data key that is not known here.
    """

    def __init__(
        self, mapper: BookMapper, commit: Commit, growth: Growth, *, is_whole: bool
    ) -> None:
        self._mapper = mapper
        self._commit = commit
        self._growth = growth
        self.is_whole = is_whole
        self._sealer: Sealer | None = None

    def wanted(self, piece: Piece) -> Wanted:
        """Return what must be known before the piece is placed; at most one may come between."""
        owners = _owners(piece)
        unknown = owners
        if self._sealer is not None:
            self._sealer.turn()
            unknown = self._sealer.unknown(owners)
            self.is_whole = self.is_whole and not self._sealer.lost
        return Wanted(bool(owners), [] if self.is_whole else unknown)

    def learn(self, known: Known) -> None:
        """Take keys into use; raise BookDamaged where one is not what was stored."""
        if known.epoch_key is not None and self._sealer is None:
            self._sealer = Sealer(known.epoch_key)
        if known.keys and self._sealer is not None:
            self._sealer.unwrap(known.keys)

    def owners(self) -> list[str]:
        """Return those whose data keys are known here."""
        return [] if self._sealer is None else self._sealer.owners()

    def placed(self, piece: Piece, accepted: Accepted) -> Stored:
        """Return what is to be stored of a piece; at least one of its lines is possible."""
        if accepted.changed:
            piece = _changed(piece, accepted.changed)
        if accepted.refused:
            refused = {*accepted.refused}
            piece = piece.only([at for at in range(len(piece.entries)) if at not in refused])
        keys: list[WrappedKey] = []
        states = self._states(piece, accepted.versions, keys)
        try:
            values, leaves = self._rows(piece, accepted, states)
        except Problem as problem:
            at = problem.values["no"] - accepted.first_no
            raise problem.at(piece.places[at]) from None
        return Stored(
            accepted.first_no,
            accepted.first_no + len(states) - 1,
            accepted.recorded[-1][0],
            values,
            [value for key in keys for value in key],
            _mentions(accepted.first_no, piece.named),
            _displaced(accepted),
            [value for node in self._growth.add(leaves) for value in node],
            self._growth.root(),
        )

    def _rows(
        self, piece: Piece, accepted: Accepted, states: Sequence[bytes]
    ) -> tuple[list[Any], list[bytes]]:
        """Return the rows of entries, and their leaf hashes; raise Problem (too_large)."""
        values: list[Any] = []
        leaves: list[bytes] = []
        book_id, commit = self._mapper.book_id, self._commit
        for no, stream, version, kind, state, row, (recorded_at, by, sheet, items) in zip(
            range(accepted.first_no, accepted.first_no + len(states)),
            piece.streams,
            accepted.versions,
            map(kind_of, piece.entries),  # type: ignore[arg-type]  # all are possible
            states,
            piece.rows,
            self._shared(accepted.recorded, piece.sheets),
            strict=True,
        ):
            content = content_beside(book_id, (no, stream, version, kind, row), items, state)
            size = len(content) - 1  # without the mark of a leaf
            if size > MAX_LEAF_BYTES:
                raise Problem("too_large", kind=kind, value=size, limit=MAX_LEAF_BYTES, no=no)
            leaf = sha256(content).digest()
            leaves.append(leaf)
            place = no, stream, version, kind, state, recorded_at, by, commit.commit_no, sheet, row
            values += place
            values.append(leaf[:KEPT_BYTES])
        return values, leaves

    def _shared(
        self, recorded: list[tuple[int, str]], sheets: Sequence[str | None]
    ) -> Iterable[tuple[int, str, str | None, bytes]]:
        """Return of each entry when, by whom and on which sheet, and these as items of its leaf."""
        if len(recorded) == 1 and len({*sheets}) == 1:
            (at, by), sheet = recorded[0], sheets[0]
            return repeat((at, by, sheet, shared_items(at, by, self._commit, sheet)), len(sheets))
        return [
            (at, by, sheet, shared_items(at, by, self._commit, sheet))
            for (at, by), sheet in zip(cycle(recorded), sheets, strict=False)
        ]

    def _states(self, piece: Piece, versions: Sequence[int], keys: list[WrappedKey]) -> list[bytes]:
        """Return the states of entries, what is personal sealed; ``keys`` gets the new ones."""
        found: list[bytes] = []
        sealer = self._sealer
        columns: Any = zip(piece.entries, piece.streams, versions, piece.states, strict=True)
        for entry, stream, version, ready in columns:
            if ready is not None and not ready.fields:
                found.append(ready.state)
                continue
            kind = kind_of(entry)
            its_sealer = sealer if ready is not None or has_personal(kind, entry) else None
            if its_sealer is not None and not its_sealer.has_key(stream):
                keys.append(its_sealer.create_key(stream))
            if ready is None:
                found.append(self._mapper.state(entry, stream, version, its_sealer))
            else:
                assert its_sealer is not None, "what is sealed was wanted"
                box = its_sealer.seal(stream, version, kind, ready.fields, ready.personal)
                found.append(ready.closed(box))
        return found


def _owners(piece: Piece) -> list[str]:
    """Return the streams of which anything is to be sealed, each once."""
    found: dict[str, None] = {}
    for entry, stream, state in zip(piece.entries, piece.streams, piece.states, strict=True):
        if entry is None or stream is None:
            continue
        if state.fields if state is not None else has_personal(kind_of(entry), entry):
            found[stream] = None
    return list(found)


def _changed(piece: Piece, changed: dict[int, tuple[str, Entry]]) -> Piece:
    """Return a piece with other entries in some places."""
    entries, streams, states = list(piece.entries), list(piece.streams), list(piece.states)
    for at, (stream, entry) in changed.items():
        entries[at], streams[at], states[at] = entry, stream, prepared(kind_of(entry), entry)
    return piece._replace(entries=entries, streams=streams, states=states)


def _mentions(first_no: int, named: Iterable[tuple[str, ...]]) -> list[Any]:
    """Return what entries name, and their numbers: in order, each pair once."""
    found = {(name, no) for no, names in enumerate(named, first_no) for name in names}
    return [value for pair in sorted(found) for value in pair]


def _displaced(accepted: Accepted) -> list[Any]:
    """Return the numbers of the entries that no longer count, and of what displaced them."""
    found = [(displaced_by(entry), entry.no) for _, entry in accepted.changed.values()]
    return [no for pair in sorted(pair for pair in found if pair[0] is not None) for no in pair]
