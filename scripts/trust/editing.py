"""Twelve kinds of edit by somebody with full access, each of one entry of a book.

Each returns the book with the rows in the order that they are to have; their numbers are those
that they would have if nothing else was changed. None where the kind cannot be done there.
"""

from collections.abc import Callable

from ledger.authority.commits import signed_text
from ledger.authority.keyfiles import new_key
from ledger.authority.operators import key_name, origin_of
from ledger.store.codec import SEALED, pack, unpack
from ledger.store.rows import StoredEntry
from trust.forging import Written

Edit = Callable[[Written, int], Written | None]
_AWAY = 5
"""How far an entry is moved."""
_SMALL_MAP, _LARGER_MAP = 0x80, b"\xde\0"
"""First byte of a map of up to 15 fields (msgpack, fixmap), and the same map in three bytes."""


def _delete(book: Written, no: int) -> Written:
    return book._replace(rows=[row for row in book.rows if row.no != no])


def _swap(book: Written, no: int) -> Written | None:
    return _moved(book, no, no + 1) if no < len(book.rows) else None


def _reorder(book: Written, no: int) -> Written | None:
    place = no + _AWAY if no + _AWAY <= len(book.rows) else no - _AWAY
    return _moved(book, no, place) if place > 0 else None


def _moved(book: Written, no: int, place: int) -> Written:
    rows = [*book.rows]
    rows.insert(place - 1, rows.pop(no - 1))
    # Numbers and commits stay where they are; what is in the entries moves.
    pairs = zip(rows, book.rows, strict=True)
    return book._replace(rows=[row._replace(no=at.no, commit_no=at.commit_no) for row, at in pairs])


def _duplicate(book: Written, no: int) -> Written:
    return _with(book, no, book.rows[no - 1])


def _insert(book: Written, no: int) -> Written:
    said = {"unit": "TP2", "name": "Chi bộ ma", "effective_on": "2016-01-01"}
    made = book.rows[no - 1]._replace(
        originator_id="unit/TP2", topic="unit_renamed", state=pack(said)
    )
    return _with(book, no, made)


def _with(book: Written, no: int, row: StoredEntry) -> Written:
    """Return the book with one more row, right before ``no``; numbered, it would be the last.

    Behind the last it would be a new entry, which anybody may record where nobody signs.
    """
    versions = [
        each.originator_version for each in book.rows if each.originator_id == row.originator_id
    ]
    version = max(versions, default=0) + 1
    more = row._replace(no=len(book.rows) + 1, originator_version=version)
    return book._replace(rows=[*book.rows[: no - 1], more, *book.rows[no - 1 :]])


def _encode_again(book: Written, no: int) -> Written:
    state = book.rows[no - 1].state
    other = _LARGER_MAP + bytes([state[0] - _SMALL_MAP]) + state[1:]
    return _changed(book, {no: other})


def _cut(book: Written, no: int) -> Written:
    return book._replace(rows=book.rows[: no - 1])


def _back_date(book: Written, no: int) -> Written:
    return _changed(book, {no: _a_year_before(book.rows[no - 1].state)})


def _fork(book: Written, no: int) -> Written:
    later = book.rows[no - 1 :]
    return _changed(book, {row.no: _a_year_before(row.state) for row in later})


def _a_year_before(state: bytes) -> bytes:
    said = unpack(state)
    year, rest = said["effective_on"][:4], said["effective_on"][4:]
    return pack(said | {"effective_on": f"{int(year) - 1}{rest}"})


def _sign_anew(book: Written, no: int) -> Written:
    """Put the signature of a stranger in the place of the operator's, over the same text."""
    origin = origin_of(book.book_id)
    at = book.rows[no - 1].commit_no
    commit = book.commits[at - 1]
    stranger = new_key(key_name(origin, commit.operator))[1]
    signature = stranger.sign(signed_text(origin, commit.last_no, commit.root))
    commits = [*book.commits]
    commits[at - 1] = commit._replace(signature=signature)
    return book._replace(commits=commits)


def _swap_seals(book: Written, no: int) -> Written | None:
    """Exchange what is sealed of an entry with what is sealed of the next."""
    one = unpack(book.rows[no - 1].state)
    for row in book.rows[no:]:
        other = unpack(row.state)
        if SEALED in one and SEALED in other:
            one[SEALED], other[SEALED] = other[SEALED], one[SEALED]
            return _changed(book, {no: pack(one), row.no: pack(other)})
    return None


def _roll_back(book: Written, no: int) -> Written:
    """Take the book back to before the commit of an entry."""
    at = book.rows[no - 1].commit_no
    return book._replace(rows=[row for row in book.rows if row.commit_no < at])


def _changed(book: Written, states: dict[int, bytes]) -> Written:
    rows = [row._replace(state=states.get(row.no, row.state)) for row in book.rows]
    return book._replace(rows=rows)


ROLL_BACK = "rolled back to an older copy"
EDITS: dict[str, Edit] = {
    "deleted": _delete,
    "swapped with the next": _swap,
    "moved": _reorder,
    "duplicated": _duplicate,
    "encoded again": _encode_again,
    "cut off with all after it": _cut,
    "inserted": _insert,
    "back-dated": _back_date,
    "signed by a stranger": _sign_anew,
    "its seal exchanged": _swap_seals,
    ROLL_BACK: _roll_back,
    "forked with all after it": _fork,
}
