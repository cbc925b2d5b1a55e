"""Finding a person by a part of their name."""

import re

from commands.completion import codes
from commands.language import say
from commands.names import folded, found_in, sort_key
from ledger.book import Book
from ledger.catalogue import Profile
from ledger.errors import Problem, WrongUsage
from ledger.similar import similar

_LIKE_AN_ID = re.compile(r"[Pp]\d+", re.ASCII)
_MOST = 10
"""How many people a refusal lists."""


def person_meant(book: Book, given: str, known: int) -> str:
    """Return the id of the person whose id or name ``given`` is, as known at an entry.

    A name may be a part of the full name, without its case and marks. Raises Problem
    unknown_person for what is written like an id; WrongUsage: unknown_name with somebody
    who has nearly that name, ambiguous_name with the people.
    """
    if book.stream(f"person/{given}"):
        return given
    if _LIKE_AN_ID.fullmatch(given):
        near = similar(given.upper(), codes(str(book.path), "person", given[:1].upper()))
        raise Problem("unknown_person", value=given, suggestion=near).at("--person")
    if not book.can_open:
        raise WrongUsage(Problem("names_sealed", value=given).at("--person"))
    names = _names(book, known)
    exact = {person for person, name in names.items() if folded(name) == folded(given)}
    found = exact or {person for person, name in names.items() if found_in(given, name)}
    if len(found) == 1:
        return found.pop()
    if not found:
        by_name = {folded(name): name for name in names.values()}
        near = by_name.get(similar(folded(given), by_name), "")
        raise WrongUsage(Problem("unknown_name", value=given, suggestion=near).at("--person"))
    listed = sorted(found, key=lambda person: (sort_key(names[person]), person))
    people = [f"{person} {names[person]}" for person in listed[:_MOST]]
    if len(listed) > _MOST:
        people.append(say("and {number} more").format(number=len(listed) - _MOST))
    raise WrongUsage(Problem("ambiguous_name", value=given, people=people).at("--person"))


def person_with_id(book: Book, given: str) -> str:
    """Return ``given`` if it is the id of somebody in the book; raise unknown_person."""
    if book.stream(f"person/{given}"):
        return given
    near = similar(given.upper(), codes(str(book.path), "person", given[:1].upper()))
    raise Problem("unknown_person", value=given, suggestion=near).at(say("PERSON"))


def _names(book: Book, known: int) -> dict[str, str]:
    """Return the last known name of everybody, dead entries left out."""
    displaced = {dead for dead, by in book.displaced().items() if by <= known}
    names: dict[str, str] = {}
    for entry in book.entries(last=known, opened=True):
        profile = getattr(entry, "profile", None)
        if isinstance(profile, Profile) and profile.name and entry.no not in displaced:
            names[getattr(entry, "person", "")] = profile.name
    return names
